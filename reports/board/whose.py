"""Whose dossiers a viewer oversees (R-144): a leader or controller the agency and all below it, a
head the own department; and the part of it that an address asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from onestop.accounts.models import Agency, Department, Role
from reports.board.asked import NONE, Asked

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

OVERSEERS = (Role.LEADER, Role.CONTROLLER)


@dataclass(frozen=True, slots=True)
class Whose:
    """`agencies`: those overseen, after narrowing; None for a head. `rooms`: ids of departments
    that hold, None for all of the agencies; NONE stands for no department at all. `departments`:
    the rows of `rooms`. `several`: whether the viewer oversees more than one agency.
    """

    agencies: tuple[Agency, ...] | None
    rooms: tuple[int, ...] | None
    departments: tuple[Department, ...] = ()
    several: bool = False

    @property
    def agency_ids(self) -> tuple[int, ...] | None:
        return None if self.agencies is None else tuple(a.pk for a in self.agencies)

    @property
    def agency(self) -> Agency | None:
        """The one agency this is about, if it is one."""
        return self.agencies[0] if self.agencies is not None and len(self.agencies) == 1 else None

    @property
    def room(self) -> int | None:
        """The one department this is about, if it is one."""
        return self.rooms[0] if self.rooms is not None and len(self.rooms) == 1 else None

    @property
    def title(self) -> str:
        """Whose it is, in words."""
        where = self.agency.name if self.agency is not None else ""
        if self.rooms == (NONE,):
            return f"Chưa rõ phòng, {where}" if where else "Chưa rõ phòng"
        if self.departments:
            rooms = "; ".join(room.name for room in self.departments)
            return f"{rooms}, {where}" if where else rooms
        if where or not self.agencies:
            return where
        highest = min(self.agencies, key=lambda one: (len(one.lineage), one.folded))
        at_work = sum(one.closed_on is None for one in self.agencies if one != highest)
        return f"{highest.name} và {at_work} cơ quan khác"

    @property
    def of_agencies(self) -> Q:
        return Q() if self.agency_ids is None else Q(agency__in=self.agency_ids)

    @property
    def wide(self) -> Q:
        """All that the agencies handle; of a head, the agencies of the own departments."""
        if self.agencies is not None:
            return self.of_agencies
        return Q(agency__in=sorted({room.agency_id for room in self.departments}))

    @property
    def held(self) -> Q:
        """Dossiers that are theirs: handled by the agencies, lying in the departments."""
        if self.rooms is None:
            return self.of_agencies
        if self.rooms == (NONE,):
            return self.of_agencies & Q(holder_department=None)
        return self.of_agencies & Q(holder_department__in=self.rooms)


def whose(desk: Desk, asked: Asked) -> Whose | None:
    """What of the viewer's own the address asks for; None for what is not theirs. One query for a
    leader or controller, none for a head.
    """
    if not desk.has(*OVERSEERS):
        return _of_head(desk, asked)
    everything = tuple(Agency.objects.under(*desk.subtree_paths).order_by("name", "pk"))
    shown, code = everything, asked.get("coquan")
    if code:
        shown = tuple(one for one in everything if one.code == code)
        if not shown:
            return None
    room = asked.get("phong")
    if room is None:
        return Whose(shown, None, several=len(everything) > 1)
    found = Department.objects.filter(pk=room).first() if room else None
    if room and found is None:
        return None
    return Whose(shown, (room,), (found,) if found else (), several=len(everything) > 1)


def _of_head(desk: Desk, asked: Asked) -> Whose | None:
    mine = desk.department_ids_as(Role.HEAD)
    room = asked.get("phong")
    if asked.get("coquan") or (room is not None and room not in mine):
        return None
    rooms = mine if room is None else (room,)
    return Whose(None, rooms, tuple(d for d in desk.departments if d.pk in rooms))
