"""A database that is locked or away, a disk that is full: a sentence, what was typed kept, reading
goes on, every view traced.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from dossiers.models import Dossier, Draft
from onestop import trouble
from onestop.accounts import traces
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.accounts.tasks import write_traces
from onestop.errors import DomainError, say
from onestop.files.models import Attachment
from tests.clock import Clock
from tests.files.conftest import PDF
from tests.stored import store
from tests.world import make_case, make_office, receive

pytestmark = pytest.mark.django_db(transaction=True)
only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL locks rows, not the whole database"
)


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    yield
    for path in traces.folder().glob("*"):
        path.unlink()


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`with locked():` somebody else writes all the time; waits are cut short, their length is not
    what is tested.
    """

    @contextmanager
    def hold() -> Iterator[None]:
        connection.ensure_connection()
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
        connection.connection.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    return hold


@only_sqlite
def test_a_dossier_is_read_while_the_database_is_locked_and_the_view_is_traced(
    locked: Any, signed_in: Any
) -> None:
    """D6, R-137: the page comes, and its line of the access log as soon as the lock is gone."""
    office = make_office()
    dossier = receive(office, make_case())
    client: Client = signed_in(office.clerk)
    with locked():
        assert client.get(f"/ho-so/{dossier.code}/").status_code == 200
        assert not AccessEvent.objects.filter(kind=AccessKind.VIEWED).exists()
        assert traces.waits()
    write_traces()
    line = AccessEvent.objects.get(kind=AccessKind.VIEWED)
    assert (line.officer_id, line.object_kind, line.object_id) == (
        office.clerk.pk,
        "dossier",
        dossier.pk,
    )
    assert not traces.waits()


@only_sqlite
def test_the_next_view_brings_the_waiting_lines_in_where_no_worker_does(
    locked: Any, signed_in: Any, clock: Clock
) -> None:
    """Each view at its own instant: what is read again at the very same one is the line that is
    there already.
    """
    office = make_office()
    dossier = receive(office, make_case())
    client: Client = signed_in(office.clerk)
    with locked():
        client.get(f"/ho-so/{dossier.code}/")
        clock.now += timedelta(seconds=1)
        client.get(f"/ho-so/{dossier.code}/vi-sao/")
    clock.now += timedelta(seconds=1)
    client.get(f"/ho-so/{dossier.code}/")
    assert AccessEvent.objects.filter(kind=AccessKind.VIEWED).count() == 3


@only_sqlite
def test_a_session_that_cannot_be_noted_costs_no_page(locked: Any, signed_in: Any) -> None:
    office = make_office()
    client: Client = signed_in(office.clerk)
    session = client.session
    session["seen"] -= 300  # the next page notes that its officer is at work
    session.save()
    with locked():
        assert client.get("/tiep-nhan/").status_code == 200
        assert client.get("/ban-giao/").status_code == 200


