"""`python -m tests.upgrades.proof BASE`: the base, brought up to today's tables.

A process of its own on an empty database of its own (DATABASE_URL, else a new SQLite). Prints what
does not fit, a line each, and ends with 1 then. With --breaking: the same with each migration of
throw_away.py behind those of today, until something is found. With --lay-down: nothing is applied.
With --tables: no base; the tables that its migrations make.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    name, *how = sys.argv[1:]
    if how == ["--breaking"]:
        os.environ.pop("DATABASE_URL", None)  # copies of a file, on either leg
    import django

    django.setup()
    import logging

    import time_machine
    from django.test.utils import setup_test_environment

    logging.disable()
    setup_test_environment()
    from tests.upgrades import kept

    base = kept.read(name)
    if how == ["--tables"]:
        print(tables_of(base))
        return 0
    with time_machine.travel(datetime.fromisoformat(base["now"]), tick=False):
        laid_down(base)
        if how == ["--lay-down"]:
            return 0
        found = list(found_out(base) if how == ["--breaking"] else faults(base))
    print("\n".join(found))
    return 1 if found else 0


def laid_down(base: dict[str, Any]) -> None:
    from django.db import connection

    from tests.upgrades import database

    database.make_tables(base["schema"][connection.vendor])
    connection.close()  # what pg_dump sets for itself
    database.fill(base["rows"])


def faults(base: dict[str, Any]) -> Iterator[str]:
    from django.core.management import call_command

    from tests.upgrades import database

    before = database.counts()
    try:
        call_command("migrate", verbosity=0)
    except Exception as error:
        yield f"migrate: {type(error).__name__}: {error}"
        return
    yield from lost(before, database.counts())
    yield from misfits()
    yield from answered_otherwise(base["pages"])
    try:
        call_command("makemigrations", check=True, dry_run=True, interactive=False, verbosity=0)
    except SystemExit:
        yield "makemigrations: the models say what no migration does"


def found_out(base: dict[str, Any]) -> Iterator[str]:
    """The first fault of each, on a SQLite that is brought up to today's tables once."""
    from django.core.management import call_command
    from django.db import connection

    from onestop import speed
    from tests.upgrades import throw_away

    call_command("migrate", verbosity=0)
    connection.close()
    path = Path(connection.settings_dict["NAME"])
    whole = path.with_suffix(".whole")
    shutil.copy(path, whole)
    for breaking in throw_away.BREAKING:
        connection.close()
        for beside in ("-wal", "-shm"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
        shutil.copy(whole, path)
        speed.forget()
        with throw_away.put_behind(breaking):
            yield f"{breaking.does}\t{next(faults(base), '')}"


def tables_of(base: dict[str, Any]) -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    from onestop import guards
    from tests.upgrades import database

    MigrationRecorder(connection).ensure_schema()
    MigrationExecutor(connection).migrate([(app, name) for app, name in base["migrations"]])
    guards.install()
    return database.schema()


def lost(before: dict[str, int], after: dict[str, int]) -> Iterator[str]:
    from tests.upgrades.named import TABLES

    # Django writes its own list of models and rights anew after each migration.
    for table in sorted({*before} - {*TABLES, "auth_permission", "django_content_type"}):
        if after.get(table) != before[table]:
            yield f"{table}: {before[table]} rows before, {after.get(table)} after"


def misfits() -> Iterator[str]:
    from django.utils import timezone

    from dossiers.ledger.verifying import verify

    try:
        yield from (f"verify_events: {one}" for one in verify(now=timezone.now()).misfits)
    except Exception as error:
        yield f"verify_events: {type(error).__name__}: {error}"


def answered_otherwise(pages: list[dict[str, Any]]) -> Iterator[str]:
    from tests.upgrades.named import PAGES
    from tests.upgrades.pages import Page

    for page in (Page(**one) for one in pages):
        if page.name not in PAGES and (answer := page.ask()) != page.status:
            yield f"{page.said}: {answer} instead of {page.status}"


if __name__ == "__main__":
    sys.exit(main())
