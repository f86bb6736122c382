"""What citizens thought of it: ratings of the last twelve months that are added up, by agency, by month,
by what was asked (feedback/figures.py says what is held back and why).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from feedback import figures
from feedback.figures import Span, Sums
from feedback.questions import OVERALL, POINTS, QUESTIONS, Question
from feedback.rating import settled
from onestop.accounts.models import Agency
from reports.shares import share

if TYPE_CHECKING:
    from reports.board.asked import Asked
    from reports.board.moment import Moment
    from reports.board.whose import Whose

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """`shares`: of the three answers, the best first; None of all where nothing was added up."""

    label: str
    url: str
    count: int
    shares: Sequence[Decimal | None]
    mean: Decimal | None
    answers: Sequence[str] = OVERALL.answers

    @property
    def named(self) -> list[tuple[str, Decimal | None]]:
        return list(zip(self.answers, self.shares, strict=True))


@dataclass(frozen=True, slots=True)
class Rated:
    """`months`: of one agency; `agencies`: of several; `waiting`: given, and too few to be added up;
    `first`, `last`: the first days of the months it is about.
    """

    first: date
    last: date
    whole: Line
    agencies: list[Line]
    months: list[Line]
    questions: list[Line]
    waiting: int
    spans: list[Span]


def build(whose: Whose, asked: Asked, moment: Moment) -> Rated:
    """Two queries; one more for a head."""
    agencies = _agencies(whose)
    until = settled(moment.at)
    first = until.replace(year=until.year - 1)
    spans, rest = figures.spans([one.pk for one in agencies], moment.at, since=first)
    whole = figures.added(spans)
    by = figures.by_agency(spans)
    path = reverse("board_rated")
    several = len(agencies) > 1
    return Rated(
        # Months that were added up together are shown whole.
        min([first, *(one.first for one in spans)]),
        (until - timedelta(days=1)).replace(day=1),
        line("Cộng", whole),
        [line(a.name, by.get(a.pk, Sums()), asked.address(path, coquan=a.code)) for a in agencies]
        if several
        else [],
        [] if several else [line(label(one), one.sums) for one in reversed(spans)],
        [line(one.short, whole, of=one) for one in QUESTIONS],
        sum(rest.values()),
        [] if several else spans,
    )


def line(words: str, sums: Sums, url: str = "", *, of: Question = OVERALL) -> Line:
    count = sums.answered(of.name)
    given = sums.answers[of.name]
    return Line(
        words,
        url,
        count,
        [share(given.get(point, 0), count) for point in POINTS],
        sums.mean(of.name),
        of.answers,
    )


def label(span: Span) -> str:
    if span.first == span.last:
        return f"Tháng {span.last:%m/%Y}"
    return f"Từ tháng {span.first:%m/%Y} đến tháng {span.last:%m/%Y}"


@dataclass(frozen=True, slots=True)
class Words:
    """A page of what people wrote, by the months that are shown together; `next`: where it goes on."""

    parts: list[tuple[str, list[str]]]
    next: str


def words_of(spans: Sequence[Span], after: str) -> Words:
    """The newest months first. One query."""
    page = figures.words_of(spans, after=after)
    said = figures.by_span(spans, page.rows)
    return Words([(label(one), words) for one, words in said], page.next)


def _agencies(whose: Whose) -> list[Agency]:
    if whose.agencies is not None:
        return list(whose.agencies)
    ids = {room.agency_id for room in whose.departments}
    return list(Agency.objects.filter(pk__in=ids).order_by("name", "pk"))
