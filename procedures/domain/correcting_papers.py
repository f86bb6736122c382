"""Of whom a paper is asked, said anew where the published words are read wrongly: a new version, as
any correction (R-74).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.errors import DomainError
from procedures.asked_of import AskedOf
from procedures.conditions import read, words_of
from procedures.domain.correcting import Change, changes_of, locked, publish_corrected
from procedures.domain.readings import basis
from procedures.domain.renewing import Draft, drafts_of
from procedures.models import ProcedureVersion, Status


@dataclass(frozen=True, slots=True)
class Said:
    """What a controller says of one line. `situation`: only with AskedOf.SITUATION."""

    asked_of: AskedOf
    situation: str = ""


def correct_papers(
    version_id: int, *, said: Mapping[int, Said], reason: str, by: Officer | None, at: datetime
) -> ProcedureVersion:
    """`said` by the places of lines in the list, which is one for all cases; a line that is not
    named stays as it is. Out: the new version.

    Effects and errors: those of correcting.correct; DomainError("procedures.situation_missing").
    """
    why, on = basis(reason), timezone.localdate(at)
    with transaction.atomic():
        old = locked(version_id, on)
        (draft,) = drafts_of([old], on=on, status=Status.READY)
        content = _said_anew(draft, said)
        return publish_corrected(draft, content, reason=why, by=by, at=at)


def preview_papers(
    version: ProcedureVersion, *, said: Mapping[int, Said], on: date
) -> list[Change]:
    """What `correct_papers` would change; nothing is written. Errors: the same."""
    (draft,) = drafts_of([version], on=on, status=Status.READY)
    return changes_of(_said_anew(draft, said))


def _said_anew(draft: Draft, said: Mapping[int, Said]) -> dict[str, Any]:
    """Puts it on the lines to come. Out: what the act keeps."""
    # Every case has the list of the record: one of them tells what changes.
    papers = draft.cases[0].papers
    before = words_of(read(papers))
    for one in draft.cases:
        for paper in one.papers:
            if (new := said.get(paper.order)) is not None:
                paper.asked_of, paper.situation = new.asked_of, _situation(new, paper.order)
    after = words_of(read(papers))
    changed = [
        [paper.name, one, other]
        for paper, one, other in zip(papers, before, after, strict=True)
        if one != other
    ]
    return {
        "corrects": draft.old.number,
        "rows": [],
        "names": [],
        "left_out": [],
        "papers": changed,
    }


def _situation(said: Said, order: int) -> str:
    if said.asked_of != AskedOf.SITUATION:
        return ""
    text = " ".join(said.situation.split())[:200]
    if not text:
        raise DomainError("procedures.situation_missing", field=f"situation_{order}")
    return text
