"""What ratings of an agency add up to, so that nobody is recognised in it (R-105).

An officer knows whom he served last week: a figure that one rating moves tells who gave it. So only
ratings that can be changed no more are added up, whole months at a time, and a month of an agency
that has fewer than five waits for the next ones: everything that was ever shown differs from what was
shown before by five people or more. That all of them said the same can still be read from a sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, Subquery, When

from feedback.masking import covered
from feedback.models import Rating
from feedback.questions import NAMES, OVERALL, POINTS
from feedback.rating import settled
from onestop.accounts.models import Agency
from onestop.paging import Keyset, Page
from onestop.texts import whole_number

FEWEST = 5
# Texts of a page.
TEXTS = 100
_TENTH = Decimal("0.1")


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


def spans(
    agency_ids: Collection[int], now: datetime, *, since: date = date.min
) -> tuple[list[Span], dict[int, int]]:
    """What is shown of these agencies, in the order of time, and how many of each wait still. `since`:
    without spans that end before this first day of a month; older ratings are not read for it. Two
    queries.
    """
    counted = {
        f"{name}_{point}": Count("pk", filter=Q(**{name: point}))
        for name in NAMES
        for point in POINTS
    }
    rows = Rating.objects.filter(_after_full_months(agency_ids, since), month__lt=settled(now))
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
    shown = [one for one in found if one.last >= since]
    return shown, {agency: span.sums.count for agency, span in rest.items()}


def _after_full_months(agency_ids: Collection[int], since: date) -> Q:
    """Of each agency what came after its last month before `since` with five ratings of its own: with
    such a month a span ends, whatever waited before it. The months between have fewer than five each.
    """
    full = (
        Rating.objects.filter(agency=OuterRef("pk"), month__lt=since)
        .order_by("-month")
        .values("month")
        .annotate(number=Count("*"))
        .filter(number__gte=FEWEST)
    )
    agencies = Agency.objects.filter(pk__in=list(agency_ids)).order_by()
    ids_by_month: dict[date, list[int]] = defaultdict(list)
    for pk, month in agencies.values_list("pk", Subquery(full.values("month")[:1])):
        ids_by_month[month or date.min].append(pk)
    wanted = Q(pk__in=[])
    for month, ids in ids_by_month.items():
        wanted |= Q(agency__in=ids, month__gt=month)
    return wanted


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


@dataclass(frozen=True, slots=True)
class Written:
    """`part`: when its months end, as a number; `author`: the digest of who wrote it."""

    part: int
    author: str
    words: str


def _read(text: str) -> tuple[int, str] | None:
    said, _, author = text.partition("-")
    part = whole_number(said)
    return None if part is None or not (author.isalnum() and author.isascii()) else (part, author)


# By the author's digest, which is made of a key of chance or a secret one: neither when it was given
# nor whose it is. No id of a row stands in an address either: that tells the order in time.
_ORDER = Keyset(("part", "author"), lambda place: "-".join(map(str, place)), _read, True)


def words_of(rows: Sequence[Span], *, after: str = "") -> Page[Written]:
    """What people wrote in the months of these spans of one agency, those of the newest first and in
    them in an order that tells nothing, without what tells who they are. Dossiers are not read for it.
    One query, none without spans.
    """
    if not rows:
        return Page([], "", "")
    assert len({one.agency_id for one in rows}) == 1
    parts = [When(month__gte=one.first, month__lte=one.last, then=_number(one)) for one in rows]
    written = Rating.objects.filter(
        agency=rows[0].agency_id,
        month__gte=min(one.first for one in rows),
        month__lte=max(one.last for one in rows),
    ).exclude(words="")
    named = written.annotate(part=Case(*parts)).exclude(part=None).only("author", "words")
    page = _ORDER.page(named, size=TEXTS, after=after)
    return Page([_written(row) for row in page.rows], page.next, page.previous)


def _number(span: Span) -> int:
    return span.last.year * 100 + span.last.month


def _written(row: Any) -> Written:
    return Written(row.part, row.author, covered(row.words))


def by_span(rows: Sequence[Span], written: Iterable[Written]) -> list[tuple[Span, list[str]]]:
    """A page of them as it is shown, the newest months first; months without any are not."""
    said: dict[int, list[str]] = defaultdict(list)
    for one in written:
        said[one.part].append(one.words)
    return [(one, said[_number(one)]) for one in reversed(rows) if _number(one) in said]
