"""The file store, out and in: contents that rows name lie under their own checksum and only grow in
number; other folders (uploads on their way in, reports made) are taken as they are found.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from onestop.errors import DomainError
from onestop.files.models import path_of
from onestop.keeping.archive import FILES, PIECE, Broken, Entry, Writing
from onestop.keeping.manifest import NAMED, Files, Other
from onestop.stores import PART
from onestop.trouble import is_full

_CONTENT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
_CONTENT_FOLDER = re.compile(r"[0-9a-f]{2}/")
# A file of this name lies in the store while a restore is under way: what a killed one left is told
# from files of a product that is in use. A new mark is there before the old one goes, so that there
# always is one; the store gives it another ending then.
UNDER_WAY = "khoi-phuc-dang-do"
_ROWS_TOO = " rows"
_IN_MEMORY = 8 * 1024 * 1024


def add_all(archive: Writing, names: Iterable[str]) -> Files:
    """Every content of these checksums, then every other file."""
    missing, changed = _Named(), _Named()
    count = size = 0
    for sha256 in names:
        taken = _add_content(archive, sha256)
        if taken is None:
            missing.note(sha256)
            continue
        count, size = count + 1, size + taken[0]
        if taken[1] != sha256:
            changed.note(sha256)
    return Files(
        count=count,
        size=size,
        others=tuple(_others(archive)),
        missing=tuple(missing.first),
        missing_count=missing.count,
        changed=tuple(changed.first),
        changed_count=changed.count,
    )


class _Named:
    """The first of them by name, all of them by number."""

    def __init__(self) -> None:
        self.first: list[str] = []
        self.count = 0

    def note(self, name: str) -> None:
        self.count += 1
        if self.count <= NAMED:
            self.first.append(name)


def _add_content(archive: Writing, sha256: str) -> tuple[int, str] | None:
    """Size and checksum of what was there; None where nothing can be read."""
    try:
        content = default_storage.open(path_of(sha256), "rb")
    except OSError as error:
        if is_full(error):  # no place for what a store elsewhere sends: not gone
            raise
        return None
    with content:
        steady = _Steady(content)
        archive.add_from(f"{FILES}{path_of(sha256)}", content.size, steady)
        return content.size, steady.digest.hexdigest()


class _Steady:
    """Gives as many bytes as were promised, whatever becomes of the file meanwhile; what is no
    longer there is zeros, and the checksum tells.
    """

    def __init__(self, content: Any) -> None:
        self._content, self.digest = content, hashlib.sha256()

    def read(self, size: int) -> bytes:
        try:
            found = cast(bytes, self._content.read(size))
        except OSError:
            found = b""
        found += bytes(size - len(found))
        self.digest.update(found)
        return found


def _others(archive: Writing) -> Iterator[Other]:
    for path in others():
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            try:
                with default_storage.open(path, "rb") as content:
                    shutil.copyfileobj(cast(BinaryIO, content), spool, PIECE)
            except FileNotFoundError:
                continue  # gone meanwhile: its row says that it is, or no row names it
            size = spool.tell()
            spool.seek(0)
            steady = _Steady(spool)
            archive.add_from(f"{FILES}{path}", size, steady)
            yield Other(path, size, steady.digest.hexdigest())


def others(folder: str = "") -> Iterator[str]:
    """Files that do not lie under their own checksum."""
    with suppress(FileNotFoundError):
        folders, files = default_storage.listdir(folder)
        whole = (
            name
            for name in sorted(files)
            if not name.startswith(UNDER_WAY) and not name.endswith(PART)
        )
        yield from (f"{folder}{name}" for name in whole)
        for name in sorted(folders):
            if folder or not _CONTENT_FOLDER.fullmatch(f"{name}/"):
                yield from others(f"{folder}{name}/")


def content_of(name: str) -> str | None:
    """The checksum under which an entry lies."""
    found = _CONTENT.fullmatch(name.removeprefix(FILES))
    return found[1] if found else None


def put_in(entry: Entry) -> None:
    """One file of the archive into the store; what a killed restore left of it goes. Errors:
    Broken.
    """
    path = entry.name.removeprefix(FILES)
    if default_storage.exists(path):
        default_storage.delete(path)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        for piece in entry.pieces():
            spool.write(piece)
        spool.seek(0)
        if default_storage.save(path, File(cast(Any, spool))) != path:
            raise Broken(entry.name)


def begin(digest: str) -> None:
    """From now on the store is on its way in, from the archive of this digest. Errors: DomainError
    ("restore_files_not_empty").
    """
    if not _marks() and (there := _first()):
        raise DomainError("restore_files_not_empty", name=there)
    _mark(digest)


def note_rows(digest: str) -> None:
    """The rows of this archive are committed; from now on migrations may change them."""
    _mark(f"{digest}{_ROWS_TOO}")


def has_begun(digest: str) -> bool:
    """A killed restore was at this archive."""
    return any(text.removesuffix(_ROWS_TOO) == digest for text in _marks().values())


def has_rows(digest: str) -> bool:
    """It had noted that the rows are committed."""
    return f"{digest}{_ROWS_TOO}" in _marks().values()


def end() -> None:
    for name in _marks():
        default_storage.delete(name)


def _marks() -> dict[str, str]:
    """By name, what each says."""
    found = {}
    with suppress(FileNotFoundError):
        for name in default_storage.listdir("")[1]:
            if name.startswith(UNDER_WAY):
                with default_storage.open(name, "rb") as mark:
                    found[name] = cast(bytes, mark.read()).decode(errors="replace")
    return found


def _mark(text: str) -> None:
    before = _marks()
    if text not in before.values():
        default_storage.save(UNDER_WAY, ContentFile(text.encode()))
    for name, said in before.items():
        if said != text:
            default_storage.delete(name)


def _first(folder: str = "") -> str | None:
    """Any file of the store."""
    with suppress(FileNotFoundError):
        folders, files = default_storage.listdir(folder)
        if files:
            return f"{folder}{files[0]}"
        for name in folders:
            found = _first(f"{folder}{name}/")
            if found is not None:
                return found
    return None


def checksum(path: str) -> str | None:
    """Of what lies there now; None where nothing can be read."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(path, "rb") as content:
            while piece := content.read(PIECE):
                digest.update(piece)
    except OSError as error:
        if is_full(error):
            raise
        return None
    return digest.hexdigest()
