"""The desk: what an officer may do today, where, and for whom. One object a request; two queries
when something has changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import NamedTuple
from uuid import uuid4

from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from onestop.accounts.models import Agency, Department, Officer, Role, RoleGrant, Substitution
from onestop.accounts.succession import Step, steps
from onestop.speed import Kept

# These roles belong to the person: who stands in for an absent officer does not get them.
PERSONAL_ROLES = frozenset({Role.ADMINISTRATOR, Role.CONTROLLER})
# These roles see the agencies below their own.
OVERSEEING_ROLES = frozenset({Role.CONTROLLER, Role.LEADER})


@dataclass(frozen=True)
class Desk:
    """Roles valid on one day, own and taken over from absent officers; loaded when first asked for.
    A role at an agency counts at those that it took over too, from the day after their last.

    `kept`: the officer's row was read just now, so what this process loaded under its `desk_token`
    is still true.
    """

    officer: Officer
    on: date
    kept: bool = False

    @cached_property
    def _held(self) -> "_Held":
        if not self.kept:
            return self._loaded()
        stamp = (self.officer.desk_token, self.on)
        kept = _kept.get(self.officer.pk, self._loaded, stamp=stamp)
        return _fresh(kept)

    def _loaded(self) -> "_Held":
        return _load([self.officer.pk], self.on)[self.officer.pk]

    @property
    def _absences(self) -> "list[Substitution]":
        return self._held.absences

    @property
    def _all_grants(self) -> "list[RoleGrant]":
        return self._held.grants

    @cached_property
    def _succession(self) -> tuple[Step, ...]:
        """Who acts for whom today; empty unless an agency of this desk is concerned."""
        return tuple(step for step in self._held.succession if step.holds_on(self.on))

    def _counts_at(self, grant: RoleGrant, agency_id: int) -> bool:
        return grant.agency_id == agency_id or any(
            step.agency_id == agency_id and step.heir_id == grant.agency_id
            for step in self._succession
        )

    def _with_taken_over(self, agency_ids: Iterable[int]) -> tuple[int, ...]:
        held = tuple(dict.fromkeys(agency_ids))
        taken = (step.agency_id for step in self._succession if step.heir_id in held)
        return tuple(dict.fromkeys((*held, *taken)))

    @cached_property
    def acting_for(self) -> tuple[Officer, ...]:
        """The absent officers this officer stands in for today."""
        return tuple({s.absent_id: s.absent for s in self._absences}.values())

    @cached_property
    def own_grants(self) -> tuple[RoleGrant, ...]:
        return tuple(g for g in self._all_grants if g.officer_id == self.officer.pk)

    @cached_property
    def grants(self) -> tuple[RoleGrant, ...]:
        """Own roles, then those taken over (never personal ones such as administrator)."""
        return self.own_grants + tuple(
            g
            for g in self._all_grants
            if g.officer_id != self.officer.pk and g.role not in PERSONAL_ROLES
        )

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(g.role) for g in self.grants)

    def has(self, *roles: Role, agency_id: int | None = None) -> bool:
        """Whether one of these roles is held today, at this agency if one is named."""
        return any(
            g.role in roles and (agency_id is None or self._counts_at(g, agency_id))
            for g in self.grants
        )

    def holders(self, role: Role, agency_id: int) -> tuple[int, ...]:
        """In whose name the role may be used at this agency: own id first, then ids of absent
        officers.
        """
        return tuple(
            dict.fromkeys(
                g.officer_id
                for g in self.grants
                if g.role == role and self._counts_at(g, agency_id)
            )
        )

    @cached_property
    def officer_ids(self) -> tuple[int, ...]:
        """Own id and those of the absent officers: whose work lies on this desk."""
        return (self.officer.pk, *(o.pk for o in self.acting_for))

    @cached_property
    def agencies(self) -> tuple[Agency, ...]:
        """Agencies where a role is held, home first."""
        found = {g.agency_id: g.agency for g in self.grants}
        return tuple(sorted(found.values(), key=lambda a: (a.pk != self.officer.agency_id, a.path)))

    @cached_property
    def agency(self) -> Agency | None:
        """The home agency: the officer's own where a role is held, else the first with a role."""
        return self.agencies[0] if self.agencies else None

    @cached_property
    def agency_ids(self) -> tuple[int, ...]:
        """Agencies where a role is held, then those they took over."""
        return self._with_taken_over(a.pk for a in self.agencies)

    @cached_property
    def departments(self) -> tuple[Department, ...]:
        """Departments of the grants, home first. An administrator's room is no place of work:
        nothing is given to it, and what lies in it is not the administrator's to read.
        """
        found = {
            grant.department.pk: grant.department
            for grant in self.grants
            if grant.department is not None and grant.role != Role.ADMINISTRATOR
        }
        return tuple(
            sorted(
                found.values(),
                key=lambda d: (d.pk != self.officer.department_id, d.agency_id, d.order, d.pk),
            )
        )

    @cached_property
    def department_ids(self) -> tuple[int, ...]:
        return tuple(d.pk for d in self.departments)

    def department_ids_as(self, *roles: Role) -> tuple[int, ...]:
        """Departments in which one of these roles is held."""
        return tuple(
            dict.fromkeys(
                g.department_id
                for g in self.grants
                if g.role in roles and g.department_id is not None
            )
        )

    def agency_ids_as(self, *roles: Role) -> tuple[int, ...]:
        """Agencies at which one of these roles is held, then those they took over."""
        return self._with_taken_over(g.agency_id for g in self.grants if g.role in roles)

    def paths_as(self, *roles: Role) -> tuple[str, ...]:
        """Paths of the agencies at which one of these roles is held; everything below them is seen,
        and whatever was taken over by something below them, wherever it hung.
        """
        held = tuple(g.agency.path for g in self.grants if g.role in roles)
        taken = (step.path for step in self._succession if step.heir_path.startswith(held))
        return _outermost((*held, *taken))

    @cached_property
    def _branches(self) -> dict[tuple[str, ...], frozenset[int]]:
        return {}

    def branch_ids_as(self, *roles: Role) -> frozenset[int]:
        """Agencies at which one of these roles is held and whatever `paths_as` sees below them, open or
        closed. One query, the first time that it is asked for; none without such a role.
        """
        paths = self.paths_as(*roles)
        if paths and paths not in self._branches:
            found = Agency.objects.under(*paths).order_by().values_list("pk", flat=True)
            self._branches[paths] = frozenset(found)
        return self._branches.get(paths, frozenset())

    @cached_property
    def subtree_paths(self) -> tuple[str, ...]:
        """Where controllers and leaders see below: paths without those that lie under another."""
        return self.paths_as(*OVERSEEING_ROLES)

    @cached_property
    def administered_paths(self) -> tuple[str, ...]:
        return self.paths_as(Role.ADMINISTRATOR)

    def oversees(self, agency: Agency) -> bool:
        return any(agency.is_under(path) for path in self.subtree_paths)

    def administers(self, agency: Agency) -> bool:
        return any(agency.is_under(path) for path in self.administered_paths)


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(path.startswith(outer) for outer in kept):
            kept.append(path)
    return tuple(kept)


