"""What is backed up while the office works comes back whole, into either engine (R-148, R-149)."""

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dossiers.intake.codes import next_code
from dossiers.models import Dossier, Event
from exchange.models.outbox import Line
from exchange.outbox.messages import RESTORED
from onestop.files.domain import open_attachment
from onestop.files.models import Attachment
from onestop.keeping import target
from onestop.keeping.manifest import Manifest
from onestop.keeping.reading import read_manifest, restore
from onestop.keeping.target import migrate_on
from onestop.keeping.writing import write_backup
from onestop.outbox.domain import sweep
from onestop.outbox.models import Mail, Message
from tests.clock import MONDAY
from tests.keeping.conftest import Live
from tests.keeping.places import ON_POSTGRES, POSTGRES, SQLITE, elsewhere, rewritten
from tests.proofs.forks import fork, wait
from tests.samples import a_pdf
from tests.world import make_agency

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# From PostgreSQL into SQLite, and on into PostgreSQL again.
WAY = [SQLITE, POSTGRES] if ON_POSTGRES else [SQLITE]


class Counter:
    """Receives without a pause, in a thread of its own."""

    def __init__(self, live: Live) -> None:
        self._live, self._over, self.done = live, threading.Event(), 3
        self.codes = [*Dossier.objects.order_by("pk").values_list("code", flat=True)]
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        try:
            while not self._over.is_set():
                self.codes.append(self._live.receive().code)
                self.done += 1
        finally:
            connection.close()

    def __enter__(self) -> "Counter":
        self._thread.start()
        self.more()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def more(self) -> None:
        """Returns when one more was received."""
        known = self.done
        while self.done == known and self._thread.is_alive():
            time.sleep(0.01)


SILENT = {Message._meta.db_table, Line._meta.db_table}


def alike(one: Manifest, other: Manifest) -> None:
    """All tables but what waits to be sent, which is silent now: on one engine by their checksums."""
    assert one.tables.keys() == other.tables.keys()
    for name, table in one.tables.items():
        mine, theirs = table, other.tables[name]
        if name in SILENT or one.head.engine != other.head.engine:
            mine, theirs = replace(mine, sha256=""), replace(theirs, sha256="")
        if None in (mine.sequence, theirs.sequence):  # PostgreSQL was given each id
            mine, theirs = replace(mine, sequence=None), replace(theirs, sequence=None)
        assert mine == theirs, name
    assert (one.numbers, one.files) == (other.numbers, other.files)


def test_what_was_committed_by_one_instant_comes_back_on_either_engine(
    live: Live, tmp_path: Path
) -> None:
    archive = tmp_path / "b.tar"
    with Counter(live) as counter:
        before = counter.done
        made = write_backup(archive, progress=lambda _: counter.more())
        after = counter.done
    assert made == read_manifest(archive)
    received = made.tables["dossiers_dossier"].rows
    assert before <= received < after
    events = list(Event.objects.order_by("pk").values_list("text", "hash"))
    for engine in WAY:
        with elsewhere(tmp_path / engine, engine):
            assert restore(archive) == made  # with verify_events and all checksums
            codes = [*Dossier.objects.order_by("pk").values_list("code", flat=True)]
            assert codes == counter.codes[:received]
            there = list(Event.objects.order_by("pk").values_list("text", "hash"))
            assert there == events[: len(there)]
            _files_are_there()
            _is_silent()
            archive = tmp_path / f"{engine}.tar"
            again = write_backup(archive)
            alike(made, again)
            made = again
            assert _next(live) == codes[-1][:-4] + f"{received + 1:04}"


def killed_while_it_migrates() -> None:
    """After the first migration, which made a row."""
    apply = MigrationExecutor.apply_migration

    def apply_and_die(*given: Any, **more: Any) -> Any:
        apply(*given, **more)
        make_agency("Ủy ban nhân dân xã Mới")
        os.kill(os.getpid(), signal.SIGKILL)

    MigrationExecutor.apply_migration = apply_and_die  # type: ignore[method-assign]
    migrate_on()


# One of Django's: nothing depends on it and it makes no column, so that what lies in the archive has its
# place without it, whatever migrations come.
NOT_YET = "auth.0012_alter_user_first_name_max_length"


def older(head: dict[str, Any]) -> None:
    head["migrations"].remove(NOT_YET)


@pytest.mark.postgres
def test_an_archive_of_an_older_version_is_brought_up(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into tables that are empty, and newer than the archive; killed in between. On SQLite the file
    begins anew, which a proof does too (tests/backups/test_proof.py).
    """
    archive = tmp_path / "old.tar"
    write_backup(archive)
    rewritten(archive, older)
    with elsewhere(tmp_path / "new"):
        with monkeypatch.context() as patched:
            patched.setattr(target, "migrate_on", killed_while_it_migrates)
            assert wait(fork(lambda: restore(archive))) == -signal.SIGKILL
        restore(archive)
        executor = MigrationExecutor(connection)
        assert not executor.migration_plan(executor.loader.graph.leaf_nodes())
        assert Dossier.objects.count() == 3
        _files_are_there()
        _is_silent()


def _files_are_there() -> None:
    with open_attachment(Attachment.objects.get(name="don.pdf")) as content:
        assert content.read() == a_pdf()
    with default_storage.open("imports/abc") as upload:
        assert upload.read() == b"code,agency\n"


def _is_silent() -> None:
    """Nothing old is sent; what waited says why it does not wait any more."""
    assert sweep(MONDAY) == (0, 0)
    letter = Message.objects.get(dedupe="late:1")
    assert (letter.mail, letter.next_try_at) == (Mail.HELD, None)
    line = Line.objects.get()
    assert (line.state, line.words) == (Line.State.STOPPED, RESTORED)


def _next(live: Live) -> str:
    agency = live.office.agency
    pattern = "{unit}-{day:%y%m%d}-{number:04d}"
    unit = Dossier.objects.order_by("pk")[0].code.split("-")[0]
    return next_code(agency_id=agency.pk, unit=unit, pattern=pattern, day=MONDAY.date())
