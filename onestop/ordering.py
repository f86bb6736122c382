"""Texts in the order people look for them, told by the database: without diacritics, equal on both
engines, whatever collation the database has.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Collate

from onestop.folding import fold

_FUNCTION = "in_order"
# Every letter that Vietnamese writes, with its plain one; figures and signs stay.
_MARKED = "".join(
    one + one.upper()
    for one in "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
) + "".join(map(chr, range(ord("A"), ord("Z") + 1)))
_PLAIN = "".join(map(fold, _MARKED))


class InOrder(Func):
    """A text as lists order by it: folded, then what matches `pattern` written as `by`. The patterns
    are of the kind that Python and PostgreSQL read alike.
    """

    output_field = TextField()

    def __init__(self, text: Any, pattern: Any = "", by: Any = "", **extra: Any) -> None:
        parts = (one if hasattr(one, "as_sql") else Value(one) for one in (pattern, by))
        super().__init__(F(text) if isinstance(text, str) else text, *parts, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, function=_FUNCTION, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        text, pattern, by = self.get_source_expressions()
        kind = {"output_field": self.output_field}
        plain = Func(text, Value(_MARKED), Value(_PLAIN), function="translate", **kind)
        ordered = Func(plain, pattern, by, function="regexp_replace", **kind)
        return compiler.compile(Collate(ordered, "C"))


def given_name_first(name: str) -> InOrder:
    """People stand by their given name, the last word, then by the rest."""
    return InOrder(name, r"^(.*) (\S+)$", r"\2 \1")


def in_order(text: str, pattern: str, by: str) -> str:
    """What the database is told for SQLite."""
    return re.sub(pattern, by, fold(text or ""), count=1)


def _connected(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(_FUNCTION, 3, in_order, deterministic=True)


def connect() -> None:
    connection_created.connect(_connected, dispatch_uid="ordering-connected")
