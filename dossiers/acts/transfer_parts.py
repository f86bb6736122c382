"""One transfer for two dossiers or more: a cashier says which, and how much of it for each. Every part
is just what its dossier owes, or just the receipt that the counter gave already, and the parts are the
whole transfer, or nothing is written; nothing is guessed. The parts stand for themselves: whoever voids
one's receipt lets that part stand again; once all stand, they may be joined to the transfer again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from dossiers.acts import cash, payments
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt
from dossiers.models.payments import Payment
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError, require
from onestop.templatetags.formatting import money

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

Outcome = Payment.Outcome
# The parts of one transfer; what is for more comes with a list of its own, one transfer each.
MOST = 20
# Of the 80 signs of a reference: the rest is for "#" and the part's place.
MOST_NUMBER = 76


@dataclass(frozen=True, slots=True)
class Part:
    dossier: Dossier
    amount: int
    as_fee: bool = False


def check(whole: int, parts: Sequence[Part]) -> None:
    """Errors: DomainError("split_few", "split_twice", "split_sum", "split_part")."""
    if not 2 <= len(parts) <= MOST:
        raise DomainError("split_few", most=MOST)
    codes = [part.dossier.code for part in parts]
    for code in codes:
        if codes.count(code) > 1:
            raise DomainError("split_twice", dossier=code)
    total = sum(part.amount for part in parts)
    if total != whole:
        raise DomainError("split_sum", total=money(total), whole=money(whole))
    for part in parts:
        _check_part(part.dossier, part.amount)


def _check_part(dossier: Dossier, amount: int) -> None:
    """What owes nothing more must have its receipt: _tied() looks for it."""
    if not amount or dossier.fee_owed not in (0, amount):
        raise DomainError("split_part", dossier=dossier.code, owed=money(dossier.fee_owed))


def split(
    payment_id: int,
    parts: Sequence[Part],
    reason: str,
    *,
    series_id: int,
    by: Desk,
    at: datetime,
) -> list[FeeReceipt]:
    """Effects in one transaction, in order: the dossiers locked, by id; the transfer is settled as
    split; a payment for each part, and its receipt, as one that names its dossier, also of what came
    after the end; what has its receipt is tied to it. Errors: those of check(),
    DomainError("reason_missing", "payment_settled", "split_again", "not_cashier"), those of
    payments.book.
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with transaction.atomic():
        # Before the payment, as voiding does.
        locked = writer.locked().filter(pk__in=[part.dossier.pk for part in parts])
        now = {dossier.pk: dossier for dossier in locked.order_by("pk")}
        row = payments.standing(payment_id)
        require(cash.may_take_at(by, row.agency_id))
        if row.parent_id is not None:
            raise DomainError("split_again")
        check(row.amount, [Part(now[p.dossier.pk], p.amount, p.as_fee) for p in parts])
        made = _made(row, parts, at)
        payments.settled(row, Outcome.SPLIT, reason, by, at)
        return [
            payments.book(
                one.pk, series_id=series_id, by=by, at=at, as_fee=part.as_fee, late_too=True
            )
            if now[part.dossier.pk].fee_owed
            else _tied(one, by, at)
            for one, part in zip(made, parts, strict=True)
        ]


def _tied(row: Payment, by: Desk, at: datetime) -> FeeReceipt:
    """Under the receipt that the counter gave when it was shown the transfer: the one that bears its
    number, else the only one of this amount. Errors: DomainError("split_part").
    """
    given = payments.given_for(row, at)
    given = [one for one in given if one.reference and one.reference == row.number] or given
    if len(given) != 1:
        raise DomainError("split_part", dossier=row.code, owed=money(0))
    return payments.tie(row.pk, given[0].pk, by=by, at=at)


def _made(row: Payment, parts: Sequence[Part], at: datetime) -> list[Payment]:
    """The payments of the parts; numbers run on where the transfer was split before."""
    source, before = f"tach:{row.pk}", row.parts.count()
    made = [
        Payment(
            agency_id=row.agency_id,
            source=source,
            reference=f"{row.number[:MOST_NUMBER]}#{number}",
            statement_id=row.statement_id,
            line=row.line,
            amount=part.amount,
            paid_at=row.paid_at,
            content=row.content,
            code=part.dossier.code,
            payer=row.payer,
            raw={},
            came_at=at,
            parent=row,
        )
        for number, part in enumerate(parts, start=before + 1)
    ]
    add_all(Payment, made)
    return list(Payment.objects.filter(parent=row).order_by("pk"))[before:]


def join(payment_id: int, *, by: Desk, at: datetime) -> Payment:
    """The transfer stands again as a whole: no part was booked, or each receipt is void. The parts stay
    and say so. Errors: DomainError("payment_settled", "split_booked", "not_cashier").
    """
    with transaction.atomic():
        rows = Payment.objects.select_for_update()
        row = rows.filter(pk=payment_id, outcome=Outcome.SPLIT).first()
        if row is None:
            raise DomainError("payment_settled")
        require(cash.may_take_at(by, row.agency_id))
        parts = list(rows.filter(parent=row).exclude(outcome=Outcome.JOINED).order_by("pk"))
        if any(part.outcome is not None for part in parts):
            raise DomainError("split_booked")
        mine = Payment.objects.filter(pk__in=[part.pk for part in parts])
        update_all(mine, outcome=Outcome.JOINED, settled_by=by.officer, settled_at=at)
        row.outcome, row.settled_by, row.settled_at = None, None, None
        # What has a reason is not booked by one press: a person looks at it again.
        row.reason = f"Đã gộp lại các phần đã tách: {by.officer}"[: payments.MOST_REASON]
        row.save(update_fields=["outcome", "reason", "settled_by", "settled_at"])
    return row
