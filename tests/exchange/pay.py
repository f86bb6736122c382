"""A counter whose fees may be paid through a recorded platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dossiers.models.money import ReceiptSeries
from exchange.outbox.port import Away
from exchange.paying import asking, settling, taking
from exchange.paying.platforms import platforms
from exchange.peer.paying import Platform
from exchange.peer.serving import Lost, Recorded, ServerError
from tests.clock import MONDAY
from tests.dossiers.money.office import Till, make_till
from tests.dossiers.money.paid import with_account
from tests.exchange.world import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dossiers.acts.payments import Booked
    from dossiers.models import Dossier
    from exchange.models import PayRequest

WORD, WORD_ENV = "khoa-thanh-toan", "TEST_PAYMENT_SECRET"


def payment(agency: str, **more: Any) -> dict[str, Any]:
    """What a peer says under `payment`."""
    return {
        "url": "https://thanh-toan.example/tin",
        "partner": "MOTCUA",
        "secret_env": WORD_ENV,
        "agency": agency,
        **more,
    }


@dataclass
class Paying:
    """Our side and a recorded platform, with one clock."""

    till: Till
    remote: Recorded
    platform: Platform
    now: datetime = MONDAY

    def post(self, url: str, headers: Mapping[str, str], body: Any) -> Any:
        try:
            return self.remote.answer(url, headers, body)
        except (Lost, ServerError) as error:
            raise Away(type(error).__name__) from None

    def ask(self, dossier: Dossier) -> PayRequest:
        return asking.ask(dossier.pk, at=self.now)

    def run(self) -> settling.Done:
        return settling.settle_all(lambda: self.now, self.post)

    def opened(self, dossier: Dossier) -> PayRequest:
        """Asked for, and known to the platform."""
        row = self.ask(dossier)
        self.run()
        row.refresh_from_db()
        return row

    def confirm(self, message: dict[str, Any]) -> Booked | None:
        return taking.take(platforms()[0], message, at=self.now)

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)


def make_paying(settings: Any, monkeypatch: Any, *, seed: int = 0) -> Paying:
    till, _ = with_account(make_till(kind=ReceiptSeries.Kind.ELECTRONIC, last=400))
    return connect(till, settings, monkeypatch, seed=seed)


def connect(till: Till, settings: Any, monkeypatch: Any, *, seed: int = 0, **more: Any) -> Paying:
    monkeypatch.setenv(WORD_ENV, WORD)
    settings.CITIZENS_MAY_PAY = True
    settings.EXCHANGE_PEERS = [said("B", payment=payment(till.office.agency.code, **more))]
    platform = Platform(WORD)
    return Paying(till, Recorded(seed, platform=platform), platform)
