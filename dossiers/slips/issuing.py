"""Slips: numbered, frozen when made, printed as often as needed, always identical (R-88).

The snapshot holds everything the page shows except the look-up secret, which is put in when the
page is drawn. The PDF follows from the worker and is stored; a page prints at once from the same
HTML.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from dossiers import registry
from dossiers.intake import codes, secrets
from dossiers.ledger.writer import Life
from dossiers.models import (
    CounterVisit,
    Dossier,
    DossierPaper,
    Slip,
    SlipPrint,
    Submitter,
)
from dossiers.models.outgoing import OutgoingDocument
from dossiers.slips import Layout, render_html, slip_stylesheet, subjects
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from onestop.files.domain import attach, keep, open_attachment, report, restore
from onestop.files.kinds import PDF
from onestop.instants import SKEW
from onestop.jobs.nudge import nudge
from onestop.rows import sha256_of
from onestop.stores import StoreAway

logger = logging.getLogger(__name__)


def make(
    slug: str,
    *,
    life: Life,
    about: Model | None = None,
    signer: Officer | None = None,
    was_late: bool | None = None,
    papers: Sequence[DossierPaper] | None = None,
    brought_by: Submitter | None = None,
    shortened: str = "",
    is_paid: bool = False,
) -> Slip:
    """Freeze the slip of an act inside the act: number, snapshot, hash; the worker makes its PDF
    after the commit.

    In: the slip's slug and the row it tells; `signer` of a document of the office, `was_late` when
    it apologises; `papers` with
    `brought_by` and `shortened` when the caller has just written them; `is_paid` when it takes the
    fee right after.
    The form set is the one in force on the day of the act (R-18, R-90).
    """
    assert life.by is not None
    life.alone()
    dossier = life.dossier
    agency = _numbered_by(slug, dossier).in_charge(timezone.localdate(life.at))
    subject = subjects.Subject(
        slug=slug,
        number=_number(slug, agency.pk, life.at),
        by=life.by.officer,
        at=life.at,
        agency=agency,
        dossier=dossier,
        about=about,
        signer=signer,
        was_late=was_late,
        papers=papers,
        brought_by=brought_by,
        shortened=shortened,
        is_paid=is_paid,
    )
    return _told(life.add(_frozen(subject)))


def make_for_visit(slug: str, visit: CounterVisit, *, by: Officer, at: datetime) -> Slip:
    """The same of a visit that ended without a dossier, inside the caller's transaction."""
    number = _number(slug, visit.agency_id, at)
    slip = _frozen(
        subjects.Subject(slug=slug, number=number, by=by, at=at, agency=visit.agency, visit=visit)
    )
    slip.save()
    return _told(slip)


def _number(slug: str, agency_id: int, at: datetime) -> int:
    return codes.next_slip(agency_id=agency_id, slug=slug, year=timezone.localdate(at).year)


def _frozen(about: subjects.Subject) -> Slip:
    snapshot = subjects.snapshot(about)
    return Slip(
        dossier=about.dossier,
        visit=about.visit,
        agency=about.agency,
        slug=about.slug,
        year=timezone.localdate(about.at).year,
        number=about.number,
        snapshot=snapshot,
        sha256=sha256_of(snapshot),
        made_at=about.at,
        made_by=about.by,
    )


def _told(slip: Slip) -> Slip:
    nudge("dossiers.slip_pdf", slip.pk)
    return slip


def _numbered_by(slug: str, dossier: Dossier) -> Agency:
    """Whose number it bears: of the agency whose head it carries."""
    by_handler = registry.slip_kinds()[slug].by_handler
    return dossier.agency if by_handler else dossier.received_by_agency


def on_request(life: Life) -> Slip:
    """Form 01 of a dossier that was received without one (R-10), inside an act; the one there is
    when there is one.
    """
    known = (
        Slip.objects.standing()
        .filter(dossier=life.dossier, slug="tiep-nhan")
        .order_by("-id")
        .first()
    )
    return known or make("tiep-nhan", life=life)


def drawn(slip: Slip) -> dict[str, Any]:
    """The snapshot with the look-up address put in: what dossiers.slips draws pages from.

    Errors: DomainError("slip_changed") when it is not what was frozen: nothing is printed of it.
    """
    if slip.sha256 != sha256_of(slip.snapshot):
        logger.error("slip changed", extra={"slip": slip.pk})
        raise DomainError("slip_changed", number=f"{slip.number}/{slip.year}")
    about = dict(slip.snapshot)
    if slip.dossier is not None:
        about["lookup_url"] = secrets.lookup_url(slip.dossier)
    elif slip.visit_id is None:
        about["lookup_url"] = secrets.lookup_page()
    if (line := numbered(slip)) is not None:
        about |= {"document_number": line.symbol, "issued_on": line.issued_on.isoformat()}
    return about


def numbered(slip: Slip) -> OutgoingDocument | None:
    """The line of the register of outgoing documents that gave it its number; asked for documents of
    the office only.
    """
    kind = registry.slip_kinds().get(slip.slug)
    if kind is None or not kind.outgoing:
        return None
    return OutgoingDocument.objects.standing().filter(slip=slip).first()


