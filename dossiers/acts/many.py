"""An act on one dossier as its page showed it, or on many: each in its own transaction, what is
refused reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dossiers.models import Dossier
from onestop.errors import DomainError


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


def each(asked: Iterable[Seen], verb: Callable[[Seen], Dossier]) -> list[Done]:
    """Do it to one or many, each in its own transaction; what is refused is reported and the others
    go on.
    """
    done = []
    for seen in asked:
        try:
            done.append(Done(seen.dossier_id, verb(seen).code))
        except DomainError as error:
            done.append(refused(seen.dossier_id, error))
    return done
