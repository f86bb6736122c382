"""How the codes of a portal look, as an administrator writes it: letters and signs stand for
themselves, `#` for one digit, `#+` for one digit or more, `*` for letters and digits parted by dots.

Several patterns stand on lines of their own or behind semicolons. What a ministry's tail of digits
is as long as its volume asks for (four at least), so a code is text that fits, never taken apart.
"""

from __future__ import annotations

import re

from dossiers.reading_codes import code_in, normal_code

# Unit, day (yymmdd), number: the codes of the national portal and of the systems of ministries.
NATIONAL = "*-######-####+"
NATIONAL_NAME = "Cổng Dịch vụ công quốc gia"
LONGEST = 60
_SIGNS = re.compile(r"#\+?|\*|[A-Z0-9]|[.-]")
_PARTS = {"#": "[0-9]", "#+": "[0-9]+", "*": r"[A-Z0-9]+(?:\.[A-Z0-9]+)*"}


def patterns_in(text: str) -> list[str]:
    """The patterns of a text, each as it is kept: capitals, no blanks."""
    parts = re.split(r"[;\n]", text.upper())
    return [part for part in ("".join(one.split()) for one in parts) if part]


def fault_of(pattern: str) -> str:
    """Why a pattern cannot be one; "" where it can."""
    if not pattern or "".join(_SIGNS.findall(pattern)) != pattern:
        return "signs"
    if "**" in pattern or "#+#" in pattern:
        return "twice"
    return "" if "#" in pattern or "*" in pattern else "fixed"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(
        "".join(_PARTS.get(sign, re.escape(sign)) for sign in _SIGNS.findall(pattern))
    )


def fits(code: str, text: str) -> bool:
    """Whether a code as it is kept looks like one of these patterns."""
    return any(_compiled(one).fullmatch(code) for one in patterns_in(text) if not fault_of(one))


def portal_code(text: str) -> str:
    """A portal's code as it is kept, from how it is typed, pasted or listed; "" for what is none, or
    longer than any is.
    """
    found = normal_code(text) or code_in(text)
    return found if len(found) <= LONGEST else ""
