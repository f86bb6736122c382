"""Where the counter's work begins and ends: the start page, and what stands on the screen after a
dossier was received.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from dossiers.acts import guiding
from dossiers.clock import deadlines
from dossiers.desk import intake as queries
from dossiers.desk import matters
from dossiers.desk.meant import people_lead
from dossiers.desk.money import receipts_of
from dossiers.desk.online import find as find_filing
from dossiers.desk.online import origin_of
from dossiers.desk.open_drafts import drafts
from dossiers.desk.suggesting import Suggestions, are_an_end, may_be_procedure, suggest
from dossiers.desk.work import rail_counts
from dossiers.forms.guiding import PutAgainForm
from dossiers.intake.drafts import kept_days
from dossiers.intake.elsewhere import elsewhere_of
from dossiers.models import CounterVisit, Dossier, Slip
from dossiers.reading_codes import code_in, is_scan, readings
from dossiers.views.intake_counter import counter_of, counters_of
from dossiers.views.search import note_suggested
from onestop.accounts.access import access
from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.worktime import forward_words, outside, start_of_day
from procedures.models import Procedure, Status


@officer_required(Role.CLERK)
@require_safe
def start(request: OfficerRequest) -> HttpResponse:
    """Search a procedure, repeat the last ones, continue a draft, see one's own day. A scanned slip
    opens its dossier.
    """
    now = timezone.now()
    on = timezone.localdate(now)
    code = request.GET.get("thu-tuc", "").strip()[:200]
    if code and (known := Procedure.objects.filter(code=code).first()) is not None:
        return redirect(_beginning(known, on))
    q = request.GET.get("q", code).strip()[:300]
    scanned = code_in(q) if is_scan(q) else ""
    dossier = None
    if scanned:
        seen = Dossier.objects.visible_to(request.desk)
        dossier = seen.filter(code__in=readings(scanned)).first()
    others = suggest(request.desk, q, on=on, procedures=False) if not scanned else Suggestions()
    asks_catalogue = q and not scanned and not are_an_end(q, others.dossiers)
    agency = counter_of(request)
    found = queries.choices(q, on=on, agency=agency) if asks_catalogue else []
    note_suggested(request, others)
    context: dict[str, Any] = {
        "q": q,
        "found": found,
        "agency": agency,
        "counter_query": _counter_query(request, agency.pk),
        "away": request.GET.get("ngoai", "")[:20],
    }
    context |= {"scanned": scanned, "dossier": dossier, "others": others}
    context["people_lead"] = _people_lead(q, others, found)
    context["opens"] = may_be_procedure(q) and not context["people_lead"]
    if request.headers.get("HX-Request"):
        return render(request, "dossiers/intake/_found.html", context)
    if dossier is not None:
        return redirect(dossier)
    if scanned and (filing := find_filing(request.desk, scanned)) is not None:
        return redirect("online_filing_open", pk=filing.pk)
    meant = [] if context["people_lead"] else found
    if "mo" in request.GET and (address := _first(meant, others, q, context["counter_query"])):
        return redirect(address)
    counts, rail = rail_counts(request.desk, now)
    context |= {
        "filed": counts["filed"],
        "rail_counts": rail,
        "search_box": None,  # this page's own box is the one box
        "counters": counters_of(request),
        "outside": outside(now, calendar_of(agency.pk)),
        "recent": queries.recent(request.user, on, agency),
        "drafts": drafts(request.user, now, kept_days(), counters_of(request)),
        "kept_days": kept_days(),
        "guided": guiding.standing_of(request.user) if counts["guided"] else (),
        "today": queries.today(request.desk, start_of_day(on)),
    }
    return render(request, "dossiers/intake/start.html", context)


def _beginning(procedure: Procedure, on: date) -> str:
    """Where this procedure is received: on the short path where it is given back at once (R-10)."""
    methods = queries.immediate_methods().filter(
        case__version__in=procedure.versions.in_force(on), case__version__status=Status.READY
    )
    if methods.exists():
        return f"{reverse('intake_immediate')}?{urlencode({'thu-tuc': procedure.code})}"
    return reverse("intake_form", args=[procedure.code])


def _people_lead(text: str, others: Suggestions, found: list[queries.Choice]) -> bool:
    """Whether somebody's name stands above procedures; here what fits both as well is a procedure."""
    owners, names = [one.owner for one in others.dossiers], [one.version.name for one in found]
    return others.kind == "name" and bool(found) and people_lead(text, owners, names) > 0


