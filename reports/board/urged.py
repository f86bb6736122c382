"""Đôn đốc over the days of a period: how often whoever had a dossier was urged, asked again, answered,
solved it after that; by unit and by officer, as of now. A figure counts urgings, and its list shows them.

An urging stands with whoever had the dossier when it was made. The four states share out all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Min, Q, QuerySet, Subquery
from django.urls import reverse

from dossiers.desk.urged import solved_at, to_whom
from dossiers.models import Dossier
from dossiers.models.urging import Urging, UrgingState, passed_on_since
from dossiers.states import State
from onestop.paging import Page, by_instant, cut
from onestop.worktime import start_of_day
from reports.board.asked import NONE, Asked
from reports.board.whose import Whose
from reports.models import Criticism

SIZE = 200
NEWEST = by_instant("made_at", newest_first=True)
# Solved so soon after it was urged is told by itself.
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Line:
    """One urging with where it stands at the moment of the page."""

    pk: int
    dossier_id: int
    code: str
    owner: str
    agency_id: int
    agency: str
    room_id: int
    room: str
    officer_id: int | None
    officer: str
    round: int
    asked: str
    made_by: str
    made_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    answer: str
    done_by: datetime | None
    solved_at: datetime | None
    state: UrgingState

    @property
    def url(self) -> str:
        return reverse("dossier", args=[self.code])

    @property
    def to(self) -> str:
        return to_whom(self.officer, self.room)

    @property
    def is_soon(self) -> bool:
        return self.solved_at is not None and self.solved_at - self.made_at <= SOON


@dataclass(frozen=True, slots=True)
class Figure:
    """`key`: in addresses; `tone` of the number where it says something bad; `is_done`: of what was solved,
    nobody is criticised for it.
    """

    key: str
    label: str
    counts: Callable[[Line], bool]
    tone: str = "quiet"
    is_done: bool = False


def _in(state: UrgingState) -> Callable[[Line], bool]:
    return lambda line: line.state == state


FIGURES: dict[str, Figure] = {
    one.key: one
    for one in (
        Figure("tat-ca", "Lần đôn đốc", lambda line: True),
        Figure("nhieu-lan", "Từ lần thứ hai", lambda line: line.round > 1, "late"),
        Figure("cho", "Chưa trả lời, còn hạn", _in(UrgingState.WAITING)),
        Figure("qua-han", "Quá hạn trả lời", _in(UrgingState.OVERDUE), "late"),
        Figure("da-tra-loi", "Đã trả lời, chưa giải quyết", _in(UrgingState.ANSWERED)),
        Figure("da-giai-quyet", "Đã giải quyết sau đôn đốc", _in(UrgingState.SOLVED), is_done=True),
        Figure("trong-24-gio", "Giải quyết trong 24 giờ", lambda line: line.is_soon, is_done=True),
    )
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`url`: what opens its urgings; "" where there are none."""

    figure: Figure
    number: int
    url: str
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    beside: str
    cells: list[Cell]


def _theirs(when: str, mine: Whose, asked: Asked, first: date, last: date) -> Q:
    """Urgings or criticisms of these units and this officer, in these days, both included. `when`: the
    column of their time.
    """
    begin, end = start_of_day(first), start_of_day(last + timedelta(days=1))
    wanted = mine.of_agencies & Q(**{f"{when}__gte": begin, f"{when}__lt": end})
    if mine.rooms is not None:
        wanted &= Q(department__in=mine.rooms)
    if asked.get("canbo") is not None:
        wanted &= Q(officer=asked.get("canbo") or None)
    return wanted


def _rows(mine: Whose, asked: Asked, first: date, last: date) -> QuerySet[Urging]:
    """Of what was received and not voided."""
    theirs = _theirs("made_at", mine, asked, first, last)
    rows = Urging.objects.standing().filter(theirs, dossier__state__lt=State.VOIDED)
    narrowed = asked.narrowed(of_work=False)
    if narrowed:
        rows = rows.filter(dossier__in=Dossier.objects.filter(narrowed))
    return rows


# What a line reads beside when it was solved: its name there, and where it stands.
_COLUMNS = {
    "pk": "pk",
    "dossier_id": "dossier_id",
    "code": "dossier__code",
    "owner": "dossier__owner_name",
    "agency_id": "agency_id",
    "agency": "agency__name",
    "room_id": "department_id",
    "room": "department__name",
    "officer_id": "officer_id",
    "officer": "officer__full_name",
    "round": "round",
    "asked": "asked",
    "made_by": "made_by__full_name",
    "made_at": "made_at",
    "answer_by": "answer_by",
    "answered_at": "answered_at",
    "answer": "answer",
    "done_by": "done_by",
}


