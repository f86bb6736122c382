"""A kept file that is gone, changed or unreadable: a sentence instead of an error, and somebody who
is told (R-149).
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from dossiers.models import Draft, Slip
from dossiers.slips import issuing
from onestop.accounts.models import Role
from onestop.files import tasks
from onestop.files.domain import open_attachment
from onestop.files.models import Attachment
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Mail, Message
from onestop.stores import folder_of
from tests.files.conftest import PDF
from tests.stored import store
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def lose(attachment: Attachment) -> None:
    default_storage.delete(attachment.path)


def change(attachment: Attachment) -> None:
    """As long as before: its size tells nothing."""
    with default_storage.open(attachment.path) as stored:
        content = bytearray(stored.read())
    content[-2] ^= 1
    lose(attachment)
    default_storage.save(attachment.path, ContentFile(bytes(content)))


def put_a_folder_there(attachment: Attachment) -> None:
    lose(attachment)
    if folder := folder_of(default_storage):  # a bucket has none: it is lost there
        (folder / attachment.path).mkdir()


DAMAGES = pytest.mark.parametrize("damage", [lose, change, put_a_folder_there])


@pytest.fixture(autouse=True)
def _own_storage(each_store: str) -> None:
    """What a test damages must not be found by the next."""


@pytest.fixture
def office() -> Office:
    return make_office()


@DAMAGES
def test_a_scan_of_a_draft_is_a_sentence(
    office: Office, signed_in: SignIn, damage: Callable[[Attachment], None]
) -> None:
    draft = Draft.objects.create(officer=office.clerk, token=uuid4(), updated_at=MONDAY)
    scan = store(PDF, name="cccd.pdf", kind="draft", object_id=draft.pk, by=office.clerk)
    damage(scan)
    answer = signed_in(office.clerk).get(f"/tiep-nhan/nhap/{draft.token}/tep/{scan.pk}/")
    assert answer.status_code == 410
    assert "cccd.pdf" in answer.content.decode()
    assert Message.objects.filter(kind="file_damaged", to_officer=office.controller).exists()


@DAMAGES
def test_a_scan_of_a_dossier_is_a_sentence(
    office: Office, signed_in: SignIn, damage: Callable[[Attachment], None]
) -> None:
    dossier = receive(office, make_case())
    scan = store(PDF, name="cccd.pdf", kind="dossier", object_id=dossier.pk, by=office.clerk)
    damage(scan)
    answer = signed_in(office.clerk).get(f"/ho-so/{dossier.code}/tep/{scan.pk}/")
    assert answer.status_code == 410
    assert "cccd.pdf" in answer.content.decode()


@pytest.mark.pdf
@DAMAGES
def test_a_slip_is_drawn_again_from_its_snapshot(
    office: Office, signed_in: SignIn, damage: Callable[[Attachment], None]
) -> None:
    """C2: once a 500 for ever."""
    dossier = receive(office, make_case())
    slip = Slip.objects.get(dossier=dossier)
    issuing.make_pdf(slip.pk)
    slip.refresh_from_db()
    assert slip.pdf is not None
    damage(slip.pdf)
    client = signed_in(office.clerk)
    for _ in range(2):
        answer = client.get(f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")
    told = Message.objects.get(kind="file_damaged", to_officer=office.controller)
    assert f"phiếu số {slip.number}/{slip.year}" in told.subject


def test_the_same_scan_given_again_mends_the_damaged_one(office: Office) -> None:
    first = store(PDF, name="a.pdf", kind="dossier", object_id=1, by=office.clerk)
    change(first)
    store(PDF, name="a.pdf", kind="dossier", object_id=2, by=office.clerk)
    with open_attachment(first) as content:
        assert content.read() == PDF


def test_the_night_tells_administrators_and_controllers_once_a_file(office: Office) -> None:
    """E3: the bell and a letter; the next night says nothing new."""
    administrator = make_officer("Vũ Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    dossier = receive(office, make_case())
    scans = [
        store(
            PDF + bytes([n]),
            name="cccd Nguyễn Văn Ân.pdf",
            kind="dossier",
            object_id=dossier.pk,
            by=office.clerk,
        )
        for n in range(3)
    ]
    change(scans[0])
    lose(scans[1])
    tasks.verify()
    tasks.verify()
    told = Message.objects.filter(kind="file_damaged")
    assert {(m.to_officer_id, m.object_id) for m in told} == {
        (officer.pk, scan.pk)
        for officer in (administrator, office.controller)
        for scan in scans[:2]
    }
    assert told.count() == 4
    assert all(
        m.mail == Mail.PENDING
        and dossier.code in m.subject
        and "Nguyễn Văn Ân" not in m.subject + m.body
        for m in told
    )
    run = TaskRun.objects.filter(name="files.verify").latest("pk")
    assert (run.ok, run.detail.startswith("2 tệp hỏng hoặc mất")) == (False, True)


@pytest.mark.parametrize("kind", ["draft", "visit", "slip", "result", "unknown"])
def test_a_file_of_whatever_kind_has_somebody_who_is_told(office: Office, kind: str) -> None:
    lose(store(PDF, name="a.pdf", kind=kind, object_id=99999, by=office.clerk))
    tasks.verify()
    assert Message.objects.filter(kind="file_damaged", to_officer=office.controller).count() == 1


def test_a_notice_that_cannot_be_written_costs_nobody_the_answer(
    office: Office, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Draft.objects.create(officer=office.clerk, token=uuid4(), updated_at=MONDAY)
    scan = store(PDF, name="cccd.pdf", kind="draft", object_id=draft.pk, by=office.clerk)
    lose(scan)
    monkeypatch.setattr("dossiers.ledger.damage.tell", lambda *_, **__: 1 / 0)
    assert (
        signed_in(office.clerk).get(f"/tiep-nhan/nhap/{draft.token}/tep/{scan.pk}/").status_code
        == 410
    )