def html(slip: Slip, *, copies: int = 1, layout: Layout = "a5") -> str:
    """The page of a slip, the same for ever but for the mark of a void one. In: 1 or 2 copies;
    layout "a5" or "a4x2" (two on an A4).
    """
    return render_html(drawn(slip), copies=copies, layout=layout, voided_at=slip.undone_at)


def control_sheet(life: Life) -> Slip:
    """The control sheet as of now, inside an act: the last one again when no hand-over came since,
    else a new one (R-66, R-67).
    """
    return standing_sheet(life.dossier) or make("kiem-soat", life=life)


def standing_sheet(dossier: Dossier) -> Slip | None:
    """The last control sheet when it says what a new one would say."""
    sheets = Slip.objects.filter(dossier=dossier, slug="kiem-soat").order_by("-id")
    joined = sheets.select_related("made_by", "agency", "pdf")
    last = joined.annotate(was_printed=WAS_PRINTED).first()
    if last is None:
        return None
    last.dossier = dossier
    about = subjects.Subject(
        slug="kiem-soat",
        number=last.number,
        by=last.made_by,
        at=last.made_at,
        agency=last.agency,
        dossier=dossier,
    )
    return last if sha256_of(subjects.snapshot(about)) == last.sha256 else None


# Read with the slip by whoever is about to print it.
WAS_PRINTED = Exists(SlipPrint.objects.filter(slip=OuterRef("pk")))


def record_print(slip: Slip, *, by: Officer, at: datetime, copies: int) -> SlipPrint:
    """Write the print down: who, when, how many copies, first or again."""
    known: bool | None = getattr(slip, "was_printed", None)
    again = SlipPrint.objects.filter(slip=slip).exists() if known is None else known
    return SlipPrint.objects.create(slip=slip, officer=by, at=at, copies=copies, again=again)


def record_prints(slips: Sequence[Slip], *, by: Officer, at: datetime, copies: int) -> None:
    """The same of slips that are printed together, read with WAS_PRINTED. One statement."""
    SlipPrint.objects.bulk_create(
        SlipPrint(slip=slip, officer=by, at=at, copies=copies, again=getattr(slip, "was_printed"))  # noqa: B009
        for slip in slips
    )


def make_pdf(slip_id: int) -> None:
    """Make and store the PDF of a slip that has none, in one copy: more are laid out when somebody
    asks. Run by the worker; doing it twice stores it once.

    Drawn and kept before the transaction: SQLite's only writer must not wait for it.
    """
    slip = Slip.objects.select_related("dossier", "made_by").filter(pk=slip_id, pdf=None).first()
    if slip is None:
        return
    name = f"{slip.slug}-{slip.year}-{slip.number}.pdf"
    kept = keep(pdf_as(slip), name=name, made_as=PDF)
    with transaction.atomic():
        pdf = attach(kept, kind="slip", object_id=slip_id, by=slip.made_by)
        if not Slip.objects.filter(pk=slip_id, pdf=None).update(pdf=pdf):
            transaction.set_rollback(True)  # another worker was quicker


def pdf_bytes(slip: Slip, *, at: datetime) -> bytes:
    """The stored PDF, checked against its checksum; made now when the worker has not come to it
    yet. A void slip is not what was stored: it is made now, with its mark; a
    document that was numbered since, with its number. One that is gone or
    changed is drawn again from the frozen snapshot, and told. While the store of files is away it is
    drawn too: nobody waits for it at the counter.
    """
    if slip.undone_at is not None or numbered(slip) is not None:
        return pdf_as(slip)
    try:
        return _stored(slip, at=at)
    except StoreAway:
        return pdf_as(slip)


def _stored(slip: Slip, *, at: datetime) -> bytes:
    if slip.pdf is None:
        make_pdf(slip.pk)
        slip.refresh_from_db()
    if slip.pdf is None:
        raise DomainError("slip_missing")
    try:
        with open_attachment(slip.pdf) as file:
            return bytes(file.read())
    except DomainError as damage:
        report(slip.pdf, damage.code, at=at)
        content = pdf_as(slip)
        restore(slip.pdf, content)
        return content


def pdf_as(slip: Slip, *, copies: int = 1, layout: Layout = "a5") -> bytes:
    """The PDF as it is stored, or with other copies or paper; made now, not stored."""
    from onestop import pdf

    return pdf.render(html(slip, copies=copies, layout=layout), stylesheets=(slip_stylesheet(),))


# What the workers missed is made up for within this time; older slips are made when somebody asks
# for them.
SWEEP_DAYS = 2


def without_pdf(
    now: datetime, *, older_than: timedelta = timedelta(minutes=1), limit: int = 200
) -> list[int]:
    """Slips the workers were not told of: what the sweep takes up."""
    # What was made later than now was made by a clock that was wrong.
    waiting = Q(made_at__gte=now - timedelta(days=SWEEP_DAYS), made_at__lte=now - older_than) | Q(
        made_at__gt=now + SKEW
    )
    rows = Slip.objects.filter(waiting, pdf=None).order_by("made_at")
    return list(rows.values_list("pk", flat=True)[:limit])
