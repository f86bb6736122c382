"""Send what waits, line by line in its order; safe to call any number of times, by any number of
senders, and to be killed anywhere.

A message that was stored there and not noted here is sent again and becomes an update: there is one
record of a dossier there. Of a request whose end nobody knows, the peer is asked later what it
holds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from dossiers.states import State
from exchange.models.outbox import Delivery, Line
from exchange.outbox import leasing, messages, results
from exchange.outbox.content import CHANNELS
from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away, CannotAsk, Found, Held, Port
from exchange.outbox.profiles import port_of
from exchange.outbox.pushing import DONE, DROPPED, Ended, batches
from exchange.outbox.storing import Carried
from exchange.outbox.taking import take_over
from procedures.channels import Channel

logger = logging.getLogger(__name__)
# What one call sends to a peer at most, so that a worker is free again; after LONGEST it begins no
# further round.
MOST_ROUNDS = 200
LONGEST = timedelta(seconds=45)
LONGEST_WORDS = 300
# Of a dossier that a peer holds and we never heard accepted.
CHANNEL_UNKNOWN = 0


@dataclass(slots=True)
class Sent:
    """How a call went, for the page of jobs."""

    sent: int = 0
    refused: int = 0
    away: int = 0
    lost: int = 0


def send_all(clock: Callable[[], datetime], *, only_well: bool = False) -> Sent:
    """To every peer what waits for it. `only_well`: none that gave no answer last; one that hangs
    would hold a worker for each act.
    """
    told, connected = Sent(), peers()
    while take_over(connected, now=clock()):
        pass
    for peer in connected:
        if not (only_well and _gave_no_answer(peer)):
            send(peer, port_of(peer), clock, told)
    return told


def _gave_no_answer(peer: Peer) -> bool:
    waiting = Line.objects.filter(peer=peer.code, state=Line.State.WAITING)
    return waiting.filter(trouble=Line.Trouble.AWAY).exists()


def send(peer: Peer, port: Port, clock: Callable[[], datetime], told: Sent) -> None:
    """Round by round, until nothing is due. A peer that does not answer is left alone until the
    next call.
    """
    end = clock() + LONGEST
    for _ in range(MOST_ROUNDS):
        if clock() > end:
            return
        lines = leasing.lease(peer.code, most=peer.chunk, now=clock())
        if not lines or not _round(peer, port, lines, clock, told):
            return


def _round(
    peer: Peer, port: Port, lines: list[Line], clock: Callable[[], datetime], told: Sent
) -> bool:
    """One message of each line. False: the peer is away."""
    firsts = leasing.firsts(lines)
    ended: dict[int, Ended] = {}
    carried: dict[int, Carried] = {}
    for line in lines:
        if line.pk not in firsts:
            ended[line.pk] = _checked(peer, port, line)
        elif stops := _looked(peer, port, line, firsts[line.pk]):
            ended[line.pk] = stops
    for batch, push in batches(peer, port, lines, firsts, ended, carried, clock()):
        if _is_away(ended):
            break  # what was not tried keeps its turn
        ended |= push(batch)
    _settle(lines, firsts, ended, carried, clock(), told)
    return not _is_away(ended)


def _is_away(ended: Mapping[int, Ended]) -> bool:
    return any(one.trouble == Line.Trouble.AWAY for one in ended.values())


def _checked(peer: Peer, port: Port, line: Line) -> Ended:
    """Ask what the peer holds of a line in which something ended unknown; what differs from what it
    accepted last is sent again.
    """
    last = _last(line)
    if last is None and (line.check_at is None or not _gave_up(line)):
        return DONE
    try:
        found = port.find_dossier(line.code)
    except Away as error:
        return Ended(Line.Trouble.AWAY, messages.away(str(error)))
    except (CannotAsk, Held):
        return Ended(Line.Trouble.NONE, again=True, holds=line.accepted_state)
    if found is None:
        return Ended(Line.Trouble.NONE, again=True)
    if last is not None and _is_same(peer, last, found):
        return DONE
    there = ours(peer, found, line.accepted_state)
    if last is not None and _is_withdrawn(there, line, last):
        return Ended(Line.Trouble.HELD, messages.WITHDRAWN_THERE, holds=there)
    return Ended(Line.Trouble.NONE, again=True, holds=there)


def _is_same(peer: Peer, last: Delivery, found: Found) -> bool:
    """In state, due date and, where the peer says it, channel."""
    told = last.payload
    channel = CHANNELS[Channel(told["channel"])]
    return (found.state, peer.written(found.due), found.channel or channel) == (
        peer.codes.get(str(told["state"])),
        peer.written(told["due"]),
        channel,
    )


def _looked(peer: Peer, port: Port, line: Line, first: Delivery) -> Ended | None:
    """Before what was refused is tried again: see what the peer holds by now, which may be something
    that was sent long ago and arrived late. What keeps it from being tried: the peer is away, or the
    applicant withdrew there, which nobody here has decided upon.

    This chooses the message alone: how it ended is noted on lines that are read anew.
    """
    if line.trouble != Line.Trouble.REFUSED:
        return None
    try:
        found = port.find_dossier(line.code)
    except Away as error:
        return Ended(Line.Trouble.AWAY, messages.away(str(error)))
    except (CannotAsk, Held):
        return None
    if found is None:
        line.accepted_at = line.accepted_state = None
    else:
        there = ours(peer, found, line.accepted_state)
        if _is_withdrawn(there, line, first):
            return Ended(Line.Trouble.HELD, messages.WITHDRAWN_THERE, holds=there)
        line.accepted_at = line.accepted_at or line.next_try_at
        line.accepted_state = there
        # It is a dossier there, which may be open again, and no filing that ended; of which only a
        # restored backup knows nothing.
        if line.accepted_channel is None and there != State.NOT_RECEIVED:
            line.accepted_channel = CHANNEL_UNKNOWN
    return None


def _is_withdrawn(there: int | None, line: Line, first: Delivery) -> bool:
    """Whether the peer holds a withdrawal that it never heard from us, and would be told otherwise."""
    if there != State.WITHDRAWN or line.accepted_state == there:
        return False
    return first.kind == Delivery.Kind.DOSSIER and first.payload["state"] != there


def ours(peer: Peer, found: Found, *known: int | None) -> int | None:
    """Which of our states it holds; where it has one code for several of ours, one of `known` first."""
    alike = [int(number) for number, code in peer.codes.items() if code == found.state]
    return next((one for one in known if one in alike), alike[0] if alike else None)


def _last(line: Line) -> Delivery | None:
    """The newest message about the dossier itself that the peer accepted."""
    sent = line.deliveries.filter(kind=Delivery.Kind.DOSSIER, state=Delivery.State.SENT)
    return sent.order_by("-pk").first()


def _gave_up(line: Line) -> bool:
    """Whether a message about the dossier itself was given up, of which the peer may know."""
    closed = line.deliveries.filter(kind=Delivery.Kind.DOSSIER, state=Delivery.State.CLOSED)
    return closed.exists()


def _settle(
    lines: Sequence[Line],
    firsts: Mapping[int, Delivery],
    ended: Mapping[int, Ended],
    carried: Mapping[int, Carried],
    now: datetime,
    told: Sent,
) -> None:
    """Note how each message ended, in one transaction; lines that are leased to somebody else by
    now are only doubted.
    """
    with transaction.atomic():
        mine, lost = leasing.held(lines)
        told.lost += len(lost)
        _doubt(lost, now)
        deliveries = [firsts[pk] for pk in mine if pk in firsts]
        for pk, line in mine.items():
            line.leased_by = None
            if pk in ended:
                _note(line, firsts.get(pk), ended[pk], now, told)
            else:
                line.next_try_at = now
        Delivery.objects.bulk_update(deliveries, ["state", "settled_at", "tries", "reason"])
        accepted = {pk: firsts[pk] for pk in mine if pk in firsts and ended.get(pk) == DONE}
        results.follow(mine, accepted, carried, now)
        _go_on(list(mine.values()), now)
    for pk, line in mine.items():
        if pk in ended and ended[pk].trouble != Line.Trouble.NONE:
            logger.warning(
                "not accepted",
                extra={"peer": line.peer, "line": pk, "trouble": ended[pk].trouble.name},
            )


def _doubt(lost: Sequence[int], now: datetime) -> None:
    """Somebody else went on in these lines while our request was on its way: it may have arrived
    after what followed.
    """
    if not lost:
        return
    later = now + leasing.DOUBT
    lines = Line.objects.filter(pk__in=lost)
    lines.filter(state=Line.State.LEVEL).update(state=Line.State.WAITING, next_try_at=later)
    lines.update(check_at=later)


def _note(line: Line, first: Delivery | None, how: Ended, now: datetime, told: Sent) -> None:
    line.trouble = how.trouble
    line.words = how.words[:LONGEST_WORDS]
    if first is not None:
        first.tries += 1
    if how.trouble == Line.Trouble.NONE:
        line.tries = 0
        if first is None:
            _after_check(line, how, now)
        else:
            first.state, first.settled_at = Delivery.State.SENT, now
            if how == DROPPED:
                first.state, first.reason, line.words = Delivery.State.CLOSED, how.words, ""
                return
            _accepted(line, first, now)
            told.sent += 1
        return
    if how.holds is not None:
        line.accepted_at, line.accepted_state = line.accepted_at or now, how.holds
    line.tries += 1
    is_away = how.trouble == Line.Trouble.AWAY
    if is_away:
        # It may have been stored all the same, and may even arrive later than what follows.
        line.check_at = now + leasing.DOUBT
        told.away += 1
    else:
        told.refused += 1
    pause = leasing.pause_after(line.tries, is_away=is_away)
    if how.trouble == Line.Trouble.HELD or pause is None:
        line.state, line.next_try_at = Line.State.STOPPED, None
    else:
        line.next_try_at = now + pause


def _accepted(line: Line, sent: Delivery, now: datetime) -> None:
    if sent.kind in (Delivery.Kind.PROGRESS, Delivery.Kind.RESULT):
        return
    line.accepted_at, line.accepted_state = now, sent.payload["state"]
    if sent.kind == Delivery.Kind.DOSSIER:
        due = sent.payload["due"]
        line.accepted_due = datetime.fromisoformat(due) if due else None
        line.accepted_channel = sent.payload["channel"]


def _after_check(line: Line, how: Ended, now: datetime) -> None:
    line.check_at = None
    last = _last(line)
    if how.again:
        _tell_again(line, last, how, now)
    if last is not None:
        results.again(line, last, now)


def _tell_again(line: Line, last: Delivery | None, how: Ended, now: datetime) -> None:
    line.accepted_state = how.holds
    if last is None:
        # All was given up; what is there all the same counts as there.
        line.accepted_at = line.accepted_at if how.holds is None else now
        return
    # What was done here while the peer was asked tells it anew; the old state never goes behind it.
    # Nor behind what was given up since: the peer may hold it all the same.
    since = Q(state=Delivery.State.WAITING) | Q(kind=last.kind, pk__gt=last.pk)
    if not line.deliveries.filter(since).exists():
        Delivery.objects.create(line=line, kind=last.kind, payload=last.payload, created_at=now)


def _go_on(lines: list[Line], now: datetime) -> None:
    """What follows in each line is due at once; where nothing does it is level, once no doubt is
    left.
    """
    firsts = leasing.firsts(lines)
    for line in lines:
        following = firsts.get(line.pk)
        line.waiting_since = following.created_at if following else None
        if line.trouble != Line.Trouble.NONE:
            continue
        if following is not None:
            line.next_try_at = now
        elif line.check_at is not None:
            line.next_try_at = line.check_at
        else:
            line.state, line.next_try_at = Line.State.LEVEL, None
    columns = [
        "leased_by", "trouble", "words", "tries", "check_at", "state", "next_try_at", "waiting_since",
        "accepted_at", "accepted_state", "accepted_due", "accepted_channel", "result_code", "result_link", "stored",
    ]  # fmt: skip
    Line.objects.bulk_update(lines, columns)
