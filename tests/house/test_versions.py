"""A database that a newer version has migrated refuses this program: at every way in, and while it
runs.
"""

from __future__ import annotations

from typing import Any

import pytest
from celery.exceptions import Ignore
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse

from onestop import command_line, trouble, versions
from onestop.celery import app
from onestop.errors import say
from onestop.jobs import health
from onestop.jobs.models import Heartbeat

NEXT_YEAR = "dossiers.0999_of_next_year"
SAID = "đã được nâng lên phiên bản Một cửa mới hơn"


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def watch(db: None, seconds: Seconds, monkeypatch: pytest.MonkeyPatch) -> versions.Watch:
    """Kept, as in a process that serves."""
    watch = versions.Watch(seconds)
    monkeypatch.setattr(versions, "watch", watch)
    assert watch.keep() == ""
    return watch


def migrated() -> None:
    MigrationRecorder(connection).record_applied("dossiers", "0999_of_next_year")


def test_a_migration_meanwhile_is_seen_within_seconds_by_one_statement(
    watch: versions.Watch, seconds: Seconds, queries: Any
) -> None:
    migrated()
    with queries() as asked:
        assert [watch.seen() for _ in range(50)] == [""] * 50
    assert len(asked) == 0
    seconds.now += versions.SECONDS
    with queries() as asked:
        assert [watch.seen() for _ in range(50)] == [NEXT_YEAR] * 50
    assert len(asked) == 1


def test_what_is_only_waited_for_asks_for_what_came_since(
    watch: versions.Watch, seconds: Seconds, queries: Any
) -> None:
    seconds.now += versions.SECONDS
    with queries() as asked:
        assert watch.seen() == ""
    assert "WHERE id > " in asked[0]["sql"]


def test_a_database_that_is_away_is_left_alone_for_a_while(
    watch: versions.Watch, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def away(last: int) -> list[Any]:
        asked.append(last)
        raise OperationalError("away")

    monkeypatch.setattr(versions, "_applied_since", away)
    for _ in range(20):
        seconds.now += versions.SECONDS
        assert watch.seen() == ""
    assert len(asked) == 20 * versions.SECONDS // versions.AWAY_SECONDS + 1


def test_nobody_asks_where_no_watch_is_kept(db: None, queries: Any) -> None:
    migrated()
    with queries() as asked:
        assert versions.Watch().seen() == ""
    assert len(asked) == 0


def test_a_migration_that_replaces_others_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations import Migration
    from django.db.migrations.loader import MigrationLoader

    class Squashed(Migration):
        replaces = [("dossiers", "0001_of_old")]

    def load_disk(self: MigrationLoader) -> None:
        self.disk_migrations = {("dossiers", "0001_squashed"): Squashed("x", "dossiers")}

    monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)
    assert versions.unknown([("dossiers", "0001_of_old")], versions.known()) == []


# --- pages --------------------------------------------------------------------------------------


@pytest.fixture
def newer(watch: versions.Watch, seconds: Seconds) -> versions.Watch:
    migrated()
    seconds.now += versions.SECONDS
    return watch


@pytest.mark.parametrize("address", ["accounts:home", "lookup", "procedures:catalogue", "work"])
def test_every_page_says_so(newer: versions.Watch, client: Client, address: str) -> None:
    answer = client.get(reverse(address))
    assert answer.status_code == 503
    assert SAID in answer.content.decode()
    assert answer["Retry-After"]


def test_an_address_that_is_none_says_so_too(newer: versions.Watch, client: Client) -> None:
    assert client.get("/khong-co/").status_code == 503


def test_it_asks_nothing_of_the_newer_database(
    newer: versions.Watch, client: Client, queries: Any
) -> None:
    assert newer.seen() == NEXT_YEAR
    with queries() as asked:
        client.get(reverse("accounts:home"))
    assert len(asked) == 0


def test_a_form_that_was_sent_is_kept(newer: versions.Watch, client: Client) -> None:
    answer = client.post(reverse("lookup"), {"ma": "H99.1-261123-0001"})
    assert answer.status_code == 503
    assert "H99.1-261123-0001" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["accounts:sign_in", "accounts:sign_in_here", "accounts:change_password"]
)
def test_but_no_password(newer: versions.Watch, client: Client, address: str) -> None:
    answer = client.post(reverse(address), {"password": "Bi-mat-1", "old": "Bi-mat-1"})
    assert answer.status_code == 503
    assert "Bi-mat-1" not in answer.content.decode()


def test_the_process_is_alive_and_not_ready(newer: versions.Watch, client: Client) -> None:
    assert client.get(reverse("alive")).status_code == 200
    answer = client.get(reverse("ready"))
    assert answer.status_code == 503
    assert answer.json()["checks"]["version"]["ok"] is False
    assert SAID in answer.json()["checks"]["version"]["detail"]
    page = client.get(reverse("ready"), headers={"accept": "text/html"})
    assert page.status_code == 503
    assert SAID in page.content.decode()


@pytest.mark.django_db
def test_readiness_is_told_of_where_no_watch_is_kept_too() -> None:
    """`manage.py ready`."""
    assert health.version().ok
    migrated()
    assert not health.version().ok


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("no such column: dossiers_dossier.gone"),
        ProgrammingError('column "gone" does not exist'),
        DatabaseError("NOT NULL constraint failed"),
    ],
)
def test_a_page_that_breaks_before_the_next_look_says_why(
    watch: versions.Watch, error: Exception
) -> None:
    before = trouble.understood(error)
    migrated()
    assert trouble.understood(error) == (503, say("database_newer"))
    assert before is None or "mới hơn" not in before[1]


# --- tasks, commands ----------------------------------------------------------------------------


def test_a_task_waits_for_the_newer_worker(newer: versions.Watch) -> None:
    with pytest.raises(Ignore):
        app.tasks["jobs.heartbeat"]()
    assert not Heartbeat.objects.exists()


def test_every_task_of_ours_is_such_a_task() -> None:
    from onestop.celery import CarefulTask

    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert all(isinstance(task, CarefulTask) for task in ours)


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr(versions, "refuse", lambda: asked.append("asked"))
    return asked


@pytest.mark.parametrize(
    "command",
    ["migrate", "flush", "loaddata", "shell", "verify_events", "report", "import_dossiers"],
)
def test_a_command_that_reads_or_writes_asks_first(refused: list[str], command: str) -> None:
    command_line._refuse_newer(["manage.py", command])
    assert refused == ["asked"]


@pytest.mark.parametrize("command", ["ready", "due", "help", "collectstatic", "--version", ""])
def test_one_that_finds_out_does_not(refused: list[str], command: str) -> None:
    command_line._refuse_newer(["manage.py", *command.split()])
    command_line._refuse_newer(["manage.py", "verify_events", "--help"])
    assert refused == []
