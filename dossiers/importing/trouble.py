"""What an import says of lines: refused with a reason, or taken with a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onestop.errors import say


class LineRefused(Exception):
    """A line that is not taken: which column, and the code of the sentence with its data."""

    def __init__(self, column: str, code: str, /, **data: Any) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.data = data


@dataclass(frozen=True, slots=True)
class Problem:
    """A refused line, as people read it."""

    line: int
    code: str
    column: str
    reason: str

    @classmethod
    def of(cls, line: int, code: str, refused: LineRefused) -> Problem:
        return cls(line, code, refused.column, say(refused.code, refused.data))

    def told(self) -> dict[str, Any]:
        return {"line": self.line, "code": self.code, "column": self.column, "reason": self.reason}


__all__ = ["LineRefused", "Problem"]
