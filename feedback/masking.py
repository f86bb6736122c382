"""What a text says of itself by which its dossier could be found, covered (R-105): the names in the
dossier, however they are typed, before it is kept; numbers, addresses of e-mail, days and times when it
is shown.

Were names covered when it is shown, whoever corrects a name in a dossier would see which text changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from onestop.folding import fold

COVER = "…"
_MAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
# When somebody came and when they should have come is how a counter knows whom it served.
_DAY = re.compile(
    r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}(?!\d)"
    r"|(?<!\d)\d{1,2}/\d{1,2}(?![\d/])"
    # A whole date after the word is one of those above.
    r"|(?<!\w)(?:ngày|mùng|mồng)\s+\d{1,2}(?!\d|/\d|[.\-]\d{1,2}[.\-])(?:\s+tháng\s+\d{1,2})?(?:\s+năm\s+\d{4})?(?!\d)"
    # Not "ngày 2 lần".
    r"(?!\s+(?:lần|lượt|buổi|giờ|người))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<!\d)\d{1,2}\s?[:h]\s?\d{2}(?!\d)"
    r"|(?<!\w)lúc\s+\d{1,2}\s?(?:h|giờ)(?:\s?\d{1,2})?(?:\s+phút)?(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d(?:[\s.\-()]{0,3}\d){5,}")
# As long as a telephone's: covered before a part of it, 12.34.56 of 0912.34.56.78, reads as a day.
_LONG = re.compile(r"(?<![\d/])\d(?:[\s.\-()]{0,3}\d){8,}(?![\d/])")


def without_names(words: str, *names: str) -> str:
    """`names`: of the dossier and of its people, each covered where it stands as words. Called by
    migration 0002 too: name and arguments stay.
    """
    words = unicodedata.normalize("NFC", words)
    for name in filter(None, names):
        words = _without(words, unicodedata.normalize("NFC", name))
    return words


def covered(words: str) -> str:
    """Without what needs no names to be found."""
    for pattern in (_MAIL, _LONG, _DAY, _TIME, _NUMBER):
        words = pattern.sub(COVER, words)
    return words


def _without(words: str, name: str) -> str:
    words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", COVER, words, flags=re.IGNORECASE)
    parts = fold(name).split()
    if len(parts) < 2:
        # One word without its marks is many other words: Ân is ăn, an, ấn.
        return words
    plain, places = _plain(words)
    wanted = r"\s+".join(map(re.escape, parts))
    for found in reversed(list(re.finditer(rf"(?<!\w){wanted}(?!\w)", plain))):
        words = words[: places[found.start()]] + COVER + words[places[found.end() - 1] + 1 :]
    return words


def _plain(words: str) -> tuple[str, list[int]]:
    """The folded text, and of each sign of it where it comes from."""
    signs = list(_signs(words))
    return "".join(sign for sign, _ in signs), [place for _, place in signs]


def _signs(words: str) -> Iterator[tuple[str, int]]:
    for place, sign in enumerate(words):
        for one in " " if sign.isspace() else fold(sign):
            yield one, place
