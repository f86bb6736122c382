"""Finding the texts that hold words which begin so, without reading all of them: PostgreSQL keeps an
index of their words. SQLite has none and reads the texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BooleanField, F, Func, Value

from procedures.searching import runs_of

# So many letters of a word are asked of the index: PostgreSQL refuses words of more than 2,046 bytes.
# Whatever is longer begins with them.
LONGEST = 200


class _Words(Func):
    """The words of a text with blanks between them, each once."""

    template = "array_to_tsvector(array_remove(string_to_array(%(expressions)s, ' '), ''))"


class _Begin(Func):
    arg_joiner = " @@ "
    template = "(%(expressions)s::tsquery)"
    output_field = BooleanField()


def begin_words(column: str, readings: Iterable[Iterable[str]]) -> Func:
    """That all words of one of the readings begin words of the text, as the index answers it."""
    wanted = " | ".join(
        " & ".join(f"{_quoted(word[:LONGEST])}:*" for word in words) for words in readings
    )
    return _Begin(_Words(F(column)), Value(wanted))


def _quoted(word: str) -> str:
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


class RunsField(models.TextField[Any, Any]):
    """Initials from each word on, always those of the row's `initials`: whoever writes the row, alone
    or with many, writes them.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        runs = runs_of(getattr(model_instance, "initials", ""))
        setattr(model_instance, self.attname, runs)
        return runs


class WordsIndex(models.Index):
    """Of the words of one text; on SQLite, which cannot, of the text. Written at once (`fastupdate`):
    a list of what is still to be written would be read by every search.
    """

    def create_sql(
        self, model: type[models.Model], schema_editor: Any, using: str = "", **more: Any
    ) -> Statement:
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using, **more)
        quote = schema_editor.quote_name
        field = cast("models.Field[Any, Any]", model._meta.get_field(self.fields[0]))
        return Statement(
            f"CREATE INDEX %(name)s ON %(table)s USING gin ({_Words.template})"
            " WITH (fastupdate = off)",
            name=quote(self.name),
            table=Table(model._meta.db_table, quote),
            expressions=quote(field.column),
        )
