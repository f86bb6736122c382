"""Phiếu chuyển xử lý: what each agency is asked to do on a dossier and until when (R-60, R-62); no
official form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dossiers.models.legs import Leg, LegKind
from dossiers.slips import subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.lines import LegLine

if TYPE_CHECKING:
    from dossiers.slips.subjects import Subject

SLUG = "chuyen-xu-ly"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSlip(SlipContext):
    """`in_order`: one agency after another, as the lines stand; the last gives it back to the lead."""

    owner: Person
    content: str
    received_at: datetime
    promised_at: datetime | None
    lead: str
    in_order: bool
    lines: tuple[LegLine, ...]
    sender: str


def transfer_slip(subject: Subject) -> TransferSlip:
    """Of the legs that were sent by one press; `about`: the first of them."""
    first: Leg = subject.about
    dossier = subject.file
    rows = Leg.objects.standing().filter(
        dossier=dossier, opened_at=first.opened_at, number__gte=first.number
    )
    return TransferSlip(
        **subjects.common(subject),
        content=subjects.content_of(dossier),
        received_at=dossier.received_at,
        promised_at=dossier.due_at,
        lead=subject.handler.name,
        in_order=first.kind == LegKind.ORDERED,
        lines=tuple(
            LegLine(
                number=row.number,
                agency=row.agency.name,
                task=row.task,
                hours=row.minutes // 60,
                due_at=row.due_at,
            )
            for row in rows.select_related("agency").order_by("number")
        ),
        sender=subject.by.full_name,
    )
