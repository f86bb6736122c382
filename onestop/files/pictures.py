"""Whether a picture is whole: its structure is walked to the end, nothing is unpacked or drawn.

So a picture of a million pixels costs what its few headers cost, and no decoder ever runs on a
stranger's bytes.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 256 * 1024
# More parts than any scanner writes: somebody plays.
MOST_PARTS = 100_000
MOST_PAGES = 5_000

_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"heif"}
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
# The general brands of the container: HEIC unless it says what else it is.
_ANY_BRANDS = frozenset({b"mif1", b"mif2", b"msf1", b"miaf"})
_BOXES = frozenset(
    {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid", b"idat", b"wide", b"udta"}
)
SMALLEST_HEIC = 64


class _Broken(Exception):
    """The structure leads nowhere."""


def _size(content: BinaryIO) -> int:
    return content.seek(0, 2)


def _read(content: BinaryIO, at: int, count: int) -> bytes:
    content.seek(at)
    found = content.read(count)
    if len(found) < count:
        raise _Broken
    return found


# --- JPEG -----------------------------------------------------------------------------------------

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def jpeg_fault(content: BinaryIO) -> str:
    """A frame with a size, a scan, and the end mark after it; what follows the end is nobody's
    business.
    """
    try:
        return "" if _found(content, b"\xff\xd9", _jpeg_scan(content)) else "broken"
    except _Broken:
        return "broken"


def _jpeg_scan(content: BinaryIO) -> int:
    """Where the picture's own data begin. Previews lie inside segments and are stepped over."""
    at, framed = 2, False
    for _ in range(MOST_PARTS):
        mark = _read(content, at, 2)
        if mark[0] != 0xFF or mark[1] == _END_OF_IMAGE:
            raise _Broken
        if mark[1] == 0xFF:  # padding before a mark
            at += 1
            continue
        if mark[1] in _ALONE:
            at += 2
            continue
        length = int.from_bytes(_read(content, at + 2, 2), "big")
        if mark[1] in _FRAMES:
            framed = (
                _read(content, at + 7, 2) != b"\x00\x00"
            )  # a width; the height may follow the scan (DNL)
        at += 2 + length
        if mark[1] == _START_OF_SCAN:
            if framed:
                return at
            raise _Broken
    raise _Broken


def _found(content: BinaryIO, mark: bytes, start: int) -> bool:
    content.seek(start)
    kept = b""
    while piece := content.read(CHUNK):
        if mark in kept + piece:
            return True
        kept = piece[1 - len(mark) :]
    return False


# --- PNG ------------------------------------------------------------------------------------------


def png_fault(content: BinaryIO) -> str:
    """Chunk by chunk to its end, with picture data among them."""
    size, at, data = _size(content), 8, False
    try:
        for _ in range(MOST_PARTS):
            length, name = struct.unpack(">I4s", _read(content, at, 8))
            at += 12 + length
            if at > size:
                break
            data = data or name == b"IDAT"
            if name == b"IEND":
                return "" if data else "broken"
    except _Broken:
        return "broken"
    return "broken"


# --- TIFF -----------------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 256, 257
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES, _OLD_JPEG = 273, 279, 324, 325, 513
_WIDTHS = {3: 2, 4: 4}  # SHORT and LONG, the types that places and sizes come in
_MOST_STRIPS = 100_000
_MOST_VALUES = 1_000_000


def tiff_fault(content: BinaryIO) -> str:
    """Every page's data lie inside the file."""
    size = _size(content)
    try:
        pages = values = 0
        for tags in _tiff_pages(content):
            pages += 1
            values += sum(map(len, tags.values()))
            if (
                values > _MOST_VALUES
                or not tags.get(_WIDTH, [0])[0]
                or not _tiff_data_there(tags, size)
            ):
                return "broken"
    except (_Broken, struct.error):
        return "broken"
    return "" if pages else "broken"


def tiff_pages(content: BinaryIO) -> int:
    """How many pages a TIFF without fault has: a scanner puts a whole document into one."""
    return sum(1 for _ in _tiff_pages(content))


def _tiff_data_there(tags: dict[int, list[int]], size: int) -> bool:
    for places, lengths in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
        if tags.get(places):
            # Old writers leave the lengths off: then only the places are asked.
            counts = tags.get(lengths) or [0] * len(tags[places])
            return all(
                at < size and at + count <= size
                for at, count in zip(tags[places], counts, strict=False)
            )
    return bool(tags.get(_OLD_JPEG)) and tags[_OLD_JPEG][0] < size


def _tiff_pages(content: BinaryIO) -> Iterator[dict[int, list[int]]]:
    order = "<" if _read(content, 0, 2) == b"II" else ">"
    (at,) = struct.unpack(f"{order}I", _read(content, 4, 4))
    seen: set[int] = set()
    while at and at not in seen and len(seen) < MOST_PAGES:
        seen.add(at)
        (count,) = struct.unpack(f"{order}H", _read(content, at, 2))
        table = _read(content, at + 2, count * 12)
        wanted = {_WIDTH, _HEIGHT, _STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES, _OLD_JPEG}
        yield {
            tag: _tiff_values(content, order, kind, many, table[n * 12 + 8 : n * 12 + 12])
            for n in range(count)
            for tag, kind, many in [struct.unpack_from(f"{order}HHI", table, n * 12)]
            if tag in wanted
        }
        (at,) = struct.unpack(f"{order}I", _read(content, at + 2 + count * 12, 4))


def _tiff_values(content: BinaryIO, order: str, kind: int, many: int, field: bytes) -> list[int]:
    width = _WIDTHS.get(kind)
    if width is None or not 0 < many <= _MOST_STRIPS:
        raise _Broken
    if width * many > 4:
        field = _read(content, struct.unpack(f"{order}I", field)[0], width * many)
    return list(struct.unpack(f"{order}{many}{'H' if width == 2 else 'I'}", field[: width * many]))


# --- HEIC -----------------------------------------------------------------------------------------


def brand(head: bytes) -> str:
    """ "heic", "avif" or "" by the brands that the first box names."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if major in _HEIC_BRANDS or (major not in _AVIF_BRANDS and brands & _HEIC_BRANDS):
        return "heic"
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if major in _ANY_BRANDS else ""


def heic_fault(content: BinaryIO) -> str:
    """Box by box: none ends behind the end of the file."""
    size, at = _size(content), 0
    if size < SMALLEST_HEIC:
        return "broken"
    try:
        for _ in range(MOST_PARTS):
            if at + 8 > size:
                return ""
            length, name = struct.unpack(">I4s", _read(content, at, 8))
            if name not in _BOXES or length == 0:  # padding, or a box that goes on to the end
                return ""
            if length == 1:
                (length,) = struct.unpack(">Q", _read(content, at + 8, 8))
            if length < 8 or at + length > size:
                return "broken"
            at += length
    except _Broken:
        return "broken"
    return "broken"
