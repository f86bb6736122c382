"""What is held and closed: the portal reads what the officer sees, and each change of mind by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.models import OnlineFiling
from dossiers.states import State as Stands
from exchange.inbox import closing, taking
from exchange.models import Message
from exchange.models.outbox import Delivery, Line
from exchange.outbox import messages
from exchange.outbox.peers import peers
from exchange.outbox.taking import take_over
from onestop.accounts.models import AccessEvent
from onestop.errors import DomainError
from onestop.outbox.models import Fact
from tests.clock import MONDAY
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.exchange.world import Exchange, said
from tests.world import Office, make_case, make_office, vn

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
REASON = "Nộp nhầm cơ quan, hãy nộp tại Phường Hoàng Văn Thụ"


@pytest.fixture
def office(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("onestop.outbox.facts.nudge", lambda task: None)
    settings.EXCHANGE_PEERS = [said("B")]
    return make_office()


def held(office: Office, number: int = 1, at: Any = MONDAY, **wrong: Any) -> Message:
    data = data_of(office, make_case(), number, **(wrong or {"ChuHoSo": None}))
    return came(a_door(), body_of(data), at)


def told() -> list[tuple[str, int, str]]:
    rows = Fact.objects.order_by("pk")
    return [(one.key, one.payload["state"], one.payload["words"]) for one in rows]


def test_the_portal_is_told_once_that_nothing_was_received(
    office: Office, signed_in: Any, queries: Callable[[], Any]
) -> None:
    message = held(office)
    client, close = signed_in(office.clerk), reverse("exchange_message_close", args=[message.pk])
    page = client.get(reverse("exchange_message", args=[message.pk])).content.decode()
    assert "Không tiếp nhận: báo Cổng và người nộp" in page
    for lacking in ({"reason": " ", "tells": "1"}, {"reason": REASON}):
        assert client.post(close, lacking).status_code == 422
    with pytest.raises(DomainError, match="exchange_close_how"):
        closing.close(message.pk, reason=REASON, by=office.clerk, at=MONDAY)
    assert told() == []
    with queries() as asked:
        client.post(close, {"reason": REASON, "tells": "1"})
    written = [one["sql"] for one in asked if one["sql"].startswith("INSERT")]
    assert len([one for one in written if "fact" in one]) == 1
    client.post(close, {"reason": "Lần nữa", "tells": "1"})
    assert told() == [(code_of(office), Stands.NOT_RECEIVED, REASON)]


def test_opening_it_again_is_a_message_of_its_own_after_the_first(
    office: Office, signed_in: Any
) -> None:
    message = held(office)
    hours = message.answer_by
    closing.close(message.pk, reason=REASON, by=office.clerk, at=vn("23/11/2026 10:00"), tells=True)
    client = signed_in(office.clerk)
    shown = client.get(reverse("exchange_message", args=[message.pk])).content.decode()
    assert "Mở lại" in shown
    for _ in range(2):
        client.post(reverse("exchange_message_open", args=[message.pk]))
    message.refresh_from_db()
    assert (message.is_held, message.answer_by, message.ended_by) == (True, hours, None)
    assert [(state, words) for _, state, words in told()] == [
        (Stands.NOT_RECEIVED, REASON),
        (Stands.REGISTERED, messages.LOOKED_AT_AGAIN),
    ]
    trace = AccessEvent.objects.filter(object_kind="exchange_message", object_id=message.pk)
    assert trace.filter(detail__startswith="mở lại, trước đó đóng bởi").exists()
    take_over(peers(), now=MONDAY)
    line = Line.objects.get()
    kinds = line.deliveries.order_by("pk").values_list("kind", "payload__state")
    assert list(kinds) == [(Delivery.Kind.STATUS, 3), (Delivery.Kind.STATUS, 1)]
    assert line.agency == office.agency


def test_the_peer_reads_it_in_that_order(connected: Callable[..., Exchange]) -> None:
    exchange = connected("B", dossiers=0)
    office = make_office("Ủy ban nhân dân xã Tân Lập")
    message = held(office)
    closing.close(message.pk, reason=REASON, by=office.clerk, at=MONDAY, tells=True)
    exchange.send()
    assert exchange.remote.store.statuses == {code_of(office): "3"}
    closing.open_again(message.pk, by=office.clerk, at=MONDAY)
    exchange.send()
    assert exchange.remote.store.statuses == {code_of(office): "1"}
    assert Line.objects.get().state == Line.State.LEVEL


def test_what_stands_here_otherwise_is_refused_by_no_held_message(office: Office) -> None:
    """A second message of a filing that waits, one of two that are held, what was taken back."""
    case, door = make_case(), a_door()
    came(door, body_of(data_of(office, case)), MONDAY)
    update = came(door, body_of(data_of(office, case, ChuHoSo=None), updating=True), MONDAY)
    first, second = held(office, 2), held(office, 2, MaTTHC="2.000001")
    taken_back = held(office, 3)
    back = {"MaHoSo": code_of(office, 3)}
    came(door, body_of(back, service="RutHoSoDVCQG"), vn("23/11/2026 10:00"))
    for one in (update, first, taken_back):
        assert not closing.is_all_there_is(one)
        closing.close(one.pk, reason=REASON, by=office.clerk, at=MONDAY)
    assert told() == []
    # The last of the two is how the filing ends.
    closing.close(second.pk, reason=REASON, by=office.clerk, at=MONDAY, tells=True)
    assert [(key, state) for key, state, _ in told()] == [(code_of(office, 2), 3)]


def test_what_names_no_counter_is_found_by_who_closed_it(office: Office) -> None:
    message = held(office, MaDonVi="H00.00", MaHoSo="H00.00-261123-000001")
    closing.close(message.pk, reason=REASON, by=office.controller, at=MONDAY, tells=True)
    assert Fact.objects.get().payload["agency"] == office.agency.pk


def test_only_what_a_person_closed_and_is_kept_is_opened(office: Office) -> None:
    message = held(office)
    with pytest.raises(DomainError, match="exchange_not_closed"):
        closing.open_again(message.pk, by=office.clerk, at=MONDAY)
    closing.close(message.pk, reason=REASON, by=office.clerk, at=MONDAY, tells=True)
    Message.objects.update(purged_at=MONDAY)
    with pytest.raises(DomainError, match="exchange_not_closed"):
        closing.open_again(message.pk, by=office.clerk, at=MONDAY)
    Message.objects.update(purged_at=None, ended_by=None)
    assert not closing.may_be_opened(Message.objects.get())


def test_opened_again_it_is_read_as_any_other(office: Office) -> None:
    message = held(office)
    closing.close(message.pk, reason=REASON, by=office.clerk, at=MONDAY, tells=False)
    assert taking.read(message.pk, at=MONDAY).state == Message.State.REFUSED
    closing.open_again(message.pk, by=office.clerk, at=MONDAY)
    Message.objects.update(raw=message.raw.replace('"NgayNop', '"ChuHoSo":"Lê Văn Tám","NgayNop'))
    assert taking.read(message.pk, at=MONDAY).state == Message.State.MAPPED


def test_where_nobody_is_connected_nothing_is_told(office: Office, settings: Any) -> None:
    settings.EXCHANGE_PEERS = []
    closing.close(held(office).pk, reason=REASON, by=office.clerk, at=MONDAY)
    assert told() == []


def test_two_pages_of_one_code_tell_only_what_somebody_chose(
    office: Office, signed_in: Any
) -> None:
    """The page of the second was shown while the first was held too, and said nothing of the portal."""
    client, both = signed_in(office.clerk), [held(office), held(office, MaTTHC="2.000001")]
    for one in both:
        shown = client.get(reverse("exchange_message", args=[one.pk])).content.decode()
        assert "báo Cổng" not in shown
    first, second = (reverse("exchange_message_close", args=[one.pk]) for one in both)
    client.post(first, {"reason": "Nộp trùng"})
    again = client.post(second, {"reason": "Đã tiếp nhận trực tiếp"})
    assert again.status_code == 422
    assert "không báo Cổng" in again.content.decode()
    assert client.post(second, {"reason": "Đã tiếp nhận", "tells": "0"}).status_code == 302
    # What the portal was never told is not taken back there.
    client.post(reverse("exchange_message_open", args=[both[1].pk]))
    assert Message.objects.get(pk=both[1].pk).is_held
    assert told() == []


def test_what_the_portal_was_told_is_taken_back_though_another_came_since(office: Office) -> None:
    message = held(office)
    closing.close(message.pk, reason=REASON, by=office.clerk, at=MONDAY, tells=True)
    held(office, MaTTHC="2.000001")
    closing.open_again(message.pk, by=office.clerk, at=MONDAY)
    assert [state for _, state, _ in told()] == [Stands.NOT_RECEIVED, Stands.REGISTERED]


def test_opened_again_it_goes_over_nothing_that_came_later(office: Office) -> None:
    message = held(office)
    closing.close(message.pk, reason=REASON, by=office.clerk, at=MONDAY, tells=False)
    came(a_door(), body_of(data_of(office, make_case(), ChuHoSo="Lê Thị Bảy")), MONDAY)
    closing.open_again(message.pk, by=office.clerk, at=MONDAY)
    Message.objects.filter(pk=message.pk).update(
        raw=message.raw.replace('"NgayNop', '"ChuHoSo":"Lê Văn Tám","NgayNop')
    )
    read = taking.read(message.pk, at=MONDAY)
    assert (read.state, read.reason) == (Message.State.DONE, taking.OLDER)
    assert OnlineFiling.objects.get().owner_name == "Lê Thị Bảy"