def desk_of(officer: Officer, at: datetime, *, kept: bool = False) -> Desk:
    """The officer's desk on the day of `at` in Vietnam. `kept` only for an officer read from the
    database in this request.
    """
    return Desk(officer=officer, on=timezone.localdate(at), kept=kept)


def desks_of(officers: Iterable[Officer], on: date) -> list[Desk]:
    """The desks of many officers on a day, in their order. At most three queries, whatever the
    officers.
    """
    people = list(officers)
    held = _load([one.pk for one in people], on)
    desks = [Desk(officer=one, on=on) for one in people]
    for desk in desks:
        # What each would ask for by itself.
        vars(desk)["_held"] = held[desk.officer.pk]
    return desks


class _Held(NamedTuple):
    absences: list[Substitution]
    grants: list[RoleGrant]
    succession: tuple[Step, ...]


def _load(officer_ids: Sequence[int], on: date) -> dict[int, _Held]:
    """For each: absences of others (with few columns of their names), all roles: own and theirs, and
    who took over from whom where an agency of the roles is concerned.
    """
    mine = Substitution.objects.valid_on(on).filter(substitute__in=officer_ids)
    mine = mine.select_related("absent").order_by("id")
    absences: dict[int, list[Substitution]] = defaultdict(list)
    for row in mine.only("substitute", "absent__full_name", "absent__username"):
        absences[row.substitute_id].append(row)
    whose = {pk: {pk, *(s.absent_id for s in absences[pk])} for pk in officer_ids}
    found = RoleGrant.objects.valid_on(on).filter(officer_id__in=set().union(*whose.values()))
    grants: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in found.select_related("agency", "department").order_by("id"):
        grants[grant.officer_id].append(grant)
    everything = chain.from_iterable(grants.values())
    succession = steps() if any(grant.agency.has_succession for grant in everything) else ()
    held = {}
    for pk, people in whose.items():
        theirs = sorted((g for one in people for g in grants[one]), key=lambda grant: grant.pk)
        concerned = any(grant.agency.has_succession for grant in theirs)
        held[pk] = _Held(absences[pk], theirs, succession if concerned else ())
    return held


