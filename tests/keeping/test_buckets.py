"""Backup and restore with files in a bucket: from there, into it, and while it does not answer."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from dossiers.models import Dossier
from onestop import stores
from onestop.backups import making, tasks
from onestop.backups.models import BackupRun
from onestop.errors import DomainError, sentence
from onestop.files.domain import open_attachment
from onestop.files.models import Attachment
from onestop.keeping import kept
from onestop.keeping.archive import Writing
from onestop.keeping.reading import read_manifest, restore
from onestop.keeping.sealed import opening, sealing
from onestop.keeping.writing import write_backup
from tests import buckets
from tests.clock import Clock
from tests.keeping.conftest import Live
from tests.keeping.places import elsewhere, stored_at, stored_in
from tests.keeping.test_refused import Keys
from tests.samples import a_pdf
from tests.world import vn

pytestmark = pytest.mark.one_engine("a store of files asks no database")
committing = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


NOBODY = "s3://motcua?endpoint=http://127.0.0.1:9"


@pytest.fixture
def url(s3_server: buckets.Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket without a folder of ours: what lies at its top is what `listdir("")` gives."""
    from onestop.stores import s3

    buckets.share_session(monkeypatch)
    monkeypatch.setattr(s3, "TRIES", 1)
    return s3_server.bucket().replace("/tep?", "?")


@contextmanager
def leaving() -> Iterator[Callable[[], None]]:
    """What is given takes the store away from its address, until the end."""
    storage: Any = default_storage
    before = storage._wrapped
    try:
        yield lambda: setattr(storage, "_wrapped", buckets.made(NOBODY))
    finally:
        storage._wrapped = before


def at(stage: str, work: Callable[[], None]) -> Callable[[str], None]:
    return lambda reached: work() if reached == stage else None


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as found:
        work()
    assert "STORAGE_URL" in sentence(found.value)
    return found.value.code


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path, "key")


class TestRound:
    pytestmark = committing

    def test_from_disk_into_a_bucket_and_back(
        self, live: Live, tmp_path: Path, url: str, keys: Keys
    ) -> None:
        first, second, sealed = (tmp_path / name for name in ("1.tar.age", "2.tar", "3.tar.age"))
        made = write_backup(first, recipients=[keys.public])
        on_disk = sorted(found.path for found in stores.walk(default_storage))
        with elsewhere(tmp_path / "one"), stored_at(url):
            assert restore(first, identity=keys.file) == made
            assert sorted(found.path for found in stores.walk(default_storage)) == on_disk
            from_bucket = write_backup(second)
            also = write_backup(sealed, recipients=[keys.public])
            assert from_bucket.files == also.files == made.files
            assert read_manifest(sealed, identity=keys.file) == also
        with elsewhere(tmp_path / "two"):
            assert restore(second) == from_bucket
            assert sorted(found.path for found in stores.walk(default_storage)) == on_disk
            with open_attachment(Attachment.objects.get(name="don.pdf")) as content:
                assert content.read() == a_pdf()

    @pytest.mark.parametrize("encrypted", [False, True])
    def test_a_bucket_that_goes_away_while_a_restore_is_under_way(
        self,
        encrypted: bool,
        live: Live,
        tmp_path: Path,
        url: str,
        keys: Keys,
    ) -> None:
        """The next run goes on."""
        archive = tmp_path / "b.tar"
        made = write_backup(archive, recipients=[keys.public] if encrypted else [])
        identity = keys.file if encrypted else None
        with elsewhere(tmp_path / "new"), stored_at(url):
            for stage, rows in (("read", 0), ("load", 0), ("check", 3)):
                with leaving() as leave:
                    away = at(stage, leave)
                    work = lambda away=away: restore(archive, identity=identity, progress=away)  # noqa: E731
                    assert refused(work) == "restore_store_away"
                assert Dossier.objects.count() == rows
            assert restore(archive, identity=identity) == made
            assert not kept._marks()


@pytest.mark.django_db
class TestAway:
    @pytest.mark.parametrize("encrypted", [False, True])
    def test_a_bucket_that_goes_away_while_a_backup_is_made(
        self, encrypted: bool, tmp_path: Path, url: str, keys: Keys
    ) -> None:
        folder = tmp_path / "backups"
        folder.mkdir()
        given = [keys.public] if encrypted else []
        with stored_at(url) as storage:
            storage.save("imports/abc", ContentFile(b"code,agency\n"))
            for stage in ("database", "files"):
                with leaving() as leave:
                    away = at(stage, leave)
                    work = lambda away=away: write_backup(  # noqa: E731
                        folder / "b.tar", recipients=given, progress=away
                    )
                    assert refused(work) == "backup_store_away"
                assert not [*folder.iterdir()]
            assert [one.path for one in write_backup(folder / "b.tar").files.others]

    def test_the_backup_of_a_night_is_tried_again(
        self, tmp_path: Path, url: str, settings: Any, clock: Clock
    ) -> None:
        """What a person has to mend is not; a store that is away comes back by itself."""
        settings.BACKUP_DIR, settings.BACKUP_RECIPIENT = str(tmp_path), []
        clock.now = vn("24/11/2026 01:30")
        with stored_at(url):
            with leaving() as leave:
                leave()
                tasks.sweep()
            run = BackupRun.objects.get()
            assert (run.state, run.tries) == (BackupRun.State.WAITING, 1)
            assert run.error.startswith("Kho tệp không trả lời")
            clock.now = vn("24/11/2026 01:35")
            tasks.sweep()
            run.refresh_from_db()
            assert (run.state, run.error) == (BackupRun.State.DONE, "")

    def test_a_bucket_that_is_gone_is_no_lost_file(self, tmp_path: Path, url: str) -> None:
        """Asked for one file it answers as if only that were not there."""
        with stored_at(url.replace("s3://motcua-", "s3://gone-")):
            assert refused(lambda: write_backup(tmp_path / "b.tar")) == "backup_store_away"

    def test_a_bucket_that_is_in_use_is_refused(self, tmp_path: Path, url: str) -> None:
        archive = tmp_path / "b.tar"
        with stored_in(tmp_path / "files"):
            write_backup(archive)
        with stored_at(url) as storage:
            storage.save("ab/cd/e", ContentFile(b"x"))
            assert refused(lambda: restore(archive)) == "restore_files_not_empty"


@pytest.mark.parametrize("code", sorted(making.PASSES))
def test_what_passes_has_a_sentence(code: str) -> None:
    assert sentence(DomainError(code, path="b", error="e"))


def test_no_room_for_what_a_store_sends_is_no_lost_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes by way of a folder for temporary files."""

    class Full:
        def open(self, *_: object) -> object:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "default_storage", Full())
    with Writing(io.BytesIO()) as archive, pytest.raises(OSError, match="No space"):
        kept.add_all(archive, ["a" * 64])
    with pytest.raises(OSError, match="No space"):
        kept.checksum("imports/abc")


@pytest.mark.parametrize("size", [100, 300_000, 1_500_000, 3_000_000])
def test_what_the_reader_of_an_encrypted_archive_met_is_told(size: int, tmp_path: Path) -> None:
    """Not that the pipe to it broke: a store that is away while the last piece is on its way."""
    from onestop.keeping.sealed import identities_of, recipients_of

    keys, out = Keys(tmp_path, "mine"), io.BytesIO()
    with sealing(out, recipients_of([keys.public])) as plain:
        plain.write(os.urandom(size))
    out.seek(0)
    with pytest.raises(stores.StoreAway), opening(out, identities_of(keys.file)) as plain:
        plain.read(50)
        raise stores.StoreAway
