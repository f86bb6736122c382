"""Electronic receipts: the provider is told after the commit, once however often, again while it is
away; until it answers the dossier says so (R-123, R-124; superseding rules are configuration).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from dossiers.models.electronic import ElectronicReceipt
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries, Way
from dossiers.receipts_out import sending
from dossiers.receipts_out.over_http import HttpProvider
from dossiers.receipts_out.port import Away
from onestop.instants import clock_set_back
from onestop.outbox.models import Message
from tests.dossiers.money.office import Till, make_till
from tests.dossiers.money.provider import TOKEN, Recorded, a_provider
from tests.exchange.hostile import ODD, hostile
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
Stage = ElectronicReceipt.Stage
VOID = ReceiptRequest.Kind.VOID


@pytest.fixture
def provider(settings: Any) -> Iterator[Recorded]:
    with a_provider() as kept:
        settings.E_RECEIPT_URL, settings.E_RECEIPT_TOKEN = kept.url, TOKEN
        settings.E_RECEIPT_SECONDS = 10.0  # nothing here waits for it
        yield kept


@pytest.fixture
def till(provider: Recorded) -> Till:
    return make_till(kind=ReceiptSeries.Kind.ELECTRONIC, first=1, last=None)


def letter(receipt: FeeReceipt) -> ElectronicReceipt:
    return ElectronicReceipt.objects.get(receipt=receipt)


def send(at: datetime = MONDAY) -> int:
    return sending.sweep(lambda: at)


def test_the_providers_number_link_and_code_come_back(till: Till, provider: Recorded) -> None:
    """Once: what is asked again has nothing to say."""
    row = till.take(till.owing(), fee=20_000, charge=30_000, way=Way.TRANSFER, reference="FT1")
    assert (letter(row).stage, letter(row).number, provider.letters) == (Stage.WAITING, "", [])
    assert (send(), send()) == (1, 0)
    found = letter(row)
    assert (found.stage, found.number, found.lookup_code) == (Stage.ISSUED, "9001", "TC9001")
    assert found.link == "https://bien-lai.example/9001"
    said = provider.letters[0]
    wanted = {
        "number": "0000001", "fee": 20_000, "charge": 30_000, "way": "Chuyển khoản", "tax_code": "4900123456",
        "payer": "Nguyễn Văn Ân", "replaces": "",
    }  # fmt: skip
    assert {name: said[name] for name in wanted} == wanted


@pytest.mark.parametrize("play", ["broken", "nonsense", "stored", "cut", "nested", "long"])
def test_while_it_is_away_it_is_asked_again_with_growing_pauses(
    till: Till, provider: Recorded, play: str
) -> None:
    """`stored`: it kept the receipt and the answer was lost; it says the same number again."""
    row = till.take(till.owing())
    provider.play = [play] * 3
    at, pauses = MONDAY, list[float]()
    for _ in range(3):
        assert send(at) == 0
        found = letter(row)
        assert found.next_at is not None
        assert found.stage == Stage.WAITING
        assert found.trouble
        pauses.append((found.next_at - at).total_seconds() / 60)
        assert send(found.next_at - timedelta(seconds=1)) == 0
        at = found.next_at
    assert pauses == [1, 5, 15]
    assert send(at) == 1
    assert (letter(row).number, letter(row).tries, letter(row).trouble) == ("9001", 0, "")
    assert list(provider.numbers) == [str(letter(row).key)]


def test_a_refusal_stands_until_somebody_sends_it_again(
    till: Till, provider: Recorded, signed_in: Callable[[Any], Any]
) -> None:
    row = till.take(till.owing())
    provider.play = ["refuse"]
    send()
    assert (letter(row).stage, letter(row).trouble) == (Stage.REFUSED, "Sai mã số thuế")
    [bell] = Message.objects.filter(kind="receipt_refused")
    assert (bell.to_officer, "Sai mã số thuế" in bell.body) == (till.office.clerk, True)
    assert send(MONDAY + timedelta(days=1)) == 0
    with time_machine.travel(MONDAY, tick=False):
        client, where = signed_in(till.cashier), f"/thu-tien/quyen/{till.book.pk}/"
        html = client.get(where).content.decode()
        assert "Sai mã số thuế" in html
        dossier = client.get(row.dossier.get_absolute_url()).content.decode()
        assert "nhà cung cấp từ chối: Sai mã số thuế" in dossier
        assert "Gửi lại 1 biên lai" in client.post(where, {"gui-lai": ""}, follow=True).content.decode()  # fmt: skip
        assert "1 biên lai đang chờ" in client.get(where).content.decode()
        send()
        dossier = client.get(row.dossier.get_absolute_url()).content.decode()
        assert "https://bien-lai.example/9001" in dossier
        other = signed_in(make_till().cashier)
        assert other.post(where, {"gui-lai": ""}).status_code == 404


def test_a_voided_receipt_is_voided_there_and_replaced(till: Till, provider: Recorded) -> None:
    first = till.take(till.owing())
    send()
    till.answer(till.ask(first, VOID))
    assert letter(first).stage == Stage.VOIDING
    later = MONDAY + timedelta(minutes=1)
    second = till.take(first.dossier, at=later)
    provider.play = ["broken"]
    send(later)
    send(later + timedelta(minutes=5))
    assert letter(first).stage == Stage.VOIDED
    assert provider.voided == [str(letter(first).key)]
    assert (letter(second).number, provider.letters[-1]["replaces"]) == ("9002", "9001")


def test_what_was_voided_before_it_was_sent_is_not_sent(till: Till, provider: Recorded) -> None:
    """But for one whose answer was lost: the provider may have it, so it is asked, then voided."""
    never, lost = till.take(till.owing()), till.take(till.owing())
    provider.play = ["stored"]
    sending.send(letter(lost).pk, lambda: MONDAY)
    for row in (never, lost):
        till.answer(till.ask(row, VOID))
    at = MONDAY + timedelta(minutes=1)
    send(at)
    send(at)
    assert (letter(never).stage, letter(lost).stage) == (Stage.NEVER, Stage.VOIDED)
    assert provider.voided == [str(letter(lost).key)]
    assert list(provider.numbers) == provider.voided


def test_what_is_voided_while_the_provider_is_asked_is_told_next(
    till: Till, provider: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = till.take(till.owing())
    request = till.ask(row, VOID)
    ask = sending._ask

    def meanwhile(*args: Any) -> Any:
        found = ask(*args)
        till.answer(request)
        return found

    monkeypatch.setattr(sending, "_ask", meanwhile)
    send()
    monkeypatch.undo()
    assert letter(row).stage == Stage.VOIDING
    send()
    assert (letter(row).stage, len(provider.voided)) == (Stage.VOIDED, 1)


def test_the_reception_says_that_the_number_is_awaited(
    till: Till, provider: Recorded, signed_in: Callable[[Any], Any]
) -> None:
    """The letter is written in the transaction of the reception, and says the number when it is there."""
    row = till.receive_paid(15_000, at=MONDAY)
    where = f"/tiep-nhan/xong/{row.dossier.code}/"
    with time_machine.travel(MONDAY, tick=False):
        client = signed_in(till.office.clerk)
        assert "chờ số của nhà cung cấp" in client.get(where).content.decode()
        send()
        html = client.get(where).content.decode()
    assert "chờ số" not in html
    assert "9001" in html


def test_what_waits_for_a_wrong_clock_goes_when_it_is_put_right(
    till: Till, provider: Recorded
) -> None:
    row = till.take(till.owing(), at=MONDAY + timedelta(days=30))
    assert send() == 0
    clock_set_back.send(None, now=MONDAY)
    assert (send(), letter(row).number) == (1, "9001")


def test_without_a_provider_numbers_are_typed_by_hand(till: Till, settings: Any) -> None:
    settings.E_RECEIPT_URL = ""
    row = till.take(till.owing(), link="https://example.vn/1")
    assert not ElectronicReceipt.objects.exists()
    assert row.link == "https://example.vn/1"
    assert sending.sweep(lambda: MONDAY) == 0


def test_a_hostile_provider_is_away_within_its_time() -> None:
    """Slow or endless answers, redirects, what is no JSON or too deep."""
    with hostile() as server:
        for what, why in ODD.items():
            seconds = 0.3 if why == "too slow" else 15.0
            with pytest.raises(Away):
                HttpProvider(server.url, "khoa", seconds)._post(f"/{what}", {}, key="a")
        assert not any(path.endswith("/json") for path in server.asked)
