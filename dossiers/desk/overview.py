"""Who of a room has how much, and how late: on top of the head's list of the room. Persons stand by
their names, never by what they have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Q, When
from django.urls import reverse

from dossiers.desk.filters import COMING, HELD, LINKED, NOBODY, WAITING, WORKING
from dossiers.desk.work import DEPARTMENT, LATE, SOON
from dossiers.models import Dossier
from dossiers.models.querysets import is_due_soon, is_late, is_waiting, is_working
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True)
class Figure:
    """A column: its words, its tone, and the filters that open exactly what it counts."""

    key: str
    label: str
    tone: str
    asked: Mapping[str, str]


FIGURES = (
    Figure("working", "Đang xử lý", "quiet", {"o": WORKING}),
    Figure("soon", "Sắp đến hạn", "soon", {"o": HELD, "han": SOON}),
    Figure("late", "Quá hạn", "late", {"o": HELD, "han": LATE}),
    Figure("waiting", "Chờ bổ sung, nộp tiền", "wait", {"o": WAITING}),
    Figure("linked", "Chờ cơ quan phối hợp", "wait", {"o": HELD, "phoihop": "1"}),
    Figure("coming", "Chờ nhận", "quiet", {"o": COMING}),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with the address of its dossiers ("" where there are none)."""

    figure: Figure
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    cells: list[Cell]


def overview(desk: Desk, now: datetime) -> list[Person]:
    """A row for everybody who has something or is to accept something, then what is for the whole
    room, then the sum; nothing for a room without work. One query over the room's open work.
    """
    rooms = desk.department_ids_as(Role.HEAD)
    coming = Q(pending_department__in=rooms)
    held = Q(ended_at=None, holder_department__in=rooms, pending_department=None)
    counted = {
        "working": held & is_working(),
        "soon": held & is_due_soon(now),
        "late": held & is_late(now),
        "waiting": held & is_waiting(),
        "linked": held & LINKED,
        "coming": coming,
    }
    rows = (
        Dossier.objects.filter(held | coming)
        .order_by()
        .annotate(
            who=_whose(coming, "pending_officer", "holder"),
            name=_whose(coming, "pending_officer__full_name", "holder__full_name"),
            sort=_whose(coming, "pending_officer__sort_name", "holder__sort_name"),
        )
        .values("who", "name", "sort")
        .annotate(**{key: Count("pk", filter=which) for key, which in counted.items()})
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    found.sort(key=lambda row: (row["who"] is None, row["sort"] or "", row["who"] or 0))
    if not found:
        return []
    people = [
        Person(row["name"] or "Chưa giao cho ai", _cells(row, str(row["who"] or NOBODY)))
        for row in found
    ]
    total = {one.key: sum(row[one.key] for row in found) for one in FIGURES}
    return [*people, Person("Cộng", _cells(total, ""))]


def _whose(coming: Q, then: str, otherwise: str) -> Case:
    """What is on its way here is whoever is to accept it, all else whoever holds it."""
    return Case(When(coming, then=F(then)), default=F(otherwise))


def _cells(row: Mapping[str, int], who: str) -> list[Cell]:
    return [Cell(one, row[one.key], _address(one, who) if row[one.key] else "") for one in FIGURES]


def _address(figure: Figure, who: str) -> str:
    asked = {"loai": DEPARTMENT.key} | ({"canbo": who} if who else {}) | dict(figure.asked)
    return f"{reverse('work')}?{urlencode(asked)}"
