"""Whatever happens between here and there, what the peer holds at the end is what is so here."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from exchange.models.outbox import Delivery, Line
from exchange.outbox import leasing
from exchange.outbox.spelling import written
from exchange.peer.serving import BAD_ITEM, TROUBLES, Recorded
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Role
from onestop.outbox.models import Fact
from tests.clock import MONDAY
from tests.exchange.officers import MOVES, begin
from tests.exchange.world import Exchange, killed_at, said, walk
from tests.world import make_officer

LONG = os.environ.get("LONG") == "1"
SCHEDULES = 10_000 if LONG else 300
# A test ends in time also on a busy machine.
PARTS = range(20 if LONG else 1)
# A quarter for each contract on each engine.
PROFILES, ENGINES = {"A": 0, "B": 1}, {"sqlite": 0, "postgresql": 2}


def live(exchange: Exchange, seed: int) -> None:
    """Acts, sendings, waits, deaths and slow senders in any order."""
    chance = random.Random(seed)
    exchange.now, exchange.ours, exchange.seq, exchange.meanwhile = MONDAY, {}, 0, None
    exchange.remote = Recorded(seed, chance.choice((0.0, 0.3, 0.6)), TROUBLES)
    exchange.remote.store.steps_once = seed % 3 == 0
    states: dict[int, int] = {}
    walk(chance, exchange, states)
    for _ in range(chance.randint(3, 7)):
        match chance.choice(("act", "act", "send", "die", "slow", "wait", "arrive")):
            case "act":
                walk(chance, exchange, states)
            case "send":
                exchange.send()
            case "die":
                with killed_at(chance.randint(1, 30)):
                    exchange.send()
            case "slow":
                exchange.zombie()
                exchange.send()
            case "wait":
                exchange.wait(timedelta(minutes=chance.choice((1, 12, 200))))
            case "arrive":
                exchange.remote.let_arrive()
    exchange.meanwhile = None
    exchange.settle()


def seeds(profile: str, part: int) -> range:
    """Those of a contract on this engine, or a part of them."""
    first = PROFILES[profile] + ENGINES[connection.vendor]
    return range(first, SCHEDULES, len(PROFILES) * len(ENGINES))[part :: len(PARTS)]


def agreed(exchange: Exchange) -> None:
    """Both sides hold the same, each dossier once, and every message is accounted for."""
    store = exchange.remote.store
    assert set(store.dossiers) == set(exchange.ours)
    for code, payload in exchange.ours.items():
        there = store.dossiers[code]
        assert there["TrangThaiHoSo"] == str(payload["state"])
        assert there["NgayHenTra"] == written(payload["due"])
    assert not Fact.objects.exists()
    assert set(Line.objects.values_list("state", flat=True)) == {Line.State.LEVEL}
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}
    told = Delivery.objects.exclude(fact=0)
    assert told.count() == 2 * exchange.seq
    # Each step of the handling stands there once.
    assert sum(map(len, store.steps.values())) == exchange.seq


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("profile", list(PROFILES))
def test_any_schedule_ends_with_the_same_here_and_there(
    connected: Callable[..., Exchange], profile: str, part: int, caplog: pytest.LogCaptureFixture
) -> None:
    exchange = connected(profile)
    caplog.set_level(logging.ERROR, logger="exchange.outbox.sending")
    for seed in seeds(profile, part):
        point = transaction.savepoint()
        live(exchange, seed)
        try:
            agreed(exchange)
        except AssertionError as error:
            raise AssertionError(f"profile {profile}, seed {seed}") from error
        transaction.savepoint_rollback(point)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("profile", list(PROFILES))
def test_whatever_officers_and_the_portal_do_meanwhile_too(
    connected: Callable[..., Exchange],
    settings: Any,
    profile: str,
    part: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Giving up and sending again, voiding, a restored backup, a withdrawal at the portal, a return
    taken back: also at peers that cannot be told that an end no longer holds.
    """
    exchange = connected(profile)
    caplog.set_level(logging.ERROR, logger="exchange.outbox.sending")
    agency = exchange.dossiers[0].agency
    desk = desk_of(make_officer("Đỗ Thị Hạnh", agency, (Role.CONTROLLER, None)), MONDAY)
    deaf = {"reopen" if profile == "B" else "status": ""}
    for seed in seeds(profile, part):
        point = transaction.savepoint()
        # Seeds of one profile on one engine are four apart: every fourth of them is deaf.
        hears = seed // 4 % 4 != 0
        settings.EXCHANGE_PEERS = [said(profile, paths={} if hears else deaf)]
        office = begin(exchange, seed, desk, hears=hears)
        exchange.remote = Recorded(seed, office.chance.choice((0.0, 0.3, 0.6)), TROUBLES)
        office.act()
        try:
            for _ in range(office.chance.randint(5, 10)):
                office.move(office.chance.choice(MOVES))
            office.settle()
            office.agreed()
        except (AssertionError, KeyError) as error:
            raise AssertionError(f"profile {profile}, seed {seed}") from error
        transaction.savepoint_rollback(point)


def test_a_sender_may_be_killed_at_every_statement(connected: Callable[..., Exchange]) -> None:
    """Additions and updates, an end that is opened again, what was refused and what is in doubt."""
    exchange = connected("B", dossiers=4)
    one, other, refused, doubted = exchange.dossiers
    statement, was_killed = 0, True
    while was_killed:
        statement += 1
        point = transaction.savepoint()
        exchange.now, exchange.ours, exchange.seq = MONDAY, {}, 0
        exchange.remote = Recorded(only=["lost_after"])
        exchange.tell((one, 2), (doubted, 2))
        exchange.tell((one, 9))
        exchange.send()
        exchange.remote.bad[refused.code] = BAD_ITEM
        exchange.tell((refused, 2))
        exchange.send()
        exchange.remote.bad, exchange.remote.share = {}, 1.0
        exchange.tell((doubted, 4))
        exchange.send()
        exchange.remote.share = 0.0
        exchange.wait(leasing.DOUBT + timedelta(minutes=1))
        exchange.tell((one, 4), (other, 2))
        exchange.tell((other, 4))
        was_killed = True
        with killed_at(statement):
            exchange.send()
            was_killed = False
        exchange.settle()
        agreed(exchange)
        transaction.savepoint_rollback(point)
    # Among them those that ask what the peer holds.
    assert exchange.remote.played["ok"] > 6
    assert statement > 30
