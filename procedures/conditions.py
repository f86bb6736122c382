"""The papers of a case with what was read of them: headings, questions, whose papers they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procedures.reading.conditions import (
    Line,
    Published,
    Question,
    Reading,
    Way,
    read_conditions,
)
from procedures.reading.said import as_said

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
        reading = read(papers)
        lines = {paper.pk: line for paper, line in zip(papers, reading.lines, strict=True)}
        found = PaperConditions(lines, reading.questions, reading.unread)
        case.__dict__["_conditions"] = found
    return found


def read(papers: Iterable[Paper]) -> Reading:
    """What the list says, and what a controller said of it. Papers that are not stored do as well."""
    published = [as_published(paper) for paper in papers]
    return as_said(read_conditions(published), published)


def words_of(reading: Reading) -> list[str]:
    """Of whom each line is asked, in words for people."""
    return [_words(line, reading.questions) for line in reading.lines]


def _words(line: Line, questions: Sequence[Question]) -> str:
    if line.is_heading:
        return "là đề mục"
    said = [f"trường hợp “{questions[number].answers[answer]}”" for number, answer in line.when]
    said += [_WAYS[line.way]] if line.way in _WAYS else []
    said += ["nộp một trong các giấy tờ của nhóm"] if line.is_alternative else []
    said += ["nộp khi có"] if line.is_optional else []
    return "; ".join(said) or "mọi hồ sơ"


_WAYS = {Way.ONLINE: "khi nộp trực tuyến", Way.ON_PAPER: "khi nộp bản giấy"}


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
    return Published(
        paper.name, paper.group, bool(counts), paper.is_note, paper.asked_of, paper.situation
    )


def is_asked_for(paper: Paper) -> bool:
    """Whether a line of the list is a paper at all: neither a note nor a heading."""
    return not paper.is_note and not read([paper]).lines[0].is_heading
