"""A worker killed in the middle of an act on many dossiers loses and doubles nothing; two workers at
once do each dossier once (docs/adr/0026).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from dossiers.acts import apology, pressing
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Event, Slip
from dossiers.models.apology import Apology
from dossiers.models.pressing import PressLine, PressRun
from onestop.outbox.models import Message
from tests.proofs.forks import killed_before
from tests.proofs.test_schedulers import at_once
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db(transaction=True)
AT = vn("30/11/2026 09:00")
COUNT = pressing.SMALL + 2
PRESS = UUID(int=3)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def run(office: Office) -> PressRun:
    case = make_case("3 ngày làm việc")
    dossiers = [receive(office, case, at=MONDAY) for _ in range(COUNT)]
    found = pressing.begin(
        apology.APOLOGISE,
        [Seen(one.pk, one.row_version) for one in dossiers],
        {"reason": "Chờ xác minh."},
        by=office.desk(office.leader, AT),
        at=AT,
        press=PRESS,
    )
    # The nudge of the commit found a worker at once (tests/settings.py): as if it had been lost.
    assert found.is_open
    return found


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onestop.jobs.nudge._send", lambda task, args: None)


def work(run: PressRun, at: datetime) -> bool:
    return pressing.work(run.pk, lambda: at)


def each_once(run: PressRun) -> None:
    run.refresh_from_db()
    assert run.state == PressRun.State.DONE
    assert run.lines.filter(state=PressLine.State.DONE).count() == COUNT
    assert Apology.objects.count() == COUNT
    assert Event.objects.filter(press=PRESS).count() == COUNT
    numbers = Slip.objects.filter(slug="thu-xin-loi").values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, COUNT + 1))
    assert Message.objects.filter(object_kind="press_run").count() == 1
    assert verify(now=AT).misfit is None


@pytest.mark.parametrize(
    "of",
    ['UPDATE "dossiers_pressrun"', 'UPDATE "dossiers_pressline"', 'INSERT INTO "dossiers_event"'],
)
def test_a_killed_worker_loses_and_doubles_nothing(run: PressRun, of: str) -> None:
    """Killed between the act and what is said of it, and at either end of a dossier's transaction."""
    at = AT
    assert killed_before(4, lambda: work(run, at), of)
    done = run.lines.filter(state=PressLine.State.DONE).count()
    assert 0 < done < COUNT
    assert Apology.objects.count() == done
    assert not work(run, at)  # its lease runs on
    at += pressing.LEASE
    assert killed_before(3, lambda: work(run, at), of)
    assert Apology.objects.count() > done
    at += pressing.LEASE
    assert pressing.sweep(lambda: at) == (1, 0)
    each_once(run)


def test_two_workers_at_once_do_each_once(run: PressRun) -> None:
    at_once(lambda: work(run, AT), lambda: work(run, AT))
    each_once(run)


def test_a_worker_that_was_too_slow_and_the_next_one_do_each_once(run: PressRun) -> None:
    """The lease ran out although the worker lives: the next one takes the run, both at work."""
    at_once(lambda: work(run, AT), lambda: work(run, AT + pressing.LEASE))
    while run.lines.filter(state=PressLine.State.WAITING).exists():
        pressing.sweep(lambda: AT + 3 * pressing.LEASE)
    run.refresh_from_db()
    if run.is_open:
        pressing.sweep(lambda: AT + 6 * pressing.LEASE)
    each_once(run)
