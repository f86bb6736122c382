"""One dossier of a file as a plain value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dossiers.states import State
from onestop.instants import instant

# Signs of a column's mark: enough to tell that a column changed, too few to tell what it says.
_MARK = 6


@dataclass(frozen=True, slots=True)
class Wait:
    """The applicant was waited for; without an end it still is, or was when the dossier ended."""

    start: datetime
    end: datetime | None = None


def merged(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """In order; overlapping and touching ones as one ("Overlapping waits are merged")."""
    found: list[Wait] = []
    for wait in sorted(waits, key=lambda one: one.start):
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end < wait.start):
            found.append(wait)
        elif last.end is not None and (wait.end is None or wait.end > last.end):
            found[-1] = Wait(last.start, wait.end)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says, read but not yet compared with what this system knows."""

    line: int
    code: str
    agency: str
    received_by: str
    procedure: str
    case: str
    channel: str
    owner: str
    identity: str
    phone: str
    address: str
    received_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    status: State
    department: str
    officer: str
    note: str
    register_number: int | None
    waits: tuple[Wait, ...]

    @property
    def open_wait(self) -> Wait | None:
        """The wait that has no end; merged waits have at most one, the last."""
        return self.waits[-1] if self.waits and self.waits[-1].end is None else None

    @property
    def last_instant(self) -> datetime:
        """The newest thing that the line says happened."""
        known = [self.received_at, self.finished_at, self.returned_at]
        known += [at for wait in self.waits for at in (wait.start, wait.end)]
        return max(at for at in known if at is not None)

    def columns(self) -> dict[str, str]:
        """Every column as one text, in one order."""
        waits = [f"{instant(wait.start)}/{instant(wait.end) or ''}" for wait in self.waits]
        return {
            "agency": self.agency,
            "received_by": self.received_by or self.agency,
            "procedure": self.procedure,
            "case": self.case,
            "channel": self.channel,
            "owner": self.owner,
            "identity": self.identity,
            "phone": self.phone,
            "address": self.address,
            "received_at": instant(self.received_at) or "",
            "due_at": instant(self.due_at) or "",
            "finished_at": instant(self.finished_at) or "",
            "returned_at": instant(self.returned_at) or "",
            "status": str(int(self.status)),
            "department": self.department,
            "officer": self.officer,
            "note": self.note,
            "register_number": str(self.register_number or ""),
            "waiting": " ".join(waits),
        }

    def marks(self, salt: bytes | memoryview) -> str:
        """A short salted mark of each column: what a second file says can be compared, column by
        column, and nothing of it read.
        """
        head = bytes(salt)
        return ".".join(
            hashlib.sha256(head + f"{column} {text}".encode()).hexdigest()[:_MARK]
            for column, text in self.columns().items()
        )

    def different_from(self, marks: str, salt: bytes | memoryview) -> list[str]:
        """The columns that differ from those a stored dossier was made of."""
        return [
            column
            for column, now, stored in zip(
                self.columns(), self.marks(salt).split("."), marks.split("."), strict=True
            )
            if now != stored
        ]
