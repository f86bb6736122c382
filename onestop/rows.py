"""How a row is told so that it can be proven later: from the model's own metadata, so that no column
is forgotten.

Instants, numbers, choices and keys are told as they are; free text and whatever names a person is
told as one salted digest a row ("#"), so that it can be erased when the law asks without breaking a
chain. Columns with their default are left out: a column that is added later changes nothing of
today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Field, ForeignKey, Model

from onestop.instants import instant

Columns = dict[str, Any]
DIGEST = "#"
GENESIS = "0" * 64


class Told:
    """One table and which of its columns are told: all but those that `left_out` names."""

    model: type[Model]

    @property
    def left_out(self) -> Collection[str]:
        raise NotImplementedError

    @property
    def plain_text(self) -> Collection[str]:
        """Text columns that name nobody and are told as they are."""
        raise NotImplementedError

    @cached_property
    def told(self) -> dict[str, Field[Any, Any]]:
        """The columns told as they are, by attribute name."""
        return {f.attname: f for f in self._fields if not self._is_text(f)}

    @cached_property
    def texts(self) -> dict[str, Field[Any, Any]]:
        """The columns told by digest only."""
        return {f.attname: f for f in self._fields if self._is_text(f)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*self.told, *self.texts)

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [f for f in self.model._meta.concrete_fields if f.attname not in self.left_out]

    def _is_text(self, one: Field[Any, Any]) -> bool:
        kind = one.get_internal_type()
        return (
            kind in ("CharField", "TextField", "JSONField", "BinaryField")
            and one.attname not in self.plain_text
            and not one.choices
        )

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
        # Every event looks at every column: half of them are empty, and nearly all others have the
        # very type they are read back with.
        found = {}
        for name, exact, convert, empty in self._walk:
            value = getattr(row, name)
            if value is None:
                continue
            plain = _plain(value if type(value) is exact else convert(value))
            if plain is not None and plain != empty:
                found[name] = plain
        return found

    @cached_property
    def _walk(self) -> list[tuple[str, type | None, Callable[[Any], Any], Any]]:
        """Each column with the type that needs no conversion, the conversion, and its default."""
        return [
            (name, _EXACT.get(_kind(f)), self._converters[name], self._empty[name])
            for name, f in {**self.told, **self.texts}.items()
        ]

    def plain(self, row: Mapping[str, Any]) -> Columns:
        """Columns as they are compared: no default, instants as texts."""
        found = {name: _plain(row[name]) for name in self.names}
        return {
            name: value for name, value in found.items() if value not in (None, self._empty[name])
        }

    def told_of(self, values: Columns, salt: bytes | memoryview) -> Columns:
        """What is said of a row with these values: told columns, and one digest of its texts where
        it has any.
        """
        said = {name: value for name, value in values.items() if name in self.told}
        texts = {name: value for name, value in values.items() if name in self.texts}
        return said | ({DIGEST: digest(salt, texts)} if texts else {})

    def called(self, name: str) -> str:
        """What people call a column, where they have a word for it; texts are compared as a whole."""
        if name == DIGEST:
            return "họ tên, liên hệ hoặc nội dung bằng chữ"
        field = self.told[name]
        own = str(field.verbose_name)
        return name if own == field.name.replace("_", " ") else own

    def restored(self, name: str, value: Any) -> Any:
        """A column's value from what was kept of it; None there is the column's default."""
        both: Any = self.told.get(name) or self.texts[name]
        return both.get_default() if value is None else self._converters[name](value)


def chain(previous: str, text: str) -> str:
    """The hash of a text over the hash before it."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def digest(salt: bytes | memoryview, content: Any) -> str:
    """A salted digest that stands for text: proves equality, tells nothing, dies with the salt."""
    return hashlib.sha256(bytes(salt) + canonical(content).encode()).hexdigest()[:32]


def sha256_of(content: Any) -> str:
    """The hash of what is public to whoever may read the row: a slip's snapshot."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(content: Any) -> str:
    """One text for one content: sorted keys, no spaces, letters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _kind(one: Field[Any, Any]) -> str:
    return (one.target_field if isinstance(one, ForeignKey) else one).get_internal_type()


_EXACT: dict[str, type] = {
    "CharField": str,
    "TextField": str,
    "BigAutoField": int,
    "AutoField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "BooleanField": bool,
    "DateTimeField": datetime,
    "BinaryField": bytes,
}


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
