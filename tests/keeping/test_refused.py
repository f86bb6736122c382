"""What cannot be backed up or restored is refused with a sentence, and nothing is half done."""

import errno
import fcntl
import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from onestop.accounts.models import Officer
from onestop.errors import DomainError, sentence
from onestop.keeping import kept, loading, writing
from onestop.keeping.archive import Writing
from onestop.keeping.manifest import FORMAT
from onestop.keeping.reading import read_manifest, restore
from onestop.keeping.writing import write_backup
from onestop.stores import backend
from onestop.stores.both import BothFiles
from tests.keeping.places import rewritten, stored_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    with stored_in(tmp_path / "files") as files:
        yield files


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    default_storage.save("imports/abc", ContentFile(b"code,agency\n" * 100))
    write_backup(tmp_path / "b.tar")
    default_storage.delete("imports/abc")
    return tmp_path / "b.tar"


class Keys:
    def __init__(self, folder: Path, name: str) -> None:
        secret = pyrage.x25519.Identity.generate()
        self.public, self.file = str(secret.to_public()), folder / name
        self.file.write_text(f"# created: 2026\n# public key: {self.public}\n{secret}\n")


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as found:
        work()
    assert sentence(found.value)
    return found.value.code


BROKEN = {"backup_broken", "backup_not_one", "backup_newer"}


