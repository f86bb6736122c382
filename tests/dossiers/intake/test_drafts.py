"""Drafts and scans: what was typed survives, what was uploaded is checked and goes with the
dossier.
"""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers import tasks
from dossiers.intake import drafts
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Draft
from onestop.accounts.models import Role
from onestop.celery import app
from onestop.files.models import Attachment
from onestop.jobs.models import TaskRun
from tests.dossiers.domain.test_scanning import LONG_AFTER, a_pdf, a_picture
from tests.dossiers.intake.pages import address, errors, typed
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_officer, receive

if TYPE_CHECKING:
    from django.test import Client

    from procedures.models import Case

pytestmark = pytest.mark.django_db


def a_file(name: str = "to-khai.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_typing_is_kept_and_comes_back_after_the_browser_was_closed(clerk: Client) -> None:
    case = make_case(papers=2)
    paper = case.papers.all()[0]
    token = str(uuid4())
    half = typed(
        case,
        token=token,
        owner_name="Nguyễn Văn Ân",
        summary="Để vay vốn",
        **{f"g{paper.pk}-o": "7"},
    )
    assert clerk.post(f"/tiep-nhan/nhap/{token}/", half).status_code == 204
    assert (
        clerk.post(f"/tiep-nhan/nhap/{token}/", half | {"phone": "0987654321"}).status_code == 204
    )
    draft = Draft.objects.get()
    assert draft.title.endswith("– Nguyễn Văn Ân")
    assert "csrfmiddlewaretoken" not in draft.data

    start = clerk.get("/tiep-nhan/").content.decode()
    assert draft.title in start
    page = clerk.get(f"{address(case)}?nhap={token}").content.decode()
    assert f'value="{token}"' in page
    assert 'value="Để vay vốn"' in page
    assert 'value="0987654321"' in page
    assert re.search(rf'name="g{paper.pk}-o"\s[^>]*value="7"', page)
    assert "error-summary" not in page

    clerk.post(address(case), half)
    assert not Draft.objects.exists()
    answer = clerk.get(f"{address(case)}?nhap={token}")  # the old link leads to what became of it
    assert answer.headers["Location"] == f"/tiep-nhan/xong/{Dossier.objects.get().code}/"


def test_a_late_autosave_does_not_bring_a_received_draft_back(clerk: Client) -> None:
    case = make_case()
    data = typed(case)
    clerk.post(address(case), data)
    assert clerk.post(f"/tiep-nhan/nhap/{data['token']}/", data).status_code == 204
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_its_clerk(clerk: Client, office: Office, signed_in: Any) -> None:
    case = make_case()
    token = str(uuid4())
    clerk.post(f"/tiep-nhan/nhap/{token}/", typed(case, token=token))
    clerk.post(address(case), typed(case, token=token, viec="tep", tep=a_file()))
    colleague = signed_in(make_officer("Lý Thị Nga", office.agency, (Role.CLERK, office.counter)))
    file = Attachment.objects.get()
    assert colleague.get(f"{address(case)}?nhap={token}").status_code == 404
    assert (
        colleague.post(
            f"/tiep-nhan/nhap/{token}/", typed(case, token=token, owner_name="Khác")
        ).status_code
        == 404
    )
    assert colleague.post(f"/tiep-nhan/nhap/{token}/bo/").status_code == 404
    assert colleague.get(f"/tiep-nhan/nhap/{token}/tep/{file.pk}/").status_code == 404
    shown = clerk.get(f"/tiep-nhan/nhap/{token}/tep/{file.pk}/")
    assert b"".join(shown.streaming_content) == PDF  # type: ignore[attr-defined]
    shown.close()


def test_saving_by_hand_and_discarding(clerk: Client) -> None:
    case = make_case()
    data = typed(case, viec="luu", tep=a_file())
    assert "Đã lưu nháp" in clerk.post(address(case), data, follow=True).content.decode()
    assert Attachment.objects.count() == 1
    clerk.post(f"/tiep-nhan/nhap/{data['token']}/bo/")
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()


def test_pages_of_scans_are_counted_at_the_counter_too(clerk: Client) -> None:
    """R-13: as of what is scanned later; whether all is scanned is another matter."""
    case, token = make_case(), str(uuid4())
    files = [a_file("don.pdf", a_pdf(3)), a_file("anh.png", a_picture("PNG"))]
    part = clerk.post(
        address(case),
        typed(case, token=token, viec="tep", tep=files),
        headers={"HX-Request": "true"},
    ).content.decode()
    assert [f"{n} trang · " in part for n in (3, 1, 2)] == [True, True, False]
    clerk.post(address(case), typed(case, token=token))
    dossier = Dossier.objects.get()
    page = clerk.get(dossier.get_absolute_url()).content.decode()
    assert ("3 trang, " in page, "1 trang, " in page) == (True, True)
    assert dossier.no_scan_reason == ""
    # What came before anything was counted says nothing, and nothing is wrong with it.
    Attachment.objects.update(pages=None)
    assert " trang, " not in clerk.get(dossier.get_absolute_url()).content.decode()
    assert verify(now=LONG_AFTER).misfit is None


def test_scans_go_with_the_dossier(clerk: Client) -> None:
    case = make_case()
    token = str(uuid4())
    part = clerk.post(
        address(case),
        typed(case, token=token, viec="tep", tep=a_file()),
        headers={"HX-Request": "true"},
    )
    file = Attachment.objects.get()
    assert file.sha256[:12] in part.content.decode()  # the checksum is shown
    assert "<html" not in part.content.decode()
    clerk.post(
        address(case),
        typed(case, token=token, no_scan_reason="", tep=[a_file("don.pdf", PDF + b" ")]),
    )
    dossier = Dossier.objects.get()
    kept = Attachment.objects.of("dossier", dossier.pk).values_list("name", flat=True)
    assert list(kept) == ["to-khai.pdf", "don.pdf"]
    assert dossier.no_scan_reason == ""


def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_others_kept(
    clerk: Client,
) -> None:
    case = make_case()
    macros = BytesIO()
    with zipfile.ZipFile(macros, "w") as archive:
        archive.writestr("word/document.xml", "x")
        archive.writestr("word/vbaProject.bin", "x")
    bad = [
        a_file("anh.jpg", b"not a picture"),
        a_file("chay.exe", b"MZ"),
        a_file("don.docx", macros.getvalue()),
        a_file("trong.pdf", b""),
    ]
    page = clerk.post(address(case), typed(case, tep=[a_file(), *bad])).content.decode()
    assert "không phải là ảnh JPEG như tên của nó" in page
    assert "Không nhận tệp “chay.exe”" in page
    assert "có chứa chương trình (macro)" in page
    assert "không có nội dung" in page
    assert [f.name for f in Attachment.objects.all()] == ["to-khai.pdf"]
    assert not Dossier.objects.exists()  # the clerk looks before receiving
    assert 'value="Nguyễn  Văn Ân"' in page
    assert 'value="Máy quét hỏng"' in page
    assert "Bản quét: Không nhận tệp “chay.exe”" in page, "in the summary too, with the way to it"


def test_with_a_scan_there_is_no_reason_for_having_none(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, no_scan_reason="Máy quét hỏng", tep=[a_file()]))
    assert Dossier.objects.get().no_scan_reason == ""


