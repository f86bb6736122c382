"""Scans that nobody could open are refused with the true reason; those that every viewer shows are
taken.
"""

import io
import struct
import zipfile

import pytest
from PIL import Image
from pypdf import PdfWriter

from onestop.errors import DomainError, sentence
from onestop.files import kinds, office, pictures
from onestop.files.models import Attachment
from tests.files.conftest import archive, picture
from tests.samples import PDF, a_pdf
from tests.stored import store

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("what is in a file is read before a row of it is written"),
]


def keep(content: bytes, name: str) -> Attachment:
    return store(content, name=name, kind="dossier", object_id=7, by=None)


def refused(content: bytes, name: str) -> str:
    with pytest.raises(DomainError) as caught:
        keep(content, name)
    assert name in sentence(caught.value)
    assert not Attachment.objects.exists()
    return caught.value.code


# --- PDF ------------------------------------------------------------------------------------------


def locked(user: str, owner: str, algorithm: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(420, 595)
    writer.encrypt(user, owner, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


ALGORITHMS = ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_that_asks_for_a_password_to_open_is_refused(algorithm):
    assert refused(locked("1234", "abcd", algorithm), "quet.pdf") == "file_password"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_restricted_in_printing_only_is_taken(algorithm):
    assert keep(locked("", "abcd", algorithm), "quet.pdf").content_type == kinds.PDF


def updated() -> bytes:
    """With a second revision appended, as programs that sign or fill in do."""
    place = len(PDF)
    new = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
    old = PDF.rsplit(b"startxref\n", 1)[1].split(b"\n")[0]
    table = b"xref\n3 1\n%010d 00000 n \n" % place
    tail = b"trailer<</Size 5/Root 1 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        old,
        place + len(new),
    )
    return PDF + new + table + tail


LONG = a_pdf("x" * 3000)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n" + b"rubbish",
        b"%PDF-1.4\n" + bytes(range(256)) * 40,
        b"%PDF-1.4\nrubbish\n%%EOF\n",
        b"%PDF-1.7\n%%EOF\n",
        LONG[:200],
        LONG[: len(LONG) // 2],
        LONG[:-60],
        updated()[: len(PDF) + 40],
        PDF.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[     ]/Count 0"),
    ],
)
def test_a_damaged_pdf_is_refused(content):
    assert refused(content, "quet.pdf") == "file_broken"


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        LONG,
        updated(),
        b"\xef\xbb\xbf" + PDF,
        b"\r\n\r\n" + PDF,
        PDF + b"\x00" * 5000,
        PDF + b"\x00" * 500_000,
        PDF + b"\r\n \n",
        PDF.rstrip().removesuffix(b"%%EOF"),
        PDF.replace(b"startxref\n", b"startxref\n9"),
        PDF.replace(b"%PDF-1.4", b"%PDF-2.0"),
    ],
)
def test_a_pdf_that_every_viewer_shows_is_taken(content):
    assert keep(content, "QUET.PDF").content_type == kinds.PDF


# --- pictures -------------------------------------------------------------------------------------


def shot(
    kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (300, 200), **options: object
) -> bytes:
    out = io.BytesIO()
    base = Image.effect_noise(size, 60)
    base.convert(mode).save(out, kind, **options)
    return out.getvalue()


JPEG = shot()
WITH_PREVIEW = (
    JPEG[:2]
    + b"\xff\xe1"
    + struct.pack(">H", 2 + 6 + len(picture("JPEG")))
    + b"Exif\0\0"
    + picture("JPEG")
    + JPEG[2:]
)


@pytest.mark.parametrize("name", ["a.jpg", "a.jpeg", "a.jpe", "a.jfif", "A.JFIF"])
def test_a_jpeg_is_a_jpeg_under_each_of_its_names(name):
    kept = keep(JPEG, name)
    assert (kept.content_type, kept.name) == (kinds.JPEG, name)


@pytest.mark.parametrize(
    "content",
    [
        JPEG + b"\x00" * 900,
        JPEG + JPEG[:500],
        WITH_PREVIEW,
        shot(mode="CMYK"),
        shot(mode="L"),
        shot(progressive=True),
        shot(size=(1, 1)),
    ],
)
def test_a_jpeg_that_every_viewer_shows_is_taken(content):
    assert keep(content, "a.jpg").content_type == kinds.JPEG


