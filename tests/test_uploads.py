"""How much of a body is taken, and from whom (D2): what is too much is refused before a byte of it
is read.
"""

import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import Role
from onestop.files.models import Attachment
from tests import matrix
from tests.dossiers.addresses import PDF
from tests.world import make_case

pytestmark = pytest.mark.django_db
PLACES = ["/dang-nhap/", "/doi-mat-khau/", "/tiep-nhan/tra-ngay/", "/ho-so/x/ket-qua/", "/tra-cuu/"]


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a file of a stranger was written down")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", refuse)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)


def huge(client: Client, address: str, length: int) -> Any:
    kind = "multipart/form-data; boundary=B"
    return client.generic("POST", address, b"--B\r\n", kind, CONTENT_LENGTH=str(length))


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.usefixtures("no_disk")
def test_three_hundred_megabytes_of_a_stranger_are_refused_unread(address: str) -> None:
    response = huge(Client(), address, 300 * 1024 * 1024)
    assert response.status_code == 413
    assert "Người chưa đăng nhập không gửi được tệp" in response.content.decode()


@pytest.mark.usefixtures("no_disk")
def test_a_made_up_session_is_a_stranger_too() -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    assert huge(client, "/dang-nhap/", 300 * 1024 * 1024).status_code == 413


@pytest.mark.parametrize("address", PLACES[:4])
@pytest.mark.usefixtures("no_disk")
def test_a_small_file_of_a_stranger_goes_nowhere(address: str, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    response = Client().post(
        address, {"username": "a", "password": "b", "tep": SimpleUploadedFile("a.pdf", PDF * 100)}
    )
    assert response.status_code in (302, 422)


def test_an_officer_is_told_that_the_request_is_too_large() -> None:
    client = Client()
    client.force_login(matrix.make_world().officers[Role.CLERK])
    response = huge(client, "/tiep-nhan/tra-ngay/", 300 * 1024 * 1024)
    assert response.status_code == 413
    assert "gửi ít tệp hơn" in response.content.decode()


def test_a_scan_beyond_its_limit_takes_no_more_room_than_the_limit_and_gets_its_sentence(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_MAX_BYTES, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000, 0
    sizes: list[int] = []
    complete = TemporaryFileUploadHandler.file_complete

    def measured(self: TemporaryFileUploadHandler, file_size: int) -> Any:
        sizes.append(Path(self.file.temporary_file_path()).stat().st_size)
        return complete(self, file_size)

    monkeypatch.setattr(TemporaryFileUploadHandler, "file_complete", measured)
    client = Client()
    client.force_login(matrix.make_world().officers[Role.CLERK])
    sent = {
        "token": str(uuid4()),
        "viec": "tep",
        "tep": [SimpleUploadedFile(f"{n}.pdf", PDF * n) for n in (10, 300_000)],
    }
    response = client.post(reverse("intake_form", args=[make_case().version.code]), sent)
    assert response.status_code == 422
    assert max(sizes) <= 100_001
    assert [file.name for file in Attachment.objects.all()] == ["10.pdf"]
    assert "300000.pdf" in response.content.decode()
