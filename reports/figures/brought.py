"""Figures of units that do not work with this system, as rows of the tables that roll units up: read
only, marked with their file, without dossiers. Of several files of a unit and a period the last one
that is recorded by the cut counts, so that nothing is counted twice. A year or a half without a file
of its own is added up from the files of its quarters, where every quarter has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from onestop.accounts.models import Agency
from onestop.worktime import VN
from reports.figures.measures import way_of
from reports.figures.scope import Scope
from reports.models import BroughtFigures, BroughtFile, ReportForm, RowKind, Source
from reports.models.form import Reach
from reports.periods import Period

# The kinds of rows that tell offices apart: only there a unit can have a row of its own.
BY_OFFICE = (RowKind.UNIT, RowKind.LEVEL_UNIT, RowKind.LEVEL_FIELD)
KEY = "brought"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a row was brought from; of a row that adds quarters up the last one, with all
    of them as `quarters`, each with its `period`.
    """

    file_id: int
    name: str
    sha256: str
    recorded_at: datetime
    # Which of the table's files it is, counted from 1; 0 where there is one only.
    number: int = 0
    period: str = ""
    quarters: tuple[Origin, ...] = ()

    @property
    def mark(self) -> str:
        """What stands behind the name of a row."""
        words = "cộng các quý từ tệp" if self.quarters else "từ tệp"
        return f"({words} {self.number})" if self.number else f"({words})"

    @property
    def files(self) -> tuple[Origin, ...]:
        """Each file that it says something of."""
        return self.quarters or (self,)

    @property
    def called(self) -> str:
        """The file by its name."""
        return f"{self.name} ({self.period})" if self.period else self.name

    @property
    def told(self) -> str:
        """The file in words, as it can be proven."""
        at = self.recorded_at.astimezone(VN)
        period = f"{self.period}, " if self.period else ""
        return (
            f"“{self.name}” ({period}ghi {at:%H:%M} ngày {at:%d/%m/%Y}, mã băm {self.sha256[:12]})"
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """What counts of one unit."""

    agency: Agency
    figures: Mapping[str, int]
    origin: Origin

    def of(self, names: Iterable[str]) -> dict[str, int]:
        """These measures; those that the file does not say are not there."""
        return {name: self.figures[name] for name in names if name in self.figures}


# By the id of the unit.
Units = Mapping[int, Brought]
# A period's first and last day.
Days = tuple[date, date]
# A quarter with what was brought of each unit; with what was brought of one.
Quarter = tuple[Period, Mapping[int, BroughtFigures]]
Told = tuple[Period, BroughtFigures]
# What follows where quarters are added up, from what does add up.
FOLLOW = {"handled": ("ended", "open"), "late": ("ended_late", "open_late")}


def takes(form: ReportForm) -> bool:
    """Whether a form has rows for what was brought."""
    is_whole = form.reach == Reach.WHOLE and form.source == Source.DOSSIERS
    return is_whole and form.row_kind in BY_OFFICE


def known(form: ReportForm, period: Period, cut: datetime) -> Units:
    """All that was brought for a period, and for the quarters of one that has no file of its own.
    One statement; none for a form that takes nothing.
    """
    if not takes(form):
        return {}
    quarters = period.quarters()
    rows = BroughtFigures.objects.standing(period, *quarters, cut=cut)
    rows = rows.select_related("file", "agency").defer("file__told", "file__units")
    found: dict[Days, dict[int, BroughtFigures]] = defaultdict(dict)
    for row in rows:
        found[row.file.first, row.file.last][row.agency_id] = row
    own = {pk: _brought(row) for pk, row in found[period.first, period.last].items()}
    parts = [(one, found[one.first, one.last]) for one in quarters]
    every = {pk: row.agency for _, of_units in parts for pk, row in of_units.items()}
    added = {
        pk: _added(agency, told)
        for pk, agency in every.items()
        if pk not in own and (told := _of_all(agency, parts, cut))
    }
    return own | added


def _of_all(agency: Agency, parts: Sequence[Quarter], cut: datetime) -> list[Told]:
    """What each quarter of a unit's says, to the last one that has a file; nothing where one in
    which it was open and that was over by the cut has none.
    """
    found = []
    for period, told in parts:
        if agency.pk in told:
            found.append((period, told[agency.pk]))
            continue
        was_open = agency.opened_on is None or agency.opened_on <= period.last
        was_open &= agency.closed_on is None or agency.closed_on >= period.first
        if was_open:
            return found if period.end > cut else []
    return found


def _added(agency: Agency, told: Sequence[Told]) -> Brought:
    """What came in and what ended in the quarters adds up; (6) is the first one's, what is open the
    last one's (R-107). What one of them does not say is not said.
    """
    says = [row.measures for _, row in told]
    ways = {"sum": sum, "first": lambda values: values[0], "last": lambda values: values[-1]}
    figures = {
        name: ways[way]([one[name] for one in says])
        for name in says[0]
        if (way := way_of(name)) and all(name in one for one in says)
    }
    for whole, parts in FOLLOW.items():
        if all(name in figures for name in parts):
            figures[whole] = sum(figures[name] for name in parts)
    files = tuple(replace(_origin(row.file), period=period.label) for period, row in told)
    last = max(files, key=lambda one: (one.recorded_at, one.file_id))
    return Brought(agency, figures, replace(last, period="", quarters=files))


def within(scope: Scope, units: Units) -> Units:
    """Those of them that stand in a table of this scope."""
    if not scope.whole:
        return {}
    return {pk: one for pk, one in units.items() if scope.has(pk, one.agency.path)}


def _brought(row: BroughtFigures) -> Brought:
    return Brought(row.agency, row.measures, _origin(row.file))


def _origin(file: BroughtFile) -> Origin:
    assert file.recorded_at is not None
    return Origin(file.pk, file.file_name, file.sha256, file.recorded_at)


def numbered(units: Units) -> Units:
    """With the number of each one's file, or files of quarters, where there are several; in the
    order of recording.
    """
    files = {one.origin for one in units.values()}
    if len(files) < 2:
        return units
    told = sorted(files, key=_order)
    numbers = {origin: number for number, origin in enumerate(told, start=1)}
    return {
        pk: replace(one, origin=replace(one.origin, number=numbers[one.origin]))
        for pk, one in units.items()
    }


def _order(one: Origin) -> tuple[object, ...]:
    return one.recorded_at, one.file_id, [quarter.file_id for quarter in one.quarters]


def both(units: Units, counted: set[int]) -> Iterator[str]:
    """What does not hold where a unit has dossiers here as well: those count, the file's do not."""
    for pk in sorted(units.keys() & counted):
        one = units[pk]
        yield (
            f"{one.agency.name} ({one.agency.code}) có hồ sơ trong hệ thống ở kỳ này nên số liệu từ tệp"
            f" {_names(one.origin)} không được cộng. Hãy hoàn tác tệp đó hoặc kiểm tra lại."
        )


def _names(origin: Origin) -> str:
    return ", ".join(f"“{name}”" for name in dict.fromkeys(one.name for one in origin.files))
