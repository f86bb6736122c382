"""One convention for what was taken back: the row stays and says when, and when that became known."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class StandingManager(models.Manager[Row]):
    def standing(self) -> models.QuerySet[Row]:
        """What counts: not recalled, not taken back, not void."""
        return self.filter(undone_at=None)


class Undoable(models.Model):
    """A row that an act wrote and that taking the act back leaves as undone. `undone_at`: when that
    happened;
    `undone_recorded_at`: when the system learned of it. Only the ledger's writer sets them.
    """

    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_recorded_at = models.DateTimeField("ghi việc hoàn tác lúc", null=True, blank=True)

    class Meta:
        abstract = True
