"""The paper of a hand-over that giver and receiver sign: filled from its rows, drawn like every
other slip.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers.models import Batch
from dossiers.models.handover import LIST_SLUG
from dossiers.slips import form_on
from dossiers.slips.contexts import FormFacts, HandOverList, Office
from dossiers.slips.letterheads import office_of, office_of_department
from dossiers.slips.lines import HandOverLine
from onestop.accounts.models import DepartmentKind

if TYPE_CHECKING:
    from dossiers.desk.batches import ListRow
# Who prints may not open it: that it moved is all the paper may say.
CLOSED = "(người in không có quyền mở hồ sơ này)"


def snapshot(batch: Batch, rows: Sequence[ListRow]) -> dict[str, Any]:
    """In: the batch with its people and rooms, its rows in their order; what was recalled is not
    handed over and not listed.
    """
    given = [row for row in rows if row.hand_over.is_standing]
    receivers = {row.hand_over.confirmed_by for row in given}
    receiver = batch.receiver or (receivers.pop() if len(receivers) == 1 else None)
    return HandOverList(
        slug=LIST_SLUG,
        number=batch.number,
        made_at=batch.given_at,
        form=FormFacts.of(form_on(LIST_SLUG, timezone.localdate(batch.given_at))),
        office=_office(batch),
        officer=batch.giver.full_name,
        giver_unit=batch.giver_department.name,
        receiver_unit=batch.receiver_department.name,
        given_at=batch.given_at,
        giver=batch.giver.full_name,
        receiver=receiver.full_name if receiver is not None else "",
        note="" if any(row.closed for row in given) else batch.note,
        lines=tuple(_line(batch, row) for row in given),
    ).to_dict()


def _office(batch: Batch) -> Office:
    room = batch.giver_department
    return (
        office_of(batch.agency, room)
        if room.kind == DepartmentKind.ONE_STOP
        else office_of_department(batch.agency, room)
    )


def _line(batch: Batch, row: ListRow) -> HandOverLine:
    given, dossier = row.hand_over, row.hand_over.dossier
    if row.closed:
        return HandOverLine(code="", content=CLOSED, owner="")
    elsewhere = (
        given.receiver_department.name
        if given.receiver_department_id != batch.receiver_department_id
        else ""
    )
    return HandOverLine(
        code=dossier.code,
        content=dossier.version.name,
        owner=dossier.owner_name,
        received_at=dossier.received_at,
        promised_at=dossier.due_at,
        papers=row.papers,
        note=". ".join(
            text for text in (elsewhere, given.note if given.note != batch.note else "") if text
        ),
    )
