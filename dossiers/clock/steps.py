"""The time of the step at hand while the dossier stands still: what waits and decided times share
moves it once, and only from its own giving on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dossiers.clock import deadlines
from dossiers.models import ClockChange, ClockKind, Dossier, HandOver
from dossiers.models.decision import ClockDecision
from onestop.worktime import Calendar, CalendarMissing, Pause
from onestop.worktime.changes import apart
from onestop.worktime.zone import local

Span = tuple[datetime, datetime]


def goes_on(dossier: Dossier, asked: datetime, at: datetime, calendar: Calendar) -> None:
    """A step that was not yet over stood still while the dossier waited; the counter passes on as
    if received now (R-39). At most two queries.
    """
    if dossier.forward_by is not None:
        dossier.forward_by = dossier.step_due_at = deadlines.forward_by(at, calendar)
    elif dossier.step_due_at is not None and dossier.step_due_at > asked:
        known = _decided(dossier)
        if known:
            since = _given_at(dossier)
            known = [row for row in known if row.at >= since]
        _move(dossier, (asked, at), _spans(known), calendar)


def stood_still(dossier: Dossier, row: ClockDecision, calendar: Calendar) -> None:
    """A step that was not yet over when time began that does not count has so much more."""
    if not row.counts or row.begins is None or row.ends is None or dossier.step_due_at is None:
        return
    since = _given_at(dossier)
    begin = max(row.begins, since)
    if begin < row.ends:
        _move(dossier, (begin, row.ends), _others(dossier, since, row), calendar)


def comes_back(
    dossier: Dossier, row: ClockDecision, ended: datetime, said: datetime, calendar: Calendar
) -> None:
    """Time that does not count ended earlier than was said: a step that was given the rest gives it
    back. In: the row as it was.
    """
    since = _given_at(dossier)
    if not row.counts or row.at < since or dossier.step_due_at is None:
        return
    begin = max(ended, since)
    if begin < said:
        _move(dossier, (begin, said), _others(dossier, since, row), calendar, back=True)


def _move(
    dossier: Dossier,
    span: Span,
    covered: Iterable[Span],
    calendar: Calendar,
    *,
    back: bool = False,
) -> None:
    """By the working time of what of the span lies in no other; as it was when the year has no
    calendar.
    """
    parts = apart(Pause(*span), [(local(begin), local(end)) for begin, end in covered])
    due = dossier.step_due_at
    try:
        for part in sorted(parts, key=lambda one: one.from_):
            if due is None or part.to is None or due <= part.from_:
                continue
            minutes = calendar.working_minutes_between(part.from_, part.to)
            due = calendar.add_working_minutes(due, -minutes if back else minutes)
    except CalendarMissing:
        return
    dossier.step_due_at = due


def _decided(dossier: Dossier) -> list[ClockDecision]:
    """The times that do not count and do move something."""
    rows = ClockDecision.objects.standing().filter(dossier=dossier, mode=ClockKind.EXCLUDE)
    return [row for row in rows if row.counts]


def _others(dossier: Dossier, since: datetime, but: ClockDecision) -> list[Span]:
    """What has moved the step of this giving already: decided times and waits that are over."""
    decided = list(ClockDecision.objects.standing().filter(dossier=dossier, mode=ClockKind.EXCLUDE))
    lines = {row.change_id for row in decided}
    waits = ClockChange.objects.standing().filter(
        dossier=dossier,
        kind__in=(ClockKind.PAUSE, ClockKind.RESTART, ClockKind.EXCLUDE),
        end__gte=since,
    )
    others = (row for row in decided if row.pk != but.pk and row.counts and row.at >= since)
    return [
        *_spans(others),
        *((row.start, row.end) for row in waits if row.pk not in lines and row.end is not None),
    ]


def _spans(rows: Iterable[ClockDecision]) -> list[Span]:
    return [
        (row.begins, row.ends)
        for row in rows
        if row.begins is not None and row.ends is not None and row.begins < row.ends
    ]


def _given_at(dossier: Dossier) -> datetime:
    """Since when the step at hand runs."""
    here = HandOver.objects.standing().filter(dossier=dossier, confirmed_at__isnull=False)
    given = here.order_by("-seq").values_list("given_at", flat=True).first()
    return given or dossier.received_at
