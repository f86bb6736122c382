"""The parts of a record that bind no dossier: read, kept, shown, said anew without a version (R-132, R-136)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import Officer
from procedures.domain import texts
from procedures.models import FocalPoint, ImportRun, Procedure, ProcedureTexts, ProcedureVersion
from procedures.reading.remaining import is_safe_link, read_remaining
from tests.procedures.conftest import record, run
from tests.samples import PDF, PNG
from tests.world import vn

PARTS: dict[str, Any] = {
    "steps": ["Nộp hồ sơ.", "  ", "Nhận kết quả."],
    "requirements": "Không có.",
    "forms": [
        "Tờ khai",
        {"name": "Đơn đề nghị", "url": "https://dichvucong.gov.vn/mau.docx"},
        {"name": "Mẫu cũ", "url": "http://a.vn/b.doc"},
    ],
}


def test_what_a_record_says_and_what_it_does_not() -> None:
    assert read_remaining(record()) is None
    found = read_remaining(record() | PARTS)
    assert found is not None
    assert found.steps == "Nộp hồ sơ.\nNhận kết quả."
    assert (found.requirements, found.none_of) == ("", ("requirements",))
    assert found.forms == (
        ("Tờ khai", ""),
        ("Đơn đề nghị", "https://dichvucong.gov.vn/mau.docx"),
        ("Mẫu cũ", ""),
    )
    assert len(found.odd) == 1
    bare = read_remaining({"forms": "Không có thông tin", "results_raw": "Không"})
    assert bare is not None
    assert bare.none_of == ("forms", "results")
    # Nobody has said anything: none is not "không có".
    silent = read_remaining({"forms": None, "requirements": ""})
    assert silent is not None
    assert silent.none_of == ()


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://dichvucong.gov.vn/p/a.docx?id=1", True),
        ("http://dichvucong.gov.vn/a.docx", False),
        ("javascript:alert(1)", False),
        ("https://user:pw@dichvucong.gov.vn/", False),
        ("https://dichvucong.gov.vn:8443/", False),
        ("https://localhost/", False),
        ('https://a.vn/"onmouseover', False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_a_page_leads_to_https_alone(url: str, *, safe: bool) -> None:
    assert is_safe_link(url) is safe


@pytest.mark.django_db
def test_an_import_says_them_anew_without_a_version() -> None:
    """What binds nothing of a dossier makes no version and waits for nobody; a record that does not
    speak of them leaves them alone.
    """
    assert run(record() | PARTS).texts == 1
    first = ProcedureTexts.objects.get()
    assert [one["name"] for one in first.forms] == ["Tờ khai", "Đơn đề nghị", "Mẫu cũ"]
    again = run(record() | PARTS)
    assert (again.unchanged, again.texts) == (1, 0)
    assert run(record()).texts == 0
    before = run(record() | PARTS | {"steps": "Nộp trực tuyến."}, dry_run=True)
    assert (before.unchanged, before.texts) == (1, 1)
    assert ProcedureTexts.objects.count() == 1
    after = run(record() | PARTS | {"steps": "Nộp trực tuyến."}, at=vn("24/11/2026 09:00"))
    assert (after.new, after.changed, after.unchanged, after.texts) == (0, 0, 1, 1)
    assert ImportRun.objects.latest("pk").counts["texts"] == 1
    assert ProcedureVersion.objects.count() == 1
    assert ProcedureTexts.objects.current().get().steps == "Nộp trực tuyến."
    first.refresh_from_db()
    assert first.replaced_at == vn("24/11/2026 09:00")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureTexts.objects.filter(pk=first.pk).update(steps="khác")


@pytest.mark.django_db
def test_a_controller_writes_them_and_everybody_reads_them(
    controller: Officer, signed_in: Callable[[Officer], Client]
) -> None:
    run(record())
    code, mine = "1.000001", signed_in(controller)
    public = reverse("procedures:procedure", args=[code])
    silent = (
        "chưa ghi: trình tự thực hiện; mẫu đơn, mẫu tờ khai; yêu cầu, điều kiện; "
        "cơ quan có thẩm quyền; cơ quan phối hợp."
    )
    assert silent in Client().get(public).content.decode()
    address = reverse("procedures:texts", args=[code])
    said = {
        "seen": "0", "steps": "Nộp hồ sơ.", "links": "Tờ khai | https://dichvucong.gov.vn/a",
        "none_of": ["requirements", "coordinating"],
    }  # fmt: skip
    for wrong, why in (
        ({"links": "Tờ khai | http://a.vn"}, "Dòng 1"),
        ({"none_of": ["forms"]}, "không chọn “không có”"),
        ({"file": SimpleUploadedFile("a.pdf", PDF)}, "Hãy ghi tên của mẫu"),
        ({"file": SimpleUploadedFile("a.pdf", PNG), "file_name": "Mẫu"}, "a.pdf"),
    ):
        page = mine.post(address, said | wrong)
        assert page.status_code == 422
        assert why in page.content.decode()
    file = {"file": SimpleUploadedFile("uy-quyen.pdf", PDF), "file_name": "Giấy ủy quyền"}
    history = reverse("procedures:history", args=[code])
    assert mine.post(address, said | file).url == history  # type: ignore[attr-defined]
    FocalPoint.objects.create(
        agency=controller.agency, name="Lý Thị Mai", phone="0205 381 0002", is_public=True,
        decision="1/QĐ", decided_on=date(2026, 1, 5), starts_on=date(2026, 1, 5),
        entered_at=vn("05/01/2026 09:00"), entered_by=controller,
    )  # fmt: skip
    page = Client().get(public).content.decode()
    for words in (
        'href="https://dichvucong.gov.vn/a"', "Giấy ủy quyền", "Nộp hồ sơ.", "0205 381 0002",
        "pakn.dichvucong.gov.vn",
    ):  # fmt: skip
        assert words in page
    assert (page.count("Không có."), page.count("phối hợp: không có.")) == (1, 1)
    assert "chưa ghi: cơ quan có thẩm quyền." in page
    stands = ProcedureTexts.objects.current().get()
    pk = stands.forms[1]["file"]
    download = reverse("procedures:form_file", args=[code, pk])
    answer = Client().get(download)
    assert (answer.status_code, answer["Content-Disposition"][:10]) == (200, "attachment")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    # Somebody else wrote meanwhile; then a form is taken off, and its address with it.
    assert "vừa có người khác ghi" in mine.post(address, said).content.decode()
    mine.post(address, said | {"seen": str(stands.pk)})
    assert Client().get(download).status_code == 404
    # What the national database says later leaves files put in here alone.
    mine.post(
        address,
        said
        | file
        | {
            "seen": str(ProcedureTexts.objects.current().get().pk),
            "file": SimpleUploadedFile("b.pdf", PDF),
        },
    )
    run(record() | PARTS)
    names = [one["name"] for one in ProcedureTexts.objects.current().get().forms]
    assert names == ["Tờ khai", "Đơn đề nghị", "Mẫu cũ", "Giấy ủy quyền"]
    assert Procedure.objects.count() == 1


@pytest.mark.django_db
def test_an_import_leaves_alone_what_its_record_does_not_name(controller: Officer) -> None:
    """docs/adr/0030; what a record leaves empty it says nothing of."""
    run(record())
    link = {"name": "Tờ khai", "url": "https://dichvucong.gov.vn/a"}
    stood = {
        "steps": "Cũ", "requirements": "Đủ 18 tuổi.", "forms": [link], "none_of": ["coordinating"],
    }  # fmt: skip
    texts.say_anew(
        Procedure.objects.get(), says=stood, seen=0, form=None, by=controller, at=vn("23/11/2026 10:00")
    )  # fmt: skip
    later = record() | {"steps": "Mới", "requirements": "", "forms": None}
    assert run(later).texts == 1
    assert ProcedureTexts.objects.current().get().says == stood | {"steps": "Mới"}
    assert run(later).texts == 0
    # What it names it says anew, also that there is none of it or that there is one after all.
    named = record() | {"requirements": "Không", "agency_coordinating": "Công an xã"}
    assert run(named).texts == 1
    says = ProcedureTexts.objects.current().get().says
    assert (says["requirements"], says["none_of"]) == ("", ["requirements"])
    assert (says["steps"], says["forms"]) == ("Mới", [link])


@pytest.mark.django_db
def test_pressing_again_overwrites_nobody(
    controller: Officer, signed_in: Callable[[Officer], Client]
) -> None:
    """The page that says somebody else wrote carries what was seen, not what stands."""
    run(record())
    address, mine = reverse("procedures:texts", args=["1.000001"]), signed_in(controller)
    mine.post(address, {"seen": "0", "steps": "Của người khác"})
    seen = "0"
    for _ in range(2):
        page = mine.post(address, {"seen": seen, "steps": "Của tôi"})
        assert page.status_code == 422
        [seen] = re.findall(r'name="seen" value="(\d+)"', page.content.decode())
    assert ProcedureTexts.objects.current().get().steps == "Của người khác"
