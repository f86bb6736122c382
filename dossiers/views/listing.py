"""What the pages of lists share: which columns in which order, from the address and from what the
officer chose; their heads; one page of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dossiers.desk.columns import Column, Shape, more_of, shape_of
from dossiers.desk.orders import ORDERS, Order, order_of
from dossiers.desk.work import Line, work_page
from dossiers.models import Dossier
from dossiers.models.querysets import DossierQuerySet
from dossiers.reach import WORK_ROLES
from dossiers.registry import Act, on_many
from dossiers.views.desk_common import MOST_CHOSEN, absent_names, back_to, rows_of
from onestop.accounts.desk import Desk
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Officer, Role
from onestop.accounts.preferences import prefer, preferred
from onestop.paging import Page

# What an address says of a list all of whose rows are chosen.
WHOLE = "ca"


class Where(TypedDict, total=False):
    after: str
    before: str
    size: int


def columns_name(shape: Shape) -> str:
    """Under which name the chosen columns are kept (onestop/accounts/preferences.py)."""
    return f"{shape.kept}.cot"


def order_name(shape: Shape) -> str:
    return f"{shape.kept}.xep"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. `sorted`: how the rows stand by it, in the words of aria-sort."""

    column: Column
    url: str = ""
    sorted: str = ""

    @property
    def hint(self) -> str:
        if not self.url:
            return ""
        turn = " theo chiều ngược lại" if self.sorted else ""
        return f"Xếp theo {ORDERS[self.column.order].label.lower()}{turn}"


def heads_of(columns: tuple[Column, ...]) -> list[Head]:
    """Heads of a list whose order says something itself."""
    return [Head(column) for column in columns]


def said_columns(officer: Officer, shape: Shape) -> Mapping[str, Any]:
    """Which columns this officer chose and which not, by key."""
    said = preferred(officer, columns_name(shape))
    return said if isinstance(said, dict) else {}


def _order(text: Any, shape: Shape) -> Order | None:
    """The order that an address or a preference names, if this kind of list has it."""
    found = order_of(str(text or ""))
    return found if found is not None and found.key in shape.orders else None


def preferred_order(officer: Officer, shape: Shape) -> Order:
    return _order(preferred(officer, order_name(shape)), shape) or usual_order(shape)


def usual_order(shape: Shape) -> Order:
    """How the list stands for whoever chose nothing."""
    return order_of(shape.usual_order) or ORDERS[shape.orders[0]]


def prefer_order(officer: Officer, shape: Shape, order: Order) -> None:
    """The usual order is nothing to keep."""
    prefer(officer, order_name(shape), None if order == usual_order(shape) else order.in_address)


@dataclass(frozen=True, slots=True)
class Whole:
    """Choosing a whole list at once (R-66): `url` shows all of it on one page with every row chosen, ""
    where one page shows all anyway. `chosen`: how many are, 0 on an ordinary page; `goes_on`: there
    are more than may be chosen at once. `back`: the list page by page.
    """

    url: str
    chosen: int
    goes_on: bool
    back: str
    most: int = MOST_CHOSEN


