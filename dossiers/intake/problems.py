"""What keeps a dossier from being received."""

from __future__ import annotations

import dataclasses
from typing import Any

from onestop.errors import DomainError, say


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or missing: the field it belongs to, code and data of its sentence.

    `is_binding`: no door receives it so. The others are what whoever sits at the counter is asked
    to settle first; a dossier that comes another way may lack it.
    """

    field: str
    code: str
    data: dict[str, Any] = dataclasses.field(default_factory=dict)
    is_binding: bool = False

    @property
    def sentence(self) -> str:
        return say(self.code, self.data)

    def error(self) -> DomainError:
        return DomainError(self.code, field=self.field, **self.data)
