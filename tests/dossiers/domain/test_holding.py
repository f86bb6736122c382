"""A number of the register that is chosen: another than the next, one that was kept beforehand. None
is given twice, none is missing: what is left out is kept, with who and why.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from dossiers.acts import endings, handovers, holding, outgoing, repairs
from dossiers.acts.endings import ResultIn
from dossiers.acts.holding import MOST_HELD, Book, Chosen
from dossiers.acts.many import Seen
from dossiers.acts.outgoing import Numbering
from dossiers.acts.repairs import Wrong
from dossiers.acts.taking_back import take_back
from dossiers.desk import outgoing as queries
from dossiers.forms.outgoing import held_words
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Result
from dossiers.models.outgoing import HeldNumber, OutgoingCounter, OutgoingDocument
from dossiers.models.repairs import Correction
from dossiers.slips import numbering
from dossiers.states import State
from onestop.accounts.models import Department, DepartmentKind, Officer, Role
from onestop.errors import DomainError, sentence
from tests.dossiers.domain.test_approvals import at_room, give
from tests.dossiers.domain.test_outgoing import approved, number, stopped, symbols
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, make_office, make_officer

pytestmark = pytest.mark.django_db


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


def choose(office: Office, who: Officer, wanted: int | None, why: str = "") -> str:
    slip = stopped(office)
    by = office.desk(who)
    row = outgoing.number_letter(
        Seen(slip.dossier_id or 0), slip, Chosen(wanted, why), by=by, at=MONDAY
    )
    return row.symbol


def hold(office: Office, who: Officer, count: int, reason: str = "Họp giao ban") -> list[int]:
    book = Book(office.agency, "TB", 2026)
    rows = holding.hold(book, count=count, reason=reason, by=office.desk(who), at=MONDAY)
    return [row.number for row in rows]


def refused(act: Callable[[], Any]) -> tuple[str, str, str]:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code, error.value.field, sentence(error.value)


def kept(office: Office) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in queries.held([office.agency.pk])]


def test_a_higher_number_keeps_what_it_leaves_out(office: Office, stamper: Officer) -> None:
    assert choose(office, stamper, 1) == "01/TB-UBND"
    ask = lambda: choose(office, stamper, 5)  # noqa: E731
    code, field, said = refused(ask)
    assert (code, field) == ("number_gap_why", "why")
    assert "để trống số 2–4" in said
    assert choose(office, stamper, 5, " Ghi nhầm ở  sổ giấy ") == "05/TB-UBND"
    assert kept(office) == [(n, "Ghi nhầm ở sổ giấy") for n in (2, 3, 4)]
    assert HeldNumber.objects.first().held_by == stamper  # type: ignore[union-attr]
    assert number(office, stamper, stopped(office)) == []
    assert symbols() == ["01/TB-UBND", "05/TB-UBND", "06/TB-UBND"]
    assert queries.next_numbers(office.agency.pk, 2026) == {"TB": 7}
    assert verify(now=MONDAY).misfit is None


def test_a_kept_number_is_given_later_and_once(office: Office, stamper: Officer) -> None:
    assert hold(office, stamper, 2) == [1, 2]
    assert choose(office, stamper, None) == "03/TB-UBND"
    assert choose(office, stamper, 2) == "02/TB-UBND"
    assert kept(office) == [(1, "Họp giao ban")]
    ask = lambda: choose(office, stamper, 2)  # noqa: E731
    assert refused(ask) == (
        "number_taken", "number", "Số 2 đã cấp hoặc đã bỏ qua. Hãy lấy số tiếp theo (4), hoặc một số đang giữ.",
    )  # fmt: skip
    assert verify(now=MONDAY).misfit is None
    HeldNumber.objects.filter(number=1).delete()
    found = verify(now=MONDAY).misfit
    assert found is not None
    assert "thiếu số 1" in found.what


def test_what_is_too_far_or_without_a_reason_is_kept_by_nobody(
    office: Office, stamper: Officer
) -> None:
    far = lambda: choose(office, stamper, MOST_HELD + 2, "Nhầm")  # noqa: E731
    assert refused(far)[0] == "number_too_far"
    assert choose(office, stamper, MOST_HELD + 1, "Sổ giấy") == f"{MOST_HELD + 1}/TB-UBND"
    for count in (0, MOST_HELD + 1):
        ask = partial(hold, office, stamper, count)
        assert refused(ask)[:2] == ("held_how_many", "count")
    assert refused(lambda: hold(office, stamper, 1, " "))[:2] == ("held_why", "reason")
    assert refused(lambda: hold(office, office.leader, 1))[0] == "not_documents"
    assert HeldNumber.objects.count() == MOST_HELD


def test_a_number_taken_back_is_void_not_free(office: Office, stamper: Officer) -> None:
    slip, by = stopped(office), office.desk(stamper)
    dossier = Dossier.objects.get()
    stood = picture(dossier)
    hold(office, stamper, 1)
    seen = Seen(dossier.pk)
    outgoing.number_letter(seen, slip, Chosen(1), by=by, at=MONDAY)
    take_back(seen, by=by, at=MONDAY)
    assert picture(dossier) == stood
    ask = lambda: outgoing.number_letter(seen, slip, Chosen(1), by=by, at=MONDAY)  # noqa: E731
    assert refused(ask)[0] == "number_taken"
    assert kept(office) == []


def test_only_letters_of_the_dossier_get_a_number(office: Office, stamper: Officer) -> None:
    slip, other, by = stopped(office), stopped(office), office.desk(stamper)
    seen = Seen(other.dossier_id or 0)
    ask = lambda: outgoing.number_letter(seen, slip, Chosen(), by=by, at=MONDAY)  # noqa: E731
    assert refused(ask)[0] == "letter_gone"


def test_a_result_gets_the_number_that_was_chosen(
    office: Office, stamper: Officer, room: Department
) -> None:
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    said = Numbering("Hoàng Minh Tuấn", own_number="7", chosen=Chosen(3, "Sổ giấy"))
    seal = lambda: outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)  # noqa: E731
    assert refused(seal)[:2] == ("number_without_book", "number")
    said = replace(said, kind="GXN", own_number="")
    seal()
    assert Result.objects.current().get().number == "03/GXN-UBND"
    assert kept(office) == [(1, "Sổ giấy"), (2, "Sổ giấy")]


# --- to the counter by the same press -------------------------------------------------------------


def test_numbered_and_on_its_way_to_the_counter_by_one_press(
    office: Office, stamper: Officer, room: Department
) -> None:
    made = [approved(office, stamper, room) for _ in range(2)]
    by, press, stood = office.desk(stamper), uuid4(), [picture(one) for one in made]
    seen = [Seen(one.pk) for one in made]
    done = outgoing.number_results(seen, "GXN", by=by, at=MONDAY, press=press, to_counter=True)
    assert [one.error for one in done] == [None, None]
    assert symbols() == ["01/GXN-UBND", "02/GXN-UBND"]
    rows = Dossier.objects.order_by("pk")
    assert {row.pending_department_id for row in rows} == {office.counter.pk}
    assert verify(now=MONDAY).misfit is None
    back = outgoing.take_back_numbers(press, by=by, at=MONDAY)
    assert [one.error for one in back] == [None, None]
    assert [picture(one) for one in made] == stood
    assert not OutgoingDocument.objects.standing().exists()
    done = outgoing.number_results(seen, "GXN", by=by, at=MONDAY, press=uuid4(), to_counter=True)
    assert [one.error for one in done] == [None, None]
    clerk = office.desk(office.clerk)
    for row in rows:
        handovers.confirm(Seen(row.pk), by=clerk, at=MONDAY)
    assert {row.state for row in Dossier.objects.all()} == {State.FINISHED}
    assert verify(now=MONDAY).misfit is None


def test_what_the_counter_has_received_stays_there(
    office: Office, stamper: Officer, room: Department
) -> None:
    dossier, by, press = approved(office, stamper, room), office.desk(stamper), uuid4()
    said = Numbering("Hoàng Minh Tuấn", kind="GXN")
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY, to_counter=True, press=press)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    (one,) = outgoing.take_back_numbers(press, by=by, at=MONDAY)
    assert one.error is not None
    assert OutgoingDocument.objects.standing().count() == 1


# --- a corrected result's number ------------------------------------------------------------------


def test_a_corrected_result_takes_only_a_number_that_was_kept_for_it(
    office: Office, stamper: Officer, room: Department
) -> None:
    """R-83: otherwise the register would give the same number again."""
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    said = Numbering("Hoàng Minh Tuấn", kind="GXN")
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)
    give(office, Dossier.objects.get(pk=dossier.pk), stamper, office.counter, office.clerk)
    wrong = Wrong("Nguyễn Văn Ân", MONDAY.date(), "Sai tên", Correction.OldCopy.HERE, False)
    new = ResultIn(
        title="Giấy xác nhận", number="02/GXN-UBND", issued_on=MONDAY.date(), signer="Tuấn"
    )
    correct = lambda: repairs.correct_result(  # noqa: E731
        Seen(dossier.pk), wrong, new, by=office.desk(office.leader), at=MONDAY
    )
    assert refused(correct)[:2] == ("number_not_given", "number")
    book = Book(office.agency, "GXN", 2026)
    holding.hold(book, count=1, reason="Đính chính", by=by, at=MONDAY)
    row = correct()
    line = OutgoingDocument.objects.get(number=2)
    assert (line.result_id, line.symbol, line.numbered_by) == (
        row.new_id, "02/GXN-UBND", office.leader,
    )  # fmt: skip
    assert kept(office) == []
    assert OutgoingCounter.objects.get(kind="GXN").last == 2
    assert verify(now=MONDAY).misfit is None
    take_back(Seen(dossier.pk), by=office.desk(office.leader), at=MONDAY)
    assert OutgoingDocument.objects.get(number=2).undone_at is not None
    assert verify(now=MONDAY).misfit is None


# --- a number that somebody types -----------------------------------------------------------------


def typed(office: Office, symbol: str, dossier: Dossier | None = None) -> Result:
    said = ResultIn(title="Giấy xác nhận", number=symbol, issued_on=MONDAY.date(), signer="Tuấn")
    found = dossier or at_room(office)
    by = office.desk(Officer.objects.get(pk=found.holder_id))
    return endings.record_result(Seen(found.pk), said, by=by, at=MONDAY)


def test_a_result_bears_no_typed_number_that_the_register_gave_or_keeps(
    office: Office, stamper: Officer, room: Department
) -> None:
    """R-81: however it is written; the number of another office, and one of no register, are free."""
    dossier, by = approved(office, stamper, room), office.desk(stamper)
    said = Numbering("Hoàng Minh Tuấn", kind="GXN")
    outgoing.number_result(Seen(dossier.pk), said, by=by, at=MONDAY)
    holding.hold(Book(office.agency, "GXN", 2026), count=1, reason="Họp", by=by, at=MONDAY)
    for symbol in ("01/GXN-UBND", "1/gxn-ubnd", "01 / GXN-UBND"):
        code, field, sentence = refused(lambda symbol=symbol: typed(office, symbol))
        assert (code, field) == ("number_given", "number")
        assert "01/GXN-UBND đã có trong sổ văn bản đi" in sentence
    code, field, sentence = refused(lambda: typed(office, "02/GXN-UBND"))
    assert (code, field) == ("number_kept", "number")
    assert "để văn thư cấp số" in sentence
    for free in ("01/GXN-UBND tỉnh Lạng Sơn", "01/2026", "07/GXN-UBND", "Không số"):
        assert typed(office, free).number == free
    # Its own number may be written again, with the signed file for example.
    again = Dossier.objects.get(pk=dossier.pk)
    assert typed(office, "01/GXN-UBND", again).number == "01/GXN-UBND"
    take_back(Seen(dossier.pk), by=by, at=MONDAY)
    assert verify(now=MONDAY).misfit is None


def test_patterns_of_numbers_are_data_with_their_days(
    office: Office, stamper: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NĐ 30/2020: a new rule is a new line; what was numbered before keeps its symbol."""
    assert choose(office, stamper, None) == "01/TB-UBND"
    old, day = numbering.kind_on("TB", MONDAY.date()), MONDAY.date()
    new = replace(old, pattern="{number}/{agency}-TB", since=day)
    others = [kind for kind in numbering.KINDS if kind.code != "TB"]
    ended = replace(old, until=day - timedelta(days=1))
    monkeypatch.setattr(numbering, "KINDS", (ended, new, *others))
    assert choose(office, stamper, None) == "2/UBND-TB"
    assert symbols() == ["01/TB-UBND", "2/UBND-TB"]
    assert numbering.kind_on("TB", day - timedelta(days=1)).pattern == old.pattern


