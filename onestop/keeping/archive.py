"""The container: a tar of parts and files with a manifest, then one line with the SHA-256 of all
before it. `tar tf` lists it; rows are JSON lines, gzipped.

    motcua/head.json                        what is known before anything is read
    tables/<table>/<part>.jsonl.gz          rows, about PART bytes a part
    files/<path in the file store>          contents as they are
    motcua/manifest.json                    counts, checksums, counters

Encrypted, all of it is inside one age file. Both ways go piece by piece: memory stays flat.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import orjson

HEAD, MANIFEST = "motcua/head.json", "motcua/manifest.json"
TABLES, FILES = "tables/", "files/"
PIECE = 256 * 1024
# So many bytes of rows go into one part; a row that is larger has one of its own.
PART = 1024 * 1024
_LAST_LINE = b"\nmotcua sha256 %s\n"
_LAST = len(_LAST_LINE % (b"0" * 64))
# No part is so large: whoever reads one holds it in memory.
_LARGEST = 1024 * 1024 * 1024
_LEVEL, _GZIP = 3, 31


class Broken(Exception):
    """Where it is not what was written."""


class Writing:
    """An archive on its way out."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = _Hashed(out)
        self._tar = tarfile.open(  # noqa: SIM115 (closed by finish)
            fileobj=cast(BinaryIO, self._out), mode="w|", format=tarfile.PAX_FORMAT
        )

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *_: object) -> None:
        # A tar that was not finished is written to its end when it is forgotten: nowhere, then.
        self._out.is_over = True

    def add(self, name: str, content: bytes) -> None:
        self.add_from(name, len(content), io.BytesIO(content))

    def add_from(self, name: str, size: int, content: Any) -> None:
        """`content.read` gives at least `size` bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, content)
        _forget(self._tar)

    def add_rows(self, table: str, rows: Iterable[Sequence[Any]]) -> tuple[int, str]:
        """How many there were, and the SHA-256 of all their lines."""
        digest, count, part, text = hashlib.sha256(), 0, 0, bytearray()
        for row in rows:
            # Not a list of lines: each would keep the room that it was made in.
            text += orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            count += 1
            if len(text) >= PART:
                part += 1
                self._add_part(table, part, text, digest)
                text.clear()
        if text:
            self._add_part(table, part + 1, text, digest)
        return count, digest.hexdigest()

    def _add_part(self, table: str, part: int, text: bytearray, digest: Any) -> None:
        digest.update(text)
        packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        packed = packing.compress(text) + packing.flush()
        self.add(f"{TABLES}{table}/{part:06}.jsonl.gz", packed)

    def finish(self) -> str:
        """Write the end; the digest of the archive."""
        self._tar.close()
        digest = self._out.digest.hexdigest()
        self._out.write(_LAST_LINE % digest.encode())
        return digest


@dataclass(frozen=True, slots=True)
class Entry:
    """One part or file while its turn is: read it before the next one comes."""

    name: str
    size: int
    content: Any

    def read(self) -> bytes:
        """All of it. Errors: Broken."""
        if self.size > _LARGEST:
            raise Broken(self.name)
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Errors: Broken where it ends too soon."""
        left = self.size
        while left:
            try:
                piece = self.content.read(min(PIECE, left))
            except tarfile.TarError as error:
                raise Broken(self.name) from error
            if not piece:
                raise Broken(self.name)
            left -= len(piece)
            yield piece

    @property
    def table(self) -> str:
        return self.name.removeprefix(TABLES).split("/")[0]

    def lines(self) -> bytes:
        """The rows of a part, as JSON lines. Errors: Broken."""
        try:
            unpacking = zlib.decompressobj(_GZIP)
            text = unpacking.decompress(self.read())
        except zlib.error as error:
            raise Broken(self.name) from error
        if not unpacking.eof or unpacking.unused_data:
            raise Broken(self.name)
        return text


def rows_of(lines: bytes) -> list[list[Any]]:
    found: list[list[Any]] = orjson.loads(b"[" + lines.rstrip(b"\n").replace(b"\n", b",") + b"]")
    return found


class Reading:
    """An archive on its way in: `entries()` once, to its end; then `digest` is known."""

    def __init__(self, plain: BinaryIO) -> None:
        self._plain = _HeldBack(plain)
        self.digest = ""

    def entries(self) -> Iterator[Entry]:
        """Each in turn. Errors: Broken, at the latest at the end."""
        try:
            with closing(tarfile.open(fileobj=cast(BinaryIO, self._plain), mode="r|")) as tar:
                for info in tar:
                    content = tar.extractfile(info)
                    if content is None:
                        raise Broken(info.name)
                    yield Entry(info.name, info.size, content)
                    _forget(tar)
        except (tarfile.TarError, EOFError) as error:
            raise Broken("tar") from error
        self.digest = self._plain.ended()


def _forget(tar: Any) -> None:
    """It remembers each of millions of files for a list that nobody asks for."""
    tar.members.clear()


class _Hashed:
    def __init__(self, out: BinaryIO) -> None:
        self._out, self.digest, self.is_over = out, hashlib.sha256(), False

    def write(self, data: bytes) -> int:
        if not self.is_over:
            self.digest.update(data)
            self._out.write(data)
        return len(data)


class _HeldBack:
    """Reads all but the last line, and hashes what it reads."""

    def __init__(self, plain: BinaryIO) -> None:
        self._plain, self._ahead, self._digest = plain, b"", hashlib.sha256()

    def read(self, size: int) -> bytes:
        while len(self._ahead) < size + _LAST:
            more = self._plain.read(max(size, PIECE))
            if not more:
                break
            self._ahead += more
        given = self._ahead[: max(min(size, len(self._ahead) - _LAST), 0)]
        self._ahead = self._ahead[len(given) :]
        self._digest.update(given)
        return given

    def ended(self) -> str:
        """The digest, when all that is left is the line that names it. Errors: Broken."""
        while self.read(PIECE):
            pass
        digest = self._digest.hexdigest()
        if self._ahead != _LAST_LINE % digest.encode():
            raise Broken("sha256")
        return digest
