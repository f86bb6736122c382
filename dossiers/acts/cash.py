"""The cash of a cashier: what should be in the drawer since it was last counted, handing some of it
to another cashier, and the daily count that must balance or say why not.

Each change of a drawer holds its row until the transaction ends, so that no receipt is given between
the sum and the count. No cash is in a drawer that no receipt, refund or hand-over tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    DateTimeField,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from dossiers.models.money import (
    CashCount,
    CashDrawer,
    CashHandOver,
    FeeReceipt,
    ReceiptRequest,
    Way,
)
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.folding import fold
from onestop.paging import EPOCH
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import money

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

TAKING = (Role.CLERK, Role.CASHIER)
MOST_REASON = 300
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class InDrawer:
    """What moved in a drawer since it was last counted, in đồng."""

    since: datetime | None = None
    receipts: int = 0
    taken: int = 0
    paid_back: int = 0
    came: int = 0
    went: int = 0

    @property
    def expected(self) -> int:
        """Below nought where more was paid back than came in."""
        return self.taken - self.paid_back + self.came - self.went

    @property
    def is_empty(self) -> bool:
        return not (self.receipts or self.paid_back or self.came or self.went)


def locked(agency_id: int, officer_id: int, at: datetime) -> CashDrawer:
    """The drawer, held until the transaction ends. Errors: DomainError("drawer_counted") where it
    was counted meanwhile: what is taken at `at` would stand in neither count.
    """
    key = {"agency_id": agency_id, "officer_id": officer_id}
    drawer = CashDrawer.objects.select_for_update().filter(**key).first()
    if drawer is None:
        CashDrawer.objects.get_or_create(agency_id=agency_id, officer_id=officer_id)
        drawer = CashDrawer.objects.select_for_update().get(**key)
    if drawer.counted_at is not None and at <= drawer.counted_at:
        raise DomainError("drawer_counted")
    return drawer


def in_drawer(agency_id: int, officer_id: int, until: datetime) -> InDrawer:
    """What should be in one drawer; one statement."""
    drawer = CashDrawer.objects.filter(agency=agency_id, officer=officer_id)
    return next((_of(row) for row in _summed(drawer, until)), InDrawer())


def _summed(drawers: QuerySet[CashDrawer], until: datetime) -> QuerySet[CashDrawer]:
    """With what moved in each since it was last counted: cash receipts, what was paid back of cash,
    what was handed over. A voided receipt stands in it twice: taken, and paid back when somebody
    agreed.
    """
    receipts = FeeReceipt.objects.filter(way=Way.CASH)
    back = ReceiptRequest.objects.agreed().filter(receipt__way=Way.CASH)
    handed = CashHandOver.objects.filter(ended_at=None)
    given = _since(receipts, "taken_by", "taken_at", until)
    return drawers.annotate(
        receipts=_total(given, "taken_by", Count("pk")),
        taken=_total(given, "taken_by", Sum(F("fee") + F("charge"))),
        paid_back=_total(
            _since(back, "asked_by", "answered_at", until, "receipt__agency"),
            "asked_by",
            Sum("amount"),
        ),
        came=_total(_since(handed, "taker", "taken_at", until), "taker", Sum("amount")),
        went=_total(_since(handed, "giver", "taken_at", until), "giver", Sum("amount")),
    )


def _since(
    rows: QuerySet[Row], whose: str, column: str, until: datetime, agency: str = "agency"
) -> QuerySet[Row]:
    """Rows of the outer drawer's officer and agency since its count."""
    never = Value(EPOCH, DateTimeField())
    return rows.filter(
        **{
            agency: OuterRef("agency"),
            whose: OuterRef("officer"),
            f"{column}__gt": Coalesce(OuterRef("counted_at"), never),
            f"{column}__lte": until,
        }
    )


def _total(rows: QuerySet[Row], whose: str, what: Aggregate) -> Coalesce:
    one = rows.order_by().values(whose).annotate(total=what).values("total")
    return Coalesce(Subquery(one, output_field=BigIntegerField()), 0)


def _of(row: Any) -> InDrawer:
    return InDrawer(row.counted_at, row.receipts, row.taken, row.paid_back, row.came, row.went)


# --- the daily count ------------------------------------------------------------------------------


