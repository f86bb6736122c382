"""What ratings of an agency add up to, so that nobody is recognised in it (R-105).

An officer knows whom he served last week: a figure that one rating moves tells who gave it. So only
ratings that can be changed no more are added up, whole months at a time, and a month of an agency
that has fewer than five waits for the next ones: everything that was ever shown differs from what was
shown before by five people or more. That all of them said the same can still be read from a sum.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q

from feedback.models import Rating
from feedback.questions import NAMES, OVERALL, POINTS
from feedback.rating import settled

FEWEST = 5
_TENTH = Decimal("0.1")
_NUMBER = re.compile(r"\d(?:[ .\-]?\d){5,}")


@dataclass(slots=True)
class Sums:
    """How many gave each answer, by question and points."""

    answers: dict[str, dict[int, int]] = field(default_factory=lambda: {n: {} for n in NAMES})

    @property
    def count(self) -> int:
        return self.answered(OVERALL.name)

    def answered(self, name: str) -> int:
        return sum(self.answers[name].values())

    def mean(self, name: str = OVERALL.name) -> Decimal | None:
        """Points by answer, to a tenth (R-97); None without an answer (R-100)."""
        many = self.answered(name)
        if not many:
            return None
        points = sum(point * times for point, times in self.answers[name].items())
        return (Decimal(points) / many).quantize(_TENTH, ROUND_HALF_UP)

    def add(self, other: Sums) -> None:
        for name, answers in other.answers.items():
            for point, times in answers.items():
                self.answers[name][point] = self.answers[name].get(point, 0) + times

    def only_of_enough(self) -> Sums:
        """Without the questions that fewer than five answered."""
        return Sums({n: a if sum(a.values()) >= FEWEST else {} for n, a in self.answers.items()})


@dataclass(frozen=True, slots=True)
class Span:
    """Months of one agency that are shown together, both included."""

    agency_id: int
    first: date
    last: date
    sums: Sums

    def holds(self, agency_id: int, month: date) -> bool:
        return agency_id == self.agency_id and self.first <= month <= self.last


def spans(agency_ids: Collection[int], now: datetime) -> tuple[list[Span], dict[int, int]]:
    """All that is shown of these agencies, in the order of time, and how many of each wait still.
    One query.
    """
    counted = {
        f"{name}_{point}": Count("pk", filter=Q(**{name: point}))
        for name in NAMES
        for point in POINTS
    }
    rows = Rating.objects.filter(agency__in=list(agency_ids), month__lt=settled(now))
    cells: Any = rows.order_by("agency", "month").values("agency", "month").annotate(**counted)
    found: list[Span] = []
    rest: dict[int, Span] = {}
    for row in cells:
        sums = Sums({n: {p: row[f"{n}_{p}"] for p in POINTS if row[f"{n}_{p}"]} for n in NAMES})
        before = rest.pop(row["agency"], None)
        if before is not None:
            sums.add(before.sums)
        first = before.first if before is not None else row["month"]
        span = Span(row["agency"], first, row["month"], sums)
        if sums.count >= FEWEST:
            found.append(Span(span.agency_id, first, span.last, sums.only_of_enough()))
        else:
            rest[span.agency_id] = span
    return found, {agency: span.sums.count for agency, span in rest.items()}


def added(rows: Iterable[Span]) -> Sums:
    """All of them together."""
    whole = Sums()
    for one in rows:
        whole.add(one.sums)
    return whole


def by_agency(rows: Iterable[Span]) -> dict[int, Sums]:
    found: dict[int, Sums] = defaultdict(Sums)
    for one in rows:
        found[one.agency_id].add(one.sums)
    return dict(found)


def words_of(rows: Sequence[Span]) -> list[list[str]]:
    """What people wrote in the months of each of these, in an order that tells nothing, without the
    names and numbers that tell who they are. One query, none without spans.
    """
    if not rows:
        return []
    written = Rating.objects.filter(
        agency__in={one.agency_id for one in rows},
        month__gte=min(one.first for one in rows),
        month__lte=max(one.last for one in rows),
    ).exclude(words="")
    # The author's digest: neither when it was given nor whose it is.
    given = written.order_by("author", "pk").values_list(
        "agency",
        "month",
        "words",
        "dossier__owner_name",
        "dossier__code",
        "dossier__submitter__name",
    )
    found = [(agency, month, _without(words, *names)) for agency, month, words, *names in given]
    return [[said for agency, month, said in found if one.holds(agency, month)] for one in rows]


def _without(words: str, *names: str | None) -> str:
    for name in filter(None, names):
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", words, flags=re.IGNORECASE)
    return _NUMBER.sub("…", words)
