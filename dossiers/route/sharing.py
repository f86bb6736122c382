"""The hours of a step whose process gives none: its share of the dossier's term (R-77).

Only of the default process, which no decision approved: a process that was decided is taken at its
word. The shares add up to the whole term, so that a dossier that is late as a whole has a late step.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from dossiers.models import Dossier
from onestop.worktime import Calendar, CalendarMissing, parse_term, start_of_day
from procedures.models import StepRole

# In hundredths of the term; the counter has its share twice, to pass on and to give back.
SHARES = {
    StepRole.COUNTER: 10,
    StepRole.SPECIALIST: 60,
    StepRole.LEADER: 20,
}
# What is told in hours is not told to the minute.
ROUND_TO = 15


def term_minutes(dossier: Dossier, calendar: Calendar) -> int | None:
    """The working minutes of the term as it was promised first: of a term in days from the day after
    the reception, else from its minute. None without a promise, or where a year has no calendar.
    """
    due = dossier.first_due_at
    if due is None:
        return None
    start, term = dossier.received_at, parse_term(dossier.term)
    received_on = timezone.localdate(start)
    if not term.by_instant and received_on < timezone.localdate(due):
        start = start_of_day(received_on + timedelta(days=1))
    try:
        return max(calendar.working_minutes_between(start, due), 0)
    except CalendarMissing:
        return None


def share_of(minutes: int | None, role: int) -> int | None:
    """What a step of this role gets of a term of so many minutes."""
    hundredths = SHARES.get(StepRole(role))
    if not minutes or hundredths is None:
        return None
    exact = minutes * hundredths // 100
    return exact - exact % ROUND_TO or exact or 1
