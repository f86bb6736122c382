"""Reminders are kept; a request that nobody answers proposes a stop and stops nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers import tasks
from dossiers.acts import reminding, supplements
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.clock import lapses
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Ending, Supplement
from dossiers.models.reminding import Reminder
from dossiers.states import State
from onestop.accounts.models import RoleGrant
from onestop.errors import DomainError
from onestop.files.models import Attachment
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
UNTIL = vn("04/12/2026 17:00")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def waiting(office: Office) -> Dossier:
    return asked(office, receive(office, make_case()))


def asked(office: Office, dossier: Dossier, **more: Any) -> Dossier:
    said: dict[str, Any] = {"respond_by": UNTIL} | more
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Ngày sinh"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY,
        **said,
    )
    return Dossier.objects.get(pk=dossier.pk)


def remind(office: Office, dossier: Dossier, **more: Any) -> Reminder:
    said: dict[str, Any] = {
        "way": 1,
        "note": "Hẹn thứ Sáu",
        "at": MONDAY + timedelta(hours=2),
    } | more
    return reminding.remind(Seen(dossier.pk), by=office.desk(office.clerk), **said)


def told(kind: str, **more: Any) -> int:
    return Message.objects.filter(kind=kind, **more).count()


def test_a_reminder_is_kept_with_its_letter_and_taken_back(
    office: Office, waiting: Dossier
) -> None:
    before = (waiting.due_at, waiting.waiting_since, waiting.state)
    row = remind(office, waiting, way=2, letter=SimpleUploadedFile("thu.pdf", PDF))
    assert Attachment.objects.get(kind="dossier").name == "thu.pdf"
    after = Dossier.objects.get()
    assert (after.due_at, after.waiting_since, after.state) == before
    take_back(Seen(waiting.pk), by=office.desk(office.clerk), at=MONDAY + timedelta(hours=3))
    row.refresh_from_db()
    assert row.undone_at is not None
    assert not Attachment.objects.filter(kind="dossier").exists()
    assert Dossier.objects.get().state == State.AWAITING_PAPERS
    assert verify(now=vn("31/12/2026 09:00")).misfit is None


def test_only_who_is_waited_for_and_only_with_a_note(office: Office, waiting: Dossier) -> None:
    with pytest.raises(DomainError, match="reminder_missing"):
        remind(office, waiting, note=" ")
    other = receive(office, make_case())
    with pytest.raises(DomainError, match="wrong_state"):
        remind(office, other)
    with pytest.raises(DomainError, match="role_missing"):
        reminding.remind(
            Seen(waiting.pk), way=1, note="A", by=office.desk(office.specialist), at=MONDAY
        )
    assert not Reminder.objects.exists()


def test_the_counter_is_told_once_three_days_before_unless_somebody_reminded(
    office: Office, waiting: Dossier
) -> None:
    assert not lapses.propose(UNTIL - timedelta(days=4))
    at = UNTIL - timedelta(days=2)
    assert lapses.propose(at).reminders == 1
    assert lapses.propose(at + timedelta(hours=1)).reminders == 0
    assert told("remind", to_officer=office.clerk) == 1
    other = asked(office, receive(office, make_case()))
    remind(office, other)
    assert lapses.propose(at).reminders == 0


def test_a_request_without_a_day_is_reminded_of_and_never_lapses(office: Office) -> None:
    asked(office, receive(office, make_case()), respond_by=None)
    assert not lapses.propose(MONDAY + timedelta(days=14))
    assert lapses.propose(MONDAY + timedelta(days=90)) == lapses.Proposed(reminders=1)


def test_a_lapse_is_told_to_the_leader_once_and_stops_nothing(
    office: Office, waiting: Dossier
) -> None:
    at = UNTIL + timedelta(hours=16)
    assert not lapses.propose(UNTIL).lapses
    assert lapses.propose(at).lapses == 1
    assert lapses.propose(at + timedelta(days=1)).lapses == 0
    assert told("lapse", to_officer=office.leader) == 1
    assert told("lapse") == 1
    assert Message.objects.get(kind="lapse").link.endswith("/dung/")
    after = Dossier.objects.get()
    assert (after.state, after.row_version) == (State.AWAITING_PAPERS, waiting.row_version)
    assert not Ending.objects.exists()


def test_what_is_there_or_taken_back_lapses_no_more(office: Office, waiting: Dossier) -> None:
    late = UNTIL + timedelta(days=1)
    clerk = office.desk(office.clerk)
    supplements.complete(Seen(waiting.pk), by=clerk, at=MONDAY + timedelta(days=3))
    assert not lapses.propose(late)
    other = asked(office, receive(office, make_case()))
    take_back(Seen(other.pk), by=clerk, at=MONDAY + timedelta(hours=1))
    assert not lapses.propose(late)


def test_an_office_without_a_leader_tells_its_heads(office: Office, waiting: Dossier) -> None:
    grants = RoleGrant.objects.filter(officer=office.leader)
    grants.update(valid_to=MONDAY.date(), ended_at=MONDAY)
    assert lapses.propose(UNTIL + timedelta(days=1)).lapses == 1
    assert told("lapse", to_officer=office.head) == 1


def test_many_cost_no_more_queries_than_one(
    office: Office, waiting: Dossier, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        asked(office, receive(office, make_case()))
    with django_assert_max_num_queries(12):
        assert lapses.propose(UNTIL + timedelta(days=1)).lapses == 5


def test_the_task_waits_for_a_working_morning(
    office: Office, waiting: Dossier, clock: Clock
) -> None:
    clock.now = vn("05/12/2026 08:05")  # a Saturday
    tasks.propose_lapses()
    assert not told("lapse")
    clock.now = vn("07/12/2026 08:05")
    tasks.propose_lapses()
    assert told("lapse") == 1
    assert TaskRun.objects.filter(detail__contains="đề nghị dừng 1").exists()


def test_the_leader_finds_the_notice_drafted(
    office: Office, waiting: Dossier, signed_in: Callable[..., Client], clock: Clock
) -> None:
    here = waiting.get_absolute_url()
    assert (
        "Dự thảo thông báo dừng"
        not in signed_in(office.leader).get(f"{here}dung/").content.decode()
    )
    clock.now = vn("07/12/2026 09:00")
    shown = " ".join(signed_in(office.leader).get(f"{here}dung/").content.decode().split())
    assert "Dự thảo thông báo dừng đã điền sẵn" in shown
    assert "Quá thời hạn bổ sung 04/12/2026 ghi tại phiếu yêu cầu bổ sung ngày 23/11/2026" in shown
    assert "Ngày sinh" in shown
    page = signed_in(office.clerk).get(here).content.decode()
    assert "đã quá hạn bổ sung" in page
    client = signed_in(office.clerk)
    address = f"{here}nhac/"
    answer = client.post(address, {"way": 1, "note": "", "seen": waiting.row_version})
    assert (answer.status_code, Reminder.objects.count()) == (422, 0)
    answer = client.post(address, {"way": 1, "note": "Đã gọi", "seen": waiting.row_version})
    assert (answer.status_code, Reminder.objects.count()) == (302, 1)
    assert "Gọi điện thoại: Đã gọi" in client.get(here).content.decode()
    assert "Đã gọi" in client.get(address).content.decode()
    assert Supplement.objects.awaited().exists()
    forged = signed_in(office.specialist).post(
        address, {"way": 1, "note": "X", "seen": Dossier.objects.get().row_version}
    )
    assert forged.status_code in (403, 404, 422)
    assert Reminder.objects.count() == 1
