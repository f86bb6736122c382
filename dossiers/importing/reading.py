"""A file of dossiers as plain values: every line is read or refused with a reason, nothing is guessed.

UTF-8 (with the mark of Excel or without), columns parted by comma, semicolon or tab, as named in
docs/operations.md; times are ISO 8601 or dd/mm/yyyy HH:MM in Vietnam's time (R-76).
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dossiers.importing.rows import Row, Wait, merged
from dossiers.importing.rules import check_times
from dossiers.importing.trouble import LineRefused
from dossiers.states import State
from onestop.errors import DomainError
from onestop.typed import one_line
from onestop.worktime import InstantError, parse_instant

REQUIRED = ("code", "agency", "procedure", "owner", "received_at", "status")
OPTIONAL = (
    "case", "channel", "identity", "phone", "address", "due_at", "finished_at", "returned_at",
    "department", "officer", "note", "received_by", "register_number",
)  # fmt: skip
_WAIT = re.compile(r"waiting_(from|to)_([1-9]\d?)")
_UNSEEN = re.compile(r"[\u0000-\u001f\u007f\u200b-\u200f\u2060\ufeff]")
# What stands in no address: a dossier is opened by its code.
_NOT_IN_CODES = re.compile(r"[\s/\\?#%]")
_SEPARATORS = (",", ";", "\t")
MOST_CODE, MOST_OWNER = 60, 200
# Two MiB tell apart the codes of a hundred thousand lines but for some hundred of them.
_BITS = 1 << 24
MOST_REGISTER = 2_000_000_000
# A clock of the other system that goes a little before ours.
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: its checksum, how many lines it has, how it is written."""

    path: Path
    name: str
    sha256: str
    lines: int
    separator: str
    columns: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class Line:
    """One record of the file: where it begins, what stands in it, and more cells than columns."""

    number: int
    cells: dict[str, str]
    extra: int = 0
    warnings: list[str] = field(default_factory=list)


def open_source(path: Path, *, name: str = "") -> Source:
    """Walk the whole file once, a piece at a time, before anything is written.

    Errors: DomainError("import_unreadable", "import_encoding", "import_empty", "import_columns",
    "import_column_twice").
    """
    sha256, lines = _walked(path)
    separator, columns = _head(path)
    unknown = _unknown(columns)
    return Source(path, name or path.name, sha256, max(lines - 1, 0), separator, columns, unknown)


def _walked(path: Path) -> tuple[str, int]:
    """The checksum of the file and how many lines it has, with every letter decoded once."""
    sha, lines = hashlib.sha256(), 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                sha.update(piece)
                lines += piece.count(b"\n")
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise DomainError("import_encoding") from None
    except OSError as error:
        raise DomainError("import_unreadable", file=path.name, why=error.strerror or "") from error
    return sha.hexdigest(), lines


