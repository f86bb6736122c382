"""Vietnam's banks by the number that VietQR names them by (data/banks.csv)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "banks.csv"


@cache
def banks() -> dict[str, str]:
    """The short name of each bank by its BIN, in the order of the names."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        found = [(row["BIN"], row["Tên ngắn"]) for row in csv.DictReader(lines)]
    return dict(sorted(found, key=lambda one: one[1].casefold()))


def bank_name(number: str) -> str:
    """As people call it; the number itself where the list has none."""
    return banks().get(number, number)
