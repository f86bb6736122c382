"""Slips: numbered, frozen when made, printed as often as needed, always identical (R-88).

The snapshot holds everything the page shows except the look-up secret, which is put in when the page is drawn. The PDF follows
from the worker and is stored; a page prints at once from the same HTML.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.domain import codes, secrets, slip_contexts
from dossiers.domain.events import canonical
from dossiers.models import ClockChange, CounterVisit, Dossier, DossierPaper, Ending, Result, Slip, SlipPrint, Submitter, Supplement
from dossiers.slips import Layout, render_html, slip_stylesheet
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from onestop.files.domain import open_attachment, report, restore, store
from onestop.instants import SKEW
from onestop.jobs.nudge import nudge


def make(
    slug: str,
    *,
    by: Officer,
    at: datetime,
    dossier: Dossier | None = None,
    visit: CounterVisit | None = None,
    supplement: Supplement | None = None,
    result: Result | None = None,
    ending: Ending | None = None,
    change: ClockChange | None = None,
    signer: Officer | None = None,
    was_late: bool | None = None,
    papers: Sequence[DossierPaper] | None = None,
    brought_by: Submitter | None = None,
) -> Slip:
    """Freeze a slip inside the caller's transaction: number, snapshot, hash; the worker makes its PDF after the commit.

    In: the form's slug and what it speaks of; `signer` of a document of the office, `was_late` when it apologises; `papers` with
    `brought_by` when the caller has just written them.
    The form set is the one in force on the day of the act (R-18, R-90).
    """
    day = timezone.localdate(at)
    about = dossier or visit
    assert about is not None
    agency = visit.agency if visit else _numbered_by(slug, dossier, result)
    number = codes.next_slip(agency_id=agency.pk, slug=slug, year=day.year)
    snapshot = slip_contexts.snapshot(
        slip_contexts.Subject(
            slug=slug,
            number=number,
            by=by,
            at=at,
            agency=agency,
            dossier=dossier,
            visit=visit,
            supplement=supplement,
            result=result,
            ending=ending,
            change=change,
            signer=signer,
            was_late=was_late,
            papers=papers,
            brought_by=brought_by,
        )
    )
    slip = Slip.objects.create(
        dossier=dossier,
        visit=visit,
        agency=agency,
        slug=slug,
        year=day.year,
        number=number,
        snapshot=snapshot,
        sha256=_sha256(snapshot),
        made_at=at,
        made_by=by,
    )
    nudge("dossiers.slip_pdf", slip.pk)
    return slip


def _numbered_by(slug: str, dossier: Dossier | None, result: Result | None) -> Agency:
    """Whose number it bears: of the agency whose head it carries."""
    assert dossier is not None
    return dossier.agency if slip_contexts.signed_by_handler(slug, result) else dossier.received_by_agency


def void(dossier: Dossier, slug: str, *, made_at: datetime, at: datetime) -> None:
    """The act that made this slip at that instant was taken back: the one before it counts again."""
    made = Slip.objects.filter(dossier=dossier, slug=slug, made_at=made_at, voided_at=None)
    Slip.objects.filter(pk__in=list(made.order_by("-id").values_list("pk", flat=True)[:1])).update(voided_at=at)


def on_request(dossier: Dossier, *, by: Officer, at: datetime) -> Slip:
    """Form 01 of a dossier that was received without one (R-10); the one there is when there is one. The dossier's row is the lock."""
    with transaction.atomic():
        Dossier.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=dossier.pk)
        known = Slip.objects.filter(dossier=dossier, slug="tiep-nhan", voided_at=None).order_by("-id").first()
        return known or make("tiep-nhan", dossier=dossier, by=by, at=at)


def drawn(slip: Slip) -> dict[str, Any]:
    """The snapshot with the look-up address put in: what dossiers.slips draws pages from."""
    about = dict(slip.snapshot if slip.snapshot is not None else _freeze(slip))
    if slip.dossier is not None:
        about["lookup_url"] = secrets.lookup_url(slip.dossier)
    return about


