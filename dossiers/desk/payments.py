"""Money that came and that nobody has booked yet, and what became of all that came between two days."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from dossiers.models.payments import Payment
from onestop.paging import Page, by_id
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from dossiers.models import Dossier

SIZE = 50
_ORDER = by_id(newest_first=True)


def standing_page(agency_ids: Collection[int], after: str) -> Page[Payment]:
    """Payments that stand, the newest first; one query."""
    rows = Payment.objects.standing().filter(agency__in=list(agency_ids))
    return _ORDER.page(rows, size=SIZE, after=after)


def standing_in_all(agency_ids: Collection[int]) -> tuple[int, int]:
    """How many stand, and how much together."""
    rows = Payment.objects.standing().filter(agency__in=list(agency_ids))
    found = rows.order_by().aggregate(count=Count("pk"), sum=Sum("amount"))
    return found["count"], found["sum"] or 0


def parts_of(row: Payment) -> list[Payment]:
    """Of a transfer that was split, its parts; none where they were joined again. One query, none of
    what was not split.
    """
    if row.outcome != Payment.Outcome.SPLIT:
        return []
    rows = row.parts.exclude(outcome=Payment.Outcome.JOINED)
    return list(rows.select_related("receipt__series", "receipt__dossier").order_by("pk"))


@dataclass(frozen=True, slots=True)
class CameIn:
    """What came to the account or through a portal between two days, by what became of it until now;
    the parts are the whole.
    """

    parts: tuple[tuple[str, int, int], ...] = ()

    @property
    def count(self) -> int:
        return sum(count for _, count, _ in self.parts)

    @property
    def amount(self) -> int:
        return sum(amount for _, _, amount in self.parts)


def came_in(agency_id: int, first: date, last: date) -> CameIn:
    """By the day it was paid; one query."""
    rows = Payment.objects.counted().filter(
        agency=agency_id,
        paid_at__gte=start_of_day(first),
        paid_at__lt=start_of_day(last + timedelta(days=1)),
    )
    grouped = rows.order_by().values_list("outcome").annotate(Count("pk"), Sum("amount"))
    found = {outcome: (count, amount) for outcome, count, amount in grouped}
    kinds = (Payment.Outcome.BOOKED, Payment.Outcome.RETURNED, Payment.Outcome.FOREIGN)
    words = [*((one.value, one.label) for one in kinds), (None, "Còn phải xem")]
    return CameIn(tuple((str(said), *found.get(key, (0, 0))) for key, said in words))


# --- paying on line -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """How a dossier stands with the platform where it may be paid on line. `url`: the platform's page
    for what is owed now; `is_asked`: it is being made; `may_ask`: it may be asked for;
    `is_refused`: the platform did not take the last request; `code`: of the dossier; `state`, `words`:
    of the newest request, for officers; `payment`: its money.
    """

    platform: str
    code: str
    amount: int
    url: str = ""
    until: datetime | None = None
    is_asked: bool = False
    may_ask: bool = False
    state: str = ""
    words: str = ""
    payment: Payment | None = None
    is_refused: bool = False

    @property
    def stands(self) -> bool:
        """Money came and nobody has looked at it yet: its payer is not asked again."""
        return self.payment is not None and self.payment.outcome is None


@dataclass(frozen=True, slots=True)
class Bill:
    """The platform's own receipt of a payment, or why there is none yet."""

    url: str = ""
    words: str = ""


@dataclass(slots=True)
class Online:
    """Whoever speaks with a platform names itself here; until then nothing is paid on line."""

    shown: Callable[[Dossier, datetime], Payable | None] = lambda dossier, now: None
    bill_of: Callable[[Payment], Bill | None] = lambda payment: None

    def offer(
        self,
        shown: Callable[[Dossier, datetime], Payable | None],
        bill_of: Callable[[Payment], Bill | None],
    ) -> None:
        self.shown, self.bill_of = shown, bill_of


online = Online()
