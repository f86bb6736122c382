"""The look-up secret as people read and type it: 128 bits in the 26 letters and digits of
Crockford's base 32, printed in groups (docs/adr/0017).

The alphabet has neither I, L, O nor U. Whatever the case, the blanks and the dashes, whether 1 or l,
0 or O was typed, and whether a Vietnamese input method turned the letters around: it reads the same.
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 26
# 5-5-5-5-6: no group is longer than what the eye holds.
_GROUPS = (5, 5, 5, 5, 6)
_SHAPE = re.compile(f"[{ALPHABET}]{{{LETTERS}}}")
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−_.·]+")
_LOOK_ALIKES = str.maketrans("ILO", "110")
# What an input method made of two keys, undone: the key that each mark stands for.
_TELEX = {
    "\u0301": "S",
    "\u0300": "F",
    "\u0309": "R",
    "\u0303": "X",
    "\u0323": "J",
    "\u0306": "W",
    "\u031b": "W",
}
_VNI = {
    "\u0301": "1",
    "\u0300": "2",
    "\u0309": "3",
    "\u0303": "4",
    "\u0323": "5",
    "\u0302": "6",
    "\u031b": "7",
    "\u0306": "8",
}
_CIRCUMFLEX = "\u0302"


def written(number: bytes) -> str:
    """128 bits as 26 signs, without groups."""
    rest, signs = int.from_bytes(number), []
    for _ in range(LETTERS):
        rest, sign = divmod(rest, 32)
        signs.append(ALPHABET[sign])
    return "".join(reversed(signs))


def is_written(secret: str) -> bool:
    """Whether this is a secret of this writing; the ones before it had 22 signs and a case."""
    return bool(_SHAPE.fullmatch(secret))


def grouped(secret: str) -> str:
    """As the slip prints it: K7Q2M-8XW4D-…; a secret of the earlier writing stays as it is."""
    if not is_written(secret):
        return secret
    parts, at = [], 0
    for length in _GROUPS:
        parts.append(secret[at : at + length])
        at += length
    return "-".join(parts)


def readings(typed: str) -> list[str]:
    """What may have been meant, most likely first: as it stands, and with the marks of a Vietnamese
    input method turned back into keys (Telex, VNI).
    """
    found = [_bare(typed)]
    if not typed.isascii():
        found += [_bare(_undone(typed, telex=True)), _bare(_undone(typed, telex=False))]
    return list(dict.fromkeys(found))


def _bare(text: str) -> str:
    return _BETWEEN.sub("", text).upper().translate(_LOOK_ALIKES)


def _undone(text: str, *, telex: bool) -> str:
    """The keys behind what an input method wrote."""
    keys = _TELEX if telex else _VNI
    made: list[str] = []
    for sign in unicodedata.normalize("NFD", text):
        if sign in "đĐ":
            made.append("DD" if telex else "D9")
        elif sign == _CIRCUMFLEX and telex:
            made.append(made[-1] if made else "")
        elif sign == "\u031b" and telex and made and made[-1] in "uU":
            made[-1] = "W"  # the key alone writes "ư"
        else:
            made.append(keys.get(sign, sign))
    return "".join(made)
