"""What was counted, laid out for each desk: one's own, the room's for a head, the agency's for a leader
and a controller. Each number is that of the list of `/viec/` that it opens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from dossiers.desk.filters import TODAY
from dossiers.desk.work import LATE, SOON
from dossiers.reach import shared_ids
from dossiers.states import APPROVERS
from onestop.accounts.desk import Desk
from onestop.accounts.models import Department, Officer, Role
from reports.board.whose import OVERSEERS
from reports.digest.counting import MOST, Counted, Held, Named, Three, added, count


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the list that it counts."""

    label: str
    number: int
    url: str
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Row:
    """Of one officer or one room, by name: nobody is ranked."""

    name: str
    three: Three
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    cells: Sequence[Cell]
    unit: str = ""
    rows: Sequence[Row] = ()

    def __bool__(self) -> bool:
        return any(cell.number for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Digest:
    """`more`: how many urgent ones of one's own are not named."""

    desk: Desk
    parts: Sequence[Part]
    named: Sequence[Named] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return any(self.parts)

    @property
    def told(self) -> Sequence[Part]:
        return [part for part in self.parts if part]

    @property
    def headline(self) -> str:
        """What the subject of the letter tells: the widest that this officer answers for."""
        cells = [cell for cell in self.told[-1].cells if cell.number]
        return ", ".join(f"{cell.number} {cell.label.lower()}" for cell in cells)


@dataclass(frozen=True, slots=True)
class Names:
    """By id: what rows are called, and how they are ordered."""

    officers: Mapping[int, tuple[str, str]]
    rooms: Mapping[int, tuple[str, str]]


def digest_of(desk: Desk, now: datetime) -> Digest:
    """One desk's. At most six queries."""
    counted = count(now, desk)
    return lay(desk, counted, names_of(counted.held))


def digests_of(desks: Iterable[Desk], now: datetime) -> list[Digest]:
    """Those of many desks, the empty ones too. Six queries, whatever the desks."""
    counted = count(now)
    names = names_of(counted.held)
    return [lay(desk, counted, names) for desk in desks]


def names_of(held: Sequence[Held]) -> Names:
    officers = {one.officer for one in held if one.officer is not None}
    rooms = {one.room for one in held if one.room is not None}
    people = Officer.objects.filter(pk__in=officers).values_list("pk", "full_name", "sort_name")
    places = Department.objects.filter(pk__in=rooms).values_list("pk", "name", "order")
    return Names(
        {pk: (name, sort) for pk, name, sort in people},
        {pk: (name, f"{order:05}{name}") for pk, name, order in places},
    )


def lay(desk: Desk, counted: Counted, names: Names) -> Digest:
    parts = []
    if shared_ids(desk) or desk.department_ids:
        parts.append(_own(desk, counted))
    if desk.has(Role.HEAD):
        parts.append(_of_rooms(desk, counted, names))
    if desk.has(*OVERSEERS):
        parts.append(_of_agencies(desk, counted, names))
    own = [one for pk in desk.officer_ids for one in counted.named.get(pk, ())]
    own.sort(key=lambda one: (one.due_at is None, one.due_at, one.code))
    named = own[:MOST]
    return Digest(desk, parts, named, _in_hand(desk, counted).urgent - len(named))


def _in_hand(desk: Desk, counted: Counted) -> Three:
    mine = [one for one in counted.held if one.is_here and one.officer in desk.officer_ids]
    return added([one.three for one in mine])


def _own(desk: Desk, counted: Counted) -> Part:
    three = _in_hand(desk, counted)
    coming = sum(
        number
        for (room, officer), number in counted.coming.items()
        if room in desk.department_ids and (officer is None or officer in desk.officer_ids)
    )
    cells = [
        Cell("Quá hạn", three.late, _list(LATE), "late"),
        Cell("Đến hạn hôm nay", three.today, _list("dang-xu-ly", han=TODAY), "soon"),
        Cell("Sắp đến hạn", three.soon, _list(SOON), "soon"),
        Cell("Chờ bạn nhận", coming, _list("cho-nhan")),
    ]
    approving = desk.department_ids_as(*APPROVERS)
    if approving:
        submitted = sum(
            number
            for (holder, room, officer), number in counted.submitted.items()
            if _is_submitted(desk, approving, holder, room, officer)
        )
        cells.append(Cell("Trình bạn duyệt", submitted, _list("trinh-duyet")))
    return Part("Việc của bạn", cells)


def _is_submitted(
    desk: Desk,
    approving: Sequence[int],
    holder: int | None,
    room: int | None,
    officer: int | None,
) -> bool:
    """As DossierQuerySet.to_approve_by says it."""
    if room is None:
        return holder in desk.officer_ids
    return room in approving and (officer is None or officer in desk.officer_ids)


def _of_rooms(desk: Desk, counted: Counted, names: Names) -> Part:
    rooms = desk.department_ids_as(Role.HEAD)
    held = [one for one in counted.held if one.room in rooms]
    title = "; ".join(one.name for one in desk.departments if one.pk in rooms)
    rows = _rows(held, "phong", "canbo", lambda one: one.officer, names.officers, "Chưa có người")
    return Part(title, _three("phong", held), "Cán bộ đang giữ", rows)


def _of_agencies(desk: Desk, counted: Counted, names: Names) -> Part:
    agencies = desk.agency_ids_as(*OVERSEERS)
    held = [one for one in counted.held if one.agency in agencies]
    own = [one for one in desk.agencies if one.pk in agencies]
    title = "; ".join(one.name for one in own) or "Cơ quan"
    rows = _rows(held, "co-quan", "phong", lambda one: one.room, names.rooms, "Chưa rõ phòng")
    return Part(title, _three("co-quan", held), "Đơn vị đang giữ", rows)


def _three(job: str, held: Sequence[Held]) -> list[Cell]:
    three = added([one.three for one in held])
    return [
        Cell("Quá hạn", three.late, _list(job, han=LATE), "late"),
        Cell("Đến hạn hôm nay", three.today, _list(job, han=TODAY), "soon"),
        Cell("Sắp đến hạn", three.soon, _list(job, han=SOON), "soon"),
    ]


def _rows(
    held: Sequence[Held],
    job: str,
    narrows: str,
    unit: Callable[[Held], int | None],
    names: Mapping[int, tuple[str, str]],
    nobody: str,
) -> list[Row]:
    found: dict[int | None, Three] = defaultdict(Three)
    for one in held:
        found[unit(one)] += one.three
    rows = []
    for pk, three in found.items():
        name, sort = names.get(pk, (nobody, "~")) if pk is not None else (nobody, "~")
        # The list knows "nobody" of officers only.
        known = pk is not None or narrows == "canbo"
        rows.append(
            (sort, Row(name, three, _list(job, **{narrows: str(pk or 0)}) if known else ""))
        )
    return [row for _, row in sorted(rows, key=lambda one: (one[0], one[1].url))]


def _list(job: str, **narrowed: str) -> str:
    return f"{reverse('work')}?{urlencode({'loai': job} | narrowed)}"