def test_kept_numbers_are_listed_to_their_end_newest_year_first(
    office: Office, stamper: Officer, signed_in: Callable[..., Any]
) -> None:
    hold(office, stamper, 2)
    book = Book(office.agency, "QĐ", 2025)
    holding.hold(book, count=1, reason="Năm cũ", by=office.desk(stamper), at=MONDAY)
    hold(office, stamper, 1)
    client, address, shown = signed_in(stamper), "/van-thu/giu-so/", []
    with patch("dossiers.views.outgoing.PAGE", 1):
        while address:
            page = client.get(address)
            shown += [(row.year, row.number) for row, _ in page.context["held"]]
            address = page.context["next"] and f"/van-thu/giu-so/{page.context['next']}"
    assert shown == [(2026, 1), (2026, 2), (2026, 3), (2025, 1)]
    # The rest bears documents by now; what is no place is the beginning.
    gone = client.get("/van-thu/giu-so/?sau=9999~1~TB~1")
    assert gone["Location"] == "/van-thu/giu-so/"
    assert len(client.get("/van-thu/giu-so/?sau=x~y").context["held"]) == 4


def test_a_few_kept_numbers_are_named_beside_the_field(office: Office, stamper: Officer) -> None:
    hold(office, stamper, 12)
    held = list(queries.held([office.agency.pk]))
    assert held_words(held[:1]) == " Số đang giữ: 1 (Họp giao ban)."
    assert held_words(held).endswith("10 (Họp giao ban) và 2 số khác (xem trang Giữ số).")
