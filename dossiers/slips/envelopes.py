"""The receipt of an envelope: one paper for many dossiers, each with its code in the annex."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.models.envelopes import Envelope
from dossiers.slips import form_on
from dossiers.slips.contexts import EnvelopeReceipt, FormFacts, HandOverLine, Person
from dossiers.slips.letterheads import office_of
from dossiers.slips.subjects import fee_words, result_place
from procedures.reading.condition_words import unnumbered

SLUG = "tiep-nhan-tap-the"


def snapshot(envelope: Envelope, rows: list[Dossier]) -> dict[str, Any]:
    """In: the envelope with its agency, case and officer; its dossiers with version and papers."""
    office = office_of(envelope.agency)
    first = rows[0]
    papers = first.papers.select_related("paper")
    return EnvelopeReceipt(
        slug=SLUG,
        number=envelope.number,
        made_at=envelope.made_at,
        form=FormFacts.of(form_on(SLUG, timezone.localdate(envelope.made_at))),
        office=office,
        officer=envelope.made_by.full_name,
        submitter=Person(
            name=envelope.sender_name,
            identity=envelope.sender_identity,
            phone=envelope.sender_phone,
        ),
        authorisation=envelope.authorisation,
        content=envelope.case.version.name,
        received_at=envelope.made_at,
        term=first.term,
        papers=tuple(unnumbered(paper.name) for paper in papers),
        lines=tuple(
            HandOverLine(
                code=row.code,
                content="",
                owner=row.owner_name,
                received_at=row.received_at,
                promised_at=row.due_at,
                note=row.identity_number,
            )
            for row in rows
        ),
        result_at=result_place(first, office),
        fee=fee_words(sum(row.fee_amount or 0 for row in rows)),
    ).to_dict()