@pytest.mark.parametrize(
    "content",
    [
        JPEG[: len(JPEG) // 2],
        JPEG[:-2],
        WITH_PREVIEW[: len(WITH_PREVIEW) - 100],
        shot(progressive=True)[:-200],
        JPEG[:35],
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + b"\x00" * 13
        + b"\xff\xd9",
        b"\xff\xd8\xff\xd9" + b"\x00" * 31,
        b"\xff\xd8\xff" + b"\xff" * 500_000,
    ],
)
def test_a_jpeg_without_its_picture_is_refused(content):
    assert refused(content, "a.jpg") == "file_broken"


def test_a_35_byte_picture_of_any_kind_is_none():
    for name, content in (
        ("a.png", shot("PNG")),
        ("a.tif", shot("TIFF")),
        ("a.heic", heic(b"heic")),
        ("a.jpg", JPEG),
    ):
        assert refused(content[:35], name) == "file_broken"


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.999])
@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("TIFF", "a.tif"), ("TIFF", "a.tiff")]
)
def test_other_pictures_cut_short_are_refused(kind, name, cut):
    content = shot(kind)
    assert refused(content[: int(len(content) * cut)], name) == "file_broken"
    assert keep(content + b"\x00" * 50, name).size == len(content) + 50


def test_tiffs_of_scanners_are_taken():
    page = Image.new("1", (600, 800), 1)
    out = io.BytesIO()
    page.save(out, "TIFF", compression="group4", save_all=True, append_images=[page, page])
    assert keep(out.getvalue(), "g4.tif").content_type == kinds.TIFF
    big = b"MM\x00*" + struct.pack(">I", 9) + b"\x80" + struct.pack(">H", 4)
    for tag, kind, value in ((256, 3, 1 << 16), (257, 3, 1 << 16), (273, 4, 8), (279, 4, 1)):
        big += struct.pack(">HHII", tag, kind, 1, value)
    assert keep(big + struct.pack(">I", 0), "big-endian.tiff").content_type == kinds.TIFF


@pytest.mark.parametrize(
    "content",
    [
        b"II*\x00" + b"\x00" * 60,
        b"II*\x00\x08\x00\x00\x00\xff\xff" + b"\x01" * 90,
        b"MM\x00*" + b"\xff" * 90,
    ],
)
def test_a_tiff_that_leads_nowhere_is_refused(content):
    assert refused(content, "a.tif") == "file_broken"


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def heic(major: bytes, *others: bytes) -> bytes:
    brands = major + b"\x00\x00\x00\x00" + b"".join(others)
    return box(b"ftyp", brands) + box(b"meta", b"\x00" * 120) + box(b"mdat", b"\x01" * 200)


@pytest.mark.parametrize(
    ("major", "others"),
    [
        *(
            (brand, (b"mif1", brand))
            for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
        ),
        (b"heix", ()),
        (b"mif1", ()),
        (b"mif1", (b"miaf",)),
        (b"mif1", (b"heic", b"avif")),
    ],
)
@pytest.mark.parametrize("name", ["a.heic", "a.HEIF"])
def test_heic_is_taken_whatever_its_brand(major, others, name):
    kept = keep(heic(major, *others), name)
    assert (kept.content_type, kept.name) == (kinds.HEIC, name)


@pytest.mark.parametrize(
    ("major", "others"), [(b"avif", (b"mif1",)), (b"mif1", (b"avif", b"miaf")), (b"avis", ())]
)
def test_avif_is_called_by_its_name(major, others):
    assert refused(heic(major, *others), "a.heic") == "file_really"


def test_a_film_is_no_picture():
    assert refused(heic(b"isom", b"mp42"), "a.heic") == "file_not_what"


def test_a_heic_cut_short_is_refused():
    assert refused(heic(b"heic")[:-50], "a.heic") == "file_broken"


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [("IMG_1.heic", "IMG_1.jpg"), ("IMG_1.HEIC", "IMG_1.jpg"), ("a.b.heif", "a.b.jpg")],
)
def test_a_jpeg_that_a_telephone_sent_as_heic_is_kept_as_what_it_is(name, kept_as):
    kept = keep(JPEG, name)
    assert (kept.name, kept.content_type) == (kept_as, kinds.JPEG)
    assert kept.content_type in kinds.SHOWN_INLINE


# --- office files ---------------------------------------------------------------------------------

TYPES = '<Types><Override PartName="/x" ContentType="{}"/></Types>'
MACRO_TYPES = [
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-office.vbaProject",
]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_PROGRAM = OLE + b"\x00" * 600 + "_VBA_PROJECT".encode("utf-16-le") + b"\x00" * 600


