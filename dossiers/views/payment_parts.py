"""`/thu-tien/khoan-den/<khoản>/tach/`: one transfer for several dossiers is split by a cashier, and joined
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers.acts import payments, transfer_parts
from dossiers.acts.transfer_parts import Part
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.payments import SplitForm
from dossiers.models import Dossier
from dossiers.models.money import ReceiptSeries
from dossiers.models.payments import Payment
from dossiers.views.cashier import TAKERS
from dossiers.views.payments import books_of, dossier_of
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, say, sentence
from onestop.templatetags.formatting import money
from onestop.texts import whole_number

JOIN = "gop"


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*TAKERS)
def split(request: OfficerRequest, pk: int) -> HttpResponse:
    """The dossiers that its words name are proposed with what they owe, or what their receipt says that
    was given by hand; a person says the rest.
    """
    now = timezone.now()
    rows = Payment.objects.filter(agency__in=list(request.desk.agency_ids_as(*TAKERS)))
    row = get_object_or_404(rows.select_related("agency"), pk=pk)
    if JOIN in request.POST:
        return _joined(request, row, now)
    books = books_of(row.agency, now)
    if why := _why_not(row, books):
        messages.error(request, say(why))
        return redirect("payment", pk=row.pk)
    named = _named(row, now)
    if named:
        ids = [dossier.pk for dossier, _ in named]
        access_each(request, AccessKind.VIEWED, "dossier", ids, "tách khoản tiền đến")
    lines = whole_number(request.GET.get("dong", ""), most=transfer_parts.MOST) or 0
    form = SplitForm(request.POST or None, books=books, named=named, lines=lines)
    if form.is_valid() and _done(request, row, form, now):
        return redirect(f"{reverse('payments')}?co-quan={row.agency_id}")
    context = {
        "row": row,
        "form": form,
        "named": named,
        "most": transfer_parts.MOST,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/money/payment_split.html", context, status=status)


def _why_not(row: Payment, books: Sequence[ReceiptSeries]) -> str:
    """Why it is not split here; "" where it may be."""
    if row.parent_id is not None:
        return "split_again"
    if row.outcome is not None:
        return "payment_settled"
    return "" if books else "no_book"


def _named(row: Payment, now: datetime) -> list[tuple[Dossier, int]]:
    """Of this counter, each with what it owes; then what owes nothing and has a receipt by hand, with
    its amount.
    """
    (named,) = payments.named_by([row])
    came = (row.amount, row.paid_at, row.agency_id)
    owing = [
        (one, one.fee_owed)
        for one in named
        if one.fee_owed and payments.judge(*came, [one], now) != payments.ELSEWHERE
    ]
    by_hand = {one.dossier_id: one for one in payments.given_by_hand(row, now)}
    given = [(one.dossier, one.amount) for one in by_hand.values() if not one.dossier.fee_owed]
    return (owing + given)[: transfer_parts.MOST]


def _done(request: OfficerRequest, row: Payment, form: SplitForm, now: datetime) -> bool:
    parts = []
    for name, code, amount, as_fee in form.parts:
        try:
            parts.append(Part(dossier_of(request, code), amount, as_fee))
        except DomainError as error:
            form.add_error(name, sentence(error))
    if form.errors:
        return False
    data = form.cleaned_data
    try:
        made = transfer_parts.split(
            row.pk, parts, data["reason"], series_id=data["series"], by=request.desk, at=now
        )
    except DomainError as error:
        add_refusal(form, error)
        return False
    books: dict[str, list[str]] = {}
    for receipt in made:
        books.setdefault(str(receipt.series), []).append(receipt.digits)
    receipts = "; ".join(f"{book} số {', '.join(numbers)}" for book, numbers in books.items())
    said = f"Đã tách {money(row.amount)} cho {len(made)} hồ sơ, biên lai {receipts}."
    messages.success(request, said)
    return True


def _joined(request: OfficerRequest, row: Payment, now: datetime) -> HttpResponse:
    try:
        transfer_parts.join(row.pk, by=request.desk, at=now)
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đã gộp lại {money(row.amount)}: khoản chuyển chờ xem lại.")
    return redirect("payment", pk=row.pk)
