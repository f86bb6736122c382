"""Administrators of tests have passed the second step (R-142): the one place that says so. Whoever
signs in by the page passes it there.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from onestop.accounts.policy import ADMINISTERING
from onestop.accounts.steps import PASSED


def mark(session: Any, officer: Any) -> None:
    """This session was begun by a test, not by the sign-in page."""
    if any(grant.role in ADMINISTERING for grant in officer.grants.all()):
        session[PASSED] = 1


def _forced(request: HttpRequest, user: Any, **_: object) -> None:
    if request.method is None:  # `Client.force_login`: no browser asked
        mark(request.session, user)


def watch() -> None:
    user_logged_in.connect(_forced, dispatch_uid="tests.passed")
