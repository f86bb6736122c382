"""The controller's list of requests for completion issued after three working days from reception
(R-46).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dossiers.desk.addresses import addresses_of
from dossiers.desk.columns import Column, more_of
from dossiers.desk.exporting import CHUNK, Export
from dossiers.desk.filters import Filters
from dossiers.desk.orders import MOST_SORTED, Order
from dossiers.desk.work import PAGE, Line, line_of, short
from dossiers.models import Dossier, Supplement
from onestop.accounts.models import Role
from onestop.folding import fold
from onestop.paging import Page
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# The key of the order that this list has by itself.
ISSUED = "phat"


@dataclass(frozen=True, slots=True)
class LateRequest:
    """A line of the list: the dossier, what was asked for."""

    line: Line
    url: str
    title: str
    asked: Supplement

    @property
    def approver(self) -> str:
        return self.asked.approver.introduced if self.asked.approver is not None else ""


_JOINED = (
    "dossier__version__procedure", "dossier__agency", "dossier__field", "dossier__holder",
    "dossier__holder_department", "issued_by", "approver__department",
)  # fmt: skip
Rows = QuerySet[Supplement]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`text`: words of owner, code, procedure or field; days of issue, both included."""

    text: str = ""
    agency: int | None = None
    approver: int | None = None
    first: date | None = None
    last: date | None = None

    def apply(self, rows: Rows) -> Rows:
        if self.text:
            said = Filters(text=self.text)
            dossiers = Dossier.objects.filter(pk=OuterRef("dossier"))
            rows = rows.filter(Exists(said.apply(dossiers, timezone.now())))
        wanted: dict[str, Any] = {
            "dossier__agency": self.agency,
            "approver": self.approver,
            "issued_at__gte": self.first and start_of_day(self.first),
            "issued_at__lt": self.last and start_of_day(self.last + timedelta(days=1)),
        }
        return rows.filter(**{name: value for name, value in wanted.items() if value})


def late_rows(desk: Desk, narrowed: Narrowed = Narrowed()) -> Rows:
    """Those of the agencies whose controller this is and of all below them; what was taken back is
    not among them.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(dossier__agency__path__startswith=path)
    return narrowed.apply(Supplement.objects.issued().filter(mine, late=True))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed to, each as (value, words), in the order of the words."""

    agencies: list[tuple[str, str]]
    approvers: list[tuple[str, str]]


def choices_of(rows: Rows) -> Choices:
    """One query over the list; asked only where somebody narrows it."""
    columns = ("dossier__agency", "dossier__agency__name", "approver", "approver__full_name")
    agencies, approvers = {}, {}
    for agency, name, approver, full_name in rows.order_by().values_list(*columns).distinct():
        agencies[str(agency)] = name
        if approver is not None:
            approvers[str(approver)] = full_name
    return Choices(
        *(sorted(d.items(), key=lambda one: fold(one[1])) for d in (agencies, approvers))
    )


def can_be_sorted(rows: Rows, order: Order) -> bool:
    """Only the instants of issue are walked along an index; in another order so many are put at most.
    One query, none for that order.
    """
    return order.key == ISSUED or rows[: MOST_SORTED + 1].count() <= MOST_SORTED


def late_page(
    rows: Rows, order: Order, *, after: str = "", before: str = "", size: int = PAGE
) -> Page[Supplement]:
    """One query."""
    keyset = order.keyset
    if order.key != ISSUED:
        rows, keyset = order.of_beside(rows, "dossier")
    rows = rows.select_related(*_JOINED)
    rows = rows.defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    return keyset.page(rows, after=after, before=before, size=size)


def rows_of(found: Iterable[Supplement], columns: Iterable[Column]) -> list[LateRequest]:
    """What these columns say of the requests; no query."""
    found, more = list(found), more_of(columns)
    urls = addresses_of("dossier", [one.dossier.code for one in found])
    return [
        LateRequest(line_of(one.dossier, more), url, short(one.dossier.version.name), one)
        for one, url in zip(found, urls, strict=True)
    ]


def export_of(rows: Rows, columns: tuple[Column, ...], order: Order) -> Export:
    """The whole list as a file; one query for a thousand requests."""

    def read(after: str) -> Page[LateRequest]:
        page = late_page(rows, order, after=after, size=CHUNK)
        return Page(rows_of(page.rows, columns), page.next, page.previous)

    return Export("Yêu cầu bổ sung sau 03 ngày làm việc", columns, read)
