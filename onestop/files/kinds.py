"""What an uploaded file really is, told by its content. A name that promises something else is refused."""

import zipfile
from typing import BinaryIO

import filetype

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"

EXTENSIONS = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "tif": TIFF,
    "tiff": TIFF,
    "heic": HEIC,
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
# What a browser may show in its own window; everything else is only ever downloaded.
SHOWN_INLINE = {PDF, JPEG, PNG}


def sniff(content: BinaryIO) -> str | None:
    """The content type of the bytes, one of the allowed kinds, or None. The position of the stream is moved."""
    content.seek(0)
    head = content.read(8192)
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(content)
    if b"%PDF-" in head[:1024]:
        return PDF
    guess = filetype.guess(head)
    kind = guess.mime if guess else None
    if kind == PNG and not _png_ends(content):
        return None
    return kind if kind in (JPEG, PNG, TIFF, HEIC) else None


def has_macros(content: BinaryIO) -> bool:
    """An Office file that brings a program along."""
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(content) as archive:
            return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _inside_zip(content: BinaryIO) -> str | None:
    try:
        with zipfile.ZipFile(content) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return DOCX
            if "xl/workbook.xml" in names:
                return XLSX
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 and archive.read("mimetype").strip() == ODT.encode():
                return ODT
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    return None


def _png_ends(content: BinaryIO) -> bool:
    content.seek(0, 2)
    content.seek(max(0, content.tell() - 64))
    return b"IEND" in content.read()
