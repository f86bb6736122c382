"""One sheet for the weekly meeting (giao ban), and three lines of it for a message: the figures of the
dashboard and of the lists of late dossiers, about the days of the meeting and those before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from dossiers.models import Dossier
from onestop.accounts.desk import Desk
from reports import lateness
from reports.board import figures, flows, page, urged
from reports.board.asked import Asked
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.page import Board, Cell, Layout
from reports.board.whose import Whose
from reports.rendering.texts import apart
from reports.shares import share

DAY = timedelta(days=1)
# A sheet for a meeting covers no more.
MOST_DAYS = 92
# So many dossiers and units are named, so that it stays one sheet.
MOST_LATE, MOST_UNITS = 5, 6
BRIEF = 300
COURSE: Sequence[Figure] = (
    figures.RECEIVED_IN,
    figures.ENDED_IN,
    figures.ENDED_IN_EARLY,
    figures.ENDED_IN_ON_TIME,
    figures.ENDED_IN_LATE,
)
NOW: Sequence[Figure] = (
    figures.OPEN,
    figures.LATE,
    figures.TODAY,
    figures.AHEAD,
    figures.PAPERS,
    figures.MONEY,
    figures.TO_COLLECT,
)
# What of the urgings of the days is told (reports/board/urged.py).
URGED = ("tat-ca", "cho", "qua-han", "da-giai-quyet")
LISTS = (lateness.IN_TIME, lateness.LATE, lateness.MISSING, lateness.UNSAID)


@dataclass(frozen=True, slots=True)
class Days:
    """Those of the meeting, and as many before them; of less than a week, the same days of the week
    before: a Monday stands beside a Monday.
    """

    first: date
    last: date

    @property
    def before(self) -> Days:
        many = (self.last - self.first).days + 1
        back = max(many, 7) * DAY
        return Days(self.first - back, self.last - back)

    @property
    def words(self) -> str:
        return f"{self.first:%d/%m/%Y} – {self.last:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the days, and what it was before."""

    cell: Cell
    before: int

    @property
    def change(self) -> str:
        return apart(self.cell.number - self.before)


@dataclass(frozen=True, slots=True)
class Late:
    """One of those that are late longest, and with whom it lies."""

    code: str
    procedure: str
    due_at: datetime | None
    days: int
    place: str


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many a list has, of late dossiers or of urgings. `url`: what opens it."""

    label: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`more_units`: how many units with something late are not named."""

    title: str
    days: Days
    at: datetime
    course: Sequence[Line]
    on_time: Decimal | None
    on_time_before: Decimal | None
    now: Sequence[Cell]
    units: Sequence[Unit]
    more_units: int
    latest: Sequence[Late]
    lists: Sequence[Counted]
    urged: Sequence[Counted]

    def number(self, figure: Figure) -> int:
        cells = [*(line.cell for line in self.course), *self.now]
        return next(cell.number for cell in cells if cell.figure is figure)

    @property
    def brief(self) -> str:
        """Three lines, no longer than a message takes; units are left out before anything else."""
        unsorry = next(one.number for one in self.lists if one.label == lateness.MISSING.label)
        whole = "" if self.on_time is None else f", không quá hạn {_percent(self.on_time)}"
        days = f"{self.days.first:%d/%m}–{self.days.last:%d/%m}"
        received, ended = self.number(figures.RECEIVED_IN), self.number(figures.ENDED_IN)
        rows = [
            f"{self.title}, {days}: nhận {received}, xong {ended}{whole}.",
            f"Đang mở {self.number(figures.OPEN)}, quá hạn {self.number(figures.LATE)}",
            f"Hôm nay đến hạn {self.number(figures.TODAY)}, sắp tới {self.number(figures.AHEAD)}; chưa xin lỗi {unsorry}.",
        ]
        named = [f"{one.name} {one.late}" for one in self.units if one.late]
        rest = "…" if self.more_units else ""
        while named:
            text = "\n".join([rows[0], f"{rows[1]} ({', '.join(named)}{rest}).", rows[2]])
            if len(text) <= BRIEF:
                return text
            named.pop()
            rest = "…"
        over = len("\n".join(rows)) + 1 - BRIEF
        if over > 0:
            short = self.title[: max(len(self.title) - over - 1, 1)].rstrip() + "…"
            rows[0] = rows[0].replace(self.title, short, 1)
        return "\n".join([rows[0], f"{rows[1]}.", rows[2]])


