"""A bar of parts for the template that draws it: shares of the width, so that patterns are not
stretched; no part that is there is too narrow to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# The longest bar fills so many thousandths of its picture; a part has at least so many.
_LONGEST, _SEEN = 880, 25


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: where it begins, how wide it is, what it says and opens."""

    key: str
    label: str
    number: int
    x: str
    width: str
    url: str = ""


def parts(found: Sequence[tuple[str, str, int, str]], longest: int) -> list[Part]:
    """The parts of one bar, drawn so that `longest` dossiers fill the width.

    In: (key, label, number, address) in order; parts of nothing are left out.
    """
    drawn: list[Part] = []
    x = 0
    for key, label, number, url in found:
        if number:
            width = max(_SEEN, round(_LONGEST * number / max(longest, 1)))
            drawn.append(Part(key, label, number, percent(x), percent(width), url))
            x += width
    return drawn


def percent(thousandths: int) -> str:
    """As an attribute of a picture writes it, whatever the language of the page."""
    return f"{thousandths // 10}.{thousandths % 10}%"
