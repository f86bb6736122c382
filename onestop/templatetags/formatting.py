"""How dates, hours, money and shares are written in Vietnamese; times are shown in Vietnam time."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from onestop.worktime import local as in_vietnam
from onestop.worktime import weekday


def local(value: date | datetime) -> date | datetime:
    return in_vietnam(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def vn_datetime(value: Any) -> str:
    """dd/mm/yyyy HH:MM in Vietnam time; empty for nothing."""
    return f"{local(value):%d/%m/%Y %H:%M}" if isinstance(value, datetime) else vn_date(value)


def vn_date(value: Any) -> str:
    return f"{local(value):%d/%m/%Y}" if isinstance(value, date) else ""


def vn_time(value: Any) -> str:
    return f"{local(value):%H:%M}" if isinstance(value, datetime) else ""


def day_words(value: Any) -> str:
    """17:00 thứ Năm 26/11/2026; without the hour for a date."""
    if not isinstance(value, date):
        return ""
    day = local(value)
    words = f"{weekday(day)} {day:%d/%m/%Y}"
    return f"{day:%H:%M} {words}" if isinstance(day, datetime) else words


def in_groups(number: int) -> str:
    """70000 -> 70.000."""
    return f"{number:,}".replace(",", ".")


def money(value: Any) -> str:
    """Whole đồng: 70000 -> 70.000 đồng; empty for None (an unreadable fee is not 0)."""
    if value is None or value == "":
        return ""
    return f"{in_groups(int(value))} đồng"


def percent(value: Any) -> str:
    """85.25 -> 85,3%; one decimal, half up; empty for None."""
    if value is None or value == "":
        return ""
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded}%".replace(".", ",")
