"""The papers of a case with what was read of them: headings, questions, whose papers they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from procedures.reading.conditions import Line, Published, Question, read_conditions

if TYPE_CHECKING:
    from procedures.models import Case, Paper


@dataclass(frozen=True, slots=True)
class PaperConditions:
    """`lines` by the ids of the case's papers, notes too; `questions` in the order of the talk;
    `unread`: titles that may name situations, but not plainly.
    """

    lines: dict[int, Line]
    questions: tuple[Question, ...]
    unread: tuple[str, ...]


def conditions_of(case: Case) -> PaperConditions:
    """What the list of a case says; reads the prefetched papers, once per object."""
    found: PaperConditions | None = case.__dict__.get("_conditions")
    if found is None:
        papers = list(case.papers.all())
        reading = read_conditions([as_published(paper) for paper in papers])
        lines = {paper.pk: line for paper, line in zip(papers, reading.lines, strict=True)}
        found = PaperConditions(lines, reading.questions, reading.unread)
        case.__dict__["_conditions"] = found
    return found


def everybodys_papers(case: Case) -> list[Paper]:
    """The papers that every applicant brings, whoever it is and however it is handed in."""
    lines = conditions_of(case).lines
    return [
        paper
        for paper in case.papers.all()
        if not paper.is_note
        and not (line := lines[paper.pk]).is_heading
        and not (line.is_conditional or line.when)
    ]


def as_published(paper: Paper) -> Published:
    counts = paper.originals + paper.certified + paper.copies
    return Published(paper.name, paper.group, bool(counts), paper.is_note)


def is_asked_for(paper: Paper) -> bool:
    """Whether a line of the list is a paper at all: neither a note nor a heading."""
    return not paper.is_note and not read_conditions([as_published(paper)]).lines[0].is_heading
