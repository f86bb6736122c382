"""Facts of the ground floor's outbox become messages: for every connected peer, in the line of their
dossier. What was taken over is gone from there.

Not "what came after the last id": ids are given before a commit, so that one of them may become
visible after a later one. What still lies there has not been taken, whatever its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.ledger.outward import TOPIC
from dossiers.states import State
from exchange.models.outbox import Delivery, Line
from exchange.outbox import messages
from exchange.outbox.peers import Peer
from onestop.outbox import facts
from onestop.outbox.models import Fact

FILING = "filing"
MOST = 500
KINDS = {
    TOPIC: (Delivery.Kind.DOSSIER, Delivery.Kind.PROGRESS),
    FILING: (Delivery.Kind.STATUS,),
}
# Facts that lay there in a backup: perhaps they were told since (exchange/shell.py).
HELD = "held-"
TAKEN = KINDS | {f"{HELD}{topic}": kinds for topic, kinds in KINDS.items()}


def say_filing(
    code: str,
    *,
    state: int,
    words: str,
    agency: int | None,
    at: datetime,
    officer: int | None = None,
) -> None:
    """What became of a filing that is no dossier here, and who said so: statuses 1 and 3, in the
    transaction of the act. Nothing where no peer is connected.
    """
    payload = {
        "state": state,
        "words": words,
        "at": at.isoformat(),
        "agency": agency,
        "officer": officer,
    }
    facts.say(FILING, [(code, payload)], at=at)


def meant_for(peer: str) -> Q:
    """Facts for every peer, and those for this one alone."""
    return Q(payload__only__isnull=True) | Q(payload__only=peer)


def take_over(peers: Sequence[Peer], *, now: datetime) -> int:
    """Take what lies there, at most MOST; how many facts. One transaction.

    Two at once wait for each other at the first fact, so that the messages of a line are written in
    the order of their facts.
    """
    with transaction.atomic():
        waiting = Fact.objects.select_for_update().filter(topic__in=TAKEN).order_by("pk")
        found = list(waiting[:MOST])
        if not found or not peers:
            return 0
        for peer in peers:
            mine = [fact for fact in found if fact.payload.get("only", peer.code) == peer.code]
            lines = _lines(peer, mine)
            made = [
                Delivery(
                    line=lines[fact.key],
                    fact=fact.pk,
                    kind=kind,
                    payload=fact.payload,
                    created_at=fact.created_at,
                )
                for fact in mine
                for kind in TAKEN[fact.topic]
            ]
            _hold(lines, mine)
            _close_untold(lines.values(), made, now)
            Delivery.objects.bulk_create(made)
            _wake(lines.values(), mine, now)
        Fact.objects.filter(pk__in=[fact.pk for fact in found]).delete()
    return len(found)


def _lines(peer: Peer, found: Sequence[Fact]) -> dict[str, Line]:
    """Locked, by code; new ones are written."""
    codes = {fact.key for fact in found}
    there = Line.objects.select_for_update().filter(peer=peer.code, code__in=codes).order_by("pk")
    lines = {line.code: line for line in there}
    fresh: dict[str, Line] = {}
    for fact in found:
        if fact.key not in lines and fact.key not in fresh:
            day = _day(fact)
            fresh[fact.key] = Line(peer=peer.code, code=fact.key, day=day, state=Line.State.LEVEL)
    Line.objects.bulk_create(fresh.values())
    return lines | fresh


def _day(fact: Fact) -> date:
    """Of the act; of a dossier that was never told, when it was received."""
    said = fact.payload.get("day")
    return date.fromisoformat(said) if said else timezone.localdate(fact.created_at)


def _hold(lines: Mapping[str, Line], found: Sequence[Fact]) -> None:
    """What a restore held waits until somebody has looked, and is in doubt."""
    held = {fact.key: fact for fact in found if fact.topic.startswith(HELD)}
    for code, fact in held.items():
        line = lines[code]
        line.state, line.trouble = Line.State.STOPPED, Line.Trouble.HELD
        line.words, line.next_try_at = messages.RESTORED, None
        line.check_at = line.check_at or fact.created_at
    columns = ["state", "trouble", "words", "next_try_at", "check_at"]
    Line.objects.bulk_update([lines[code] for code in held], columns)


def _close_untold(lines: Iterable[Line], made: Sequence[Delivery], now: datetime) -> None:
    """What was received by mistake and voided before the peer can have heard of it is never told."""
    voided = {one.line_id: one.fact for one in made if one.payload.get("state") == State.VOIDED}
    untold = {
        line.pk
        for line in lines
        if line.pk in voided
        and line.accepted_at is None
        and line.check_at is None
        and line.leased_by is None
    }
    if not untold:
        return
    # Also where it was stopped: nothing of it waits for anybody.
    Line.objects.filter(pk__in=untold).update(trouble=Line.Trouble.NONE, tries=0, words="")
    for line in lines:
        if line.pk in untold:
            line.state, line.waiting_since = Line.State.LEVEL, None
    Delivery.objects.filter(line__in=untold, state=Delivery.State.WAITING).update(
        state=Delivery.State.CLOSED, settled_at=now, reason=messages.VOIDED_UNTOLD
    )
    for one in made:
        if one.line_id in untold and one.fact <= voided[one.line_id]:
            one.state, one.settled_at = Delivery.State.CLOSED, now
            one.reason = messages.VOIDED_UNTOLD


def _wake(lines: Iterable[Line], found: Sequence[Fact], now: datetime) -> None:
    """A line that was level waits from here on. One that waits keeps its turn, and whoever is
    sending keeps it; one that was stopped stays so until somebody has it sent again, or, where our own
    data lacked something, until the next act, which may have mended that.
    """
    first: dict[str, Fact] = {}
    last: dict[str, Fact] = {}
    for fact in found:
        first.setdefault(fact.key, fact)
        last[fact.key] = fact
    lines = list(lines)
    for line in lines:
        said = last[line.code].payload
        line.dossier_id = said.get("dossier") or line.dossier_id
        line.agency_id = said.get("agency") or line.agency_id
        line.waiting_since = line.waiting_since or first[line.code].created_at
        is_checking = line.state == Line.State.WAITING and line.tries == 0
        if line.leased_by is None and (line.state == Line.State.LEVEL or is_checking):
            line.state, line.next_try_at = Line.State.WAITING, now
        elif _lacked_data(line):
            line.state, line.next_try_at = Line.State.WAITING, now
            line.trouble, line.tries, line.words = Line.Trouble.NONE, 0, ""
    columns = [
        "dossier", "agency", "waiting_since", "state", "next_try_at", "trouble", "tries", "words",
    ]  # fmt: skip
    Line.objects.bulk_update(lines, columns)


def _lacked_data(line: Line) -> bool:
    """Whether it was stopped because our own data could not be sent as it stood."""
    is_held = line.state == Line.State.STOPPED and line.trouble == Line.Trouble.HELD
    return is_held and line.words not in messages.DECIDED
