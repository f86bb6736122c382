"""A counter that takes fees: its first book of receipts, a cashier, a dossier that owes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from dossiers.acts import fees, receipt_series, reception
from dossiers.acts.fees import Asking, Taking
from dossiers.acts.many import Seen
from dossiers.acts.receipt_series import Book
from dossiers.intake.brought import PaidIn
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries, Way
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError, sentence
from tests.world import MONDAY, Office, an_intake, make_case, make_office, make_officer, receive

PAPER = Book(
    ReceiptSeries.Kind.PAPER, "Biên lai thu phí", "01BLP2-001", "AB-26P", "4900123456", first=8, last=12,
)  # fmt: skip


@dataclass
class Till:
    office: Office
    book: ReceiptSeries
    cashier: Officer

    def owing(self, amount: int = 50_000, at: datetime = MONDAY) -> Dossier:
        return receive(self.office, make_case("7 ngày làm việc", fee=amount), at=at)

    def take(
        self, dossier: Dossier, *, at: datetime = MONDAY, by: Officer | None = None, **said: Any
    ) -> FeeReceipt:
        what = Taking(**({"series_id": self.book.pk, "fee": 0, "charge": 50_000} | said))
        desk = self.office.desk(by or self.office.clerk, at)
        return fees.take_fee(Seen(dossier.pk), what, by=desk, at=at)

    def receive_paid(self, amount: int, way: int = Way.CASH, *, at: datetime) -> FeeReceipt:
        """A dossier whose fee is taken in the transaction of its reception."""
        paid = PaidIn(self.book.pk, way, reference="FT")
        intake = replace(an_intake(self.office, make_case(fee=amount)), paid=paid)
        dossier = reception.receive(intake, by=self.office.desk(self.office.clerk, at), at=at)
        return FeeReceipt.objects.get(dossier=dossier)

    def ask(
        self, receipt: FeeReceipt, kind: int, amount: int = 0, *, at: datetime = MONDAY
    ) -> ReceiptRequest:
        what = Asking(receipt.pk, kind, "Ghi nhầm", amount)
        desk = self.office.desk(self.office.clerk, at)
        return fees.ask_change(Seen(receipt.dossier_id), what, by=desk, at=at)

    def answer(
        self,
        row: ReceiptRequest,
        *,
        agreed: bool = True,
        words: str = "",
        by: Officer | None = None,
        at: datetime = MONDAY,
    ) -> ReceiptRequest:
        desk = self.office.desk(by or self.office.leader, at)
        return fees.answer_change(
            Seen(row.dossier_id), row.pk, agreed=agreed, words=words, by=desk, at=at
        )


def make_till(**changes: Any) -> Till:
    office = make_office()
    book = replace(PAPER, **changes)
    row = receipt_series.open_book(office.agency, book, by=office.desk(office.leader), at=MONDAY)
    cashier = make_officer("Đỗ Thị Thu", office.agency, (Role.CASHIER, office.counter))
    return Till(office, row, cashier)


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def refused(act: Callable[[], Any]) -> str:
    """The code of the refusal, which has its sentence; nothing was written."""
    with pytest.raises(DomainError) as error, transaction.atomic():
        act()
    assert sentence(error.value)
    return error.value.code
