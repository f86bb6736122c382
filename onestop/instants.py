"""Instants as canonical texts write them, and instants that lie ahead: a clock that was wrong and is
put right leaves them. What was "last" then is no evidence of anything now.
"""

from datetime import UTC, datetime, timedelta

from django.dispatch import Signal

# Machines of one installation may differ by so much, and a clock that is kept right steps back by
# less.
SKEW = timedelta(minutes=1)

# Sent once by the first heartbeat after the clock was set back, with `now`; each app mends its own
# rows that wait for an instant of the wrong clock. Receivers run in the heartbeat's transaction: one
# that fails is asked again with the next beat.
clock_set_back = Signal()


def lies_ahead(at: datetime | None, now: datetime) -> bool:
    """Whether something that is said to have happened would only happen later than now."""
    return at is not None and at > now + SKEW


def instant(at: datetime | None) -> str | None:
    """An instant as the canonical text writes it: UTC, microseconds, so that any engine gives the
    same.
    """
    return (
        at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z" if at is not None else None
    )


def stored_instant(text: str) -> str:
    """The same of an instant that the database wrote as a text: `2026-11-20 02:00:00.5+00` on
    PostgreSQL, without the zone on SQLite.
    """
    bare, zone = text[:19], text[-3:]
    if zone == "+00":
        fraction = text[20:-3]
    elif len(text) == 19 or (text[19] == "." and len(text) == 26):
        fraction = text[20:]
    else:
        return instant(datetime.fromisoformat(text)) or ""
    return f"{bare[:10]}T{bare[11:]}.{fraction:0<6}Z"


def moment(text: str | None) -> datetime | None:
    """The instant that a canonical text wrote."""
    return datetime.fromisoformat(text) if text else None
