"""A worker's hold on a run that is a row: `holder` says whose it is, `due_at` until when. Who was too
slow finds out by its next writing, and has written nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet

Run = TypeVar("Run", bound=Model)
# Whoever works reads the clock, again and again; not the domain.
Clock = Callable[[], datetime]


class Lost(Exception):
    """Somebody else has this run by now."""


class Hold(Generic[Run]):
    """`running`: the state of a run that a worker has. Errors of all of it: Lost."""

    running: ClassVar[Any]

    def __init__(self, run: Run, token: str, clock: Clock) -> None:
        self.run = run
        self.token = token
        self.clock = clock

    @property
    def rows(self) -> QuerySet[Run]:
        held = {"pk": self.run.pk, "holder": self.token, "state": self.running}
        return type(self.run)._default_manager.filter(**held)

    def write(self, **columns: Any) -> None:
        """Columns of the run, while it is held."""
        if not self.rows.update(**columns):
            raise Lost
