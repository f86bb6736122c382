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
from reports.figures.measures import way_of
from reports.figures.tables import Table, table
from reports.models import Column, SignedReport, Source
from reports.periods import Period

# Column number -> figure of a row.
Values = Mapping[str, int]
# Units without dossiers by their code: what the row is called, and its figures.
Units = Mapping[str, tuple[str, Values]]


@dataclass(frozen=True, slots=True)
class _Part:
    """One quarter: its period, the report that was signed for it, and its figures."""

    period: Period
    report: SignedReport | None
    values: Values
    # What counts in them of units without dossiers.
    brought: Units

    def places(self, whole: Table) -> Places:
        if self.report is None:
            return carried.places(whole.form, whole.scope, self.period, whole.cut)
        return signed_places(self.report)


def signed_places(report: SignedReport) -> Places:
    """Where a signed report counts each of its dossiers."""
    return {pk: Place(a, f, tuple(columns)) for pk, a, f, columns in report.dossiers}


def parts_of(period: Period, cut: datetime) -> list[Period]:
    """The quarters of a year or half that had begun by the cut; none of another period."""
    return [one for one in period.quarters() if one.start <= cut]


def compared(whole: Table, signed: Mapping[str, SignedReport]) -> dict[str, Any]:
    """A year's or half's table beside its quarters, as it is kept and printed; empty for others.

    In: the signed reports of its form and agency by period code. Two statements and the names of
    rows for each quarter that is not signed, one for the whole, four for the names of what differs.
    """
    periods = parts_of(whole.period, whole.cut)
    columns = [one for one in whole.columns if way_of(one.measure)]
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
        said = {row["code"]: (row["label"], _ints(row)) for row in from_files}
        return _Part(period, report, figures["total"], said)
    filled = table(whole.form, whole.scope, period, whole.cut)
    return _Part(period, None, _totals(filled), _brought(filled))


def _totals(found: Table) -> Values:
    assert found.total is not None
    return _ints(found.total.values)


def _brought(found: Table) -> Units:
    return {row.code: (row.label, _ints(row.values)) for row in found.brought}


def _figures(units: Units, code: str) -> Values:
    """Of one unit; none where nothing was brought of it."""
    return units[code][1] if code in units else {}


def _ints(values: Mapping[str, Any]) -> Values:
    return {n: value for n, value in values.items() if isinstance(value, int)}


def _told_of_files(
    whole: Table, parts: Sequence[_Part], columns: Sequence[Column]
) -> dict[str, list[dict[str, Any]]]:
    """The units whose files say otherwise of the whole than of the quarters, and by how much; nothing
    is there where all agree. A unit that was renamed meanwhile is called as it is called last.
    """
    own = _brought(whole)
    called = {
        code: label
        for units in (*(part.brought for part in parts), own)
        for code, (label, _) in units.items()
    }
    found = []
    for code, label in sorted(called.items(), key=lambda one: (one[1], one[0])):
        quarters = [replace(one, values=_figures(one.brought, code)) for one in parts]
        values = _figures(own, code)
        apart = {n: values.get(n, 0) - sums for n, sums in _summed(quarters, columns).items()}
        if any(apart.values()):
            differences = {n: value for n, value in apart.items() if value}
            found.append({"row": f"{label} ({code})", "differences": differences})
    return {"from_files": found} if found else {}


def _takes(column: Column, place: int, last: int) -> bool:
    """Whether the part at this place counts for a column of the whole."""
    return {"sum": True, "first": place == 0, "last": place == last}.get(
        way_of(column.measure), False
    )


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
