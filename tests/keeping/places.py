"""Somewhere else: an empty database of either engine and an empty file store, as the default ones of
this process while the block lasts.
"""

import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connections
from django.db.utils import load_backend

from onestop.keeping.archive import HEAD, MANIFEST, Reading, Writing
from onestop.keeping.offered import made_anew
from tests import buckets, prepared
from tests.proofs.forks import close_connections

SQLITE, POSTGRES = "sqlite", "postgresql"
ON_POSTGRES = "postgres" in settings.DATABASES["default"]["ENGINE"]


@contextmanager
def elsewhere(folder: Path, engine: str = "") -> Iterator[Path]:
    """`engine`: that of the test where none is named. Yields the folder of the store."""
    here = connections["default"]
    folder.mkdir(exist_ok=True)
    with _database(folder, engine or here.vendor) as place:
        wrapper = load_backend(place["ENGINE"]).DatabaseWrapper(place, "default")
        connections["default"] = wrapper
        try:
            with stored_in(folder / "files") as files:
                yield files
        finally:
            wrapper.close()
            connections["default"] = here


@contextmanager
def stored_in(files: Path) -> Iterator[Path]:
    """The file store of this process lies there."""
    files.mkdir(exist_ok=True)
    storage: Any = default_storage
    before = storage._location
    try:
        _move(storage, str(files))
        yield files
    finally:
        _move(storage, before)


@contextmanager
def stored_at(url: str) -> Iterator[Any]:
    """The file store of this process is the bucket of this address."""
    storage: Any = default_storage
    storage.exists("x")  # it is made when it is first used
    before = storage._wrapped
    try:
        storage._wrapped = buckets.made(url)
        yield storage
    finally:
        storage._wrapped = before


def _move(storage: Any, location: str) -> None:
    storage._location = location
    for name in ("base_location", "location"):
        vars(storage._wrapped).pop(name, None)


@contextmanager
def _database(folder: Path, engine: str) -> Iterator[dict[str, Any]]:
    """With all tables, which takes the time of `migrate` away."""
    here: Any = connections["default"]
    place: dict[str, Any] = deepcopy(here.settings_dict)
    if engine == POSTGRES:
        with _copied(here) as name:
            yield place | {"NAME": name}
        return
    file = folder / "db.sqlite3"
    if here.vendor == SQLITE:
        with (
            closing(sqlite3.connect(place["NAME"])) as full,
            closing(sqlite3.connect(file)) as copy,
        ):
            full.backup(copy)
    else:
        shutil.copyfile(prepared.database(), file)
    _empty_file(file)
    yield place | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;",
        },
    }


def _empty_file(file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        copy.create_function("motcua_unguarded", 0, lambda: 1)
        tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table not in made_anew:
                copy.execute(f'DELETE FROM "{table}"')
        copy.commit()


@contextmanager
def _copied(here: Any) -> Iterator[str]:
    given = ("host", "HOST"), ("port", "PORT"), ("user", "USER"), ("password", "PASSWORD")
    known = [f"{key}={here.settings_dict[name]}" for key, name in given if here.settings_dict[name]]
    name = f"{here.settings_dict['NAME']}_{uuid4().hex[:8]}"
    # A database that somebody is connected to is copied for nobody.
    close_connections()
    with psycopg.connect(" ".join([*known, "dbname=postgres"]), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{here.settings_dict["NAME"]}"')
        try:
            with psycopg.connect(" ".join([*known, f"dbname={name}"])) as copy:
                _empty(copy)
            yield name
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _empty(copy: Any) -> None:
    copy.execute("SET session_replication_role = replica")  # past the guards of kept rows
    found = copy.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    tables = ", ".join(f'"{name}"' for (name,) in found if name not in made_anew)
    copy.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def rewritten(archive: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The same archive as a program would have written it that says something else."""
    with archive.open("rb") as plain:
        entries = [(one.name, one.read()) for one in Reading(plain).entries()]
    out = io.BytesIO()
    again = Writing(out)
    for name, content in entries:
        if name in (HEAD, MANIFEST):
            data = json.loads(content)
            change(data if name == HEAD else data["head"])
            content = json.dumps(data).encode()
        again.add(name, content)
    again.finish()
    archive.write_bytes(out.getvalue())
