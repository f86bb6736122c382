"""Money that came by transfer or through a portal: told any number of times, booked once, under the
next number of a book, where amount and reference say whose it is. The rest stands, and says why;
nothing is guessed.

The transaction that the source names is unique (`Payment`): who comes second, also at the same
instant, finds what the first has written, and is answered the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db import transaction
from django.utils import timezone

from dossiers.acts import cash, fees
from dossiers.acts.fees import Taking
from dossiers.intake.transfers import NOT_ASKED, codes_in
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptSeries, Way
from dossiers.models.payments import Payment
from onestop.errors import DomainError, require
from onestop.once import once

if TYPE_CHECKING:
    from dossiers.ledger.writer import Life
    from onestop.accounts.desk import Desk

MOST_REASON = 300
TIED = "Quầy đã ghi biên lai khi được xem chuyển khoản"
# So long before or after its payment a receipt is looked for that bears the number of the transfer only.
AROUND_DAYS = 31
AROUND = timedelta(days=AROUND_DAYS)
# Why a payment is not booked by itself; "" where it is.
MATCHES, DOUBTED = "", "payment_doubted"
UNKNOWN, SEVERAL, ELSEWHERE, ENDED, PAID, LATE, LESS, MORE = WHYS = (
    "payment_unknown", "payment_several", "payment_elsewhere", "payment_ended", "payment_paid", "payment_late",
    "payment_less", "payment_more",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A payment as its source tells it. `reference`: the number it has there; `code`: the dossier,
    where the source names it apart from the words of the transfer. `doubt`: why it is not booked by
    itself, however well it fits.
    """

    source: str
    reference: str
    amount: int
    paid_at: datetime
    content: str = ""
    payer: str = ""
    code: str = ""
    doubt: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Booked:
    """What a payment became; `is_new` False: it was told before, and nothing was written."""

    payment: Payment
    is_new: bool
    why: str = MATCHES


# --- whose it is ----------------------------------------------------------------------------------


def judge(
    amount: int,
    paid_at: datetime,
    agency_id: int,
    named: Sequence[Dossier],
    at: datetime,
    *,
    late_too: bool = False,
) -> str:
    """Why it is not booked by itself: MATCHES only where one dossier is named, of this counter, that
    owes just this amount still. `late_too`: a person says so of what came after the end.
    """
    if not named:
        return UNKNOWN
    if len(named) > 1:
        return SEVERAL
    (dossier,) = named
    counters = {dossier.received_by_agency_id, fees.counter_of(dossier, at).pk}
    if agency_id not in counters:
        return ELSEWHERE
    if dossier.state in NOT_ASKED:
        return ENDED
    if not dossier.fee_owed:
        return PAID
    if not late_too and dossier.ended_at is not None and paid_at > dossier.ended_at:
        return LATE
    return MATCHES if amount == dossier.fee_owed else LESS if amount < dossier.fee_owed else MORE


class Money(Protocol):
    """What came, told by a source or kept."""

    @property
    def amount(self) -> int: ...
    @property
    def paid_at(self) -> datetime: ...
    @property
    def content(self) -> str: ...
    @property
    def code(self) -> str: ...


_OFFICES = ("agency__successor", "received_by_agency__successor")


def named_by(rows: Sequence[Money]) -> list[list[Dossier]]:
    """The dossiers that each names: by the code that its source gave, else by what its words keep of
    one. One query, however many.
    """
    codes = [[row.code] if row.code else codes_in(row.content) for row in rows]
    wanted = {code for found in codes for code in found}
    dossiers = Dossier.objects.filter(code__in=wanted) if wanted else Dossier.objects.none()
    known = {one.code: one for one in dossiers.select_related(*_OFFICES)}
    return [[known[code] for code in found if code in known] for found in codes]


Row = TypeVar("Row", bound=Money)


def whose(
    rows: Sequence[Row], agency_id: int, at: datetime
) -> list[tuple[Row, str, Dossier | None]]:
    """Each with why it is not booked by itself, and the dossier it names where that is this counter's;
    the first of two for one dossier settles what is owed. One query, however many.
    """
    named = named_by(rows)
    left = {one.pk: one.fee_owed for found in named for one in found}
    judged = []
    for row, dossiers in zip(rows, named, strict=True):
        why = judge(row.amount, row.paid_at, agency_id, dossiers, at)
        if not why and left[dossiers[0].pk] != row.amount:
            why = PAID
        if not why:
            left[dossiers[0].pk] = 0
        is_ours = len(dossiers) == 1 and why != ELSEWHERE
        judged.append((row, why, dossiers[0] if is_ours else None))
    return judged


