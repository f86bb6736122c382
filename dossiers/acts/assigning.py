"""Sharing out a room's work (phân công): many dossiers to one officer of the room they lie in, each by
itself behind the page (docs/adr/0026). Each is a hand-over like any other (R-66): by the process,
confirmed by who gets it, recalled until then; all of a press stand in one list to sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from dossiers.acts import handovers, taking_back
from dossiers.acts.many import Done, Seen, together
from dossiers.acts.receiving import on_the_way
from dossiers.ledger import writer
from dossiers.ledger.history import data_of, giving_of, givings_of
from dossiers.models import Batch, Dossier, Event, HandOver
from dossiers.registry import OnMany, Press, register_on_many
from onestop.accounts.models import Department, Officer
from onestop.errors import DomainError

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def _assign_one(seen: Seen, data: Mapping[str, Any], on: Press) -> None:
    """By the step of its own process. Errors: as of hand_over_many, each as its own, and
    DomainError("assign_other_room"): no dossier changes its room by the way.
    """
    room, officer = (
        Department.objects.select_related("agency").get(pk=data["room"]),
        Officer.objects.get(pk=data["officer"]),
    )
    lies = Dossier.objects.filter(pk=seen.dossier_id, holder_department__isnull=False)
    if lies.exclude(holder_department=room).exists() and handovers.works_in(room, officer, on.at):
        raise DomainError("assign_other_room", room=room.name)
    _, [done] = handovers.hand_over_many(
        [seen],
        to=room,
        receiver=officer,
        step=None,
        by=on.by,
        at=on.at,
        note=data["note"],
        press=on.press,
        batch=_list_of(on, room, officer),
    )
    if done.error is not None:
        raise done.error


def _list_of(on: Press, room: Department, officer: Officer) -> Batch | None:
    """The list that this press has begun, while nobody received anything of it: a press that is tried
    again later begins another one. Two queries.
    """
    given = Event.objects.filter(press=on.press, officer=on.by.officer, kind="hand_over")
    event = given.order_by("-pk").first()
    if event is None:
        return None
    rows = HandOver.objects.on_the_way().filter(
        pk=data_of(event)["row"], receiver=officer, receiver_department=room
    )
    row = rows.select_related("batch").first()
    is_today = row is not None and timezone.localdate(row.given_at) == timezone.localdate(on.at)
    return row.batch if row is not None and is_today else None


def _undo(press: UUID, by: Desk, at: datetime) -> list[Done]:
    """Recall what nobody has received; what was given to oneself is taken back."""
    mine = Event.objects.filter(press=press, officer=by.officer, kind="hand_over")
    ids = dict.fromkeys(mine.order_by("pk").values_list("dossier_id", flat=True))
    verb = partial(_undo_one, press=press)
    return together([Seen(pk) for pk in ids], verb, by=by, at=at)


def _undo_one(life: writer.Life, *, press: UUID) -> None:
    row = on_the_way(life)
    if row is None:
        taking_back.take_back_of(life, press)
    elif giving_of(row, life.ask(givings_of)).press != press:
        raise DomainError("nothing_to_recall")
    else:
        handovers.recall_in(life)


ASSIGN = register_on_many(
    handovers.HAND_OVER.name,
    OnMany(
        _assign_one, "dossiers.forms.assigning.AssignForm", "Phân công", "phan-cong",
        frozenset({"phong"}), undo=_undo,
    ),
)  # fmt: skip
