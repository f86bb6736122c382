"""How the numbers of the office's documents are written (NĐ 30/2020, Phụ lục I), as data with their
days: a new rule is a new row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from onestop.accounts.models import Agency, AgencyKind

NOTICE, LETTER = "TB", "CV"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document with a register of its own; `pattern` of its number and symbol."""

    code: str
    name: str
    pattern: str
    since: date = date(2020, 3, 5)
    until: date = date.max


KINDS = (
    Kind("TB", "Thông báo", "{number:02d}/TB-{agency}"),
    # A letter bears no abbreviation of its kind, but the room that wrote it.
    Kind("CV", "Công văn", "{number:02d}/{agency}-{room}"),
    Kind("QĐ", "Quyết định", "{number:02d}/QĐ-{agency}"),
    Kind("GXN", "Giấy xác nhận", "{number:02d}/GXN-{agency}"),
    Kind("GP", "Giấy phép", "{number:02d}/GP-{agency}"),
)


def kinds_on(day: date) -> list[Kind]:
    return [kind for kind in KINDS if kind.since <= day <= kind.until]


def kind_on(code: str, day: date) -> Kind:
    """The kind of this code as it was written on a day. Errors: KeyError."""
    for kind in kinds_on(day):
        if kind.code == code:
            return kind
    raise KeyError(f"{code} {day:%Y-%m-%d}")


def symbol(kind: Kind, number: int, *, agency: Agency, room: str) -> str:
    """12/TB-UBND; 05/UBND-VHXH."""
    return kind.pattern.format(number=number, agency=sign_of(agency), room=room_sign(room) or "VP")


# What names the place or joins words stands in no abbreviation.
_PLACE = re.compile(r"\s+(tỉnh|thành phố|phường|xã|đặc khu|thị trấn)\s.*$")
_JOINS = frozenset({"và", "-", "các", "của"})


def sign_of(agency: Agency) -> str:
    """How an agency is abbreviated in its documents: UBND, SNNMT, TTPVHCC."""
    if agency.kind == AgencyKind.PEOPLES_COMMITTEE:
        return "UBND"
    return _initials(_PLACE.sub("", agency.name))


def room_sign(name: str) -> str:
    """Phòng Văn hóa - Xã hội: VHXH."""
    return _initials(re.sub(r"^(phòng|ban|bộ phận)\s+", "", name, flags=re.IGNORECASE))


def _initials(name: str) -> str:
    words = [word for word in name.replace(",", " ").split() if word.casefold() not in _JOINS]
    return "".join(word[0] for word in words if word[0].isalpha()).upper()
