"""Saying the causes of many late dossiers at once: each as its events tell it, or all the same. Each
is a transaction of its own; what is refused is told with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dossiers.models import Dossier
from onestop.accounts.desk import Desk
from onestop.accounts.models import Department
from onestop.errors import DomainError, sentence
from reports import causes, proposing

CHUNK = 100


@dataclass(slots=True)
class Done:
    """How many were said, and code and reason of each that was not."""

    said: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said of all of them."""

    cause: str
    department: Department
    detail: str = ""


def say_all(ids: Sequence[int], what: Saying | None, *, by: Desk, at: datetime) -> Done:
    """Say it of each dossier that this officer may open. `what` None: as its events tell it; then
    what somebody has said stays.
    """
    done = Done()
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        rows = Dossier.objects.filter(pk__in=part).visible_to(by).select_related("agency")
        found = proposing.proposed(part, at) if what is None else {}
        said = set(causes.words_of(part)) if what is None else set()
        for dossier in rows.order_by("pk"):
            if dossier.pk in said:
                done.refused.append((dossier.code, "Đã ghi nguyên nhân."))
                continue
            try:
                if what is None:
                    _say(dossier, _proposal(found, dossier.pk), by=by, at=at, seen=0)
                else:
                    _say(dossier, what, by=by, at=at)
            except DomainError as error:
                done.refused.append((dossier.code, sentence(error)))
            else:
                done.said += 1
    return done


def _proposal(found: dict[int, proposing.Proposal], pk: int) -> Saying:
    proposal = found.get(pk)
    if proposal is None:
        raise DomainError("cause_not_late")
    if proposal.department is None:
        raise DomainError("cause_department")
    return Saying(proposal.cause, proposal.department, proposal.detail)


def _say(
    dossier: Dossier, what: Saying, *, by: Desk, at: datetime, seen: int | None = None
) -> None:
    causes.say(dossier, what.cause, what.department, detail=what.detail, by=by, at=at, seen=seen)


def proposals_of(ids: Iterable[int], at: datetime) -> dict[int, str]:
    """What is proposed, in words."""
    return {pk: one.words for pk, one in proposing.proposed(ids, at).items()}
