"""Texts from outside, read safely: whole numbers, names and sentences as a person means them.

Plain functions over values, for views, forms and commands alike. What is no number is None, never
an exception.
"""

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

# What every key column of both engines can hold, and what a column of small numbers can.
MOST_ID = 2**63 - 1
MOST_NUMBER = 2**31 - 1
_FIGURES = re.compile(r"[0-9]{1,19}", re.ASCII)

# Signs that print nothing although Unicode counts them as letters, marks or symbols: fillers and
# blank patterns.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}
# Controls, formats (zero-width signs, direction signs, soft hyphen, tags) and halves of characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_NO_CHARACTERS = frozenset({"\ufffe", "\uffff"})
# The languages of this country stack two marks on a letter; more than these on one letter is noise
# that runs into other lines.
MOST_MARKS = 4


def whole_number(text: str, *, most: int = MOST_ID) -> int | None:
    """The number that a text of plain figures says, up to `most`; None for anything else.

    `str.isdigit()` takes "²" and `int()` takes figures of any script and any length: neither may
    read what a stranger sent.
    """
    if not _FIGURES.fullmatch(text):
        return None
    number = int(text)
    return number if number <= most else None


def address_parts(text: str) -> SplitResult | None:
    """An address taken apart; None when it cannot be ("http://[x", "http://x]", signs that no host
    has).
    """
    try:
        return urlsplit(text)
    except ValueError:
        return None


def in_one_line(text: str) -> str:
    """What was typed without signs that nobody sees, letters composed one way, single blanks."""
    return " ".join(_seen(text).split())


def in_lines(text: str) -> str:
    """The same for a text of several lines, whose lines stay."""
    return _seen(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_letter(text: str) -> bool:
    """Whether a text can be a name: dashes, dots and figures alone name nobody."""
    return any(sign.isalpha() for sign in text)


def has_word(text: str) -> bool:
    """Whether a text says anything: at least one letter or figure."""
    return any(sign.isalnum() for sign in text)


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if sign in "\n\t\v\f\x85\u2028\u2029":
            kept.append("\n" if sign == "\n" else " ")
        elif category not in _UNSEEN and sign not in _BLANK and sign not in _NO_CHARACTERS:
            marks = marks + 1 if category in ("Mn", "Me") else 0
            if marks <= MOST_MARKS:
                kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def web_address(text: str) -> str:
    """What may stand as a link: the text itself where it is an address of the web, else ""."""
    return text if text.startswith(("https://", "http://")) else ""
