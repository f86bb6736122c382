"""Whether the session of a request has passed the second step (R-142), asked at each request: an
officer who leaves the office with the open notebook, or becomes an administrator meanwhile, is
asked then.
"""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from onestop.accounts import policy
from onestop.accounts.access import client_address
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Officer
from onestop.accounts.session_store import PASSED, SEEN

# What is owed: a code of a factor that is there; a factor.
CODE, FACTOR = "code", "factor"


class Half(NamedTuple):
    """Who has proven the password only."""

    officer: Officer
    owes: str

    @property
    def is_stranger(self) -> bool:
        """Whether no page but those of the step knows this officer. A password that somebody else
        gave is changed before a factor is set up: who owes that and a factor is let to that page.
        """
        return self.owes == CODE or not self.officer.must_change_password


def half_of(request: HttpRequest, officer: Officer, desk: Desk) -> Half | None:
    """What this session owes before anything is opened to it; None when nothing. No query but those
    of the desk.
    """
    if PASSED in request.session:
        return None
    if officer.has_factor:
        return Half(officer, CODE)
    return Half(officer, FACTOR) if must_have(request, desk) else None


def must_have(request: HttpRequest, desk: Desk) -> bool:
    """Whether this officer must have a second factor, here and now."""
    return policy.is_required() and (
        not policy.is_inside(client_address(request)) or desk.has(*policy.ADMINISTERING)
    )


def may_enrol(request: HttpRequest) -> bool:
    """Who has only the password sets nothing up from outside: a thief of passwords would."""
    return policy.is_inside(client_address(request)) or PASSED in request.session


def half(request: HttpRequest) -> Half | None:
    """The officer of a half session; None for a stranger and for whoever owes nothing."""
    found: Half | None = getattr(request, "half", None)
    return found


def passed(request: HttpRequest, officer: Officer) -> None:
    """This session is whole from now on: under a new key, with its clock at now."""
    now = int(timezone.now().timestamp())
    request.session.cycle_key()
    request.session.set_expiry(None)
    request.session[PASSED] = request.session[SEEN] = now
    request.user = officer
    request.half = None  # type: ignore[attr-defined]
    request.desk = desk_of(officer, timezone.now())  # type: ignore[attr-defined]


def forget(request: HttpRequest) -> None:
    """A session begins: whatever one before it had passed."""
    request.session.pop(PASSED, None)
