"""When two records ask the same."""

import unicodedata


def same_words(text: str) -> str:
    """What two texts share when they differ in blanks, case and normal form only: nothing else is
    the same question. Diacritics, figures and signs all count.
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
