"""Giving originals back beside a result (R-80): after a withdrawal or a stop, at a completion that swaps a
paper, or later what had stayed. The counter says who took them; what stays is said with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.identity import kind_of, normal_identity
from dossiers.intake.authority import is_owner
from dossiers.intake.originals import going_back
from dossiers.ledger import writer
from dossiers.models import Dossier, DossierPaper, Result
from dossiers.models.originals import PapersReturn
from dossiers.registry import Act, Page, Rows, Told, Turn, own_page, register
from dossiers.states import COUNTER, HANDLED, OPEN, State
from onestop.errors import DomainError

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Ended without a result to hand over: all that was handed in goes home.
WITHOUT_RESULT = frozenset({State.WITHDRAWN, State.STOPPED})
RETURNS = Rows("papers_returns", ("taker_name", "papers_back", "note", "given_at"))


def _given(told: Told) -> Iterator[str]:
    if (row := told.row) is None:
        return
    if row["papers_back"]:
        yield f"{row['taker_name']} nhận: {row['papers_back']}"
    if row["note"]:
        yield row["note"]


def _is_due(turn: Turn) -> int:
    return 1 if turn.originals_due else 0


RETURN_PAPERS = register(
    Act(
        "return_papers", "Trả lại bản chính", 49, frozenset(OPEN | HANDLED), None, COUNTER, rules.may_at_counter,
        told_by=RETURNS, lines=_given, page=Page("return", own_page("act_return_papers"), main=_is_due),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Back:
    """Which originals (ids of checklist papers) go to whom; `note`: by which authorisation, or why
    others stay.
    """

    papers: tuple[int, ...]
    name: str = ""
    identity: str = ""
    note: str = ""


def held_of(dossier: Dossier) -> list[DossierPaper]:
    """Papers whose originals are still held. One query."""
    kept = DossierPaper.objects.held().filter(dossier=dossier)
    return list(kept.select_related("paper").order_by("order"))


def to_give(dossier: Dossier, held: Sequence[DossierPaper]) -> list[DossierPaper]:
    """Which of them are proposed to go home now: all but the request where there is no result, none
    while the dossier is worked on. One query of a dossier with a result.
    """
    if dossier.is_open:
        return []
    without = dossier.state in WITHOUT_RESULT
    refused = (
        without
        or Result.objects.current().filter(dossier=dossier, kind=Result.Kind.REFUSED).exists()
    )
    return going_back(held, refused=refused)


def return_papers(seen: Seen, back: Back, *, by: Desk, at: datetime) -> PapersReturn:
    """Give originals back, or say that all of them stay. Effects in order: originals, the row, event.

    Errors: Conflict, DomainError("taker_missing", "taker_authorisation", "originals_none",
    "originals_why").
    """
    _check(back)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("return_papers")
        dossier = life.dossier
        _check_taker(dossier, back)
        held = held_of(dossier)
        given = [one for one in held if one.pk in back.papers]
        if not held or len(given) < len(set(back.papers)):
            raise DomainError("originals_none", field="papers_back")
        life.change_all(given, originals_returned=True)
        row = life.add(
            PapersReturn(
                dossier=dossier,
                taker_name=back.name.strip() if given else "",
                taker_identity=normal_identity(kind_of(back.identity), back.identity)
                if given
                else "",
                papers_back="; ".join(one.name for one in given)[:500],
                note=back.note.strip(),
                given_by=by.officer,
                given_at=at,
            )
        )
        life.record("return_papers", {"row": row.pk, "papers": len(given)})
        return row


def _check(back: Back) -> None:
    if back.papers and not back.name.strip():
        raise DomainError("taker_missing", field="name")
    if not back.papers and not back.note.strip():
        raise DomainError("originals_why", field="note")


def _check_taker(dossier: Dossier, back: Back) -> None:
    """Another than the owner takes them by an authorisation only."""
    if not back.papers or back.note.strip():
        return
    owner = {"owner_name": dossier.owner_name, "owner_identity": dossier.identity_number}
    if not is_owner(name=back.name, identity=back.identity, **owner):
        raise DomainError("taker_authorisation", field="note")
