"""Figures of units that do not work with this system, as rows of the tables that roll units up: read
only, marked with their file, without dossiers. Of several files of a unit and a period the last one
that is recorded by the cut counts, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from onestop.accounts.models import Agency
from reports.figures.scope import Scope
from reports.models import BroughtFigures, ReportForm, RowKind, Source
from reports.models.form import Reach
from reports.periods import Period

# The kinds of rows that tell offices apart: only there a unit can have a row of its own.
BY_OFFICE = (RowKind.UNIT, RowKind.LEVEL_UNIT, RowKind.LEVEL_FIELD)
KEY = "brought"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a row was brought from."""

    file_id: int
    name: str
    sha256: str
    recorded_at: datetime
    # Which of the table's files it is, counted from 1; 0 where there is one only.
    number: int = 0

    @property
    def mark(self) -> str:
        """What stands behind the name of a row."""
        return f"(từ tệp {self.number})" if self.number else "(từ tệp)"


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


def takes(form: ReportForm) -> bool:
    """Whether a form has rows for what was brought."""
    is_whole = form.reach == Reach.WHOLE and form.source == Source.DOSSIERS
    return is_whole and form.row_kind in BY_OFFICE


def known(form: ReportForm, period: Period, cut: datetime) -> Units:
    """All that was brought for a period. One statement; none for a form that takes nothing."""
    if not takes(form):
        return {}
    rows = BroughtFigures.objects.standing(period, cut).select_related("file", "agency")
    return {row.agency_id: _brought(row) for row in rows.defer("file__told", "file__units")}


def within(scope: Scope, units: Units) -> Units:
    """Those of them that stand in a table of this scope."""
    if not scope.whole:
        return {}
    return {pk: one for pk, one in units.items() if scope.has(pk, one.agency.path)}


def _brought(row: BroughtFigures) -> Brought:
    file = row.file
    assert file.recorded_at is not None
    origin = Origin(file.pk, file.file_name, file.sha256, file.recorded_at)
    return Brought(row.agency, row.measures, origin)


def numbered(units: Units) -> Units:
    """With the number of each one's file, where there are several; in the order of recording."""
    files = {(one.origin.recorded_at, one.origin.file_id) for one in units.values()}
    if len(files) < 2:
        return units
    numbers = {pk: number for number, (_, pk) in enumerate(sorted(files), start=1)}
    return {
        pk: replace(one, origin=replace(one.origin, number=numbers[one.origin.file_id]))
        for pk, one in units.items()
    }


def both(units: Units, counted: set[int]) -> Iterator[str]:
    """What does not hold where a unit has dossiers here as well: those count, the file's do not."""
    for pk in sorted(units.keys() & counted):
        one = units[pk]
        yield (
            f"{one.agency.name} ({one.agency.code}) có hồ sơ trong hệ thống ở kỳ này nên số liệu từ tệp"
            f" “{one.origin.name}” không được cộng. Hãy hoàn tác tệp đó hoặc kiểm tra lại."
        )
