"""“Hỏi nơi nhận” of a list of a day or unit: by a worker, seen on the page without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.urls import reverse

from exchange import shell, tasks
from exchange.models import AskRun, Line
from exchange.outbox import asking_many, cleaning
from exchange.outbox.profiles import port_of
from onestop.accounts.models import AccessEvent, Officer, Role
from onestop.jobs.models import TaskRun
from tests.exchange.test_level import words
from tests.exchange.test_level_asked import listed
from tests.exchange.world import Exchange, killed_at
from tests.world import make_office, make_officer

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]
DAY = {"noi": "cong-b", "loai": "khop", "ngay": "2026-11-23"}


@pytest.fixture
def exchange(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """Three that are level."""
    made = connected("B", dossiers=3)
    told = lambda peer: port_of(peer, made.post)  # noqa: E731
    monkeypatch.setattr("exchange.outbox.asking_many.port_of", told)
    made.tell(*((one, 4) for one in made.dossiers))
    made.send()
    for one in made.dossiers:
        type(one).objects.filter(pk=one.pk).update(state=4, due_at=made.ours[one.code]["due"])
    return made


@pytest.fixture
def boss(exchange: Exchange) -> Officer:
    return make_officer("Đỗ Thị Hạnh", exchange.dossiers[0].agency, (Role.CONTROLLER, None))


def asked_about() -> list[int | None]:
    traces = AccessEvent.objects.filter(object_kind="exchange_line", detail="hỏi nơi nhận")
    return list(traces.order_by("pk").values_list("object_id", flat=True))


def test_a_day_is_asked_about_by_a_worker(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    same, state, lost = exchange.dossiers
    held = exchange.remote.store.dossiers
    held[state.code]["TrangThaiHoSo"] = "9"
    del held[lost.code]
    client, ask = signed_in(boss), reverse("level_ask_many")
    assert "Hỏi nơi nhận về 3 hồ sơ" in words(client.get(reverse("level"), DAY))
    # Of no list of all days and units.
    assert "Hỏi nơi nhận về" not in words(client.get(reverse("level"), {"loai": "khop"}))
    done = words(client.post(ask, DAY, follow=True))
    assert "Đang hỏi Cổng Dịch vụ công quốc gia về 3 hồ sơ" in done
    assert "hồ sơ 0/3 (0,0%)" in done
    assert "Hỏi nơi nhận về 3 hồ sơ" not in done
    # Nothing was asked yet, and nothing is told of it.
    assert asked_about() == []
    tasks.ask_lists()
    assert TaskRun.objects.get(name=asking_many.TASK).detail == "hỏi về 3 hồ sơ"
    shown = words(client.get(reverse("level"), DAY))
    assert (
        "Lượt hỏi lúc 23/11/2026 09:00 (Đã khớp, 23/11/2026): đã hỏi 3 trong 3 hồ sơ. "
        "1 hồ sơ: nơi nhận ghi như ở đây 1 hồ sơ: nơi nhận ghi khác ở đây "
        "1 hồ sơ: nơi nhận không còn, báo lại" in shown
    )
    assert "loai=lech&amp;ngay=2026-11-23" in client.get(reverse("level"), DAY).content.decode()
    found = listed()
    assert (found["khop"], found["lech"], found["cho"]) == (
        {same.code},
        {state.code},
        {lost.code},
    )
    lines = Line.objects.order_by("pk")
    assert asked_about() == [one.pk for one in lines]
    traces = AccessEvent.objects.filter(detail="hỏi nơi nhận")
    assert set(traces.values_list("officer", flat=True)) == {boss.pk}
    request = AccessEvent.objects.get(detail__startswith="yêu cầu hỏi nơi nhận: 3 hồ sơ")
    assert request.address != ""
    tasks.ask_lists()
    assert len(asked_about()) == 3


def test_so_many_a_press_and_those_not_asked_for_longest_first(
    exchange: Exchange, boss: Officer, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_many, "AT_ONCE", 2)
    first, second, third = Line.objects.order_by("pk")
    Line.objects.filter(pk=first.pk).update(asked_at=exchange.now)
    client = signed_in(boss)
    assert "Mỗi lần bấm hỏi 2 hồ sơ" in words(client.get(reverse("level"), DAY))
    client.post(reverse("level_ask_many"), DAY)
    tasks.ask_lists()
    assert asked_about() == [second.pk, third.pk]
    Line.objects.filter(pk__in=[second.pk, third.pk]).update(
        asked_at=exchange.now + timedelta(minutes=1)
    )
    client.post(reverse("level_ask_many"), DAY)
    tasks.ask_lists()
    assert asked_about() == [second.pk, third.pk, first.pk, second.pk]


def test_one_at_a_time_a_peer_whoever_asks(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    ask = reverse("level_ask_many")
    signed_in(boss).post(ask, DAY)
    other = make_officer("Vũ Thị Mai", exchange.dossiers[0].agency, (Role.ADMINISTRATOR, None))
    client = signed_in(other)
    shown = words(client.get(reverse("level"), DAY))
    assert "đang được hỏi về một danh sách khác" in shown
    assert "Hỏi nơi nhận về 3 hồ sơ" not in shown
    refused = words(client.post(ask, DAY, follow=True))
    assert "Hãy chờ lượt ấy xong rồi bấm lại." in refused
    assert AskRun.objects.count() == 1
    tasks.ask_lists()
    # What came of it stands with who asked.
    shown = words(client.get(reverse("level"), DAY))
    assert "Lượt hỏi lúc" not in shown
    client.post(ask, DAY)
    assert AskRun.objects.count() == 2


def test_a_peer_that_is_away_ends_it_in_words(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    client, ask = signed_in(boss), reverse("level_ask_many")
    client.post(ask, DAY)
    first, second, third = Line.objects.order_by("pk")

    def goes_away() -> None:
        exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
        exchange.meanwhile = None

    def then() -> None:
        exchange.meanwhile = goes_away

    exchange.meanwhile = then
    tasks.ask_lists()
    shown = words(client.get(reverse("level"), DAY))
    assert "đã hỏi 1 trong 3 hồ sơ. Cổng Dịch vụ công quốc gia không trả lời" in shown
    assert "dừng sau 1 trong 3 hồ sơ" in shown
    # What was tried has its trace, what was not has none.
    assert asked_about() == [first.pk, second.pk]
    exchange.remote.share = 0.0
    tasks.ask_lists()
    assert asked_about() == [first.pk, second.pk]
    client.post(ask, DAY)
    tasks.ask_lists()
    assert asked_about()[2] == third.pk
    assert AskRun.objects.latest("pk").state == AskRun.State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_killed_is_followed_by_another(
    exchange: Exchange, boss: Officer, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.outbox.asking_many.nudge", lambda task: None)
    signed_in(boss).post(reverse("level_ask_many"), DAY)
    run = AskRun.objects.get()
    for statement in range(1, 60, 3):
        with killed_at(statement):
            asking_many.work(run.pk, exchange.clock)
        exchange.wait(asking_many.LEASE)
    run.refresh_from_db()
    assert (run.state, run.done, sum(run.said.values())) == (AskRun.State.DONE, 3, 3)
    assert set(asked_about()) == set(Line.objects.values_list("pk", flat=True))


def test_two_workers_ask_once(exchange: Exchange, boss: Officer, signed_in: SignIn) -> None:
    """The second takes it while the first one waits for the peer: who lost it writes nothing."""
    signed_in(boss).post(reverse("level_ask_many"), DAY)
    run = AskRun.objects.get()

    def another() -> None:
        assert asking_many.work(run.pk, exchange.clock) == 0
        exchange.wait(asking_many.LEASE + timedelta(minutes=1))
        assert asking_many.work(run.pk, exchange.clock) == 3

    exchange.meanwhile = another
    asking_many.work(run.pk, exchange.clock)
    run.refresh_from_db()
    assert (run.state, run.done, run.said) == (AskRun.State.DONE, 3, {"SAME": 3})
    assert len(asked_about()) == 4


def test_after_ten_minutes_the_next_minute_goes_on(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    signed_in(boss).post(reverse("level_ask_many"), DAY)
    run = AskRun.objects.get()
    exchange.meanwhile = lambda: exchange.wait(asking_many.LONGEST + timedelta(minutes=1))
    assert asking_many.work(run.pk, exchange.clock) == 1
    run.refresh_from_db()
    assert (run.state, run.done) == (AskRun.State.WAITING, 1)
    assert asking_many.work_all(exchange.clock) == 2


def test_what_is_not_to_be_asked_any_more_is_passed_over(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    client = signed_in(boss)
    client.post(reverse("level_ask_many"), DAY)
    first, second, third = Line.objects.order_by("pk")
    Line.objects.filter(pk=first.pk).update(state=Line.State.WAITING)
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập").agency
    Line.objects.filter(pk=second.pk).update(agency=elsewhere)
    tasks.ask_lists()
    assert asked_about() == [third.pk]
    assert "2 hồ sơ: không hỏi nữa" in words(client.get(reverse("level"), DAY))


@pytest.mark.parametrize("gone", ["peer", "officer"])
def test_who_asked_or_the_peer_is_gone(
    exchange: Exchange, boss: Officer, signed_in: SignIn, settings: Any, gone: str
) -> None:
    signed_in(boss).post(reverse("level_ask_many"), DAY)
    if gone == "peer":
        settings.EXCHANGE_PEERS = []
    else:
        Officer.objects.filter(pk=boss.pk).update(is_active=False)
    tasks.ask_lists()
    run = AskRun.objects.get()
    assert run.state == AskRun.State.BROKEN_OFF
    assert run.words != ""
    assert asked_about() == []


def test_only_ones_own_and_only_what_can_be_asked(
    exchange: Exchange, boss: Officer, signed_in: SignIn, settings: Any
) -> None:
    client, ask = signed_in(boss), reverse("level_ask_many")
    nothing = {key: said for key, said in DAY.items() if key != "ngay"}
    for wrong in (nothing, DAY | {"loai": "cho"}, DAY | {"noi": "khac"}):
        assert client.post(ask, wrong).status_code == 404
    stranger = signed_in(make_office("Ủy ban nhân dân xã Tân Lập").controller)
    assert "Không còn hồ sơ nào" in words(stranger.post(ask, DAY, follow=True))
    assert not AskRun.objects.exists()
    Line.objects.update(state=Line.State.WAITING)
    refused = DAY | {"loai": "tu-choi"}
    assert "Không còn hồ sơ nào" in words(signed_in(boss).post(ask, refused, follow=True))
    Line.objects.update(state=Line.State.LEVEL)
    (told,) = settings.EXCHANGE_PEERS
    settings.EXCHANGE_PEERS = [told | {"paths": {"find": ""}}]
    client = signed_in(boss)
    assert "Hỏi nơi nhận về" not in words(client.get(reverse("level"), DAY))
    assert "Không còn hồ sơ nào" in words(client.post(ask, DAY, follow=True))


def test_old_runs_go_and_a_restore_ends_what_was_under_way(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    signed_in(boss).post(reverse("level_ask_many"), DAY)
    with connection.cursor() as cursor:
        cursor.execute(shell.RUNS_ENDED_BY_A_RESTORE)
    run = AskRun.objects.get()
    assert (run.state, run.is_open) == (AskRun.State.BROKEN_OFF, False)
    tasks.ask_lists()
    assert asked_about() == []
    cleaning.purge(exchange.now + timedelta(days=89))
    assert AskRun.objects.exists()
    cleaning.purge(exchange.now + timedelta(days=91))
    assert not AskRun.objects.exists()


def test_a_clock_that_was_wrong_holds_no_run(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    signed_in(boss).post(reverse("level_ask_many"), DAY)
    AskRun.objects.update(due_at=exchange.now + timedelta(days=1))
    assert asking_many.work_all(exchange.clock) == 0
    assert asking_many.after_clock_set_back(exchange.now) == 1
    assert asking_many.work_all(exchange.clock) == 3


def test_the_page_asks_as_often_for_one_line_as_for_many(
    exchange: Exchange, boss: Officer, signed_in: SignIn, queries: Callable[[], Any]
) -> None:
    client = signed_in(boss)
    client.post(reverse("level_ask_many"), DAY)
    tasks.ask_lists()
    client.get(reverse("level"), DAY)
    with queries() as many:
        client.get(reverse("level"), DAY)
    Line.objects.exclude(pk=Line.objects.order_by("pk")[0].pk).update(day="2026-11-20")
    with queries() as one:
        client.get(reverse("level"), DAY)
    assert len(many) == len(one)
