"""The QR of a citizen's card (căn cước), as a keyboard scanner types it: twelve digits, old number,
name, day of birth, sex, address, day of issue, between bars. Pure.

Some parts are empty, chips' readers send letters composed or taken apart and names in capitals, and
the PC's Vietnamese keyboard turns digits into letters. Nothing here raises: what cannot be read is
no card.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from onestop.texts import has_letter
from onestop.typed import is_digits, one_line, plain_digits, squeeze

MOST_READ = 1000
# The digits of the "Vietnamese" keyboard of Windows, which has letters and marks where others have
# 1…9 and 0.
DIGIT_KEYS = dict(zip("ăâêô\u0300\u0309\u0303\u0301\u0323đ", "1234567890", strict=True))
_KEYS = str.maketrans(DIGIT_KEYS | {key.upper(): digit for key, digit in DIGIT_KEYS.items()})
# Breve and circumflex: parts of the letters of those keys, never keys themselves.
_OF_LETTER = "\u0306\u0302"
_BARS_IN = re.compile("[|¦｜│]")
_BARS = str.maketrans("¦｜│", "|||")
_WORD = re.compile(r"[^\W\d_]+")
# What a scanner types for letters that its keyboard does not have.
_LOST = re.compile("[?\ufffd]")
_CARD, _OLD, _DAY = 12, 9, 8


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says; "" and None for what it does not, or not legibly."""

    number: str
    old_number: str = ""
    name: str = ""
    born: date | None = None
    sex: str = ""
    address: str = ""
    issued_on: date | None = None


def read_card(text: str) -> Card | None:
    """The card in what was scanned; None for anything else."""
    if not _BARS_IN.search(text[:MOST_READ]):
        return None
    parts = [part.strip() for part in text[:MOST_READ].translate(_BARS).split("|")]
    number, old, name, born, sex, address, issued = (parts + [""] * 7)[:7]
    number = digits_of(number)
    if len(number) != _CARD or not is_digits(number):
        return None
    old = digits_of(old)
    return Card(
        number=number,
        old_number=old if len(old) == _OLD and is_digits(old) else "",
        name=_words(name) if has_letter(name) else "",
        born=_day(born),
        sex=_words(sex),
        address=_words(address),
        issued_on=_day(issued),
    )


def without_card(text: str) -> str:
    """What a box of words is asked for: of a scanned card its number, else the text itself."""
    card = read_card(text)
    return card.number if card is not None else text


def digits_of(text: str) -> str:
    """A number without what groups it, its digits put right where the keyboard made letters and
    marks of them.
    """
    plain = squeeze(plain_digits(text).translate(_KEYS))
    return plain if is_digits(plain) else squeeze("".join(map(_key, _taken_apart(text))))


def _taken_apart(text: str) -> list[str]:
    """The keys behind composed letters: "ằ" is ă and a falling mark, which are two digits."""
    keys: list[str] = []
    for sign in unicodedata.normalize("NFD", plain_digits(text).lower()):
        letter = unicodedata.normalize("NFC", keys[-1] + sign) if keys else sign
        if sign in _OF_LETTER and letter in DIGIT_KEYS:
            keys[-1] = letter
        elif sign in _OF_LETTER and len(keys) > 1 and keys[-2] in "aeo":
            # Composing puts a dot below before the sign of the letter itself.
            keys[-2] = unicodedata.normalize("NFC", keys[-2] + sign)
        else:
            keys.append(sign)
    return keys


def _key(sign: str) -> str:
    return DIGIT_KEYS.get(sign, sign)


def _words(text: str) -> str:
    """As people write it: composed one way, no capitals throughout; "" when letters were lost."""
    text = one_line(text)
    if _LOST.search(text):
        return ""
    if text.isupper() or text.islower():
        return _WORD.sub(lambda word: word[0].capitalize(), text)
    return text


def _day(text: str) -> date | None:
    digits = digits_of(text)
    if len(digits) != _DAY or not is_digits(digits):
        return None
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
