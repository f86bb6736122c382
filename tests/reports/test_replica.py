"""`REPLICA_URL`: what reports and dashboards read from a real streaming replica, what they say when
it is late, and what happens when it is not there (docs/adr/0031).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onestop import engines, replica
from onestop.accounts.domain import officers
from onestop.accounts.models import RoleGrant
from onestop.breaker import Breaker
from onestop.jobs import health
from reports import runs
from reports.board import page
from reports.form_data import form_on
from reports.models import ReportRun
from reports.periods import parse
from tests.reports.conftest import Province, province
from tests.world import make_case, receive
from tools.processes import as_postgres, free_port, postgres, postgres_bin, wait_for

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE = 60
BOARD = "/dieu-hanh/"
TOLD = "Số liệu đến"


def address() -> dict[str, Any]:
    known = connection.settings_dict
    return {name: known[name] for name in ("ENGINE", "NAME", "USER", "HOST", "PORT")}


@pytest.fixture(scope="module")
def streaming(django_db_setup: None) -> Iterator[str]:
    """A copy of the suite's own server that follows it."""
    known = address()
    source = f"host={known['HOST']} port={known['PORT']} user={known['USER']} dbname=postgres"

    folders: list[Path] = []

    def made(data: Path) -> None:
        folders.append(data)
        subprocess.run(
            [postgres_bin() / "pg_basebackup", "-d", source, "-D", data, "-R", "-X", "stream",
             "-c", "fast", "--no-sync"],
            cwd="/", check=True, capture_output=True, **as_postgres(),
        )  # fmt: skip

    with postgres(made=made, shared_buffers="32MB") as url:
        yield url
        # At once: nothing of it is kept.
        [pid, *_] = (folders[0] / "postmaster.pid").read_text().split()
        os.kill(int(pid), signal.SIGQUIT)


