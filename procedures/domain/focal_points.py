"""The register of focal points: naming one, one in another's place, ending one; how often it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from onestop.folding import fold
from procedures.models import FocalPoint

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Who, how to reach him, by which decision, from when."""

    name: str
    decision: str
    decided_on: date
    starts_on: date
    officer: Officer | None = None
    position: str = ""
    phone: str = ""
    email: str = ""
    is_public: bool = False


def name(
    person: Person,
    *,
    agency: Agency,
    by: Officer,
    at: datetime,
    instead_of: FocalPoint | None = None,
) -> FocalPoint:
    """A new row; whom it replaces ends the day before, and was never one where both begin on a day.
    Errors: DomainError("procedures.effective_before_signed", "focal_before", "focal_ended",
    "focal_twice").
    """
    if person.starts_on < person.decided_on:
        raise DomainError("procedures.effective_before_signed", field="starts_on")
    with transaction.atomic():
        # One after the other: two who name somebody for an agency see each other's rows.
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        before = _open(instead_of, agency) if instead_of is not None else None
        if before is not None and person.starts_on < before.starts_on:
            raise DomainError(
                "procedures.focal_before", field="starts_on", day=f"{before.starts_on:%d/%m/%Y}"
            )
        standing = FocalPoint.objects.filter(agency=agency).in_charge(person.starts_on)
        for other in standing:
            if other != before and is_same(other, person):
                raise DomainError("procedures.focal_twice", field="name", who=other.name)
        if before is not None:
            _end(before, person.starts_on - DAY, "", by, at)
        columns = {k: v for k, v in asdict(person).items() if k != "officer"}
        return FocalPoint.objects.create(
            agency=agency, officer=person.officer, replaces=before, entered_at=at, entered_by=by,
            **columns,
        )  # fmt: skip


def end(point: FocalPoint, *, last_day: date, note: str, by: Officer, at: datetime) -> FocalPoint:
    """Nobody follows. An end that has not come is said anew, and the note keeps what was said before.
    Errors: DomainError("procedures.focal_ended", "focal_before").
    """
    with transaction.atomic():
        mine = FocalPoint.objects.select_for_update().get(pk=point.pk, agency=point.agency)
        if mine.ends_on is not None:
            if not _may_end_anew(mine, timezone.localdate(at)):
                raise _ended(mine, mine.ends_on)
            note = f"{note} (trước ghi đến hết {mine.ends_on:%d/%m/%Y})"
        if last_day < mine.starts_on:
            raise DomainError(
                "procedures.focal_before", field="last_day", day=f"{mine.starts_on:%d/%m/%Y}"
            )
        return _end(mine, last_day, note, by, at)


def changes(points: Iterable[FocalPoint], year: int) -> int:
    """How often in a year somebody else became one, or one went and nobody followed. Other contacts
    of the same person and what put a mistake right are no change.
    """
    rows = {one.pk: one for one in points}
    replaced = {one.replaces_id for one in rows.values()}
    found = 0
    for one in rows.values():
        before = rows.get(one.replaces_id) if one.replaces_id else None
        follows = before is not None and not before.is_mistake and not is_same(before, one)
        found += follows and one.starts_on.year == year
        left = one.ends_on is not None and one.pk not in replaced
        found += left and one.ends_on is not None and one.ends_on.year == year
    return found


def is_same(one: FocalPoint, other: FocalPoint | Person) -> bool:
    """Whether both are the same person."""
    officer = (
        other.officer_id if isinstance(other, FocalPoint) else getattr(other.officer, "pk", None)
    )
    if one.officer_id and officer:
        return one.officer_id == officer
    return fold(one.name) == fold(other.name)


def _open(point: FocalPoint, agency: Agency) -> FocalPoint:
    """The row, locked."""
    mine = FocalPoint.objects.select_for_update().get(pk=point.pk, agency=agency)
    if mine.ends_on is not None:
        raise _ended(mine, mine.ends_on)
    return mine


def _may_end_anew(mine: FocalPoint, on: date) -> bool:
    """An end that has not come, and nobody who follows: mistyped, it can still be put right."""
    is_to_come = mine.ends_on is not None and mine.ends_on >= on
    return is_to_come and not FocalPoint.objects.filter(replaces=mine).exists()


def _ended(mine: FocalPoint, day: date) -> DomainError:
    return DomainError("procedures.focal_ended", who=mine.name, day=f"{day:%d/%m/%Y}")


def _end(mine: FocalPoint, day: date, note: str, by: Officer, at: datetime) -> FocalPoint:
    mine.ends_on, mine.end_note, mine.ended_at, mine.ended_by = day, note[:300], at, by
    mine.save(update_fields=["ends_on", "end_note", "ended_at", "ended_by"])
    return mine
