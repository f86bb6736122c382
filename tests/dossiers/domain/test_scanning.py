"""Papers scanned after the reception (R-13): at any desk that holds the dossier, counted by content,
taken back as a whole.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from dossiers.acts import endings, handovers, scanning
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.scanning import Scanning, pages_by_file
from onestop.accounts.models import Officer
from onestop.errors import Conflict, DomainError, sentence
from onestop.files.models import Attachment
from tests.samples import PDF
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
AT = vn("24/11/2026 09:00")
LONG_AFTER = vn("31/12/2026 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case(), no_scan_reason="Máy quét hỏng")


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def a_pdf(pages: int) -> bytes:
    made, writer = io.BytesIO(), PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(420, 595)
    writer.write(made)
    return made.getvalue()


def a_picture(kind: str, pages: int = 1) -> bytes:
    made = io.BytesIO()
    first, *more = [Image.new("L", (8, 8), shade) for shade in range(pages)]
    first.save(made, kind, **({"save_all": True, "append_images": more} if more else {}))
    return made.getvalue()


def scan(office: Office, dossier: Dossier, *files: tuple[str, bytes], **said: Any) -> Scanning:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    desk = said.pop("by", None) or office.desk(office.clerk, AT)
    return scanning.add_scans(Seen(dossier.pk), sent, by=desk, at=AT, **said)


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    assert sentence(error.value)
    return error.value.code, error.value.field


def test_pages_are_counted_by_what_is_in_the_files(office: Office, dossier: Dossier) -> None:
    """One image a page, in order (TT 01/2023 Đ8.2): a PDF and a TIFF hold many, a photograph one."""
    row = scan(
        office,
        dossier,
        ("don.pdf", a_pdf(3)),
        ("ho-khau.tif", a_picture("TIFF", 2)),
        ("anh.jpg", a_picture("JPEG")),
        ("anh.png", a_picture("PNG")),
    )
    files = Attachment.objects.of("dossier", dossier.pk)
    assert {file.name: pages_by_file(row.pages)[file.pk] for file in files} == {
        "don.pdf": 3,
        "ho-khau.tif": 2,
        "anh.jpg": 1,
        "anh.png": 1,
    }
    assert fresh(dossier).no_scan_reason == ""
    assert fresh(dossier).due_at == dossier.due_at
    assert verify(now=LONG_AFTER).misfit is None


def test_what_is_still_missing_stays_on_the_dossier_until_all_is_scanned(
    office: Office, dossier: Dossier
) -> None:
    scan(office, dossier, ("1.pdf", a_pdf(1)), reason="Bản vẽ khổ lớn")
    assert fresh(dossier).no_scan_reason == "Bản vẽ khổ lớn"
    scan(office, dossier, reason="Bản vẽ gửi đi quét ngoài")
    assert fresh(dossier).no_scan_reason == "Bản vẽ gửi đi quét ngoài"
    scan(office, dossier, ("2.pdf", a_pdf(2)))
    assert fresh(dossier).no_scan_reason == ""
    assert verify(now=LONG_AFTER).misfit is None


def test_taking_it_back_sets_files_aside_and_says_the_reason_again(
    office: Office, dossier: Dossier
) -> None:
    row = scan(office, dossier, ("1.pdf", a_pdf(1)))
    take_back(Seen(dossier.pk), by=office.desk(office.clerk, AT), at=AT)
    assert fresh(dossier).no_scan_reason == "Máy quét hỏng"
    assert not Attachment.objects.of("dossier", dossier.pk).exists()
    row.refresh_from_db()
    assert row.undone_at == AT
    assert verify(now=LONG_AFTER).misfit is None
    # The same scan may come again.
    scan(office, dossier, ("1.pdf", a_pdf(1)))
    assert Attachment.objects.of("dossier", dossier.pk).count() == 1
    assert verify(now=LONG_AFTER).misfit is None


@pytest.mark.parametrize(
    ("files", "said", "code"),
    [
        ([], {}, ("scan_missing", "files")),
        ([], {"reason": " "}, ("scan_missing", "files")),
        ([], {"reason": "Máy quét hỏng"}, ("scan_nothing_new", "reason")),
        ([("a.pdf", b"%PDF-1.4 nothing")], {}, ("file_broken", "files")),
        ([("a.pdf", b"")], {}, ("file_empty", "files")),
        ([("a.jpg", PDF)], {}, ("file_not_what", "files")),
        ([("a.pdf", PDF), ("b.pdf", PDF)], {}, ("scan_twice", "files")),
        ([(f"{n}.pdf", PDF) for n in range(21)], {}, ("scan_too_many", "files")),
    ],
)
def test_what_is_refused_writes_nothing(
    office: Office,
    dossier: Dossier,
    files: list[tuple[str, bytes]],
    said: dict[str, Any],
    code: tuple[str, str],
) -> None:
    assert refused(lambda: scan(office, dossier, *files, **said)) == code
    assert not Scanning.objects.exists()
    assert not Attachment.objects.of("dossier", dossier.pk).exists()
    assert fresh(dossier).row_version == dossier.row_version


def test_a_text_is_no_scan(office: Office, dossier: Dossier) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parts.writestr("content.xml", "<a/>")
        parts.writestr("META-INF/manifest.xml", "<a/>")
    assert refused(lambda: scan(office, dossier, ("a.odt", made.getvalue()))) == (
        "scan_kind",
        "files",
    )


def test_a_scan_that_is_there_already_is_not_taken_again(office: Office, dossier: Dossier) -> None:
    scan(office, dossier, ("1.pdf", a_pdf(1)))
    again = refused(lambda: scan(office, dossier, ("khac-ten.pdf", a_pdf(1))))
    assert again == ("scan_twice", "files")


def test_an_old_page_is_told(office: Office, dossier: Dossier) -> None:
    sent = [SimpleUploadedFile("a.pdf", PDF)]
    desk = office.desk(office.clerk, AT)
    scan(office, dossier, reason="Khổ giấy lớn")
    with pytest.raises(Conflict):
        scanning.add_scans(Seen(dossier.pk, dossier.row_version), sent, by=desk, at=AT)


def test_any_desk_that_holds_it_and_the_counter_and_nobody_else(
    office: Office, dossier: Dossier
) -> None:
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(dossier, to=office.room, step=step, by=office.desk(office.clerk), at=MONDAY)
    expert = office.desk(office.specialist, AT)
    # On its way: the counter may, the room not yet.
    assert refused(lambda: scan(office, dossier, ("1.pdf", a_pdf(1)), by=expert))[0] in (
        "already_given",
        "not_holder",
    )
    scan(office, dossier, ("1.pdf", a_pdf(1)), reason="Còn bản vẽ")
    handovers.confirm(Seen(dossier.pk), by=expert, at=AT)
    scan(office, dossier, ("2.pdf", a_pdf(2)), by=expert)
    assert fresh(dossier).no_scan_reason == ""
    stranger: Officer = office.controller
    refusal = refused(
        lambda: scan(office, dossier, ("3.pdf", a_pdf(3)), by=office.desk(stranger, AT))
    )
    assert refusal[0] == "role_missing"
    assert verify(now=LONG_AFTER).misfit is None


@pytest.mark.parametrize("end", ["finished", "withdrawn", "returned"])
def test_after_the_end_too_and_the_end_stands(office: Office, dossier: Dossier, end: str) -> None:
    clerk = office.desk(office.clerk)
    if end == "withdrawn":
        endings.withdraw(Seen(dossier.pk), EndingIn("", "Đổi ý"), by=clerk, at=MONDAY)
    else:
        result = ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
        endings.record_result(Seen(dossier.pk), result, by=clerk, at=MONDAY)
        endings.finish(Seen(dossier.pk), by=clerk, at=MONDAY, note="Sở ký")
    if end == "returned":
        endings.give_back(
            Seen(dossier.pk), endings.Taking("Ân", told=IN_PERSON), by=clerk, at=MONDAY
        )
    before = fresh(dossier)
    scan(office, dossier, ("1.pdf", a_pdf(1)))
    after = fresh(dossier)
    assert (after.state, after.ended_at, after.verdict, after.returned_at) == (
        before.state,
        before.ended_at,
        before.verdict,
        before.returned_at,
    )
    assert verify(now=LONG_AFTER).misfit is None
    take_back(Seen(dossier.pk), by=office.desk(office.clerk, AT), at=AT)
    assert fresh(dossier).no_scan_reason == "Máy quét hỏng"
    assert verify(now=LONG_AFTER).misfit is None
