"""What a rule answers: Allowed, or Denied with a code whose sentence is made at the edge."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Allowed:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    code: str
    data: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False


Answer = Allowed | Denied
ALLOWED = Allowed()