def test_one_altered_byte_is_found_wherever_it_is(archive: Path) -> None:
    """R-149"""
    whole = archive.read_bytes()
    places = {*range(0, len(whole), len(whole) // 60), *range(0, 600, 7), *range(-90, 0, 4)}
    altered = archive.with_name("altered.tar")
    for place in sorted(places):
        content = bytearray(whole)
        content[place] ^= 1
        altered.write_bytes(content)
        assert refused(lambda: read_manifest(altered)) in BROKEN, place


def test_what_was_cut_off_or_grew_is_found(archive: Path) -> None:
    whole = archive.read_bytes()
    for content in (whole[:-1], whole[:-80], whole[: len(whole) // 2], whole + b"\n", whole * 2):
        archive.write_bytes(content)
        assert refused(lambda: read_manifest(archive)) in BROKEN
    for content in (b"", b"PK\3\4 something else", bytes(20_000)):
        archive.write_bytes(content)
        assert refused(lambda: read_manifest(archive)) == "backup_not_one"
    assert refused(lambda: read_manifest(archive.with_name("none.tar"))) == "backup_missing"


def test_only_the_right_key_opens_an_encrypted_archive(tmp_path: Path) -> None:
    mine, other = Keys(tmp_path, "mine"), Keys(tmp_path, "other")
    path = tmp_path / "b.tar.age"
    made = write_backup(path, recipients=[mine.public, Keys(tmp_path, "spare").public])
    assert made.encrypted
    assert read_manifest(path, identity=mine.file) == made
    assert read_manifest(path, identity=tmp_path / "spare") == made
    assert refused(lambda: read_manifest(path)) == "backup_identity_missing"
    assert refused(lambda: read_manifest(path, identity=other.file)) == "backup_identity_wrong"
    assert refused(lambda: read_manifest(path, identity=path)) == "backup_identity_bad"
    whole = path.read_bytes()
    for content in (whole[:-1], whole[:5000], whole[:4000] + b"x" + whole[4001:]):
        path.write_bytes(content)
        assert refused(lambda: read_manifest(path, identity=mine.file)) == "backup_broken"


def test_nothing_of_the_archive_can_be_read_without_the_key(tmp_path: Path) -> None:
    path = tmp_path / "b.tar.age"
    write_backup(path, recipients=[Keys(tmp_path, "mine").public])
    assert b"motcua" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_archive_of_a_newer_program_is_refused(archive: Path) -> None:
    rewritten(archive, lambda head: head["migrations"].append("dossiers.9999_next_year"))
    assert refused(lambda: restore(archive)) == "backup_newer"
    rewritten(archive, lambda head: head.update(format=FORMAT + 1))
    assert refused(lambda: restore(archive)) == "backup_newer"


def test_another_look_up_key_is_refused(archive: Path, settings: Any) -> None:
    """Secrets on slips could no longer be read."""
    settings.LOOKUP_KEY = "QW5vdGhlci1rZXktb2YtMzItYnl0ZXMtbG9uZy0hISE="
    assert refused(lambda: restore(archive)) == "restore_lookup_key"


def test_keys_are_named_by_their_fingerprints_only(archive: Path, settings: Any) -> None:
    content = archive.read_bytes()
    assert settings.SECRET_KEY.encode() not in content
    assert settings.LOOKUP_KEY.encode() not in content


def test_a_place_that_is_in_use_is_refused(archive: Path) -> None:
    name = default_storage.save("a/b", ContentFile(b"x"))
    assert refused(lambda: restore(archive)) == "restore_files_not_empty"
    default_storage.delete(name)
    Officer.objects.create(username="an", full_name="Trần Văn An")
    assert refused(lambda: restore(archive)) == "restore_not_empty"


def test_a_running_product_is_not_restored_into(archive: Path, settings: Any) -> None:
    with (Path(settings.VAR_DIR) / "run.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refused(lambda: restore(archive)) == "restore_running"


def test_a_backup_never_overwrites_and_says_what_is_wrong(archive: Path, tmp_path: Path) -> None:
    assert refused(lambda: write_backup(archive)) == "backup_exists"
    assert refused(lambda: write_backup(tmp_path / "no" / "b.tar")) == "backup_no_folder"
    bad = ["age1nothing"]
    assert refused(lambda: write_backup(tmp_path / "c", recipients=bad)) == "backup_recipient"
    with (tmp_path / "c.part").open("wb") as file:
        assert writing._locked(file)
        assert refused(lambda: write_backup(tmp_path / "c")) == "backup_under_way"


@pytest.mark.parametrize("recipients", [0, 1])
def test_a_full_disk_leaves_nothing(
    recipients: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writing._Counted.write

    def full(self: Any, data: bytes) -> int:
        if self.size > 20_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(writing._Counted, "write", full)
    keys = [Keys(tmp_path, "mine").public][:recipients]
    assert refused(lambda: write_backup(tmp_path / "c", recipients=keys)) == "backup_no_room"
    assert not [*tmp_path.glob("c*")]


def test_a_disk_that_gives_back_something_else_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writing._Counted.write

    def lying(self: Any, data: bytes) -> int:
        written = write(self, data)
        self._file.seek(-1, 1)
        self._file.write(b"\1")
        return written

    monkeypatch.setattr(writing._Counted, "write", lying)
    assert refused(lambda: write_backup(tmp_path / "c")) == "backup_read_back"
    assert not [*tmp_path.glob("c*")]


def test_files_that_are_gone_or_changed_are_told_and_stop_nothing() -> None:
    """Whoever named them meanwhile, or damaged them before: the manifest says so (R-149)."""
    gone, changed = "b" * 64, "c" * 64
    default_storage.save(f"cc/cc/{changed}", ContentFile(b"other than its name"))
    with Writing(io.BytesIO()) as archive:
        found = kept.add_all(archive, [gone, changed])
    assert (found.missing, found.changed, found.count) == ((gone,), (changed,), 1)


def test_while_files_move_those_of_both_stores_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contents are found by their names, wherever they are; other folders are walked."""
    new, old = (backend("", folder=tmp_path / name) for name in ("new", "old"))
    both = BothFiles(new, old)
    both.before.save("imports/old", ContentFile(b"old"))
    both.now.save("imports/new", ContentFile(b"new"))
    both.before.save("imports/new", ContentFile(b"not yet taken away"))
    monkeypatch.setattr(kept, "default_storage", both)
    with Writing(io.BytesIO()) as archive:
        found = kept.add_all(archive, [])
    assert [(one.path, one.size) for one in found.others] == [
        ("imports/new", 3),
        ("imports/old", 3),
    ]


def test_a_file_that_shrinks_meanwhile_keeps_the_archive_whole() -> None:
    steady = kept._Steady(io.BytesIO(b"abc"))
    assert steady.read(5) == b"abc\0\0"


def test_a_full_disk_is_known_by_what_sqlite_says(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "small")) as small:
        small.execute("PRAGMA max_page_count = 2")
        small.execute("CREATE TABLE t (c)")
        with pytest.raises(sqlite3.OperationalError) as found:
            small.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert loading.is_full(found.value)
    assert not loading.is_full(sqlite3.OperationalError("no such table"))
