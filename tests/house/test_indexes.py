"""Every index is named by the query it serves (docs/indexes.md), and none repeats another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from onestop.fields import BytewiseCharField
from onestop.files.models import Attachment

TABLE = Path(settings.BASE_DIR) / "docs" / "indexes.md"
OURS = (
    "onestop.",
    "procedures.",
    "dossiers.",
    "feedback.",
    "citizens.",
    "exchange.",
    "reports.",
    "api.",
)
# Made by the engine or by Django beside a column that is unique by itself.
BESIDE = re.compile(r"_pkey$|_key$|_like$|^sqlite_autoindex_|_uniq$")
# Small tables, whose texts are unique by themselves: PostgreSQL gets a second index of each, for
# LIKE (docs/indexes.md). A table that grows with the archive has none.
WITH_LIKE = {
    "accounts_agency",
    "accounts_officer",
    "accounts_officersession",
    "procedures_field",
    "procedures_internalprocess",
    "procedures_procedure",
    "dossiers_onlinesource",
    "exchange_door",
    "jobs_heartbeat",
    "jobs_jobstate",
}


@dataclass(frozen=True)
class Found:
    table: str
    name: str
    columns: tuple[str, ...]
    is_unique: bool = False
    is_part: bool = False

    @property
    def cells(self) -> str:
        kind = ", ".join(
            word for word, is_so in (("unique", self.is_unique), ("part", self.is_part)) if is_so
        )
        return f"| {self.table} | {self.name} | {', '.join(self.columns)} | {kind} |"


def of_models() -> Iterator[Found]:
    for model in apps.get_models():
        if not model.__module__.startswith(OURS):
            continue
        table = model._meta.db_table
        for field in model._meta.local_fields:
            if not field.primary_key and (field.unique or field.db_index):
                yield Found(table, field.column, (field.column,), is_unique=field.unique)
        for rule in model._meta.constraints:
            if isinstance(rule, models.UniqueConstraint):
                part = rule.condition is not None
                yield Found(table, rule.name, tuple(rule.fields), is_unique=True, is_part=part)
        for index in model._meta.indexes:
            part = index.condition is not None
            yield Found(table, index.name, tuple(index.fields), is_part=part)


def told() -> dict[str, str]:
    """The first cells of each row of the table, and what it says the index is for."""
    rows = re.findall(r"^(\| \w+ \| \w+ \| .*? \| .*?\|) (.*) \|$", TABLE.read_text("utf-8"), re.M)
    return dict(rows)


def test_each_index_is_named_by_the_query_it_serves() -> None:
    assert set(told()) == {one.cells for one in of_models()}
    assert all(told().values())


def test_what_a_query_is_said_to_stand_in_is_there() -> None:
    places = {place for said in told().values() for place in re.findall(r"`([\w/.]+)`", said)}
    assert places
    assert not {place for place in places if not (Path(settings.BASE_DIR) / place).is_file()}


def test_no_index_repeats_the_beginning_of_another() -> None:
    everything = [one for one in of_models() if not one.is_part]
    for short in everything:
        if short.is_unique:
            continue
        columns = [_column(short.table, name) for name in short.columns]
        for other in everything:
            if other is not short and other.table == short.table:
                begin = [_column(other.table, name) for name in other.columns][: len(columns)]
                assert begin != columns, (short, other)


def test_a_file_that_is_deleted_is_asked_for_by_an_index() -> None:
    """Files of drafts go every day: what names a file is asked whether it names that one. Decisions on
    lists are few.
    """
    found = {(one.table, _column(one.table, one.columns[0])) for one in of_models()}
    every = Attachment._meta.get_fields(include_hidden=True)
    naming = [one.field for one in every if isinstance(one, models.ManyToOneRel)]
    unfound = {(one.model._meta.db_table, one.column) for one in naming} - found
    assert unfound == {("procedures_listdecision", "file_id")}


def _column(table: str, name: str) -> str:
    """A column as an index of one column walks it: in either direction."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    fields = {n: f.column for f in model._meta.local_fields for n in (f.name, f.column)}
    return fields[name.removeprefix("-")]


@pytest.mark.django_db
def test_the_database_has_these_and_no_others() -> None:
    tables = {model._meta.db_table for model in apps.get_models() if _is_ours(model)}
    editor = connection.schema_editor(collect_sql=True)  # asked how it names; changes nothing
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, indexname FROM pg_indexes"
            if connection.vendor == "postgresql"
            else "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'"
        )
        there = {(table, name) for table, name in cursor.fetchall() if table in tables}
    wanted = {(one.table, _name(editor, one)) for one in of_models()}
    others = {pair for pair in there - wanted if not BESIDE.search(pair[1])}
    assert not others
    unnamed = {(one.table, _name(editor, one)) for one in of_models() if _is_beside(one)}
    assert not wanted - there - unnamed
    assert {table for table, name in there if name.endswith("_like")} <= WITH_LIKE


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith(OURS)


def _is_beside(one: Found) -> bool:
    """Whether the engine names it: unique by its column; on SQLite each rule without a condition."""
    if one.columns == (one.name,):
        return one.is_unique
    return one.is_unique and not one.is_part and connection.vendor == "sqlite"


def _name(editor: object, one: Found) -> str:
    if one.columns != (one.name,):
        return one.name
    name: str = editor._create_index_name(one.table, [one.name], suffix="")  # type: ignore[attr-defined]
    return name


@pytest.mark.django_db
def test_texts_that_are_walked_in_order_are_kept_by_their_bytes() -> None:
    """The order and the beginning of a text then share one ordinary index, on both engines."""
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, BytewiseCharField)
    ]
    assert len(fields) >= 5
    if connection.vendor != "postgresql":
        return  # it has no other order
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE collation_name = 'C'"
        )
        kept = set(cursor.fetchall())
    assert {(field.model._meta.db_table, field.column) for field in fields} <= kept
