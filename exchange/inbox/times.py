"""The times in a message: when it was sent and filed, and its hours from an instant (R-40). A time of a
wrong clock is none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers.intake import online
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from onestop.worktime import CalendarMissing, Promise

if TYPE_CHECKING:
    from dossiers.intake.said import Said
    from exchange.inbox.meaning import Mapped
    from exchange.inbox.places import Told
    from onestop.worktime import Calendar

# The last working hour of a day, in minutes.
LAST_HOUR = 60


def _is_possible(at: datetime, now: datetime) -> bool:
    """Not of a clock that is wrong, nor what systems write where they have no time: as in a list."""
    return online.FIRST_DAY <= at <= now + online.AHEAD


def possible(told: Told, name: str, now: datetime) -> datetime | None:
    """The time of that name; None where there is none to be believed."""
    try:
        found = told.instant(name)
    except DomainError:
        return None
    return found if found is not None and _is_possible(found, now) else None


def sent_at(told: Told, found: Mapped, now: datetime) -> datetime | None:
    """By which the newest of several stands: where it is no time, the order in which they came."""
    at = possible(told, "sent_at", now)
    if at is None and told.value("sent_at") is not None:
        found.note("note_sent_at", given=told.text("sent_at", 40))
    return at


def filed_at(told: Told, found: Mapped, now: datetime) -> datetime | None:
    """Without it nothing is taken: what is wrong with it is said."""
    try:
        at = told.instant("filed_at")
    except DomainError as error:
        found.lack(error.code, **error.data)
        return None
    if at is None:
        found.lack("missing_filed_at", given="")
    elif not _is_possible(at, now):
        found.lack("missing_filed_ahead", given=told.text("filed_at", 40))
        return None
    return at


def hours(found: Mapped, said: Said, filed_at: datetime) -> None:
    """Its columns for a filing at that instant, where nothing of an earlier one counts."""
    assert found.agency is not None
    calendar, start = found.memo.ask(calendar_of, found.agency.pk), filed_at
    if found.last_hour_waits and (later := _after_last_hour(filed_at, calendar)):
        said, start = replace(said, counts_from=later), later
    # Papers that come by bag are judged when they are here: no hours run before (acts/partners.py).
    promise = Promise(at=None) if said.follows else online.clock(start, calendar)
    found.counts_from = start
    found.columns |= {
        "filed_at": filed_at,
        "accept_by": promise.at,
        "warn_at": promise.warn_at,
        "said": said.told(),
    }


def _after_last_hour(filed_at: datetime, calendar: Calendar) -> datetime | None:
    """The start of the next working day for what came in the last working hour of its own."""
    local = timezone.localtime(filed_at)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        left = calendar.working_minutes_between(filed_at, midnight)
        return calendar.next_session_start(midnight) if 0 < left <= LAST_HOUR else None
    except CalendarMissing:
        return None
