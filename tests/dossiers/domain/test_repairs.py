"""After the end: a wrong result is replaced and kept (R-83), what was lost or damaged is recorded
with who is responsible (R-84). Verdict, state and return stay.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import endings, repairs
from dossiers.acts.endings import ResultIn, Taking
from dossiers.acts.many import Seen
from dossiers.acts.repairs import Lost, Wrong
from dossiers.acts.taking_back import take_back
from dossiers.desk import timeline
from dossiers.desk.dossier import parts_of
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Result, Slip
from dossiers.models.repairs import Correction, Loss
from dossiers.slips import issuing
from dossiers.states import State
from onestop.errors import Conflict, DomainError, sentence
from onestop.files.models import Attachment
from tests.dossiers.pictures import picture
from tests.samples import PDF
from tests.world import IN_PERSON, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
ENDED, GIVEN, LATER = vn("25/11/2026 09:00"), vn("26/11/2026 09:00"), vn("04/01/2027 09:00")
SIGNED = ResultIn(title="Giấy xác nhận", number="12", issued_on=DAY, signer="Hoàng Minh Tuấn")
NEW = replace(SIGNED, number="15", issued_on=date(2027, 1, 4))
WRONG = Wrong(
    "Nguyễn Văn Ân",
    date(2027, 1, 3),
    "Sai năm sinh",
    Correction.OldCopy.TAKEN,
    True,
    "Phòng Văn hóa",
)
LOST = Lost(
    Loss.Of.RESULT, Loss.How.LOST, "Giấy xác nhận số 12", date(2027, 1, 3), "Thất lạc ở kho", "Phòng Văn hóa", "Cấp lại bản khác"
)  # fmt: skip


@pytest.fixture
def office() -> Office:
    return make_office()


def ended(office: Office, *, returned: bool = True) -> Dossier:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk, ENDED)
    seen = Seen(dossier.pk)
    endings.record_result(seen, SIGNED, by=clerk, at=ENDED)
    endings.finish(seen, by=clerk, at=ENDED, note="Ký trên giấy")
    if returned:
        by = office.desk(office.clerk, GIVEN)
        endings.give_back(seen, Taking("Nguyễn Văn Ân", told=IN_PERSON), by=by, at=GIVEN)
    return Dossier.objects.get(pk=dossier.pk)


def correct(office: Office, dossier: Dossier, wrong: Wrong = WRONG, **more: Any) -> Correction:
    by = office.desk(office.leader, LATER)
    data = more.pop("data", NEW)
    return repairs.correct_result(Seen(dossier.pk), wrong, data, by=by, at=LATER, **more)


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    assert sentence(error.value)
    return error.value.code, error.value.field


def lines_of(dossier: Dossier, kind: str) -> tuple[str, ...]:
    told = {t: {r["id"]: r for r in rows} for t, rows in parts_of(dossier).told.items()}
    events = timeline.events_of(dossier)
    given = {row.pk: row for row in timeline.hand_overs_of(dossier)}
    found = timeline.timeline(events, told | {"hand_overs": given, "visits": {}})
    return next(entry.lines for entry in found if entry.kind == kind)


KEPT = ("state", "verdict", "ended_at", "returned_at", "due_at", "legal_due_at")


def test_a_wrong_result_is_kept_and_the_new_one_names_it(office: Office) -> None:
    """R-83; verdict and return are as before."""
    before = ended(office)
    file = SimpleUploadedFile("moi.pdf", PDF)
    row = correct(office, before, files=[file])
    after = Dossier.objects.get(pk=before.pk)
    assert [getattr(after, name) for name in KEPT] == [getattr(before, name) for name in KEPT]
    old, new = Result.objects.order_by("pk")
    assert (old.number, old.replaced_at, new.replaces_id) == ("12", LATER, old.pk)
    assert (row.old_id, row.new_id, row.must_deliver) == (old.pk, new.pk, True)
    assert Result.objects.current().get() == new
    assert Attachment.objects.get(name="moi.pdf").object_id == before.pk
    assert lines_of(after, "correct_result") == (
        "Sai sót: Sai năm sinh",
        "Nguyễn Văn Ân đề nghị ngày 03/01/2027",
        "Kết quả cũ: Giấy xác nhận số 12 ngày 25 tháng 11 năm 2026, Hoàng Minh Tuấn ký (đã thu hồi)",
        "Kết quả mới: Giấy xác nhận số 15 ngày 04 tháng 01 năm 2027, Hoàng Minh Tuấn ký",
        "Cơ quan giải quyết xin lỗi; chịu trách nhiệm: Phòng Văn hóa",
    )
    assert verify(now=LATER).misfit is None


@pytest.mark.parametrize("by_office", [True, False])
def test_the_letter_apologises_where_the_office_erred(office: Office, by_office: bool) -> None:
    dossier = ended(office)
    correct(office, dossier, replace(WRONG, by_office=by_office))
    html = issuing.html(Slip.objects.get(slug="dinh-chinh"))
    assert (repairs.SORRY_FOR_RESULT in html) == by_office
    assert ("chân thành xin lỗi" in html) == by_office
    assert "Sai năm sinh" in html
    assert "Ông/Bà nhận kết quả thay thế tại" in html  # the old one is back already
    assert "Hoàng Minh Tuấn" in html


def test_before_the_return_nothing_has_to_be_brought_to_anybody(office: Office) -> None:
    dossier = ended(office, returned=False)
    row = correct(office, dossier, replace(WRONG, old_copy=Correction.OldCopy.HERE))
    assert not row.must_deliver
    clerk = office.desk(office.clerk, LATER)
    endings.give_back(Seen(dossier.pk), Taking("Nguyễn Văn Ân", told=IN_PERSON), by=clerk, at=LATER)
    act = lambda: repairs.deliver_correction(Seen(dossier.pk), to="Ân", by=clerk, at=LATER)  # noqa: E731
    assert refused(act) == ("nothing_to_deliver", "")


def test_the_counter_brings_the_new_result(office: Office) -> None:
    dossier = ended(office)
    correct(office, dossier)
    clerk = office.desk(office.clerk, LATER)
    stood = picture(dossier)
    repairs.deliver_correction(
        Seen(dossier.pk), to="Nguyễn Văn Ân", note="tại quầy", by=clerk, at=LATER
    )
    row = Correction.objects.get()
    assert (row.delivered_to, row.delivered_at, row.delivered_by) == (
        "Nguyễn Văn Ân",
        LATER,
        office.clerk,
    )
    assert not Correction.objects.to_deliver().exists()
    after = Dossier.objects.get(pk=dossier.pk)
    assert lines_of(after, "deliver_correction") == ("Nguyễn Văn Ân: tại quầy",)
    assert after.returned_at == GIVEN
    take_back(Seen(dossier.pk), by=clerk, at=LATER)
    assert picture(dossier) == stood
    assert verify(now=LATER).misfit is None


@pytest.mark.parametrize("returned", [True, False])
def test_undo_restores_everything(office: Office, returned: bool) -> None:
    dossier = ended(office, returned=returned)
    stood = picture(dossier)
    copy = Correction.OldCopy.OUT if returned else Correction.OldCopy.HERE
    correct(office, dossier, replace(WRONG, old_copy=copy))
    take_back(Seen(dossier.pk), by=office.desk(office.leader, LATER), at=LATER)
    assert picture(dossier) == stood
    assert Result.objects.current().get().number == "12"
    assert Slip.objects.get(slug="dinh-chinh").undone_at == LATER
    assert verify(now=LATER).misfit is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"wrong": " "}, ("wrong_missing", "wrong")),
        ({"requested_by": ""}, ("requester_missing", "requested_by")),
        ({"responsible": ""}, ("responsible_missing", "responsible")),
        ({"requested_on": date(2027, 1, 5)}, ("request_day", "requested_on")),
        ({"requested_on": date(2026, 11, 22)}, ("request_day", "requested_on")),
        ({"old_copy": Correction.OldCopy.HERE}, ("old_copy", "old_copy")),
    ],
)
def test_what_is_missing_is_said(office: Office, changes: dict[str, Any], code: Any) -> None:
    dossier = ended(office)
    assert refused(lambda: correct(office, dossier, replace(WRONG, **changes))) == code
    assert not Correction.objects.exists()


def test_a_corrected_result_is_signed_and_of_no_day_to_come(office: Office) -> None:
    dossier = ended(office)
    draft = replace(NEW, number="")
    assert refused(lambda: correct(office, dossier, data=draft)) == ("corrected_unsigned", "number")
    late = replace(NEW, issued_on=date(2027, 1, 5))
    assert refused(lambda: correct(office, dossier, data=late)) == ("issued_in_future", "issued_on")


def test_only_who_answers_for_the_result_corrects_it_and_only_what_ended(office: Office) -> None:
    dossier, running = ended(office), receive(office, make_case())
    for who in (office.clerk, office.specialist, office.controller):
        by = office.desk(who, LATER)
        act = lambda by=by: repairs.correct_result(Seen(dossier.pk), WRONG, NEW, by=by, at=LATER)  # noqa: E731
        assert refused(act)[0] == "role_missing"
    assert refused(lambda: correct(office, running))[0] == "wrong_state"
    with pytest.raises(Conflict):
        repairs.correct_result(
            Seen(dossier.pk, 1), WRONG, NEW, by=office.desk(office.leader, LATER), at=LATER
        )


def test_a_loss_says_who_answers_for_it_and_what_was_done(office: Office) -> None:
    """R-84."""
    before = ended(office)
    stood, clerk = picture(before), office.desk(office.clerk, LATER)
    repairs.record_loss(Seen(before.pk), LOST, by=clerk, at=LATER)
    after = Dossier.objects.get(pk=before.pk)
    assert [getattr(after, name) for name in KEPT] == [getattr(before, name) for name in KEPT]
    assert lines_of(after, "record_loss") == (
        "Kết quả giải quyết bị mất: Giấy xác nhận số 12",
        "Phát hiện ngày 03/01/2027; nguyên nhân: Thất lạc ở kho",
        "Chịu trách nhiệm: Phòng Văn hóa; cơ quan giải quyết xin lỗi",
        "Khắc phục: Cấp lại bản khác",
    )
    html = issuing.html(Slip.objects.get(slug="mat-hong"))
    assert repairs.SORRY_FOR_LOSS in html
    assert "kết quả giải quyết bị mất: Giấy xác nhận số 12" in html
    take_back(Seen(before.pk), by=clerk, at=LATER)
    assert picture(before) == stood
    assert verify(now=LATER).misfit is None


def test_papers_are_lost_while_it_is_handled_too_a_result_only_where_there_is_one(
    office: Office,
) -> None:
    dossier, at = receive(office, make_case()), vn("24/11/2026 09:00")
    clerk = office.desk(office.clerk, at)
    lost = replace(LOST, found_on=at.date())
    act = lambda: repairs.record_loss(Seen(dossier.pk), lost, by=clerk, at=at)  # noqa: E731
    assert refused(act) == ("no_result_yet", "of")
    papers = replace(lost, of=Loss.Of.PAPERS, by_office=False)
    repairs.record_loss(Seen(dossier.pk), papers, by=clerk, at=at)
    html = issuing.html(Slip.objects.get(slug="mat-hong"))
    assert "giấy tờ trong hồ sơ bị mất" in html
    assert "xin lỗi" not in html
    assert Dossier.objects.get(pk=dossier.pk).state == State.RECEIVED


@pytest.mark.parametrize(("field", "code"), list(repairs.LOSS_NEEDS.items()))
def test_a_loss_is_recorded_whole(office: Office, field: str, code: str) -> None:
    dossier, clerk = ended(office), office.desk(office.clerk, LATER)
    changes: dict[str, Any] = {field: " "}
    lost = replace(LOST, **changes)
    act = lambda: repairs.record_loss(Seen(dossier.pk), lost, by=clerk, at=LATER)  # noqa: E731
    assert refused(act) == (code, field)


def test_a_specialist_of_another_room_records_no_loss(office: Office) -> None:
    dossier, by = ended(office), office.desk(office.second_specialist, LATER)
    act = lambda: repairs.record_loss(Seen(dossier.pk), LOST, by=by, at=LATER)  # noqa: E731
    assert refused(act)[0] == "not_holder"
