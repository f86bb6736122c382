"""`/tiep-nhan/truc-tuyen/`: what was handed in on portals and waits for the counter; what was received
late, for the controller.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers import rules
from dossiers.acts import filings as acts
from dossiers.desk import intake as procedures
from dossiers.desk import matters
from dossiers.desk import online as queries
from dossiers.desk.helped import filer_words
from dossiers.desk.online_shares import DAYS, shares
from dossiers.desk.work import rail_counts
from dossiers.forms.online_lists import SettleForm
from dossiers.intake.online import content_of
from dossiers.intake.said import FILES, said_of
from dossiers.models import OnlineFiling, OnlineOrigin
from dossiers.views.intake_filed import NAMED
from dossiers.views.online_accepting import fit_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, sentence
from onestop.files.models import Attachment
from onestop.templatetags.ui import undo
from procedures.rules import may_decide

READERS = (Role.CLERK, Role.CONTROLLER)


@require_safe
@officer_required(*READERS)
def waiting_list(request: OfficerRequest) -> HttpResponse:
    """What must be answered first stands on top; tabs for what is soon or already over its eight
    working hours, and for what was settled.
    """
    now = timezone.now()
    stand = request.GET.get("muc", "")
    stand = stand if stand in queries.STANDS else queries.WAITING
    after = request.GET.get("sau", "")
    page = queries.page(request.desk, stand, now, after=after)
    if after and not page.rows:
        # Others have answered the rest.
        return redirect(f"{request.path}?muc={stand}")
    numbers = queries.counts(request.desk, now)
    context = {
        "rows": page.rows,
        "stand": stand,
        "tabs": [(key, words, numbers[key]) for key, words in queries.STANDS.items()],
        "next": f"?muc={stand}&sau={page.next}" if page.next else "",
        "leads": queries.leads_of(request.desk),
        "may_receive": request.desk.has(Role.CLERK),
        "several": len(request.desk.agency_ids) > 1 or not request.desk.has(Role.CLERK),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/online/list.html", context)


def _filing(request: OfficerRequest, pk: int) -> OnlineFiling:
    joined = ("agency", "source", "procedure", "ended_by", "dossier", "visit", "missing_from")
    rows = queries.filings(request.desk).select_related(*joined, "listed_in__by", "case")
    filing = rows.defer("dossier__secret", "dossier__salt").filter(pk=pk).first()
    if filing is None:
        raise Http404
    return filing


@require_safe
@officer_required(*READERS)
def filing_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """One filing: what the list says, how long it may wait, what may be done with it."""
    filing = _filing(request, pk)
    access(request, AccessKind.VIEWED, "online_filing", filing.pk)
    return _shown(request, filing, SettleForm())


def _shown(request: OfficerRequest, filing: OnlineFiling, form: SettleForm) -> HttpResponse:
    now = timezone.now()
    q = request.GET.get("q", "").strip()[:200]
    words = q or ("" if filing.procedure_id else filing.procedure_text)
    on = timezone.localdate(now)
    context: dict[str, Any] = {
        "f": filing,
        "left": queries.with_left([filing], now)[0].left if filing.is_waiting else None,
        "form": form,
        "q": words,
        "found": (
            procedures.choices(words, on=on, agency=filing.agency)
            if words and filing.is_waiting
            else []
        ),
        "named": NAMED,
        "may_receive": rules.stands_at(request.desk, filing.agency_id),
        "said": said_of(filing),
        "files": list(Attachment.objects.of(FILES, filing.pk)),
        "beside": queries.beside(filing),
        "filed_by": filer_words(filing),
        "guided": matters.guided_by_code(filing.code, filing.agency, at=now)
        if filing.is_waiting
        else [],
        "may_reopen": acts.may_wait_again(filing),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    if filing.is_waiting and context["may_receive"]:
        context["fit"] = fit_of(request, filing, now)
        context["seen"] = content_of(filing)
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/online/filing.html", context, status=status)


@require_safe
@officer_required(Role.CLERK)
def open_filing(request: OfficerRequest, pk: int) -> HttpResponse:
    """Its intake form, filled in; where the list names no procedure that can be received, its page,
    to choose one.
    """
    filing = _filing(request, pk)
    if not rules.stands_at(request.desk, filing.agency_id):
        raise Http404
    access(request, AccessKind.VIEWED, "online_filing", filing.pk)
    if filing.procedure is None or not filing.is_waiting:
        return redirect("online_filing", pk=filing.pk)
    version, answer = procedures.procedure(
        filing.procedure.code, timezone.localdate(), filing.agency
    )
    if version is None or not answer:
        return redirect("online_filing", pk=filing.pk)
    address = reverse("intake_form", args=[filing.procedure.code])
    return redirect(f"{address}?{NAMED}={filing.pk}")


@require_POST
@officer_required(*READERS)
def settle(request: OfficerRequest, pk: int) -> HttpResponse:
    """Đã xử lý trên Cổng, with the reason."""
    filing = _filing(request, pk)
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            acts.settle_elsewhere(
                filing.pk, reason=form.cleaned_data["reason"], by=request.desk, at=timezone.now()
            )
        except DomainError as error:
            form.add_error("reason" if error.field else None, sentence(error))
        else:
            back = undo(reverse("online_filing_reopen", args=[filing.pk]))
            what = "đã đóng" if filing.is_handed else "đã ghi là đã xử lý trên Cổng"
            words = f"{filing.code}: {what}."
            messages.success(request, words, extra_tags=back)
            return redirect("online_filings")
    return _shown(request, filing, form)


@require_POST
@officer_required(*READERS)
def reopen(request: OfficerRequest, pk: int) -> HttpResponse:
    """Hoàn tác: it waits again."""
    filing = _filing(request, pk)
    try:
        acts.reopen(filing.pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"{filing.code}: đã đưa lại vào danh sách chờ tiếp nhận.")
    return redirect("online_filing", pk=filing.pk)


@require_safe
@officer_required(Role.CONTROLLER)
def late_list(request: OfficerRequest) -> HttpResponse:
    """What was received after its eight working hours: both instants, working time, who; and which
    share of what each counter answers is late.
    """
    after, now = request.GET.get("sau", ""), timezone.now()
    page = queries.late_page(request.desk, after=after)
    context = {
        "shares": [] if after else shares(request.desk, now),
        "days": DAYS,
        "leads": queries.leads_of(request.desk),
        "rows": [(row, _hours(row)) for row in page.rows],
        "decides": bool(may_decide(request.desk)),
        "next": f"{request.path}?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/online/late.html", context)


def _hours(row: OnlineOrigin) -> str:
    return queries.hours(row.minutes) if row.minutes is not None else "chưa xác định"
