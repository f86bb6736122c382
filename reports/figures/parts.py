"""What a year says beside its quarters (and a half): which figures differ, and because of which
dossiers.

Of quarters only what came in and what ended adds up; (6) is the first one's, what is open the last
one's. A quarter counts as it was signed, else by the same cut. So nothing differs but what became
known since a quarter was signed, and what was moved between offices or fields after its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onestop.worktime import VN
from reports.figures import carried
from reports.figures.carried import Place, Places
from reports.figures.tables import Table, table
from reports.models import Column, SignedReport, Source
from reports.periods import Kind, Period, of_year

# Column number -> figure of the total row.
Values = Mapping[str, int]
_QUARTERS = {Kind.YEAR: 4, Kind.HALF: 2}


@dataclass(frozen=True, slots=True)
class _Part:
    """One quarter: its period, the report that was signed for it, and its figures."""

    period: Period
    report: SignedReport | None
    values: Values
    # What counts in them of units without dossiers, by what the rows are called.
    brought: Mapping[str, Values]

    def places(self, whole: Table) -> Places:
        if self.report is None:
            return carried.places(whole.form, whole.scope, self.period, whole.cut)
        return signed_places(self.report)


def signed_places(report: SignedReport) -> Places:
    """Where a signed report counts each of its dossiers."""
    return {pk: Place(a, f, tuple(columns)) for pk, a, f, columns in report.dossiers}


def parts_of(period: Period, cut: datetime) -> list[Period]:
    """The quarters of a year or half that had begun by the cut; none of another period."""
    number = _QUARTERS.get(period.kind)
    if number is None:
        return []
    first = (period.number - 1) * number + 1 if period.kind is Kind.HALF else 1
    found = (
        of_year(period.year, Kind.QUARTER, one, statutory=period.is_statutory)
        for one in range(first, first + number)
    )
    return [one for one in found if one.start <= cut]


def compared(whole: Table, signed: Mapping[str, SignedReport]) -> dict[str, Any]:
    """A year's or half's table beside its quarters, as it is kept and printed; empty for others.

    In: the signed reports of its form and agency by period code. Two statements and the names of
    rows for each quarter that is not signed, one for the whole, four for the names of what differs.
    """
    periods = parts_of(whole.period, whole.cut)
    columns = [one for one in whole.columns if _way(one)]
    if whole.form.source != Source.DOSSIERS or not (periods and columns):
        return {}
    found = [_part(whole, one, signed.get(one.code)) for one in periods]
    numbers = [one.number for one in columns]
    sums, own = _summed(found, columns), _totals(whole)
    return {
        "parts": [
            {
                "label": part.period.label,
                "signed": part.report is not None,
                "values": {number: part.values.get(number, 0) for number in numbers},
            }
            for part in found
        ],
        "sums": sums,
        "differences": {number: own.get(number, 0) - sums[number] for number in numbers},
        # Also where the sums are equal: one more and one less hide each other.
        "dossiers": list(_dossiers(whole, found, columns)),
    } | _told_of_files(whole, found, columns)


def _part(whole: Table, period: Period, report: SignedReport | None) -> _Part:
    if report is not None:
        figures = report.figures
        from_files = [row for row in figures["rows"] if "from_file" in row]
        said = {_row(row["label"], row.get("code", "")): _ints(row) for row in from_files}
        return _Part(period, report, figures["total"], said)
    filled = table(whole.form, whole.scope, period, whole.cut)
    return _Part(period, None, _totals(filled), _brought(filled))


def _totals(found: Table) -> Values:
    assert found.total is not None
    return _ints(found.total.values)


def _brought(found: Table) -> dict[str, Values]:
    return {_row(row.label, row.code): _ints(row.values) for row in found.brought}


def _ints(values: Mapping[str, Any]) -> Values:
    return {n: value for n, value in values.items() if isinstance(value, int)}


def _row(label: str, code: str) -> str:
    return f"{label} ({code})"


def _told_of_files(
    whole: Table, parts: Sequence[_Part], columns: Sequence[Column]
) -> dict[str, list[dict[str, Any]]]:
    """The units whose files say otherwise of the whole than of the quarters, and by how much; nothing
    is there where all agree.
    """
    own = _brought(whole)
    found = []
    for row in sorted(set(own).union(*(part.brought for part in parts))):
        sums = _summed([replace(one, values=one.brought.get(row, {})) for one in parts], columns)
        values = own.get(row, {})
        apart = {n: values.get(n, 0) - value for n, value in sums.items()}
        if any(apart.values()):
            found.append({"row": row, "differences": {n: v for n, v in apart.items() if v}})
    return {"from_files": found} if found else {}


def _way(column: Column) -> str:
    """How a column of quarters makes that of their year: "sum", "first", "last"; "" not at all."""
    if column.measure == "carried":
        return "first"
    if column.measure.startswith(("received", "ended")):
        return "sum"
    return "last" if column.measure.startswith("open") else ""


def _takes(column: Column, place: int, last: int) -> bool:
    """Whether the part at this place counts for a column of the whole."""
    return {"sum": True, "first": place == 0, "last": place == last}.get(_way(column), False)


def _summed(parts: Sequence[_Part], columns: Sequence[Column]) -> dict[str, int]:
    last = len(parts) - 1
    return {
        one.number: sum(
            part.values.get(one.number, 0)
            for place, part in enumerate(parts)
            if _takes(one, place, last)
        )
        for one in columns
    }


def _dossiers(
    whole: Table, parts: Sequence[_Part], columns: Sequence[Column]
) -> Iterator[dict[str, Any]]:
    """The dossiers that quarters and year count otherwise, by their codes."""
    places = [part.places(whole) for part in parts]
    own = carried.places(whole.form, whole.scope, whole.period, whole.cut)
    everything = set(own).union(*places)
    odd = [pk for pk in everything if _differs(pk, places, own, columns)]
    codes = carried.codes(odd)
    cuts = [part.report.cut for part in parts if part.report is not None]
    dates = carried.dates(sorted(odd), min(cuts)) if cuts else {}
    called = carried.rows_called()
    for pk in sorted(odd, key=lambda one: codes[one]):
        happened, recorded = dates.get(pk, (None, None))
        yield {
            "code": codes[pk],
            "parts": [
                [part.period.label, called(one[pk]), list(one[pk].columns)]
                for part, one in zip(parts, places, strict=True)
                if pk in one
            ],
            "whole": [called(own[pk]), list(own[pk].columns)] if pk in own else ["", []],
            "happened_at": happened.astimezone(VN).isoformat() if happened else None,
            "recorded_at": recorded.astimezone(VN).isoformat() if recorded else None,
        }


def _differs(pk: int, parts: Sequence[Places], own: Places, columns: Sequence[Column]) -> bool:
    said: Counter[tuple[int, int, str]] = Counter()
    last = len(parts) - 1
    for number, places in enumerate(parts):
        said.update(_counted(places.get(pk), [one for one in columns if _takes(one, number, last)]))
    return said != Counter(_counted(own.get(pk), columns))


def _counted(place: Place | None, columns: Iterable[Column]) -> Iterator[tuple[int, int, str]]:
    """Row and column of each figure that counts a dossier."""
    if place is not None:
        for one in columns:
            if place.counts_as(one.number):
                yield place.agency_id, place.field_id, one.number