@dataclass
class Copy:
    url: str

    def ask(self, statement: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as at:
            [value] = at.execute(statement).fetchone() or (None,)
            return value

    def pause(self) -> None:
        self.catch_up()
        self.ask("SELECT pg_wal_replay_pause()")
        assert wait_for(
            lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused",
            seconds=PATIENCE,
        )

    def go_on(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        self.go_on()
        assert replica.look(whole=True, wait=PATIENCE) is not None


@pytest.fixture
def away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An address at which nobody answers."""
    main = {"OPTIONS": {}, "CONN_MAX_AGE": 0}
    found = engines.replica_of(main, {**address(), "PORT": free_port()})
    settings.DATABASES[engines.REPLICA] = connections.settings[engines.REPLICA] = found
    connections.configure_settings(connections.settings)
    at = connections[engines.REPLICA]

    def ensure() -> None:
        """As it is outside of a test: one that names its databases allows no other."""
        if at.connection is None:
            with at.wrap_database_errors:
                at.connect()

    monkeypatch.setattr(at, "ensure_connection", ensure)
    monkeypatch.setattr(replica, "breaker", Breaker(replica.REST))
    monkeypatch.setattr(replica, "behind", Breaker(replica.SOON))
    # However busy the machine is: what is too late here stands still.
    monkeypatch.setattr(replica, "ANSWER", PATIENCE)
    settings.REPLICA_SAY_SECONDS, settings.REPLICA_MOST_SECONDS = 3600, 7200
    settings.DATABASE_ROUTERS = ["onestop.engines.Router"]
    replica._samples.clear()
    yield
    connections[engines.REPLICA].close()
    del connections[engines.REPLICA]
    settings.DATABASES.pop(engines.REPLICA, None)
    connections.settings.pop(engines.REPLICA, None)


@pytest.fixture
def copy(streaming: str, away: None) -> Iterator[Copy]:
    port = psycopg.conninfo.conninfo_to_dict(streaming)["port"]
    known = connections[engines.REPLICA].settings_dict
    known["PORT"], known["OPTIONS"]["connect_timeout"] = port, PATIENCE
    found = Copy(streaming)
    yield found
    found.go_on()


@pytest.fixture
def place(transactional_db: None) -> Province:
    found = province()
    receive(found.first, make_case("7 ngày làm việc"))
    return found


def figure(response: Any) -> Any:
    """How many dossiers are open, as the page says."""
    return response.context["board"].total.open.number


def asked_of_the_copy(work: Callable[[], Any]) -> tuple[Any, int]:
    with CaptureQueriesContext(connections[engines.REPLICA]) as seen:
        return work(), len(seen)


def worked(place: Province) -> ReportRun:
    """Asked for, and made by a worker at once."""
    now = timezone.now()
    run = runs.ask(
        form_on("II.06a", now.date()), place.first.agency, parse("2026M11"), ReportRun.Kind.XLSX,
        cut=None, by=place.leader, at=now,
    )  # fmt: skip
    runs.work(run.pk, lambda: now)
    run.refresh_from_db()
    return run


def test_a_dashboard_reads_from_the_replica_and_says_when_it_is_late(
    place: Province,
    copy: Copy,
    signed_in: Callable[..., Any],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(place.leader)
    copy.catch_up()
    shown, asked = asked_of_the_copy(lambda: client.get(BOARD))
    assert (figure(shown), TOLD in shown.content.decode()) == (1, False)
    assert asked > 1
    copy.pause()
    receive(place.first, make_case("7 ngày làm việc"))
    shown = client.get(BOARD)
    assert (figure(shown), TOLD in shown.content.decode()) == (1, False)
    settings.REPLICA_SAY_SECONDS = 0
    shown = client.get(BOARD)
    assert (figure(shown), TOLD in shown.content.decode()) == (1, True)
    assert "chậm" in health.replica_check().detail
    settings.REPLICA_MOST_SECONDS = 0
    shown = client.get(BOARD)
    assert (figure(shown), TOLD in shown.content.decode()) == (2, False)
    # A report counts as of an instant: it lacks nothing, whatever a dashboard may.
    settings.REPLICA_MOST_SECONDS = 7200
    report = reverse("report_page", args=["II.06a", place.first.agency.code, "2026M11"])
    shown, asked = asked_of_the_copy(lambda: client.get(report))
    assert (shown.status_code, asked) == (200, 0)
    copy.catch_up()
    monkeypatch.setattr(replica, "PAGE_WAIT", PATIENCE)
    monkeypatch.setattr(replica, "WORK_WAIT", PATIENCE)
    shown, asked = asked_of_the_copy(lambda: client.get(report))
    assert (shown.status_code, asked > 0) == (200, True)
    out = StringIO()
    _, asked = asked_of_the_copy(
        lambda: call_command(
            "report", "II.06a", agency=place.first.agency.code, period="2026M11", stdout=out
        )
    )
    assert asked > 0
    run, asked = asked_of_the_copy(lambda: worked(place))
    assert (run.state, asked > 0) == (ReportRun.State.DONE, True)
    settings.REPLICA_SAY_SECONDS = 3600
    assert health.replica_check().ok


def test_a_page_after_a_save_is_never_from_before_it(
    place: Province, copy: Copy, signed_in: Callable[..., Any]
) -> None:
    """The replica stands still; who saved reads on from the database, in whatever page; others as
    before; until the replica has it."""
    saver, other = signed_in(place.leader), signed_in(place.controller)
    copy.pause()
    receive(place.first, make_case("7 ngày làm việc"))
    saver.post(reverse("late_causes_say"))
    for _ in range(2):
        shown, asked = asked_of_the_copy(lambda: saver.get(BOARD))
        assert (figure(shown), asked) == (2, 0)
    assert figure(other.get(BOARD)) == 1
    copy.catch_up()
    shown, asked = asked_of_the_copy(lambda: saver.get(BOARD))
    assert (figure(shown), asked > 0) == (2, True)
    saver.cookies[replica.COOKIE] = "ô"
    assert asked_of_the_copy(lambda: saver.get(BOARD))[1] == 0


def test_a_right_that_was_taken_away_is_gone_at_once(
    place: Province, copy: Copy, signed_in: Callable[..., Any]
) -> None:
    client = signed_in(place.controller)
    copy.pause()
    assert client.get(BOARD).status_code == 200
    [grant] = RoleGrant.objects.filter(officer=place.controller)
    officers.end_role(grant=grant, by=place.leader, at=timezone.now())
    assert client.get(BOARD).status_code == 403


def test_one_that_is_away_is_asked_once_and_said(
    place: Province, away: None, signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    asked = replica._asked
    monkeypatch.setattr(replica, "_asked", lambda: tried.append(1) or asked())
    client = signed_in(place.leader)
    assert [figure(client.get(BOARD)) for _ in range(3)] == [1, 1, 1]
    assert len(tried) == 1
    found = health.replica_check()
    assert (found.ok, found.needed) == (False, False)
    assert found.detail == "không trả lời: báo cáo đọc cơ sở dữ liệu chính"
    assert client.get("/san-sang/").json()["checks"]["replica"]["ok"] is False


def test_one_that_hangs_or_dies_in_the_middle_is_left_for_the_database(
    place: Province, copy: Copy, signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(place.leader)
    copy.catch_up()
    at = connections[engines.REPLICA]
    with at.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    monkeypatch.setattr(replica, "ANSWER", 0.5)
    os.kill(pid, signal.SIGSTOP)
    try:
        assert figure(client.get(BOARD)) == 1
    finally:
        os.kill(pid, signal.SIGCONT)
    assert replica.breaker.open
    replica.breaker.answered()
    monkeypatch.setattr(replica, "ANSWER", PATIENCE)
    built = page.build

    def cut_off(*arguments: Any) -> Any:
        if engines.reading().alias == engines.REPLICA:
            pids = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = '{}'"
            copy.ask(pids.format(connection.settings_dict["NAME"]))
        return built(*arguments)

    monkeypatch.setattr(page, "build", cut_off)
    shown = client.get(BOARD)
    assert (shown.status_code, figure(shown)) == (200, 1)
    assert replica.breaker.open


def test_one_whose_connection_was_cut_is_left_for_the_database(
    place: Province, copy: Copy, signed_in: Callable[..., Any]
) -> None:
    client = signed_in(place.leader)

    def cut() -> None:
        copy.catch_up()
        with socket.socket(
            fileno=os.dup(connections[engines.REPLICA].connection.pgconn.socket)
        ) as at:
            at.shutdown(socket.SHUT_RDWR)

    cut()
    assert [figure(client.get(BOARD)) for _ in range(2)] == [1, 1]
    assert replica.breaker.open
    replica.breaker.answered()
    cut()
    found = [client.get("/san-sang/").json()["checks"]["replica"] for _ in range(2)]
    assert [one["ok"] for one in found] == [False, True]


def test_only_a_page_has_a_time_for_its_statements(place: Province, copy: Copy) -> None:
    copy.catch_up()

    def most(_: replica.Stand | None) -> tuple[str, str]:
        at = engines.reading()
        with at.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            [found] = cursor.fetchone()
        return at.alias, found

    assert replica.read(most, whole=False, wait=replica.WORK_WAIT) == (engines.REPLICA, "0")
    assert replica.read(most, whole=False, wait=replica.PAGE_WAIT) == (engines.REPLICA, "1min")


def test_nobody_waits_twice_for_what_does_not_come(
    place: Province, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy.pause()
    receive(place.first, make_case("7 ngày làm việc"))
    naps: list[float] = []
    slept = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: naps.append(seconds) or slept(seconds))
    assert replica.look(after=replica.BEYOND_ALL, wait=replica.PAGE_WAIT) is None
    assert naps == []
    assert replica.look(whole=True, wait=replica.PAGE_WAIT) is None
    assert naps
    naps.clear()
    assert replica.look(whole=True, wait=replica.PAGE_WAIT) is None
    assert naps == []
    assert replica.look(wait=replica.PAGE_WAIT) is not None


def test_another_database_is_not_taken_for_a_replica(
    place: Province, away: None, signed_in: Callable[..., Any]
) -> None:
    connections[engines.REPLICA].settings_dict["PORT"] = connection.settings_dict["PORT"]
    assert figure(signed_in(place.leader).get(BOARD)) == 1
    assert replica.breaker.open
    assert "không phải bản sao" in health.replica_check().detail
