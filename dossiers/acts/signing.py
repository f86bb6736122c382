"""Signing the file of a result with the agency's digital signature, inside the act that writes the
electronic result down (R-81). The signature is made before any lock is held: a token, a signing service or
a time-stamping authority may take seconds. The act then refuses what somebody else changed meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers import registry
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.route.way import approves, route_of
from onestop.accounts.models import DepartmentKind
from onestop.errors import DomainError, require
from onestop.files import kinds
from onestop.files.domain import Kept, keep, open_attachment
from onestop.files.models import Attachment
from onestop.signatures import port
from onestop.signatures.checking import Verdict

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency

logger = logging.getLogger(__name__)
FIELD = "sign"


def signs(dossier: Dossier, by: Desk) -> bool:
    """Whether there is a key for this officer at the agency that handles the dossier today."""
    return _signer(dossier, by) is not None


def _signer(dossier: Dossier, by: Desk) -> port.Signer | None:
    signer = port.signer()
    if signer is None:
        return None
    code = dossier.agency.in_charge(by.on).code
    return signer if signer.has_key(code, by.officer.username) else None


def to_sign(dossier: Dossier, kind: str) -> list[Attachment]:
    """The PDF files of its results that nobody has signed yet, the newest first. One query."""
    unsigned = Attachment.objects.of(kind, dossier.pk).filter(signature=Verdict.NONE)
    return list(unsigned.filter(content_type=kinds.PDF).order_by("-id"))


def sign(
    seen: Seen,
    source: Attachment | Kept,
    *,
    act: str,
    check: Callable[[Dossier], None],
    by: Desk,
    at: datetime,
) -> Kept:
    """The signed file, kept and belonging to nothing yet: the old bytes with the signature behind them.

    Nothing is signed for an act that would be refused by what is known before; `check`: what the act
    asks beside its rule. Errors: Conflict, DomainError("sign_not_here", "sign_kind", "sign_not_approved",
    "sign_refused", "sign_away", "sign_not_held"), those of the act's rule, of `check` and of
    onestop.files.
    """
    rows = Dossier.objects.select_related(
        "agency", "version__procedure", "case", "holder_department"
    )
    dossier = rows.get(pk=seen.dossier_id)
    if seen.row_version is not None and dossier.row_version != seen.row_version:
        raise writer.conflict(dossier)
    require(registry.shows(by, dossier, act))
    check(dossier)
    signer = _signer(dossier, by)
    if signer is None:
        raise DomainError("sign_not_here", field=FIELD)
    if source.content_type != kinds.PDF:
        raise DomainError("sign_kind", field=FIELD, name=source.name)
    _check_approved(dossier, source)
    order = _order(dossier.agency.in_charge(timezone.localdate(at)), source, by, at)
    try:
        signed = signer.sign(order)
    except port.Refused as refused:
        raise DomainError("sign_refused", field=FIELD, why=str(refused)) from refused
    except port.Away as away:
        logger.warning("signer away", extra={"error": str(away)})
        raise DomainError("sign_away", field=FIELD) from away
    path = PurePosixPath(source.name)
    kept = keep(signed, name=f"{path.stem}-da-ky{path.suffix}")
    if kept.signed.verdict not in (Verdict.VALID, Verdict.UNKNOWN) or not signed.startswith(
        order.pdf
    ):
        raise DomainError("sign_not_held", field=FIELD)
    return kept


def _check_approved(dossier: Dossier, source: Attachment | Kept) -> None:
    """In a room that handles, after its result was approved: only what was there then is signed. (The
    văn thư numbers it, the counter scans what came on paper: theirs is later.)

    Errors: DomainError("sign_not_approved").
    """
    room = dossier.holder_department
    if room is None or room.kind != DepartmentKind.PROFESSIONAL:
        return
    route = route_of(dossier)
    place = next((n for n, row in enumerate(route.hand_overs) if approves(row)), 0)
    if not place or not route.approvals:
        return
    approved_at = route.hand_overs[place - 1].given_at
    if not any(result.recorded_at <= approved_at for result in route.results):
        return
    if not isinstance(source, Attachment) or source.uploaded_at > approved_at:
        raise DomainError("sign_not_approved", field=FIELD)


def _order(agency: Agency, source: Attachment | Kept, by: Desk, at: datetime) -> port.Order:
    """Errors: those of onestop.files, where the content is gone or changed."""
    stored = source if isinstance(source, Attachment) else _row(source)
    with open_attachment(stored) as content:
        pdf = content.read()
    return port.Order(pdf, agency.code, agency.name, by.officer.username, at)


def _row(kept: Kept) -> Attachment:
    """What was just kept, as the store reads it; never written."""
    return Attachment(name=kept.name, sha256=kept.sha256)
