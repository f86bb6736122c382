"""One line of a portal's list as a plain value: read or refused with a reason, nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from dossiers.importing.trouble import LineRefused
from dossiers.intake import portal_codes
from dossiers.intake.online import AHEAD, FIRST_DAY
from onestop.columns import Columns
from onestop.folding import fold
from onestop.tables import Cell, TableRow
from onestop.typed import one_line, real_d, squeeze
from onestop.worktime import VN, InstantError, parse_instant
from procedures.channels import Channel

_TURNED = re.compile(r"(\d{1,2}[:h]\d{2}(?::\d{2})?)\s*[-,]?\s*(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)")
_MINE = re.compile(r"\(?\d{1,2}\)?")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a line says of one filing."""

    number: int
    code: str
    filed_at: datetime
    owner: str
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    channel: Channel = Channel.ONLINE_FULL
    procedure_code: str = ""
    procedure: str = ""
    agency: str = ""


def text_of(row: TableRow, columns: Columns, field: str) -> str:
    cell = _cell(row, columns, field)
    return f"{cell:%d/%m/%Y %H:%M}" if isinstance(cell, datetime) else cell


def _cell(row: TableRow, columns: Columns, field: str) -> Cell:
    place = columns.places.get(field)
    return row.cells[place] if place is not None and place < len(row.cells) else ""


def is_numbers(row: TableRow) -> bool:
    """A row that only numbers its columns: (1) (2) …"""
    return all(isinstance(cell, str) and _MINE.fullmatch(cell) for cell in row.filled)


def is_no_filing(row: TableRow, columns: Columns) -> bool:
    """A row of column numbers, a total, a note or a signature: neither code nor time, few words."""
    if is_numbers(row):
        return True
    says = [name for name in ("code", "filed_at") if text_of(row, columns, name)]
    return not says and len(row.filled) <= 3


def read(row: TableRow, columns: Columns, *, pattern: str, now: datetime) -> Listed:
    """Errors: LineRefused with the field and the reason."""
    code = portal_codes.portal_code(text_of(row, columns, "code"))
    if not code:
        raise LineRefused("code", "online_row_code")
    if not portal_codes.fits(code, pattern):
        raise LineRefused("code", "online_row_pattern")
    filed_at = instant_in(_cell(row, columns, "filed_at"))
    if filed_at > now + AHEAD or filed_at < FIRST_DAY:
        raise LineRefused("filed_at", "online_row_ahead", given=text_of(row, columns, "filed_at"))
    owner = one_line(real_d(text_of(row, columns, "owner")))[:200]
    if not any(sign.isalpha() for sign in owner):
        raise LineRefused("owner", "online_row_owner")
    return Listed(
        number=row.number,
        code=code,
        filed_at=filed_at,
        owner=owner,
        identity=squeeze(text_of(row, columns, "identity")).upper()[:30],
        phone=squeeze(text_of(row, columns, "phone"))[:20],
        email=text_of(row, columns, "email").strip()[:254],
        address=text_of(row, columns, "address")[:300],
        channel=_channel(text_of(row, columns, "channel")),
        procedure_code=text_of(row, columns, "procedure_code").upper().strip()[:60],
        procedure=text_of(row, columns, "procedure")[:500],
        agency=text_of(row, columns, "agency"),
    )


def instant_in(cell: Cell) -> datetime:
    """The time of a cell: a date with its hour, however the portal writes it, in Vietnam's time."""
    if isinstance(cell, datetime):
        # A cell that was formatted as a day has midnight: nobody knows the hour.
        if not (cell.hour or cell.minute or cell.second):
            raise LineRefused("filed_at", "online_row_hour", given=f"{cell:%d/%m/%Y}")
        return cell.replace(tzinfo=VN) if cell.tzinfo is None else cell
    text = ordered(cell.strip().lstrip("'"))
    try:
        return parse_instant(text)
    except InstantError:
        has_day_only = _DAY.fullmatch(text) and not _DAY.fullmatch(text)[4].strip()  # type: ignore[index]
        code = "online_row_hour" if has_day_only else "online_row_filed"
        raise LineRefused("filed_at", code, given=cell[:40]) from None


def ordered(text: str) -> str:
    """Day first, slashes, a colon: "16:45 - 20.11.2026" is "20/11/2026 16:45"."""
    if turned := _TURNED.fullmatch(text):
        text = f"{turned[2]} {turned[1]}"
    if found := _DAY.fullmatch(text):
        hour = found[4].strip(" ,-–").replace("h", ":")
        return f"{found[1]}/{found[2]}/{found[3]} {hour}".strip()
    return text


def _channel(text: str) -> Channel:
    words = fold(text)
    return Channel.ONLINE_PART if "mot phan" in words else Channel.ONLINE_FULL