# By officer. Every page asks, and the answer changes a few times a year: the token is new whenever
# it may have changed.
_kept: Kept[_Held] = Kept("desks", most=1000)


def _fresh(held: _Held) -> _Held:
    """Rows of this request's own: what one request notes on an agency is not seen by the next."""
    agencies = {g.agency_id: copy(g.agency) for g in held.grants}
    rooms = {g.department_id: copy(g.department) for g in held.grants}
    own = [copy(grant) for grant in held.grants]
    for grant in own:
        grant.agency, grant.department = agencies[grant.agency_id], rooms[grant.department_id]
    return _Held([copy(row) for row in held.absences], own, held.succession)


def touch(*officer_ids: int) -> None:
    """Roles or absences of these officers changed (nobody named: of anybody): theirs and their
    substitutes' desks are loaded anew.

    Needed only after bulk writes; saves and deletes call it themselves. The new token is written
    with what it announces.
    """
    changed = Officer.objects.all()
    if officer_ids:
        stand_ins = Substitution.objects.filter(absent__in=officer_ids).values("substitute")
        changed = changed.filter(Q(pk__in=officer_ids) | Q(pk__in=stand_ins))
    changed.update(desk_token=uuid4())


def watch() -> None:
    """Connects `touch` to every row a desk is made of."""
    for signal in (post_save, post_delete):
        signal.connect(_role_changed, sender=RoleGrant, dispatch_uid=f"desk-role-{id(signal)}")
        signal.connect(
            _absence_changed, sender=Substitution, dispatch_uid=f"desk-absence-{id(signal)}"
        )
        signal.connect(_officer_changed, sender=Officer, dispatch_uid=f"desk-officer-{id(signal)}")
        signal.connect(
            _department_changed, sender=Department, dispatch_uid=f"desk-department-{id(signal)}"
        )
        signal.connect(_agency_changed, sender=Agency, dispatch_uid=f"desk-agency-{id(signal)}")


def _role_changed(instance: RoleGrant, **_: object) -> None:
    touch(instance.officer_id)


def _absence_changed(instance: Substitution, **_: object) -> None:
    touch(instance.substitute_id)


def _officer_changed(
    instance: Officer,
    *,
    created: bool = False,
    update_fields: Iterable[str] | None = None,
    **_: object,
) -> None:
    """A whole row was written, with whatever token it was read with, or another name: substitutes
    show it.
    """
    if not created and (update_fields is None or "full_name" in update_fields):
        touch(instance.pk)


def _department_changed(instance: Department, **_: object) -> None:
    _touch_holders(Q(department=instance))


def _agency_changed(instance: Agency, **_: object) -> None:
    """Its own desks and those below it: an agency that moves takes their paths along. Who takes
    over from whom concerns desks anywhere.
    """
    if instance.has_succession:
        touch()
    else:
        below = Q(agency__path__startswith=instance.path) if instance.path else Q()
        _touch_holders(Q(agency=instance) | below)


def _touch_holders(of: Q) -> None:
    holders = set(RoleGrant.objects.filter(of).values_list("officer_id", flat=True))
    if holders:
        touch(*holders)
