"""PostgreSQL as of an instant between two acts, by the very commands of docs/operations.md: two
clusters, a copy of the first and the pieces of its log.

In `make test` an act is a row; with LONG=1 (`make test-long`) it is a dossier received by the
product, and the new cluster is verified whole.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from onestop.outbox.models import Mail
from tools.processes import ROOT, as_postgres, postgres, postgres_bin, wait_for

pytestmark = [pytest.mark.postgres, pytest.mark.true_clock]
if os.environ.get("LONG"):
    pytestmark.append(pytest.mark.heavy)
PATIENCE = 120
INSTANT = "2026-11-23 10:15:00+07"


@pytest.fixture
def archive() -> Iterator[Path]:
    """Where a cluster may write: as root it runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-wal-"))
    (folder / "wal").mkdir()
    if who := as_postgres():
        for path in (folder, folder / "wal"):
            shutil.chown(path, who["user"], who["group"])
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    [section] = re.findall(r"^## Any instant.*?(?=^## )", text, re.MULTILINE | re.DOTALL)
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def settings(archive: Path) -> dict[str, str]:
    lines = blocks("conf")[0].replace("$ARCHIVE", str(archive)).splitlines()
    pairs = [line.split(" = ", 1) for line in lines]
    return {name: value.strip("'") for name, value in pairs}


def run(script: str, **names: object) -> None:
    env = {name: str(value) for name, value in names.items()}
    env["PATH"] = f"{postgres_bin()}:/usr/bin:/bin"
    subprocess.run(
        ["bash", "-euc", script], env=env, cwd="/", check=True, capture_output=True, **as_postgres()
    )


class Act:
    """What is done, and how it is looked for."""

    def begin(self, url: str) -> None:
        with psycopg.connect(url) as at:
            at.execute("CREATE TABLE act (name text)")

    def do(self, url: str, name: str) -> None:
        with psycopg.connect(url) as at:
            at.execute("INSERT INTO act VALUES (%s)", [name])

    def done(self, url: str) -> list[str]:
        with psycopg.connect(url) as at:
            return [name for (name,) in at.execute("SELECT name FROM act ORDER BY name")]


class Receipt(Act):
    """The product itself; dossiers are told by how many there are."""

    def begin(self, url: str) -> None:
        self._manage(url, "migrate", "-v", "0")
        self._python(url, "acts.begin()")

    def do(self, url: str, name: str) -> None:
        self._python(url, f"acts.one_more({name!r})")

    def done(self, url: str) -> list[str]:
        assert "Khớp" in self._manage(url, "verify_events")
        return sorted(self._python(url, "print(*acts.owners(), sep='\\n')").split())

    def _manage(self, url: str, *arguments: str) -> str:
        return self._run(url, "manage.py", *arguments)

    def _python(self, url: str, what: str) -> str:
        return self._run(url, "-c", f"from tests.proofs import acts; {what}")

    def _run(self, url: str, *arguments: str) -> str:
        env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=env, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE
        ).stdout


def test_an_instant_between_two_acts_comes_back(archive: Path) -> None:
    act = Receipt() if os.environ.get("LONG") else Act()
    begin, go_back, hold = blocks("sh")
    with postgres(durable=True, settings=settings(archive)) as url:
        act.begin(url)
        run(begin, ARCHIVE=archive, DATABASE_URL=url)
        act.do(url, "first")
        with psycopg.connect(url) as at:
            [instant] = at.execute("SELECT clock_timestamp()").fetchone() or ("",)
        act.do(url, "second")
        assert act.done(url) == ["first", "second"]
        hand_over(url)
    [copy] = (archive / "base").iterdir()

    def made(data: Path) -> None:
        assert INSTANT in go_back
        run(go_back.replace(INSTANT, str(instant)), ARCHIVE=archive, COPY=copy, DATA=data)

    with postgres(durable=True, settings={"hot_standby": "off"}, made=made) as url:
        if isinstance(act, Receipt):
            run(hold, DATABASE_URL=url)
        assert act.done(url) == ["first"]
        act.do(url, "third")
        assert act.done(url) == ["first", "third"]


def test_letters_that_waited_are_held_as_after_a_restore() -> None:
    *_, hold = blocks("sh")
    assert f"mail = {Mail.HELD:d}," in hold
    assert f"WHERE mail = {Mail.PENDING:d}" in hold


def hand_over(url: str) -> None:
    """The last piece of the log has arrived."""
    with psycopg.connect(url, autocommit=True) as at:
        [last] = at.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)

        def arrived() -> bool:
            row = at.execute("SELECT last_archived_wal >= %s FROM pg_stat_archiver", [last])
            return row.fetchone() == (True,)

        assert wait_for(arrived, seconds=PATIENCE)
