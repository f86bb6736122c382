"""Lists paged by key: a page begins after the columns of the last row of the page before, so that
one far down costs what the first one does and rows that come and go move nothing. No offset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet

from onestop.texts import whole_number

Place = tuple[Any, ...]
Row = TypeVar("Row")
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows, and the cursors of the pages beside this one ("": there is none)."""

    rows: list[Row]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class Keyset:
    """The order of a list, whose last column tells all its rows apart, and how a place in it is
    written in an address. What cannot be read is no place: the list from its beginning.
    """

    columns: tuple[str, ...]
    write: Callable[[Place], str]
    read: Callable[[str], Place | None]
    newest_first: bool = False

    def cursor(self, row: Any) -> str:
        """Where a row stands; a column may be one of a joined row."""
        return self.write(tuple(attrgetter(c.replace("__", "."))(row) for c in self.columns))

    def beyond(self, rows: Rows, place: Place | None, *, back: bool = False) -> Rows:
        """The rows after a place (before it when `back`), nearest first; all where there is none."""
        descending = self.newest_first != back
        if place is not None:
            rows = rows.filter(self._beyond(place, "lt" if descending else "gt"))
        return rows.order_by(*(f"-{name}" if descending else name for name in self.columns))

    def _beyond(self, place: Place, way: str) -> Q:
        wanted, same = Q(), Q()
        for column, value in zip(self.columns, place, strict=True):
            wanted |= same & Q(**{f"{column}__{way}": value})
            same &= Q(**{column: value})
        # Said again of the first column alone: both engines begin their walk along the index here.
        first = Q(**{f"{self.columns[0]}__{way}e": place[0]}) if len(place) > 1 else Q()
        return wanted & first

    def page(
        self, rows: QuerySet[Any, Row], *, size: int, after: str = "", before: str = ""
    ) -> Page[Row]:
        """One page after or before a cursor; one query."""
        return self.page_of(rows, _read, size=size, after=after, before=before)

    def page_of(
        self,
        rows: Rows,
        take: Callable[[Rows, int], list[Row]],
        *,
        size: int,
        after: str = "",
        before: str = "",
    ) -> Page[Row]:
        """The same of rows that are read in a way of their own: `take` reads so many."""
        end = self.read(before)
        back = end is not None
        start = end if back else self.read(after)
        found = take(self.beyond(rows, start, back=back), size + 1)
        return cut(found, self.cursor, size=size, back=back, is_first=start is None)


def _read(rows: QuerySet[Any, Row], limit: int) -> list[Row]:
    return list(rows[:limit])


def cut(
    found: list[Row], cursor: Callable[[Row], str], *, size: int, back: bool, is_first: bool
) -> Page[Row]:
    """A page of rows that were read nearest first, one more than it shows where there are more."""
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    if not shown:
        return Page([], "", "")
    return Page(
        shown,
        cursor(shown[-1]) if back or more else "",
        cursor(shown[0]) if (more if back else not is_first) else "",
    )


def place_at(at: datetime, pk: int) -> str:
    """Where a row stands in a list ordered by an instant, then id: as text for an address."""
    return f"{(at - EPOCH) // MICROSECOND:x}-{pk:x}"


def read_place(text: str) -> tuple[datetime, int] | None:
    """The instant and id of such a text; None for anything else."""
    try:
        micro, pk = (int(part, 16) for part in text.split("-"))
        return EPOCH + micro * MICROSECOND, pk
    except (ValueError, OverflowError):
        return None


def by_instant(column: str, *, newest_first: bool = False) -> Keyset:
    return Keyset((column, "pk"), lambda place: place_at(*place), read_place, newest_first)


def soonest_page(rows: QuerySet[Any, Row], column: str, *, size: int, after: str = "") -> Page[Row]:
    """One page by an instant that some rows do not have, then id; those come last, whatever the engine.
    One query.
    """
    without = Q(**{column: None})
    place, is_first = read_place(after), False
    if place is not None:
        later = Q(**{f"{column}__gt": place[0]}) | Q(**{column: place[0], "pk__gt": place[1]})
        rows = rows.filter(later | without)
    elif after.startswith("-") and (last := whole_number(after[1:])) is not None:
        rows = rows.filter(without, pk__gt=last)
    else:
        is_first = True

    def cursor(row: Row) -> str:
        at, pk = attrgetter(column, "pk")(row)
        return f"-{pk}" if at is None else place_at(at, pk)

    found = list(rows.order_by(F(column).asc(nulls_last=True), "pk")[: size + 1])
    return cut(found, cursor, size=size, back=False, is_first=is_first)


def by_day(column: str, *, newest_first: bool = False) -> Keyset:
    """By a column of days, then id."""

    def read(text: str) -> Place | None:
        said, _, last = text.partition("-")
        pk = whole_number(last)
        try:
            day = date.fromisoformat(said)
        except ValueError:
            return None
        return None if pk is None else (day, pk)

    def write(place: Place) -> str:
        day: date = place[0]
        return f"{day:%Y%m%d}-{place[1]}"

    return Keyset((column, "pk"), write, read, newest_first)


def by_id(*, newest_first: bool = False) -> Keyset:
    def read(text: str) -> Place | None:
        pk = whole_number(text)
        return None if pk is None else (pk,)

    return Keyset(("pk",), lambda place: str(place[0]), read, newest_first)


def by_numbers(*columns: str, newest_first: bool = False) -> Keyset:
    """By columns of whole numbers that together tell the rows apart."""

    def read(text: str) -> Place | None:
        place = tuple(whole_number(part) for part in text.split("-"))
        return None if None in place or len(place) != len(columns) else place

    return Keyset(columns, lambda place: "-".join(map(str, place)), read, newest_first)


def by_text(column: str) -> Keyset:
    """By a column of text, then id."""

    def read(text: str) -> Place | None:
        said, _, last = text.rpartition("~")
        pk = whole_number(last)
        return None if pk is None else (said, pk)

    return Keyset((column, "pk"), lambda place: "~".join(map(str, place)), read)


def by_code(column: str) -> Keyset:
    """By a column of text that tells the rows apart by itself."""
    return Keyset((column,), lambda place: str(place[0]), lambda text: (text,) if text else None)
