"""A page of the counter is sent once: its token says what became of it, and whether what comes now
is the same or something else.

"The same page came twice" is a second click or a connection that repeats: it is answered with what
the first one made. "The same token with other content" is a page that was opened again by Back and
typed over: that was never received, and is never said to be.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dossiers.models import CounterVisit, Dossier, Event
from onestop.errors import DomainError
from onestop.instants import instant
from onestop.rows import digest

if TYPE_CHECKING:
    from datetime import datetime

    from dossiers.intake.brought import Intake
    from onestop.accounts.models import Officer

# Under this name the first event of a dossier keeps the digest of its page.
KEY = "page"


def is_sent(token: UUID) -> bool:
    """Whether a dossier or a visit was made of this page."""
    return (
        Dossier.objects.filter(intake_token=token).exists()
        or CounterVisit.objects.filter(token=token).exists()
    )


def page_digest(
    salt: bytes | memoryview, intake: Intake, *, at: datetime, recorded_at: datetime | None
) -> str:
    """What stands in the event for all that was typed; scans are compared by their own checksums."""
    content: dict[str, Any] = {
        "agency": intake.agency.pk,
        "handled_by": intake.handled_by.pk if intake.handled_by is not None else None,
        "case": intake.case_id,
        "channel": int(intake.channel),
        "owner": asdict(intake.owner),
        "papers": sorted(
            [p.paper_id, p.originals, p.certified, p.copies, p.from_database] for p in intake.papers
        ),
        "submitter": asdict(intake.submitter) if intake.submitter is not None else None,
        "summary": intake.summary,
        "sets": intake.sets,
        "fee": [intake.fee_amount, intake.fee_reason],
        "no_scan": intake.no_scan_reason,
        "ways": [intake.return_by_post, intake.with_slip, intake.kiosk, intake.out_of_area],
        "source": intake.online.code if intake.online is not None else "",
        # Only an hour that was typed: the hour of the click differs between two clicks.
        "at": instant(at) if recorded_at is not None and at != recorded_at else None,
    }
    if stored := sorted([one.paper_id, one.stored] for one in intake.papers if one.stored):
        content["stored"] = stored
    if intake.agreed is not None:
        content["agreed"] = instant(intake.agreed)
    if intake.envelope_id is not None:
        content["envelope"] = intake.envelope_id
    if intake.paid is not None:
        content["paid"] = asdict(intake.paid)
    if intake.left_visits:
        content["left_visits"] = sorted(intake.left_visits)
    if intake.elsewhere is not None:
        content["elsewhere"] = asdict(intake.elsewhere)
    if intake.handed_in is not None:
        content["handed_in"] = intake.handed_in.filing_id
    if intake.online is not None:
        filed_at = intake.online.filed_at
        content["filed"] = [instant(filed_at) if filed_at else None, intake.online.reason]
    return digest(salt, content)


def is_same(
    dossier: Dossier, intake: Intake, *, at: datetime, recorded_at: datetime | None
) -> bool:
    """Whether this is the page the dossier was made of. Dossiers from before the digest was kept
    are taken for the same.
    """
    text = Event.objects.filter(dossier=dossier, seq=1).values_list("text", flat=True).first()
    kept = json.loads(text)["data"].get(KEY) if text else None
    return kept is None or kept == page_digest(dossier.salt, intake, at=at, recorded_at=recorded_at)


def require_same(
    dossier: Dossier,
    intake: Intake,
    *,
    officer: Officer,
    at: datetime,
    recorded_at: datetime | None,
) -> None:
    """Errors: DomainError("token_used") when something else, or somebody else, comes with the token
    of this dossier.
    """
    if dossier.received_by_id != officer.pk:
        raise DomainError("token_foreign")
    if not is_same(dossier, intake, at=at, recorded_at=recorded_at):
        raise used_by(dossier)


def used_by(dossier: Dossier) -> DomainError:
    return DomainError("token_used", made=dossier.code, whose=dossier.owner_name)
