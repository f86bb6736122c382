"""The acts behind a dossier's events: what one verb wrote is one act, some of them were taken back,
one is the last that stands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dossiers import registry
from dossiers.models import Event, HandOver


@dataclass(frozen=True, slots=True)
class PastAct:
    """The events that one verb wrote, oldest first; the event before them; everybody who acted from
    the first of them on.

    A line of the short path is received, finished and given back by one verb: reception stays, so
    its act is what followed.
    """

    events: tuple[Event, ...]
    before: Event
    actors: frozenset[int | None]

    @property
    def officer_id(self) -> int | None:
        return self.events[0].officer_id

    @property
    def follows_reception(self) -> bool:
        """Whether it is the rest of a line of the short path."""
        return data_of(self.events[0]).get("act") == 1

    @property
    def can_be_taken_back(self) -> bool:
        """Whether the table lets it be undone and nobody but its officer has acted since."""
        act = registry.find(self.events[-1].kind)
        return act is not None and act.can_be_taken_back and self.actors == {self.officer_id}

    @property
    def label(self) -> str:
        """The act as its officer calls it: the verb that began it, or the return or the end that a
        hand-over to oneself led to, or the giving on of what was received by the same press.
        """
        first, last = self.events[0], self.events[-1]
        is_end = last.kind == "give_back" or (first.kind == "hand_over" and last.kind == "finish")
        is_given_on = first.kind == "confirm" and _is_giving(last)
        return registry.label_of((last if is_end or is_given_on else first).kind)


def _is_giving(event: Event) -> bool:
    act = registry.find(event.kind)
    return act is not None and act.is_giving


def is_beside(event: Event) -> bool:
    """Whether it only prints, or is of a leg, or takes back what was done to a leg: nothing that
    stands before taking back what was done to the dossier.
    """
    kind = event.kind
    act = registry.find(data_of(event).get("first", "") if kind == "take_back" else kind)
    return act is not None and (act.is_aside or (kind != "take_back" and act.only_prints))


def data_of(event: Event) -> dict[str, Any]:
    """What the verb kept in the event's canonical text."""
    found: dict[str, Any] = json.loads(event.text)["data"]
    return found


def added_by(event: Event, table: str) -> list[dict[str, Any]]:
    """The rows of a table (by its name in the ledger) that an event wrote anew, each as the event
    tells it: its id, and its columns under "new".
    """
    rows = json.loads(event.text).get("rows", {}).get(table, ())
    return [said for said in rows if "new" in said]


def notices_of(event: Event) -> list[int]:
    """The notices that the act posted (Life.tell)."""
    return list(data_of(event).get("told", ()))


def givings_of(ids: Sequence[int]) -> dict[int, list[Event]]:
    """The events of the givings of these dossiers, newest first, by dossier. One query."""
    found: dict[int, list[Event]] = {pk: [] for pk in ids}
    chains = Event.objects.filter(dossier__in=ids, kind__in=registry.giving_kinds())
    for event in chains.order_by("-seq"):
        found[event.dossier_id].append(event)
    return found


def giving_of(row: HandOver, givings: Sequence[Event] | None = None) -> Event:
    """The event of the giving that wrote a hand-over. One query, unless those of its dossier are in
    hand, newest first.
    """
    known = givings_of([row.dossier_id])[row.dossier_id] if givings is None else givings
    return next(event for event in known if data_of(event)["row"] == row.pk)


def chains_of(ids: Sequence[int]) -> dict[int, list[Event]]:
    """Every event of these dossiers, oldest first, by dossier. One query."""
    found: dict[int, list[Event]] = {pk: [] for pk in ids}
    for event in Event.objects.filter(dossier__in=ids).order_by("seq"):
        found[event.dossier_id].append(event)
    return found


def taken_back(chain: Sequence[Event]) -> frozenset[int]:
    """The numbers of the events that were taken back."""
    undone = [data_of(event) for event in chain if event.kind == "take_back"]
    return frozenset(seq for data in undone for seq in range(data["through"], data["event"] + 1))


def last_act(chain: Sequence[Event]) -> PastAct | None:
    """The newest act that stands: neither taken back nor a hand-over that was recalled. None when
    only reception is left.

    In: every event of one dossier, oldest first.
    """
    gone, recalled, actors = taken_back(chain), set[int](), set[int | None]()
    for event in reversed(chain):
        if is_beside(event):
            continue
        actors.add(event.officer_id)
        if event.seq in gone or event.kind == "take_back":
            continue
        data = data_of(event)
        if event.kind == "recall":
            recalled.add(data["row"])
        elif not (_is_giving(event) and data["row"] in recalled):
            first = data.get("act", event.seq)
            if first == 1:
                first = _after_reception(chain)
            return (
                PastAct(tuple(chain[first - 1 : event.seq]), chain[first - 2], frozenset(actors))
                if first <= event.seq
                else None
            )
    return None


def _after_reception(chain: Sequence[Event]) -> int:
    """The number of the first event that reception is followed by: neither it is taken back, nor the
    fee that was taken with it, whose receipt has its number.
    """
    first = 2
    while first <= len(chain):
        event = chain[first - 1]
        kind = registry.find(event.kind)
        if data_of(event).get("act") != 1 or (kind is not None and kind.can_be_taken_back):
            break
        first += 1
    return first


def mine_to_take_back(chain: Sequence[Event], officer_id: int) -> PastAct | None:
    """The act that this officer may take back now; what a page offers as "Hoàn tác"."""
    act = last_act(chain)
    return (
        act if act is not None and act.can_be_taken_back and act.officer_id == officer_id else None
    )
