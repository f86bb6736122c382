"""Filters of the printed slips: times as official papers write them, dotted blanks. Load with {% load slip %}."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

BLANK = "……………………"
BLANK_TIME = "…… giờ …… phút, ngày …… tháng …… năm ……"


@register.filter
def long_time(value: datetime | None) -> str:
    """17 giờ 00 phút, ngày 30 tháng 11 năm 2026."""
    if value is None:
        return BLANK_TIME
    at = timezone.localtime(value)
    return f"{at:%H} giờ {at:%M} phút, ngày {at:%d} tháng {at:%m} năm {at:%Y}"


@register.filter
def long_day(value: datetime) -> str:
    """ngày 30 tháng 11 năm 2026."""
    at = timezone.localtime(value)
    return f"ngày {at:%d} tháng {at:%m} năm {at:%Y}"


@register.filter
def blank(value: Any) -> str:
    """The value, or a dotted blank to be filled in by hand."""
    return str(value) if value not in (None, "") else BLANK


@register.filter
def padded(value: int | None) -> str:
    """Order numbers of the register: at least two digits (01, 02, …)."""
    return "……" if value is None else f"{value:02d}"


@register.filter
def count(value: int) -> str:
    """A count of the checklist; nothing instead of 0."""
    return f"{value:02d}" if value else ""


@register.filter
def lower_first(value: str) -> str:
    """The same words in the middle of a sentence."""
    return value[:1].lower() + value[1:]


@register.filter
def code_breaks(code: str) -> SafeString:
    """A dossier code that may break after its hyphens in a narrow column."""
    return format_html_join(mark_safe("-<wbr>"), "{}", ((part,) for part in code.split("-")))
