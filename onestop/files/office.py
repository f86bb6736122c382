"""Office files: which kind, whole or not, and whether a program travels inside. Parts are read
within limits, nothing is run.
"""

import html
import re
import zipfile
import zlib
from typing import IO, BinaryIO

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
CUT = "cut"

# What a part may unpack to, and how many there may be: a bomb is no document.
MOST_PART = 64 * 1024 * 1024
MOST_ALL = 256 * 1024 * 1024
MOST_LIST = 1024 * 1024
MOST_PARTS = 10_000
CHUNK = 256 * 1024

_ZIP = b"PK\x03\x04"
# The container of Office before 2007, and of an office file of today behind a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS = tuple(name.encode("utf-16-le") for name in ("_VBA_PROJECT", "VBA_PROJECT_CUR"))
_OLE_LOCKED = "EncryptedPackage".encode("utf-16-le")
# Writers on the web number the main part.
_MAIN = re.compile(r"word/document[0-9]*\.xml|xl/workbook[0-9]*\.xml|content\.xml")
# Where a part begins that an office file has and another zip has not.
_FIRST_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"mimetype")
# In the lists of parts and of their relations, however the program's own part is called.
_PROGRAM_WORDS = (b"vbaproject", b"macroenabled", b"macrosheet", b"wordvbadata")
_PROGRAM_ENDINGS = (
    ".docm",
    ".dotm",
    ".xlsm",
    ".xltm",
    ".xlam",
    ".xlsb",
    ".pptm",
    ".ppam",
    "vbaproject.bin",
    "vbadata.xml",
)
_PROGRAM_FOLDERS = ("basic/", "scripts/", "xl/macrosheets/")
_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
)


def kind(content: BinaryIO) -> str | None:
    """DOCX, XLSX, ODT by the parts, CUT for one whose list of parts cannot be read, else None.
    Positions are moved.
    """
    try:
        with zipfile.ZipFile(content) as archive:
            main = _main_part(archive)
            if main.startswith("word/"):
                return DOCX
            if main.startswith("xl/"):
                return XLSX
            if main and _part(archive, "mimetype", 200).strip() == ODT.encode():
                return ODT
    except _ERRORS:
        return CUT if _begins_as_office(content) else None
    return None


def _main_part(archive: zipfile.ZipFile) -> str:
    return next((name for name in archive.namelist() if _MAIN.fullmatch(name)), "")


def _begins_as_office(content: BinaryIO) -> bool:
    """The list stands at the end: of a file that was cut, the name of the first part is left."""
    content.seek(26)
    length = int.from_bytes(content.read(2), "little")
    content.seek(30)
    first = content.read(length)
    return len(first) == length and first.startswith(_FIRST_PARTS)


def fault(content: BinaryIO) -> str:
    """ "broken", "password", or "": its list is there and its main part unpacks to the end."""
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
            if _is_bomb(parts):
                return "broken"
            if any(part.flag_bits & 1 for part in parts) or b"encryption-data" in _list_part(
                archive, "META-INF/manifest.xml"
            ):
                return "password"
            main = _main_part(archive)
            return "" if main and _unpacks(archive, main) else "broken"
    except _ERRORS:
        return "broken"


def _is_bomb(parts: list[zipfile.ZipInfo]) -> bool:
    """Too many parts, or more than a document holds; zipfile unpacks no part beyond the size it
    names.
    """
    return len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_ALL


def _unpacks(archive: zipfile.ZipFile, name: str) -> bool:
    """To its end, with its own checksum, within the limit."""
    total = 0
    with archive.open(name) as part:
        while piece := part.read(CHUNK):
            total += len(piece)
            if total > MOST_PART:
                return False
    return True


def is_locked(content: BinaryIO) -> bool:
    """An office file of today behind a password: another container with the encrypted one inside."""
    return _is_ole(content) and _holds(content, (_OLE_LOCKED,))


def has_macros(content: BinaryIO) -> bool:
    """Whether a program travels inside: by the parts, by what the lists say of them, or in the old
    container.
    """
    content.seek(0)
    start = content.read(len(_OLE))
    if start == _OLE:
        return _holds(content, _OLE_MACROS)
    if not start.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
            return not _is_bomb(parts) and any(_is_program(archive, part) for part in parts)
    except _ERRORS:
        return False


def _is_program(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    name = part.filename.lower().replace("\\", "/")
    if name.endswith(_PROGRAM_ENDINGS) or name.startswith(_PROGRAM_FOLDERS):
        return True
    if name == "[content_types].xml" or name.endswith(".rels"):
        words = _plain(_list_part(archive, part.filename))
        return any(word in words for word in _PROGRAM_WORDS)
    # A part of the old container under any name: pictures of other programs' objects, or a program.
    with archive.open(part) as inside:
        if inside.read(len(_OLE)) != _OLE:
            return False
        return _streams(inside, _OLE_MACROS)


def _plain(text: bytes) -> bytes:
    """Lower case, whatever the encoding and however the letters are written in XML."""
    return (
        html.unescape(text.replace(b"\x00", b"").decode("latin-1"))
        .lower()
        .encode("latin-1", "ignore")
    )


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as part:
        return part.read(most)


def _list_part(archive: zipfile.ZipFile, name: str) -> bytes:
    return _part(archive, name, MOST_LIST) if name in archive.NameToInfo else b""


def _is_ole(content: BinaryIO) -> bool:
    content.seek(0)
    return content.read(len(_OLE)) == _OLE


def _holds(content: BinaryIO, words: tuple[bytes, ...]) -> bool:
    content.seek(0)
    return _streams(content, words)


def _streams(content: IO[bytes], words: tuple[bytes, ...]) -> bool:
    """Whether one of the words comes by, piece by piece."""
    kept = b""
    longest = max(map(len, words))
    while piece := content.read(CHUNK):
        if any(word in kept + piece for word in words):
            return True
        kept = piece[-longest:]
    return False
