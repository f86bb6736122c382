"""Requests that the live server still works on: a page that was closed does not wait for its answers,
and tables must not be emptied under them (PostgreSQL: a deadlock, once in some thousand tests).
"""

import threading
from typing import Any

from django.core.signals import request_finished, request_started

PATIENCE = 20.0
_changed = threading.Condition()
_at_work = 0


def _count(by: int) -> None:
    global _at_work
    # The test's own client works in the main thread, and ends before the test does.
    if threading.current_thread() is not threading.main_thread():
        with _changed:
            _at_work += by
            _changed.notify_all()


def _began(**_: Any) -> None:
    _count(1)


def _ended(**_: Any) -> None:
    _count(-1)


def watch() -> None:
    """From here on; what an earlier test left uncounted is forgotten."""
    global _at_work
    with _changed:
        _at_work = 0
    request_started.connect(_began, dispatch_uid="tests.served")
    request_finished.connect(_ended, dispatch_uid="tests.served")


def wait_for_the_last() -> None:
    """Returns when no request is at work any more, or after some seconds: the tests are no judge of
    their own server.
    """
    with _changed:
        _changed.wait_for(lambda: _at_work <= 0, PATIENCE)
