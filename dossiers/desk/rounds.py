"""How often completion was asked for in one matter, each time in full: at the counter before the
reception, then of the dossier (R-44, R-50). What a later round names that the first did not is new:
the law wants everything said once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossiers.models import CounterVisit, Dossier, Supplement, words_of
from onestop.folding import fold

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """One time that completion was asked for. `lines` as intake/wanted.py made them."""

    at: datetime
    lines: tuple[Line, ...]
    reason: str
    at_counter: bool = False
    completed_at: datetime | None = None

    @property
    def entries(self) -> list[str]:
        return [words_of(dict(line)) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a later round names that the first did not: places of its lines, and whether its reason
    is another one.
    """

    places: tuple[int, ...] = ()
    reason: bool = False

    def __bool__(self) -> bool:
        return bool(self.places) or self.reason

    def told(self) -> dict[str, Any]:
        """As the event of the request keeps it: no words."""
        if not self:
            return {}
        return {"fresh": list(self.places)} | ({"fresh_reason": True} if self.reason else {})


def before(dossier: Dossier, row: Supplement | None = None) -> list[Round]:
    """The rounds of one dossier, oldest first; those before `row` when it is one of them. Two
    queries.
    """
    return of([dossier.pk], row).get(dossier.pk, [])


def of(dossier_ids: Iterable[int], row: Supplement | None = None) -> dict[int, list[Round]]:
    """The same of many dossiers. Two queries for all of them."""
    ids = list(dossier_ids)
    found: dict[int, list[Round]] = defaultdict(list)
    visits = CounterVisit.objects.filter(dossier__in=ids, kind=CounterVisit.Kind.COMPLETE)
    for visit in visits.order_by("at", "pk"):
        assert visit.dossier_id is not None
        found[visit.dossier_id].append(of_visit(visit))
    asked = Supplement.objects.issued().filter(dossier__in=ids)
    if row is not None:
        asked = asked.filter(round__lt=row.round)
    for one in asked.order_by("issued_at", "pk"):
        assert one.issued_at is not None
        lines = tuple(one.items)
        found[one.dossier_id].append(
            Round(one.issued_at, lines, one.reason, completed_at=one.completed_at)
        )
    return dict(found)


def of_visit(visit: CounterVisit) -> Round:
    return Round(visit.at, tuple(visit.items), visit.reason, at_counter=True)


def fresh(lines: Sequence[Line], reason: str, earlier: Sequence[Round]) -> Fresh:
    """What is new against the first round; nothing where there is none. A published paper is the
    same whatever is said of it; other lines are told apart by their words.
    """
    if not earlier:
        return Fresh()
    first = earlier[0]
    named = {_key(line) for line in first.lines}
    places = tuple(place for place, line in enumerate(lines) if _key(line) not in named)
    return Fresh(places, fold(reason) != fold(first.reason))


def _key(line: Line) -> tuple[str, str]:
    if line["what"] == "paper":
        return "paper", fold(line["name"])
    return str(line["what"]), fold(f"{line['name']} {line['note']}")
