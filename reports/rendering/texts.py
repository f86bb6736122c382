"""Values as every form of output writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onestop.worktime import VN

NO_DATA = "—"


def cell(value: Any, *, counts: bool = True) -> str:
    """Nothing recorded is “—”, never 0. `counts`: whether a number tells how many; in a list it is
    the name of something and has no thousands.
    """
    if value is None:
        return NO_DATA
    if isinstance(value, datetime):
        return written(value)
    return f"{value:,}".replace(",", ".") if counts and isinstance(value, int) else str(value)


def apart(number: int) -> str:
    """How much one figure is more or less than another."""
    return f"{number:+,}".replace(",", ".") if number else "="


def written(at: datetime, *, seconds: bool = False) -> str:
    here = at.astimezone(VN)
    clock = "%H:%M:%S" if seconds else "%H:%M"
    return f"{here.strftime(clock)} ngày {here:%d/%m/%Y}"
