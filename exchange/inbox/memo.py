"""What every dossier of one body asks alike (its table, its counter, its procedure) is asked once: a
partner office sends a day's dossiers in one list, most of one procedure to one counter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

V = TypeVar("V")


class Memo:
    """Lives as long as one body is read, so that a table mended meanwhile holds for the next one."""

    def __init__(self) -> None:
        self._answers: dict[tuple[Any, ...], Any] = {}

    def ask(self, read: Callable[..., V], *about: Any) -> V:
        """The answer of `read`, which writes nothing, to these; what they share nobody changes."""
        key = (read, *about)
        if key not in self._answers:
            self._answers[key] = read(*about)
        answer: V = self._answers[key]
        return answer
