"""Slips on the screen and as PDF: the page prints at once from HTML, every print is recorded, a
reprint is identical (R-88).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import printing
from dossiers.models import CounterVisit, Dossier, Slip
from dossiers.models.envelopes import EnvelopeSlip
from dossiers.registry import slip_names
from dossiers.slips import Layout, envelopes, issuing, render_page, render_together
from dossiers.slips.contexts import contexts
from dossiers.slips.void_notes import why_void
from dossiers.states import HANDLERS
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.pdf import PdfUnavailable
from onestop.texts import MOST_NUMBER, whole_number

SHEET, RECEIPT = "kiem-soat", "bien-lai"
LAYOUTS = frozenset({"a5", "a4x2", "a4"})
PRINTERS = tuple(Role(role) for role in sorted(HANDLERS | {Role.CASHIER, Role.CONTROLLER}))
Answer = Callable[[OfficerRequest, Slip, str, str], HttpResponse]


@officer_required(*PRINTERS)
@require_safe
def page(request: OfficerRequest, code: str, slug: str) -> HttpResponse:
    """/ho-so/<mã>/phieu/<slug>/?lien=1|2&kho=a5|a4x2[&so=number][&in=1]: the newest valid slip of
    that kind, or the one numbered `so`; with &kem=bien-lai the receipts that the program prints follow
    it.

    A slip whose act was taken back still answers, and says that it is void.
    """
    dossier, slip = _slip_of_dossier(request, code, slug)
    if request.GET.get("kem") == RECEIPT and slip.slug != RECEIPT and slip.is_standing:
        return _with_receipts(request, dossier, slip)
    pdf = reverse("slip_pdf", args=[code, slug])
    return page_of(request, slip, back=dossier.get_absolute_url(), pdf=pdf)


@officer_required(*PRINTERS)
@require_safe
def pdf(request: OfficerRequest, code: str, slug: str) -> HttpResponse:
    """/ho-so/<mã>/phieu/<slug>.pdf: the stored PDF, one copy; made now when the worker has not come
    to it yet. With ?lien=1|2&kho=a5|a4x2 drawn as that says, two copies on a sheet for example.
    """
    _, slip = _slip_of_dossier(request, code, slug)
    return pdf_of(request, slip, f"{slug}-{code}.pdf")


@officer_required(*PRINTERS)
@require_POST
def make_sheet(request: OfficerRequest, code: str) -> HttpResponse:
    """The control sheet as of now: made where the last one would say something else (R-66, R-67); then
    its print page. What our pages lead to is pressed: following their links makes no slip.
    """
    _, slip = _sheet_now(request, code)
    return redirect(f"{reverse('slip_page', args=[code, SHEET])}?so={slip.number}&in=1")


@officer_required(Role.CLERK)
@require_safe
def visit_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """The slip of a visit that ended without a dossier (forms 02, 03)."""
    slip = _slip_of_visit(request, pk)
    pdf = reverse("visit_slip_pdf", args=[pk])
    return page_of(request, slip, back=reverse("intake_visit", args=[pk]), pdf=pdf)


@officer_required(Role.CLERK)
@require_safe
def visit_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    slip = _slip_of_visit(request, pk)
    return pdf_of(request, slip, f"{slip.slug}-{slip.year}-{slip.number}.pdf")


def _sheet_now(request: OfficerRequest, code: str) -> tuple[Dossier, Slip]:
    # What the sheet says of it, read with it.
    joined = ("version", "case", "agency", "received_by_agency")
    mine = Dossier.objects.visible_to(request.desk).select_related(*joined)
    dossier = get_object_or_404(mine.defer("version__search_text"), code=code)
    return dossier, printing.control_sheet(dossier, by=request.desk, at=timezone.now())


def _slip_of_dossier(request: OfficerRequest, code: str, slug: str) -> tuple[Dossier, Slip]:
    if slug not in contexts():
        raise Http404
    if slug == SHEET and _number(request) is None:
        # An address that people script: the sheet as of now, never one that hand-overs have overtaken.
        return _sheet_now(request, code)
    mine = Dossier.objects.visible_to(request.desk)
    dossier = get_object_or_404(mine, code=code)
    return dossier, chosen(request, Slip.objects.filter(dossier=dossier, slug=slug))


def _with_receipts(request: OfficerRequest, dossier: Dossier, slip: Slip) -> HttpResponse:
    """The slip, and after it every receipt of the dossier that stands, in one print run."""
    found = Slip.objects.standing().filter(dossier=dossier, slug=RECEIPT).order_by("id")
    slips = [
        slip,
        *found.select_related("dossier", "made_by").annotate(was_printed=issuing.WAS_PRINTED),
    ]
    copies = _copies(request, slip)
    issuing.record_prints(slips, by=request.user, at=timezone.now(), copies=copies)
    for one in slips:
        _log(request, one, AccessKind.PRINTED)
    text = render_together(
        [issuing.drawn(one) for one in slips],
        copies=copies,
        layout="a4x2" if request.GET.get("kho") == "a4x2" else "a5",
        back_url=dossier.get_absolute_url(),
        autoprint="in" in request.GET,
    )
    return HttpResponse(text)


def _slip_of_visit(request: OfficerRequest, pk: int) -> Slip:
    visit = get_object_or_404(
        CounterVisit, pk=pk, agency__in=request.desk.agency_ids_as(Role.CLERK)
    )
    return chosen(request, Slip.objects.filter(visit=visit))


def _number(request: OfficerRequest) -> int | None:
    """The number of the slip that the address asks for, if it asks for one."""
    return whole_number(request.GET.get("so", ""), most=MOST_NUMBER)


def chosen(request: OfficerRequest, found: QuerySet[Slip]) -> Slip:
    """The one numbered as the address says, else the newest that is valid. Errors: Http404."""
    number = _number(request)
    if number is not None:
        found = found.filter(number=number)
    slip = (
        found.select_related("dossier", "pdf", "made_by")
        .annotate(was_printed=issuing.WAS_PRINTED)
        .order_by(F("undone_at").desc(nulls_first=True), "-id")
        .first()
    )
    if slip is None:
        raise Http404
    return slip


def _copies(request: OfficerRequest, slip: Slip) -> int:
    """As the address asks; else two (kept and given), one of the control sheet, which travels with
    the papers.
    """
    asked = request.GET.get("lien") or ("1" if slip.slug == SHEET else "2")
    return 1 if asked == "1" else 2


def page_of(request: OfficerRequest, slip: Slip, *, back: str, pdf: str) -> HttpResponse:
    copies = _copies(request, slip)
    layout = request.GET.get("kho", "")
    about = issuing.drawn(slip)
    issuing.record_print(slip, by=request.user, at=timezone.now(), copies=copies)
    _log(request, slip, AccessKind.PRINTED)
    text = render_page(
        about,
        copies=copies,
        layout=layout if layout in LAYOUTS else "a5",
        back_url=back,
        pdf_url=_asked_too(request, pdf),
        autoprint="in" in request.GET and slip.is_standing,
        voided_at=slip.undone_at,
        why_void=why_void(slip),
        chosen=_chose(request),
        numbered=_number(request) is not None,
    )
    return HttpResponse(text)


def _chose(request: OfficerRequest) -> bool:
    """Whether the address names copies or paper."""
    return "lien" in request.GET or "kho" in request.GET


def _asked_too(request: OfficerRequest, pdf: str) -> str:
    """The address of the PDF of what the page shows: the same slip, copies and paper, where the
    page's own address names them.
    """
    asked = {key: request.GET[key] for key in ("so", "lien", "kho") if key in request.GET}
    return f"{pdf}?{urlencode(asked)}" if asked else pdf


def pdf_of(request: OfficerRequest, slip: Slip, name: str) -> HttpResponse:
    """The PDF of a slip that this officer may see; written down as printed."""
    copies = _copies(request, slip) if _chose(request) else 1
    layout = _layout(request.GET.get("kho", "a5"))
    _log(request, slip, AccessKind.DOWNLOADED)
    try:
        content = (
            issuing.pdf_as(slip, copies=copies, layout=cast(Layout, layout))
            if _chose(request)
            else issuing.pdf_bytes(slip, at=timezone.now())
        )
    except PdfUnavailable:
        return redirect(request.path.removesuffix(".pdf") + "/")
    issuing.record_print(slip, by=request.user, at=timezone.now(), copies=copies)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _layout(text: str) -> str:
    return text if text in LAYOUTS else "a5"


def _log(request: OfficerRequest, slip: Slip, kind: AccessKind) -> None:
    about = ("dossier", slip.dossier_id) if slip.dossier_id else ("visit", slip.visit_id)
    if slip.slug == envelopes.SLUG:
        about = ("envelope", EnvelopeSlip.objects.get(slip=slip).envelope_id)
    access(request, kind, *about, f"{slip_names()[slip.slug]} số {slip.number}/{slip.year}")
