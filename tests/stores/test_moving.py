"""Files move from one store to the other: killed, begun again, run twice, with something missing."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.management import CommandError, call_command

from onestop import stores
from onestop.files.domain import open_attachment, sweep_orphans
from onestop.files.models import path_of
from onestop.stores.moving import Moved, copy_all
from tests import buckets
from tests.samples import PDF
from tests.stored import store

ROOT = Path(__file__).resolve().parents[2]
Config = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return f"file://{tmp_path}/tep"


@pytest.fixture
def bucket(s3_server: buckets.Server, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in buckets.KEYS.items():
        monkeypatch.setenv(name, value)
    buckets.share_session(monkeypatch)
    return s3_server.bucket()


def fill(storage: Storage, count: int) -> dict[str, bytes]:
    """`count` attachments, a list that waits for somebody, and what a killed process left."""
    files = {path_of(hashlib.sha256(b"%d" % n).hexdigest()): b"%d" % n for n in range(count)}
    files["imports/a.json"] = b"{}"
    for path, content in files.items():
        assert storage.save(path, ContentFile(content)) == path
    storage.save(f"ab/cd/.x{stores.PART}", ContentFile(b"hal"))
    return files


def contents(storage: Storage) -> dict[str, bytes]:
    found = {}
    for path in (one.path for one in stores.walk(storage) if not one.path.endswith(stores.PART)):
        with storage.open(path) as content:
            found[path] = content.read()
    return found


def counted(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each path is written from here on."""
    writes: Counter[str] = Counter()
    save = storage.save

    def counting(path: str, content: Any) -> str:
        writes[path] += 1
        return save(path, content)

    monkeypatch.setattr(storage, "save", counting)
    return writes


def move(source: Storage, target: Storage, *, quick: bool = False) -> Moved:
    return copy_all(source, target, quick=quick, heard=lambda *_: None)