def _unknown(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that nobody reads, where each that is read stands there as it must."""
    known = [
        column for column in columns if column in (*REQUIRED, *OPTIONAL) or _WAIT.fullmatch(column)
    ]
    if missing := [column for column in REQUIRED if column not in columns]:
        raise DomainError("import_columns", columns=", ".join(missing))
    if len(set(known)) != len(known):
        twice = next(column for column in known if known.count(column) > 1)
        raise DomainError("import_column_twice", column=twice)
    return tuple(column for column in columns if column and column not in known)


def _head(path: Path) -> tuple[str, tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline(100_000).rstrip("\r\n")
    if not head.strip():
        raise DomainError("import_empty")
    separator = max(_SEPARATORS, key=head.count)
    names = next(csv.reader([head], delimiter=separator))
    return separator, tuple(one_line(name).lower() for name in names)


def lines_of(source: Source) -> Iterator[Line]:
    """The records, one by one; blank ones are passed over. Errors: DomainError("import_csv")."""
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=source.separator)
        next(reader)
        begins = reader.line_num + 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    named = dict(zip(source.columns, map(_clean, cells), strict=False))
                    yield Line(begins, named, max(0, len(cells) - len(source.columns)))
                begins = reader.line_num + 1
        except csv.Error as error:
            raise DomainError("import_csv", line=begins) from error


def _clean(text: str) -> str:
    return one_line(_UNSEEN.sub(" ", text)) if text else ""


class MayRepeat:
    """Which codes of a file may stand there twice: a walk through it that keeps a bit a code, so that
    only these few need be remembered. Now and then a code that stands once is among them.
    """

    def __init__(self, source: Source) -> None:
        seen, self._twice = bytearray(_BITS // 8), set[int]()
        for line in lines_of(source):
            place = self._place(line.cells.get("code", ""))
            byte, bit = place >> 3, 1 << (place & 7)
            if seen[byte] & bit:
                self._twice.add(place)
            seen[byte] |= bit

    def __contains__(self, code: str) -> bool:
        return self._place(code) in self._twice

    @staticmethod
    def _place(code: str) -> int:
        return hash(code) % _BITS


def read(line: Line, *, now: datetime) -> Row:
    """One record as a value. Errors: LineRefused with the column and the reason."""
    cells = line.cells
    if line.extra:
        raise LineRefused("", "import_extra_cells", count=line.extra)
    for column in REQUIRED:
        if not cells.get(column):
            raise LineRefused(column, "import_missing", column=column)
    at = {
        column: _instant(cells, column, now=None if column == "due_at" else now)
        for column in ("received_at", "due_at", "finished_at", "returned_at")
    }
    received = at["received_at"]
    assert received is not None
    row = Row(
        line=line.number,
        code=_code(cells["code"]),
        agency=cells["agency"].upper(),
        received_by=cells.get("received_by", "").upper(),
        procedure=cells["procedure"].upper(),
        case=cells.get("case", "")[:500],
        channel=cells.get("channel", ""),
        owner=_owner(cells["owner"]),
        identity=cells.get("identity", ""),
        phone=cells.get("phone", ""),
        address=cells.get("address", ""),
        received_at=received,
        due_at=at["due_at"],
        finished_at=at["finished_at"],
        returned_at=at["returned_at"],
        status=_status(cells["status"]),
        department=cells.get("department", "")[:200],
        officer=cells.get("officer", "")[:200],
        note=cells.get("note", ""),
        register_number=_register(cells.get("register_number", "")),
        waits=merged(_waits(cells, now)),
    )
    check_times(row)
    return row


def _code(text: str) -> str:
    if len(text) > MOST_CODE:
        raise LineRefused("code", "import_code_long", most=MOST_CODE)
    if _NOT_IN_CODES.search(text):
        raise LineRefused("code", "import_code_signs", given=text)
    return text


def _owner(text: str) -> str:
    if len(text) > MOST_OWNER:
        raise LineRefused("owner", "import_owner_long", most=MOST_OWNER)
    return text


def _instant(cells: dict[str, str], column: str, *, now: datetime | None) -> datetime | None:
    text = cells.get(column, "")
    if not text:
        return None
    try:
        at = parse_instant(text)
    except InstantError:
        raise LineRefused(column, "import_instant", column=column, given=text) from None
    if not 1980 <= at.year <= 2199:
        raise LineRefused(column, "import_year", column=column, given=text)
    if now is not None and at > now + AHEAD:
        raise LineRefused(column, "import_ahead", column=column, given=text)
    return at


def _status(text: str) -> State:
    try:
        found = State(int(text)) if text.isascii() and text.isdigit() else None
    except ValueError:
        found = None
    if found is None or not found.is_national:
        raise LineRefused("status", "import_status", given=text)
    return found


def _register(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= MOST_REGISTER:
        raise LineRefused("register_number", "import_register", given=text)
    return int(text)


def _waits(cells: dict[str, str], now: datetime) -> list[Wait]:
    found: dict[int, dict[str, Any]] = {}
    for column, text in cells.items():
        if text and (match := _WAIT.fullmatch(column)):
            found.setdefault(int(match[2]), {})[match[1]] = _instant(cells, column, now=now)
    waits = []
    for number, sides in sorted(found.items()):
        if "from" not in sides:
            raise LineRefused(f"waiting_to_{number}", "import_wait_no_begin", number=number)
        wait = Wait(sides["from"], sides.get("to"))
        if wait.end is not None and wait.end < wait.start:
            raise LineRefused(f"waiting_to_{number}", "import_wait_turned", number=number)
        waits.append(wait)
    return waits
