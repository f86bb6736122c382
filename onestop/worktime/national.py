"""Vietnam's public-sector calendar, shipped as data with its sources."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from onestop.worktime.calendar import DEFAULT_SESSIONS, Calendar, Day, DayKind, weekdays_week
from onestop.worktime.index import Sessions

NATIONAL_FILE = Path(__file__).resolve().parents[2] / "data" / "public-calendar-vn.csv"

_KINDS = {
    "statutory": DayKind.HOLIDAY,
    "statutory_on_weekend": DayKind.HOLIDAY,
    "statutory_estimate": DayKind.HOLIDAY,
    "compensatory": DayKind.COMPENSATORY,
    "swapped_off": DayKind.SWAPPED_OFF,
    "makeup_working": DayKind.SWAPPED_WORKING,
}


@dataclass(frozen=True, slots=True)
class NationalDay:
    """A row of the file: the exception itself, and how sure its source is (`high`, `medium`,
    `low`).
    """

    day: Day
    confidence: str


def national_days(path: Path = NATIONAL_FILE) -> tuple[NationalDay, ...]:
    """The rows of the file in order (R-22 … R-24). Raises ValueError naming the line that does not
    fit.
    """
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                replaces = date.fromisoformat(row["replaces"]) if row["replaces"] else None
                day = Day(
                    date.fromisoformat(row["date"]),
                    _KINDS[row["kind"]],
                    row["name"],
                    replaces,
                    source=row["source"],
                )
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, dòng {number}: {error}") from error
            rows.append(NationalDay(day, row["confidence"]))
    return tuple(rows)


def provisional_years(rows: Iterable[NationalDay]) -> frozenset[int]:
    """Years with any day that no decision has fixed yet."""
    return frozenset(row.day.date.year for row in rows if row.confidence != "high")


@lru_cache(maxsize=8)
def vn_calendar(sessions: Sessions = DEFAULT_SESSIONS) -> Calendar:
    """The national calendar with the same sessions Monday to Friday."""
    rows = national_days()
    return Calendar(
        weeks=(weekdays_week(sessions),),
        days=tuple(row.day for row in rows),
        known_years=frozenset(row.day.date.year for row in rows),
        provisional_years=provisional_years(rows),
    )
