"""A process killed between any two statements of an act leaves the act done or not begun, and
nothing to repair.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from dossiers.acts import handovers, reception
from dossiers.acts.many import Seen
from dossiers.models import CodeCounter, Dossier, Event, RegisterCounter
from dossiers.states import State
from onestop.accounts.calendars import calendar_of
from tests.proofs.forks import killed_before
from tests.world import MONDAY, Office, an_intake, make_case, make_office, receive

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TABLES = ("dossiers", "outbox", "files")


def counts() -> dict[str, int]:
    """Rows of every table an act may write."""
    return {
        m._meta.label: m._default_manager.count()
        for label in TABLES
        for m in apps.get_app_config(label).get_models()
    }


def die_everywhere(work: Callable[[], None], check: Callable[[bool], None]) -> int:
    """Kill `work` before its first, second, … statement until it comes through; `check(done)` after
    each.
    """
    for number in range(1, 200):
        before = counts()
        if not killed_before(number, work):
            check(True)
            return number - 1
        # Killed after the commit (a nudge to the worker may follow it) counts as done.
        done = counts() != before
        check(done)
        if done:
            return number
    raise AssertionError("more than 200 statements")


def test_intake_is_received_whole_or_not_at_all() -> None:
    office, case = make_office(), make_case(papers=3)
    calendar_of(office.agency.pk)  # a worker's calendar is warm after its first dossier
    start = counts()

    def work() -> None:
        given = an_intake(office, case, token=uuid4())
        reception.receive(given, by=office.desk(office.clerk), at=MONDAY)

    def check(done: bool) -> None:
        if not done:
            assert counts() == start
            assert not CodeCounter.objects.exists()
            assert not RegisterCounter.objects.exists()
            return
        dossier = Dossier.objects.get()
        assert dossier.papers.count() == 3
        assert dossier.slips.count() == 1
        assert (dossier.event_seq, Event.objects.count()) == (1, 1)
        assert dossier.code.endswith("-0001")

    statements = die_everywhere(work, check)
    assert 10 < statements <= 25


def test_the_short_path_is_received_and_returned_whole_or_not_at_all() -> None:
    office, case = make_office(), make_case("trả ngay", papers=1)
    calendar_of(office.agency.pk)
    start = counts()

    def work() -> None:
        given = an_intake(office, case, token=uuid4(), with_slip=False)
        reception.receive_and_return(given, by=office.desk(office.clerk), at=MONDAY)

    def check(done: bool) -> None:
        if not done:
            assert counts() == start
            return
        dossier = Dossier.objects.get()
        assert (
            dossier.state,
            dossier.event_seq,
            dossier.results.count(),
            dossier.returns.count(),
        ) == (State.RETURNED, 3, 1, 1)

    die_everywhere(work, check)


@pytest.mark.parametrize("act", ["hand_over", "confirm"])
def test_hand_over_is_given_whole_or_not_at_all(act: str) -> None:
    office, case = make_office(), make_case()
    dossier = receive(office, case)
    if act == "confirm":
        handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
        dossier.refresh_from_db()
    before = row(dossier)

    def check(done: bool) -> None:
        if not done:
            assert row(dossier) == before
            return
        now = Dossier.objects.get(pk=dossier.pk)
        assert now.row_version == before["row_version"] + 1
        assert now.event_seq == Event.objects.filter(dossier=dossier).count()
        assert (now.pending_department_id is None) == (act == "confirm")

    die_everywhere(lambda: _do(act, dossier, office), check)


@pytest.mark.parametrize("act", ["hand_over", "confirm"])
def test_a_press_on_many_is_done_for_all_of_them_or_for_none(act: str) -> None:
    """Also where the process dies while what was done to all of them is written."""
    office, case = make_office(), make_case()
    dossiers = [receive(office, case) for _ in range(3)]
    seen = [Seen(dossier.pk) for dossier in dossiers]

    def give() -> None:
        by = office.desk(office.clerk)
        handovers.hand_over_many(seen, to=office.room, receiver=None, step=None, by=by, at=MONDAY)

    def receive_all() -> None:
        handovers.confirm_many(seen, by=office.desk(office.specialist), at=MONDAY)

    if act == "confirm":
        give()
    start, before = counts(), [row(dossier) for dossier in dossiers]

    def check(done: bool) -> None:
        now = Dossier.objects.in_bulk([dossier.pk for dossier in dossiers])
        if not done:
            assert counts() == start
            assert [row(dossier) for dossier in dossiers] == before
            return
        for dossier in dossiers:
            after = now[dossier.pk]
            assert after.event_seq == Event.objects.filter(dossier=dossier).count()
            assert (after.pending_department_id is None) == (act == "confirm")

    die_everywhere(give if act == "hand_over" else receive_all, check)


def _do(act: str, dossier: Dossier, office: Office) -> None:
    if act == "hand_over":
        handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    else:
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)


def row(dossier: Dossier) -> dict[str, Any]:
    return dict(Dossier.objects.filter(pk=dossier.pk).values().get())
