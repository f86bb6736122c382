"""Whether a PDF can be opened by anybody who looks at it: whole, with a page, without a password.

pypdf reads the structure only (no page is drawn, no picture unpacked) within its own limits of
depth, count and size.
"""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pypdf import PdfReader

# What it finds odd is told to the person in a sentence; its own lines would only fill the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# The end of a PDF: its mark, or where a writer left that off, the place of its table of contents.
_END = re.compile(rb"%%EOF|startxref\s+[0-9]+\s*\Z")
_MARK = b"%%EOF"
_BEGUN = re.compile(rb"[0-9]+\s+[0-9]+\s+obj\b")
_TAIL = 1024 * 1024


def fault(content: BinaryIO) -> str:
    """ "broken", "password", or "". A file restricted in printing or copying only opens with the
    empty password: it is taken.
    """
    # Read when the first PDF comes: it holds some 20 MB that most processes never need.
    from pypdf import PasswordType

    end = _end(content)
    if not end:
        return "broken"
    try:
        reader = _reader(content, end)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return "password"
        whole = all(_is_there(page) for page in reader.pages) and len(reader.pages) > 0
    except NotImplementedError:
        return "password"  # locked for the holders of certificates
    except Exception:
        # Whatever a stranger's bytes made a parser raise means one thing here: it cannot be read.
        return "broken"
    return "" if whole else "broken"


def pages(content: BinaryIO) -> int:
    """How many pages a PDF without fault has."""
    reader = _reader(content, _end(content))
    if reader.is_encrypted:
        reader.decrypt("")
    return len(reader.pages)


def _reader(content: BinaryIO, end: int) -> PdfReader:
    from pypdf import PdfReader

    content.seek(0)
    # pypdf wants the end mark at the very end; scanners pad, and some leave it off.
    text = content.read(end)
    text += b"" if text.endswith(_MARK) else b"\n" + _MARK
    return PdfReader(io.BytesIO(text), strict=False)


def _end(content: BinaryIO) -> int:
    """Where the last end mark ends; 0 where there is none or where something begins anew behind it:
    then a part was cut off.
    """
    start = max(0, content.seek(0, 2) - _TAIL)
    content.seek(start)
    tail = content.read()
    ends = [found.end() for found in _END.finditer(tail)]
    return start + ends[-1] if ends and not _BEGUN.search(tail, ends[-1]) else 0


def _is_there(page: object) -> bool:
    """The contents of a page lie in the file; they are not unpacked."""
    from pypdf.generic import NullObject

    contents = page.get("/Contents")  # type: ignore[attr-defined]
    if contents is None:
        return True
    found = contents.get_object()
    parts = found if isinstance(found, list) else [found]
    return all(not isinstance(part.get_object(), NullObject | None) for part in parts)
