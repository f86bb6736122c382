"""Printing: a slip that is asked for is made and written down; the dossier stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier, Slip
from dossiers.registry import Act, OnMany, Press, SlipKind, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import ControlSheet
from dossiers.states import HANDLERS, State
from onestop.accounts.desk import Desk
from onestop.errors import DomainError
from onestop.results import ALLOWED, Answer


def _may_print(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED


def _sheet_of_many(seen: Seen, data: Mapping[str, Any], on: Press) -> int:
    """As of now, whatever the page showed: it changes nothing."""
    dossier = Dossier.objects.get(pk=seen.dossier_id)
    return control_sheet(dossier, by=on.by, at=on.at, press=on.press).pk


PRINT_SLIP = register(
    Act(
        "print_slip", "In phiếu", 80, frozenset(State), None, HANDLERS, _may_print, way_back="không thay đổi hồ sơ",
        is_silent=True, only_prints=True,
        slip=SlipKind("kiem-soat", "Phiếu kiểm soát quá trình giải quyết", ControlSheet, subjects.control_sheet_of),
        many=OnMany(
            _sheet_of_many, "dossiers.forms.pressing.NothingToSay", "In phiếu kiểm soát", "phieu-kiem-soat",
            frozenset({"dang-xu-ly", "sap-het-han", "qua-han", "cho-bo-sung", "da-giao", "cho-nhan", "phong", "co-quan"}),
            at_once=True,
        ),
    )
)  # fmt: skip


def receipt(dossier: Dossier, *, by: Desk, at: datetime) -> Slip:
    """Form 01 of a dossier that was received without one (R-10); the one there is when there is
    one. Effects: slip, event. Errors: DomainError("void_no_slip").
    """
    with writer.change(dossier.pk, by=by, at=at) as life:
        if life.dossier.state == State.VOIDED:
            raise DomainError("void_no_slip")
        return _written(life, issuing.on_request(life))


def control_sheet(dossier: Dossier, *, by: Desk, at: datetime, press: UUID | None = None) -> Slip:
    """The control sheet as of now: the last one again when no hand-over came since, else a new one
    (R-66, R-67).
    """
    # Only who makes a new one locks, and looks again: who waited finds what the first one made.
    if (last := issuing.standing_sheet(dossier)) is not None:
        return last
    with writer.change(dossier.pk, by=by, at=at, press=press) as life:
        return _written(life, issuing.control_sheet(life))


def _written(life: writer.Life, slip: Slip) -> Slip:
    """A slip made just now is an event of its dossier; one that was there changes nothing."""
    if life.wrote_rows:
        life.record("print_slip", {"row": slip.pk, "slug": slip.slug})
    return slip
