"""What is collected at the counter: the published price times units; another amount only with its
reason (R-125).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dossiers.intake.problems import Problem
from onestop.texts import MOST_NUMBER
from procedures.models import Method


@dataclass(frozen=True, slots=True)
class Fee:
    """The amount to collect (None: it must be entered) beside the published one, and the reason
    that is recorded with it.
    """

    method: Method
    units: int
    amount: int | None
    reason: str

    @property
    def published(self) -> int | None:
        """What so many units cost by the published price; None where that is not readable."""
        price = self.method.fee_amount
        return None if price is None else price * self.units

    @property
    def differs(self) -> bool:
        return self.amount != self.published

    def problems(self) -> Iterator[Problem]:
        if self.amount is None:
            yield Problem("fee_amount", "fee_missing", is_binding=True)
        elif self.amount > MOST_NUMBER:
            yield Problem("fee_amount", "fee_unreadable", is_binding=True)
        elif not self.reason and self.published is None:
            yield Problem("fee_reason", "fee_missing", is_binding=True)
        elif not self.reason and self.differs:
            yield Problem("fee_reason", "fee_reason_missing", is_binding=True)


def fee_of(method: Method, *, units: int, amount: int | None, reason: str) -> Fee:
    """The fee of a dossier by its method. In: how many units, the amount and the reason as they
    were entered, if they were. The price of one unit entered for several is taken as the price.
    """
    price = method.fee_amount
    entered = amount is not None and not (amount == price and units > 1)
    fee = Fee(method, units, amount if entered else _times(price, units), reason)
    if reason or units < 2 or fee.differs or price is None:
        return fee
    counted = f"{units} {method.fee_per} × {price:,} đồng".replace(",", ".")
    return Fee(method, units, fee.amount, counted)


def _times(price: int | None, units: int) -> int | None:
    return None if price is None else price * units
