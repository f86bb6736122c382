"""An act on one dossier as its page showed it, or on many by one press: what is refused is reported,
the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from dossiers.ledger import writer
from dossiers.ledger.many import change_many
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
) -> list[Done]:
    """Do it to one or many in one transaction: either all that is not refused is done, or nothing.
    Locked, asked and written for all at once (ledger/many.py). What is refused is reported and
    leaves nothing behind. Out: in the order asked.
    """
    if len(asked) == 1:
        return [_alone(seen, verb, by=by, at=at, press=press) for seen in asked]
    done: dict[int, Done] = {}
    with change_many([seen.dossier_id for seen in asked], by=by, at=at, press=press) as many:
        # Office by office: who does the same meanwhile takes the counters of numbers in one order.
        for seen in sorted(asked, key=lambda seen: many.dossiers[seen.dossier_id].agency_id):
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
