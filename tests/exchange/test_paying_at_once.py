"""What a payer and the platform do at the same instant: one request, one receipt, no message unanswered."""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.models.money import FeeReceipt
from dossiers.models.payments import Payment
from exchange.models import PayRequest
from exchange.paying import asking, taking
from exchange.paying.platforms import platforms
from tests.dossiers.money.office import fresh
from tests.exchange.pay import make_paying
from tests.proofs.test_one_portal_code import in_threads
from tests.world import MONDAY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_pressed_twice_confirmed_twice_and_paid_twice_at_once(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bug 56: also in parallel; a second payment by another transaction is listed."""
    paying = make_paying(settings, monkeypatch)
    for module in (asking, taking):
        monkeypatch.setattr(module, "nudge", lambda task: None)
    dossier = paying.till.owing()
    told = in_threads(*[lambda: asking.ask(dossier.pk, at=MONDAY) for _ in range(2)])
    assert told == ["", ""]
    row = PayRequest.objects.get()
    paying.run()
    (platform,) = platforms()
    first, second = (paying.platform.pay(row.reference, at=paying.now) for _ in range(2))
    told = in_threads(
        *(
            lambda said=said: taking.take(platform, said, at=MONDAY)
            for said in (first, first, second)
        )
    )
    assert told == ["", "", ""]
    assert (FeeReceipt.objects.count(), fresh(dossier).fee_owed) == (1, 0)
    assert (Payment.objects.count(), Payment.objects.standing().count()) == (2, 1)
    row.refresh_from_db()
    assert row.state == PayRequest.State.PAID
