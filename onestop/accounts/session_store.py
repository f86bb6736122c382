"""Django's sessions in the database, with their owner in columns (settings.SESSION_ENGINE).

Whose session it is, and when it was seen, is written with the session itself: no page gains a
statement by it, and a key that is changed takes its columns along. It is read anew in each request,
so that who was signed out is out at once, by a statement that is built once (onestop/speed.py).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from onestop.accounts.models import OfficerSession
from onestop.speed import Prepared

# What a session notes of itself: instants as whole seconds.
BEGAN, SEEN, ADDRESS, BROWSER = "began", "seen", "address", "browser"
ADMINISTRATOR = "administrator"
# When the second step was passed (steps.py).
PASSED = "second_step"
_of_key = Prepared(
    "signed in",
    lambda key, now: OfficerSession.objects.filter(session_key=key, expire_date__gt=now),
)


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        return OfficerSession

    def _get_session_from_db(self) -> Any:
        found = _of_key(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.officer_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.began_at, row.seen_at = _instant(data.get(BEGAN)), _instant(data.get(SEEN))
        row.idle_at = row.seen_at and row.seen_at + idle_time(data)
        row.address, row.user_agent = data.get(ADDRESS, ""), data.get(BROWSER, "")
        return row


def idle_time(session: Any) -> timedelta:
    """How long nobody may be at work before a session is over (R-140)."""
    shorter = session.get(ADMINISTRATOR)
    return timedelta(minutes=settings.IDLE_MINUTES_ADMIN if shorter else settings.IDLE_MINUTES)


def _instant(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