def _first(found: list[queries.Choice], others: Suggestions, text: str, counter_query: str) -> str:
    """What Enter opens before anything is shown: the first procedure that can be chosen, else whom
    the words name. A figure or two opens no procedure: too many have it in their code.
    """
    meant = found if may_be_procedure(text) else []
    first = next((choice for choice in meant if choice.answer), None)
    if first is not None and first.immediate:
        return f"{reverse('intake_immediate')}?{urlencode({'thu-tuc': first.version.code})}"
    if first is not None:
        return reverse("intake_form", args=[first.version.code]) + counter_query
    if len(others.dossiers) == 1:
        return others.dossiers[0].url
    if len(others.batches) == 1 and not others.dossiers:
        return reverse("batch", args=[others.batches[0].pk])
    return f"{reverse('search')}?{urlencode({'q': text})}" if others.dossiers else ""


@officer_required(Role.CLERK)
@require_safe
def done(request: OfficerRequest, code: str) -> HttpResponse:
    """The code, large; the slip; what comes next."""
    rows = Dossier.objects.visible_to(request.desk).filter(
        received_by_agency__in=request.desk.agency_ids_as(Role.CLERK)
    )
    dossier = get_object_or_404(
        rows.select_related(
            "version__procedure",
            "agency",
            "received_by_agency",
            "case",
            "online__source",
            "elsewhere__outage",
        ),
        code=code,
    )
    access(request, AccessKind.VIEWED, "dossier", dossier.pk)
    calendar = calendar_of(dossier.agency_id) if dossier.is_open else None
    by = dossier.forward_by
    receipts = receipts_of([dossier.pk]) if dossier.fee_amount else []
    context = {
        "d": dossier,
        "receipts": receipts,
        "prints_receipt": any(row.series.is_printed for row in receipts),
        "origin": origin_of(dossier),
        "elsewhere": elsewhere_of(dossier),
        "lines": deadlines.explain(dossier, calendar) if calendar else (),
        "forward": forward_words(by, calendar, timezone.now()) if by and calendar else "",
        "counter_query": (query := _counter_query(request, dossier.received_by_agency_id)),
        "next_query": query + _handler_query(dossier, "&" if query else "?"),
    }
    return render(request, "dossiers/intake/done.html", context)


@officer_required(Role.CLERK)
@require_safe
def visit(request: OfficerRequest, pk: int) -> HttpResponse:
    """After guidance or refusal: the slip's number, print, what comes next."""
    rows = CounterVisit.objects.filter(agency__in=request.desk.agency_ids_as(Role.CLERK))
    joined = ("version__procedure", "agency", "officer", "approver", "approval__answered_by")
    row = get_object_or_404(rows.select_related(*joined), pk=pk)
    access(request, AccessKind.VIEWED, "visit", row.pk)
    slip = Slip.objects.filter(visit=row).order_by("id").first()
    context: dict[str, Any] = {
        "v": row,
        "slip": slip,
        "approval": matters.approval_words(row),
        "counter_query": _counter_query(request, row.agency_id),
    }
    if slip is None:
        people = matters.approvers(row.agency, timezone.now())
        start = {"approver": row.approver_id, "reason": row.approval_reason}
        context["form"] = PutAgainForm(initial=start, approvers=people)
        return render(request, "dossiers/intake/visit_waits.html", context)
    return render(request, "dossiers/intake/visit.html", context)


def _counter_query(request: OfficerRequest, agency_id: int) -> str:
    """What links carry along: the counter where the officer stands at several, and that what comes
    next was received away from the program.
    """
    kept = {"co-quan": str(agency_id)} if len(counters_of(request)) > 1 else {}
    if away := request.GET.get("ngoai", "")[:20]:
        kept["ngoai"] = away
    return f"?{urlencode(kept)}" if kept else ""


def _handler_query(dossier: Dossier, mark: str) -> str:
    """The agency that a service centre received for: the next one of the same procedure begins with
    it.
    """
    return (
        f"{mark}giai-quyet={dossier.agency_id}"
        if dossier.agency_id != dossier.received_by_agency_id
        else ""
    )
