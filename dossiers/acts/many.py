"""An act on one dossier as its page showed it, or on many by one press: what is refused is reported,
the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from dossiers.intake import codes
from dossiers.ledger import writer
from dossiers.ledger.many import Many, change_many
from dossiers.models import Dossier
from onestop.errors import DomainError

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True)
class Seen:
    """A dossier as the page showed it: id and row version (None when the page showed none)."""

    dossier_id: int
    row_version: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one dossier of an act on many: the error is None when it was done."""

    dossier_id: int
    code: str
    error: DomainError | None = None


def refused(dossier_id: int, error: DomainError) -> Done:
    """One of many that could not be done, with its code. One query."""
    code = Dossier.objects.filter(pk=dossier_id).values_list("code", flat=True).first() or ""
    return Done(dossier_id, code, error)


def together(
    asked: Sequence[Seen],
    verb: Callable[[writer.Life], None],
    *,
    by: Desk,
    at: datetime,
    press: UUID | None = None,
    numbers: Collection[str] = (),
) -> list[Done]:
    """Do it to one or many in one transaction: either all that is not refused is done, or nothing.
    Locked, asked and written for all at once (ledger/many.py). What is refused is reported and
    leaves nothing behind. In: `numbers`, the slugs of what the verb may number. Out: in the order
    asked.
    """
    if len(asked) == 1:
        return [_alone(seen, verb, by=by, at=at, press=press) for seen in asked]
    done: dict[int, Done] = {}
    with change_many([seen.dossier_id for seen in asked], by=by, at=at, press=press) as many:
        _hold_numbers(many, numbers, by=by, at=at)
        for seen in asked:
            pk, error = seen.dossier_id, None
            if pk in done:
                continue
            try:
                with many.change(pk, seen=seen.row_version) as life:
                    verb(life)
            except DomainError as refusal:
                error = refusal
            done[pk] = Done(pk, many.dossiers[pk].code, error)
    return [done[seen.dossier_id] for seen in asked]


def _hold_numbers(many: Many, slugs: Collection[str], *, by: Desk, at: datetime) -> None:
    """Every verb numbers its list first, then its slips. A press that goes through dossiers of
    several agencies would come to another list after a slip, and could wait for somebody who waits
    for it: it locks their counters before.
    """
    on = timezone.localdate(at)
    agencies = {
        agency.in_charge(on).pk
        for dossier in many.dossiers.values()
        for agency in (dossier.agency, dossier.received_by_agency)
    }
    agencies |= {room.agency_id for room in by.departments}
    if slugs and len(agencies) > 1:
        codes.hold_slips(agency_ids=agencies, slugs=slugs, year=on.year)


def _alone(
    seen: Seen,
    verb: Callable[[writer.Life], None],
    *,
    by: Desk,
    at: datetime,
    press: UUID | None = None,
) -> Done:
    try:
        with writer.change(
            seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press
        ) as life:
            verb(life)
    except DomainError as error:
        return refused(seen.dossier_id, error)
    return Done(seen.dossier_id, life.dossier.code)
