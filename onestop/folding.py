"""Names and codes without diacritics, one way everywhere: search, sort keys, tokens."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[0-9a-z]+")


def fold(text: str) -> str:
    """Lower case, no Vietnamese diacritics (đ becomes d too), single spaces. NFC and NFD input give the same."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", plain).strip()


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORDS.findall(fold(text))
