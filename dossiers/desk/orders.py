"""The orders of a desk's lists. Each pages by key; what it walks are the partial indexes of open
work, so that a list costs what lies on the desk, whatever the archive holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, QuerySet, When

from dossiers.models import Dossier
from dossiers.models.dossier import OwnerKind
from dossiers.models.querysets import DossierQuerySet
from onestop.ordering import InOrder, given_name_first
from onestop.paging import Keyset, by_code, by_id, by_instant, by_text

# What a row is ordered by where no column says it.
SORTED = "sorted_by"
# Rows of a set that only its own order pages by an index: so many are put in another one at most.
MOST_SORTED = 500


@dataclass(frozen=True, slots=True)
class Order:
    """`key`: in the address, with a minus where it runs backwards. `by`: what tells SORTED, of
    dossiers that are reached this way from a row; `is_own`: how such rows stand by themselves, which
    has no other way round.
    """

    key: str
    label: str
    keyset: Keyset
    by: Callable[[str], Any] | None = None
    is_own: bool = False

    @property
    def is_down(self) -> bool:
        return self.keyset.newest_first

    @property
    def in_address(self) -> str:
        return f"-{self.key}" if self.is_down else self.key

    @property
    def turned(self) -> Order:
        """The same, the other way round."""
        return replace(self, keyset=replace(self.keyset, newest_first=not self.is_down))

    def of(self, rows: DossierQuerySet[Dossier]) -> DossierQuerySet[Dossier]:
        """The rows, each with what this order reads of it; not yet in order."""
        if self.by is None:
            return rows
        told: DossierQuerySet[Dossier] = rows.annotate(**{SORTED: self.by("")})
        return told

    def of_beside(self, rows: QuerySet[Any, Any], way: str) -> tuple[QuerySet[Any, Any], Keyset]:
        """Rows that lead to a dossier by `way`, several to one, and the keyset of them."""
        told = rows if self.by is None else rows.annotate(**{SORTED: self.by(f"{way}__")})
        columns = [c if c in ("pk", SORTED) else f"{way}__{c}" for c in self.keyset.columns]
        if "pk" not in columns:
            return told, replace(by_text(columns[0]), newest_first=self.is_down)
        return told, replace(self.keyset, columns=tuple(columns))


def _owner(way: str) -> Case:
    """People by their given name, companies and offices as they are written."""
    person = {f"{way}owner_kind": OwnerKind.CITIZEN}
    name = f"{way}owner_name"
    return Case(When(**person, then=given_name_first(name)), default=InOrder(name))


def _procedure(way: str) -> InOrder:
    """As a line shows the name (`short`): without its empty opening."""
    return InOrder(f"{way}version__name", "^thu tuc ")


# What is due first, then the oldest: the order of every list of a desk that nobody ordered
# otherwise. What is left of each dossier follows its promise, so it is the order of both.
BY_DUE = Order("hen", "Hạn trả", by_instant("sort_due"))
ORDERS = {
    one.key: one
    for one in (
        BY_DUE,
        Order("nhan", "Ngày tiếp nhận", by_instant("received_at")),
        Order("ma", "Mã hồ sơ", by_code("code")),
        Order("chu", "Tên chủ hồ sơ", by_text(SORTED), _owner),
        Order("thu-tuc", "Tên thủ tục", by_text(SORTED), _procedure),
        # Of what has ended only.
        Order("xong", "Ngày có kết quả", by_instant("ended_at")),
        # Of what a search found: by how well it fits (desk/search.py).
        Order("khop", "Khớp nhất trước", by_id(), is_own=True),
        # Of requests for completion.
        Order("phat", "Ngày phát phiếu", by_instant("issued_at")),
    )
}


def order_of(text: str) -> Order | None:
    """The order that an address or a preference names; None when it names none."""
    found = ORDERS.get(text.removeprefix("-"))
    if found is None or not text.startswith("-"):
        return found
    return None if found.is_own else found.turned


def cursor_of(order: Order, dossier_id: int) -> str:
    """Where a dossier stands in that order now; "" when it is gone. One query."""
    rows = order.of(Dossier.objects.filter(pk=dossier_id))
    place = rows.values_list(*order.keyset.columns).first()
    return "" if place is None else order.keyset.write(place)
