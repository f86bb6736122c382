"""II.06a figures by "Exact meanings", straight from a file of dossiers: slow, and sharing nothing
with the product but the names of fields.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

VN = ZoneInfo("Asia/Ho_Chi_Minh")
DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "history-sample.csv"
PERIODS = {
    "2026Q2": (date(2026, 3, 15), date(2026, 6, 14)),
    "2026Q3": (date(2026, 6, 15), date(2026, 9, 14)),
    "2026M10": (date(2026, 9, 15), date(2026, 10, 14)),
    "2026-05-01..2026-07-31": (date(2026, 5, 1), date(2026, 7, 31)),
}
COLUMNS = [str(number) for number in range(3, 14)]
Figures = dict[str, dict[str, int]]


def expected() -> dict[str, dict[str, Figures]]:
    found: dict[str, dict[str, Figures]] = json.loads(
        (DATA / "history-sample-ii06a.json").read_text("utf-8")
    )
    return found


def sample() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bounds(period: str) -> tuple[datetime, datetime]:
    """The first instant of a period and the first after it."""
    first, last = PERIODS[period]
    return midnight(first), midnight(last + timedelta(days=1))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VN)


def figures(
    rows: Iterable[Mapping[str, str]], agency: str, period: str, field: Callable[[str], str]
) -> Figures:
    """By field: the columns of the table. In: the field of a procedure's code."""
    first, after = bounds(period)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        at = {name: _at(row[name]) for name in ("received_at", "due_at", "finished_at")}
        received, due, ended = at["received_at"], at["due_at"], at["finished_at"]
        assert received is not None
        if row["agency"] != agency or received >= after or (ended is not None and ended < first):
            continue
        columns = found[field(row["procedure"])]
        columns["3"] += 1
        columns[_came(row, received, first)] += 1
        if ended is not None and ended < after:
            columns["7"] += 1
            columns[_verdict(row, due, ended)] += 1
        else:
            columns["11"] += 1
            columns[_open(row, due, after)] += 1
    return {name: {one: columns[one] for one in COLUMNS} for name, columns in found.items()}


def _at(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(VN) if text else None


def _came(row: Mapping[str, str], received: datetime, first: datetime) -> str:
    if received < first:
        return "6"
    return "4" if row["channel"].startswith("truc-tuyen") else "5"


def _verdict(row: Mapping[str, str], due: datetime | None, ended: datetime) -> str:
    asked = (
        _at(row["waiting_from_1"]) if row["waiting_from_1"] and not row["waiting_to_1"] else None
    )
    judged = asked or ended
    if due is not None and judged.date() > due.date():
        return "10"
    early = due is not None and judged.date() < due.date()
    return "8" if early and row["status"] not in ("7", "8") else "9"


def _open(row: Mapping[str, str], due: datetime | None, after: datetime) -> str:
    if due is None:
        return "12"
    late_from = midnight(due.date() + timedelta(days=1))
    asked, answered = _at(row["waiting_from_1"]), _at(row["waiting_to_1"])
    if asked is not None and asked < after and (answered is None or answered >= after):
        return "13" if asked >= late_from else "12"
    return "13" if late_from < after else "12"
