"""Dossiers that are told to a recorded peer behind the same adapters as in an office: what travels
is handed over in the process, and a clock that only moves when it is moved.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from dossiers.models import Dossier
from exchange.models.outbox import Line
from exchange.outbox import leasing, sending
from exchange.outbox.peers import peers
from exchange.outbox.port import Away
from exchange.outbox.profiles import port_of
from exchange.outbox.taking import take_over
from exchange.peer.serving import Lost, Recorded, ServerError
from onestop.outbox import facts
from tests.clock import MONDAY

USER, SECRET = "TEST_EXCHANGE_USER", "TEST_EXCHANGE_SECRET"
WORD = "mat-khau-cua-noi-nhan"


def said(profile: str, **more: Any) -> dict[str, Any]:
    """A peer as EXCHANGE_PEERS lists it."""
    return {
        "code": f"cong-{profile.lower()}",
        "name": "Cổng Dịch vụ công quốc gia",
        "profile": profile,
        "url": "https://cong.example",
        "unit": "H99",
        "user_env": USER,
        "secret_env": SECRET,
        **more,
    }


class Killed(Exception):
    """The process ended here."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """The n-th statement from here is the last thing that is tried. Ends quietly where it was."""
    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            yield
    except Killed:
        pass


@dataclass
class Exchange:
    """Our side and a recorded peer, with one clock."""

    dossiers: Sequence[Dossier]
    remote: Recorded
    now: datetime = MONDAY
    ours: dict[str, dict[str, Any]] = field(default_factory=dict)
    seq: int = 0
    # What else happens while a request is on its way.
    meanwhile: Callable[[], None] | None = None

    def post(self, url: str, headers: Mapping[str, str], body: Any) -> Any:
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        try:
            return self.remote.answer(url, headers, body)
        except (Lost, ServerError) as error:
            raise Away(type(error).__name__) from None

    def clock(self) -> datetime:
        return self.now

    def tell(self, *states: tuple[Dossier, int]) -> None:
        """Acts of one press: each dossier is in that state now."""
        told = []
        for dossier, state in states:
            self.seq += 1
            at = self.now + timedelta(seconds=self.seq)
            payload = {
                "dossier": dossier.pk, "seq": self.seq, "kind": "receive", "at": at.isoformat(), "state": state,
                "due": (MONDAY + timedelta(days=self.seq % 5)).isoformat(), "ended": None, "officer": None, "department": None,
                "agency": dossier.agency_id, "channel": dossier.channel,
            }  # fmt: skip
            self.ours[dossier.code] = payload
            told.append((dossier.code, payload))
        facts.say("dossier", told, at=self.now)

    def send(self) -> sending.Sent:
        told = sending.Sent()
        (peer,) = peers()
        while take_over([peer], now=self.now):
            pass
        sending.send(peer, port_of(peer, self.post), self.clock, told)
        return told

    def wait(self, by: timedelta) -> None:
        self.now += by

    def settle(self) -> None:
        """The peer is well from here on; what was stopped is sent again; doubts come to their end."""
        self.remote.share = 0.0
        self.remote.let_arrive()
        for _ in range(12):
            self.wait(timedelta(hours=2))
            stopped = Line.objects.filter(state=Line.State.STOPPED)
            stopped.update(state=Line.State.WAITING, next_try_at=self.now, tries=0)
            self.send()
            if not Line.objects.exclude(state=Line.State.LEVEL).exists():
                return

    def zombie(self) -> None:
        """While this sender's request is on its way its lease ends, and another one goes on."""

        def happens() -> None:
            self.wait(leasing.LEASE + timedelta(minutes=1))
            self.send()

        self.meanwhile = happens


def walk(chance: random.Random, exchange: Exchange, states: dict[int, int]) -> None:
    """One act on one dossier or on several."""
    several = chance.sample(list(exchange.dossiers), chance.choice((1, 1, 2)))
    for one in several:
        states[one.pk] = chance.choice(AFTER[states.get(one.pk, 0)])
    exchange.tell(*((one, states[one.pk]) for one in several))


AFTER = {
    0: (2,),
    2: (4, 5, 8),
    4: (5, 6, 9),
    5: (4, 8),
    6: (4,),
    7: (4,),
    8: (4,),
    9: (10, 4),
    10: (9,),
}
