"""The first screen: cards of the whole, one row a unit, each figure with the address that opens
its dossiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse

from onestop.accounts.models import Department, Officer
from reports.board import figures, tally
from reports.board.asked import NONE, Asked
from reports.board.bars import Part, parts
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.tally import Counts
from reports.board.whose import Whose
from reports.shares import share

AGENCY, ROOM, PERSON = "agency", "holder_department", "holder"
# What narrows a page to one unit of a kind.
_NARROWS = {AGENCY: "coquan", ROOM: "phong", PERSON: "canbo"}


def home() -> str:
    return reverse("board")


def list_page() -> str:
    return reverse("board_list")


# The columns of the table of units.
OPEN_COLUMNS: Sequence[Figure] = (
    figures.LATE,
    figures.TODAY,
    figures.AHEAD,
    figures.SOON,
    figures.PAPERS,
    figures.MONEY,
    figures.ELSEWHERE,
)
_COLUMNS: dict[str, Sequence[Figure]] = {
    AGENCY: (*OPEN_COLUMNS, figures.TO_COLLECT, figures.RECEIVED, figures.ENDED),
    ROOM: (*OPEN_COLUMNS, figures.TO_COLLECT, *figures.HANDED),
    PERSON: (*OPEN_COLUMNS, figures.STEP_OVER, figures.TO_COLLECT),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure on the page. `url`: what opens its dossiers; "" where there are none. `is_told`: not
    where no number would be true.
    """

    figure: Figure
    number: int
    url: str
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One unit. `url`: the same page of this unit alone; `late_share`: late of all that is open."""

    name: str
    url: str
    cells: list[Cell]
    open: Cell
    late: int
    late_share: Decimal | None
    bar: list[Part]
    note: str = ""
    order: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A group of figures that answers one question."""

    title: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Board:
    by: str
    columns: Sequence[Figure]
    cards: list[Card]
    rows: list[Row]
    total: Row
    legend: Sequence[Figure] = figures.PARTS


def build(whose: Whose, asked: Asked, moment: Moment) -> Board:
    """Count and lay out. At most four queries, and those of the filters."""
    narrowed = asked.narrowed()
    by = unit_of(whose)
    counts = tally.open_work(whose.held & narrowed, by, figures.OPEN_FIGURES, moment)
    day = _of_the_day(whose, by, narrowed, moment)
    collected = {unit: row for unit, row in day.items() if figures.TO_COLLECT.key in row}
    names = _names(whose, by, {**collected, **counts})
    rooms = _rooms(whose, by, names)
    handed = tally.handed(figures.HANDED, rooms, whose.of_agencies & narrowed, moment)
    layout = Layout(asked, moment)
    merged = {
        unit: counts.get(unit, {}) | day.get(unit, {}) | handed.get(unit, {}) for unit in names
    }
    longest = longest_of(merged)
    rows = [layout.row(by, unit, name, merged[unit], longest) for unit, name in names.items()]
    rows = [
        row for row in rows if not row.note or row.open.number or any(c.number for c in row.cells)
    ]
    rows.sort(key=lambda row: row.order)
    whole = tally.total(counts) | tally.total(day)
    if whose.room is not None:
        whole |= tally.total(handed)
    return Board(by, _COLUMNS[by], layout.cards(whole, whose), rows, layout.total(by, whole))


def longest_of(counts: Counts) -> int:
    """How many are open in the unit that has most."""
    return max((row.get(figures.OPEN.key, 0) for row in counts.values()), default=0)


def unit_of(whose: Whose) -> str:
    """What a row is: an agency where there are several, else a department, else a person."""
    if whose.room is not None:
        return PERSON
    return AGENCY if whose.agencies is not None and len(whose.agencies) != 1 else ROOM


@dataclass(frozen=True, slots=True)
class Name:
    """What a unit is called, how it is sorted by its name, and its code in an address."""

    text: str
    sort: str
    code: str | int
    note: str = ""
    own: bool = True


def _names(whose: Whose, by: str, counts: Counts) -> dict[Any, Name]:
    """Every unit that has a row, those without any dossier too. At most one query."""
    if by == AGENCY:
        return {
            a.pk: Name(a.label, a.folded, a.code, _closed(a.closed_on))
            for a in whose.agencies or ()
        }
    found: dict[Any, Name] = {}
    if by == PERSON:
        for one in Officer.objects.filter(pk__in=[pk for pk in counts if pk]):
            found[one.pk] = Name(one.full_name, one.sort_name, one.pk)
    else:
        for room in _departments(whose, counts):
            found[room.pk] = _name_of_room(room, whose)
    if None in counts:
        none = "Chưa có người nhận" if by == PERSON else "Chưa rõ phòng"
        found[None] = Name(none, "~", NONE)
    return found


