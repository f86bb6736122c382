"""Which tables hang on a dossier, and which of their columns events tell (onestop/rows.py says how)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from django.db.models import Model

from dossiers.models import Dossier, Slip
from dossiers.models.undone import OF_DOSSIER, OfDossier
from onestop.files.models import Attachment
from onestop.rows import Columns, Told

# Words of the law, of the catalogue and of the program: text that names nobody.
PLAIN_TEXT = frozenset(
    [
        "code",
        "term",
        "step_name",
        "calendar_key",
        "kind",
        "extra",
        "mode",
        "slug",
        "sha256",
        "year",
        "giver_role",
        "receiver_role",
        "next_step_name",
        "content_type",
        "row_digest",
    ]
)
# What the scheduler has already told people: acts put it back to nothing, the scheduler sets it
# between them.
LOOSE = frozenset({"soon_flagged", "late_flagged"})
# Counts that acts on different rows change: taking one back takes off what it added.
COUNTED = frozenset({"open_legs"})
# Columns that a migration filled in rows whose events say nothing of them: no act gave those lists
# their numbers. That none is missing and none is there twice is proven by numbers.py.
FILLED_LATER = {"batches": frozenset({"year", "number"})}
# Columns that no act writes, with the reason.
NOT_TOLD: dict[type[Model], dict[str, str]] = {
    Dossier: {
        "id": "names the dossier in every event",
        "row_version": "counts acts for pages that are open",
        "event_seq": "head of the chain, compared with it",
        "event_hash": "head of the chain, compared with it",
        "salt": "salts the digests: another one breaks all of them",
    },
    Slip: {
        "pdf_id": "made by the worker afterwards, checked by its own checksum",
        "snapshot": "its sha256 is told, and compared whenever the slip is drawn",
    },
    Attachment: {
        "uploaded_by_id": "stands in the event of its act",
        "pages": "counted from the content, whose checksum is told",
    },
}


# Files of a dossier, by the kind of their row; taking an act back sets aside what it added.
FILES, UNDONE = ("dossier", "result"), "-undone"
ALL_FILES = (*FILES, *(f"{kind}{UNDONE}" for kind in FILES))


@dataclass(frozen=True)
class Table(Told):
    """One table of rows that hang on a dossier. `name` in events, `words` in what a misfit says."""

    name: str
    model: type[Model]
    words: str
    key: str = "dossier_id"
    only: Mapping[str, Any] = field(default_factory=dict)

    @property
    def left_out(self) -> Collection[str]:
        return {"id", self.key, *NOT_TOLD.get(self.model, ())} | set(self.only)

    @property
    def plain_text(self) -> Collection[str]:
        return PLAIN_TEXT

    @property
    def passing(self) -> Collection[str]:
        return LOOSE if self.model is Dossier else ()


def as_known(table: Table, told: Columns, now: Columns) -> Columns:
    """A row as it stands now, without what was filled in later than it was told."""
    later = FILLED_LATER.get(table.name, frozenset()) - told.keys()
    return {name: value for name, value in now.items() if name not in later} if later else now


DOSSIER = Table("dossier", Dossier, "hồ sơ")
_FILES = Table("files", Attachment, "tệp đính kèm", key="object_id", only={"kind__in": ALL_FILES})


@cache
def table_of(model: type[Model]) -> Table:
    """The table of rows of this model, as the model declares it."""
    if model is Attachment:
        return _FILES
    of_dossier = cast("type[OfDossier]", model)
    name, words = of_dossier.told_as
    return Table(name, model, words, key=of_dossier.told_through)


def tables() -> dict[str, Table]:
    """Every table whose rows hang on a dossier, by name: a model that declares itself is one of
    them.
    """
    return {table.name: table for table in map(table_of, (*OF_DOSSIER, Attachment))}
