"""Documents of the office take their number from its register: next to each other by agency, year and
kind, none twice, none missing, also after one was taken back.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts import endings, outgoing, repairs
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.many import Seen
from dossiers.acts.outgoing import Numbering
from dossiers.acts.repairs import Lost, Wrong
from dossiers.acts.taking_back import take_back, take_back_press
from dossiers.desk import outgoing as queries
from dossiers.desk import timeline
from dossiers.desk.dossier import parts_of
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Result, Slip
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
from dossiers.models.repairs import Correction, Loss
from dossiers.slips import issuing, numbering
from dossiers.states import State
from onestop.accounts.models import Agency, AgencyKind, Department, DepartmentKind, Officer, Role
from onestop.errors import DomainError, sentence
from tests.dossiers.domain.test_approvals import at_room, give, write
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
NEXT_YEAR = vn("05/01/2027 09:00")
LOST = Lost(
    Loss.Of.PAPERS, Loss.How.LOST, "Đơn", MONDAY.date(), "Thất lạc", "Phòng Kinh tế", "Lập lại"
)  # fmt: skip


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def room(office: Office) -> Department:
    return Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )


@pytest.fixture
def stamper(office: Office, room: Department) -> Officer:
    return make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, room))


def stopped(office: Office, at: datetime = MONDAY) -> Slip:
    dossier = receive(office, make_case(), at=at)
    said = EndingIn("", "Thôi", "", "12/QĐ", "Hoàng Minh Tuấn", "Không thu")
    endings.stop(Seen(dossier.pk), said, by=office.desk(office.leader, at), at=at)
    return Slip.objects.get(dossier=dossier, slug="dung")


def lost(office: Office, dossier: Dossier) -> Slip:
    repairs.record_loss(Seen(dossier.pk), LOST, by=office.desk(office.clerk), at=MONDAY)
    return Slip.objects.get(dossier=dossier, slug="mat-hong")


def number(office: Office, who: Officer, *slips: Slip, at: datetime = MONDAY) -> list[str]:
    """Codes of what was refused."""
    done = outgoing.number_letters(
        [slip.pk for slip in slips], by=office.desk(who, at), at=at, press=uuid4()
    )
    return [one.error.code for one in done if one.error is not None]


def symbols() -> list[str]:
    rows = OutgoingDocument.objects.order_by("year", "kind", "number")
    return list(rows.values_list("symbol", flat=True))


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    assert sentence(error.value)
    return error.value.code, error.value.field


def test_many_at_once_get_numbers_next_to_each_other(office: Office, stamper: Officer) -> None:
    slips = [stopped(office) for _ in range(3)]
    assert list(outgoing.waiting_letters([office.agency.pk], MONDAY)) == slips
    assert number(office, stamper, *slips) == []
    assert symbols() == ["01/TB-UBND", "02/TB-UBND", "03/TB-UBND"]
    assert not outgoing.waiting_letters([office.agency.pk], MONDAY).exists()
    assert number(office, stamper, slips[0]) == ["letter_numbered"]
    assert verify(now=MONDAY).misfit is None


def test_each_year_begins_its_own_book(office: Office, stamper: Officer) -> None:
    number(office, stamper, stopped(office))
    number(office, stamper, stopped(office, NEXT_YEAR), at=NEXT_YEAR)
    assert symbols() == ["01/TB-UBND", "01/TB-UBND"]
    assert [book.year for book in queries.books([office.agency.pk])] == [2027, 2026]


def test_the_letter_says_its_number_and_the_day_of_it(office: Office, stamper: Officer) -> None:
    slip, day = stopped(office), vn("25/11/2026 10:00")
    before = issuing.html(slip)
    assert "ngày 23 tháng 11 năm 2026" in before
    number(office, stamper, slip, at=day)
    slip = Slip.objects.get(pk=slip.pk)
    html = issuing.html(slip)
    assert "Số: 01/TB-UBND" in html
    assert "Bình Minh, ngày 25 tháng 11 năm 2026" in html
    line = OutgoingDocument.objects.get()
    assert (line.signer, line.recipient) == ("Hoàng Minh Tuấn", "Nguyễn Văn Ân")
    dossier = Dossier.objects.get()
    told = {t: {r["id"]: r for r in rows} for t, rows in parts_of(dossier).told.items()}
    found = timeline.timeline(timeline.events_of(dossier), told)
    lines = next(entry.lines for entry in found if entry.kind == "number_letter")
    assert lines == (
        "Số 01/TB-UBND ngày 25/11/2026, Hoàng Minh Tuấn ký",
        f"Thông báo dừng giải quyết, hồ sơ {dossier.code}",
    )


def test_taken_back_the_number_stays_in_the_book_as_void(office: Office, stamper: Officer) -> None:
    slip = stopped(office)
    dossier, by, press = slip.dossier, office.desk(stamper), uuid4()
    assert dossier is not None
    stood, plain = picture(dossier), issuing.html(slip)
    outgoing.number_letters([slip.pk], by=by, at=MONDAY, press=press)
    take_back_press(press, by=by, at=MONDAY)
    assert picture(dossier) == stood
    assert issuing.html(slip) == plain
    number(office, stamper, slip)
    assert symbols() == ["01/TB-UBND", "02/TB-UBND"]
    assert [row.undone_at is None for row in queries.lines(OutgoingCounter.objects.get())] == [
        True,
        False,
    ]
    assert verify(now=MONDAY).misfit is None


def test_two_letters_of_one_dossier_and_one_that_was_taken_back(
    office: Office, stamper: Officer
) -> None:
    dossier = receive(office, make_case())
    first = lost(office, dossier)
    said = EndingIn("", "Thôi", "", "12/QĐ", "Tuấn", "Không thu")
    endings.stop(Seen(dossier.pk), said, by=office.desk(office.leader), at=MONDAY)
    stop = Slip.objects.get(slug="dung")
    gone = lost(office, receive(office, make_case()))
    take_back(Seen(gone.dossier_id or 0), by=office.desk(office.clerk), at=MONDAY)
    assert set(outgoing.waiting_letters([office.agency.pk], MONDAY)) == {first, stop}
    assert number(office, stamper, first, stop, gone) == ["letter_gone"]
    assert symbols() == ["01/TB-UBND", "02/TB-UBND"]


def test_only_the_clerk_of_documents_of_the_agency_numbers(
    office: Office, stamper: Officer
) -> None:
    slip, other = stopped(office), make_office("Ủy ban nhân dân xã Khác")
    room = Department.objects.create(
        agency=other.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    stranger = make_officer("Mai Thị Lạ", other.agency, (Role.DOCUMENTS, room))
    assert number(office, stranger, slip) == ["not_documents"]
    assert number(office, office.leader, slip) == ["role_missing"]
    assert symbols() == []
    assert not OutgoingCounter.objects.exists()  # what is refused takes no number


def test_a_line_that_is_gone_leaves_a_gap_that_is_found(office: Office, stamper: Officer) -> None:
    number(office, stamper, stopped(office))
    OutgoingCounter.objects.update(last=2)
    found = verify(now=MONDAY).misfit
    assert found is not None
    assert "sổ văn bản đi TB năm 2026 thiếu số 2" in found.what


# --- results --------------------------------------------------------------------------------------


def approved(office: Office, stamper: Officer, room: Department) -> Dossier:
    draft = ResultIn(title="Giấy xác nhận")
    dossier = write(office, at_room(office), office.specialist, draft)
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    return give(office, dossier, office.leader, room, stamper)


def test_an_approved_draft_gets_its_number_and_goes_home(
    office: Office, stamper: Officer, room: Department
) -> None:
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    assert list(outgoing.waiting_results(by)) == [dossier]
    assert outgoing.signer_of_draft(dossier) == office.leader.full_name
    stood = picture(dossier)
    said = Numbering(signer="Hoàng Minh Tuấn", kind="GXN")
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)
    row = Result.objects.current().get()
    assert (row.number, row.issued_on, row.signer) == (
        "01/GXN-UBND",
        MONDAY.date(),
        "Hoàng Minh Tuấn",
    )
    assert OutgoingDocument.objects.get().result_id == row.pk
    assert not outgoing.waiting_results(by).exists()
    take_back(Seen(dossier.pk), by=by, at=MONDAY)
    assert picture(dossier) == stood
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)
    assert Result.objects.current().get().number == "02/GXN-UBND"
    done = give(office, Dossier.objects.get(pk=dossier.pk), stamper, office.counter, office.clerk)
    assert done.state == State.FINISHED  # what was approved stays approved
    assert verify(now=MONDAY).misfit is None


def test_a_procedure_with_a_register_of_its_own_keeps_its_numbers(
    office: Office, stamper: Officer, room: Department
) -> None:
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    said = Numbering(signer="Hoàng Minh Tuấn", own_number="212/2026")
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)
    assert Result.objects.current().get().number == "212/2026"
    assert not OutgoingDocument.objects.exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Numbering(signer=" ", kind="GXN"), ("result_signer_missing", "signer")),
        (Numbering(signer="Tuấn"), ("number_whose", "own_number")),
        (Numbering(signer="Tuấn", kind="GXN", own_number="1"), ("number_whose", "own_number")),
    ],
)
def test_what_a_number_needs(
    office: Office, stamper: Officer, room: Department, said: Numbering, code: tuple[str, str]
) -> None:
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    assert refused(lambda: outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)) == code
    assert not OutgoingCounter.objects.exists()


def test_what_nobody_approved_gets_no_number(
    office: Office, stamper: Officer, room: Department
) -> None:
    dossier = write(office, at_room(office), office.specialist, ResultIn(title="Giấy xác nhận"))
    by, said = office.desk(stamper), Numbering(signer="Tuấn", kind="GXN")
    act = lambda: outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)  # noqa: E731
    assert refused(act)[0] == "not_holder"
    dossier = give(office, dossier, office.specialist, room, stamper, note="Chưa ký")
    assert refused(act)[0] == "draft_not_approved"


# --- how numbers are written ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "sign"),
    [
        ("Ủy ban nhân dân phường Tam Thanh", AgencyKind.PEOPLES_COMMITTEE, "UBND"),
        ("Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn", AgencyKind.DEPARTMENT, "SNNMT"),
        (
            "Trung tâm Phục vụ hành chính công phường Tam Thanh",
            AgencyKind.SERVICE_CENTRE,
            "TTPVHCC",
        ),
    ],
)
def test_agencies_are_abbreviated_as_their_documents_do(
    name: str, kind: AgencyKind, sign: str
) -> None:
    agency = Agency(name=name, kind=kind)
    assert numbering.sign_of(agency) == sign
    letter = numbering.kind_on("CV", date(2026, 11, 23))
    room = "Phòng Văn hóa - Xã hội"
    assert numbering.symbol(letter, 5, agency=agency, room=room) == f"05/{sign}-VHXH"
    assert numbering.symbol(letter, 105, agency=agency, room="") == f"105/{sign}-VP"


def test_no_kind_before_its_rule() -> None:
    assert numbering.kinds_on(date(2020, 3, 4)) == []
    with pytest.raises(KeyError):
        numbering.kind_on("TB", date(2020, 3, 4))


# --- numbers of the register are nobody else's ----------------------------------------------------


@pytest.mark.parametrize("typed", ["01/GXN-UBND", "1/gxn-ubnd", " 01 / GXN-UBND"])
def test_a_corrected_result_repeats_no_number_of_the_register(
    office: Office, stamper: Officer, room: Department, typed: str
) -> None:
    """R-83: not the wrong one's own, nor one that was void."""
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    said = Numbering(signer="Hoàng Minh Tuấn", kind="GXN")
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)
    give(office, Dossier.objects.get(pk=dossier.pk), stamper, office.counter, office.clerk)
    wrong = Wrong("Nguyễn Văn Ân", MONDAY.date(), "Sai tên", Correction.OldCopy.HERE, False)
    new = ResultIn(
        title="Giấy xác nhận", number=typed, issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn"
    )
    leader = office.desk(office.leader)
    correct = lambda: repairs.correct_result(  # noqa: E731
        Seen(dossier.pk), wrong, new, by=leader, at=MONDAY
    )
    with pytest.raises(DomainError) as error:
        correct()
    assert (error.value.code, error.value.field) == ("number_in_register", "number")
    assert sentence(error.value).startswith("Số 01/GXN-UBND đã có trong sổ văn bản đi (Giấy xác")
    assert Result.objects.current().get().number == "01/GXN-UBND"
    new = replace(new, number="01/GXN-UBND-ĐC")
    correct()
    assert Result.objects.current().get().number == "01/GXN-UBND-ĐC"


def test_a_number_of_another_register_is_none_of_the_outgoing_one(
    office: Office, stamper: Officer, room: Department
) -> None:
    number(office, stamper, stopped(office))
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    said = Numbering(signer="Hoàng Minh Tuấn", own_number="01/TB-UBND")
    number_it = lambda: outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)  # noqa: E731
    assert refused(number_it) == ("number_in_register", "own_number")
    said = replace(said, own_number="01")
    number_it()
    assert Result.objects.current().get().number == "01"
