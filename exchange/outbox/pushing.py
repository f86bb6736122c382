"""How the messages of a round are said to a peer: which go in one call, what becomes of each answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.states import HANDLED, State
from exchange.models.outbox import Delivery, Line
from exchange.outbox import content, messages, storing
from exchange.outbox.beside import Beside
from exchange.outbox.owners import OwnerCodes
from exchange.outbox.peers import Peer
from exchange.outbox.port import Answer, Away, Fields, Held, Port
from exchange.outbox.reasons import Reasons
from exchange.outbox.storing import Carried
from onestop.accounts.models import Agency, Department, Officer

FINAL = HANDLED | {State.NOT_RECEIVED}
# Messages with which all that stands beside the dossier is read.
WHOLE = (Delivery.Kind.DOSSIER, Delivery.Kind.RESULT)
# After so many tries without an answer a message no longer shares a call with others.
TOGETHER = 2


@dataclass(frozen=True, slots=True)
class Ended:
    """How one message ended: accepted, refused, held, or nobody knows. `again`: the peer holds
    something else than it accepted last, namely the state `holds`.
    """

    trouble: Line.Trouble
    words: str = ""
    again: bool = False
    holds: int | None = None


DONE = Ended(Line.Trouble.NONE)
# A result for a store that is there no more: nothing, and nothing that holds up the dossier.
DROPPED = Ended(Line.Trouble.NONE, messages.NO_STORE)

Batch = list[tuple[Line, Fields]]
Push = Callable[[Batch], dict[int, Ended]]


def batches(
    peer: Peer,
    port: Port,
    lines: Sequence[Line],
    firsts: Mapping[int, Delivery],
    ended: dict[int, Ended],
    carried: dict[int, Carried],
    now: datetime,
) -> list[tuple[Batch, Push]]:
    """What goes in one call each: messages of one kind. What cannot be said is held right here.
    `carried` is filled: what they say of results.
    """
    adds: Batch = []
    updates: Batch = []
    reopened: Batch = []
    steps: Batch = []
    statuses: Batch = []
    results: Batch = []
    read = _Read.of(peer, firsts.values(), carried, now)
    for line in lines:
        first = firsts.get(line.pk)
        if first is None or line.pk in ended:
            continue
        if first.kind == Delivery.Kind.RESULT and not storing.takes(peer):
            ended[line.pk] = DROPPED
            continue
        try:
            fields = read.fields(peer, line, first)
        except Held as error:
            ended[line.pk] = Ended(Line.Trouble.HELD, str(error))
            continue
        if first.kind == Delivery.Kind.PROGRESS:
            steps.append((line, fields))
        elif first.kind == Delivery.Kind.STATUS:
            statuses.append((line, fields))
        elif first.kind == Delivery.Kind.RESULT:
            results.append((line, fields))
        # What ended was a filing, where no dossier was ever accepted: that is no end of a dossier.
        elif line.accepted_channel is not None and is_reopening(
            line.accepted_state, first.payload["state"]
        ):
            reopened.append((line, fields | {"NgayXuLy": peer.written(first.payload["at"])}))
        else:
            (adds if line.accepted_at is None else updates).append((line, fields))

    def whole(line: Line) -> Fields:
        return read.dossier(peer, firsts[line.pk])

    def is_stored(line: Line) -> bool:
        # That a store has one already says nothing of a corrected one.
        return line.stored in ("", storing.UNSURE, carried[line.pk].digest)

    kinds: list[tuple[Batch, Push]] = [
        (adds, lambda batch: _pushed(port, batch, updating=False)),
        (updates, lambda batch: _pushed(port, batch, updating=True)),
        (reopened, lambda batch: _reopened(port, batch)),
        (steps, lambda batch: _behind(port, port.push_progress, batch, whole, lambda _: True)),
        (statuses, lambda batch: _said(batch, port.push_status)),
        (results, lambda batch: _behind(port, port.push_results, batch, whole, is_stored)),
    ]
    return _parts(kinds)


def _parts(kinds: Iterable[tuple[Batch, Push]]) -> list[tuple[Batch, Push]]:
    """What goes in one call; last and by itself, the most tried behind the others, what so often got
    no answer that the peer may be falling over it: it keeps no other from being sent.
    """
    together: list[tuple[Batch, Push]] = []
    alone: list[tuple[int, Batch, Push]] = []
    for batch, push in kinds:
        shared: Batch = []
        for line, fields in batch:
            if line.trouble == Line.Trouble.AWAY and line.tries > TOGETHER:
                alone.append((line.tries, [(line, fields)], push))
            else:
                shared.append((line, fields))
        together.append((shared, push))
    alone.sort(key=lambda one: one[0])
    return together + [(one, push) for _, one, push in alone]


def is_reopening(before: int | None, after: int) -> bool:
    """Whether the peer has accepted an end that no longer holds: that is a message of its own kind,
    and never an interim answer over a final one.
    """
    if before not in FINAL or before == after:
        return False
    return (before, after) != (State.FINISHED, State.RETURNED)


def _pushed(port: Port, batch: Batch, *, updating: bool) -> dict[int, Ended]:
    """ "Already exists" becomes an update, "does not exist" an addition; once."""

    def push(items: Sequence[Fields]) -> list[Answer]:
        answers = port.push_dossiers(items, updating=updating)
        for n, answer in enumerate(answers):
            if answer.unknown if updating else answer.exists:
                answers[n] = port.push_dossiers([items[n]], updating=not updating)[0]
        return answers

    return _said(batch, push)


def _behind(
    port: Port,
    tell: Callable[[Sequence[Fields]], list[Answer]],
    batch: Batch,
    whole: Callable[[Line], Fields],
    is_there: Callable[[Line], bool],
) -> dict[int, Ended]:
    """A step, or a result, that the peer has is there where `is_there` says so; where it has lost the
    dossier itself, that goes first.
    """

    def push(items: Sequence[Fields]) -> list[Answer]:
        answers = tell(items)
        for n, answer in enumerate(answers):
            if answer.unknown and (again := _added(port, batch[n][0], whole)).ok:
                answers[n] = tell([items[n]])[0]
            elif answer.unknown:
                answers[n] = again
            if answers[n].exists and is_there(batch[n][0]):
                answers[n] = replace(answers[n], ok=True)
        return answers

    return _said(batch, push)


def _added(port: Port, line: Line, whole: Callable[[Line], Fields]) -> Answer:
    try:
        answer = port.push_dossiers([whole(line)], updating=False)[0]
    except Held as error:
        return Answer(ok=False, words=str(error))
    return replace(answer, ok=answer.ok or answer.exists)


def _reopened(port: Port, batch: Batch) -> dict[int, Ended]:
    """First that it is open again, then what it is now."""
    ended = _said(batch, port.reopen)
    open_again = [(line, fields) for line, fields in batch if ended[line.pk] == DONE]
    return ended | _pushed(port, open_again, updating=True)


def _said(batch: Batch, push: Callable[[Sequence[Fields]], list[Answer]]) -> dict[int, Ended]:
    if not batch:
        return {}
    try:
        answers = push([fields for _, fields in batch])
    except Away as error:
        return {line.pk: Ended(Line.Trouble.AWAY, messages.away(str(error))) for line, _ in batch}
    except Held as error:
        return {line.pk: Ended(Line.Trouble.HELD, str(error)) for line, _ in batch}
    return {
        line.pk: DONE if answer.ok else Ended(Line.Trouble.REFUSED, answer.words)
        for (line, _), answer in zip(batch, answers, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Read:
    """What the messages of a round name, read once for all of them."""

    dossiers: dict[int, Dossier]
    people: content.People
    beside: Beside
    reasons: Reasons
    owners: OwnerCodes
    carried: dict[int, Carried]

    @classmethod
    def of(
        cls,
        peer: Peer,
        deliveries: Iterable[Delivery],
        carried: dict[int, Carried],
        now: datetime,
    ) -> _Read:
        deliveries = list(deliveries)
        payloads = [one.payload for one in deliveries]
        whole_ones = {one.payload["dossier"] for one in deliveries if one.kind in WHOLE}
        joined = ("version__procedure", "field", "agency", "received_by_agency", "online")

        def ids(name: str) -> set[int]:
            return {said[name] for said in payloads if said.get(name)}

        whole = Dossier.objects.select_related(*joined).defer("secret", "salt")
        dossiers = whole.in_bulk(ids("dossier"))
        return cls(
            dossiers,
            content.People(
                Officer.objects.in_bulk(ids("officer")),
                Department.objects.in_bulk(ids("department")),
                Agency.objects.in_bulk(ids("agency")),
            ),
            Beside.of(one for pk, one in dossiers.items() if pk in whole_ones),
            Reasons.of(one.payload for one in deliveries if one.kind == Delivery.Kind.PROGRESS),
            OwnerCodes.of(peer, dossiers.values(), timezone.localdate(now)),
            carried,
        )

    def fields(self, peer: Peer, line: Line, first: Delivery) -> Fields:
        """Errors: Held."""
        if first.kind == Delivery.Kind.STATUS:
            return content.of_status(peer, line.code, first.payload, self.people)
        if first.kind == Delivery.Kind.PROGRESS:
            why = self.reasons.words(first.payload)
            return content.of_progress(peer, line.code, first.payload, self.people, why)
        if first.kind == Delivery.Kind.RESULT:
            return self._result(peer, line, first)
        fields, dossier = self.dossier(peer, first), self._dossier(first)
        stored = storing.record(peer, dossier, self.beside, first.created_at)
        self.carried[line.pk] = storing.carried(peer, fields, stored)
        return fields

    def _result(self, peer: Peer, line: Line, first: Delivery) -> Fields:
        """Errors: Held."""
        fields = storing.record(peer, self._dossier(first), self.beside, first.created_at)
        self.carried[line.pk] = Carried(digest=storing.digest(fields))
        return content.fitting(peer, fields)

    def dossier(self, peer: Peer, first: Delivery) -> Fields:
        """Errors: Held."""
        dossier = self._dossier(first)
        payload = first.payload
        if first.kind == Delivery.Kind.RESULT:
            # What was done since its own message was made stands in front of it in the line.
            payload = payload | content.as_now(dossier)
        # Of a step that goes by itself nothing was read beside.
        beside = self.beside if first.kind in WHOLE else Beside.of([dossier])
        return content.of_dossier(peer, dossier, payload, beside, self.owners, first.created_at)

    def _dossier(self, first: Delivery) -> Dossier:
        """Errors: Held."""
        dossier = self.dossiers.get(first.payload["dossier"])
        if dossier is None:
            raise Held(messages.NO_DOSSIER)
        return dossier
