"""Senders at the same time never send two messages of one dossier at once, nor out of order."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection

from exchange.models.outbox import Line
from exchange.outbox import sending
from exchange.outbox.peers import peers
from exchange.outbox.profiles import port_of
from exchange.outbox.taking import take_over
from tests.exchange.world import Exchange

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
STATES = (2, 4, 5, 4, 9, 10)


def test_several_senders_keep_the_order_of_each_dossier(connected: Callable[..., Exchange]) -> None:
    exchange = connected("B", dossiers=8, chunk=3)
    for state in STATES:
        exchange.tell(*((one, state) for one in exchange.dossiers))
    on_the_way: Counter[str] = Counter()
    met: list[str] = []
    lock = threading.Lock()

    def post(url: str, headers: Mapping[str, str], body: Any) -> Any:
        codes = [one["MaHoSo"] for one in body]
        with lock:
            on_the_way.update(codes)
            met.extend(code for code in codes if on_the_way[code] > 1)
        time.sleep(0.003)
        with lock:
            said = exchange.remote.answer(url, headers, body)
            on_the_way.subtract(codes)
        return said

    def run() -> None:
        try:
            (peer,) = peers()
            take_over([peer], now=exchange.now)
            for _ in range(3):
                sending.send(peer, port_of(peer, post), exchange.clock, sending.Sent())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert met == []
    assert set(Line.objects.values_list("state", "words")) == {(Line.State.LEVEL, "")}
    for dossier in exchange.dossiers:
        told = [step[1] for step in exchange.remote.store.steps[dossier.code]]
        assert told == [str(state) for state in STATES]
