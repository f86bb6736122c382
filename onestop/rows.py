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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, Field, ForeignKey, Model, TextField
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Cast
from django.utils import timezone

from onestop.instants import instant, stored_instant

Columns = dict[str, Any]
# The same without names, in the order of a Reading: tuples, which the garbage collector soon leaves
# alone where it would walk thousands of lists again and again.
Row = tuple[Any, ...]
DIGEST = "#"
GENESIS = "0" * 64


class Reading:
    """Columns of a model as canonical texts write them, read as such: instants, days and keys come as
    texts. Half of what a proof costs would else be instants made and written out again.
    """

    def __init__(self, model: type[Model], names: Collection[str]) -> None:
        fields = {f.attname: _kind(f) for f in model._meta.concrete_fields}
        self.names = tuple(names)
        self.asked = tuple(
            Cast(name, TextField()) if fields[name] in _AS_TEXT else name for name in names
        )
        self._instants = [n for n, name in enumerate(names) if fields[name] == "DateTimeField"]
        self._turned = [
            (n, _TURNED[fields[name]]) for n, name in enumerate(names) if fields[name] in _TURNED
        ]

    def rows(self, found: Any, *before: str) -> Iterator[tuple[tuple[Any, ...], Row]]:
        """Each row of a query set: the columns `before` as they come, and those of this."""
        # One act writes one instant into many columns, so that most are known already.
        instants, count = _Instants(), len(before)
        for values in found.values_list(*before, *self.asked):
            row = list(values[count:])
            for place in self._instants:
                if row[place] is not None:
                    row[place] = instants[row[place]]
            for place, turn in self._turned:
                if row[place] is not None:
                    row[place] = turn(row[place])
            yield values[:count], tuple(row)


class _Instants(dict[str, str]):
    def __missing__(self, text: str) -> str:
        found = self[text] = stored_instant(text)
        return found


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

    @property
    def passing(self) -> Collection[str]:
        """Columns that are told and need not stand as told."""
        return ()

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
        return {name: _converter(f) for name, f in both.items()}

    @cached_property
    def _empty(self) -> dict[str, Any]:
        # The moment of making a row is no default: it is another one each time it is asked for.
        return {
            name: None if f.default is timezone.now else as_written(_default_of(f))
            for name, f in {**self.told, **self.texts}.items()
        }

    def values_of(self, row: Model) -> Columns:
        """Every column of a row in hand as it would be read back, plain."""
        # Every event looks at every column: half of them are empty, and nearly all others have the
        # very type they are read back with.
        found = {}
        for name, exact, convert, empty in self._walk:
            value = getattr(row, name)
            if value is None:
                continue
            plain = as_written(value if type(value) is exact else convert(value))
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
        found = {name: as_written(row[name]) for name in self.names}
        return {
            name: value for name, value in found.items() if value not in (None, self._empty[name])
        }

    @cached_property
    def reading(self) -> Reading:
        """Every column that is compared; texts come last."""
        return Reading(self.model, [name for name in self.names if name not in self.passing])

    @cached_property
    def _compared(self) -> tuple[Columns, list[tuple[int, str, Any]]]:
        """Told columns of `reading` with their defaults; texts with their place."""
        texts = [
            (place, name, self._empty[name])
            for place, name in enumerate(self.reading.names)
            if name in self.texts
        ]
        told = {name: self._empty[name] for name in self.reading.names if name in self.told}
        return told, texts

    def fits(self, said: Columns, row: Sequence[Any], salt: bytes | memoryview) -> bool:
        """Whether a row, as `reading` gives it, is as it was told. It may be so though this denies it
        (NULL where the default is none): whoever names what differs compares by name.
        """
        empty, texts = self._compared
        expected = {**empty, **said}
        digested = expected.pop(DIGEST, None)
        for name in self.passing:
            expected.pop(name, None)
        if expected != dict(zip(empty, row, strict=False)):
            return False
        words = {
            name: row[place]
            for place, name, default in texts
            if row[place] is not None and row[place] != default
        }
        return bool(digested == (digest(salt, words) if words else None))

    def columns_of(self, row: Sequence[Any]) -> Columns:
        """A row, as `reading` gives it, by name and without what has its default."""
        return {
            name: value
            for name, value in zip(self.reading.names, row, strict=True)
            if value not in (None, self._empty[name])
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


def _default_of(one: Field[Any, Any]) -> Any:
    """Also of a column whose default is the database's alone: get_default() gives an expression."""
    return (
        one.db_default
        if one.default is NOT_PROVIDED and one.has_db_default()
        else one.get_default()
    )


def _converter(one: Field[Any, Any]) -> Callable[[Any], Any]:
    # Bytes are written as hex digits; the field itself would read a text as base64.
    if type(one) is BinaryField:
        return lambda value: bytes.fromhex(value) if isinstance(value, str) else bytes(value)
    return (one.target_field if isinstance(one, ForeignKey) else one).to_python


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
    return _written(content)


# Made once: a third of the work on a short text is else the making of its writer.
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


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


# What the database itself writes as the canonical text does, or nearly so.
_AS_TEXT = frozenset({"DateTimeField", "DateField", "UUIDField"})


def _hex(value: Any) -> Any:
    # A field of bytes may give them as what they stand for (onestop.compact).
    return value if isinstance(value, str) else bytes(value).hex()


def _without_dashes(value: str) -> str:
    return value.replace("-", "")


_TURNED: dict[str, Callable[[Any], Any]] = {
    "UUIDField": _without_dashes,
    "BinaryField": _hex,
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


def as_written(value: Any) -> Any:
    """A value as canonical texts write it."""
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
