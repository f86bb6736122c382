"""Which tables hang on a dossier, and how the ledger tells a row: from the models' own metadata, so
that no column is forgotten.

Instants, numbers, choices and keys are told as they are; free text and whatever names a person is
told as one salted digest a row ("#"), so that it can be erased when the law asks without breaking
the chain. Columns with their default are left out: a column that is added later changes no seal of
today.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, cast
from uuid import UUID

from django.db.models import Field, ForeignKey, Model

from dossiers.instants import instant
from dossiers.models import Dossier, Slip
from dossiers.models.undone import OF_DOSSIER, OfDossier
from onestop.files.models import Attachment

Columns = dict[str, Any]
DIGEST = "#"

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
    Attachment: {"uploaded_by_id": "stands in the event of its act"},
}


# Files of a dossier, by the kind of their row; taking an act back sets aside what it added.
FILES, UNDONE = ("dossier", "result"), "-undone"
ALL_FILES = (*FILES, *(f"{kind}{UNDONE}" for kind in FILES))


@dataclass(frozen=True)
class Table:
    """One table of rows that hang on a dossier. `name` in events, `words` in what a misfit says."""

    name: str
    model: type[Model]
    words: str
    key: str = "dossier_id"
    only: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def told(self) -> dict[str, Field[Any, Any]]:
        """The columns told as they are, by attribute name."""
        return {f.attname: f for f in self._fields if not _is_text(f)}

    @cached_property
    def texts(self) -> dict[str, Field[Any, Any]]:
        """The columns told by digest only."""
        return {f.attname: f for f in self._fields if _is_text(f)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*self.told, *self.texts)

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        aside = {"id", self.key, *NOT_TOLD.get(self.model, ())} | set(self.only)
        return [f for f in self.model._meta.concrete_fields if f.attname not in aside]

    @cached_property
    def _converters(self) -> dict[str, Callable[[Any], Any]]:
        both = {**self.told, **self.texts}
        return {
            name: (f.target_field if isinstance(f, ForeignKey) else f).to_python
            for name, f in both.items()
        }

    @cached_property
    def _empty(self) -> dict[str, Any]:
        return {name: _plain(f.get_default()) for name, f in {**self.told, **self.texts}.items()}

    def values_of(self, row: Model) -> Columns:
        """Every column of a row in hand as it would be read back, plain."""
        found = {}
        empty = self._empty
        for name, convert in self._converters.items():
            value = getattr(row, name)
            # Half of the columns of a dossier are empty, and every event looks at all of them.
            if value is not None:
                plain = _plain(convert(value))
                if plain is not None and plain != empty[name]:
                    found[name] = plain
        return found

    def plain(self, row: Mapping[str, Any]) -> Columns:
        """Columns as the ledger compares them: no default, instants as texts."""
        found = {name: _plain(row[name]) for name in self.names}
        return {
            name: value for name, value in found.items() if value not in (None, self._empty[name])
        }

    def told_of(self, values: Columns, salt: bytes | memoryview) -> Columns:
        """What an event says of a row with these values: told columns, and one digest of its texts
        where it has any.
        """
        said = {name: value for name, value in values.items() if name in self.told}
        texts = {name: value for name, value in values.items() if name in self.texts}
        return said | ({DIGEST: digest(salt, texts)} if texts else {})

    def called(self, name: str) -> str:
        """What people call a column, where they have a word for it."""
        field = self.told[name]
        own = str(field.verbose_name)
        return name if own == field.name.replace("_", " ") else own

    def restored(self, name: str, value: Any) -> Any:
        """A column's value from what the ledger kept of it; None there is the column's default."""
        both: Any = self.told.get(name) or self.texts[name]
        return both.get_default() if value is None else self._converters[name](value)


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


def rows_of(table: Table, dossier_ids: Iterable[int]) -> dict[int, dict[int, Columns]]:
    """The rows of a table by dossier and id, plain. One query."""
    found: dict[int, dict[int, Columns]] = defaultdict(dict)
    rows: Any = table.model._default_manager.filter(
        **{f"{table.key}__in": list(dossier_ids)}, **table.only
    )
    for row in rows.order_by().values("id", table.key, *table.names):
        found[row[table.key]][row["id"]] = table.plain(row)
    return found


def digest(salt: bytes | memoryview, content: Any) -> str:
    """A salted digest that stands for text in an event: proves equality, tells nothing, dies with
    the salt.
    """
    return hashlib.sha256(bytes(salt) + canonical(content).encode()).hexdigest()[:32]


def canonical(content: Any) -> str:
    """One text for one content: sorted keys, no spaces, letters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(content: Any) -> str:
    """The hash of what is public to whoever may read the row: a slip's snapshot."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _is_text(one: Field[Any, Any]) -> bool:
    kind = one.get_internal_type()
    return (
        kind in ("CharField", "TextField", "JSONField", "BinaryField")
        and one.attname not in PLAIN_TEXT
        and not one.choices
    )


def _same(value: Any) -> Any:
    return value


# By exact type, which is what nearly all values have; subclasses take the way below.
_PLAIN: dict[type, Callable[[Any], Any]] = {
    str: _same,
    int: _same,
    bool: _same,
    type(None): _same,
    datetime: instant,
    bytes: bytes.hex,
}


def _plain(value: Any) -> Any:
    known = _PLAIN.get(type(value))
    if known is not None:
        return known(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value).hex()
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return int(value)