@pytest.mark.parametrize("into", ["bucket", "folder"])
def test_all_files_move_either_way_and_stay_where_they_were(
    bucket: str, folder: str, into: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = (folder, bucket) if into == "bucket" else (bucket, folder)
    source, target = map(buckets.made, urls)
    files = fill(source, 4)
    writes = counted(target, monkeypatch)
    first = move(source, target)
    assert (first.copied, first.there, first.problems) == (5, 0, {})
    assert contents(target) == files == contents(source)
    for quick in (False, True):
        again = move(source, target, quick=quick)
        assert (again.copied, again.there) == (0, 5)
    assert set(writes.values()) == {1}


def test_a_damaged_file_is_named_and_not_taken_for_a_good_one(bucket: str, folder: str) -> None:
    source, target = buckets.made(folder), buckets.made(bucket)
    path, other = list(fill(source, 2))[:2]
    source.delete(path)
    source.save(path, ContentFile(b"?"))
    target.save(other, ContentFile(b"?"))
    target.save("imports/a.json", ContentFile(b"[]"))
    moved = move(source, target)
    assert moved.problems == {path: "damaged", "imports/a.json": "different"}
    assert contents(target) == {other: b"1", "imports/a.json": b"[]"}


# Killed when the sixth file is written and nobody has read it back yet.
BEFORE = 6
MOVE = f"""
import os, signal, sys
from django.conf import settings
settings.configure(USE_TZ=True)
from pathlib import Path
from onestop import stores
from onestop.stores.moving import copy_all
source, target = (stores.made(stores.backend(url, folder=Path("x"))) for url in sys.argv[1:])
save, saved = target.save, []
def dying(path, content):
    saved.append(save(path, content))
    if len(saved) == {BEFORE}:
        os.kill(os.getpid(), signal.SIGKILL)
    return saved[-1]
target.save = dying
copy_all(source, target, quick=False, heard=lambda *_: None)
"""


@pytest.mark.true_clock
def test_killed_in_the_middle_it_goes_on_and_copies_nothing_twice(
    bucket: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = buckets.made(folder), buckets.made(bucket)
    files = fill(source, 12)
    done = subprocess.run(
        [sys.executable, "-c", MOVE, folder, bucket],
        cwd=ROOT,
        env={**os.environ, **buckets.KEYS},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    before = contents(target)
    assert len(before) == BEFORE < len(files)
    writes = counted(target, monkeypatch)
    moved = move(source, target)
    assert contents(target) == files
    assert (moved.copied, moved.there) == (len(files) - len(before), len(before))
    assert not writes.keys() & before.keys()


# --- the command, and the product meanwhile -------------------------------------------------------


@pytest.fixture
def use(settings: Any) -> Callable[[str, str], None]:
    """`use(now, before)`: as if the product had started with these settings."""

    def start(now: str, before: str) -> None:
        config = buckets.config(now)
        if before:
            config = stores.while_moving(config, buckets.config(before))
        settings.STORAGE_URL, settings.STORAGE_BEFORE = now, before
        settings.STORAGES = {**settings.STORAGES, "default": config}

    return start


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    try:
        call_command("move_files", "--json", *arguments, stdout=out, stderr=StringIO())
    except CommandError:
        return {**json.loads(out.getvalue()), "refused": True}
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.django_db
def test_the_product_reads_and_writes_all_the_while(
    bucket: str, folder: str, use: Callable[[str, str], None]
) -> None:
    def keep(content: bytes) -> Any:
        return store(content, name="a.pdf", kind="dossier", object_id=1, by=None)

    use(folder, "")
    old, dropped = keep(PDF), keep(PDF + b"\n%2")
    use(bucket, folder)
    for content in (PDF, PDF + b"\n%3"):  # kept already, and new
        with open_attachment(keep(content)) as stored:
            assert stored.read() == content
    assert sorted(contents(buckets.made(bucket)).values()) == [PDF + b"\n%3"]
    default_storage.delete(dropped.path)
    dropped.delete()
    assert run() == {"copied": 1, "there": 0, "bytes": len(PDF), "problems": {}, "missing": []}
    use(bucket, "")
    with open_attachment(old) as stored:
        assert stored.read() == PDF
    assert not default_storage.exists(dropped.path)


@pytest.mark.django_db
def test_what_is_missing_is_named(
    bucket: str, folder: str, use: Callable[[str, str], None]
) -> None:
    use(folder, "")
    lost, kept = (
        store(PDF + b"\n%%%d" % n, name="a.pdf", kind="dossier", object_id=1, by=None)
        for n in range(2)
    )
    default_storage.delete(lost.path)
    use(bucket, folder)
    found = run()
    assert (found["copied"], found["missing"], found["refused"]) == (1, [lost.path], True)
    assert contents(buckets.made(bucket)).keys() == {kept.path}


@pytest.mark.django_db
def test_the_sweep_looks_at_the_new_store_only(
    bucket: str, folder: str, use: Callable[[str, str], None]
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    files = fill(buckets.made(folder), 2)
    use(bucket, folder)
    assert sweep_orphans(timezone.now() + timedelta(days=400)) == 0
    assert contents(buckets.made(folder)) == files


def test_both_stores_are_listed_as_one(tmp_path: Path) -> None:
    """Uploads that have not come over yet are in a backup made meanwhile."""
    now, before = (stores.backend(f"file://{tmp_path}/{name}", folder=tmp_path) for name in "ab")
    for config, names in ((now, ("imports/x", "imports/new")), (before, ("imports/x", "k/old"))):
        for name in names:
            stores.made(config).save(name, ContentFile(b"x"))
    both = stores.made(stores.while_moving(now, before))
    assert both.listdir("") == (["imports", "k"], [])
    assert both.listdir("imports") == ([], ["new", "x"])
    assert both.listdir("k") == ([], ["old"])
    with pytest.raises(FileNotFoundError):
        both.listdir("nowhere")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Chưa biết chuyển từ kho nào"),
        (("--from", "ftp://x"), "Không hiểu địa chỉ kho"),
        (("--from", "disk", "--to", "disk"), "là một"),
        (("--from", "s3://x?endpoint=http://127.0.0.1:9"), "không trả lời"),
    ],
)
def test_what_cannot_be_moved_is_said(
    arguments: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in buckets.KEYS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match=says):
        call_command("move_files", *arguments, stderr=StringIO())
