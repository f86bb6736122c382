"""Data of another version: brought up whole, or refused with a sentence, never left half-way."""

import sqlite3
import subprocess
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from onestop import versions
from tests import prepared
from tools import upgrading


@pytest.mark.django_db
def test_data_of_a_newer_version_are_told_by_a_migration_nobody_knows() -> None:
    def unknown() -> list[str]:
        return versions.unknown(MigrationLoader(connection).applied_migrations, versions.known())

    assert unknown() == []
    MigrationRecorder(connection).record_applied("dossiers", "0999_of_next_year")
    MigrationRecorder(connection).record_applied("exchange", "0001_initial")
    assert unknown() == ["dossiers.0999_of_next_year", "exchange.0001_initial"]


@pytest.mark.django_db
def test_data_from_before_the_tables_began_anew_are_refused_and_told_what_to_do() -> None:
    """Its first migration has another name: no table of it is taken for one of today."""
    MigrationRecorder(connection).record_applied("dossiers", "0001_initial")
    with pytest.raises(
        upgrading.Refused, match=r"do một phiên bản trước tạo ra.*VAR_DIR.*make fresh"
    ):
        upgrading.bring_up()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "motcua.sqlite3"
    run(path, "PRAGMA journal_mode=WAL; CREATE TABLE t (n); INSERT INTO t VALUES (1)")
    return path


def run(path: Path, script: str) -> None:
    with sqlite3.connect(path) as at:
        at.executescript(script)
    at.close()


def rows(path: Path) -> list[int]:
    with sqlite3.connect(path) as at:
        found = [n for (n,) in at.execute("SELECT n FROM t ORDER BY n")]
    at.close()
    return found


def dump(path: Path) -> str:
    with sqlite3.connect(path) as at:
        found = "\n".join(at.iterdump())
    at.close()
    return found


def test_an_upgrade_that_fails_leaves_the_data_as_they_were(database: Path) -> None:
    def upgrade() -> None:
        with upgrading.kept_whole(database):
            run(database, "INSERT INTO t VALUES (2)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        upgrade()
    assert rows(database) == [1]
    assert [path.name for path in database.parent.iterdir()] == [database.name]


def test_an_upgrade_that_succeeds_leaves_no_copy(database: Path) -> None:
    with upgrading.kept_whole(database):
        run(database, "INSERT INTO t VALUES (2)")
    assert rows(database) == [1, 2]
    assert not upgrading.copy_of(database).exists()


def test_a_copy_left_by_a_machine_that_went_down_is_put_back(database: Path) -> None:
    upgrading.copy_of(database).write_bytes(database.read_bytes())
    run(database, "INSERT INTO t VALUES (2)")
    upgrading.put_back(database)
    assert rows(database) == [1]


@pytest.mark.heavy
@pytest.mark.true_clock
def test_the_preparation_says_each_in_a_sentence(tmp_path: Path) -> None:
    var = prepared.copy_to(tmp_path / "var")

    def prepare() -> subprocess.CompletedProcess[str]:
        return prepared.prepare(var)

    database = var / prepared.DATABASE
    again = prepare()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")

    run(
        database,
        "INSERT INTO django_migrations (app, name, applied) VALUES ('dossiers', '0999_new', '2027-01-01')",
    )
    newer = prepare()
    assert newer.returncode == 1
    assert newer.stderr.startswith(
        "Dữ liệu này do phiên bản Một cửa mới hơn tạo ra (dossiers.0999_new)"
    )
    assert "git pull" in newer.stderr
    assert len(newer.stderr.splitlines()) == 1

    # As an earlier version would have left it, and something that a migration of today runs into.
    run(database, "DELETE FROM django_migrations WHERE name = '0999_new' OR app = 'jobs'")
    before = dump(database)
    failed = prepare()
    assert failed.returncode == 1
    assert failed.stderr.startswith(
        "Không chuẩn bị được dữ liệu cho phiên bản này. Dữ liệu được giữ nguyên"
    )
    assert "prepare.log" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1
    assert "already exists" in (var / "log" / "prepare.log").read_text()
    assert dump(database) == before
    assert not upgrading.copy_of(database).exists()

    database.write_bytes(b"not a database at all" * 1000)
    broken = prepare()
    assert broken.returncode == 1
    assert len(broken.stderr.splitlines()) == 1
