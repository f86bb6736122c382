"""Two schedulers at once, a worker killed at every statement: each night has one whole backup, and no
remains.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.backups import making, old
from onestop.backups.models import BackupRun
from onestop.keeping.reading import read_manifest
from onestop.outbox.models import Message
from tests.backups.conftest import Writer
from tests.clock import Clock
from tests.keeping.places import stored_in
from tests.proofs.forks import fork, killed_before, wait
from tests.world import make_office, vn

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# `make test-long` kills before every statement.
STEP = 1 if os.environ.get("LONG") else 4


def sweep() -> None:
    making.sweep(timezone.now)


def one_whole(folder: Path) -> BackupRun:
    run = BackupRun.objects.get()
    assert run.state == BackupRun.State.DONE
    names = {path.name for path in folder.iterdir()}
    assert run.file_name in names
    # A whole one whose worker died before it could say so stays; no remains do.
    assert all(name.endswith(old.SUFFIX) for name in names)
    assert len(names) <= run.tries
    return run


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with stored_in(tmp_path_factory.mktemp("store")):
        yield


def test_two_at_once_make_one(folder: Path, night: Clock, store: None) -> None:
    make_office()
    begin = time.monotonic() + 0.5

    def late() -> None:
        time.sleep(max(begin - time.monotonic(), 0))
        sweep()

    assert [wait(pid) for pid in [fork(late) for _ in range(3)]] == [0, 0, 0]
    run = one_whole(folder)
    assert run.tries == 1
    assert read_manifest(folder / run.file_name).digest == run.digest


def test_killed_anywhere_it_is_made_by_the_next(
    writer: Writer, folder: Path, administrator: Officer
) -> None:
    """Killed twice at the same place it is tried a third time; what died after the last of all left
    nothing to do.
    """
    writer.size = 100
    number = 1
    while True:
        with time_machine.travel(vn("24/11/2026 01:30"), tick=False) as clock:
            if not killed_before(number, sweep):
                break
            clock.shift(making.LEASE + timedelta(seconds=1))
            killed_before(number, sweep)
            clock.shift(making.LEASE + timedelta(seconds=1))
            sweep()
            one_whole(folder)
            assert not Message.objects.exists()
            BackupRun.objects.all().delete()
            for path in folder.iterdir():
                path.unlink()
        number += STEP
    assert number > 5
    one_whole(folder)


def test_killed_three_times_it_waits_for_a_person(
    writer: Writer, folder: Path, administrator: Officer
) -> None:
    with time_machine.travel(vn("24/11/2026 01:30"), tick=False) as clock:
        # The first takes it, the second would say that it is there.
        dying = partial(killed_before, 2, sweep, 'UPDATE "backups_backuprun"')
        for _ in range(making.TRIES):
            assert dying()
            clock.shift(making.LEASE + timedelta(seconds=1))
        sweep()
        run = BackupRun.objects.get()
        assert (run.state, run.tries) == (BackupRun.State.FAILED, 3)
        assert Message.objects.get().subject == "Chưa sao lưu được"
