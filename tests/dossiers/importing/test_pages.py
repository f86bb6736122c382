"""`/quan-tri/nhap-ho-so/`: upload, preview, confirmation, result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.importing import jobs, run
from dossiers.models import Dossier, DossierImport
from onestop.accounts.models import Officer
from tests.clock import MONDAY, Clock
from tests.dossiers.importing.conftest import CODE, line
from tests.files.sweeping import left_after_days

pytestmark = pytest.mark.django_db(transaction=False)
START = "/quan-tri/nhap-ho-so/"
Stage = DossierImport.Stage
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _organisation(organisation: None) -> None:
    """Every test imports into a fresh organisation."""


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(Officer.objects.get(username="quantri"))
    return client


def upload(client: Client, write: Write, *lines: Mapping[str, str], **data: Any) -> DossierImport:
    file = SimpleUploadedFile("cu.csv", write(*lines).read_bytes(), "text/csv")
    response = client.post(START, {"file": file, "counts": "as-happened"} | data)
    assert response.status_code == 302
    return DossierImport.objects.latest("pk")


def page_of(client: Client, record: DossierImport) -> str:
    return client.get(f"{START}{record.pk}/").content.decode()


def test_a_file_is_looked_through_then_imported(administrator: Client, write: Write) -> None:
    record = upload(administrator, write, line(), line(code="X-1", status="3"))
    assert "Đang xem trước" in page_of(administrator, record)
    jobs.preview(record.pk, MONDAY)
    page = page_of(administrator, record)
    assert "Xem trước: chưa ghi gì" in page
    assert "Nhập 1 hồ sơ" in page
    assert CODE in page
    assert "chưa phải hồ sơ đã tiếp nhận" in page
    assert not Dossier.objects.exists()

    assert administrator.post(f"{START}{record.pk}/nhap/").status_code == 302
    jobs.run(record.pk, MONDAY)
    record.refresh_from_db()
    assert (record.stage, record.counts["new"]) == (Stage.DONE, 1)
    assert record.kept == ""
    assert Dossier.objects.get().code == CODE
    assert "Đã nhập" in page_of(administrator, record)
    assert "cu.csv" in administrator.get(START).content.decode()


def test_the_refused_lines_are_a_file_that_a_spreadsheet_opens(
    administrator: Client, write: Write
) -> None:
    record = upload(administrator, write, line(code="=1+1", status="3"))
    jobs.preview(record.pk, MONDAY)
    response = administrator.get(f"{START}{record.pk}/tu-choi.csv")
    text = response.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Dòng,Mã hồ sơ,Cột,Lý do"
    assert text.splitlines()[1].startswith("2,'=1+1,status,")
    assert "Nhập 0" not in page_of(administrator, record)


def test_a_file_that_cannot_be_read_is_told_beside_its_field(
    administrator: Client, write: Write
) -> None:
    for content, said in ((b"a;b\n", "thiếu cột"), ("mã".encode("utf-16"), "UTF-8")):
        file = SimpleUploadedFile("cu.csv", content, "text/csv")
        response = administrator.post(START, {"file": file, "counts": "now"})
        assert response.status_code == 422
        assert said in response.content.decode()
    assert administrator.post(START, {"counts": "now"}).status_code == 422
    assert not DossierImport.objects.exists()


def test_it_is_put_aside_without_a_trace_of_the_file(administrator: Client, write: Write) -> None:
    record = upload(administrator, write, line())
    jobs.preview(record.pk, MONDAY)
    administrator.post(f"{START}{record.pk}/nhap/", {"discard": "1"})
    assert not default_storage.exists(record.kept)
    record.refresh_from_db()
    assert record.stage == Stage.FAILED
    assert "Đã bỏ" in page_of(administrator, record)


def test_it_is_imported_once_whoever_presses_how_often(administrator: Client, write: Write) -> None:
    record = upload(administrator, write, line())
    jobs.preview(record.pk, MONDAY)
    for _ in range(2):
        administrator.post(f"{START}{record.pk}/nhap/")
        jobs.run(record.pk, MONDAY)
    assert Dossier.objects.count() == 1


def test_an_upload_that_is_gone_says_so(administrator: Client, write: Write) -> None:
    record = upload(administrator, write, line())
    default_storage.delete(record.kept)
    jobs.preview(record.pk, MONDAY)
    assert "tải lên lại" in page_of(administrator, record)


def test_an_upload_lies_there_as_long_as_somebody_may_import_it(
    administrator: Client, write: Write
) -> None:
    open_ones = [upload(administrator, write, line(code=f"X-{number}")) for number in (1, 2)]
    jobs.preview(open_ones[0].pk, MONDAY)
    over = upload(administrator, write, line(code="X-3"))
    DossierImport.objects.filter(pk=over.pk).update(stage=Stage.FAILED)
    assert left_after_days(jobs.FOLDER) == sorted(one.kept for one in open_ones)
    administrator.post(f"{START}{open_ones[0].pk}/nhap/")
    jobs.run(open_ones[0].pk, MONDAY)
    assert Dossier.objects.get().code == "X-1"


def test_only_the_agencies_of_the_administrator(administrator: Client, write: Write) -> None:
    record = upload(administrator, write, line(agency="H37.12"))
    jobs.preview(record.pk, MONDAY)
    assert "không thuộc phạm vi bạn quản trị" in page_of(administrator, record)


@pytest.mark.parametrize("username", ["tiepnhan", "lanhdao", "kiemsoat", "chuyenvien"])
def test_nobody_but_administrators(client: Client, write: Write, username: str) -> None:
    client.force_login(Officer.objects.get(username=username))
    assert client.get(START).status_code == 403
    assert client.post(f"{START}1/nhap/").status_code == 403


def test_runs_of_other_offices_are_not_seen(
    administrator: Client, write: Write, client: Client
) -> None:
    record = upload(administrator, write, line())
    other = Officer.objects.filter(agency__code="H37.06184", username__contains="vanphong").get()
    client.force_login(other)
    assert client.get(f"{START}{record.pk}/").status_code == 404
    assert client.get(f"{START}{record.pk}/tu-choi.csv").status_code == 404


def test_a_worker_that_died_is_followed_by_the_sweep(
    administrator: Client, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a batch wrote stands, the rest follows, nothing twice."""
    monkeypatch.setattr(run, "BATCH", 2)
    record = upload(administrator, write, *[line(code=f"X-{n}") for n in range(5)])
    jobs.preview(record.pk, MONDAY)
    administrator.post(f"{START}{record.pk}/nhap/")

    class Died(Exception):
        pass

    def die(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_progress", die)
        with pytest.raises(Died):
            jobs.run(record.pk, MONDAY)
    record.refresh_from_db()
    assert (record.stage, record.done, Dossier.objects.count()) == (Stage.RUNNING, 2, 2)
    assert jobs.sweep(MONDAY) == 0
    assert jobs.sweep(MONDAY + jobs.SILENT * 2) == 1
    record.refresh_from_db()
    assert (record.stage, record.counts["new"]) == (Stage.DONE, 5)
    assert Dossier.objects.count() == 5


def test_a_long_import_that_goes_on_is_not_taken_for_dead(
    administrator: Client, write: Write, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH", 2)
    record = upload(administrator, write, *[line(code=f"X-{n}") for n in range(4)])
    jobs.preview(record.pk, MONDAY)
    administrator.post(f"{START}{record.pk}/nhap/")
    swept = []
    progress = jobs._progress

    def slow(*args: Any) -> None:
        """Each part takes nearly as long as a run may be silent."""
        clock.now += jobs.SILENT * 0.9
        progress(*args)
        swept.append(jobs.sweep(clock.now))

    monkeypatch.setattr(jobs, "_progress", slow)
    jobs.run(record.pk, MONDAY)
    record.refresh_from_db()
    assert (record.stage, Dossier.objects.count()) == (Stage.DONE, 4)
    assert len(swept) > 1
    assert not any(swept)
