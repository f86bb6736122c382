"""Which tables an archive holds, and how their values stand in it.

A value is text, a number or nothing, as SQLite keeps it: instants are UTC "2026-11-23 02:00:00.5…",
booleans 0 and 1, UUIDs 32 hexadecimal digits, JSON its text; bytes are hexadecimal. Both engines
give and take them so, by the statements below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey

# Who is signed in now is nothing to bring back, and no archive should open a door.
LEFT_OUT = (
    "accounts_officersession", "citizens_citizensession", "citizens_signin", "django_session",
)  # fmt: skip

_KINDS = {
    "BooleanField": "bool",
    "CharField": "text",
    "SlugField": "text",
    "TextField": "text",
    "FilePathField": "text",
    "DateTimeField": "instant",
    "DateField": "date",
    "TimeField": "time",
    "UUIDField": "uuid",
    "BinaryField": "bytes",
    "JSONField": "json",
    "FloatField": "float",
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField",
            "SmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField",
            "PositiveSmallIntegerField",
        ),
        "int",
    ),
}  # fmt: skip
_INSTANT = "'YYYY-MM-DD HH24:MI:SS.US'"
_POSTGRES = {
    "int": "{c}::int8",
    "bool": "{c}::int::int8",
    "text": "{c}::text",
    # Django writes no fraction where there is none, and SQLite compares texts.
    "instant": f"replace(to_char({{c}} AT TIME ZONE 'UTC', {_INSTANT}), '.000000', '')",
    "date": "to_char({c}, 'YYYY-MM-DD')",
    "time": "replace(to_char({c}, 'HH24:MI:SS.US'), '.000000', '')",
    "uuid": "replace({c}::text, '-', '')",
    "bytes": "encode({c}, 'hex')",
    "json": "{c}::text",
    "float": "{c}::float8",
}
_SQLITE = {
    # A column that was made one of bytes later may hold the text of before (onestop/compact.py).
    "bytes": "CASE typeof({c}) WHEN 'text' THEN '\"' || {c} WHEN 'null' THEN NULL ELSE lower(hex({c})) END",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`rewritten`: for a text that SQLite still has in a column of bytes, its bytes."""

    name: str
    kind: str
    rewritten: Callable[[str], bytes] | None = None

    def read_on(self, vendor: str) -> str:
        """The expression that gives its neutral value."""
        quoted = f'"{self.name}"'
        pattern = _POSTGRES[self.kind] if vendor == "postgresql" else _SQLITE.get(self.kind, "{c}")
        return pattern.format(c=quoted)

    @property
    def copied_as(self) -> str:
        """The type in which PostgreSQL hands it over."""
        return {"int": "int8", "bool": "int8", "float": "float8"}.get(self.kind, "text")


@dataclass(frozen=True, slots=True)
class Listed:
    """One table of this program: `counts`: the column whose numbers the database gives."""

    name: str
    columns: tuple[Column, ...]
    order: str
    counts: str | None

    def select(self, vendor: str) -> str:
        columns = ", ".join(column.read_on(vendor) for column in self.columns)
        return f'SELECT {columns} FROM "{self.name}" ORDER BY "{self.order}"'  # noqa: S608 (our own names)


def listed() -> list[Listed]:
    """Every table of the program's models, by name."""
    models = (m for m in apps.get_models(include_auto_created=True) if m._meta.managed)
    found = {m._meta.db_table: m for m in models if not m._meta.proxy}
    return [_listed(name, found[name]) for name in sorted(found) if name not in LEFT_OUT]


def _listed(name: str, model: Any) -> Listed:
    fields = [f for f in model._meta.local_concrete_fields if not getattr(f, "generated", False)]
    pk = model._meta.pk
    return Listed(
        name=name,
        columns=tuple(_column(field) for field in fields),
        order=str(pk.column),
        counts=str(pk.column) if pk.get_internal_type().endswith("AutoField") else None,
    )


def _column(field: Field[Any, Any]) -> Column:
    kind = kind_of(field)
    if kind != "bytes":
        return Column(str(field.column), kind)

    def rewritten(text: str) -> bytes:
        read = getattr(field, "from_db_value", None)
        value = read(text, None, None) if read is not None else text
        prepared = field.get_prep_value(value)
        return bytes(prepared) if not isinstance(prepared, str) else prepared.encode()

    return Column(str(field.column), kind, rewritten)


def kind_of(field: Field[Any, Any]) -> str:
    """Errors: KeyError for a kind of column that nobody has taught us yet."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return _KINDS[field.get_internal_type()]


def shown(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """As the manifest names them."""
    return tuple((column.name, column.kind) for column in columns)
