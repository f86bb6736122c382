"""What every peer can be asked, in words of our own: the two profiles answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Fields = dict[str, Any]
SUCCESS = frozenset({"0", "00"})


def is_success(code: object) -> bool:
    """Only the forms of success are success: 0, "0" and "00"."""
    return isinstance(code, int | str) and not isinstance(code, bool) and str(code) in SUCCESS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer said of one item. `exists`: it has it already, and wants an update; `unknown`: it
    has none to be updated.
    """

    ok: bool
    words: str = ""
    exists: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a peer holds of a dossier; `state` by its own code."""

    state: str
    due: datetime | None
    channel: str


class Away(Exception):
    """No answer that can be read: whether it was stored there nobody knows."""


class Held(Exception):
    """It cannot be sent as it stands here; the words say what is missing."""


class CannotAsk(Exception):
    """This peer answers no question about a dossier."""


class Port(Protocol):
    """Each list is answered item by item, in its order. Errors: Away; Held where the peer has no
    message of that kind.
    """

    def push_dossiers(self, items: Sequence[Fields], *, updating: bool) -> list[Answer]: ...

    def reopen(self, items: Sequence[Fields]) -> list[Answer]: ...

    def push_progress(self, items: Sequence[Fields]) -> list[Answer]: ...

    def push_status(self, items: Sequence[Fields]) -> list[Answer]: ...

    def push_results(self, items: Sequence[Fields]) -> list[Answer]: ...

    def find_dossier(self, code: str) -> Found | None: ...

    def pull_procedure(self, code: str) -> Fields | None: ...

    def check_citizen(self, about: Fields) -> Fields | None: ...

    def find_results(self, about: Fields) -> list[Fields]: ...

    def fetch_file(self, about: Fields) -> str: ...
