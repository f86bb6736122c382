"""Paying on line: the platform's own door, the request that an officer or the payer makes, the platform's
receipt.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import cash
from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.reading_codes import normal_code
from dossiers.views.cashier import SEERS, TAKERS
from dossiers.views.lookup import private
from dossiers.views.paying import ASKING
from dossiers.views.throttle import Limit
from exchange.inbox import arriving
from exchange.inbox.reading import parsed
from exchange.models import PayRequest
from exchange.paying import asking, contract, taking
from exchange.paying.platforms import Platform, platform_of
from exchange.views.door import KEPT, REFUSED, SIGNATURE, UNSIGNED, answered, often
from onestop.accounts.access import access, client_address
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, require, say, sentence
from onestop.files.responses import serve

MOST_BYTES, MOST_SAID = 64 * 1024, "0,06"  # in MB
SIGNED = Limit("pay-door", times=1200, seconds=60)


@csrf_exempt  # another program, which has no page of ours; it signs what it sends
@require_POST
def receive(request: HttpRequest, name: str) -> JsonResponse:
    """CONFIRM. Who does not know the word learns nothing, not even which platforms there are."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return answered(REFUSED, say("exchange_too_big", {"limit": MOST_SAID}), status=413)
    platform = platform_of(name)
    said = _said(body)
    if platform is None or said is None or not _is_signed(request, platform, said, body):
        if wait := UNSIGNED.spend(client_address(request)):
            return often(wait)
        return answered(REFUSED, say("exchange_unknown"), status=401)
    if wait := SIGNED.spend(name):
        return often(wait)
    try:
        booked = taking.take(platform, said, at=timezone.now())
    except DomainError as error:
        return answered(REFUSED, sentence(error), status=400)
    is_new = booked is None or booked.is_new
    words = say("exchange_received" if is_new else "exchange_known")
    return answered(KEPT, words, MaThamChieu=str(said.get("MaThamChieu", "")))


def _said(body: bytes) -> dict[str, Any] | None:
    """A CONFIRM, whoever wrote it; measured before it is parsed."""
    try:
        found = parsed(body)
    except DomainError:
        return None
    return found if isinstance(found, dict) and found.get("LoaiBanTin") == "CONFIRM" else None


def _is_signed(request: HttpRequest, platform: Platform, said: dict[str, Any], body: bytes) -> bool:
    """By the message's own code; where the door has a secret too (EXCHANGE_SECRETS) by that as well."""
    if str(said.get("MaDoiTac", "")) != platform.partner:
        return False
    is_right = contract.is_signed(said, platform.secret)
    if not arriving.has_secret(platform.code):
        return is_right
    given = request.headers.get(SIGNATURE, "")
    return arriving.is_signed(platform.code, body, given) and is_right


@require_POST
@officer_required(*TAKERS)
def ask(request: OfficerRequest, code: str) -> HttpResponse:
    """Tạo yêu cầu thanh toán, for a payer who stands at the counter."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.desk), code=code)
    try:
        require(cash.may_take_at(request.desk, dossier.received_by_agency_id))
        row = asking.ask(dossier.pk, at=timezone.now(), by=request.desk)
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        access(request, AccessKind.VIEWED, "dossier", dossier.pk, "yêu cầu thanh toán trực tuyến")
        messages.success(request, f"Đã yêu cầu thanh toán trực tuyến, mã {row.reference}.")
    return redirect(dossier.get_absolute_url())


@csrf_exempt  # public pages have no cookie; who does not know the dossier's secret does nothing here
@require_POST
@private
def ask_by_payer(request: HttpRequest, code: str) -> HttpResponse:
    """The same by who holds the slip; back to the look-up, which leads to the platform. Not there
    where citizens begin no payment (CITIZENS_MAY_PAY).
    """
    if not settings.CITIZENS_MAY_PAY:
        raise Http404
    wanted, typed = normal_code(code), request.POST.get("k", "")
    dossier = Dossier.objects.filter(code=wanted).first()
    if dossier is None or not secrets.matches(dossier, typed):
        return redirect("lookup_show", code=wanted or "-")
    if not ASKING.spend(wanted):
        asking.ask_as_payer(dossier.pk, timezone.now())
    return redirect(f"{reverse('lookup_show', args=[wanted])}?{urlencode({'k': typed})}")


@require_safe
@officer_required(*SEERS)
def bill(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The platform's receipt, as it came; where it is damaged, back to the payment with what to do."""
    mine = list(request.desk.agency_ids_as(*SEERS))
    rows = PayRequest.objects.filter(agency__in=mine, bill__isnull=False).select_related("bill")
    row = get_object_or_404(rows, pk=pk)
    assert row.bill is not None
    access(
        request, AccessKind.VIEWED, "dossier", row.dossier_id, "biên lai của nền tảng thanh toán"
    )
    try:
        return serve(row.bill, inline=True)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("payment", pk=row.payment_id) if row.payment_id else redirect("payments")
