"""A year's figures beside those of its quarters, as every form of output writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.figures import Table
from reports.rendering.texts import NO_DATA, apart, cell, written


@dataclass(frozen=True, slots=True)
class OddOne:
    """A dossier that quarters and year count otherwise: rows and columns as texts, both dates."""

    code: str
    quarters: str
    year: str
    happened: str
    recorded: str

    @property
    def sentence(self) -> str:
        found = f"{self.code}: {self.quarters}. {self.year}."
        return f"{found} Xảy ra {self.happened}, ghi nhận {self.recorded}."


@dataclass(frozen=True, slots=True)
class Quarters:
    """`numbers`: columns that can be compared; `lines`: label and a text for each of them;
    `from_files`: what the files of units without dossiers say otherwise.
    """

    numbers: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    dossiers: tuple[OddOne, ...]
    from_files: tuple[str, ...] = ()

    @property
    def agree(self) -> bool:
        return not (self.dossiers or self.from_files)

    @property
    def sentence(self) -> str:
        compared = "cột (6) so với quý đầu, các cột đang giải quyết so với quý cuối"
        return f"So với các quý: {compared}{'; không có chênh lệch' if self.agree else ''}."


def quarters(table: Table) -> Quarters | None:
    """None for a table that is not beside quarters."""
    told = table.quarters
    if not told:
        return None
    numbers = tuple(told["sums"])
    parts = told["parts"]
    total = table.total
    assert total is not None
    rows = [
        *((_called(one), one["values"]) for one in parts),
        ("Cộng các quý", told["sums"]),
        (table.period.label, total.values),
    ]
    lines = [(label, tuple(cell(values[n]) for n in numbers)) for label, values in rows]
    differences = tuple(apart(told["differences"][n]) for n in numbers)
    return Quarters(
        numbers,
        (*lines, ("Chênh lệch", differences)),
        tuple(_odd(table.period.label, told["dossiers"])),
        tuple(map(_odd_file, told.get("from_files", ()))),
    )


def _odd_file(one: dict[str, Any]) -> str:
    by = ", ".join(
        f"cột ({n}) {apart(value)}"
        for n, value in sorted(one["differences"].items(), key=_by_number)
    )
    return f"{one['row']}: số liệu từ tệp của cả kỳ khác cộng các quý: {by}."


def _by_number(one: tuple[str, int]) -> tuple[int, str]:
    """PostgreSQL keeps no order of names."""
    return len(one[0]), one[0]


def _called(part: dict[str, Any]) -> str:
    return f"{part['label']} ({'đã ký' if part['signed'] else 'chưa ký'})"


def _odd(year: str, dossiers: list[dict[str, Any]]) -> Iterator[OddOne]:
    for one in dossiers:
        parts = [_place(*part) for part in one["parts"]]
        yield OddOne(
            one["code"],
            "; ".join(parts) or NO_DATA,
            _place(year, *one["whole"]) if one["whole"][1] else NO_DATA,
            *(_at(one[name]) for name in ("happened_at", "recorded_at")),
        )


def _place(period: str, row: str, columns: list[str]) -> str:
    return f"{period}: {row}, cột {' '.join(f'({number})' for number in columns)}"


def _at(text: str | None) -> str:
    return written(datetime.fromisoformat(text)) if text else NO_DATA
