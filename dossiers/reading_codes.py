"""The one reader of dossier codes: typed by people, typed by a scanner, or inside the address that
a slip's QR holds.

Every box that takes a dossier asks here. A scanner is a keyboard: what it "types" goes through the
PC's Vietnamese input method and caps lock, so a code or an address arrives upper-cased, with marks
on its letters, or with its digits turned to letters. Nothing here raises: what cannot be read is no
code.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from dossiers.reading_cards import DIGIT_KEYS
from onestop.folding import fold
from onestop.texts import MOST_NUMBER, whole_number

MOST_READ = 2000
_DASHES = re.compile(r"[\s\-‐‑‒–—―−_/]+")
_AROUND_DOTS = re.compile(r"-?\.-?")
_CODE = re.compile(r"[A-Z0-9]+(?:[.-][A-Z0-9]+)*")
# What our offices number by: unit, day, number. Found also in the middle of an address or of a
# longer QR text.
_SHAPE = re.compile(r"(?<![A-Z0-9.])[A-Z0-9]+(?:\.[A-Z0-9]+)*-\d{6}-\d{4,7}(?![A-Z0-9])")
# The same with its dots and dashes typed as one another or as blanks: parts of a unit, day, number.
# A part is not a day with its number: that is the end of one code, and another one follows.
_LOOSE = re.compile(
    r"((?:(?!\d{6}[.-]\d{4,7}[.-])[A-Z0-9]+[.-])*[A-Z0-9]+)[.-](\d{6})[.-](\d{4,7})"
)
_LOOKUP = re.compile(r"tra-?cuu[/\\]+([^/\\?#&\s]+)", re.IGNORECASE)
_SECRET = re.compile(r"[?&]k=([^&#\s]+)", re.IGNORECASE)
# So long is a secret whose case says nothing (intake/readable_secrets.py); earlier ones had 22 signs.
_WITHOUT_CASE = 26
_ADDRESS = re.compile(r"[:/\\?|]")
_DIGITS = str.maketrans(DIGIT_KEYS | {key.upper(): digit for key, digit in DIGIT_KEYS.items()})
# A hand-over list: by its address, or by the number printed on it: "phiếu 12", "phiếu 12/2026".
_BATCH = re.compile(r"ban-giao[/\\]+([0-9]{1,10})(?:[/\\?#]|$)", re.IGNORECASE)
_BATCH_WORDS = re.compile(
    r"(?:phieu|pbg|bg|phieu ban giao|ban giao)(?: ho so)?(?: so)?[ :.-]*([0-9]{1,7})"
    r"(?: ?/ ?([0-9]{4}))?"
)
# A place in the register: "stt 12", "số 12/2026", "12/2026".
_REGISTER = re.compile(
    r"(?:(?:so thu tu|stt|so theo doi|so)[ :.-]*([0-9]{1,7})(?: ?/ ?([0-9]{4}))?"
    r"|([0-9]{1,7}) ?/ ?([0-9]{4}))"
)
# The number of a slip, as it is printed: "12/TNHS".
_SLIP = re.compile(r"(?:so\b)?[:. ]*([0-9]{1,7}) ?/ ?(tnhs|hdhs|pxl)")
_SLUGS = {"tnhs": "tiep-nhan", "hdhs": "bo-sung", "pxl": "xin-loi"}
_BETWEEN = re.compile(r"[\s,;]+|(?=https?:)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\u0000-\u001f\u007f\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was read: a code ("" when there is none) and the secret of the slip, when an address
    brought it.
    """

    code: str = ""
    secret: str = ""


def normal_code(text: str) -> str:
    """A code as the slip prints it, from how people type it: any case, any dash, blanks for dashes;
    "" for what is no code.
    """
    code = _AROUND_DOTS.sub(".", _DASHES.sub("-", text.strip().upper())).strip("-.")
    return code if len(code) <= 60 and _CODE.fullmatch(code) else ""


def readings(code: str) -> tuple[str, ...]:
    """What a normal code may mean, the likeliest first: itself, then what an office prints where
    dots were typed as blanks or dashes. They stay two codes: another system's may have dashes.
    """
    found = _LOOSE.fullmatch(code)
    if found is None:
        return (code,)
    unit, day, number = found.groups()
    return tuple(dict.fromkeys((code, f"{unit.replace('-', '.')}-{day}-{number}")))


