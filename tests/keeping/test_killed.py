"""A backup or restore that is killed at any stage, or finds the disk full, leaves nothing half: the
next run does it.
"""

import errno
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from dossiers.models import Dossier
from onestop.accounts.models import Agency
from onestop.errors import DomainError, sentence
from onestop.keeping import kept, loading, target
from onestop.keeping.archive import Writing
from onestop.keeping.reading import restore
from onestop.keeping.writing import write_backup
from onestop.outbox.models import Message
from tests.keeping.conftest import Live
from tests.keeping.places import elsewhere, stored_in
from tests.proofs.forks import fork, wait
from tests.world import make_agency

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def killed(work: Callable[[], object]) -> None:
    assert wait(fork(work)) == -signal.SIGKILL


def at(stage: str) -> Callable[[str], None]:
    return lambda reached: die() if reached == stage else None


def test_a_killed_backup_leaves_no_file_and_its_remains_go(live: Live, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def in_the_middle() -> None:
        add, seen = Writing.add, []

        def counted(self: Writing, name: str, content: bytes) -> None:
            add(self, name, content)
            seen.append(name)
            if len(seen) == 20:
                die()

        Writing.add = counted  # type: ignore[method-assign]  # in the child only
        write_backup(folder / "b.tar")

    killed(in_the_middle)
    for stage in ("database", "files", "check"):
        killed(partial(write_backup, folder / "b.tar", progress=at(stage)))
        assert [path.name for path in folder.iterdir()] == ["b.tar.part"]
    # Of another name: the remains go all the same. What is not ours stays.
    (folder / "film.part").write_bytes(b"somebody else's")
    write_backup(folder / "c.tar")
    assert sorted(path.name for path in folder.iterdir()) == ["c.tar", "film.part"]


def a_row_more() -> None:
    """As a migration of a later version may make one."""
    make_agency("Ủy ban nhân dân xã Mới", code="MOI")


def test_a_restore_that_was_killed_while_it_migrated_goes_on(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are there, and no longer just those of the archive: only the mark tells."""
    archive = tmp_path / "b.tar"
    made = write_backup(archive)

    def half() -> None:
        a_row_more()
        die()

    with elsewhere(tmp_path / "new"):
        for moment in (half, die):
            with monkeypatch.context() as patched:
                patched.setattr(target, "migrate_on", moment)
                killed(lambda: restore(archive))
            assert list(kept._marks().values()) == [f"{made.digest} rows"]
        assert restore(archive) == made
        assert Agency.objects.filter(code="MOI").exists()
        assert not kept._marks()


def test_what_a_killed_restore_left_and_somebody_changed_is_told_with_a_way_out(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "b.tar"
    made = write_backup(archive)
    with elsewhere(tmp_path / "new"):
        with monkeypatch.context() as patched:
            patched.setattr(target, "migrate_on", die)
            killed(lambda: restore(archive))
        Message.objects.all().delete()
        with pytest.raises(DomainError, match="restore_cut_off") as found:
            restore(archive)
        assert "tạo lại cơ sở dữ liệu trống" in sentence(found.value)
        files = Path(default_storage.path(""))
    # As it says: another database, the file store as it is.
    with elsewhere(tmp_path / "other"), stored_in(files):
        assert restore(archive) == made
        assert not kept._marks()


def test_a_restore_killed_between_two_marks_always_finds_one(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "b.tar"
    made = write_backup(archive)
    with elsewhere(tmp_path / "new"):
        kept.begin("of another archive")
        storage: Any = default_storage
        for _ in range(2):
            with monkeypatch.context() as patched:
                patched.setattr(storage._wrapped, "delete", die)
                killed(lambda: restore(archive))
            assert {*kept._marks().values()} == {"of another archive", made.digest}
        assert restore(archive) == made
        assert not kept._marks()


def test_a_killed_restore_is_simply_run_again(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "b.tar"
    made = write_backup(archive)
    live_codes = list(Dossier.objects.order_by("code").values_list("code", flat=True))
    with elsewhere(tmp_path / "new"):
        for stage in ("read", "load"):
            killed(partial(restore, archive, progress=at(stage)))
            assert not Dossier.objects.exists()
        for module, name in ((kept, "put_in"), (loading, "_check_counts")):
            with monkeypatch.context() as patched:
                patched.setattr(module, name, die)
                killed(lambda: restore(archive))
            assert not Dossier.objects.exists()
        with monkeypatch.context() as patched:
            patched.setattr(kept, "put_in", full)
            with pytest.raises(DomainError, match="restore_no_room"):
                restore(archive)
        assert not Dossier.objects.exists()
        # All is there and was not looked at yet: the next run does.
        killed(lambda: restore(archive, progress=at("check")))
        assert Dossier.objects.count() == len(live_codes)
        assert restore(archive) == made
        assert list(Dossier.objects.order_by("code").values_list("code", flat=True)) == live_codes
        assert not kept._marks()
