"""`/ngay-giay/`: numbers kept for the hours without power or network, the incidents, and the way to
enter what was received in them or outside the office (R-76).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import incidents
from dossiers.acts import paper_days as domain
from dossiers.desk.work import rail_counts
from dossiers.forms.elsewhere import OutageForm, PackForm
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.slips import paper_packs, render_html, render_page, slip_stylesheet
from dossiers.views.desk_common import warn
from dossiers.views.intake_counter import counter_of, counters_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, say, sentence
from onestop.paging import by_id, by_instant

SIZE = 30
PACKS, OUTAGES = by_id(newest_first=True), by_instant("began_at", newest_first=True)


@officer_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_days(request: OfficerRequest) -> HttpResponse:
    """The packs and incidents of the counter; a new one of either."""
    now, agency = timezone.now(), counter_of(request)
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    pack_form = PackForm(request.POST if act == "goi" else None)
    form = OutageForm(request.POST if act == "su-co" else None, now=now)
    if act == "goi" and pack_form.is_valid():
        try:
            pack = domain.prepare(
                agency, size=pack_form.cleaned_data["size"], by=request.desk, at=now
            )
        except DomainError as error:
            warn(request, error)
        else:
            messages.success(
                request, f"Đã để dành các số {pack.first} đến {pack.last}. Hãy in gói."
            )
        return redirect(_here(request, agency))
    if act == "su-co" and _recorded(request, form, agency):
        return redirect(_here(request, agency))
    return _page(request, agency, pack_form, form)


def _recorded(
    request: OfficerRequest, form: OutageForm, agency: Agency, outage: Outage | None = None
) -> bool:
    if not form.is_valid():
        return False
    given: dict[str, Any] = form.cleaned_data | {"by": request.desk, "at": form.now}
    try:
        if outage is None:
            domain.record(agency, **given)
        else:
            domain.correct(outage.pk, agency, **given)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return False
    messages.success(request, "Đã ghi sự cố." if outage is None else "Đã sửa sự cố.")
    return True


def _page(
    request: OfficerRequest, agency: Agency, pack_form: PackForm, form: OutageForm
) -> HttpResponse:
    packs = PaperPack.objects.filter(agency=agency).standing().select_related("prepared_by")
    outages = Outage.objects.filter(agency=agency, cancelled_at=None).select_related("recorded_by")
    # The one list goes on, or the other; both stand on each page.
    shown = OUTAGES.page(outages, size=SIZE, after=request.GET.get("sau", ""))
    kept = PACKS.page(packs, size=SIZE, after=request.GET.get("goi", ""))
    here = f"?co-quan={agency.pk}"
    context = {
        "agency": agency,
        "counters": counters_of(request),
        "packs": kept.rows,
        "next_packs": f"{here}&goi={kept.next}" if kept.next else "",
        "outages": shown.rows,
        "next": f"{here}&sau={shown.next}" if shown.next else "",
        "pack_form": pack_form,
        "form": form,
        # Without it no number can be kept: the page says so instead of asking how many.
        "no_code": "" if agency.dossier_code else say("code_unit_missing"),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if form.is_bound or pack_form.is_bound else 200
    return render(request, "dossiers/paper_days/list.html", context, status=status)


def _here(request: OfficerRequest, agency: Agency) -> str:
    several = len(counters_of(request)) > 1
    return reverse("paper_days") + (f"?co-quan={agency.pk}" if several else "")


@officer_required(Role.CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def outage(request: OfficerRequest, pk: int) -> HttpResponse:
    """One incident: when it was over, what was written wrongly; or that it was none."""
    found = get_object_or_404(_outages(request), pk=pk)
    now, agency = timezone.now(), found.agency
    if request.POST.get("viec") == "bo":
        try:
            domain.cancel(pk, agency, by=request.desk, at=now)
        except DomainError as error:
            warn(request, error)
            return redirect("paper_outage", pk=pk)
        messages.success(request, "Đã bỏ sự cố ghi nhầm.")
        return redirect(_here(request, agency))
    start = {
        "kind": found.kind,
        "note": found.note,
        "began_at": _typed(found.began_at),
        "ended_at": _typed(found.ended_at),
    }
    form = OutageForm(request.POST or None, initial=start, now=now)
    if request.method == "POST" and _recorded(request, form, agency, found):
        return redirect(_here(request, agency))
    access(request, AccessKind.VIEWED, "paper_outage", found.pk)
    context = {
        "outage": found,
        "form": form,
        "received": found.received.count(),
        "decides": incidents.decided_on(request.desk, str(found.pk)) is not None,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/paper_days/outage.html", context, status=status)


def _typed(at: Any) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at is not None else ""


def _outages(request: OfficerRequest) -> Any:
    mine = request.desk.agency_ids_as(Role.CLERK)
    found = Outage.objects.filter(agency__in=mine, cancelled_at=None)
    return found.select_related("agency", "recorded_by")


def _pack(request: OfficerRequest, pk: int) -> PaperPack:
    mine = PaperPack.objects.filter(agency__in=request.desk.agency_ids_as(Role.CLERK))
    return get_object_or_404(mine.select_related("agency"), pk=pk)


@officer_required(Role.CLERK)
@require_safe
def pack_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """The pack to be printed, with what is due today; `in=1` prints at once."""
    pack = _pack(request, pk)
    access(request, AccessKind.PRINTED, "paper_pack", pack.pk)
    text = render_page(
        paper_packs.snapshot(pack, by=request.user, at=timezone.now()),
        copies=1,
        layout="a4",
        back_url=reverse("paper_days"),
        pdf_url=reverse("paper_pack_pdf", args=[pack.pk]),
        autoprint="in" in request.GET,
    )
    return HttpResponse(text, headers={"Cache-Control": "private, no-store"})


@officer_required(Role.CLERK)
@require_safe
def pack_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    """The same as a file, to be kept on a machine that runs without the network."""
    from onestop import pdf

    pack = _pack(request, pk)
    access(request, AccessKind.PRINTED, "paper_pack", pack.pk)
    about = paper_packs.snapshot(pack, by=request.user, at=timezone.now())
    made = pdf.render(render_html(about, layout="a4"), stylesheets=(slip_stylesheet(),))
    name = f"ngay-giay-{pack.first}-{pack.last}.pdf"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'inline; filename="{name}"',
        },
    )


@officer_required(Role.CLERK)
@require_POST
def pack_end(request: OfficerRequest, pk: int) -> HttpResponse:
    """The paper was thrown away: its numbers are offered no more."""
    pack = _pack(request, pk)
    domain.end_pack(pk, pack.agency, by=request.desk, at=timezone.now())
    messages.success(request, f"Gói {pack.first} đến {pack.last} thôi dùng.")
    return redirect(_here(request, pack.agency))
