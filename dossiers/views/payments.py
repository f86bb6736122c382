"""`/thu-tien/khoan-den/`: money that came and that nobody has booked: what matches is booked by one
press, the rest one by one, under the receipt that the counter gave already, for a dossier with a
reason, paid back, or none of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import payments as domain
from dossiers.desk import money as queries
from dossiers.desk import payments as rows_of
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.payments import AssignForm, BookForm, SettleForm
from dossiers.intake.transfers import code_of, codes_in
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptSeries
from dossiers.models.payments import Payment
from dossiers.reading_codes import normal_code
from dossiers.views.cashier import SEERS, TAKERS, chosen_agency
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError, say, sentence
from onestop.templatetags.formatting import money
from onestop.texts import whole_number

# So many are looked at and booked by one press; the next press takes the next.
AT_ONCE = 200
# The field that names a receipt that the counter gave already.
TIE = "bien-lai"


@require_safe
@officer_required(*SEERS)
def standing(request: OfficerRequest) -> HttpResponse:
    """The newest first, each with why it stands and what to do."""
    now = timezone.now()
    there, agency = chosen_agency(request, SEERS)
    page = rows_of.standing_page([agency.pk], request.GET.get("sau", ""))
    count, total = rows_of.standing_in_all([agency.pk])
    # The oldest first, as they are booked.
    judged = domain.whose(page.rows[::-1], agency.pk, now)[::-1]
    ids = [dossier.pk for _, _, dossier in judged if dossier is not None]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "khoản tiền cần xem")
    may_take = request.desk.has(*TAKERS, agency_id=agency.pk)
    matching = sum(not why and not row.reason for row, why, _ in judged)
    books = books_of(agency, now) if may_take and matching else []
    context = {
        "agencies": there,
        "agency": agency,
        "rows": [(row, say(why) if why else "", dossier) for row, why, dossier in judged],
        "count": count,
        "total": total,
        "matching": matching,
        "unsure": rows_of.online.to_see(agency.pk, now),
        "form": BookForm(books=books) if books else None,
        "may_take": may_take,
        "next": f"?co-quan={agency.pk}&sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/money/payments.html", context)


@require_POST
@officer_required(*TAKERS)
def book(request: OfficerRequest) -> HttpResponse:
    """What matches of the page that was pressed is booked."""
    _, agency = chosen_agency(request, TAKERS)
    form = BookForm(request.POST, books=books_of(agency, timezone.now()))
    if form.is_valid():
        book_all(request, agency.pk, form)
    else:
        messages.error(request, say("no_book"))
    return redirect(f"{reverse('payments')}?co-quan={agency.pk}")


def books_of(agency: Agency, now: datetime) -> list[ReceiptSeries]:
    """In use where money of this agency is taken now: there, or by who took it over."""
    return queries.books_in_use(agency.in_charge(timezone.localdate(now)).pk)


def _first_matching(
    agency_id: int, now: datetime, *, statement_id: int = 0, asked: Sequence[int] = ()
) -> list[Payment]:
    """The oldest that match, up to AT_ONCE, however many stand that do not; of one statement, or of
    those the page asked about. Money of a receipt that is void has a reason: a person looks at it, one
    by one.
    """
    standing = Payment.objects.standing().filter(agency=agency_id, reason="").order_by("pk")
    if statement_id:
        standing = standing.filter(statement=statement_id)
    elif asked:
        standing = standing.filter(pk__in=asked)
    found: list[Payment] = []
    last = 0
    while len(found) < AT_ONCE:
        rows = list(standing.filter(pk__gt=last)[:AT_ONCE])
        if not rows:
            break
        last = rows[-1].pk
        found += [row for row, why, _ in domain.whose(rows, agency_id, now) if not why]
    return found[:AT_ONCE]


def book_all(
    request: OfficerRequest, agency_id: int, form: BookForm, *, statement_id: int = 0
) -> None:
    """Each in a transaction of its own, the oldest first; what is refused stands, and is said. Phí or
    lệ phí as each line says, else as the press does. `statement_id`: whose lines are named by number.
    """
    now = timezone.now()
    receipts: list[FeeReceipt] = []
    refused: dict[str, int] = {}
    asked = _asked_of(request)
    for row in _first_matching(agency_id, now, statement_id=statement_id, asked=asked):
        try:
            receipts.append(
                domain.book(
                    row.pk, series_id=form.cleaned_data["series"], by=request.desk, at=now,
                    as_fee=form.as_fee_of(_said_of(request, row, statement_id)),
                )
            )  # fmt: skip
        except DomainError as error:
            words = sentence(error)
            refused[words] = refused.get(words, 0) + 1
    if receipts:
        total = money(sum(row.amount for row in receipts))
        messages.success(request, f"Đã ghi thu {len(receipts)} khoản khớp, {total}.")
    for words, count in refused.items():
        messages.error(request, f"{count} khoản không ghi thu được: {words}")
    if not receipts and not refused:
        messages.warning(request, "Không có khoản nào khớp để ghi thu.")


def _asked_of(request: OfficerRequest) -> list[int]:
    """The payments whose lines stand on the page that was pressed: no other is booked by it."""
    names = [name.removeprefix("la-") for name in request.POST if name.startswith("la-")]
    return [pk for pk in map(whole_number, names) if pk is not None]


def _said_of(request: OfficerRequest, row: Payment, statement_id: int) -> str:
    """What the line of a payment says of its kind; "" where it says nothing."""
    return request.POST.get(f"la-dong-{row.line}" if statement_id else f"la-{row.pk}", "")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEERS)
def payment(request: OfficerRequest, pk: int) -> HttpResponse:
    """One payment as the bank tells it; a person says whose it is, or that it went back."""
    now = timezone.now()
    ids = list(request.desk.agency_ids_as(*SEERS))
    rows = Payment.objects.filter(agency__in=ids).select_related(
        "agency",
        "statement__account",
        "receipt__series",
        "receipt__dossier",
        "settled_by",
        "parent",
    )
    row = get_object_or_404(rows, pk=pk)
    may_take = row.outcome is None and request.desk.has(*TAKERS, agency_id=row.agency_id)
    if request.method != "POST":
        return _shown(request, row, now, may_take=may_take)
    if not may_take:
        messages.error(request, say("not_cashier" if row.outcome is None else "payment_settled"))
        return redirect("payment", pk=row.pk)
    if TIE in request.POST:
        return _tied(request, row, now)
    form: AssignForm | SettleForm
    if "outcome" in request.POST:
        form = SettleForm(request.POST)
    else:
        form = AssignForm(request.POST, books=books_of(row.agency, now))
    if _done(request, row, form, now):
        return redirect(f"{reverse('payments')}?co-quan={row.agency_id}")
    return _shown(request, row, now, may_take=True, bound=form)


def _shown(
    request: OfficerRequest,
    row: Payment,
    now: datetime,
    *,
    may_take: bool,
    bound: AssignForm | SettleForm | None = None,
) -> HttpResponse:
    """The page; `bound`: the form that was refused."""
    ((_, why, dossier),) = domain.whose([row], row.agency_id, now)
    named = row.receipt.dossier if row.receipt is not None else dossier
    given = domain.given_for(row, now) if may_take else []
    parts = rows_of.parts_of(row)
    seen = {one.dossier_id for one in given} | ({named.pk} if named is not None else set())
    seen |= {one.receipt.dossier_id for one in parts if one.receipt is not None}
    if seen:
        access_each(request, AccessKind.VIEWED, "dossier", sorted(seen), "khoản tiền đến")
    context = {
        "row": row,
        "dossier": named,
        "why": say(why) if why and row.outcome is None else "",
        "given": given,
        "parts": parts,
        "may_join": parts
        and all(one.outcome is None for one in parts)
        and request.desk.has(*TAKERS, agency_id=row.agency_id),
        "bill": rows_of.online.bill_of(row),
        "tie": TIE,
        "may_take": may_take,
        "bound": bound,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    if may_take:
        context |= _forms(row, dossier, bound, now)
    status = 422 if bound is not None else 200
    return render(request, "dossiers/money/payment.html", context, status=status)


def _forms(
    row: Payment, dossier: Dossier | None, bound: AssignForm | SettleForm | None, now: datetime
) -> dict[str, AssignForm | SettleForm | None]:
    """What is asked; without a book in use no receipt is offered."""
    books = books_of(row.agency, now)
    initial = {"code": dossier.code} if dossier is not None else {}
    assign = bound if isinstance(bound, AssignForm) else AssignForm(books=books, initial=initial)
    settle = bound if isinstance(bound, SettleForm) else SettleForm()
    return {"assign": assign if books else None, "settle": settle}


def _tied(request: OfficerRequest, row: Payment, now: datetime) -> HttpResponse:
    receipt_id = whole_number(request.POST[TIE]) or 0
    try:
        receipt = domain.tie(row.pk, receipt_id, by=request.desk, at=now)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("payment", pk=row.pk)
    messages.success(
        request, f"Đã nối {money(row.amount)} với biên lai {receipt.series} số {receipt.digits}."
    )
    return redirect(f"{reverse('payments')}?co-quan={row.agency_id}")


def _done(
    request: OfficerRequest, row: Payment, form: AssignForm | SettleForm, now: datetime
) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        if isinstance(form, SettleForm):
            done = domain.settle(row.pk, data["outcome"], data["why"], by=request.desk, at=now)
            said = f"{done.get_outcome_display()}: {money(done.amount)}."
        else:
            receipt = domain.assign(
                row.pk, dossier_of(request, data["code"]), data["reason"], series_id=data["series"],
                as_fee=form.as_fee, by=request.desk, at=now,
            )  # fmt: skip
            said = f"Đã ghi thu {money(receipt.amount)}, biên lai {receipt.series} số {receipt.digits}."
    except DomainError as error:
        add_refusal(form, error)
        return False
    messages.success(request, said)
    return True


def dossier_of(request: OfficerRequest, typed: str) -> Dossier:
    """By its code or by the words of a transfer. Errors: DomainError("payment_dossier")."""
    squeezed = code_of("".join(typed.split()).upper())
    named = [squeezed] if squeezed else codes_in(typed)
    # One reference in 23 reads as a shorter one too, which is no dossier's.
    wanted = named or [normal_code(typed)]
    found = list(Dossier.objects.visible_to(request.desk).filter(code__in=wanted)[:2])
    if len(found) != 1:
        raise DomainError("payment_dossier", field="code")
    return found[0]
