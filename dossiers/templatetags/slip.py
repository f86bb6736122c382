"""Filters of the printed slips: times as official papers write them, dotted blanks. Load with {%
load slip %}.
"""

from datetime import date, datetime
from typing import Any

from django import template

from dossiers.slips.words import day_words, time_words

register = template.Library()

BLANK = "……………………"
BLANK_TIME = "…… giờ …… phút, ngày …… tháng …… năm ……"


@register.filter
def long_time(value: datetime | None) -> str:
    """17 giờ 00 phút, ngày 30 tháng 6 năm 2026."""
    return BLANK_TIME if value is None else time_words(value)


@register.filter
def long_day(value: date) -> str:
    """ngày 30 tháng 6 năm 2026."""
    return day_words(value)


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
    """The same words in the middle of a sentence: a capital stays where it begins a name ("Sở Xây
    dựng …") or a shortened word.
    """
    first, _, rest = value.partition(" ")
    keeps = first[1:2].isupper() or rest[:1].isupper()
    return value if keeps else value[:1].lower() + value[1:]


_HEAD_STARTS = ("Ủy ban nhân dân", "Bộ phận Tiếp nhận", "Văn phòng Ủy ban nhân dân")
_CENTRE = "Trung tâm Phục vụ hành chính công"
_HEAD_LETTERS = 27


@register.filter
def head_lines(name: str) -> list[str]:
    """The name of an agency in the head of a paper, broken where its words belong together, else in
    the middle.
    """
    words = name.split()
    if len(name) <= _HEAD_LETTERS or len(words) < 2:
        return [name]
    if name.casefold().startswith(_CENTRE.casefold() + " "):
        return ["Trung tâm Phục vụ", "hành chính công", name[len(_CENTRE) :].strip()]
    cut = next(
        (
            len(start.split())
            for start in _HEAD_STARTS
            if name.casefold().startswith(start.casefold() + " ")
        ),
        0,
    )
    cut = cut or min(
        range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(name) / 2)
    )
    return [" ".join(words[:cut]), " ".join(words[cut:])]


@register.filter
def code_parts(code: str) -> list[str]:
    """The parts of a dossier code, for a narrow column where it may break after its hyphens."""
    return code.split("-")
