"""The two kinds of store: what a file's user meets is the same on both."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import Draft, Slip
from onestop import stores, trouble
from onestop.errors import say
from onestop.files import domain, tasks
from onestop.files.models import Attachment
from onestop.jobs import health, staged
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Message
from onestop.stores import StoreAway
from tests import buckets
from tests.samples import PDF
from tests.stored import store
from tests.world import MONDAY, Office, make_case, make_office, receive

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "s3://motcua/tep?endpoint=http://127.0.0.1:9"


def use(settings: Any, config: dict[str, Any]) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": config}


@pytest.fixture
def away(settings: Any) -> None:
    """A bucket at an address where nobody listens."""
    use(settings, buckets.config(NOBODY))


# --- addresses ------------------------------------------------------------------------------------


def test_the_address_chooses_the_store() -> None:
    folder = Path("/srv/tep")
    for url in ("", "disk"):
        assert stores.backend(url, folder=folder)["OPTIONS"] == {"location": "/srv/tep"}
    assert stores.backend("file:///srv/x", folder=folder)["OPTIONS"] == {"location": "/srv/x"}
    found = buckets.config("s3://kho/mot-cua/tep?endpoint=https://kho.tinh.gov.vn&region=hn")
    assert {name: found["OPTIONS"][name] for name in list(found["OPTIONS"])[:4]} == {
        "bucket_name": "kho",
        "location": "mot-cua/tep",
        "endpoint_url": "https://kho.tinh.gov.vn",
        "region_name": "hn",
    }


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3:///tep", "http://kho", "kho", "s3://a:b@kho", "s3://kho?endpont=x", "file://"],
)
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        buckets.config(url)


def started(tmp_path: Path, code: str, **given: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PYTHONUTF8": "1"}
    env |= {"SECRET_KEY": "x", "LOOKUP_KEY": "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy0hISE="}
    env |= dict.fromkeys(("DATABASE_URL", "REDIS_URL", "STORAGE_URL", *buckets.KEYS), "") | given
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


START = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "onestop.settings"
import django; django.setup()
from django.core.files.storage import default_storage
print(type(default_storage._wrapped if default_storage.exists("x") else default_storage).__name__)
print([name for name in ("boto3", "botocore", "storages") if name in sys.modules])
"""


def test_nothing_of_s3_is_imported_where_a_disk_keeps_the_files(tmp_path: Path) -> None:
    done = started(tmp_path, START)
    assert done.stdout.splitlines()[1:] == ["[]"], done.stderr


