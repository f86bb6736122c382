"""Where the next step of each of many dossiers lies, so that a mixed selection is never given to
the place of its first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dossiers.desk import handover as queries
from dossiers.models import Dossier
from dossiers.route import Position
from dossiers.route.steps import department_kind
from procedures.models import StepRole


def next_places(
    dossiers: Sequence[Dossier], positions: Mapping[int, Position], on: date
) -> dict[int, str]:
    """By dossier id: the department, or the officer of one, as the form of giving names it; ""
    where neither process nor use says. In: where each is in its process, by dossier id; the day.

    The desk of the true next step; among several, the one the field went to last. Dossiers of one
    kind at one step in one place ask once.
    """
    known: dict[tuple[object, ...], str] = {}
    found = {}
    for dossier in dossiers:
        here = (
            dossier.agency_id,
            dossier.received_by_agency_id,
            dossier.holder_department_id,
            dossier.holder_id,
        )
        key = (dossier.version_id, dossier.case_id, dossier.step_order, dossier.term, *here)
        if key not in known:
            known[key] = _next_place(dossier, positions[dossier.pk], on)
        found[dossier.pk] = known[key]
    return found


def _next_place(dossier: Dossier, position: Position, on: date) -> str:
    in_room = queries.lies_in_room(dossier)
    step = position.next_desk(in_room=in_room)
    if step is not None and step.role == StepRole.HEAD and in_room:
        return queries.head_of_room(dossier)
    kind = department_kind(step.role) if step is not None else None
    usual = place_of_kind(dossier, on, kind) if kind else queries.usual_department(dossier, on)
    return str(usual) if usual else ""


def place_of_kind(dossier: Dossier, on: date, kind: str) -> int | None:
    """The desk of this kind that a dossier goes to from where it lies: the one its field went to
    last, else the only one; None where nothing says. At most two queries.
    """
    usual = queries.usual_department(dossier, on, kind)
    return usual or queries.only_department(dossier, on, kind)
