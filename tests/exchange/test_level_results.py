"""What is online there and what counts as an electronic result (3.3 and 4.1 of QĐ 766): by the code and the
address that were told as last accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from dossiers.models import Dossier, Result
from exchange.models.outbox import Delivery, Line
from exchange.outbox import costs, level, messages
from onestop.accounts.models import Officer, Role
from procedures.channels import Channel
from tests.browser.fitting import too_wide
from tests.clock import MONDAY
from tests.exchange.test_level import words
from tests.exchange.world import Exchange
from tests.world import make_case, make_officer

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]
DAY = {"noi": "cong-b", "ngay": "2026-11-23"}
# What the line keeps of code and address; of one the peer does not have as ended.
BOTH, NO_CODE, NO_LINK, NEITHER, UNSURE, OPEN = range(6)
TOLD = {
    BOTH: (True, True),
    NO_CODE: (False, True),
    NO_LINK: (True, False),
    NEITHER: (False, False),
    UNSURE: (None, None),
    OPEN: (False, False),
}


@pytest.fixture
def ended(connected: Connected) -> Callable[..., Exchange]:
    """Six online ones, each told otherwise; all but one ended there."""

    def make(**more: Any) -> Exchange:
        exchange = connected("B", dossiers=6, **more)
        exchange.tell(*((one, 2) for one in exchange.dossiers))
        exchange.send()
        named([{"name": "Giấy xác nhận", "code": "KQ.1"}])
        Dossier.objects.update(channel=Channel.ONLINE_FULL)
        for n, (code, link) in TOLD.items():
            Line.objects.filter(dossier=exchange.dossiers[n]).update(
                accepted_channel=Channel.ONLINE_FULL,
                accepted_state=2 if n == OPEN else 9,
                result_code=code,
                result_link=link,
            )
        return exchange

    return make


def result_of(exchange: Exchange, which: int, kind: int) -> Result:
    dossier = exchange.dossiers[which]
    return Result.objects.create(
        dossier=dossier,
        kind=kind,
        number="12/GXN",
        recorded_by=Officer.objects.all()[0],
        recorded_at=MONDAY,
    )


def named(results: list[dict[str, str]]) -> None:
    """What the catalogue names as results of their procedure."""
    Dossier.objects.update(version=make_case(results=results).version_id)


def cost() -> costs.Cost:
    found = costs.cost_of(Line.objects.all(), MONDAY)
    assert found is not None
    return found


def test_what_ended_counts_by_the_code_and_the_address_that_were_told(
    ended: Callable[..., Exchange], queries: Any
) -> None:
    ended()
    with queries() as asked:
        found = cost()
    assert len(asked) == 1
    # By its channel each is online; of the five that ended there one has both.
    assert (found.online, found.online_there, found.online_bare) == (6, 2, 4)
    assert found.online_share_there == pytest.approx(100 * 2 / 6)
    # 4.1 asks for the address alone.
    assert (found.finished, found.linked, found.bare, found.unsure) == (5, 2, 4, 1)
    assert found.result_lost == pytest.approx(6 * 3 / 5)
    Line.objects.update(accepted_state=2)
    assert (cost().online_there, cost().result_lost) == (6, None)


def test_where_no_result_is_due_none_is_missed(ended: Callable[..., Exchange]) -> None:
    exchange = ended()
    result_of(exchange, NEITHER, Result.Kind.REFUSED)
    assert (cost().finished, cost().bare, cost().online_there) == (4, 3, 3)
    # The catalogue names none: only what was given all the same.
    named([])
    assert (cost().finished, cost().online_there) == (0, 6)
    given = result_of(exchange, NO_LINK, Result.Kind.GRANTED)
    assert (cost().finished, cost().bare, cost().online_there) == (1, 1, 5)
    Result.objects.filter(pk=given.pk).update(replaced_at=MONDAY)
    assert cost().finished == 0


def test_each_is_listed_with_what_it_lacks_and_sent_again_at_once(
    ended: Callable[..., Exchange], signed_in: SignIn
) -> None:
    exchange = ended()
    client = signed_in(controller(exchange))
    shown = words(client.get(reverse("level"), DAY))
    assert "4 hồ sơ đã xong không được tính vì nơi nhận chưa có đủ mã và liên kết" in shown
    assert "3 trong 5 hồ sơ đã xong ở nơi nhận chưa có liên kết tệp kết quả" in shown
    assert "4 hồ sơ thiếu mã hoặc liên kết kết quả 3,60 điểm" in shown
    assert "1 hồ sơ báo trước khi hệ thống ghi nhận mã và liên kết" in shown
    assert "không được báo liên kết tệp kết quả" not in shown
    listed = client.get(reverse("level"), DAY | {"loai": level.BARE})
    whys = {line.code: why for line, _, why in listed.context["lines"]}
    codes = [one.code for one in exchange.dossiers]
    assert whys == {
        codes[NO_CODE]: messages.RESULT_NO_CODE,
        codes[NO_LINK]: messages.RESULT_NO_LINK,
        codes[NEITHER]: messages.RESULT_NEITHER,
        codes[UNSURE]: messages.RESULT_UNSURE,
    }
    done = words(client.post(reverse("level_again_many"), DAY | {"loai": level.BARE}, follow=True))
    assert "Sẽ gửi lại 4 hồ sơ trong ít phút." in done
    assert Delivery.objects.filter(state=Delivery.State.WAITING).count() == 4


def test_a_peer_that_is_told_no_address_is_named_with_what_to_do(
    ended: Callable[..., Exchange], signed_in: SignIn
) -> None:
    exchange = ended(link_days=0)
    shown = words(signed_in(controller(exchange)).get(reverse("level"), DAY))
    assert "Cổng Dịch vụ công quốc gia không được báo liên kết tệp kết quả:" in shown
    assert "khai link_days" in shown


def test_the_page_asks_no_more_for_what_lacks_its_result(
    ended: Callable[..., Exchange], signed_in: SignIn, queries: Any
) -> None:
    client = signed_in(controller(ended()))
    client.get(reverse("level"), DAY)
    with queries() as late:
        client.get(reverse("level"), DAY | {"loai": level.LATE_THERE})
    with queries() as bare:
        client.get(reverse("level"), DAY | {"loai": level.BARE})
    # One for what may be asked of the peer, and none for each line.
    assert len(bare) <= len(late)


def controller(exchange: Exchange) -> Officer:
    return make_officer("Đỗ Thị Hạnh", exchange.dossiers[0].agency, (Role.CONTROLLER, None))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", [365, 0])
def test_what_lacks_its_result_fits_a_desk_and_a_telephone(
    ended: Callable[..., Exchange],
    new_page: Callable[..., Page],
    signed_in: SignIn,
    live_server: Any,
    shoot: Callable[[Page, str], Path],
    axe: Callable[..., list[str]],
    days: int,
) -> None:
    boss = controller(ended(link_days=days))
    page = new_page(width=1366)
    cookie = signed_in(boss).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('level')}?ngay=2026-11-23")
    page.get_by_role("link", name="4 hồ sơ thiếu mã hoặc liên kết kết quả").click()
    expect(page.get_by_text(messages.RESULT_NO_LINK)).to_be_visible()
    expect(page.get_by_text("không được báo liên kết tệp kết quả")).to_have_count(int(not days))
    expect(page.get_by_role("button", name="Gửi lại 4 hồ sơ")).to_be_visible()
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == []
        shoot(page, f"doi-soat-ket-qua-{days}-{width}")
    assert axe(page) == []
