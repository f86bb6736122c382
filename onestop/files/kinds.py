"""What an uploaded file really is, told by its content. A name that promises something else is
refused.
"""

from collections.abc import Callable
from typing import BinaryIO

from onestop.files import office, pdf, pictures

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
HEIC = "image/heic"
DOCX = office.DOCX
XLSX = office.XLSX
ODT = office.ODT

EXTENSIONS = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "jpe": JPEG,
    "jfif": JPEG,
    "png": PNG,
    "tif": TIFF,
    "tiff": TIFF,
    "heic": HEIC,
    "heif": HEIC,
    "docx": DOCX,
    "xlsx": XLSX,
    "odt": ODT,
}
LABELS = {
    PDF: "PDF",
    JPEG: "ảnh JPEG",
    PNG: "ảnh PNG",
    TIFF: "ảnh TIFF",
    HEIC: "ảnh HEIC",
    DOCX: "văn bản Word (.docx)",
    XLSX: "bảng tính Excel (.xlsx)",
    ODT: "văn bản OpenDocument (.odt)",
}
ALLOWED = ", ".join(LABELS.values())
# For the `accept` of a file input: what the dialog of the browser offers is what is taken.
ACCEPT = ",".join(f".{extension}" for extension in EXTENSIONS)
OFFICE = frozenset({DOCX, XLSX, ODT})
# What a browser may show in its own window; everything else is only ever downloaded.
SHOWN_INLINE = {PDF, JPEG, PNG}
# Telephones send a JPEG under the name of the format they are set to: it is kept as what it is.
SENT_AS = {(HEIC, JPEG): "jpg"}
# Kinds that other programs write and that nobody here can open, so that the refusal names them
# truly.
AVIF = "image/avif"
NOT_TAKEN = {AVIF: "ảnh AVIF"}

HEAD = 1024
# What is wrong with a whole file of a kind: "" when an ordinary viewer opens it.
_FAULTS: dict[str, Callable[[BinaryIO], str]] = {
    PDF: pdf.fault,
    JPEG: pictures.jpeg_fault,
    PNG: pictures.png_fault,
    TIFF: pictures.tiff_fault,
    HEIC: pictures.heic_fault,
    DOCX: office.fault,
    XLSX: office.fault,
    ODT: office.fault,
}


def sniff(content: BinaryIO) -> str | None:
    """The content type by the first bytes (of an office file: by its parts), or None. The position
    of the stream is moved.
    """
    content.seek(0)
    head = content.read(HEAD)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    if head.startswith(b"PK\x03\x04"):
        return office.kind(content)
    if head[4:8] == b"ftyp":
        return {"heic": HEIC, "avif": AVIF}.get(pictures.brand(head))
    # Last: other kinds may quote it, and mail programs put blanks or marks before it.
    return PDF if b"%PDF-" in head else None


def fault(kind: str, content: BinaryIO) -> str:
    """What keeps an ordinary viewer from opening it: "broken", "password", or "". Reads structure,
    draws nothing.
    """
    return _FAULTS[kind](content)


# How many pages a scan has, by its kind; a photograph is one.
_PAGES: dict[str, Callable[[BinaryIO], int]] = {
    PDF: pdf.pages,
    TIFF: pictures.tiff_pages,
    **dict.fromkeys((JPEG, PNG, HEIC), lambda content: 1),
}
# For the `accept` of an input that takes scans only.
ACCEPT_SCANS = ",".join(f".{name}" for name, kind in EXTENSIONS.items() if kind in _PAGES)


def pages_of(content: BinaryIO, kind: str) -> int:
    """How many pages a file without fault has; 0 of what is no scan."""
    count = _PAGES.get(kind)
    return count(content) if count is not None else 0