def test_a_bucket_without_keys_is_said_when_the_program_starts(tmp_path: Path) -> None:
    done = started(
        tmp_path,
        "import sys; from onestop.command_line import main; sys.exit(main(['manage.py', 'check']))",
        STORAGE_URL="s3://kho",
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Chưa có AWS_ACCESS_KEY_ID.")


BOTH = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "onestop.settings"
import django; django.setup()
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
(settings.FILES_DIR / "imports").mkdir(parents=True)
(settings.FILES_DIR / "imports" / "old").write_bytes(b"1")
default_storage.save("imports/new", ContentFile(b"2"))
print([default_storage.open(f"imports/{name}").read() for name in ("old", "new")])
print([path.name for path in (settings.FILES_DIR / "imports").iterdir()])
"""


@pytest.mark.true_clock
def test_the_program_starts_with_a_bucket_and_what_came_before_it(
    tmp_path: Path, s3_server: buckets.Server
) -> None:
    url = s3_server.bucket()
    done = started(tmp_path, BOTH, STORAGE_URL=url, STORAGE_BEFORE="disk", **buckets.KEYS)
    assert done.stdout.splitlines() == ["[b'1', b'2']", "['old']"], done.stderr
    assert paths(buckets.made(url)) == ["imports/new"]


# --- what is written ------------------------------------------------------------------------------


def paths(storage: Any = default_storage) -> list[str]:
    return sorted(found.path for found in stores.walk(storage))


def test_a_name_that_is_taken_is_not_written_over(each_store: str) -> None:
    first = default_storage.save("imports/a", ContentFile(b"1"))
    second = default_storage.save("imports/a", ContentFile(b"2"))
    assert first != second
    assert paths() == sorted([first, second])
    with default_storage.open(first) as content:
        assert content.read() == b"1"


class Cut(ContentFile):  # type: ignore[type-arg]
    """Its reader dies half-way."""

    def read(self, *args: Any) -> bytes:
        content = bytes(super().read(*args))
        if self.tell() > 9 * 1024 * 1024:
            raise OSError("the network share went away")
        return content


def test_a_write_that_is_cut_leaves_nothing_to_be_seen(each_store: str) -> None:
    with pytest.raises(OSError, match="went away"):
        default_storage.save("ab/cd/x", Cut(b"x" * 12 * 1024 * 1024))
    assert paths() == []


@pytest.mark.true_clock
def test_a_process_killed_while_it_writes_leaves_nothing_to_be_seen(tmp_path: Path) -> None:
    code = f"""
import os, signal
from django.conf import settings
settings.configure()
from django.core.files.base import ContentFile
from onestop.stores.disk import DiskFiles
class Dies(ContentFile):
    def chunks(self, *_):
        yield b"half"
        os.kill(os.getpid(), signal.SIGKILL)
DiskFiles({str(tmp_path)!r}).save("ab/cd/x", Dies(b"half of it"))
"""
    done = started(tmp_path, code)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [
        name
        for name in paths(buckets.stores.made(stores.backend("", folder=tmp_path)))
        if not name.endswith(stores.PART)
    ] == []


def test_the_address_of_a_file_is_given_to_nobody() -> None:
    with pytest.raises(NotImplementedError):
        buckets.made(NOBODY).url("ab/cd/x")


# --- a store that is away -------------------------------------------------------------------------


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"s3://motcua/tep?endpoint=http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def refusing() -> Iterator[str]:
    """A server that answers every request with an error of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(
                        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )

        threading.Thread(target=answer, daemon=True).start()
        yield f"s3://motcua/tep?endpoint=http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_store_that_is_away_is_no_missing_file(
    silent: str, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onestop.stores import s3

    monkeypatch.setattr(s3, "READ_SECONDS", 0.2)
    monkeypatch.setattr(s3, "TRIES", 1)
    monkeypatch.setattr(s3, "REST", 0)
    for url in (NOBODY, silent, refusing):
        storage = buckets.made(url)
        for ask in (
            lambda s: s.open("x"),
            lambda s: s.exists("x"),
            lambda s: s.save("x", ContentFile(b"")),
            lambda s: s.delete("x"),
            lambda s: s.size("x"),
            lambda s: s.get_modified_time("x"),
            lambda s: list(stores.walk(s)),
            lambda s: s.probe(),
        ):
            with pytest.raises(StoreAway):
                ask(storage)


def test_one_that_does_not_answer_is_waited_for_once(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page with ten scans, and the next page, find out at once."""
    from onestop.stores import s3

    monkeypatch.setattr(s3, "READ_SECONDS", 0.5)
    monkeypatch.setattr(s3, "TRIES", 1)
    storage = buckets.made(silent)
    with pytest.raises(StoreAway, match="ReadTimeoutError"):
        storage.exists("x")
    for _ in range(10):
        with pytest.raises(StoreAway, match="left alone"):
            storage.exists("x")
    storage._breaker.answered()
    with pytest.raises(StoreAway, match="ReadTimeoutError"):
        storage.exists("x")


def test_pages_answer_that_the_store_is_away() -> None:
    assert trouble.understood(StoreAway("EndpointConnectionError")) == (503, say("store_away"))


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.mark.django_db
def test_the_counter_keeps_what_was_typed_while_the_store_is_away(
    office: Office, signed_in: Any, away: None
) -> None:
    case = make_case()
    typed = {"token": str(uuid4()), "viec": "xem", "case": str(case.pk), "owner_name": "Lò Thị Ân"}
    scan = SimpleUploadedFile("cccd.pdf", PDF)
    code = case.version.procedure.code
    answer = signed_in(office.clerk).post(f"/tiep-nhan/lap/{code}/", {**typed, "tep": scan})
    page = answer.content.decode()
    assert (answer.status_code, say("store_away") in page) == (503, True)
    assert "Lò Thị Ân" in page
    assert "Tệp quét không giữ được" in page
    assert "127.0.0.1" not in page


@pytest.mark.django_db
def test_a_file_that_cannot_be_asked_for_is_not_told_to_be_damaged(
    office: Office, signed_in: Any, settings: Any
) -> None:
    """R-149: its bytes are as they were, only nobody can look."""
    draft = Draft.objects.create(officer=office.clerk, token=uuid4(), updated_at=MONDAY)
    scan = store(PDF, name="cccd.pdf", kind="draft", object_id=draft.pk, by=office.clerk)
    client: Client = signed_in(office.clerk)
    use(settings, buckets.config(NOBODY))
    answer = client.get(f"/tiep-nhan/nhap/{draft.token}/tep/{scan.pk}/")
    assert (answer.status_code, say("store_away") in answer.content.decode()) == (503, True)
    with pytest.raises(StoreAway):
        tasks.verify()
    assert TaskRun.objects.latest("pk").detail == "kho tệp không trả lời"
    assert not Message.objects.filter(kind="file_damaged").exists()


@pytest.mark.django_db
@pytest.mark.pdf
def test_a_slip_is_printed_while_the_store_is_away(
    office: Office, signed_in: Any, away: None
) -> None:
    dossier = receive(office, make_case())
    answer = signed_in(office.clerk).get(f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf")
    assert answer.content.startswith(b"%PDF")
    assert Slip.objects.get(dossier=dossier).pdf is None


def test_an_upload_that_cannot_be_taken_away_now_costs_nobody_an_answer(away: None) -> None:
    staged.let_go("imports/x")


@pytest.mark.django_db
def test_health_says_that_the_store_is_away(away: None) -> None:
    assert health.storage() == health.Check("storage", "Kho tệp", False, "không trả lời")


@pytest.mark.django_db
def test_health_writes_to_the_store_and_leaves_nothing_there(each_store: str) -> None:
    assert health.storage().ok
    assert paths() == []


# --- a life of a file in a bucket -----------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.pdf
def test_from_the_upload_to_the_download_and_the_slip(
    office: Office, signed_in: Any, each_store: str
) -> None:
    case = make_case()
    client: Client = signed_in(office.clerk)
    token = str(uuid4())
    sent = {"token": token, "viec": "tep", "tep": SimpleUploadedFile("đơn.pdf", PDF)}
    client.post(f"/tiep-nhan/lap/{case.version.procedure.code}/", sent)
    scan = Attachment.objects.get()
    assert paths() == [scan.path]
    answer = client.get(f"/tiep-nhan/nhap/{token}/tep/{scan.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    dossier = receive(office, case)
    for _ in range(2):
        printed = client.get(f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf")
        assert printed.content.startswith(b"%PDF")
    slip = Slip.objects.get(dossier=dossier)
    assert slip.pdf is not None
    with domain.open_attachment(slip.pdf) as stored:
        assert stored.read() == printed.content
    assert paths() == sorted([scan.path, slip.pdf.path])
