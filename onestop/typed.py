"""What people type and paste, made ordinary before anything reads it: digits, dashes, blanks. Pure.

`str.isdigit()` also says yes to "²" and "①", which `int()` refuses: a number is asked for here, not
there.
"""

import re
import unicodedata

from onestop.texts import in_one_line

_DROPPED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Pd", "Ps", "Pe"})
_DROPPED_SIGNS = frozenset("./·•−")
# Western letters that conversions from the old code pages (TCVN3, VNI, VISCII) and foreign
# keyboards leave for Đ and đ,
# and a D crossed out by a combining stroke.
_REAL_D = str.maketrans({"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ"})
_CROSSED_D = re.compile("([Dd])[\u0335\u0336\u0337\u0338]")
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_SHIFT = 0xFEE0


def plain_digits(text: str) -> str:
    """Digits of any script as 0–9, full-width letters and signs as the ordinary ones; all else as
    it was.
    """
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if ord(sign) in _FULL_WIDTH:
        return chr(ord(sign) - _FULL_WIDTH_SHIFT)
    return sign


def squeeze(text: str) -> str:
    """A number without what only groups its digits: blanks, dots, dashes, brackets, slashes, signs
    that nobody sees.
    """
    kept = (s for s in plain_digits(text) if s not in _DROPPED_SIGNS)
    return "".join(s for s in kept if unicodedata.category(s) not in _DROPPED)


def is_digits(text: str) -> bool:
    """0–9 and nothing else, at least one: safe for int() and for rules of length."""
    return text.isascii() and text.isdigit()


def odd_figure(text: str) -> str:
    """The first sign that looks like a figure and is no digit ("²", "①", "½"); "" when there is
    none.
    """
    return next((s for s in text if s.isnumeric() and not s.isdecimal()), "")


def real_d(text: str) -> str:
    """A Vietnamese text whose Đ was keyed or converted as a letter that only looks like it."""
    if text.isascii():
        return text
    return _CROSSED_D.sub(lambda found: "Đ" if found[1] == "D" else "đ", text.translate(_REAL_D))


def one_line(text: str) -> str:
    """What was typed, letters composed one way with a real Đ, single spaces."""
    return in_one_line(real_d(unicodedata.normalize("NFC", text)))
