"""The open sessions of an officer: listed and ended by their owner, ended by what makes them unsafe
(a new password, a closed account, a factor that was reset).

A session that is ended is gone from the database: its next request finds nobody signed in.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from onestop.accounts.access import access
from onestop.accounts.browsers import browser_in_words
from onestop.accounts.models import AccessKind, Officer, OfficerSession
from onestop.accounts.session_store import PASSED
from onestop.errors import DomainError
from onestop.instants import SKEW

REFERENCE_LENGTH = 32


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`reference` names it on a page: whoever reads the page learns no key of a session by it.
    `is_half`: somebody knew the password and has not passed the second step.
    """

    reference: str
    began_at: datetime | None
    seen_at: datetime | None
    address: str
    browser: str
    is_this: bool
    is_half: bool


def open_sessions(officer: Officer, *, this: str | None, at: datetime) -> list[OpenSession]:
    """What is signed in at this instant, the latest first and `this` (a session's key) before all;
    what has been idle for too long is over, whether its browser has noticed or not. One query.
    """
    found = [
        OpenSession(
            reference=reference_of(row.session_key),
            began_at=row.began_at,
            seen_at=row.seen_at,
            address=row.address,
            browser=browser_in_words(row.user_agent),
            is_this=row.session_key == this,
            is_half=officer.has_factor and PASSED not in row.get_decoded(),
        )
        for row in _open(officer, at).order_by("-seen_at", "session_key")
    ]
    return sorted(found, key=lambda one: not one.is_this)


def count_open(officer: Officer, *, at: datetime) -> int:
    return _open(officer, at).count()


def end_one(*, officer: Officer, reference: str, this: str | None) -> None:
    """The owner ends one of the other sessions. Raises DomainError session_this / session_over."""
    with transaction.atomic():
        rows = OfficerSession.objects.filter(officer=officer)
        row = next((row for row in rows if reference_of(row.session_key) == reference), None)
        if row is None:
            raise DomainError("session_over")
        if row.session_key == this:
            raise DomainError("session_this")
        row.delete()
        words = ", ".join(part for part in (browser_in_words(row.user_agent), row.address) if part)
        access(officer, AccessKind.SESSION_ENDED, "officer", officer.pk, words)


def end_others(*, officer: Officer, this: str | None) -> int:
    """The owner ends all sessions but the one in use; how many there were."""
    with transaction.atomic():
        count = drop(officer, but=this)
        access(officer, AccessKind.SESSION_ENDED, "officer", officer.pk, f"{count} phiên khác")
    return count


def end_all_of(*, officer: Officer, by: Officer) -> int:
    """An administrator ends every session of somebody else; how many there were. Raises DomainError
    own_account.
    """
    if officer.pk == by.pk:
        raise DomainError("own_account")
    with transaction.atomic():
        count = drop(officer)
        access(
            by,
            AccessKind.SESSION_ENDED,
            "officer",
            officer.pk,
            f"{officer.username}: {count} phiên",
            about=officer.agency_id,
        )
    return count


def drop(officer: Officer, *, but: str | None = None) -> int:
    """Ends the officer's sessions as part of another act, which says so in the log: at once, and
    without waiting for the browsers to ask. `but` is the key of one that stays.
    """
    rows = OfficerSession.objects.filter(officer=officer)
    count, _ = (rows.exclude(session_key=but) if but else rows).delete()
    return count


def reference_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:REFERENCE_LENGTH]


def _open(officer: Officer, at: datetime) -> QuerySet[OfficerSession]:
    return OfficerSession.objects.filter(
        officer=officer,
        expire_date__gt=at,
        idle_at__gte=at,
        seen_at__lte=at + SKEW,
    )
