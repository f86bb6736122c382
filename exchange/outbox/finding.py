"""What a peer holds of a dossier by its own word, and not by what we sent: asked by a person, and in
the night of what goes on here. The question changes nothing there.

What differs stands under “Lệch” until a person has it sent again. What an applicant withdrew there is
held as wherever it is found. Of what is there no more, though it was accepted, the dossier is told
anew: there is nothing that it could overwrite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet

from dossiers.models import Dossier
from dossiers.states import WITH_SOMEBODY, State
from exchange.models.outbox import Line
from exchange.outbox import level, messages
from exchange.outbox.content import CHANNELS
from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away, CannotAsk, Found, Held, Port
from exchange.outbox.profiles import port_of
from exchange.outbox.sending import CHANNEL_UNKNOWN, ours
from onestop.errors import DomainError
from procedures.channels import Channel

# Of one peer in a night, those that were not asked for longest first.
MOST = 400
LONGEST = timedelta(minutes=10)


class Says(StrEnum):
    SAME = "ghi như ở đây"
    UNLIKE = "ghi khác ở đây"
    WITHDRAWN = "ghi người nộp đã rút"
    AGAIN = "không còn, báo lại"
    GONE = "không có"


@dataclass(slots=True)
class Heard:
    """How a night went, for the page of jobs. `unread`: an answer that cannot be read, or something
    was sent meanwhile.
    """

    said: Counter[Says] = field(default_factory=Counter)
    unread: int = 0
    away: int = 0


def ask_all(clock: Callable[[], datetime]) -> Heard:
    """Each peer that answers such questions, of what goes on here and stands as accepted."""
    heard = Heard()
    for peer in peers():
        if peer.paths.get("find"):
            _ask_many(peer, port_of(peer), clock, heard)
    return heard


def _ask_many(peer: Peer, port: Port, clock: Callable[[], datetime], heard: Heard) -> None:
    end = clock() + LONGEST
    for line in _to_ask(peer)[:MOST]:
        if clock() > end:
            return
        try:
            heard.said[ask(peer, line, port, clock)] += 1
        except Away:
            heard.away += 1
            return
        except DomainError:
            heard.unread += 1


def _to_ask(peer: Peer) -> QuerySet[Line]:
    level_ones = Line.objects.filter(peer=peer.code, state=Line.State.LEVEL)
    there = level_ones.filter(accepted_at__isnull=False, dossier__state__in=WITH_SOMEBODY)
    return there.order_by(F("asked_at").asc(nulls_first=True), "pk")


def may_ask(peer: Peer | None, line: Line) -> bool:
    """What waits is told in a moment; a filing is no dossier there."""
    if peer is None or not peer.paths.get("find"):
        return False
    return line.dossier_id is not None and line.state != Line.State.WAITING


def ask(peer: Peer, line: Line, port: Port, clock: Callable[[], datetime]) -> Says:
    """Errors: Away; DomainError("cannot_ask"), DomainError("being_sent") where something of this line
    went on meanwhile, so that nobody knows what the answer was about.
    """
    Line.objects.filter(pk=line.pk).update(asked_at=clock())
    try:
        found = port.find_dossier(line.code)
    except (CannotAsk, Held):
        raise DomainError("cannot_ask") from None
    now = clock()
    with transaction.atomic():
        rows = Line.objects.select_for_update(of=("self",)).select_related("dossier")
        mine = rows.defer("dossier__secret", "dossier__salt").get(pk=line.pk)
        if mine.state == Line.State.WAITING or mine.accepted_at != line.accepted_at:
            raise DomainError("being_sent")
        mine.heard_at = now
        dossier = mine.dossier
        if dossier is None:
            raise DomainError("cannot_ask")
        if found is None:
            return _gone(mine, dossier, now)
        says = _noted(mine, dossier, peer, found, now)
        mine.save()
        return says


def _gone(line: Line, dossier: Dossier, now: datetime) -> Says:
    """Nothing is told of what was given up, held or voided."""
    is_level = line.state == Line.State.LEVEL and dossier.state != State.VOIDED
    is_again = is_level and line.accepted_at is not None
    line.accepted_at = line.accepted_state = line.accepted_due = line.accepted_channel = None
    line.result_code = line.result_link = None
    line.save()
    if not is_again:
        return Says.GONE
    level.send_again(line.pk, at=now)
    return Says.AGAIN


def _noted(line: Line, dossier: Dossier, peer: Peer, found: Found, now: datetime) -> Says:
    there = ours(peer, found, dossier.state, line.accepted_state)
    before = _accepted(line)
    is_known = State.WITHDRAWN in (line.accepted_state, dossier.state)
    is_withdrawn = there == State.WITHDRAWN and not is_known
    line.accepted_state = there
    line.accepted_due = _due(peer, line, dossier, found)
    line.accepted_channel = _channel(line, dossier, found)
    if _accepted(line) != before or line.accepted_at is None:
        line.accepted_at = now
    if is_withdrawn and line.state == Line.State.LEVEL:
        line.state, line.trouble = Line.State.STOPPED, Line.Trouble.HELD
        line.words, line.next_try_at = messages.WITHDRAWN_THERE, None
    if is_withdrawn:
        return Says.WITHDRAWN
    return Says.UNLIKE if level.unlike(line) else Says.SAME


def _accepted(line: Line) -> tuple[object, ...]:
    return line.accepted_state, line.accepted_due, line.accepted_channel


def _due(peer: Peer, line: Line, dossier: Dossier, found: Found) -> datetime | None:
    """Theirs has no parts of a second: what is written alike is the same."""
    for known in (dossier.due_at, line.accepted_due):
        if peer.written(known) == peer.written(found.due):
            return known
    return found.due


def _channel(line: Line, dossier: Dossier, found: Found) -> int | None:
    """Two of ours are one of theirs. What they do not say stays as it was."""
    if not found.channel:
        return line.accepted_channel
    alike = [int(one) for one, code in CHANNELS.items() if code == found.channel]
    known = (dossier.channel, line.accepted_channel)
    return next((one for one in known if one in alike), (*alike, CHANNEL_UNKNOWN)[0])


def channel_label(number: int | None) -> str:
    """In what channel it is there; "" where it is not."""
    if number == CHANNEL_UNKNOWN:
        return messages.UNKNOWN
    return str(Channel(number).label) if number is not None else ""
