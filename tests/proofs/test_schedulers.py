"""Two schedulers at once, a worker killed in the middle: of what is owed and of a large report nothing
is lost and nothing is done twice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.core.files.storage import default_storage

from onestop.files.domain import sweep_orphans
from onestop.outbox.models import Message
from reports import owed, runs
from reports.form_data import form_on
from reports.models import Draft, ReportRun
from reports.periods import parse
from tests.proofs.forks import fork, killed_before, wait
from tests.reports.conftest import Province
from tests.reports.conftest import place as _place
from tests.world import vn

pytestmark = pytest.mark.django_db(transaction=True)
CUT = vn("15/12/2026 00:40")
# Later than the clock of these tests: what asking wakes finds nothing to do yet.
ASKED = vn("15/12/2026 09:00")
# `make test-long` kills before every statement.
STEP = 1 if os.environ.get("LONG") else 5
State = ReportRun.State
place = _place


def drafts() -> list[tuple[str, int, str]]:
    rows = Draft.objects.order_by("form__code", "agency", "period_code")
    return list(rows.values_list("form__code", "agency", "period_code"))


def notices() -> dict[int, int]:
    """By draft: to how many people its notice went."""
    found: dict[int, int] = {}
    for message in Message.objects.filter(kind="report"):
        found[message.object_id or 0] = found.get(message.object_id or 0, 0) + 1
    return found


def expected(place: Province) -> list[tuple[str, int, str]]:
    offices = [place.agency, place.first.agency, place.second.agency, place.empty.agency]
    own = [("II.06a", one.pk, code) for one in offices for code in ("2026Q4", "2026Y")]
    return sorted(own + [("II.06b", place.agency.pk, code) for code in ("2026Q4", "2026Y")])


def each_once(place: Province) -> None:
    assert drafts() == expected(place)
    # One controller each.
    assert set(notices().values()) == {1}
    assert len(notices()) == Draft.objects.count()


def at_once(*work: Callable[[], object]) -> None:
    """Each in a process with a connection of its own, beginning at the same instant."""
    begin = time.monotonic() + 0.3

    def started(one: Callable[[], object]) -> None:
        time.sleep(max(0, begin - time.monotonic()))
        one()

    assert {wait(pid) for pid in [fork(partial(started, one)) for one in work]} == {0}


def dies_among_the_drafts(number: int, of: str = "") -> bool:
    """Before this statement of the night's work; a draft stands with its notice or not at all."""
    died = killed_before(number, lambda: owed.make(CUT), of)
    assert set(notices()) == set(Draft.objects.values_list("pk", flat=True))
    return died


def test_after_a_killed_worker_two_schedulers_make_each_draft_once(place: Province) -> None:
    assert dies_among_the_drafts(3, 'INSERT INTO "outbox_message"')
    assert Draft.objects.count() == 2
    at_once(lambda: owed.make(CUT), lambda: owed.make(CUT))
    each_once(place)


@pytest.mark.slow
def test_a_worker_killed_before_any_statement_loses_no_draft(place: Province) -> None:
    """What it wrote before it died stands: each death is later in the work than the one before."""
    number = 1
    while dies_among_the_drafts(number):
        number += STEP
    assert number > 20
    each_once(place)


def files() -> set[str]:
    try:
        return set(default_storage.listdir(runs.FOLDER)[1])
    except FileNotFoundError:
        return set()


def asked(place: Province) -> ReportRun:
    form, office = form_on("II.06a", parse("2026Q4").last), place.first
    given = {"cut": None, "by": office.controller, "at": ASKED}
    return runs.ask(form, office.agency, parse("2026Q4"), ReportRun.Kind.XLSX, **given)


def made_once(run: ReportRun) -> None:
    run.refresh_from_db()
    assert run.state == State.DONE
    assert default_storage.exists(run.kept)
    told = Message.objects.filter(object_kind="report_run")
    assert [one.subject.partition(":")[0] for one in told] == ["Đã lập xong"]


def test_a_killed_large_report_is_taken_up_again_once(place: Province) -> None:
    """Killed when the file was written and the row did not yet say so."""
    run, before = asked(place), files()
    assert killed_before(5, lambda: work(run, ASKED), 'UPDATE "reports_reportrun"')
    assert len(files() - before) == 1
    assert runs.sweep(lambda: ASKED + timedelta(minutes=4)) == (0, 0)
    later = ASKED + runs.LEASE
    at_once(lambda: work(run, later), lambda: work(run, later))
    made_once(run)
    assert ReportRun.objects.get().tries == 2


def work(run: ReportRun, now: datetime) -> None:
    runs.work(run.pk, lambda: now)


@pytest.mark.slow
def test_a_large_report_killed_before_any_statement_is_made_once(
    place: Province,
) -> None:
    """Also between its file and its row: the file that nobody names goes with the orphans."""
    before = files()
    made = 0
    for number in range(1, 100, STEP):
        made += 1
        Message.objects.all().delete()
        ReportRun.objects.all().delete()
        run = asked(place)
        died = killed_before(number, partial(work, run, ASKED))
        runs.sweep(lambda: ASKED + runs.LEASE)
        made_once(run)
        if not died:
            break
    assert number > 8
    left = files() - before
    assert len(left) >= made
    written = max(default_storage.get_modified_time(f"{runs.FOLDER}/{name}") for name in left)
    sweep_orphans(written + timedelta(days=2))
    assert files() == {run.kept.removeprefix(f"{runs.FOLDER}/")}
