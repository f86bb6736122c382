"""Columns that are stored in fewer bytes than they are read with. Whoever reads or writes a row sees
the text itself; only SQL written by hand sees the bytes.

A packed text is one byte that names a vocabulary, then the UTF-8 text deflated with it (RFC 1951,
"preset dictionary"); 0 names none, and what follows is the text as it is. PostgreSQL itself packs no
row below 2 kB, whatever its settings say, and such texts are nearly all of a database. In any
language a text is read back so:

    zlib.decompressobj(-15, zdict=vocabulary).decompress(stored[1:]).decode()
"""

from __future__ import annotations

import hashlib
import json
import zlib
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.db import models

from onestop.rows import canonical

_PLAIN, _WINDOW = b"\0", -15


class Vocabulary:
    """Words that texts repeat, in a file that never changes: what was packed with it needs it for
    ever. More words are a further file.
    """

    def __init__(self, path: Path, sha256: str) -> None:
        self.path, self._sha256 = path, sha256

    @cached_property
    def words(self) -> bytes:
        words = self.path.read_bytes()
        if hashlib.sha256(words).hexdigest() != self._sha256:
            raise RuntimeError(
                f"{self.path.name} is not the vocabulary that texts were packed with"
            )
        return words

    @cached_property
    def _packing(self) -> Any:
        return zlib.compressobj(6, zlib.DEFLATED, -14, 7, zdict=self.words)

    def packed(self, text: bytes) -> bytes:
        # A copy has the vocabulary in place already. A window of 16 kB reaches over all of it; one
        # of 8 would cost a fifth less and miss what is rare.
        one = self._packing.copy()
        found: bytes = one.compress(text) + one.flush()
        return found

    def unpacked(self, stored: bytes) -> bytes:
        """Errors: ValueError where it is not one whole packed text."""
        one = zlib.decompressobj(_WINDOW, zdict=self.words)
        try:
            text = one.decompress(stored)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if not one.eof or one.unused_data:
            raise ValueError("not one whole text")
        return text


class Packing:
    """Packs with the newest of its vocabularies, reads what was packed with any."""

    def __init__(self, *vocabularies: Vocabulary) -> None:
        self._known = vocabularies
        self._mark = bytes([len(vocabularies)])

    def packed(self, text: str) -> bytes:
        plain = text.encode()
        found = self._known[-1].packed(plain)
        return self._mark + found if len(found) < len(plain) else _PLAIN + plain

    def unpacked(self, stored: bytes | memoryview) -> str:
        """Errors: ValueError where the bytes were never packed here."""
        mark, rest = bytes(stored[:1]), bytes(stored[1:])
        if mark == _PLAIN:
            return rest.decode()
        if not b"\0" < mark <= self._mark:
            raise ValueError("no such vocabulary")
        return self._known[mark[0] - 1].unpacked(rest).decode()


class BytesField(models.Field):
    """A column of bytes whose value is something else."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def stored(self, value: Any) -> bytes:
        """The bytes of a value."""
        raise NotImplementedError

    def read(self, stored: bytes) -> Any:
        """The value of bytes."""
        raise NotImplementedError

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else self.stored(value)

    def read_text(self, text: str) -> Any:
        """The value of a text from before the column was one of bytes: SQLite keeps it as it was."""
        return text

    def from_db_value(self, value: Any, *_: Any) -> Any:
        if value is None:
            return None
        return self.read_text(value) if isinstance(value, str) else self.read(bytes(value))


class HashField(BytesField):
    """A hash: read as hexadecimal text, stored as its bytes, which are half as many."""

    def stored(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def read(self, stored: bytes) -> str:
        return stored.hex()

    def to_python(self, value: Any) -> Any:
        return value


class PackedText(BytesField):
    """A text stored packed."""

    packing: ClassVar[Packing]

    def stored(self, value: str) -> bytes:
        return self.packing.packed(value)

    def read(self, stored: bytes) -> str:
        try:
            return self.packing.unpacked(stored)
        except ValueError:
            # Somebody wrote past us. Who verifies says which row it is, as with any text that does
            # not fit its hash; a reader must not stop before that.
            return ""


class PackedJSON(PackedText):
    """A JSON value stored as its packed canonical text."""

    def stored(self, value: Any) -> bytes:
        return super().stored(canonical(value))

    def read(self, stored: bytes) -> Any:
        return self.read_text(super().read(stored))

    def read_text(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            return None
