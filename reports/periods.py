"""Reporting periods as codes: days in Vietnam's time, both ends included, as half-open instants.

`2026Q3`, `2026M10`, `2026H1`, `2026Y` are the periods of NĐ 09/2019 Đ12 (R-110): the third quarter
is 15/6–14/9, October 15/9–14/10. `2026-10`, `2026-Q3`, `2026-H1`, `2026` are those of the calendar,
`2026-05-01..2026-07-31` any other. Of a register (sổ theo dõi hồ sơ) `2026S` is the book of a year,
`2026SQ2` its second volume, `2026SN101-200` its numbers 101 to 200; `L7` behind any of them leaves only
what is of the field with that id (lĩnh vực).
"""

from __future__ import annotations

import dataclasses
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from onestop.errors import DomainError
from onestop.worktime import VN, start_of_day

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
WEEK = 7
FIRST_YEAR, LAST_YEAR = 2000, 2100
ROMAN = ("I", "II", "III", "IV")
# A reporting year begins on 15/12 of the year before.
CUT_DAY = 15


# How addresses write an instant (`luc`): Vietnam's time, to the microsecond.
IN_ADDRESS = "%Y%m%dT%H%M%S%f"


def in_address(at: datetime) -> str:
    """An instant as an address of a report or figure says it."""
    return at.astimezone(VN).strftime(IN_ADDRESS)


def of_address(text: str) -> datetime:
    """The instant that an address says. Errors: ValueError."""
    return datetime.strptime(text, IN_ADDRESS).replace(tzinfo=VN)


