"""`/thu-tien/thanh-toan-truc-tuyen/`: requests for payment of which the platform does not say how they
stand: asked again by a press, or closed with a reason.
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.desk.work import rail_counts
from dossiers.views.cashier import SEERS, chosen_agency
from exchange.forms import ClosePayForm
from exchange.models import PayRequest
from exchange.paying import unsure
from exchange.paying.telling import name_of
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, say, sentence

SEEN = "yêu cầu thanh toán trực tuyến chưa rõ"


@require_safe
@officer_required(*SEERS)
def listed(request: OfficerRequest) -> HttpResponse:
    now = timezone.now()
    there, agency = chosen_agency(request, SEERS)
    page = unsure.page([agency.pk], now, after=request.GET.get("sau", ""))
    if page.rows:
        ids = sorted({row.dossier_id for row in page.rows})
        access_each(request, AccessKind.VIEWED, "dossier", ids, SEEN)
    context = {
        "agencies": there,
        "agency": agency,
        "rows": [(row, say(unsure.what_to_do(row))) for row in page.rows],
        "next": f"?co-quan={agency.pk}&sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "exchange/pay_requests.html", context)


@require_safe
@officer_required(*SEERS)
def one(request: OfficerRequest, pk: int) -> HttpResponse:
    return _shown(request, _request(request, pk), ClosePayForm())


def _request(request: OfficerRequest, pk: int) -> PayRequest:
    mine = list(request.desk.agency_ids_as(*SEERS))
    rows = PayRequest.objects.filter(agency__in=mine)
    joined = ("dossier", "agency", "payment", "created_by", "ended_by")
    return get_object_or_404(rows.select_related(*joined), pk=pk)


def _shown(request: OfficerRequest, row: PayRequest, form: ClosePayForm) -> HttpResponse:
    now = timezone.now()
    access(request, AccessKind.VIEWED, "dossier", row.dossier_id, SEEN)
    is_listed = unsure.to_see(now).filter(pk=row.pk).exists()
    may_act = is_listed and request.desk.has(*unsure.ACTORS, agency_id=row.agency_id)
    context = {
        "row": row,
        "platform": name_of(row.peer),
        "todo": say(unsure.what_to_do(row)) if is_listed else "",
        "may_act": may_act,
        "may_ask": unsure.may_be_asked(row),
        "form": form,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "exchange/pay_request.html", context, status=status)


@require_POST
@officer_required(*unsure.ACTORS)
def again(request: OfficerRequest, pk: int) -> HttpResponse:
    """Hỏi lại: a worker asks the platform within a minute."""
    row, now = _request(request, pk), timezone.now()
    try:
        with transaction.atomic():
            unsure.ask_again(row.pk, by=request.desk, at=now)
            access(
                request, AccessKind.VIEWED, "dossier", row.dossier_id, "hỏi lại nền tảng thanh toán"
            )
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"{row.reference}: đang hỏi lại, tải lại trang sau một phút.")
    return redirect("pay_request", pk=row.pk)


@require_POST
@officer_required(*unsure.ACTORS)
def close(request: OfficerRequest, pk: int) -> HttpResponse:
    """Đóng, with the reason."""
    row, form, now = _request(request, pk), ClosePayForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            with transaction.atomic():
                unsure.close(row.pk, form.cleaned_data["reason"], by=request.desk, at=now)
                access(request, AccessKind.VIEWED, "dossier", row.dossier_id, "đóng yêu cầu thanh toán trực tuyến")  # fmt: skip
        except DomainError as error:
            form.add_error("reason" if error.field else None, sentence(error))
        else:
            messages.success(request, f"{row.reference}: đã đóng.")
            return redirect(f"{reverse('pay_requests')}?co-quan={row.agency_id}")
    return _shown(request, row, form)