def parts(**members: bytes | str) -> bytes:
    """A docx with more parts; `__` in a name is a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", "<w/>")
        for name, content in members.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        parts(word__vbaProject_dot_bin=b"x"),
        parts(word__VBAPROJECT_dot_BIN=b"x"),
        parts(word__picture_dot_bin=OLD_PROGRAM),
        parts(word__media__image1_dot_png=OLD_PROGRAM),
        *(parts(**{"[Content_Types]_dot_xml": TYPES.format(kind)}) for kind in MACRO_TYPES),
        parts(**{"[Content_Types]_dot_xml": TYPES.format(MACRO_TYPES[0]).encode("utf-16")}),
        parts(**{"[Content_Types]_dot_xml": TYPES.format(MACRO_TYPES[0].replace("E", "&#69;"))}),
        parts(
            word___rels__document_dot_xml_dot_rels='<R Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/>'
        ),
        parts(word__embeddings__sheet_dot_xlsm=b"x"),
    ],
)
def test_a_program_is_found_under_any_name(content):
    assert refused(content, "don.docx") == "file_macros"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (archive(xl__workbook_xml="<x/>", xl__macrosheets__sheet1_xml="<x/>"), "a.xlsx"),
        (
            archive(mimetype=office.ODT, content_xml="<o/>", Basic__Standard__Module1_xml="<b/>"),
            "a.odt",
        ),
        (OLD_PROGRAM, "a.docx"),
        (OLD_PROGRAM, "a.doc"),
        (OLE + b"\x00" * 99 + "_VBA_PROJECT_CUR".encode("utf-16-le"), "a.xls"),
        (parts(word__vbaProject_dot_bin=b"x"), "a.docm"),
    ],
)
def test_a_program_is_named_as_the_reason_in_every_office_file(content, name):
    assert refused(content, name) == "file_macros"


def test_an_old_office_file_without_a_program_is_of_a_kind_that_is_not_taken():
    assert refused(OLE + b"\x00" * 600, "a.doc") == "file_kind"
    assert refused(OLE + b"\x00" * 600, "a.docx") == "file_not_what"


def test_an_office_file_behind_a_password_is_refused():
    assert (
        refused(OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "a.docx")
        == "file_password"
    )
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert (
        refused(
            archive(
                mimetype=office.ODT, content_xml="<o/>", **{"META-INF__manifest_xml": manifest}
            ),
            "a.odt",
        )
        == "file_password"
    )


def test_a_picture_of_another_programs_object_is_no_program():
    assert (
        keep(parts(word__embeddings__oleObject1_dot_bin=OLE + b"\x00" * 900), "a.docx").content_type
        == kinds.DOCX
    )


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.odt"])
def test_an_office_file_cut_short_is_refused(name, samples):
    content = samples[name.split(".")[1]]
    assert refused(content[:-30], name) == "file_broken"


def test_an_office_file_whose_main_part_is_broken_is_refused():
    content = bytearray(parts())
    at = content.index(b"word/document.xml") + len("word/document.xml")
    content[at : at + 3] = b"\xff\xff\xff"
    assert refused(bytes(content), "a.docx") == "file_broken"


def test_a_bomb_is_no_document():
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("word/document.xml", "w") as part,
    ):
        for _ in range(office.MOST_PART // (1024 * 1024) + 1):
            part.write(b" " * 1024 * 1024)
    assert refused(out.getvalue(), "a.docx") == "file_broken"


def test_a_numbered_main_part_is_taken():
    assert keep(archive(word__document2_xml="<w/>"), "a.docx").content_type == kinds.DOCX


# --- what the page offers -------------------------------------------------------------------------


def test_the_page_offers_what_is_taken(samples):
    assert set(kinds.ACCEPT.split(",")) == {f".{extension}" for extension in kinds.EXTENSIONS}
    assert set(kinds.EXTENSIONS.values()) == set(kinds.LABELS) == set(kinds._FAULTS)
    assert {".jfif", ".jpe", ".heif"} <= set(kinds.ACCEPT.split(","))


def test_boundless_structures_end(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PARTS", 50)
    endless = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I4s", 0, b"IHDR")
        + b"\x00" * 4
        + (struct.pack(">I4s", 0, b"tEXt") + b"\x00" * 4) * 99
    )
    assert refused(endless, "a.png") == "file_broken"
