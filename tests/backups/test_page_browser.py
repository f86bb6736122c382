"""The page of backups on a desk's screen and on a telephone: clean for axe, no wider than the screen;
pressed, it shows how far the backup is and that it is there, without a reload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from onestop.accounts.models import Officer
from onestop.backups import making, tasks
from onestop.backups.models import BackupRun, RestoreProof
from tests.backups.conftest import Writer
from tests.browser.fitting import too_wide
from tests.world import vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "/quan-tri/sao-luu/"


@pytest.fixture(autouse=True)
def days() -> Iterator[Any]:
    """A clock that goes: a browser waits for what it sees."""
    with time_machine.travel(vn("20/11/2026 02:00"), tick=True) as clock:
        yield clock


@pytest.fixture
def enter(
    administrator: Officer,
    new_page: Callable[..., Page],
    signed_in: Callable[[Any], Any],
    live_server: Any,
) -> Callable[[], Page]:
    def open_page() -> Page:
        page = new_page(width=1366)
        cookie = signed_in(administrator).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{ADDRESS}")
        return page

    return open_page


def looked_at(page: Page, name: str, shoot: Any, axe: Any) -> None:
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 768})
        shoot(page, f"sao-luu-{name}-{width}")
        assert axe(page) == []
        assert too_wide(page) == []


def test_all_it_may_show(
    days: Any, writer: Writer, enter: Callable[[], Page], shoot: Any, axe: Any, settings: Any
) -> None:
    settings.BACKUP_KEEP = 2
    for day in ("20", "21", "22"):
        days.move_to(vn(f"{day}/11/2026 02:00"))
        tasks.sweep()
    RestoreProof.objects.create(
        at=timezone.now(), ended_at=timezone.now() + timedelta(minutes=4), ok=False, made_at=vn("21/11/2026 02:00"),
        file_name="motcua-20261121-013000-2.saoluu", detail="Bản sao lưu bị hỏng, bị cắt ngắn hoặc đã bị sửa.",
    )  # fmt: skip
    days.move_to(vn("24/11/2026 09:00"))
    writer.fails = [OSError("broken")] * 3
    BackupRun.objects.create(night="2026-11-24", at=timezone.now(), due_at=timezone.now(), tries=2)
    tasks.sweep()
    looked_at(enter(), "moi-thu", shoot, axe)


def test_nothing_is_set(settings: Any, enter: Callable[[], Page], shoot: Any, axe: Any) -> None:
    settings.BACKUP_DIR = ""
    looked_at(enter(), "chua-dat", shoot, axe)


def test_pressed_it_is_shown_until_it_is_there(
    writer: Writer,
    enter: Callable[[], Page],
    shoot: Any,
    axe: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tasks.sweep()
    monkeypatch.setattr(making, "nudge", lambda *_: None)
    page = enter()
    page.get_by_role("button", name="Sao lưu ngay").click()
    expect(page.locator("#backups")).to_contain_text("Chờ sao lưu")
    run = BackupRun.objects.latest("pk")
    rows = BackupRun.objects.filter(pk=run.pk)
    rows.update(state=BackupRun.State.RUNNING, written=2**21, started_at=timezone.now())
    expect(page.locator("#backups progress")).to_be_visible()
    looked_at(page, "dang-lam", shoot, axe)
    rows.update(state=BackupRun.State.WAITING)
    tasks.run(run.pk)
    expect(page.get_by_role("button", name="Sao lưu ngay")).to_be_visible()
    expect(page.locator("#backups")).not_to_contain_text("Đang sao lưu")
