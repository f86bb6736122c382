"""What people type and paste, made ordinary before anything reads it: digits, dashes, blanks. Pure.

`str.isdigit()` also says yes to "²" and "①", which `int()` refuses: a number is asked for here, not there.
"""

import unicodedata

_DROPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Pd", "Ps", "Pe"})
_DROPPED_SIGNS = frozenset("./·•−")
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_SHIFT = 0xFEE0


def plain_digits(text: str) -> str:
    """Digits of any script as 0–9, full-width letters and signs as the ordinary ones; all else as it was."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if ord(sign) in _FULL_WIDTH:
        return chr(ord(sign) - _FULL_WIDTH_SHIFT)
    return sign


def squeeze(text: str) -> str:
    """A number without what only groups its digits: blanks, dots, dashes, brackets, slashes, signs that nobody sees."""
    kept = (s for s in plain_digits(text) if s not in _DROPPED_SIGNS)
    return "".join(s for s in kept if unicodedata.category(s) not in _DROPPED)


def is_digits(text: str) -> bool:
    """0–9 and nothing else, at least one: safe for int() and for rules of length."""
    return text.isascii() and text.isdigit()


def odd_figure(text: str) -> str:
    """The first sign that looks like a figure and is no digit ("²", "①", "½"); "" when there is none."""
    return next((s for s in text if s.isnumeric() and not s.isdecimal()), "")
