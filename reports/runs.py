"""Large reports, asked for by hand and made by a worker, or prepared and signed by it in the name of who
asked: asked twice they are one run, a failed one is tried three times, one whose worker died is taken
up again by the next.

    waiting → running → done | waiting (a pause, then again) | failed (a person asks again)

A worker holds a run by a lease that each part renews. Whoever lost it writes nothing more, so that a
run ends once, with one notice and one file.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from onestop import replica
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError, say
from onestop.instants import SKEW
from onestop.jobs.leases import Clock, Hold, Lost
from onestop.jobs.nudge import nudge
from onestop.jobs.runs import why
from onestop.outbox.domain import post
from onestop.outbox.told import told
from reports import rendering, signing
from reports.figures import Row, Scope, Table, empty, size_of
from reports.frozen import drafted, filled_from
from reports.models import ReportForm, ReportRun, SignedReport, Source
from reports.periods import Period
from reports.rendering import as_dict

logger = logging.getLogger(__name__)
RUN, SWEEP = "reports.run", "reports.sweep_runs"
FOLDER = "reports"
# What is told of an act instead of what is told of a file.
ACT_EVENTS = {"made": "acted", "failed": "not_acted"}
TRIES = 3
# After the first failure, after the second; after the third a person is asked.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
# Longer than any one part takes: a run not heard of for so long lost its worker.
LEASE = timedelta(minutes=5)
# How long what was made can be had.
KEPT = timedelta(hours=20)
# How long it is known that there was a run.
REMEMBERED = timedelta(hours=24 * 30)
State, Kind = ReportRun.State, ReportRun.Kind


def kinds_of(form: ReportForm) -> tuple[ReportRun.Kind, ...]:
    """What a worker makes of a large one; the page of a list shows its first lines at once."""
    files = (Kind.PDF, Kind.XLSX)
    return files if form.source == Source.LIST else (Kind.PAGE, *files)


def ask(
    form: ReportForm,
    agency: Agency,
    period: Period,
    kind: ReportRun.Kind,
    *,
    cut: datetime | None,
    by: Officer,
    at: datetime,
) -> ReportRun:
    """Have it made; `cut` None: as of now. What is under way, or has an equal cut, is the same run;
    whoever asks is told when it is there.
    """
    with transaction.atomic():
        run = None
        # Whoever was faster may be done by the time it is looked for: then this one begins anew.
        while run is None:
            same = _runs_of(form, agency, period, kind)
            equal = same.filter(cut=cut or at)
            under_way = same.filter(state__in=ReportRun.OPEN, is_fresh=True)
            run = (equal.first() if cut else under_way.first() or equal.first()) or _begin(
                ReportRun(
                    form=form, agency=agency, period=period.code, kind=kind, variant=form.variant,
                    cut=cut or at, is_fresh=cut is None, by=by, at=at, due_at=at,
                )
            )  # fmt: skip
        run.askers.add(by)
        if run.state == State.WAITING:
            nudge(RUN, run.pk)
    return run


def _begin(run: ReportRun) -> ReportRun | None:
    """None where somebody asked for the same at the same moment."""
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        return None
    return run


def again(run: ReportRun, *, by: Officer, at: datetime) -> None:
    """A person wants a failed run, or one whose file was swept, made after all. Errors:
    DomainError("run_not_over") where it is under way or there.
    """
    over = Q(state=State.FAILED) | Q(state=State.DONE, kept="", figures={})
    # In nobody's name but the one who asked: an act is asked for again on the report itself.
    over &= ~Q(kind__in=ReportRun.ACTS)
    fresh = {"tries": 0, "done": 0, "of": 0, "error": "", "ended_at": None, "is_fresh": False}
    with transaction.atomic():
        rows = ReportRun.objects.filter(over, pk=run.pk)
        if not rows.update(state=State.WAITING, due_at=at, **fresh):
            raise DomainError("run_not_over")
        run.askers.add(by)
        nudge(RUN, run.pk)


def ready(
    form: ReportForm, agency: Agency, period: Period, cut: datetime, kind: ReportRun.Kind
) -> ReportRun | None:
    """The run of this cut, where what it made can be had."""
    rows = _runs_of(form, agency, period, kind).filter(cut=cut, state=State.DONE)
    return next((one for one in rows if one.is_ready), None)


def _runs_of(
    form: ReportForm, agency: Agency, period: Period, kind: ReportRun.Kind
) -> QuerySet[ReportRun]:
    return ReportRun.objects.filter(
        form=form, agency=agency, period=period.code, kind=kind, variant=form.variant
    )


def table_of(run: ReportRun) -> Table:
    """The table that a run of the page counted."""
    return filled_from(_head(run), run.figures)


def work(pk: int, clock: Clock) -> bool:
    """Make it, if it is due and nobody else has it; True when it was made. Safe to call any number
    of times.
    """
    token = uuid4().hex
    if not _claim(pk, token, clock()):
        return False
    run = ReportRun.objects.select_related("form", "agency").get(pk=pk)
    hold = _Hold(run, token, clock)
    try:
        hold.close(**_made(run, hold))
    except Lost:
        logger.warning("report run lost", extra={"run": pk})
        return False
    except Exception as error:  # whatever it is, the run says it and is tried again
        logger.exception("report run failed", extra={"run": pk, "tries": run.tries})
        _failed(hold, error)
        return False
    return True


def _claim(pk: int, token: str, now: datetime) -> bool:
    due = ReportRun.objects.filter(pk=pk, state__in=ReportRun.OPEN, due_at__lte=now)
    fresh = {"holder": token, "due_at": now + LEASE, "done": 0, "of": 0, "error": ""}
    if due.filter(tries__lt=TRIES).update(state=State.RUNNING, tries=F("tries") + 1, **fresh):
        return True
    _give_up(due.filter(tries__gte=TRIES), say("run_killed", {"tries": TRIES}), now)
    return False


class _Hold(Hold[ReportRun]):
    running = State.RUNNING

    def step(self, done: int, of: int) -> None:
        """So many parts are done; the lease begins anew."""
        self.write(done=done, of=of, due_at=self.clock() + LEASE)

    def close(self, **made: Any) -> None:
        """It is there: the row, and a notice to all who asked, at once."""
        now = self.clock()
        with transaction.atomic():
            over = {"state": State.DONE, "due_at": None, "holder": "", "ended_at": now, "error": ""}
            self.write(done=F("of"), **over, **made)
            _tell(self.run, "made", now)


def _made(run: ReportRun, hold: _Hold) -> dict[str, Any]:
    """What the run is to keep. A file is written before the row that names it."""
    hold.step(0, 2)
    if run.is_act:
        (_prepare if run.kind == Kind.PREPARE else _sign)(run, hold)
        return {}
    return replica.read(lambda _: _counted(run, hold), wait=replica.WORK_WAIT)


def _counted(run: ReportRun, hold: _Hold) -> dict[str, Any]:
    """What is written of the run itself goes where it is always written."""
    head = _head(run)
    table = drafted(head.form, run.agency, head.period, run.cut)
    hold.step(1, 2)
    if run.kind == Kind.PAGE:
        over = {"carried_over": dict(table.carried_over)} if table.carried_over else {}
        return {"figures": as_dict(table, kept=True) | over}
    of = 2 + size_of(head.form, head.scope, head.period, run.cut) // rendering.CHUNK

    def progress(part: int) -> None:
        hold.step(min(1 + part, of), of)

    if run.form.source == Source.LIST:
        table = replace(table, rows=_Watched(table.rows, progress))
    if run.kind == Kind.PDF:
        content = rendering.pdf(table)
    else:
        content = rendering.xlsx(table, progress=progress)
    name = f"{FOLDER}/{run.pk}-{hold.token}.{run.kind}"
    return {"kept": default_storage.save(name, ContentFile(content))}


def _prepare(run: ReportRun, hold: _Hold) -> None:
    """As of when it was asked for. A worker that died after it was prepared leaves nothing to do."""
    mine = _reports(run).filter(prepared_by=run.by, cut=run.cut)
    if not mine.exists():
        now = hold.clock()
        form = run.form.worn(run.variant)
        by = desk_of(run.by, now)
        signing.prepare(form, run.agency, run.days, by=by, at=now, cut=run.cut)


def _sign(run: ReportRun, hold: _Hold) -> None:
    """What waits for the head since before it was asked to be signed; the same."""
    waits = _reports(run).filter(prepared_at__lte=run.at, state=SignedReport.State.PREPARED)
    report = waits.select_related("form", "agency").first()
    if report is None:
        if _reports(run).filter(signed_by=run.by, signed_at__gte=run.at).exists():
            return
        raise DomainError("report_gone")
    of = 2 + len(report.dossiers) // rendering.CHUNK

    def progress(part: int) -> None:
        hold.step(min(1 + part, of), of)

    hold.step(1, of)
    files = signing.drawn(report, progress=progress)
    now = hold.clock()
    signing.sign(report, by=desk_of(run.by, now), at=now, files=files)


def _reports(run: ReportRun) -> QuerySet[SignedReport]:
    return SignedReport.objects.filter(form=run.form, agency=run.agency, period=run.period)


@dataclass(frozen=True, slots=True)
class _Watched:
    """The rows of a list; after each thousand it is told how far whoever reads them is."""

    rows: Iterable[Row]
    progress: Callable[[int], None]

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self.rows, start=1):
            yield row
            if number % rendering.CHUNK == 0:
                self.progress(number // rendering.CHUNK)


def _head(run: ReportRun) -> Table:
    form = run.form.worn(run.variant)
    return empty(form, Scope.for_form(form, run.agency), run.days, run.cut)


def _failed(hold: _Hold, error: Exception) -> None:
    """A pause and again; a mistake of the form, or the third time, waits for a person."""
    now, tries = hold.clock(), hold.run.tries
    because = why(error).rstrip(".")
    reason = say("run_failed", {"why": because})
    if hold.run.is_act:
        act = hold.run.get_kind_display().lower()
        reason = say("run_not_acted", {"act": act, "why": because})
    if isinstance(error, DomainError) or tries >= TRIES:
        _give_up(hold.rows, reason, now)
    else:
        due = now + PAUSES[tries - 1]
        hold.rows.update(state=State.WAITING, due_at=due, holder="", error=reason[:500])


def _give_up(rows: QuerySet[ReportRun], reason: str, now: datetime) -> None:
    """No further try by itself; all who asked are told."""
    over = {"state": State.FAILED, "due_at": None, "holder": "", "ended_at": now}
    with transaction.atomic():
        for run in rows.select_related("form", "agency"):
            if rows.filter(pk=run.pk).update(error=reason[:500], **over):
                run.error = reason
                _tell(run, "failed", now)


def _tell(run: ReportRun, event: str, now: datetime) -> None:
    template = ACT_EVENTS[event] if run.is_act else event
    words = told(f"reports/told/{template}", run=run, period=run.days)
    for officer in run.askers.filter(is_active=True):
        post(
            kind="report",
            dedupe=f"report_run:{event}:{run.pk}:{now.isoformat()}:{officer.pk}",
            **words,
            at=now,
            to_officer=officer,
            object_kind="report_run",
            object_id=run.pk,
            link=run.told_url,
        )


def sweep(clock: Clock) -> tuple[int, int]:
    """Take up what waits or lost its worker; put away what is old. Out: how many were made, how many
    put away.
    """
    now = clock()
    due = ReportRun.objects.filter(state__in=ReportRun.OPEN, due_at__lte=now).order_by("due_at")
    made = sum(work(pk, clock) for pk in list(due.values_list("pk", flat=True)))
    return made, _put_away(now)


def needed() -> QuerySet[ReportRun, str]:
    """Where the files lie that can still be had."""
    return ReportRun.objects.exclude(kept="").values_list("kept", flat=True)


def _put_away(now: datetime) -> int:
    """Old files and figures go, later the row; a run of the same cut makes the same again."""
    over = ReportRun.objects.exclude(state__in=ReportRun.OPEN)
    old = over.filter(ended_at__lt=now - KEPT).exclude(kept="", figures={})
    gone = 0
    for pk, kept in list(old.values_list("pk", "kept")):
        if kept:
            with suppress(FileNotFoundError):
                default_storage.delete(kept)
        gone += old.filter(pk=pk).update(kept="", figures={})
    over.filter(ended_at__lt=now - REMEMBERED).delete()
    return gone


def after_clock_set_back(now: datetime) -> int:
    """Runs that wait for an instant of a clock that was wrong are due now; how many."""
    furthest = now + max(LEASE, *PAUSES) + SKEW
    return ReportRun.objects.filter(state__in=ReportRun.OPEN, due_at__gt=furthest).update(
        due_at=now
    )