def _freeze(slip: Slip) -> dict[str, Any]:
    """Fill the slip of an invented dossier, once: from the rows that its act left, with the promise that the act gave.

    The dossier's row is the lock. What a slip shows beside the promise is never changed by an act after reception.
    """
    assert slip.dossier_id is not None
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(of=("self",), no_key=True).get(pk=slip.dossier_id)
        known: dict[str, Any] | None = Slip.objects.values_list("snapshot", flat=True).get(pk=slip.pk)
        if known is None:
            at = slip.made_at
            completed = ClockChange.objects.filter(dossier=dossier, end=at, undone=False).first()
            dossier.due_at = completed.due_after if completed is not None else dossier.first_due_at
            known = slip_contexts.snapshot(
                slip_contexts.Subject(
                    slug=slip.slug,
                    number=slip.number,
                    by=slip.made_by,
                    at=at,
                    agency=slip.agency,
                    dossier=dossier,
                    supplement=Supplement.objects.filter(dossier=dossier, issued_at=at).first(),
                    result=Result.objects.filter(dossier=dossier, recorded_at=at).first(),
                    row=slip,
                )
            )
            Slip.objects.filter(pk=slip.pk).update(snapshot=known, sha256=_sha256(known))
    slip.snapshot, slip.sha256 = known, _sha256(known)
    return known


def html(slip: Slip, *, copies: int = 2, layout: Layout = "a5") -> str:
    """The page of a slip, the same for ever but for the mark of a void one. In: 1 or 2 copies; layout "a5" or "a4x2" (two on an A4)."""
    return render_html(drawn(slip), copies=copies, layout=layout, voided_at=slip.voided_at)


def control_sheet(dossier: Dossier, *, by: Officer, at: datetime) -> Slip:
    """The control sheet as of now: the last one again when no hand-over came since, else a new one (R-66, R-67)."""
    if (last := _standing_sheet(dossier)) is not None:
        return last
    with transaction.atomic():
        # Only who makes a new one locks, and looks again: who waited finds what the first one made.
        Dossier.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=dossier.pk)
        return _standing_sheet(dossier) or make("kiem-soat", dossier=dossier, by=by, at=at)


def _standing_sheet(dossier: Dossier) -> Slip | None:
    """The last control sheet when it says what a new one would say."""
    last = Slip.objects.filter(dossier=dossier, slug="kiem-soat").order_by("-id").first()
    if last is None:
        return None
    about = slip_contexts.Subject(
        slug="kiem-soat", number=last.number, by=last.made_by, at=last.made_at, agency=last.agency, dossier=dossier
    )
    return last if _sha256(slip_contexts.snapshot(about)) == last.sha256 else None


def _sha256(snapshot: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def record_print(slip: Slip, *, by: Officer, at: datetime, copies: int) -> SlipPrint:
    """Write the print down: who, when, how many copies, first or again."""
    again = SlipPrint.objects.filter(slip=slip).exists()
    return SlipPrint.objects.create(slip=slip, officer=by, at=at, copies=copies, again=again)


def make_pdf(slip_id: int) -> None:
    """Make and store the PDF of a slip that has none. Run by the worker; doing it twice stores it once."""
    from onestop import pdf

    slip = Slip.objects.select_related("dossier", "made_by").filter(pk=slip_id, pdf=None).first()
    if slip is None:
        return
    content = pdf.render(html(slip), stylesheets=(slip_stylesheet(),))
    attachment = store(content, name=f"{slip.slug}-{slip.year}-{slip.number}.pdf", kind="slip", object_id=slip.pk, by=slip.made_by)
    Slip.objects.filter(pk=slip_id, pdf=None).update(pdf=attachment)


def pdf_bytes(slip: Slip, *, at: datetime) -> bytes:
    """The stored PDF, checked against its checksum; made now when the worker has not come to it yet. A void slip is not what was
    stored: it is made now, with its mark. One that is gone or changed is drawn again from the frozen snapshot, and told."""
    if slip.voided_at is not None:
        return pdf_as(slip, copies=2, layout="a5")
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
        content = pdf_as(slip, copies=2, layout="a5")
        restore(slip.pdf, content)
        return content


def pdf_as(slip: Slip, *, copies: int, layout: Layout) -> bytes:
    """A PDF with other copies or paper than the stored one; made now, not stored."""
    from onestop import pdf

    return pdf.render(html(slip, copies=copies, layout=layout), stylesheets=(slip_stylesheet(),))


def without_pdf(now: datetime, *, older_than: timedelta = timedelta(minutes=1), limit: int = 200) -> list[int]:
    """Slips the workers were not told of: what the sweep takes up; not those that nobody has asked for."""
    # What was made later than now was made by a clock that was wrong.
    waiting = Q(made_at__lte=now - older_than) | Q(made_at__gt=now + SKEW)
    rows = Slip.objects.filter(waiting, pdf=None, snapshot__isnull=False).order_by("made_at")
    return list(rows.values_list("pk", flat=True)[:limit])
