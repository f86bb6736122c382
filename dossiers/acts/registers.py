"""The register of dossiers of a year: a further volume, and the lock at the year's end.

Numbers run on through the year whatever the volume (R-85). Once it is locked no number is given in
it any more: what is entered later has its place in the register of the year it is entered in
(R-86).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dossiers import rules
from dossiers.models import RegisterCounter
from dossiers.models.registers import RegisterMark
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.outbox.domain import post
from onestop.outbox.told import told

# Whom a lock concerns: who numbers, who leads, who checks.
TOLD = (Role.CLERK, Role.LEADER, Role.CONTROLLER)


def open_volume(agency: Agency, year: int, *, seen: int, by: Desk, at: datetime) -> RegisterMark:
    """Begin the next volume; the numbers run on. `seen`: the volume that the page showed.

    Effects: the counter's volume, the mark that tells of it. Errors: DomainError("register_role"),
    ("register_locked"), ("register_empty") where the volume has no entry yet, ("register_changed")
    where somebody began one meanwhile.
    """
    require(rules.may_keep_register(by, agency))
    with transaction.atomic():
        counter = _held(agency, year)
        if counter.volume != seen:
            raise DomainError("register_changed")
        if counter.last < first_of(agency, year, counter.volume):
            raise DomainError("register_empty", volume=counter.volume)
        counter.volume += 1
        counter.save(update_fields=["volume"])
        kind, number = RegisterMark.Kind.VOLUME, counter.last + 1
        return _mark(counter, kind, number, by=by, at=at)


def lock(agency: Agency, year: int, *, by: Desk, at: datetime, link: str = "") -> RegisterMark:
    """Lock the register of a year that is over (R-86). `link`: where it is looked at.

    Effects: no number of the year is given any more, the mark that tells of it, a notice to those
    who keep, lead and check. Errors: DomainError("register_lock_role"), ("register_runs") before
    the year is over, ("register_locked"), ("register_empty").
    """
    require(rules.may_lock_register(by, agency))
    if timezone.localdate(at).year <= year:
        raise DomainError("register_runs", year=year)
    with transaction.atomic():
        counter = _held(agency, year)
        counter.locked = True
        counter.save(update_fields=["locked"])
        mark = _mark(counter, RegisterMark.Kind.LOCK, counter.last, by=by, at=at)
        _tell(mark, by=by, link=link)
    return mark


def first_of(agency: Agency, year: int, volume: int) -> int:
    """The first number of a volume. One statement, none for the first volume."""
    if volume == 1:
        return 1
    kind = RegisterMark.Kind.VOLUME
    return RegisterMark.objects.get(agency=agency, year=year, kind=kind, volume=volume).number


def _held(agency: Agency, year: int) -> RegisterCounter:
    """The counter, which gives no number until the transaction ends."""
    found = RegisterCounter.objects.select_for_update().filter(agency=agency, year=year).first()
    if found is None or not found.last:
        raise DomainError("register_empty", volume=1)
    if found.locked:
        raise DomainError("register_locked", year=year)
    return found


def _mark(
    counter: RegisterCounter, kind: RegisterMark.Kind, number: int, *, by: Desk, at: datetime
) -> RegisterMark:
    row = RegisterMark(
        agency_id=counter.agency_id, year=counter.year, kind=kind, volume=counter.volume,
        number=number, by=by.officer, at=at,
    )  # fmt: skip
    [made] = add_all(RegisterMark, [row])
    return made


def _tell(mark: RegisterMark, *, by: Desk, link: str) -> None:
    day = timezone.localdate(mark.at)
    grants = RoleGrant.objects.valid_on(day).filter(agency=mark.agency, role__in=TOLD)
    officers = {one.officer.pk: one.officer for one in grants.select_related("officer")}
    officers.pop(by.officer.pk, None)
    for officer in officers.values():
        post(
            kind="register_locked",
            dedupe=f"register-locked:{mark.pk}:{officer.pk}",
            **told("dossiers/told/register_locked", mark=mark),
            at=mark.at,
            to_officer=officer,
            link=link,
        )
