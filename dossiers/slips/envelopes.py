"""The receipt of an envelope: one paper for many dossiers, each with its code in the annex; numbered
and frozen as every slip (R-88).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.intake import codes
from dossiers.intake.shortened import words_for
from dossiers.models import Dossier, Slip
from dossiers.models.envelopes import Envelope, EnvelopeSlip
from dossiers.slips import form_on
from dossiers.slips.contexts import EnvelopeReceipt, FormFacts, Person
from dossiers.slips.letterheads import office_of
from dossiers.slips.lines import HandOverLine
from dossiers.slips.subjects import fee_words, in_full, result_place
from dossiers.states import State
from onestop.accounts.models import Officer
from onestop.jobs.nudge import nudge
from onestop.rows import sha256_of
from procedures.reading.condition_words import unnumbered

SLUG = "tiep-nhan-tap-the"


def rows_of(envelope: Envelope) -> list[Dossier]:
    """The dossiers that came in it and count, in the order they were received. One query."""
    found = Dossier.objects.filter(envelope__envelope=envelope).exclude(state=State.VOIDED)
    return list(found.select_related("version").defer("version__search_text").order_by("pk"))


def receipts_of(envelope: Envelope) -> QuerySet[Slip]:
    """Every receipt that was made of it, the last first."""
    return Slip.objects.filter(of_envelope__envelope=envelope).order_by("-id")


def is_of(slip: Slip, rows: list[Dossier]) -> bool:
    """Whether the receipt lists just these dossiers, and their owners as they are called now."""
    listed = {(line["code"], line["owner"], line["note"]) for line in slip.snapshot["lines"]}
    return listed == {(row.code, row.owner_name, row.identity_number) for row in rows}


def make(
    envelope: Envelope, rows: list[Dossier], *, by: Officer, at: datetime, instead_of: Slip | None
) -> Slip:
    """Freeze the receipt of these dossiers inside the caller's transaction; the worker makes its PDF
    after the commit. `instead_of`: the one that it replaces.
    """
    year = timezone.localdate(at).year
    number = codes.next_slip(agency_id=envelope.agency_id, slug=SLUG, year=year)
    replaces = in_full(instead_of) if instead_of is not None else ""
    frozen = snapshot(envelope, rows, number=number, by=by, at=at, replaces=replaces)
    slip = Slip.objects.create(
        agency=envelope.agency,
        slug=SLUG,
        year=year,
        number=number,
        snapshot=frozen,
        sha256=sha256_of(frozen),
        made_at=at,
        made_by=by,
    )
    EnvelopeSlip.objects.create(envelope=envelope, slip=slip)
    nudge("dossiers.slip_pdf", slip.pk)
    return slip


def snapshot(
    envelope: Envelope,
    rows: list[Dossier],
    *,
    number: int,
    by: Officer,
    at: datetime,
    replaces: str = "",
) -> dict[str, Any]:
    """In: the envelope with its agency and case; its dossiers with their version."""
    office = office_of(envelope.agency)
    first = rows[0]
    papers = first.papers.select_related("paper")
    return EnvelopeReceipt(
        slug=SLUG,
        number=number,
        made_at=at,
        form=FormFacts.of(form_on(SLUG, timezone.localdate(at))),
        office=office,
        officer=by.full_name,
        submitter=Person(
            name=envelope.sender_name,
            identity=envelope.sender_identity,
            phone=envelope.sender_phone,
        ),
        authorisation=envelope.authorisation,
        content=envelope.case.version.name,
        received_at=first.received_at,
        term=first.term,
        shortened=words_for(first) if envelope.agency.has_lists else "",
        papers=tuple(unnumbered(paper.name) for paper in papers),
        lines=tuple(
            HandOverLine(
                code=row.code,
                content=_entry(row),
                owner=row.owner_name,
                received_at=row.received_at,
                promised_at=row.due_at,
                note=row.identity_number,
            )
            for row in rows
        ),
        result_at=result_place(first, office),
        fee=fee_words(sum(row.fee_amount or 0 for row in rows)),
        replaces=replaces,
    ).to_dict()


def _entry(row: Dossier) -> str:
    """Its place in the register, as form 01 says it (R-87)."""
    return f"Q.{row.register_volume:02d}, số {row.register_number}" if row.register_number else ""


def void_with(dossier: Dossier, *, at: datetime, recorded_at: datetime) -> None:
    """The receipt of the envelope that this dossier came in does not hold any more: its reception is
    void. One query for a dossier that came alone.
    """
    came_in = EnvelopeSlip.objects.filter(envelope__parts__dossier=dossier, slip__undone_at=None)
    for one in came_in.select_related("slip"):
        set_aside(one.slip, at=at, recorded_at=recorded_at)


def set_aside(slip: Slip, *, at: datetime, recorded_at: datetime) -> None:
    """It is void from now on; it stays, and says when."""
    slip.undone_at, slip.undone_recorded_at = at, recorded_at
    slip.save(update_fields=["undone_at", "undone_recorded_at"])
