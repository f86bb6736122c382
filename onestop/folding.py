"""Names and codes without diacritics, one way everywhere: search, sort keys, tokens.

Stored keys are made of this (NameKey, sort_name, Agency.folded): after a change here, `manage.py
rebuild_names` and a migration of the other columns.
"""

import re
import unicodedata
from itertools import product

from anyascii import anyascii

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[0-9a-z]+")
# "H' Hoa", "O ’Neill": a blank beside the apostrophe of a short first part is a slip of the hand.
_LOOSE_MARK = re.compile(r"(?<![0-9a-z])([a-z]{1,2})\s*['’‘ʼ`´′＇]\s*(?=[a-z])")
# Names with more marked words than this are spelt all apart and all together only.
MOST_MARKED = 2


def fold(text: str) -> str:
    """Lower case, no diacritics (đ becomes d, ø o, ß ss, Ж zh), single spaces. NFC and NFD input
    give the same.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    if not plain.isascii():
        plain = "".join(c if c.isascii() else _ascii(c) for c in plain)
    return _SPACES.sub(" ", plain).strip()


def _ascii(sign: str) -> str:
    """Letters that Unicode does not take apart, and figures of other scripts; other signs stay."""
    if sign.isalpha():
        return anyascii(sign).lower()
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return "" if unicodedata.category(sign) == "Cf" else sign


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order; an apostrophe or a dash parts words."""
    return _WORDS.findall(fold(text))


def joined(text: str) -> list[str]:
    """The folded words of a text as they are run together: "H'Hoa Niê-Kđăm" is hhoa, niekdam."""
    return ["".join(parts) for parts in _parts(text)]


def spellings(text: str) -> list[list[str]]:
    """The ways people key a name whose words hold an apostrophe or a dash: apart first, then run
    together.

    "H'Hoa Niê" gives ["h", "hoa", "nie"] and ["hhoa", "nie"]. A name without marks has one
    spelling.
    """
    words = _parts(text)
    marked = sum(len(parts) > 1 for parts in words)
    if not marked:
        return [[word for parts in words for word in parts]]
    if marked > MOST_MARKED:
        return [[word for parts in words for word in parts], ["".join(parts) for parts in words]]
    ways = product(*((parts, ["".join(parts)]) if len(parts) > 1 else (parts,) for parts in words))
    return [[word for parts in way for word in parts] for way in ways]


def _parts(text: str) -> list[list[str]]:
    """Word by word, as blanks part them, the pieces between marks."""
    whole = _LOOSE_MARK.sub(r"\1'", fold(text))
    return [parts for word in whole.split() if (parts := _WORDS.findall(word))]