def _percent(value: Decimal) -> str:
    """Without decimals, half up; as everywhere never 100 while one is missing nor 0 while one is there."""
    found = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return f"{found if value in (0, 100) else min(max(found, 1), 99)}%"


def last_week(today: date) -> Days:
    """The one that is over, Monday to Sunday."""
    monday = today - (today.weekday() + 7) * DAY
    return Days(monday, monday + 6 * DAY)


def this_week(today: date) -> Days:
    return Days(today - today.weekday() * DAY, today)


def build(whose: Whose, days: Days, asked: Asked, desk: Desk, now: datetime) -> Sheet:
    """At most twelve queries, whatever the units."""
    at = Moment(now)
    moment = at.about(days.first, days.last)
    board = page.build(whose, asked, at)
    found, before = (
        flows.whole(whose.wide, COURSE, at.about(one.first, one.last))
        for one in (days, days.before)
    )
    layout = Layout(asked, moment)
    span = {"tu": days.first.isoformat(), "den": days.last.isoformat()}
    course = [
        Line(layout.cell(one, found.get(one.key, 0), **span), before.get(one.key, 0))
        for one in COURSE
    ]
    cells = {cell.figure.key: cell for card in board.cards for cell in card.cells}
    units = _units(board)
    return Sheet(
        title=whose.title,
        days=days,
        at=now,
        course=course,
        on_time=_on_time(found),
        on_time_before=_on_time(before),
        now=[cells[one.key] for one in NOW],
        units=units[:MOST_UNITS],
        more_units=max(0, len(units) - MOST_UNITS),
        latest=_latest(whose, desk, moment),
        lists=_lists(whose, days, asked, desk, now),
        urged=_urged(whose, days, asked, now),
    )


def _on_time(found: dict[str, int]) -> Decimal | None:
    ended = found.get(figures.ENDED_IN.key, 0)
    return share(ended - found.get(figures.ENDED_IN_LATE.key, 0), ended)


def _units(board: Board) -> list[Unit]:
    """Those with something late, as the dashboard orders them."""
    rows = [Unit(row.name, row.open.number, row.late) for row in board.rows]
    return [one for one in rows if one.late]


def _latest(whose: Whose, desk: Desk, moment: Moment) -> list[Late]:
    """Late the longest first; where each lies, no person ranked. One query."""
    rows = Dossier.objects.filter(whose.held & figures.LATE.of(moment)).visible_to(desk)
    columns = ("code", "version__name", "due_at", "late_from", "holder_department__name")
    found = rows.order_by("late_from", "pk").values_list(*columns)[:MOST_LATE]
    return [
        Late(code, name, due, (moment.at - since).days, room or "chưa rõ phòng")
        for code, name, due, since, room in found
    ]


def _lists(whose: Whose, days: Days, asked: Asked, desk: Desk, now: datetime) -> list[Counted]:
    """Apologies and causes: the lists of `/qua-han/` of the same days. One query each."""
    found = lateness.Asked(whose.agency_ids or (), now, days.first, min(days.last, Moment(now).day))
    narrowed = {"coquan": asked.get("coquan")} if asked.get("coquan") else {}
    counted = []
    for one in LISTS:
        rows = Dossier.objects.filter(lateness.rows_of(one, found)).visible_to(desk)
        query = {"muc": one.key, "tu": found.first, "den": found.last} | narrowed
        counted.append(
            Counted(one.label, rows.count(), f"{reverse('late_list')}?{urlencode(query)}")
        )
    return counted


def _urged(whose: Whose, days: Days, asked: Asked, now: datetime) -> list[Counted]:
    """The figures of `/dieu-hanh/don-doc/` of the same days. One query."""
    lines = urged.lines_of(whose, asked, days.first, days.last, now)
    span = {"tu": f"{days.first:%d/%m/%Y}", "den": f"{days.last:%d/%m/%Y}"}
    to = partial(asked.address, reverse("board_urged_list"), **span)
    # Criticisms stand on the page of urgings alone.
    whole = urged.whole(lines, (), urged.Addresses(urgings=to, criticisms=to))
    cells = {cell.figure.key: cell for cell in whole.cells}
    return [Counted(cells[key].figure.label, cells[key].number, cells[key].url) for key in URGED]