def lines_of(mine: Whose, asked: Asked, first: date, last: date, at: datetime) -> list[Line]:
    """Newest first. One query, one more for each name that narrows."""
    passed = passed_on_since().order_by().values("dossier").annotate(at=Min("given_at"))
    rows = _rows(mine, asked, first, last).annotate(
        passed_at=Subquery(passed.values("at"), output_field=DateTimeField())
    )
    ends = ("dossier__ended_at", "passed_at")
    found = rows.order_by("-made_at", "-pk").values_list(*_COLUMNS.values(), *ends)
    return [_line(row, at) for row in found]


def _line(row: Sequence[Any], at: datetime) -> Line:
    *columns, ended_at, passed_at = row
    told: dict[str, Any] = dict(zip(_COLUMNS, columns, strict=True))
    solved = solved_at(told["made_at"], passed_at, ended_at)
    state = UrgingState.of(
        answer_by=told["answer_by"], answered_at=told["answered_at"], solved_at=solved, at=at
    )
    told["officer"] = told["officer"] or ""
    return Line(**told, solved_at=solved, state=state)


def page(lines: Sequence[Line], *, after: str = "") -> Page[Line]:
    """The lines of a figure by pages, as they come: newest first. What a figure counts is known only
    of lines that were read.
    """
    place = NEWEST.read(after)
    rest = [one for one in lines if place is None or (one.made_at, one.pk) < place]
    return cut(rest, NEWEST.cursor, size=SIZE, back=False, is_first=place is None)


@dataclass(frozen=True, slots=True)
class Criticised:
    """A criticism that was signed in these days and stands."""

    agency: str
    room_id: int
    room: str
    officer_id: int | None
    officer: str


CRITICISED = Figure("phe-binh", "Văn bản phê bình", lambda line: False, "late")


def criticised(mine: Whose, asked: Asked, first: date, last: date) -> list[Criticised]:
    """One query. Filters of dossiers say nothing of them."""
    theirs = _theirs("signed_at", mine, asked, first, last)
    rows = Criticism.objects.filter(theirs, closed_at=None)
    names = ("agency__name", "department", "department__name", "officer", "officer__full_name")
    return [
        Criticised(agency, room, name, officer, person or "")
        for agency, room, name, officer, person in rows.order_by("pk").values_list(*names)
    ]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a figure of urgings, and the number of criticisms, are opened."""

    urgings: Callable[..., str]
    criticisms: Callable[..., str]


Told = Line | Criticised


def table(
    lines: Sequence[Line],
    letters: Sequence[Criticised],
    to: Addresses,
    *,
    several: bool,
) -> list[Row]:
    """A row a unit, the most urged one first, each followed by its officers. `several`: more than one
    agency: a unit is named with its own.
    """
    rooms: dict[int, list[Told]] = {}
    every: list[Told] = [*lines, *letters]
    for one in every:
        rooms.setdefault(one.room_id, []).append(one)
    found: list[Row] = []
    for room in sorted(rooms.values(), key=lambda one: (-_urged(one), one[0].room, one[0].room_id)):
        one = room[0]
        beside = one.agency if several else ""
        found.append(Row(one.room, beside, _cells(room, to, phong=one.room_id)))
        found += _people(room, to)
    return found


def _urged(told: Sequence[Told]) -> int:
    return sum(isinstance(one, Line) for one in told)


def _people(room: Sequence[Told], to: Addresses) -> list[Row]:
    people: dict[int, list[Told]] = {}
    for one in room:
        people.setdefault(one.officer_id or NONE, []).append(one)
    ordered = sorted(people.items(), key=lambda one: (-_urged(one[1]), one[1][0].officer, one[0]))
    return [
        Row(
            f"– {own[0].officer or 'Cả phòng'}",
            "",
            _cells(own, to, phong=own[0].room_id, canbo=officer),
        )
        for officer, own in ordered
    ]


def whole(lines: Sequence[Line], letters: Sequence[Criticised], to: Addresses) -> Row:
    return Row("Cộng", "", _cells((*lines, *letters), to))


def _cells(told: Sequence[Told], to: Addresses, **whose: Any) -> list[Cell]:
    found = []
    lines = [one for one in told if isinstance(one, Line)]
    for figure in FIGURES.values():
        number = sum(map(figure.counts, lines))
        url = to.urgings(muc=figure.key, **whose) if number else ""
        found.append(Cell(figure, number, url))
    number = len(told) - len(lines)
    found.append(Cell(CRITICISED, number, to.criticisms(**whose) if number else ""))
    return found
