"""Whatever happens between here and there, the store of results holds at the end what counts here, and
nothing else: results that are corrected or taken back while messages are lost, doubled, late or refused.
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from dossiers.models import Dossier, Result
from dossiers.states import ENDED, State
from exchange.models.outbox import Delivery, Line
from exchange.peer.serving import TROUBLES, Recorded
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict
from tests.clock import MONDAY
from tests.exchange.test_results_told import STORE
from tests.exchange.world import Exchange, killed_at
from tests.world import make_office

SCHEDULES = 2_000 if os.environ.get("LONG") == "1" else 24
PROFILES, ENGINES = {"A": 0, "B": 1}, {"sqlite": 0, "postgresql": 2}
MOVES = ("act", "act", "send", "die", "slow", "wait", "arrive")


def content(number: int) -> bytes:
    return f"kết quả {number}".encode()


def digest(number: int) -> str:
    return hashlib.sha256(content(number)).hexdigest()


def fetch(url: str) -> bytes:
    """As an address of ours would give it."""
    told = url.partition("/tep/")[2].partition("/")[0]
    return next(content(n) for n in range(1, 200) if digest(n) == told)


class Office:
    def __init__(self, exchange: Exchange, seed: int, clerk: Any) -> None:
        self.exchange, self.clerk = exchange, clerk
        self.chance, self.given = random.Random(seed), 0
        self.counts: dict[str, str] = {}

    def act(self) -> None:
        """A result is given, corrected, taken back with its end, or only given to its owner."""
        one = self.chance.choice(list(self.exchange.dossiers))
        at = self.exchange.now + timedelta(seconds=self.exchange.seq + 1)
        current = Result.objects.current().filter(dossier=one)
        what = self.chance.choice(("give", "give", "take back", "hand out"))
        if what == "give":
            current.update(replaced_at=at)
            self._give(one, at)
            self._told(one, State.FINISHED)
        elif what == "take back" and one.code in self.counts:
            current.update(undone_at=at)
            del self.counts[one.code]
            self._told(one, State.IN_PROGRESS)
        elif one.code in self.counts:
            self._told(one, State.RETURNED)

    def _give(self, one: Dossier, at: Any) -> None:
        self.given += 1
        number = f"{self.given}/KQ"
        Result.objects.create(
            dossier=one, number=number, electronic=True, recorded_by=self.clerk, recorded_at=at
        )
        Attachment.objects.create(
            kind="result", object_id=one.pk, name="kq.pdf", size=9, sha256=digest(self.given),
            content_type="application/pdf", signature=Verdict.VALID, uploaded_at=at,
            uploaded_by=self.clerk,
        )  # fmt: skip
        self.counts[one.code] = number

    def _told(self, one: Dossier, state: int) -> None:
        self.exchange.tell((one, state))
        at = self.exchange.ours[one.code]["at"] if state in ENDED else None
        Dossier.objects.filter(pk=one.pk).update(state=state, ended_at=at)

    def send(self) -> None:
        self.exchange.send()

    def die(self) -> None:
        with killed_at(self.chance.randint(1, 40)):
            self.exchange.send()

    def slow(self) -> None:
        self.exchange.zombie()
        self.exchange.send()

    def wait(self) -> None:
        self.exchange.wait(timedelta(minutes=self.chance.choice((1, 12, 200))))

    def arrive(self) -> None:
        self.exchange.remote.let_arrive()


@pytest.mark.slow
@pytest.mark.parametrize("profile", list(PROFILES))
def test_any_schedule_ends_with_the_same_results_here_and_there(
    connected: Callable[..., Exchange], profile: str, caplog: pytest.LogCaptureFixture
) -> None:
    exchange = connected(profile, paths=STORE[profile])
    caplog.set_level(logging.ERROR, logger="exchange.outbox.sending")
    clerk, told = make_office().clerk, 0
    for seed in range(PROFILES[profile] + ENGINES[connection.vendor], SCHEDULES, 4):
        point = transaction.savepoint()
        exchange.now, exchange.ours, exchange.seq, exchange.meanwhile = MONDAY, {}, 0, None
        office = Office(exchange, seed, clerk)
        share = office.chance.choice((0.0, 0.3, 0.6))
        exchange.remote = Recorded(seed, share, TROUBLES)
        exchange.remote.store.results.fetch = fetch
        for _ in range(office.chance.randint(5, 12)):
            getattr(office, office.chance.choice(MOVES))()
        exchange.meanwhile = None
        exchange.settle()
        rows = exchange.remote.store.results.rows
        assert {code: row["SoKyHieu"] for code, row in rows.items()} == office.counts, seed
        assert set(Line.objects.values_list("state", flat=True)) <= {Line.State.LEVEL}, seed
        assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists(), seed
        told += len(rows)
        transaction.savepoint_rollback(point)
    assert told