@dataclass(frozen=True, slots=True)
class Listing:
    """One list as this officer sees it. `kept`: what stands in its address beside the page."""

    request: OfficerRequest
    shape: Shape
    path: str
    kept: dict[str, str]
    order: Order
    columns: tuple[Column, ...]

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.kept)}" if self.kept else self.path

    def at(self, **changed: str) -> str:
        """The same list from its beginning, with this said otherwise."""
        kept = {name: value for name, value in (self.kept | changed).items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def heads(self) -> list[Head]:
        found: list[Head] = []
        for column in self.columns:
            if column.order not in self.shape.orders:
                found.append(Head(column))
                continue
            is_here = column.order == self.order.key
            # Two columns may tell of one order: one of them says that it is so.
            says = is_here and not any(head.sorted for head in found)
            turned = self.order.turned.in_address if is_here else column.order
            way = ("descending" if self.order.is_down else "ascending") if says else ""
            found.append(Head(column, self.at(xep=turned), way))
        return found

    @property
    def is_whole(self) -> bool:
        """Whether all of it is chosen, whatever page the address names."""
        return self.request.GET.get(WHOLE) == "1"

    @property
    def place(self) -> Where:
        """From where on, and how many: what the page of the list is asked for."""
        if self.is_whole:
            return {"size": MOST_CHOSEN}
        asked = self.request.GET
        return {"after": asked.get("sau", ""), "before": asked.get("truoc", "")}

    def page(self, rows: DossierQuerySet[Dossier]) -> Page[Line]:
        """The page of these rows that the address asks for; one query."""
        return work_page(rows, **self.place, more=more_of(self.columns), order=self.order)

    def whole(self, page: Page[Any]) -> Whole:
        if self.is_whole:
            return Whole("", len(page.rows), bool(page.next), self.address)
        url = self.at(**{WHOLE: "1"}) if page.next or page.previous else ""
        return Whole(url, 0, goes_on=False, back=self.address)

    def context(
        self,
        page: Page[Line],
        now: datetime,
        *,
        with_results: bool = False,
        with_reasons: bool = False,
    ) -> dict[str, Any]:
        """What templates/dossiers/columns/ reads of a list of the desk."""
        names = absent_names(self.request)
        rows = rows_of(page.rows, now, names, with_results=with_results, with_reasons=with_reasons)
        return self.around(page) | {"rows": rows}

    def around(self, page: Page[Any]) -> dict[str, Any]:
        """The same without the rows."""
        shown = set(self.columns)
        return {
            "columns": self.columns,
            "heads": self.heads(),
            "choices": [(column, column in shown) for column in self.shape.offered],
            "orders": _orders(self.shape, self.order),
            "address": self.address,
            "next": self.at(sau=page.next) if page.next else "",
            "previous": self.at(truoc=page.previous) if page.previous else "",
            "whole": self.whole(page),
        }


def listing(
    request: OfficerRequest, job: str, path: str, kept: dict[str, str] | None = None
) -> Listing:
    """The list of that key. An order in the address is kept for this officer from then on."""
    shape = shape_of(job)
    asked = _order(request.GET.get("xep"), shape)
    if asked is not None:
        prefer_order(request.user, shape, asked)
    order = asked or preferred_order(request.user, shape)
    stands = (kept or {}) | ({"xep": asked.in_address} if asked is not None else {})
    columns = shape.columns(said_columns(request.user, shape))
    return Listing(request, shape, path, stands, order, columns)


def may_do_to_many(desk: Desk, key: str) -> list[Act]:
    """What this officer's roles may do to many of the list of this key."""
    return [act for act in on_many(key) if desk.has(*(Role(role) for role in act.roles))]


def _orders(shape: Shape, here: Order) -> list[tuple[str, str, bool]]:
    """The ways a list can be ordered, for a screen that has no room for heads."""
    told = [ORDERS[key] for key in shape.orders]
    ways = [way for one in told for way in ((one,) if one.is_own else (one, one.turned))]
    return [
        (way.in_address, f"{way.label}{', ngược lại' if way.is_down else ''}", way == here)
        for way in ways
    ]


@require_POST
@officer_required(*WORK_ROLES)
def list_columns(request: OfficerRequest) -> HttpResponse:
    """Keep which columns this officer wants (of those that the list offered), in which order; `mac-
    dinh` forgets both. Back to the list.
    """
    back = back_to(request, reverse("work"))
    shape = shape_of(request.POST.get("danh-sach", ""))
    if "mac-dinh" in request.POST:
        prefer(request.user, columns_name(shape), None)
        prefer(request.user, order_name(shape), None)
        return redirect(_without_order(back))
    ticked = request.POST.getlist("cot")
    said = {**said_columns(request.user, shape)} | {
        column.key: column.key in ticked for column in shape.offered
    }
    prefer(request.user, columns_name(shape), said)
    order = _order(request.POST.get("xep"), shape)
    if order is not None:
        prefer_order(request.user, shape, order)
    return redirect(_without_order(back))


def _without_order(address: str) -> str:
    """The same list, in the order that the officer prefers now, from its beginning."""
    path, _, query = address.partition("?")
    kept = [(k, v) for k, v in parse_qsl(query) if k not in ("xep", "sau", "truoc")]
    return f"{path}?{urlencode(kept)}" if kept else path
