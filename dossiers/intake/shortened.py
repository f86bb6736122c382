"""The province's shortened term behind a promise: kept in the event of reception, told wherever the
promise is explained (procedures.listed says which decision speaks on the day of reception).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dossiers.ledger.history import data_of
from dossiers.models import Dossier, Event
from onestop.worktime import Term
from procedures.shortened import Shortened

KEY = "shortened"
RECEIVED = "receive"


def facts(shortened: Shortened | None, statutory: Term | None) -> dict[str, object]:
    """What the event of reception keeps of it; nothing where the promise is by the statutory term."""
    if shortened is None:
        return {}
    return {KEY: {"decision": shortened.decision, "statutory": str(statutory)}}


def words_of(said: Mapping[str, Any]) -> str:
    """Of the facts of a reception: from which term it was shortened by which decision; "" where not."""
    found = said.get(KEY)
    if not found:
        return ""
    return f"rút ngắn từ {found['statutory']} theo Quyết định số {found['decision']}"


def words_for(dossier: Dossier) -> str:
    """The same of a dossier. No query where no list binds its agency, else one."""
    if not dossier.agency.has_lists:
        return ""
    events = Event.objects.filter(dossier=dossier, kind=RECEIVED)
    received = events.order_by("seq").first()
    return words_of(data_of(received)) if received is not None else ""


def lines_of(dossier: Dossier, said: Mapping[str, Any]) -> tuple[str, ...]:
    """What the timeline says of it under the reception."""
    words = words_of(said)
    return (f"Thời hạn {dossier.term}, {words}",) if words else ()


def explained(lines: tuple[str, ...], words: str) -> tuple[str, ...]:
    """The lines of a promise, with this one behind the first, which says the term."""
    return (*lines[:1], f"Thời hạn đã {words}.", *lines[1:]) if words and lines else lines
