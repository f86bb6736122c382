"""Rows that hang on a dossier, and one convention for what was taken back: the row stays and says
when, and when that became known.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)

# Every model whose rows hang on a dossier, as each declares itself: the ledger's tables
# (ledger/tables.py), what verification walks, what the archive copies.
OF_DOSSIER: list[type[models.Model]] = []


class OfDossier(models.Model):
    """A row that hangs on a dossier and is told in its events. `told_as`: what the ledger calls the
    table, and its words in what a misfit says; `told_through`: the way to the dossier's id.
    """

    told_as: ClassVar[tuple[str, str]]
    told_through: ClassVar[str] = "dossier_id"

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "told_as" in cls.__dict__:
            OF_DOSSIER.append(cls)


def standing(path: str = "") -> models.Q:
    """What counts: not recalled, not taken back, not void. `path`: where the rows are reached from
    another table, like "hand_overs__".
    """
    return models.Q(**{f"{path}undone_at": None})


class StandingManager(models.Manager[Row]):
    def standing(self) -> models.QuerySet[Row]:
        """The rows that count."""
        return self.filter(standing())


class Undoable(OfDossier):
    """A row that an act wrote and that taking the act back leaves as undone. `undone_at`: when that
    happened;
    `undone_recorded_at`: when the system learned of it. Only the ledger's writer sets them.
    """

    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_recorded_at = models.DateTimeField("ghi việc hoàn tác lúc", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_standing(self) -> bool:
        """Whether it counts, as `standing()` says of many."""
        return self.undone_at is None