def test_a_file_that_is_too_big_says_how_big_it_may_be(clerk: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    case = make_case()
    page = clerk.post(
        address(case), typed(case, viec="tep", tep=a_file("to.pdf", PDF + b" " * 1024 * 1024))
    ).content.decode()
    assert "lớn hơn 1 MB" in page


def test_a_scan_can_be_taken_out_again(clerk: Client) -> None:
    case = make_case()
    data = typed(case, viec="tep")
    clerk.post(address(case), data | {"tep": a_file()})
    page = clerk.post(address(case), data | {"viec": f"bo-tep:{Attachment.objects.get().pk}"})
    assert page.status_code == 200
    assert not Attachment.objects.exists()


def test_scans_of_another_draft_are_not_taken_along(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, viec="tep", tep=a_file()))
    page = clerk.post(address(case), typed(case, no_scan_reason=""))
    assert "Chưa có bản quét nào." in errors(page)


# --- how long a draft lies ------------------------------------------------------------------------


def kept_since(officer: Any, case: Case, days: int, minutes: int = 0) -> Draft:
    at = MONDAY - timedelta(days=days, minutes=minutes)
    return Draft.objects.create(
        officer=officer,
        token=uuid4(),
        title=f"Nháp {days} ngày",
        data={"thu-tuc": [case.version.procedure.code]},
        updated_at=at,
    )


def test_a_draft_untouched_for_thirty_days_goes_with_its_scans_and_others_stay(
    office: Office, clerk: Client
) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, viec="tep", tep=a_file()))
    scanned = Draft.objects.get()
    Draft.objects.update(updated_at=MONDAY - timedelta(days=30, minutes=1))
    fresh, edge = kept_since(office.clerk, case, 29), kept_since(office.clerk, case, 30)
    received = receive(office, case)
    assert drafts.sweep(MONDAY) == 1
    assert set(Draft.objects.values_list("pk", flat=True)) == {fresh.pk, edge.pk}
    assert not Attachment.objects.of("draft", scanned.pk).exists()
    assert Dossier.objects.get() == received
    assert drafts.sweep(MONDAY) == 0, "a second run finds nothing to do"


def test_many_old_drafts_go_in_one_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case()
    monkeypatch.setattr(drafts, "BATCH", 2)
    for _ in range(5):
        kept_since(office.clerk, case, 40)
    assert drafts.sweep(MONDAY) == 5


def test_the_office_decides_how_long(office: Office, settings: Any) -> None:
    kept_since(office.clerk, make_case(), 8)
    settings.DRAFT_KEPT_DAYS = 7
    assert drafts.sweep(MONDAY) == 1
    settings.DRAFT_KEPT_DAYS = 0  # never at once: a draft of a minute ago is somebody's work
    assert drafts.kept_days() == 1


def test_the_nightly_task_does_it_and_says_how_many(office: Office) -> None:
    assert app.conf.beat_schedule["old drafts"]["task"] == tasks.sweep_drafts.name
    kept_since(office.clerk, make_case(), 60)
    with time_machine.travel(MONDAY, tick=False):
        tasks.sweep_drafts()
    assert TaskRun.objects.get(name="dossiers.sweep_drafts").detail == "xóa 1 bản nháp cũ"


def test_the_list_says_how_long_drafts_lie_and_which_go_soon(office: Office, clerk: Client) -> None:
    case = make_case()
    for days in (1, 27, 30):
        kept_since(office.clerk, case, days)
    page = " ".join(clerk.get("/tiep-nhan/").content.decode().split())
    assert "Bản nháp giữ 30 ngày" in page
    assert page.count("tự xóa sau") == 1
    assert "tự xóa sau 3 ngày" in page
    assert "tự xóa đêm nay" in page
