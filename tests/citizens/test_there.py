"""What the national portal shows otherwise is said to the owner, in one sentence, as the officer's page of the
dossier says it (E55): at the look-up with the secret and in `/cua-toi/`.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.intake.secrets import secret_of
from dossiers.models import Dossier
from dossiers.states import State
from exchange.models.outbox import Line
from onestop.templatetags.formatting import day_words
from tests.citizens.conftest import AN, Entering
from tests.exchange.world import said
from tests.world import MONDAY, Office, make_case, receive

pytestmark = pytest.mark.django_db
PORTAL = "Cổng Dịch vụ công quốc gia"


@pytest.fixture
def an(enter: Entering) -> Client:
    client = Client()
    enter(client, AN)
    return client


@pytest.fixture
def dossier(office: Office, settings: Any) -> Dossier:
    settings.EXCHANGE_PEERS = []
    one = receive(office, make_case())
    settings.EXCHANGE_PEERS = [said("B")]
    return one


def there(dossier: Dossier, **more: Any) -> Line:
    columns = {
        "state": Line.State.LEVEL, "accepted_at": MONDAY, "accepted_state": dossier.state,
        "accepted_due": dossier.due_at, "accepted_channel": dossier.channel,
    } | more  # fmt: skip
    return Line.objects.create(
        peer="cong-b", code=dossier.code, dossier=dossier, agency=dossier.agency,
        day=MONDAY.date(), **columns,
    )  # fmt: skip


def pages(an: Client, dossier: Dossier) -> list[str]:
    looked_up = f"/tra-cuu/{dossier.code}/?k={secret_of(dossier)}"
    found = []
    for address in (looked_up, "/cua-toi/", f"/cua-toi/ho-so/{dossier.code}/"):
        page = html.unescape(an.get(address).content.decode())
        found.append(page.partition("<main")[2].partition("</main>")[0])
    return found


def test_nothing_is_said_where_it_is_there_as_here(an: Client, dossier: Dossier) -> None:
    """Nor of a system that was never told of it, nor of how it was handed in, which no page shows."""
    assert not any("có thể" in page for page in pages(an, dossier))
    there(dossier, accepted_channel=None)
    assert not any("có thể" in page for page in pages(an, dossier))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"accepted_at": None, "state": Line.State.WAITING},
            "có thể chưa hiện hồ sơ này; tình trạng đúng là ở trang này.",
        ),
        (
            {"accepted_state": State.AWAITING_PAPERS},
            "có thể còn hiện “Yêu cầu bổ sung giấy tờ”; tình trạng đúng là ở trang này.",
        ),
        (
            {"accepted_state": None},
            "có thể còn hiện tình trạng khác; tình trạng đúng là ở trang này.",
        ),
        (
            {"accepted_due": MONDAY + timedelta(days=1)},
            f"có thể còn hiện hẹn trả {day_words(MONDAY + timedelta(days=1))}; ngày hẹn đúng là ở trang này.",
        ),
        (
            {"accepted_state": State.AWAITING_PAPERS, "accepted_due": None},
            "có thể còn hiện “Yêu cầu bổ sung giấy tờ”, chưa có ngày hẹn trả; tình trạng và ngày hẹn đúng là ở trang này.",
        ),
        (
            {"accepted_state": State.WITHDRAWN},
            "ghi “Công dân yêu cầu rút hồ sơ”, ở đây hồ sơ chưa được rút. Muốn rút hay giải quyết tiếp, đề nghị báo Bộ phận Một cửa.",
        ),
    ],
)  # fmt: skip
def test_what_it_shows_otherwise_is_said(
    an: Client, dossier: Dossier, columns: dict[str, Any], words: str
) -> None:
    there(dossier, **columns)
    assert [f"{PORTAL} {words}" in page for page in pages(an, dossier)] == [True] * 3


def test_of_what_waits_or_ended_no_due_date_is_compared(an: Client, dossier: Dossier) -> None:
    """The page promises none."""
    Dossier.objects.filter(pk=dossier.pk).update(state=State.FINISHED, ended_at=MONDAY)
    there(dossier, accepted_state=State.FINISHED, accepted_due=None)
    assert not any("có thể còn hiện" in page for page in pages(an, dossier))


def test_it_costs_no_query(
    office: Office, an: Client, dossier: Dossier, settings: Any, queries: Callable[..., Any]
) -> None:
    connected, settings.EXCHANGE_PEERS = settings.EXCHANGE_PEERS, []
    more = [receive(office, make_case()) for _ in range(3)]
    looked_up = f"/tra-cuu/{dossier.code}/?k={secret_of(dossier)}"
    for one in (dossier, *more):
        there(one, accepted_state=State.AWAITING_PAPERS)
    for address, count in ((looked_up, 1), ("/cua-toi/", 4)):
        settings.EXCHANGE_PEERS = []
        an.get(address)
        with queries() as before:
            assert b"c\xc3\xb3 th\xe1\xbb\x83 c\xc3\xb2n" not in an.get(address).content
        settings.EXCHANGE_PEERS = connected
        an.get(address)
        with queries() as after:
            page = an.get(address).content.decode()
        assert len(after) == len(before)
        assert page.count("có thể còn hiện") == count