# --- booking --------------------------------------------------------------------------------------


def book_payment(came: Came, *, agency_id: int, series_id: int | None, at: datetime) -> Booked:
    """A payment that a portal confirms, also twice at once or again later: one row, one receipt, one
    event; who comes later is answered with what was written. `series_id`: the book of receipts; None:
    the counter's first electronic one.

    Effects in one transaction: the row; receipt and event where it matches and nobody doubts it, else
    it stands. Errors:
    DomainError("payment_differs") where it was told before with another amount.
    """
    with transaction.atomic():
        try:
            # Who comes second waits here until the first is done.
            with once(DomainError("payment_twice")):
                row = filled(came, agency_id, at)
                row.save(force_insert=True)
        except DomainError:
            row = Payment.objects.get(source=came.source, reference=came.reference)
            if row.amount != came.amount:
                raise DomainError("payment_differs") from None
            return Booked(row, is_new=False)
        return Booked(row, is_new=True, why=_book_new(row, series_id, at))


def filled(came: Came, agency_id: int, at: datetime) -> Payment:
    """The row, not saved."""
    return Payment(
        agency_id=agency_id,
        source=came.source,
        reference=came.reference,
        amount=came.amount,
        paid_at=came.paid_at,
        content=came.content,
        code=came.code,
        payer=came.payer,
        reason=came.doubt[:MOST_REASON],
        raw=dict(came.raw),
        came_at=at,
    )


def _book_new(row: Payment, series_id: int | None, at: datetime) -> str:
    """Why it stands; a refusal keeps the payment and books nothing."""
    (found,) = named_by([row])
    why = judge(row.amount, row.paid_at, row.agency_id, found, at)
    if why or row.reason:
        return why or DOUBTED
    if series_id is None:
        kind = ReceiptSeries.Kind.ELECTRONIC
        books = ReceiptSeries.objects.in_use().filter(agency=row.agency_id, kind=kind)
        series_id = books.order_by("pk").values_list("pk", flat=True).first() or 0
    what = Taking(series_id, 0, row.amount, way=Way.ONLINE, reference=row.number[:60])
    try:
        _take(row, found[0].pk, what, by=None, at=at, is_exact=True)
    except DomainError as error:
        return error.code
    return MATCHES


def book(
    payment_id: int,
    *,
    series_id: int,
    by: Desk,
    at: datetime,
    as_fee: bool = False,
    late_too: bool = False,
) -> FeeReceipt:
    """Book what matches: looked at again behind the dossier's lock. `late_too`: as judge() has it.
    Effects: the receipt as a transfer, the payment is booked, event. Errors:
    DomainError("payment_settled", a reason of WHYS), those of fees.take_fee.
    """
    row = _mine(payment_id, by)
    (found,) = named_by([row])
    if why := judge(row.amount, row.paid_at, row.agency_id, found, at, late_too=late_too):
        raise DomainError(why)
    what = _taking(row, series_id, as_fee=as_fee)
    return _take(row, found[0].pk, what, by=by, at=at, is_exact=True, late_too=late_too)


def assign(
    payment_id: int,
    dossier: Dossier,
    reason: str,
    *,
    series_id: int,
    by: Desk,
    at: datetime,
    as_fee: bool = False,
) -> FeeReceipt:
    """A person says for which dossier it was paid, and why; less leaves the rest owed, more is taken
    with this reason. Errors: DomainError("reason_missing", "payment_settled"), those of
    fees.take_fee.
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    row = _mine(payment_id, by)
    more = reason.strip() if row.amount > dossier.fee_owed else ""
    what = _taking(row, series_id, as_fee=as_fee, more=more)
    return _take(row, dossier.pk, what, by=by, at=at, reason=reason)


def settle(payment_id: int, outcome: int, reason: str, *, by: Desk, at: datetime) -> Payment:
    """Paid back to who paid, or none of ours; no receipt. Errors: DomainError("reason_missing",
    "payment_settled", "not_cashier").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    if outcome == Payment.Outcome.BOOKED:
        raise DomainError("payment_settled")
    _mine(payment_id, by)
    with transaction.atomic():
        row = standing(payment_id)
        settled(row, outcome, reason, by, at)
    return row


def given_for(row: Payment, at: datetime) -> list[FeeReceipt]:
    """Of given_by_hand() those of just this amount. Two queries."""
    return [one for one in given_by_hand(row, at) if one.amount == row.amount]


