"""The lines of a request for completion on a page: a tick and a note for each published paper, read
from what was sent.

One part of the page for the counter's guidance, a handler's proposal and the counter's request:
`b<paper>` is the tick,
`b<paper>-n` what is wrong. A note alone asks for the paper too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dossiers.intake.wanted import LONGEST, Wanted, What, plain_name
from onestop.texts import in_one_line

if TYPE_CHECKING:
    from procedures.models import Paper

_NAME = re.compile(r"b(\d{1,18})(?:-n)?")


@dataclass(frozen=True, slots=True)
class WantedRow:
    """One published paper on the page; `hangs_on`, `way`, `is_shown`: whose it is, as the counter's
    checklist says (forms/intake_papers.py).
    """

    pk: int
    name: str
    ticked: bool
    note: str
    most: int = LONGEST
    hangs_on: str = ""
    way: str = ""
    is_shown: bool = True


def wanted_rows(
    papers: Iterable[Paper], data: Mapping[str, Any] | None, known: Sequence[Mapping[str, Any]] = ()
) -> list[WantedRow]:
    """The papers as sent; as a proposal has them (`known`: its lines) when nothing was sent."""
    if data is not None:
        sent = {one.paper_id: one.text for one in papers_wanted(data)}
    else:
        sent = {line["paper"]: line["note"] for line in known if line["what"] == What.PAPER}
    return [
        WantedRow(paper.pk, plain_name(paper.name), paper.pk in sent, sent.get(paper.pk, ""))
        for paper in papers
    ]


def papers_wanted(data: Mapping[str, Any]) -> list[Wanted]:
    """Every paper that was ticked or noted, of whatever list: which may be asked for is judged by
    the domain.
    """
    notes: dict[int, str] = {}
    for name in data:
        found = _NAME.fullmatch(name)
        if found and (text := in_one_line(str(data.get(name) or ""))):
            pk = int(found[1])
            notes[pk] = text if name.endswith("-n") else notes.get(pk, "")
    return [Wanted(What.PAPER, text, pk) for pk, text in notes.items()]
