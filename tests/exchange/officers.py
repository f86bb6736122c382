"""What officers and portals do between messages: give up and send again, void, restore a backup,
withdraw at the portal, take a return back where the peer allows it.
"""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from dossiers.models import Dossier
from dossiers.states import ENDED, WAITING, State
from exchange.models.outbox import Delivery, Line
from exchange.outbox import level
from exchange.outbox.pushing import FINAL
from exchange.outbox.returned import may_be_taken_back
from exchange.outbox.spelling import written
from exchange.shell import FACTS_HELD_BY_A_RESTORE, HELD_BY_A_RESTORE
from onestop.accounts.desk import Desk
from onestop.errors import DomainError
from onestop.results import ALLOWED
from tests.clock import MONDAY
from tests.exchange.world import AFTER, Exchange

MOVES = ("act", "act", "act", "give_up", "again", "void", "back_up", "restore", "withdrawn", "send")
REASON = "Nơi nhận đã tự ghi"


@dataclass
class Office:
    """Who works here, and what stood in the newest backup."""

    exchange: Exchange
    chance: random.Random
    desk: Desk
    # Whether the peer can be told that an end no longer holds.
    hears: bool = True
    states: dict[int, int] = field(default_factory=dict)
    backup: tuple[str, dict[int, int], dict[str, Any]] | None = None
    restored: bool = False

    def move(self, what: str) -> None:
        getattr(self, what)()

    def act(self) -> None:
        self.tell(self.chance.choice(list(self.exchange.dossiers)))

    def tell(self, one: Dossier, state: int | None = None) -> None:
        now = self.states.get(one.pk, 0)
        if now == State.VOIDED:
            return
        if state is None:
            state = self.chance.choice(AFTER[now])
            if now in FINAL and not self._may(one, now, state):
                return
        self.states[one.pk] = state
        self.exchange.tell((one, state))
        payload = self.exchange.ours[one.code]
        Dossier.objects.filter(pk=one.pk).update(
            state=state,
            due_at=payload["due"],
            ended_at=payload["at"] if state in ENDED else None,
            waiting_since=payload["at"] if state in WAITING else None,
        )

    def _may(self, one: Dossier, now: int, state: int) -> bool:
        if self.hears or (now, state) == (State.FINISHED, State.RETURNED):
            return True
        # An end that the peer may have heard of stays; of a return that is asked.
        return now == State.RETURNED and may_be_taken_back(one) is ALLOWED

    def void(self) -> None:
        one = self.chance.choice(list(self.exchange.dossiers))
        if one.pk in self.states and self.chance.random() < 0.3:
            self.tell(one, State.VOIDED)

    def give_up(self) -> None:
        for line in Line.objects.exclude(state=Line.State.LEVEL):
            try:
                level.give_up(line.pk, reason=REASON, by=self.desk, at=self.exchange.now)
            except DomainError as error:
                if error.code not in ("nothing_waits", "being_sent"):
                    raise

    def again(self, lines: Any = None) -> None:
        for line in Line.objects.all() if lines is None else lines:
            try:
                level.send_again(line.pk, at=self.exchange.now)
            except DomainError as error:
                if error.code != "nothing_to_send":
                    raise

    def send(self) -> None:
        self.exchange.send()
        self.exchange.wait(timedelta(minutes=self.chance.choice((1, 12, 200))))

    def back_up(self) -> None:
        kept = dict(self.states), deepcopy(self.exchange.ours)
        self.backup = transaction.savepoint(), *kept

    def restore(self) -> None:
        """What was done since is gone here, and not there."""
        # What was ended since would be open again, which such a peer is never told.
        if self.backup is None or not self.hears:
            return
        point, states, ours = self.backup
        transaction.savepoint_rollback(point)
        self.backup, self.restored = None, True
        self.states, self.exchange.ours = states, ours
        with connection.cursor() as cursor:
            cursor.execute(HELD_BY_A_RESTORE)
            cursor.execute(FACTS_HELD_BY_A_RESTORE)

    def withdrawn(self) -> None:
        """By the citizen at the portal, which closes it; the clerk reads of it and closes it here."""
        one = self.chance.choice(list(self.exchange.dossiers))
        there = self.exchange.remote.store.dossiers.get(one.code)
        is_open = self.states.get(one.pk, State.FINISHED) not in ENDED
        if self.hears and is_open and there and int(there["TrangThaiHoSo"]) not in FINAL:
            there["TrangThaiHoSo"] = str(int(State.WITHDRAWN))
            if self.chance.random() < 0.5:
                self.tell(one)
            if self.states[one.pk] not in ENDED:
                self.tell(one, State.WITHDRAWN)

    def settle(self) -> None:
        """The peer is well; then somebody looks at what is listed, and at all after a restore."""
        self.exchange.settle()
        if self.restored:
            self.again()
        for _ in range(3):
            self.again(Line.objects.filter(level.DIFFERS | level.GIVEN_UP).exclude(level.VOIDED))
            self.exchange.settle()
        # What the peer cannot be told is given up, with a reason.
        for line in Line.objects.filter(level.VOIDED).exclude(state=Line.State.LEVEL):
            level.give_up(line.pk, reason=REASON, by=self.desk, at=self.exchange.now)
        self.exchange.settle()

    def agreed(self) -> None:
        """Both sides hold the same, each dossier once, and every message says how it ended."""
        store = self.exchange.remote.store
        stands = {
            code: one for code, one in self.exchange.ours.items() if one["state"] != State.VOIDED
        }
        for code, payload in stands.items():
            there = store.dossiers[code]
            assert there["TrangThaiHoSo"] == str(int(payload["state"]))
            assert there["NgayHenTra"] == written(payload["due"])
        known = {one.code for one in self.exchange.dossiers}
        assert set(store.dossiers) <= known
        stays = set(Line.objects.exclude(state=Line.State.LEVEL).values_list("code", "words"))
        assert stays == set()
        assert not Line.objects.filter(level.DIFFERS).exists()
        ended = Q(state=Delivery.State.SENT) | Q(state=Delivery.State.CLOSED) & ~Q(reason="")
        assert not Delivery.objects.exclude(ended & Q(settled_at__isnull=False)).exists()
        for code in stands:
            sent = Delivery.objects.filter(
                line__code=code, kind=Delivery.Kind.PROGRESS, state=Delivery.State.SENT
            )
            there_too = store.steps.get(code, [])
            assert len(there_too) >= sent.count()
            assert len(set(there_too)) == len(there_too)


def begin(exchange: Exchange, seed: int, desk: Desk, *, hears: bool) -> Office:
    exchange.now, exchange.ours, exchange.seq, exchange.meanwhile = MONDAY, {}, 0, None
    return Office(exchange, random.Random(seed), desk, hears)