def count(
    agency_id: int,
    *,
    counted: int,
    explanation: str,
    by: Desk,
    at: datetime,
    whose: Officer | None = None,
) -> CashCount:
    """A cashier counts the own cash and hands it in; the next count begins with nothing. `whose`:
    the drawer of somebody who takes no money here any more, which who leads counts and explains.

    Effects: the row, until when the drawer is counted. Errors: DomainError("not_cashier",
    "drawer_whose", "drawer_empty", "drawer_waits", "count_unexplained").
    """
    officer = by.officer if whose is None else whose
    require(
        may_take_at(by, agency_id) if whose is None else _may_count_for(by, agency_id, whose, at)
    )
    with transaction.atomic():
        drawer = locked(agency_id, officer.pk, at)
        waiting = CashHandOver.objects.filter(
            agency=agency_id, giver=officer, taken_at=None, ended_at=None
        )
        if waiting.exists():
            raise DomainError("drawer_waits")
        found = in_drawer(agency_id, officer.pk, at)
        if found.is_empty:
            raise DomainError("drawer_empty")
        words = explanation.strip()
        if not words and (whose is not None or counted != found.expected):
            raise DomainError(
                "count_unexplained", field="explanation", expected=money(found.expected)
            )
        if whose is not None:
            words = f"{by.officer.full_name} chốt thay: {words}"[:MOST_REASON]
        row = CashCount(
            agency_id=agency_id,
            officer=officer,
            since=found.since,
            at=at,
            receipts=found.receipts,
            expected=found.expected,
            counted=counted,
            explanation=words if whose is not None or counted != found.expected else "",
        )
        add_all(CashCount, [row])
        drawer.counted_at = at
        drawer.save(update_fields=["counted_at"])
    return row


def _may_count_for(desk: Desk, agency_id: int, whose: Officer, at: datetime) -> Answer:
    """Who leads, of a drawer whose cashier takes no money there today."""
    leads = desk.has(Role.HEAD, Role.LEADER, agency_id=agency_id)
    is_left = whose.pk not in {one.pk for one in takers(agency_id, at)}
    return ALLOWED if leads and is_left else Denied("drawer_whose")


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """A drawer that holds what nobody has counted; `is_left`: its cashier takes no money here now."""

    officer: Officer
    there: InDrawer
    is_left: bool


def open_drawers(agency_id: int, at: datetime) -> list[OpenDrawer]:
    """By name; two statements, whatever the cashiers."""
    today = {one.pk for one in takers(agency_id, at)}
    rows = _summed(CashDrawer.objects.filter(agency=agency_id), at).select_related("officer")
    found = [OpenDrawer(row.officer, _of(row), row.officer_id not in today) for row in rows]
    return sorted(
        (one for one in found if not one.there.is_empty),
        key=lambda one: (fold(one.officer.full_name), one.officer.pk),
    )


def may_take_at(desk: Desk, agency_id: int) -> Answer:
    """Who takes money at the counter of this agency."""
    takes = desk.has(Role.CLERK, Role.CASHIER, agency_id=agency_id)
    return ALLOWED if takes else Denied("not_cashier")


# --- from one cashier to another ------------------------------------------------------------------


def give(agency_id: int, taker: Officer, amount: int, *, by: Desk, at: datetime) -> CashHandOver:
    """Give cash to another cashier; it stays in the own drawer until that one has received it.
    Errors: DomainError("not_cashier", "cash_taker", "cash_amount").
    """
    require(may_take_at(by, agency_id))
    if taker.pk == by.officer.pk or taker.pk not in {one.pk for one in takers(agency_id, at)}:
        raise DomainError("cash_taker", field="taker")
    with transaction.atomic():
        locked(agency_id, by.officer.pk, at)
        on_the_way = (
            CashHandOver.objects.filter(
                agency=agency_id, giver=by.officer, taken_at=None, ended_at=None
            ).aggregate(n=Sum("amount"))["n"]
            or 0
        )
        there = in_drawer(agency_id, by.officer.pk, at).expected - on_the_way
        if not 0 < amount <= there:
            raise DomainError("cash_amount", field="amount", there=money(max(there, 0)))
        row = CashHandOver(
            agency_id=agency_id, giver=by.officer, taker=taker, amount=amount, given_at=at
        )
        add_all(CashHandOver, [row])
        return row


def receive(pk: int, *, by: Desk, at: datetime) -> CashHandOver:
    """The taker has counted it. Errors: DomainError("cash_gone")."""
    with transaction.atomic():
        row = _waiting(pk)
        if row is None or row.taker_id != by.officer.pk:
            raise DomainError("cash_gone")
        require(may_take_at(by, row.agency_id))
        for officer_id in sorted((row.giver_id, row.taker_id)):
            locked(row.agency_id, officer_id, at)
        row.taken_at = at
        row.save(update_fields=["taken_at"])
    return row


def end(pk: int, *, by: Desk, at: datetime) -> CashHandOver:
    """The giver takes it back, or the taker does not receive it: it never counted. Errors:
    DomainError("cash_gone").
    """
    with transaction.atomic():
        row = _waiting(pk)
        if row is None or by.officer.pk not in (row.giver_id, row.taker_id):
            raise DomainError("cash_gone")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
    return row


def _waiting(pk: int) -> CashHandOver | None:
    rows = CashHandOver.objects.select_for_update(no_key=True)
    return rows.filter(pk=pk, taken_at=None, ended_at=None).first()


def takers(agency_id: int, at: datetime) -> list[Officer]:
    """Who takes money at the counter of this agency today, by name."""
    on = timezone.localdate(at)
    grants = RoleGrant.objects.valid_on(on).filter(agency=agency_id, role__in=TAKING)
    wanted = Officer.objects.working().filter(pk__in=grants.values("officer"))
    return sorted(wanted, key=lambda one: fold(one.full_name))
