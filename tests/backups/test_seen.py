"""How old the newest backup is: on the administrators' page, in /san-sang/, and told when it is too old;
when a proof of restore is due (R-148).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role
from onestop.backups import alarms, overview, tasks
from onestop.backups.models import BackupRun, RestoreProof
from onestop.jobs import health
from onestop.outbox.models import Message
from tests.backups.conftest import Writer
from tests.clock import Clock
from tests.world import make_agency, make_officer, vn

pytestmark = pytest.mark.django_db
PAGE, NOW = "/quan-tri/sao-luu/", "/quan-tri/sao-luu/lam-ngay/"


def now() -> datetime:
    return timezone.now()


def proof(at: datetime, *, ok: bool = True) -> RestoreProof:
    return RestoreProof.objects.create(
        at=at, ended_at=at + timedelta(minutes=2), file_name="motcua-1.saoluu", made_at=at, ok=ok,
        rows=42, files=7, dossiers=3, events=9, detail="" if ok else "Bảng one: thiếu dòng.",
    )  # fmt: skip


@pytest.fixture
def page(administrator: Officer, signed_in: Callable[[Officer], Client]) -> Callable[[], str]:
    return lambda: signed_in(administrator).get(PAGE).content.decode()


def test_it_says_what_to_set_where_nothing_is_set(settings: Any, page: Callable[[], str]) -> None:
    settings.BACKUP_DIR = ""
    text = page()
    assert "không sao lưu theo lịch" in text
    assert "BACKUP_DIR" in text
    assert "Sao lưu ngay</button>" not in text
    assert "Chưa có lần sao lưu nào" in text


def test_the_newest_its_age_the_next_and_the_proof(
    writer: Writer, night: Clock, page: Callable[[], str]
) -> None:
    tasks.sweep()
    night.now = vn("24/11/2026 09:45")
    proof(now())
    text = page()
    assert "8 giờ trước" in text
    assert "24/11/2026 01:30" in text
    assert "25/11/2026 01:30" in text
    assert "42 dòng, 7 tệp" in text
    assert "3 MB" in text
    assert "24/02/2027" in text
    assert f"{BackupRun.objects.get().file_name} --by quantri" in text
    assert "3 hồ sơ, 9 sự kiện khớp" in text


def test_pressed_it_is_made_by_a_worker_and_logged(
    writer: Writer,
    night: Clock,
    administrator: Officer,
    signed_in: Callable[[Officer], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("onestop.backups.making.nudge", lambda *what: sent.append(what))
    client = signed_in(administrator)
    assert client.post(NOW)["Location"] == PAGE
    run = BackupRun.objects.get()
    assert sent == [("backups.run", run.pk)]
    text = client.get(PAGE).content.decode()
    assert "Chờ sao lưu" in text
    assert 'hx-trigger="every 2s"' in text
    assert "Sao lưu ngay</button>" not in text
    tasks.run(run.pk)
    text = client.get(PAGE).content.decode()
    assert "every 2s" not in text
    assert "Phan Anh Dũng" in text
    kinds = AccessEvent.objects.filter(object_kind="backup").values_list("kind", "detail")
    assert (AccessKind.BACKED_UP, "yêu cầu sao lưu ngay") in kinds


def test_pressed_without_a_folder_it_says_so(
    settings: Any, administrator: Officer, signed_in: Callable[[Officer], Client]
) -> None:
    settings.BACKUP_DIR = ""
    client = signed_in(administrator)
    assert "Chưa đặt BACKUP_DIR" in client.post(NOW, follow=True).content.decode()


def test_progress_is_told_against_the_one_before(
    writer: Writer, night: Clock, page: Callable[[], str]
) -> None:
    tasks.sweep()
    later = vn("25/11/2026 01:30")
    night.now = later
    BackupRun.objects.create(
        at=later,
        due_at=later,
        started_at=later,
        state=BackupRun.State.RUNNING,
        written=2**21,
        tries=1,
    )
    assert "2/3" in page()


def test_a_file_that_is_gone_is_told(
    writer: Writer, night: Clock, folder: Path, page: Callable[[], str]
) -> None:
    tasks.sweep()
    (folder / BackupRun.objects.get().file_name).unlink()
    assert "không còn trong thư mục sao lưu" in page()
    found = overview.check(now())
    assert not found.ok
    assert "không còn" in found.detail


def test_the_page_asks_as_little_for_many_as_for_one(
    writer: Writer,
    night: Clock,
    administrator: Officer,
    signed_in: Callable[[Officer], Client],
    queries: Callable[[], Any],
) -> None:
    client = signed_in(administrator)
    tasks.sweep()
    proof(now())
    client.get(PAGE)
    with queries() as few:
        client.get(PAGE)
    for day in range(1, 12):
        night.now = vn("24/11/2026 01:30") + timedelta(days=day)
        tasks.sweep()
        proof(now())
    client = signed_in(administrator)
    client.get(PAGE)
    with queries() as many:
        client.get(PAGE)
    assert len(many) == len(few)


def test_a_server_without_a_recent_backup_serves_and_says_so(
    writer: Writer, night: Clock, folder: Path
) -> None:
    tasks.sweep()
    night.now = vn("25/11/2026 03:30")
    found = overview.check(now())
    assert found.ok
    assert found.detail == "bản mới nhất lúc 01:30 ngày 24/11/2026, 1 ngày 2 giờ trước"
    night.now = vn("25/11/2026 03:31")
    found = overview.check(now())
    assert (found.ok, found.needed) == (False, False)
    assert "đã quá 26 giờ" in found.detail
    assert str(folder) not in found.detail
    assert "backup" in {one.name for one in health.checks(now())}


def test_ready_says_that_no_schedule_is_set(settings: Any) -> None:
    settings.BACKUP_DIR = ""
    assert not overview.check(now()).ok
    settings.DEMO = True
    assert overview.check(now()).ok


def test_ready_answers_without_a_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise DatabaseError("connection to 10.0.0.1 refused")

    monkeypatch.setattr(alarms, "is_old", refuse)
    found = overview.check(now())
    assert not found.ok
    assert "10.0.0.1" not in found.detail


def test_too_old_is_told_once_and_again_after_the_next(
    writer: Writer, night: Clock, administrator: Officer
) -> None:
    tasks.sweep()
    writer.fails = [OSError("broken")] * 99
    night.now = vn("25/11/2026 02:00")
    for _ in range(3):
        tasks.sweep()
        night.now = now() + timedelta(minutes=30)
    told = list(Message.objects.order_by("pk").values_list("subject", flat=True))
    assert told == ["Chưa sao lưu được"]
    night.now = vn("25/11/2026 08:00")
    tasks.sweep()
    tasks.sweep()
    subjects = Message.objects.order_by("pk").values_list("subject", "to_officer_id", "mail")
    assert [one[0] for one in subjects] == ["Chưa sao lưu được", "Bản sao lưu mới nhất đã cũ"]
    assert {one[1] for one in subjects} == {administrator.pk}
    assert "24/11/2026 01:30" in Message.objects.get(subject__startswith="Bản sao").body


def test_nobody_is_told_while_the_morning_makes_what_the_night_missed(
    writer: Writer, clock: Clock, administrator: Officer
) -> None:
    clock.now = vn("27/11/2026 01:30")
    tasks.sweep()
    clock.now = vn("30/11/2026 07:30")
    tasks.sweep()
    assert not Message.objects.exists()


def test_those_at_the_top_are_told(db: None) -> None:
    province = make_agency("Ủy ban nhân dân tỉnh")
    commune = make_agency("Ủy ban nhân dân xã", parent=province)
    below = make_officer("Lê Văn Dưới", commune, (Role.ADMINISTRATOR, None))
    assert alarms.keepers(now()) == [below]
    top = make_officer("Trần Thị Trên", province, (Role.ADMINISTRATOR, None))
    assert alarms.keepers(now()) == [top]


def test_a_proof_is_asked_for_once_a_quarter(
    writer: Writer, night: Clock, administrator: Officer
) -> None:
    """R-148; one that failed proves nothing."""
    tasks.sweep()
    for day in ("23/02/2027", "24/02/2027", "25/02/2027"):
        night.now = vn(f"{day} 02:00")
        proof(now(), ok=False)
        tasks.sweep()
    [told] = Message.objects.filter(subject__startswith="Đến hạn thử")
    assert "24/02/2027" in told.body
    proof(now())
    night.now = vn("24/05/2027 02:00")
    tasks.sweep()
    assert Message.objects.filter(subject__startswith="Đến hạn thử").count() == 1
    night.now = vn("25/05/2027 02:00")
    tasks.sweep()
    assert Message.objects.filter(subject__startswith="Đến hạn thử").count() == 2
