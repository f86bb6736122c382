"""The page on which papers are scanned after the reception, and what the dossier's page says then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import Dossier
from dossiers.models.scanning import Scanning
from onestop.files.models import Attachment
from tests.dossiers.domain.test_scanning import a_pdf
from tests.world import Office, make_case, receive

REASON = "Máy quét hỏng"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case(), no_scan_reason=REASON)


def a_file(name: str, pages: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_pdf(pages))


def test_from_the_dossier_to_its_scans_and_back(
    office: Office, dossier: Dossier, signed_in: Callable[..., Client]
) -> None:
    client, here = signed_in(office.clerk), dossier.get_absolute_url()
    page = text(client.get(here))
    assert f"Chưa quét: {REASON}." in page
    assert f'href="{here}ban-quet/"' in page
    shown = text(client.get(f"{here}ban-quet/"))
    assert "Chưa có bản quét nào." in shown
    assert f'value="{REASON}"' in shown
    assert "multiple" in shown

    sent = {"file": [a_file("don.pdf", 3), a_file("cccd.pdf", 2)], "reason": "Còn bản vẽ"}
    answer = client.post(f"{here}ban-quet/", sent | {"seen": dossier.row_version})
    assert answer.status_code == 302
    page = text(client.get(here))
    assert "Đã thêm 2 bản quét, 5 trang." in page
    assert "Chưa quét đủ: Còn bản vẽ." in page
    assert 'don.pdf</a> <span class="quiet">3 trang, ' in page
    assert "2 tệp, 5 trang" in page  # the line of the timeline
    seen = Dossier.objects.get().row_version
    client.post(f"{here}ban-quet/", {"file": [a_file("ve.pdf", 1)], "reason": "", "seen": seen})
    page = text(client.get(here))
    assert "Đã quét đủ giấy tờ" in page
    assert '<p class="quiet">Chưa quét' not in page
    client.post(f"{here}hoan-tac/", {"seen": Dossier.objects.get().row_version})
    page = text(client.get(here))
    assert "Chưa quét đủ: Còn bản vẽ." in page
    assert "ve.pdf</a>" not in page


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Chưa có bản quét nào. Hãy thêm ít nhất một tệp"),
        ({"reason": REASON}, "Không có gì thay đổi"),
        ({"file": [SimpleUploadedFile("a.pdf", b"<html>")]}, "a.pdf"),
        ({"file": [a_file("a.pdf", 1), SimpleUploadedFile("b.pdf", b"")]}, "b.pdf"),
    ],
)
def test_a_refusal_stands_beside_the_field(
    office: Office,
    dossier: Dossier,
    signed_in: Callable[..., Client],
    sent: dict[str, Any],
    says: str,
) -> None:
    for files in sent.values():
        for one in files if isinstance(files, list) else []:
            one.seek(0)
    address = f"{dossier.get_absolute_url()}ban-quet/"
    answer = signed_in(office.clerk).post(address, sent | {"seen": dossier.row_version})
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Scanning.objects.exists()
    assert not Attachment.objects.filter(kind="dossier").exists()


def test_a_forged_post_of_who_holds_it_not(
    office: Office, dossier: Dossier, signed_in: Callable[..., Client]
) -> None:
    address = f"{dossier.get_absolute_url()}ban-quet/"
    for officer, expected in (
        (office.specialist, (403, 404, 422)),
        (office.controller, (403, 404)),
    ):
        answer = signed_in(officer).post(
            address, {"file": [a_file("a.pdf", 1)], "seen": dossier.row_version}
        )
        assert answer.status_code in expected
    assert not Scanning.objects.exists()
