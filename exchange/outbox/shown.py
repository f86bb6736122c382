"""What other systems hold of a dossier, as its page says it (E55): whoever handles it sees what the
portal shows, and where that differs from here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from dossiers.desk.held_elsewhere import Held
from dossiers.desk.online import Beside
from dossiers.models import Dossier
from dossiers.states import WITH_SOMEBODY, WORKING, State
from exchange.models.outbox import Line
from exchange.outbox import level, messages
from exchange.outbox.peers import peers

COLUMNS = (
    "id", "peer", "state", "trouble", "accepted_at", "accepted_state", "accepted_due", "accepted_channel",
    "heard_at",
)  # fmt: skip


def _codes() -> tuple[str, ...]:
    return tuple(one["code"] for one in settings.EXCHANGE_PEERS)


def _rows() -> QuerySet[Line]:
    # By system and code, as they are indexed.
    return Line.objects.filter(peer__in=_codes())


def _tell(dossier: Dossier, rows: list[dict[str, Any]]) -> list[Beside]:
    """A line a system; one that was told nothing has none."""
    # Only to be asked, never to be saved: it has a few of its columns.
    lines = {row["peer"]: Line(dossier=dossier, **row) for row in rows}
    return [_said(lines[peer.code], peer.name) for peer in peers() if peer.code in lines]


def _said(line: Line, name: str) -> Beside:
    words, is_odd = _stands(line), False
    if line.state == Line.State.LEVEL and (unlike := level.unlike(line)):
        words.append(messages.differs(unlike))
        is_odd = True
    elif line.state == Line.State.STOPPED:
        words.append(messages.STOPPED_HERE)
        is_odd = True
    elif line.state == Line.State.WAITING:
        words.append(messages.ON_ITS_WAY)
    return Beside(name, "; ".join(words), is_odd=is_odd)


def _tell_owner(dossier: Dossier, rows: list[dict[str, Any]]) -> list[str]:
    """The state and the due date alone: what the page of the other system shows to a citizen too."""
    lines = {row["peer"]: Line(dossier=dossier, **row) for row in rows}
    found = [_to_owner(lines[one.code], dossier, one.name) for one in peers() if one.code in lines]
    return [said for said in found if said]


def _to_owner(line: Line, dossier: Dossier, name: str) -> str:
    """ "" where it is there as here. Neither side is guessed right: here is what is done now, except
    where the applicant said there that it is withdrawn.
    """
    if dossier.state == State.VOIDED:
        return ""
    if line.accepted_at is None:
        return messages.owner_not_there(name)
    there = line.accepted_state
    if there == State.WITHDRAWN and dossier.state in WITH_SOMEBODY:
        return messages.owner_withdrew(name, str(State.WITHDRAWN.label))
    state = "" if there == dossier.state else messages.owner_state(there)
    # Of what waits or has ended the page promises no day.
    is_due = dossier.state in WORKING and line.accepted_due != dossier.due_at
    due = messages.owner_due(line.accepted_due) if is_due else ""
    return messages.owner_unlike(name, state, due) if state or due else ""


def _stands(line: Line) -> list[str]:
    if line.accepted_at is None:
        return [messages.NOT_THERE]
    there = line.accepted_state
    label = str(State(there).label) if there is not None else messages.UNKNOWN
    words = [messages.holds(label, _at(line.accepted_at))]
    if line.heard_at is not None and line.heard_at > line.accepted_at:
        words.append(messages.asked(_at(line.heard_at)))
    return words


def _at(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%H:%M %d/%m/%Y}"


HELD = Held(_codes, _rows, "code", COLUMNS, Line, _tell, _tell_owner)
