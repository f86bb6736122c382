"""What a night looks at: all that is new, all that is open, a share of the rest; whatever it does not
see is seen within a month, also where its proven point was forged.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from dossiers import tasks
from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.ledger import nightly
from dossiers.ledger.nightly import NIGHTS, TASK, Night, verify_night
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, Span
from onestop.accounts.models import RoleGrant
from onestop.guards import unguarded
from onestop.jobs import runs
from onestop.jobs.models import JobState, TaskRun
from tests.clock import Clock
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
RECEIVED = vn("02/11/2026 09:00")
NIGHT = vn("24/11/2026 02:40")
FIRST, BLOCK_OF_OLD = NIGHT.date().toordinal(), 1


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def old(office: Office, monkeypatch: pytest.MonkeyPatch) -> Dossier:
    """Ended long ago, alone in the second of two blocks, whatever the database calls it. That block's
    share is neither the first night's nor that of the night before: those are the two that a month
    without a night leaves out.
    """
    dossier = receive(office, make_case(), at=RECEIVED)
    asked = endings.EndingIn("", "Đổi ý")
    endings.withdraw(Seen(dossier.pk), asked, by=office.desk(office.clerk), at=RECEIVED)
    monkeypatch.setattr(nightly, "BLOCK", dossier.pk)
    assert BLOCK_OF_OLD not in (FIRST % NIGHTS, (FIRST - 1) % NIGHTS)
    return dossier


def proven(at: datetime, *, ok: bool = True) -> None:
    TaskRun.objects.create(name=TASK, started_at=at, ended_at=at, ok=ok, detail="khớp")


def found(at: datetime) -> list[str]:
    return [one.dossier for one in verify_night(now=at).misfits]


def test_the_first_night_looks_at_all(old: Dossier) -> None:
    Dossier.objects.filter(pk=old.pk).update(summary="Khác")
    assert Night.of(NIGHT).since is None
    assert found(NIGHT) == [old.code]


def test_an_old_dossier_is_looked_at_within_a_month(old: Dossier) -> None:
    """Though somebody forges the point every day."""
    Dossier.objects.filter(pk=old.pk).update(summary="Khác")
    seen = []
    for night in range(NIGHTS):
        proven(NIGHT + timedelta(days=night, minutes=-1))
        seen += found(NIGHT + timedelta(days=night))
    assert seen == [old.code]


def test_a_night_that_did_not_come_is_made_up(old: Dossier) -> None:
    Dossier.objects.filter(pk=old.pk).update(summary="Khác")
    proven(NIGHT - timedelta(days=1))
    assert found(NIGHT) == []
    assert found(NIGHT + timedelta(days=NIGHTS - 2)) == [old.code]
    assert Night.of(NIGHT + timedelta(days=NIGHTS)).since is None


def test_what_did_not_fit_is_looked_at_until_a_night_finds_all_in_order(old: Dossier) -> None:
    proven(NIGHT - timedelta(days=1))
    Dossier.objects.filter(pk=old.pk).update(summary="Khác")
    its = (BLOCK_OF_OLD - FIRST) % NIGHTS
    for more in range(2):
        at = NIGHT + timedelta(days=its + more)
        assert found(at) == [old.code]
        proven(at, ok=False)


@pytest.mark.parametrize(
    "column", ["text", "hash", "recorded_at", "kind", "seq", "officer_id", "acting_for_id"]
)
def test_every_changed_column_of_a_new_event_is_found(
    old: Dossier, office: Office, column: str
) -> None:
    proven(RECEIVED - timedelta(days=1))
    last = Event.objects.filter(dossier=old).order_by("seq").last()
    assert last is not None
    other = {"text": "{}", "hash": "1" * 64, "recorded_at": NIGHT, "kind": "note", "seq": 9}
    value = other.get(column, office.controller.pk)
    with unguarded():
        Event.objects.filter(pk=last.pk).update(**{column: value})
    now = RECEIVED + timedelta(days=1)
    assert old.code in [one.dossier for one in verify_night(now=now).misfits]
    assert old.code in [one.dossier for one in verify(now=now).misfits]


@pytest.mark.parametrize(
    ("column", "value"),
    [("owner_name", "Khác"), ("due_at", NIGHT), ("fee_amount", 1), ("step_name", "Khác")],
)
def test_a_changed_column_of_an_open_dossier_is_found(
    office: Office, column: str, value: object
) -> None:
    dossier = receive(office, make_case(), at=RECEIVED)
    proven(NIGHT - timedelta(days=1))
    assert found(NIGHT) == []
    Dossier.objects.filter(pk=dossier.pk).update(**{column: value})
    assert found(NIGHT) == [dossier.code]


def test_a_removed_interval_of_an_open_dossier_is_found(office: Office) -> None:
    dossier = receive(office, make_case(), at=RECEIVED)
    proven(NIGHT - timedelta(days=1))
    Span.objects.filter(dossier=dossier).delete()
    assert found(NIGHT) == [dossier.code]


def test_a_row_outside_dossiers_is_found_within_a_week(office: Office) -> None:
    with unguarded():
        RoleGrant.objects.filter(officer=office.clerk).update(role="leader")
    seen = []
    for night in range(nightly.TABLE_NIGHTS):
        proven(NIGHT + timedelta(days=night, minutes=-1))
        seen += [one.row for one in verify_night(now=NIGHT + timedelta(days=night)).misfits]
    assert len(seen) == 1
    assert seen[0].startswith("vai trò được giao số")


def test_the_task_says_what_it_found_and_is_wrong_where_something_does_not_fit(
    office: Office, clock: Clock
) -> None:
    clock.now = NIGHT
    dossier = receive(office, make_case(), at=RECEIVED)
    tasks.verify()
    first = TaskRun.objects.get(name=TASK)
    assert first.ok
    assert first.detail.startswith("khớp: đã kiểm tra 1 hồ sơ")
    Dossier.objects.filter(pk=dossier.pk).update(summary="Khác")
    clock.now = NIGHT + timedelta(days=1)
    tasks.verify()
    second = TaskRun.objects.filter(name=TASK).latest("pk")
    assert not second.ok
    assert dossier.code in second.detail
    state = JobState.objects.get(name=TASK)
    assert (state.ok, state.detail) == (False, second.detail)


def test_how_far_a_run_has_come_stands_in_its_state() -> None:
    with runs.recorded(TASK) as run:
        runs.under_way(run, "đã kiểm tra 2000 hồ sơ")
        state = JobState.objects.get(name=TASK)
        assert (state.detail, state.ended_at) == ("đã kiểm tra 2000 hồ sơ", None)


def test_the_command_looks_at_what_the_night_does(
    old: Dossier, capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    clock.now = NIGHT
    proven(NIGHT - timedelta(days=1))
    call_command("verify_events", "--night", "--json")
    assert json.loads(capsys.readouterr().out)["dossiers"] < Dossier.objects.count()