def read_code(text: str) -> Scanned:
    """The dossier in what was typed or scanned: a code in any writing, or an address or QR text
    that holds one.
    """
    text = _cleaned(text)
    # Letter for letter, so that the secret stands at the same place in both.
    plain = "".join(map(_plain, text))
    found = _LOOKUP.search(plain)
    if found is not None:
        if code := normal_code(found[1]):
            return Scanned(code, _secret(text, found.end()))
    elif not _ADDRESS.search(plain):
        return Scanned(normal_code(text) or _shaped(plain))
    return Scanned(_shaped(plain) or normal_code(text))


def code_in(text: str) -> str:
    """The code in what was typed or scanned; "" for neither."""
    return read_code(text).code


def is_scan(text: str) -> bool:
    """Whether this can only be meant as one whole dossier: a whole code of an office, or the
    address of a slip.
    """
    code = code_in(text)
    return bool(_SHAPE.fullmatch(readings(code)[-1])) or bool(
        code and _LOOKUP.search("".join(map(_plain, _cleaned(text))))
    )


def batch_at(text: str) -> int | None:
    """The row of the hand-over list whose address was scanned; None for anything else."""
    found = _BATCH.search(_cleaned(text))
    return whole_number(found[1], most=MOST_NUMBER) if found is not None else None


def batch_in(text: str) -> tuple[int, int | None] | None:
    """Number and year (None: not said) of the hand-over list that is called by what is printed on
    it; None for anything else.
    """
    found = _BATCH_WORDS.fullmatch(fold(text))
    return (int(found[1]), int(found[2]) if found[2] else None) if found is not None else None


def register_in(text: str) -> tuple[int, int | None] | None:
    """Number and year (None: not said) of a place in the register; None for anything else. A bare
    number is not asked here: it may be the end of a code as well.
    """
    found = _REGISTER.fullmatch(fold(text))
    if found is None:
        return None
    year = found[2] or found[4]
    return int(found[1] or found[3]), int(year) if year else None


def slip_in(text: str) -> tuple[str, int] | None:
    """Kind and number of a slip as it is printed on it; None for anything else."""
    found = _SLIP.fullmatch(fold(text))
    return (_SLUGS[found[2]], int(found[1])) if found is not None else None


def codes_in(text: str) -> list[str]:
    """All codes of a box that takes many, each once, in order. What is no code stays as it was
    typed, to be named as unknown.
    """
    found: dict[str, None] = {}
    for line in text.splitlines():
        whole = readings(normal_code(line))[-1]
        is_one = _SHAPE.fullmatch(whole) and len(line.split()) > 1
        for piece in [whole] if is_one else [p for p in _BETWEEN.split(line) if p]:
            if piece.strip():
                found[code_in(piece) or piece.strip().upper()[:60]] = None
    return list(found)


def _cleaned(text: str) -> str:
    text = text[:MOST_READ]
    if not any(digit in text for digit in "0123456789") and _shaped(
        turned := text.translate(_DIGITS)
    ):
        text = turned  # before its marks are composed into the letters
    text = unicodedata.normalize("NFC", text)
    if "%" in text:
        text = unquote(text)
    return _UNSEEN.sub("", text.translate({ord(dash): "-" for dash in "‐‑‒–—―−"})).strip()


def _plain(char: str) -> str:
    """The letter without its marks; one character for one."""
    if char in "đĐ":
        return "d" if char == "đ" else "D"
    return unicodedata.normalize("NFKD", char)[0]


def _shaped(text: str) -> str:
    found = _SHAPE.search(text.upper())
    return found[0] if found else ""


def _secret(text: str, after: int) -> str:
    found = _SECRET.search(text, after)
    if found is None:
        return ""
    scheme = text.partition(":")[0]
    if not scheme.isupper():
        return found[1]
    # Caps lock turned every letter around; a scanner set to capitals lost their case, and with it
    # a secret of the earlier writing.
    if any(c.islower() for c in text):
        return found[1].swapcase()
    return found[1] if len(found[1]) >= _WITHOUT_CASE else ""
