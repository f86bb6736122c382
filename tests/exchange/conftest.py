from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange.peer.serving import Recorded
from tests.clock import MONDAY
from tests.exchange.world import SECRET, USER, WORD, Exchange, said
from tests.world import make_case, make_office, receive


@pytest.fixture
def connected(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Exchange]:
    """`connected("B")`: so many dossiers, received before the peer was connected."""
    monkeypatch.setenv(USER, "tinh")
    monkeypatch.setenv(SECRET, WORD)
    # Tests send by themselves.
    monkeypatch.setattr("onestop.outbox.facts.nudge", lambda task: None)
    office = make_office()
    case = make_case("7 ngày làm việc")

    def make(profile: str, *, dossiers: int = 2, seed: int = 0, **more: Any) -> Exchange:
        settings.EXCHANGE_PEERS = []
        made = [receive(office, case, at=MONDAY) for _ in range(dossiers)]
        settings.EXCHANGE_PEERS = [said(profile, **more)]
        return Exchange(made, Recorded(seed))

    return make
