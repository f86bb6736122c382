"""Which night's backup is owed, when the next comes, when one is too old, when a proof is due."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

# Behind the sweep of files that nobody kept, before the nightly checks.
AT = time(1, 30)
DAY = timedelta(days=1)
# "Each quarter".
PROVEN_MONTHS = 3


def is_on() -> bool:
    return bool(settings.BACKUP_DIR)


def night_of(now: datetime) -> date:
    """The last night whose hour has come."""
    local = timezone.localtime(now)
    return local.date() if local.time() >= AT else local.date() - DAY


def next_at(now: datetime) -> datetime:
    local = timezone.localtime(now)
    return datetime.combine(night_of(now) + DAY, AT, tzinfo=local.tzinfo)


def oldest_allowed(now: datetime) -> datetime:
    """What was begun before is too old to be the newest."""
    return now - timedelta(hours=settings.BACKUP_ALARM_HOURS)


def proof_due(since: datetime) -> date:
    """The same day three months later; the last day of a shorter month."""
    day = timezone.localdate(since)
    years, month = divmod(day.month - 1 + PROVEN_MONTHS, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
