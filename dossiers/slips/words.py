"""How official papers write times (NĐ 30/2020, Phụ lục I): 0 stands only before days below ten and
before months one and two.
"""

from datetime import date, datetime

from django.utils import timezone


def day_words(value: date) -> str:
    """ngày 05 tháng 9 năm 2026; an instant by its day in Vietnam."""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return (
        f"ngày {day:%d} tháng {day.month:02d} năm {day:%Y}"
        if day.month < 3
        else f"ngày {day:%d} tháng {day.month} năm {day:%Y}"
    )


def time_words(value: datetime) -> str:
    """17 giờ 00 phút, ngày 30 tháng 6 năm 2026."""
    at = timezone.localtime(value)
    return f"{at:%H} giờ {at:%M} phút, {day_words(at)}"
