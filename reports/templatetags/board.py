"""Figures and shares as the dashboard writes them. Load with {% load board %}.

number|figure      1.234; "—" for None
number|share       12,50%; "—" for None, for what has nothing to be a part of
took|days          12,5: days of a length of time; "—" for None
found|tenth        12,5: a number that is rounded to tenths already
said|of:key        what a mapping holds under a key; "" where it holds nothing
at|instant         09:00:00 thứ Hai 23/11/2026: the moment of a page
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from onestop.worktime import weekday
from reports.rendering.texts import NO_DATA, cell

register = template.Library()


@register.filter
def figure(value: int | None) -> str:
    return cell(value)


@register.filter
def share(value: Decimal | None) -> str:
    return NO_DATA if value is None else f"{value:.2f}%".replace(".", ",")


@register.filter
def days(value: timedelta | None) -> str:
    return NO_DATA if value is None else f"{value / timedelta(1):.1f}".replace(".", ",")


@register.filter
def tenth(value: Decimal) -> str:
    return f"{value:.1f}".replace(".", ",")


@register.filter
def instant(value: datetime) -> str:
    at = timezone.localtime(value)
    return f"{at:%H:%M:%S} {weekday(at)} {at:%d/%m/%Y}"


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    return found.get(key, "")
