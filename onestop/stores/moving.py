"""All files of one store into another, while the product runs. Nothing is taken away from the first.

Begun again it goes on: what is there is compared, not copied. A file counts as copied when it was read
back from its new place and is what it was.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import Storage

from onestop.stores import PART, walk

CHUNK = 256 * 1024
IN_MEMORY = 1024 * 1024
# Where an attachment lies: under its own checksum.
BY_CONTENT = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
DAMAGED, DIFFERENT, NOT_TAKEN = "damaged", "different", "not_taken"


@dataclass
class Moved:
    """`problems`: the path of what could not be brought over, and why."""

    copied: int = 0
    there: int = 0
    size: int = 0
    problems: dict[str, str] = field(default_factory=dict)


def copy_all(
    source: Storage, target: Storage, *, quick: bool, heard: Callable[[str, Moved], None]
) -> Moved:
    """Copy what `target` has not; tell after each folder. `quick`: what is there and as long as it
    should be is not read again. Errors: StoreAway, OSError; whoever meets them begins again later.
    """
    moved = Moved()
    folders, _ = source.listdir("")
    for name in sorted(folders):
        folder = f"{name}/"
        there = {found.path: found.size for found in walk(target, folder)}
        for found in sorted(walk(source, folder)):
            if found.path.endswith(PART):  # somebody was killed while he wrote it
                continue
            if there.get(found.path) == found.size and quick:
                moved.there += 1
            else:
                _bring(found.path, source, target, moved, is_there=found.path in there)
        heard(folder, moved)
    return moved


def _bring(path: str, source: Storage, target: Storage, moved: Moved, *, is_there: bool) -> None:
    try:
        content = source.open(path)
    except FileNotFoundError:  # let go meanwhile
        return
    with content, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        digest = _digest(content, into=spool)
        named = BY_CONTENT.fullmatch(path)
        if named is not None and named[3] != digest:
            moved.problems[path] = DAMAGED
            return
        if is_there:
            if _digest_of(target, path) == digest:
                moved.there += 1
                return
            if named is None:  # which of the two is meant, nobody can say
                moved.problems[path] = DIFFERENT
                return
            target.delete(path)
        _copy(path, File(spool), digest, target, moved)


def _copy(path: str, content: "File[Any]", digest: str, target: Storage, moved: Moved) -> None:
    size = content.tell()
    content.seek(0)
    saved = target.save(path, content)
    if saved != path:  # the product has put it there meanwhile
        target.delete(saved)
    if _digest_of(target, path) != digest:
        moved.problems[path] = NOT_TAKEN
        return
    moved.copied += 1
    moved.size += size


def _digest_of(storage: Storage, path: str) -> str:
    try:
        with storage.open(path) as content:
            return _digest(content)
    except FileNotFoundError:
        return ""


def _digest(content: "File[Any]", *, into: IO[bytes] | None = None) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        if into is not None:
            into.write(chunk)
    return digest.hexdigest()