@only_sqlite
def test_what_was_typed_is_kept_in_the_answer_and_can_be_sent_again(
    locked: Any, signed_in: Any
) -> None:
    office, case = make_office(), make_case()
    code = case.version.procedure.code
    typed = {
        "token": str(uuid4()),
        "thu-tuc": code,
        "viec": "luu",
        "owner_name": "Nguyễn <b>Văn</b> Ân",
        "note": "dòng 1\r\ndòng 2",
    }
    client: Client = signed_in(office.clerk)
    with locked():
        answer = client.post(f"/tiep-nhan/lap/{code}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert say("database_busy") in page
    assert "Nguyễn &lt;b&gt;Văn&lt;/b&gt; Ân" in page
    assert "dòng 1\r\ndòng 2" in page
    assert all(f'name="{name}"' in page for name in typed)
    assert not Draft.objects.exists()
    assert not Dossier.objects.exists()


def test_a_view_that_nothing_can_write_down_is_refused(
    signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trace is law: no line in the database, none on the disk, no page."""
    office = make_office()
    dossier = receive(office, make_case())

    def full(*_: Any) -> None:
        raise OperationalError("database or disk is full")

    def full_too(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client: Client = signed_in(office.clerk)
    monkeypatch.setattr("onestop.accounts.access._insert", full)
    monkeypatch.setattr("onestop.accounts.traces.os.write", full_too)
    answer = client.get(f"/ho-so/{dossier.code}/")
    assert answer.status_code == 503
    assert say("disk_full") in answer.content.decode()


def test_waiting_lines_are_written_once_whatever_dies_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = make_office()
    from onestop.accounts.access import _event

    traces.keep([_event(office.clerk, AccessKind.VIEWED, "dossier", n, "") for n in range(3)])
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)  # died after the commit
    assert traces.write() == 3
    monkeypatch.undo()
    assert traces.write() == 0
    assert AccessEvent.objects.filter(kind=AccessKind.VIEWED).count() == 3
    assert not traces.waits()


def test_a_line_that_was_cut_short_loses_no_other() -> None:
    office = make_office()
    from onestop.accounts.access import _event

    traces.keep([_event(office.clerk, AccessKind.VIEWED, "dossier", 1, "")])
    with (traces.folder() / "waiting.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-11-\n')
    traces.keep([_event(office.clerk, AccessKind.VIEWED, "dossier", 2, "")])
    assert traces.write() == 2


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database is locked"),
        OperationalError("connection to server at 10.0.0.1 failed: Connection refused"),
        InterfaceError("connection already closed"),
    ],
)
@pytest.mark.parametrize("address", ["/tiep-nhan/", "/dang-nhap/", "/viec/"])
def test_a_database_that_is_away_is_a_sentence_in_every_layer(
    signed_in: Any, error: Exception, address: str
) -> None:
    """PostgreSQL stopped: session, officer and view all ask it. The page asks it nothing."""
    office = make_office()
    client: Client = signed_in(office.clerk)
    client.raise_request_exception = False

    def away(*_: Any) -> None:
        raise error

    with connection.execute_wrapper(away):
        answer = client.get(address)
    assert answer.status_code == 503
    assert say("database_busy") in answer.content.decode()
    assert "10.0.0.1" not in answer.content.decode()
    assert client.get("/tiep-nhan/").status_code == 200


def test_passwords_are_never_put_into_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("onestop.accounts.domain.signing_in.prove", away)
    answer = Client().post("/dang-nhap/", {"username": "tiepnhan", "password": "Mat-khau-that-1"})
    assert answer.status_code == 503
    assert "Mat-khau-that-1" not in answer.content.decode()


def test_a_mistake_in_the_program_is_still_an_error() -> None:
    assert trouble.understood(OperationalError("no such column: x")) is None
    assert trouble.understood(ValueError("x")) is None
    assert trouble.understood(OSError(errno.ENOENT, "x")) is None


def test_a_full_disk_refuses_a_scan_with_a_sentence_and_leaves_nothing_half_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save = FileSystemStorage._save

    def half(self: FileSystemStorage, name: str, content: Any) -> str:
        save(self, name, ContentFile(content.read()[:5]))
        raise OSError(errno.ENOSPC, "No space left on device")

    body = PDF + uuid4().bytes
    monkeypatch.setattr(FileSystemStorage, "_save", half)
    before = set(Path(default_storage.path("")).rglob("*.*"))
    with pytest.raises(DomainError) as caught:
        store(body, name="a.pdf", kind="draft", object_id=1, by=None)
    assert caught.value.code == "file_no_room"
    assert not Attachment.objects.exists()
    assert set(Path(default_storage.path("")).rglob("*.*")) == before
    monkeypatch.undo()
    assert store(body, name="a.pdf", kind="draft", object_id=1, by=None).size == len(body)


def test_the_counter_says_that_a_scan_found_no_room_and_keeps_what_was_typed(
    signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, case = make_office(), make_case()
    code = case.version.procedure.code

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    scan = SimpleUploadedFile("cccd.pdf", PDF + uuid4().bytes)
    typed = {
        "token": str(uuid4()),
        "viec": "xem",
        "case": str(case.pk),
        "owner_name": "Nguyễn Văn Ân",
        "tep": scan,
    }
    answer = signed_in(office.clerk).post(f"/tiep-nhan/lap/{code}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "máy chủ hết chỗ lưu" in page
    assert "Nguyễn Văn Ân" in page


def test_an_upload_that_the_temporary_disk_cannot_take_is_a_sentence(
    signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    office, case = make_office(), make_case()
    client: Client = signed_in(office.clerk)
    client.raise_request_exception = False
    monkeypatch.setattr(
        "django.core.files.uploadhandler.MemoryFileUploadHandler.receive_data_chunk", full
    )
    answer = client.post(
        f"/tiep-nhan/lap/{case.version.procedure.code}/",
        {"viec": "xem", "tep": SimpleUploadedFile("a.pdf", PDF)},
    )
    assert answer.status_code == 503
    assert say("disk_full") in answer.content.decode()
