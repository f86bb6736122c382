"""What a verification finds wrong is told to administrators once, and a page names it all; a whole one is
made at a press.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers import tasks
from dossiers.ledger import alarm
from dossiers.ledger.nightly import TASK
from dossiers.models import Dossier
from onestop.accounts.models import Officer, Role
from onestop.guards import unguarded
from onestop.jobs import runs
from onestop.jobs.models import JobState, TaskRun
from onestop.outbox.models import Mail, Message
from tests.clock import Clock
from tests.world import Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
RECEIVED = vn("02/11/2026 09:00")
NIGHT = vn("24/11/2026 02:40")
PAGE, PRESS = "/quan-tri/kiem-tra-nhat-ky/", "/quan-tri/kiem-tra-nhat-ky/toan-bo/"
SignIn = Callable[[Any], Client]


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def administrators(office: Office) -> list[Officer]:
    """Of two agencies: the ledger is the whole installation's."""
    other = make_office("Ủy ban nhân dân xã Hòa Bình")
    found = [
        make_officer("Quản Trị", agency, (Role.ADMINISTRATOR, None), username=f"quantri{n}")
        for n, agency in enumerate((office.agency, other.agency))
    ]
    for one in found:
        one.email = f"{one.username}@example.vn"
        one.save()
    return found


@pytest.fixture
def changed(office: Office) -> Dossier:
    dossier = receive(office, make_case(), at=RECEIVED)
    Dossier.objects.filter(pk=dossier.pk).update(summary="Khác")
    return dossier


def night(clock: Clock, at: datetime) -> None:
    clock.now = at
    tasks.verify()


def told() -> list[Message]:
    return list(Message.objects.filter(kind=alarm.KIND).order_by("to_officer__username", "pk"))


def test_every_administrator_is_told_by_bell_and_letter(
    administrators: list[Officer], changed: Dossier, clock: Clock
) -> None:
    night(clock, NIGHT)
    assert [one.to_officer for one in told()] == administrators
    for one in told():
        assert one.mail != Mail.NONE
        assert one.link == PAGE
        assert "1 chỗ không khớp" in one.subject
        assert changed.code in one.body
        assert PAGE in one.body


def test_the_same_misfits_are_told_once_and_others_anew(
    administrators: list[Officer], office: Office, changed: Dossier, clock: Clock
) -> None:
    night(clock, NIGHT)
    night(clock, NIGHT + timedelta(days=1))
    clock.now = NIGHT + timedelta(days=1, hours=8)
    tasks.verify_whole()
    assert len(told()) == len(administrators)
    second = receive(office, make_case(name="Thủ tục khác"), at=RECEIVED)
    Dossier.objects.filter(pk=second.pk).update(summary="Khác nữa")
    night(clock, NIGHT + timedelta(days=2))
    assert len(told()) == 2 * len(administrators)
    assert {changed.code in told()[-1].body, second.code in told()[-1].body} == {True}


def test_what_comes_back_after_all_was_in_order_is_told_again(
    administrators: list[Officer], changed: Dossier, clock: Clock
) -> None:
    night(clock, NIGHT)
    Dossier.objects.filter(pk=changed.pk).update(summary=changed.summary)
    night(clock, NIGHT + timedelta(days=1))
    assert len(told()) == len(administrators)
    assert TaskRun.objects.filter(name=TASK, ok=True).count() == 1
    Dossier.objects.filter(pk=changed.pk).update(summary="Khác")
    night(clock, NIGHT + timedelta(days=2))
    assert len(told()) == 2 * len(administrators)


def test_nobody_is_told_of_a_night_that_fits(
    administrators: list[Officer], office: Office, clock: Clock
) -> None:
    receive(office, make_case(), at=RECEIVED)
    night(clock, NIGHT)
    assert TaskRun.objects.get(name=TASK).ok
    assert told() == []


def test_who_is_no_administrator_any_more_is_not_told(
    administrators: list[Officer], changed: Dossier, clock: Clock
) -> None:
    gone, closed = administrators
    with unguarded():
        gone.grants.update(valid_to=vn("20/11/2026 09:00").date())
    Officer.objects.filter(pk=closed.pk).update(is_active=False)
    night(clock, NIGHT)
    assert told() == []


def test_many_are_counted_in_the_letter_and_named_on_the_page(
    administrators: list[Officer], changed: Dossier, clock: Clock, signed_in: SignIn, monkeypatch: Any
) -> None:  # fmt: skip
    monkeypatch.setattr(alarm, "NAMED", 0)
    night(clock, NIGHT)
    (first, _) = told()
    assert changed.code not in first.body
    assert "Và 1 chỗ khác." in first.body
    page = signed_in(administrators[0]).get(PAGE).content.decode()
    assert f"<li>hồ sơ {changed.code}" in page


def test_a_press_has_all_of_it_verified_once_at_a_time(
    administrators: list[Officer], office: Office, clock: Clock, signed_in: SignIn, monkeypatch: Any
) -> None:  # fmt: skip
    asked: list[str] = []
    monkeypatch.setattr(alarm, "nudge", asked.append)
    clock.now = NIGHT
    client = signed_in(administrators[0])
    client.post(PRESS)
    again = client.post(PRESS, follow=True).content.decode()
    assert asked == [alarm.WHOLE]
    assert "không bắt đầu thêm" in again
    assert "đang chờ tiến trình xử lý" in again
    receive(office, make_case(), at=RECEIVED)
    tasks.verify_whole()
    run = TaskRun.objects.get(name=alarm.WHOLE)
    assert run.ok
    assert run.detail.startswith("khớp: đã kiểm tra 1 hồ sơ")
    page = client.get(PAGE).content.decode()
    assert "Đang kiểm tra" not in page
    assert "Toàn bộ" in page
    client.post(PRESS)
    assert asked == [alarm.WHOLE, alarm.WHOLE]


def test_how_far_it_has_come_is_seen_until_it_was_cut_off(
    administrators: list[Officer], clock: Clock, signed_in: SignIn
) -> None:
    clock.now = NIGHT
    with runs.recorded(alarm.WHOLE) as run:
        runs.under_way(run, "đã kiểm tra 2000 hồ sơ", done=2000, of=8000)
        page = signed_in(administrators[0]).get(PAGE).content.decode()
        assert "2000/8000" in page
        assert "Kiểm tra toàn bộ</button>" not in page
        clock.now = NIGHT + alarm.LONGEST
        page = signed_in(administrators[0]).get(PAGE).content.decode()
        assert "trước không xong" in page
        assert "Kiểm tra toàn bộ</button>" in page
        assert alarm.ask_whole(at=clock.now)
        state = JobState.objects.get(name=alarm.WHOLE)
        assert (state.done, state.of, state.ended_at) == (0, 0, None)
