"""Parts of other agencies' dossiers that lie with the viewer's units (liên thông, R-60): how many are
open and how many late, and which. They are no dossiers of these units, so no other figure has them:
one dossier is one dossier, each unit's own part is its legs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from dossiers.models import Dossier
from dossiers.models.legs import Leg
from onestop.paging import Page, soonest_page
from reports.board.asked import NONE, Asked
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.page import Cell
from reports.board.whose import Whose

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

SIZE = 200
OPEN = Figure(
    "phoi-hop",
    "Phần phối hợp đang mở",
    lambda m: Q(),
    "Cơ quan khác chuyển đến, chưa trả lời.",
)
OVERDUE = Figure(
    "qua-han", "Phần phối hợp quá hạn", lambda m: Q(due_at__lt=m.at), "Đã quá hạn trả lời.", "late"
)
FIGURES = {one.key: one for one in (OPEN, OVERDUE)}
_NAMES = (
    "agency", "holder", "holder_department", "pending_officer", "pending_department",
    "dossier__agency", "dossier__version",
)  # fmt: skip


def theirs(mine: Whose, asked: Asked) -> QuerySet[Leg]:
    """What agencies have now: of these agencies, lying in or given to these rooms. A part has no step."""
    rows = Leg.objects.with_agency()
    if asked.get("buoc") is not None:
        rows = rows.none()
    if mine.agency_ids is not None:
        rows = rows.filter(agency__in=mine.agency_ids)
    if mine.rooms is not None:
        rows = rows.filter(_in_rooms(mine.rooms))
    who = asked.get("canbo")
    if who is not None:
        given = Q(pending_department=None, holder=who or None)
        rows = rows.filter(given | Q(pending_officer=who) if who else given)
    narrowed = asked.narrowed(of_work=False)
    if narrowed:
        rows = rows.filter(dossier__in=Dossier.objects.filter(narrowed).values("pk"))
    return rows


def _in_rooms(rooms: tuple[int, ...]) -> Q:
    """In each room once: where it is to be taken, else where it lies."""
    if rooms == (NONE,):
        return Q(pending_department=None, holder_department=None)
    held = Q(pending_department=None, holder_department__in=rooms)
    return held | Q(pending_department__in=rooms)


def cells(mine: Whose, asked: Asked, moment: Moment) -> list[Cell]:
    """Each figure with what opens its parts. One query, those of the filters."""
    wanted = {one.key: Count("pk", filter=one.of(moment)) for one in FIGURES.values()}
    numbers = theirs(mine, asked).order_by().aggregate(**wanted)
    return [Cell(one, numbers[one.key], _url(asked, one, numbers)) for one in FIGURES.values()]


def _url(asked: Asked, figure: Figure, numbers: dict[str, int]) -> str:
    if not numbers[figure.key]:
        return ""
    return asked.address(reverse("board_legs"), muc=figure.key, xep=None)


def listed(mine: Whose, asked: Asked, figure: Figure, moment: Moment) -> QuerySet[Leg]:
    """The parts behind a figure, with their names."""
    rows = theirs(mine, asked).filter(figure.of(moment)).select_related(*_NAMES)
    return rows.defer("dossier__version__search_text", "dossier__secret", "dossier__salt")


def page(rows: QuerySet[Leg], *, after: str = "") -> Page[Leg]:
    """Due first; those without a time last. One query."""
    return soonest_page(rows, "due_at", size=SIZE, after=after)


def may_open(desk: Desk, rows: list[Leg]) -> set[int]:
    """Of which of these the viewer may read the page. One query."""
    ids = [row.pk for row in rows]
    return set(Leg.objects.visible_to(desk).filter(pk__in=ids).values_list("pk", flat=True))
