"""What a person sends is shown to clamd first; what clamd does not call clean is not taken."""

import ast
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dossiers.importing import jobs
from onestop import environment, stores, viruses
from onestop.accounts.models import AccessEvent, AccessKind, Role
from onestop.errors import DomainError, sentence
from onestop.files.domain import keep
from onestop.files.kinds import PDF as PDF_KIND
from onestop.files.models import Attachment
from onestop.jobs import health, staged
from onestop.outbox.models import Mail, Message
from procedures.domain import uploading
from tests import clamd
from tests.clamd import EICAR, Clamd
from tests.samples import PDF
from tests.world import Office, make_case, make_office, make_officer

ROOT = Path(__file__).resolve().parents[2]
INFECTED = PDF.replace(b"%%EOF", b"% " + EICAR + b"\n%%EOF")


@pytest.fixture(autouse=True)
def _own_storage() -> None:
    """The check does not know where files lie."""


@pytest.fixture(autouse=True)
def _nobody_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viruses, "_breaker", viruses.Breaker(viruses.REST))


@pytest.fixture(params=["tcp", "unix"])
def checked(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    with clamd.server(tmp_path / "clamd.sock" if request.param == "unix" else None) as found:
        settings.CLAMD_URL, settings.CLAMD_SECONDS = found.url, 10.0
        yield found


def code(content: bytes, name: str = "don.pdf") -> str:
    try:
        viruses.refuse_infected(io.BytesIO(content), name=name)
    except DomainError as error:
        return error.code if name in sentence(error) else "unnamed"
    return ""


@pytest.mark.parametrize("size", [1, viruses.CHUNK, viruses.CHUNK * 3 + 1])
def test_all_of_it_is_shown_and_read_again_from_its_start(checked: Clamd, size: int) -> None:
    content = io.BytesIO(b"x" * size)
    content.seek(1)
    viruses.refuse_infected(content, name="a")
    assert checked.seen == [b"x" * size]
    assert content.read() == b"x" * size


def test_what_is_found_is_refused_by_name(checked: Clamd, caplog: Any) -> None:
    assert code(INFECTED) == "file_infected"
    line = caplog.records[-1]
    assert (line.message, line.signature) == ("virus found", "Eicar-Test-Signature")
    assert "don.pdf" not in str(vars(line))


@pytest.mark.parametrize("mood", ["error", "odd", "cut", "half"])
def test_whatever_is_not_clean_is_not_let_through(checked: Clamd, mood: str) -> None:
    checked.mood = mood
    assert code(PDF * 1000) == "file_not_checked"
    checked.mood = ""
    assert code(PDF) == ""


@pytest.mark.parametrize("mood", ["silent", "trickle"])
def test_one_that_is_too_slow_is_waited_for_once(
    checked: Clamd, mood: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline for all of it, and a page with ten scans pays it once."""
    checked.mood, settings.CLAMD_SECONDS = mood, 0.5
    began = time.monotonic()
    assert {code(PDF) for _ in range(20)} == {"file_not_checked"}
    assert time.monotonic() - began < 0.5 * 20
    checked.mood, settings.CLAMD_SECONDS = "", 10.0
    monkeypatch.setattr(viruses, "_breaker", viruses.Breaker(viruses.REST))
    assert code(PDF) == ""


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nobody/clamd.sock"])
def test_one_that_is_away_refuses_with_try_again(settings: Any, url: str) -> None:
    settings.CLAMD_URL = url
    with pytest.raises(DomainError) as caught:
        keep(PDF, name="don.pdf")
    assert (caught.value.code, caught.value.field) == ("file_not_checked", "files")
    assert "thử lại" in sentence(caught.value)


def test_what_is_too_large_for_it_is_said(checked: Clamd) -> None:
    checked.limit = 100_000
    assert code(b"x" * 99_999) == ""
    assert code(b"x" * 5_000_000) in ("file_check_limit", "file_not_checked")
    assert code(b"x" * 100_001) == "file_check_limit"


def test_without_an_address_nothing_is_asked(settings: Any) -> None:
    settings.CLAMD_URL = ""
    assert code(INFECTED) == ""


@pytest.mark.parametrize("url", ["", "tcp://clamav:3310", "tcp://[::1]:3310", "unix:///run/clamd"])
def test_addresses_of_clamd(url: str) -> None:
    assert environment.clamd(url) == url


@pytest.mark.parametrize(
    "url", ["clamav", "clamav:3310", "http://clamav", "tcp://", "tcp://clamav:x", "unix://"]
)
def test_an_address_that_can_be_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        environment.clamd(url)


# --- every door -----------------------------------------------------------------------------------

DOORS: list[Callable[[Any, Any], object]] = [
    lambda upload, _: keep(upload, name=upload.name),
    lambda upload, _: staged.keep_table(upload, "brought"),
    lambda upload, desk: jobs.start(upload, counts="now", by=desk, at=timezone.now()),
    lambda upload, desk: uploading.start(
        upload, what="procedures", publication=None, by=desk, at=timezone.now()
    ),
]


def paths() -> set[str]:
    return {found.path for found in stores.walk(default_storage)}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_refuses_and_keeps_nothing(checked: Clamd, door: Any) -> None:
    """Before anything reads it: what is wrong with it otherwise is not even asked."""
    before = paths()
    with pytest.raises(DomainError) as caught:
        door(SimpleUploadedFile("a.pdf", EICAR), None)
    assert caught.value.code == "file_infected"
    assert paths() == before


def test_what_the_program_makes_itself_is_not_shown(checked: Clamd) -> None:
    keep(PDF + uuid4().bytes, name="phieu.pdf", made_as=PDF_KIND)
    assert checked.seen == []


def test_no_other_function_writes_to_the_store() -> None:
    """Who adds a way in goes through one of the doors above."""
    writers = set()
    for package in (
        "onestop",
        "procedures",
        "dossiers",
        "feedback",
        "citizens",
        "exchange",
        "reports",
    ):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and "default_storage.save(" in ast.unparse(
                    node
                ):
                    writers.add(f"{path.relative_to(ROOT).with_suffix('')}:{node.name}")
    assert writers == {
        "onestop/files/domain:_keep",
        "onestop/jobs/staged:keep_table",
        "dossiers/importing/jobs:start",
        "procedures/domain/uploading:start",
        # What the program makes itself.
        "procedures/domain/editions:_drawn",
        "reports/runs:_counted",
        # What a restore puts back was let in once; and its own mark.
        "onestop/keeping/kept:_mark",
        "onestop/keeping/kept:put_in",
    }


# --- who is told ----------------------------------------------------------------------------------


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def one_clamd(settings: Any) -> Iterator[Clamd]:
    with clamd.server() as found:
        settings.CLAMD_URL, settings.CLAMD_SECONDS = found.url, 10.0
        yield found


def scan(name: str = "cccd Lò Thị Ân.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, INFECTED)


@pytest.mark.django_db
def test_the_counter_refuses_keeps_what_was_typed_and_administrators_are_told_once(
    office: Office, signed_in: Any, one_clamd: Clamd
) -> None:
    administrator = make_officer("Vũ Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    case, client = make_case(), signed_in(office.clerk)
    address = f"/tiep-nhan/lap/{case.version.procedure.code}/"
    typed = {"token": str(uuid4()), "viec": "tep", "case": str(case.pk), "owner_name": "Lò Thị Ân"}
    for _ in range(2):
        good = SimpleUploadedFile("tốt.pdf", PDF)
        answer = client.post(address, {**typed, "tep": [good, scan()]})
        page = answer.content.decode()
        assert (answer.status_code, "cccd Lò Thị Ân.pdf” có mã độc" in page) == (422, True)
        assert 'value="Lò Thị Ân"' in page
    assert {file.name for file in Attachment.objects.all()} == {"tốt.pdf"}
    lines = AccessEvent.objects.filter(kind=AccessKind.DENIED, officer=office.clerk)
    assert [line.detail for line in lines] == [f"POST {address}: file_infected"] * 2
    told = Message.objects.get(kind="virus_found")
    assert (told.to_officer_id, told.mail) == (administrator.pk, Mail.PENDING)
    assert office.clerk.full_name in told.subject
    assert "Eicar-Test-Signature" in told.body
    assert "Lò Thị Ân.pdf" not in told.subject + told.body


@pytest.mark.django_db
def test_a_page_of_lists_says_it_beside_the_file(
    office: Office, signed_in: Any, one_clamd: Clamd
) -> None:
    administrator = make_officer("Vũ Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    sent = {"counts": "now", "file": SimpleUploadedFile("cu.csv", EICAR)}
    client = signed_in(administrator)
    answer = client.post("/quan-tri/nhap-ho-so/", sent)
    assert (answer.status_code, "“cu.csv” có mã độc" in answer.content.decode()) == (422, True)
    one_clamd.mood = "error"
    sent["file"] = SimpleUploadedFile("cu.csv", b"code,agency")
    answer = client.post("/quan-tri/nhap-ho-so/", sent)
    assert (answer.status_code, "thử lại" in answer.content.decode()) == (422, True)
    assert Message.objects.filter(kind="virus_found").count() == 1


@pytest.mark.django_db
def test_readiness_tells_of_it_and_takes_no_server_away(
    client: Any, one_clamd: Clamd, settings: Any
) -> None:
    assert client.get("/san-sang/").json()["checks"]["viruses"]["ok"] is True
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    found = health.virus_check()
    assert not found.ok
    assert "bị từ chối" in found.detail
    assert health.is_ready([found])
    settings.CLAMD_URL = ""
    assert "viruses" not in client.get("/san-sang/").json()["checks"]