def _departments(whose: Whose, counts: Counts) -> Iterable[Department]:
    if whose.agencies is None:
        return whose.departments
    wanted = Q(agency__in=whose.agency_ids) | Q(pk__in=[pk for pk in counts if pk])
    return Department.objects.filter(wanted).select_related("agency")


def _name_of_room(room: Department, whose: Whose) -> Name:
    own = whose.agency_ids is None or room.agency_id in whose.agency_ids
    text = room.name if own else f"{room.name} ({room.agency.label})"
    sort = f"{0 if own else 1}{room.order:05}{room.name}"
    return Name(text, sort, room.pk, "" if room.is_active else "đã ngừng", own)


def _closed(on: date | None) -> str:
    return "" if on is None else f"đến hết {on:%d/%m/%Y}"


def _of_the_day(whose: Whose, by: str, narrowed: Q, moment: Moment) -> Counts:
    asked: list[tuple[Figure, str, Q]] = [(figures.TO_COLLECT, by, whose.held & narrowed)]
    if whose.agencies is not None and whose.rooms is None:
        asked += [(one, AGENCY, whose.of_agencies & narrowed) for one in figures.OF_TODAY]
    return tally.of_the_day(asked, moment)


def _rooms(whose: Whose, by: str, names: dict[Any, Name]) -> list[int]:
    """The departments whose hand-overs of the day are counted."""
    if by == ROOM:
        return [pk for pk, name in names.items() if pk is not None and name.own]
    return [whose.room] if whose.room else []


@dataclass(frozen=True, slots=True)
class Layout:
    """Figures with their addresses."""

    asked: Asked
    moment: Moment
    list_page: str = field(default_factory=list_page)

    def cell(self, figure: Figure, number: int, **narrowed: Any) -> Cell:
        url = ""
        if number:
            url = self.asked.address(
                self.list_page, **narrowed, muc=figure.key, luc=self.moment.text, xep=None
            )
        return Cell(figure, number, url)

    def row(self, by: str, unit: Any, name: Name, row: dict[str, int], longest: int) -> Row:
        narrowed = {_NARROWS[by]: name.code}
        late, today = row.get(figures.LATE.key, 0), row.get(figures.TODAY.key, 0)
        # Persons stand by their names, never by what is late.
        by_name = self.asked.by_name or by == PERSON
        worst = () if by_name else (-late, -today)
        return Row(
            name.text,
            self.asked.address(home(), **narrowed) if by != PERSON else "",
            self._cells(by, row, narrowed),
            self.cell(figures.OPEN, row.get(figures.OPEN.key, 0), **narrowed),
            late,
            share(late, row.get(figures.OPEN.key, 0)) if by != PERSON else None,
            self.bar(row, longest, narrowed),
            name.note,
            (*worst, name.sort),
        )

    def total(self, by: str, row: dict[str, int]) -> Row:
        number, late = row.get(figures.OPEN.key, 0), row.get(figures.LATE.key, 0)
        # A dossier that went through several rooms on the day stands in each of them.
        cells = [
            Cell(cell.figure, 0, "", is_told=False) if cell.figure.handed else cell
            for cell in self._cells(by, row, {})
        ]
        whole = self.cell(figures.OPEN, number)
        bar = self.bar(row, number, {})
        return Row("Cộng", "", cells, whole, late, share(late, number), bar)

    def _cells(self, by: str, row: dict[str, int], narrowed: dict[str, Any]) -> list[Cell]:
        return [self.cell(one, row.get(one.key, 0), **narrowed) for one in _COLUMNS[by]]

    def bar(self, row: dict[str, int], longest: int, narrowed: dict[str, Any]) -> list[Part]:
        cells = [self.cell(one, row.get(one.key, 0), **narrowed) for one in figures.PARTS]
        return parts([(c.figure.key, c.figure.label, c.number, c.url) for c in cells], longest)

    def cards(self, whole: dict[str, int], whose: Whose) -> list[Card]:
        day: Sequence[Figure] = ()
        if whose.agencies is not None and whose.rooms is None:
            day = figures.OF_TODAY
        elif whose.room:
            day = figures.HANDED
        unknown = (figures.UNKNOWN,) if whole.get(figures.UNKNOWN.key) else ()
        awaited = (figures.AWAITED,) if whole.get(figures.AWAITED.key) else ()
        groups: list[tuple[str, Sequence[Figure]]] = [
            ("Cần làm ngay", (figures.LATE, figures.TODAY, figures.AHEAD, figures.SOON)),
            ("Đang chờ", (figures.PAPERS, figures.MONEY, figures.ELSEWHERE, *awaited)),
            ("Hôm nay", (*day, figures.TO_COLLECT)),
            ("Tất cả", (figures.OPEN, *unknown)),
        ]
        return [
            Card(title, [self.cell(one, whole.get(one.key, 0)) for one in group])
            for title, group in groups
        ]