def given_by_hand(row: Payment, at: datetime) -> list[FeeReceipt]:
    """Receipts that the counter gave by hand for a transfer and that no payment has: of the dossiers
    that it names; where it names none, those with its number. Two queries.
    """
    (named,) = named_by([row])
    heir = row.agency.in_charge(timezone.localdate(at))
    rows = FeeReceipt.objects.standing().filter(
        agency__in={row.agency_id, heir.pk}, way=Way.TRANSFER, payment__isnull=True
    )
    if named:
        rows = rows.filter(dossier__in=named)
    elif row.number:
        around = (row.paid_at - AROUND, row.paid_at + AROUND)
        rows = rows.filter(taken_at__range=around, reference=row.number)
    else:
        return []
    return list(rows.select_related("series", "dossier").order_by("pk"))


def tie(payment_id: int, receipt_id: int, *, by: Desk, at: datetime) -> FeeReceipt:
    """The counter gave its receipt when it was shown the transfer: no second one is given. Effects: the
    payment is booked under that receipt; void, it lets the payment stand again. Errors:
    DomainError("payment_settled", "payment_untied", "not_cashier").
    """
    row = _mine(payment_id, by)
    given = {one.pk: one.dossier_id for one in given_for(row, at)}
    if receipt_id not in given:
        raise DomainError("payment_untied")
    with transaction.atomic():
        writer.locked().get(pk=given[receipt_id])  # before the payment, as voiding does
        rows = FeeReceipt.objects.standing().filter(pk=receipt_id, payment__isnull=True)
        receipt = rows.select_related("series").first()
        if receipt is None:
            raise DomainError("payment_untied")
        payment = standing(row.pk)
        payment.receipt = receipt
        settled(payment, Payment.Outcome.BOOKED, TIED, by, at)
    return receipt


def _taking(row: Payment, series_id: int, *, as_fee: bool, more: str = "") -> Taking:
    return Taking(
        series_id,
        fee=row.amount if as_fee else 0,
        charge=0 if as_fee else row.amount,
        way=Way.TRANSFER if row.statement_id else Way.ONLINE,
        payer=row.payer,
        reference=(row.number or f"Sao kê {row.statement_id}, dòng {row.line}")[:60],
        more=more,
    )


def _mine(payment_id: int, by: Desk) -> Payment:
    """Of a counter where this officer takes money. Errors: DomainError("payment_settled",
    "not_cashier").
    """
    row = Payment.objects.filter(pk=payment_id).first()
    if row is None:
        raise DomainError("payment_settled")
    require(cash.may_take_at(by, row.agency_id))
    return row


def standing(payment_id: int) -> Payment:
    """Locked, as it stands now. Errors: DomainError("payment_settled")."""
    row = Payment.objects.select_for_update().standing().filter(pk=payment_id).first()
    if row is None:
        raise DomainError("payment_settled")
    return row


def _take(
    row: Payment,
    dossier_id: int,
    what: Taking,
    *,
    by: Desk | None,
    at: datetime,
    reason: str = "",
    is_exact: bool = False,
    late_too: bool = False,
) -> FeeReceipt:
    """The dossier is locked first, then the payment: as voiding a receipt does."""
    with writer.change(dossier_id, by=by, at=at) as life:
        payment = standing(row.pk)
        _check(life, payment, at, is_exact=is_exact, late_too=late_too)
        receipt = fees.taken(life, what)
        payment.receipt = receipt
        settled(payment, Payment.Outcome.BOOKED, reason, by, at)
        row.receipt, row.outcome = receipt, payment.outcome
        return receipt


def _check(life: Life, payment: Payment, at: datetime, *, is_exact: bool, late_too: bool) -> None:
    life.check("take_fee")
    dossier = life.dossier
    counter = fees.counter_of(dossier, at)
    # What comes late to the account of an agency that was taken over is taken by its heir.
    heir = (
        payment.agency.in_charge(timezone.localdate(at))
        if counter.pk != payment.agency_id
        else counter
    )
    if counter.pk != heir.pk:
        raise DomainError(ELSEWHERE)
    came = (payment.amount, payment.paid_at, payment.agency_id)
    why = judge(*came, [dossier], at, late_too=late_too)
    if is_exact and why:
        raise DomainError(why)
    # By hand, when the counter was shown the transfer: more was owed then.
    if (
        is_exact
        and payment.number
        and any(one.reference == payment.number for one in given_for(payment, at))
    ):
        raise DomainError("payment_given")


def settled(row: Payment, outcome: int, reason: str, by: Desk | None, at: datetime) -> None:
    row.outcome, row.reason = outcome, reason.strip()[:MOST_REASON]
    row.settled_by, row.settled_at = (by.officer if by is not None else None), at
    row.save(update_fields=["outcome", "reason", "settled_by", "settled_at", "receipt"])