class Kind(StrEnum):
    """Which period of a year; the value is its letter in codes."""

    MONTH = "M"
    QUARTER = "Q"
    HALF = "H"
    YEAR = "Y"
    FREE = "F"
    BOOK = "S"

    @property
    def months(self) -> int:
        return {"M": 1, "Q": 3, "H": 6, "Y": 12}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; an instant belongs to it when
    start <= instant < end.
    """

    code: str
    first: date
    last: date
    kind: Kind = Kind.FREE
    year: int = 0
    number: int = 0
    # Of a book: which volume (0: all), from which number to which; of which field (0: of all), and
    # how that is called, where somebody looked it up.
    volume: int = 0
    numbers: tuple[int, int] | None = None
    field: int = 0
    field_name: str = dataclasses.field(default="", compare=False)

    @property
    def is_book(self) -> bool:
        """Whether it is a register or a part of one: only that form has it."""
        return self.kind is Kind.BOOK

    @property
    def start(self) -> datetime:
        return start_of_day(self.first)

    @property
    def end(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return start_of_day(self.last + DAY)

    @property
    def last_instant(self) -> datetime:
        return self.end - MICROSECOND

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_statutory(self) -> bool:
        """Whether it is one of NĐ 09/2019."""
        return self.kind not in (Kind.FREE, Kind.BOOK) and self.first.day == CUT_DAY

    @property
    def label(self) -> str:
        """As the head of a report calls it."""
        match self.kind:
            case Kind.MONTH:
                return f"Tháng {self.number} năm {self.year}"
            case Kind.QUARTER:
                return f"Quý {ROMAN[self.number - 1]} năm {self.year}"
            case Kind.HALF:
                return f"6 tháng {'đầu' if self.number == 1 else 'cuối'} năm {self.year}"
            case Kind.YEAR:
                return f"Năm {self.year}"
            case Kind.BOOK:
                volume = f", quyển số {self.volume:02d}" if self.volume else ""
                numbers = ", từ số {} đến số {}".format(*self.numbers) if self.numbers else ""
                field = f", lĩnh vực {self.field_name or self.field}" if self.field else ""
                return f"Năm {self.year}{volume}{numbers}{field}"
        if self.first.weekday() == 0 and self.days == WEEK:
            week = self.first.isocalendar()
            return f"Tuần {week.week} năm {week.year}"
        return "Kỳ tùy chọn"

    @property
    def dates(self) -> str:
        return f"Từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"

    def previous(self) -> Period:
        """The period before; of a free one as many days before it."""
        if self.kind is Kind.BOOK:
            return book(self.year - 1, field=self.field, field_name=self.field_name)
        if self.kind is Kind.FREE:
            return free(self.first - self.days * DAY, self.first - DAY)
        number, year = self.number - 1, self.year
        if number < 1:
            number, year = 12 // self.kind.months, year - 1
        return self._alike(year, number)

    def last_year(self) -> Period:
        """The same period of the year before."""
        if self.kind is Kind.BOOK:
            return book(self.year - 1, field=self.field, field_name=self.field_name)
        if self.kind is Kind.FREE:
            return free(_year_before(self.first), _year_before(self.last))
        return self._alike(self.year - 1, self.number)

    def quarters(self) -> list[Period]:
        """Those that a year or a half consists of; none of another period."""
        if self.kind not in (Kind.YEAR, Kind.HALF):
            return []
        many = self.kind.months // Kind.QUARTER.months
        first = (self.number - 1) * many + 1
        return [
            of_year(self.year, Kind.QUARTER, one, statutory=self.is_statutory)
            for one in range(first, first + many)
        ]

    def _alike(self, year: int, number: int) -> Period:
        return of_year(year, self.kind, number, statutory=self.is_statutory)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def of_year(year: int, kind: Kind, number: int = 1, *, statutory: bool = True) -> Period:
    """A month, quarter, half or the whole of a year, by NĐ 09/2019 or by the calendar."""
    after = number * kind.months  # the last month of it
    if statutory:
        begin = after - kind.months
        first = date(year, begin, CUT_DAY) if begin else date(year - 1, 12, CUT_DAY)
        last = date(year, after, CUT_DAY) - DAY
    else:
        first = date(year, after - kind.months + 1, 1)
        last = date(year, after, monthrange(year, after)[1])
    return Period(_code(year, kind, number, statutory), first, last, kind, year, number)


def _code(year: int, kind: Kind, number: int, statutory: bool) -> str:
    if kind is Kind.YEAR:
        return f"{year}Y" if statutory else f"{year}"
    if statutory:
        return f"{year}{kind.value}{number}"
    return f"{year}-{number:02d}" if kind is Kind.MONTH else f"{year}-{kind.value}{number}"


def free(first: date, last: date) -> Period:
    """Any days, both included. Errors: DomainError("period_reversed")."""
    if last < first:
        raise DomainError("period_reversed")
    return Period(f"{first:%Y-%m-%d}..{last:%Y-%m-%d}", first, last)


def book(
    year: int,
    *,
    volume: int = 0,
    numbers: tuple[int, int] | None = None,
    field: int = 0,
    field_name: str = "",
) -> Period:
    """The register of a year, one volume of it, or a range of its numbers, both included; of one
    field only. Errors: DomainError("register_range").
    """
    if numbers is not None and not 1 <= numbers[0] <= numbers[1]:
        raise DomainError("register_range")
    part = f"N{numbers[0]}-{numbers[1]}" if numbers else f"Q{volume}" if volume else ""
    first, last = date(year, 1, 1), date(year, 12, 31)
    code = f"{year}S{part}{f'L{field}' if field else ''}"
    return Period(
        code, first, last, Kind.BOOK, year,
        volume=volume, numbers=numbers, field=field, field_name=field_name,
    )  # fmt: skip


_BOOK = re.compile(r"(\d{4})S(?:Q(\d{1,3})|N(\d{1,8})-(\d{1,8}))?(?:L(\d{1,9}))?")
_STATUTORY = re.compile(r"(\d{4})(?:(Y)|([MQH])(\d{1,2}))")
_CALENDAR = re.compile(r"(\d{4})(?:-(\d{2})|-([QH])(\d))?")
_FREE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def parse(text: str) -> Period:
    """The period of a code. Errors: DomainError("period_unreadable", "period_reversed")."""
    cleaned = text.strip().upper()
    try:
        if match := _FREE.fullmatch(cleaned):
            first, last = (date.fromisoformat(part) for part in match.groups())
            if first.year < FIRST_YEAR or last.year > LAST_YEAR:
                raise ValueError(text)
            return free(first, last)
        if match := _BOOK.fullmatch(cleaned):
            return _of_book(*match.groups())
        if match := _STATUTORY.fullmatch(cleaned):
            year, whole, letter, number = match.groups()
            return _numbered(int(year), Kind(whole or letter), int(number or 1), statutory=True)
        if match := _CALENDAR.fullmatch(cleaned):
            year, month, letter, number = match.groups()
            kind = Kind.MONTH if month else Kind(letter or "Y")
            return _numbered(int(year), kind, int(month or number or 1), statutory=False)
    except ValueError as error:
        raise DomainError("period_unreadable", text=text) from error
    raise DomainError("period_unreadable", text=text)


def _of_book(
    year: str, volume: str | None, first: str | None, last: str | None, field: str | None
) -> Period:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(year)
    numbers = (int(first), int(last)) if first and last else None
    return book(int(year), volume=int(volume or 0), numbers=numbers, field=int(field or 0))


def _numbered(year: int, kind: Kind, number: int, *, statutory: bool) -> Period:
    if not (1 <= number <= 12 // kind.months and FIRST_YEAR <= year <= LAST_YEAR):
        raise ValueError(number)
    return of_year(year, kind, number, statutory=statutory)


def recent(today: date) -> list[Period]:
    """What people ask for first: the quarters and months of NĐ 09/2019 around a day, the half and
    the year, the newest that is over in front.
    """
    quarters = _around(today, Kind.QUARTER, 5)
    months = _around(today, Kind.MONTH, 4)
    longer = [*_around(today, Kind.HALF, 2), *_around(today, Kind.YEAR, 2)]
    over = [one for one in quarters if one.last < today]
    return [over[0], *(one for one in quarters if one != over[0]), *months, *longer]


def week_over(today: date) -> Period:
    """The last week, Monday to Sunday, that has ended before a day."""
    last = today - (today.weekday() + 1) * DAY
    return free(last - (WEEK - 1) * DAY, last)


def newest_over(today: date, kind: Kind) -> Period:
    """The newest period of NĐ 09/2019 of a kind that has ended before a day."""
    return _around(today, kind, 1)[0].previous()


def _around(today: date, kind: Kind, many: int) -> list[Period]:
    """The period that a day lies in and those before it, newest first."""
    found = of_year(today.year + 1, kind)
    while found.first > today:
        found = found.previous()
    made = [found]
    while len(made) < many:
        made.append(made[-1].previous())
    return made
