"""Money that came and that nobody has booked yet, and what became of all that came between two days."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q, Sum

from dossiers.intake.transfers import codes_in, reference_of
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
    of the newest request, for officers; `payment`: its money; `by_counter`: an officer asked for it.
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
    by_counter: bool = False

    @property
    def stands(self) -> bool:
        """Money came and nobody has looked at it yet: its payer is not asked again."""
        return self.payment is not None and self.payment.outcome is None


@dataclass(frozen=True, slots=True)
class Bill:
    """The platform's own receipt of a payment, or why there is none yet."""

    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class InHand:
    """What a payer paid, or perhaps did, and nobody has reconciled yet. `is_sure`: the money came, or
    the platform calls it paid; else the platform's page is open. `at`: when it was paid, where known.
    """

    amount: int
    at: datetime | None = None
    is_sure: bool = True


def _no_page(dossier: Dossier, now: datetime, *, is_paid: bool | None = None) -> Payable | None:
    return None


def _none_asked(dossier_ids: Collection[int], now: datetime) -> dict[int, InHand]:
    return {}


def _nothing(dossier_id: int, now: datetime) -> None:
    return None


@dataclass(slots=True)
class Online:
    """Whoever speaks with a platform names itself here; until then nothing is paid on line. `asked`:
    what the platform has of these dossiers that no money here says; `ask`: for a payment, by its payer.
    """

    shown: Callable[..., Payable | None] = _no_page
    bill_of: Callable[[Payment], Bill | None] = lambda payment: None
    asked: Callable[[Collection[int], datetime], Mapping[int, InHand]] = _none_asked
    ask: Callable[[int, datetime], None] = _nothing
    # How many requests of an agency somebody has to look at.
    to_see: Callable[[int, datetime], int] = lambda agency_id, now: 0


online = Online()


def for_citizen(shown: Payable | None) -> Payable | None:
    """The same as its payer sees it: where citizens begin no payment (CITIZENS_MAY_PAY), what the
    counter asked for leads to the platform, and nothing else does.
    """
    if shown is None or settings.CITIZENS_MAY_PAY:
        return shown
    if shown.by_counter and (shown.url or shown.is_asked):
        return replace(shown, may_ask=False)
    if shown.payment is None:
        return None
    return replace(shown, url="", is_asked=False, may_ask=False)


def in_hand(
    dossiers: Sequence[Dossier], counters: Collection[int], now: datetime
) -> dict[int, InHand]:
    """Of those that owe something still, what stands unreconciled: whoever has paid is not asked again
    before somebody has looked at it. `counters`: whose money it would be. Two queries; none where
    nothing is owed.
    """
    owing = [one for one in dossiers if one.fee_owed]
    if not owing:
        return {}
    # What the platform says beside the money is told where no money is here.
    return {**online.asked([one.pk for one in owing], now), **_came_for(owing, counters)}


def _came_for(owing: Sequence[Dossier], counters: Collection[int]) -> dict[int, InHand]:
    """Money that stands at these counters and names these dossiers, by code or in its words."""
    by_code = {one.code: one.pk for one in owing}
    named = Q(code__in=by_code)
    for code in by_code:
        if words := reference_of(code):
            named |= Q(code="", content__icontains=words)
    found: dict[int, InHand] = {}
    rows = (
        Payment.objects.standing()
        .filter(named, agency__in=list(counters))
        .order_by("paid_at", "pk")
    )
    for row in rows.only("amount", "paid_at", "code", "content"):
        for code in [row.code] if row.code else codes_in(row.content):
            if pk := by_code.get(code):
                before = found.get(pk)
                amount = row.amount + (before.amount if before is not None else 0)
                found[pk] = InHand(amount, row.paid_at)
    return found
