"""The identities of a table, checked before anybody signs it (R-106, R-111, R-112, R-116); what
does not hold is told with its dossiers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from dossiers.models import Dossier
from reports.figures import statement
from reports.figures.measures import of_dossiers
from reports.figures.tables import Row, Table
from reports.models import Source

NAMED = 20


def problems(table: Table) -> Iterator[str]:
    """What does not hold, as sentences. Two statements for a table of dossiers, else none."""
    yield from sums(table)
    if table.form.source == Source.DOSSIERS:
        yield from _by_dossier(table)


def sums(table: Table) -> Iterator[str]:
    """The identities of the form for every row, and the total row as the sum of the rows. A sum of
    which a file does not say a part cannot be checked, in its row as in what adds rows up; nor one
    of which nothing feeds a part.
    """
    if table.total is None or table.form.source == Source.ENTERED:
        return  # checked as it was filled in (entered.py)
    silent = _unsaid(table.brought)
    counted = {one.number for one in table.columns if one.measure}
    for row in (*table.rows, table.total):
        unsaid = silent if row.is_head or row is table.total else _unsaid([row])
        for whole, parts in table.form.identities:
            named = (whole, *parts)
            if not unsaid.isdisjoint(named) or not counted.issuperset(named):
                continue
            found = _sum(row.values[part] for part in parts)
            if found != row.values[whole]:
                yield (
                    f"Dòng “{row.label}”: cột ({whole}) là {row.values[whole]}, "
                    f"nhưng {_plus(parts)} là {found}."
                )
    for column in table.columns:
        parts = [row.values[column.number] for row in _counted(table.rows)]
        said = table.total.values[column.number]
        if column.measure and isinstance(said, int) and _sum(parts) != said:
            yield f"Cột ({column.number}): tổng các dòng là {_sum(parts)}, dòng “Tổng số” ghi {said}."


def _unsaid(rows: Iterable[Row]) -> set[str]:
    """The columns that the files of these rows do not say."""
    told = (row.values.items() for row in rows if row.origin is not None)
    return {number for values in told for number, value in values if value is None}


def _counted(rows: Iterable[Row]) -> list[Row]:
    """The rows that add up: where there are heads of levels, what lies below them."""
    return [row for row in rows if not row.is_head]


def _sum(values: Iterable[object]) -> int:
    return sum(value for value in values if isinstance(value, int))


def _plus(parts: Iterable[str]) -> str:
    return " + ".join(f"({part})" for part in parts)


def _by_dossier(table: Table) -> Iterator[str]:
    """Every dossier stands once, in one part of each sum, and the columns count just these."""
    measures = {one.number: one.measure for one in of_dossiers(table.columns)}
    names = list(dict.fromkeys(measures.values()))
    # Sums of what no dossier is, or nothing feeds, are no sums of dossiers.
    identities = [
        (whole, parts)
        for whole, parts in table.form.identities
        if measures.keys() >= {whole, *parts}
    ]
    seen: Counter[int] = Counter()
    counted: Counter[str] = Counter()
    torn: dict[str, list[int]] = {}
    for standing in statement.each(names, table.scope, table.period, table.cut):
        seen[standing.dossier_id] += 1
        counted.update(standing.met)
        for whole, parts in identities:
            met = sum(measures[part] in standing.met for part in parts)
            if met != int(measures[whole] in standing.met):
                torn.setdefault(f"({whole}) = {_plus(parts)}", []).append(standing.dossier_id)
    if twice := [pk for pk, times in seen.items() if times > 1]:
        yield f"Hồ sơ được tính hai lần: {_codes(twice)}."
    for identity, ids in torn.items():
        yield f"Hồ sơ làm lệch {identity}: {_codes(ids)}."
    assert table.total is not None
    for number, measure in measures.items():
        said = _sum([table.total.values[number]])
        said -= _sum(row.values[number] for row in table.brought)
        if counted[measure] != said:
            yield f"Cột ({number}) ghi {said}, nhưng đếm từng hồ sơ là {counted[measure]}."


def _codes(ids: list[int]) -> str:
    codes = list(
        Dossier.objects.filter(pk__in=ids[:NAMED]).order_by("code").values_list("code", flat=True)
    )
    more = f" và {len(ids) - NAMED} hồ sơ khác" if len(ids) > NAMED else ""
    return ", ".join(codes) + more
