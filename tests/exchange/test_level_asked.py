"""What a peer holds by its own word: asked on the page of a line, and in the night (E55: that what we
sent was taken says nothing of what stands there now).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.models import Dossier
from dossiers.states import State
from exchange import tasks
from exchange.models.outbox import Delivery, Line
from exchange.outbox import finding, leasing, level, messages
from exchange.outbox.peers import CODES, peers
from exchange.outbox.port import CannotAsk
from exchange.outbox.profiles import port_of, read_found
from onestop.accounts.models import AccessEvent, Role
from onestop.jobs.models import TaskRun
from procedures.channels import Channel
from tests.exchange.test_level import words
from tests.exchange.world import Exchange
from tests.world import make_office, make_officer

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]


@pytest.fixture
def exchange(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """Five that are level; pages and jobs ask the recorded peer."""
    made = connected("B", dossiers=5)
    told = lambda peer: port_of(peer, made.post)  # noqa: E731
    for place in ("exchange.views.level.port_of", "exchange.outbox.finding.port_of"):
        monkeypatch.setattr(place, told)
    made.tell(*((one, 4) for one in made.dossiers))
    made.send()
    for one in made.dossiers:
        Dossier.objects.filter(pk=one.pk).update(state=4, due_at=made.ours[one.code]["due"])
    return made


def line_of(dossier: Dossier) -> Line:
    return Line.objects.select_related("dossier").get(code=dossier.code)


def listed() -> dict[str, set[str]]:
    return {
        kind: set(Line.objects.filter(level.KINDS[kind][1]).values_list("code", flat=True))
        for kind in level.KINDS
    }


@pytest.mark.django_db
def test_the_night_finds_what_stands_there_otherwise(exchange: Exchange) -> None:
    same, state, channel, lost, withdrawn = exchange.dossiers
    held = exchange.remote.store.dossiers
    held[state.code]["TrangThaiHoSo"] = "9"
    held[channel.code]["KenhThucHien"] = "3"
    del held[lost.code]
    held[withdrawn.code]["TrangThaiHoSo"] = "7"
    assert listed()["khop"] == {one.code for one in exchange.dossiers}
    before = Delivery.objects.count()
    tasks.ask_peers()
    assert "1 hồ sơ nơi nhận không còn, báo lại" in TaskRun.objects.latest("pk").detail
    found = listed()
    assert found["khop"] == {same.code}
    assert found["lech"] == {state.code, channel.code}
    assert found["cho"] == {lost.code}
    assert found["tu-choi"] == {withdrawn.code}
    assert level.unlike(line_of(state)) == ["trạng thái"]
    assert level.unlike(line_of(channel)) == ["kênh"]
    assert line_of(withdrawn).words == messages.WITHDRAWN_THERE
    # A question changes nothing there but of what is there no more.
    assert Delivery.objects.count() == before + 1
    exchange.send()
    assert held[lost.code]["TrangThaiHoSo"] == "4"
    assert listed()["khop"] == {same.code, lost.code}
    assert (held[state.code]["TrangThaiHoSo"], held[withdrawn.code]["TrangThaiHoSo"]) == ("9", "7")


@pytest.mark.django_db
def test_one_code_for_two_of_our_states_is_no_difference(exchange: Exchange, settings: Any) -> None:
    """What was stopped here is not withdrawn there, though that has the same code."""
    stopped = exchange.dossiers[0]
    (told,) = settings.EXCHANGE_PEERS
    settings.EXCHANGE_PEERS = [told | {"codes": CODES | {"8": CODES["7"]}}]
    (peer,) = peers()
    exchange.tell((stopped, State.STOPPED))
    exchange.send()
    due = exchange.ours[stopped.code]["due"]
    Dossier.objects.filter(pk=stopped.pk).update(
        state=State.STOPPED, due_at=due, ended_at=exchange.now
    )
    found = finding.ask(peer, line_of(stopped), port_of(peer, exchange.post), exchange.clock)
    assert found == finding.Says.SAME
    assert stopped.code in listed()["khop"]


@pytest.mark.django_db
def test_a_line_is_asked_on_its_page(exchange: Exchange, signed_in: SignIn) -> None:
    one = exchange.dossiers[0]
    boss = make_officer("Đỗ Thị Hạnh", one.agency, (Role.CONTROLLER, None))
    client, line = signed_in(boss), line_of(one)
    ask = reverse("level_ask", args=[line.pk])
    assert "nơi nhận ghi như ở đây" in words(client.post(ask, follow=True))
    record = exchange.remote.store.dossiers[one.code]
    record |= {"NgayHenTra": "20261231170000", "KenhThucHien": "khac", "TrangThaiHoSo": "x"}
    shown = words(client.post(ask, follow=True))
    assert "nơi nhận ghi khác ở đây. Ở đây đúng thì bấm Gửi lại." in shown
    assert "lệch trạng thái, hẹn trả, kênh" in shown
    assert "hỏi nơi nhận lúc" in shown
    assert "Không rõ" in shown
    assert listed()["lech"] == {one.code}
    client.post(reverse("level_again", args=[line.pk]))
    exchange.send()
    assert listed()["lech"] == set()
    # Voided here and gone there is what was wanted.
    del exchange.remote.store.dossiers[one.code]
    Dossier.objects.filter(pk=one.pk).update(state=State.VOIDED, ended_at=exchange.now)
    assert "nơi nhận không có hồ sơ này." in words(client.post(ask, follow=True))
    assert not Delivery.objects.filter(state=Delivery.State.WAITING).exists()
    traces = AccessEvent.objects.filter(object_id=line.pk, detail="hỏi nơi nhận")
    assert traces.count() == 3
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    assert "Hãy thử lại sau ít phút" in words(client.post(ask, follow=True))
    stranger = signed_in(make_office("Ủy ban nhân dân xã Tân Lập").controller)
    assert stranger.post(ask).status_code == 404


@pytest.mark.django_db
def test_an_answer_about_what_went_on_meanwhile_decides_nothing(
    exchange: Exchange, signed_in: SignIn
) -> None:
    one = exchange.dossiers[0]
    exchange.remote.store.dossiers[one.code]["TrangThaiHoSo"] = "9"

    def acts() -> None:
        exchange.tell((one, 5))
        exchange.send()

    exchange.meanwhile = acts
    boss = make_officer("Đỗ Thị Hạnh", one.agency, (Role.CONTROLLER, None))
    line = line_of(one)
    said = words(signed_in(boss).post(reverse("level_ask", args=[line.pk]), follow=True))
    assert "đang được gửi" in said
    assert line_of(one).heard_at is None


@pytest.mark.django_db
def test_those_not_asked_for_longest_go_first(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    exchange.remote.store.dossiers[exchange.dossiers[0].code] = {"TrangThaiHoSo": ""}
    for _ in range(3):
        exchange.wait(timedelta(days=1))
        finding.ask_all(exchange.clock)
    assert Line.objects.filter(asked_at=None).count() == 0
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    assert finding.ask_all(exchange.clock).away == 1


def test_another_refusal_is_not_that_there_is_none() -> None:
    with pytest.raises(CannotAsk):
        read_found({"error_code": 9, "message": "Hệ thống bảo trì"})
    assert read_found({"error_code": 3, "message": "Hồ sơ không tồn tại"}) is None


@pytest.mark.django_db
@pytest.mark.parametrize("there", ["channel", "withdrawn"])
def test_a_doubt_sees_another_channel_and_overwrites_no_withdrawal(
    connected: Connected, there: str
) -> None:
    exchange = connected("B", dossiers=1)
    (one,) = exchange.dossiers
    exchange.tell((one, 4))
    exchange.send()
    record = exchange.remote.store.dossiers[one.code]
    record["KenhThucHien" if there == "channel" else "TrangThaiHoSo"] = "7"
    line = Line.objects.get()
    Line.objects.update(state=Line.State.WAITING, check_at=exchange.now, next_try_at=exchange.now)
    exchange.wait(leasing.DOUBT)
    exchange.send()
    line = Line.objects.get()
    if there == "channel":
        assert exchange.remote.store.dossiers[one.code]["KenhThucHien"] == "1"
        assert line.accepted_channel == Channel.DIRECT
    else:
        assert exchange.remote.store.dossiers[one.code]["TrangThaiHoSo"] == "7"
        assert (line.state, line.words) == (Line.State.STOPPED, messages.WITHDRAWN_THERE)


@pytest.mark.django_db
def test_the_page_of_a_dossier_says_what_is_held_there(
    exchange: Exchange, signed_in: SignIn, queries: Callable[[], Any], settings: Any
) -> None:
    """For whoever handles it, at no query more (E55)."""
    one = exchange.dossiers[0]
    connected_to, settings.EXCHANGE_PEERS = settings.EXCHANGE_PEERS, []
    clerk = one.received_by
    assert clerk is not None
    client = signed_in(clerk)
    client.get(one.get_absolute_url())
    with queries() as before:
        assert "Cổng Dịch vụ công quốc gia" not in words(client.get(one.get_absolute_url()))
    settings.EXCHANGE_PEERS = connected_to
    client.get(one.get_absolute_url())
    with queries() as after:
        page = words(client.get(one.get_absolute_url()))
    assert len(after) <= len(before)
    assert "Cổng Dịch vụ công quốc gia ghi “Đang xử lý” lúc 09:00 23/11/2026" in page
    exchange.remote.store.dossiers[one.code]["TrangThaiHoSo"] = "9"
    exchange.wait(timedelta(days=1))
    finding.ask_all(exchange.clock)
    page = words(client.get(one.get_absolute_url()))
    assert "lúc 09:00 24/11/2026; lệch trạng thái so với ở đây" in page
    exchange.remote.store.dossiers.pop(one.code)
    finding.ask_all(exchange.clock)
    assert "chưa ghi nhận hồ sơ này; còn thông báo" in words(client.get(one.get_absolute_url()))
