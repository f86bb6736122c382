"""Whether words were typed for a person or for a procedure: by the names that they stand in, as they
stand there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from onestop.folding import fold

# Beside each other, with the marks that were typed, to the end of the last word.
Fit = tuple[bool, bool, bool]
NOWHERE: Fit = (False, False, False)
# Found by a name that no line shows: who brought it, who took the result.
UNSEEN: Fit = (True, True, False)
_WORDS = re.compile(r"[^\W_]+")


def people_lead(text: str, owners: Iterable[str], procedures: Iterable[str]) -> int:
    """More than 0 where these words are rather the owners' than the procedures', less where it is
    the other way round, 0 where they stand as well in both. "Đạt" is no "đất đai"; "dat" is both.
    """
    typed = _words(text)
    people = max((_fit(typed, name, UNSEEN) for name in owners), default=NOWHERE)
    others = max((_fit(typed, name, NOWHERE) for name in procedures), default=NOWHERE)
    return (people > others) - (people < others)


def _words(text: str) -> list[str]:
    """The words as they are written, each letter with its marks in one sign."""
    return _WORDS.findall(unicodedata.normalize("NFC", text).lower())


def _fit(typed: list[str], name: str, otherwise: Fit) -> Fit:
    """How the words stand in a name, at best; `otherwise` where they do not stand beside each
    other.
    """
    words = _words(name)
    places = range(len(words) - len(typed) + 1) if typed else range(0)
    rows = (words[place : place + len(typed)] for place in places)
    return max((_fit_of(typed, row) for row in rows if _stands(typed, row)), default=otherwise)


def _stands(typed: list[str], row: list[str]) -> bool:
    *whole, last = map(fold, typed)
    *before, end = map(fold, row)
    return whole == before and end.startswith(last)


def _fit_of(typed: list[str], row: list[str]) -> Fit:
    marked = all(
        fold(said) == said or _marks(said) == _marks(stands[: len(said)])
        for said, stands in zip(typed, row, strict=True)
    )
    return True, marked, len(typed[-1]) == len(row[-1])


def _marks(word: str) -> list[str]:
    """Letters and marks whatever their order: "hoà" is "hòa"."""
    return sorted(unicodedata.normalize("NFD", word))
