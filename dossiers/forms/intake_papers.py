"""The checklist of published papers: read from the page, drawn on the page. Nothing outside the
published list can come in.

Drawn by one template (PaperRows), not as fields of a form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossiers.forms.intake_questions import Answers, read_answers
from dossiers.intake.assessing import published
from dossiers.intake.brought import PaperIn
from onestop.errors import say
from onestop.layout import Part
from onestop.texts import whole_number
from procedures.channels import Channel
from procedures.conditions import conditions_of
from procedures.reading.conditions import Line as Reading
from procedures.reading.conditions import Way

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from procedures.models import Case, Paper

MOST = 999
LONG = 260
CUT = 190
NOTHING = ("", "", "")
EVERYBODYS = Reading()
# suffix of the input's name, word of the column
COUNTS = (("o", "Bản chính"), ("c", "Bản sao chứng thực"), ("s", "Bản sao"))


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the list shows it: a very long one is folded behind its beginning."""

    head: str
    rest: str = ""

    @classmethod
    def of(cls, text: str) -> Name:
        text = text.lstrip("-+* ").strip()
        if len(text) <= LONG:
            return cls(text)
        head = text[:CUT].rsplit(" ", 1)[0]
        return cls(head, text[len(head) :])


@dataclass(slots=True)
class PaperRow:
    """One line of the checklist as typed: three counts, whether the data come from a database, what
    is wrong. `is_shown`: whether the answers so far make it the applicant's paper; `stored`: the result
    of an earlier dossier that it is taken from.
    """

    paper: Paper
    typed: tuple[str, str, str]
    from_database: bool = False
    error: str = ""
    reading: Reading = EVERYBODYS
    is_shown: bool = True
    proposed: tuple[str, str, str] = ("", "", "")
    stored: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """The counts as numbers; what cannot be read counts as none."""
        return tuple(whole_number(t, most=MOST) or 0 for t in self.typed)  # type: ignore[return-value]

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """Of each count: the suffix of its input, the word of its column, what was typed. A line
        that is not shown yet holds what is proposed as soon as it is.
        """
        texts = self.typed if self.is_shown else self.proposed
        return [(*column, text) for column, text in zip(COUNTS, texts, strict=True)]

    @property
    def is_given(self) -> bool:
        return self.from_database or any(self.counts)

    @property
    def is_left_out(self) -> bool:
        """Whether the paper is asked for and the applicant does not bring it."""
        return self.is_shown and any(self.proposed) and not self.is_given and not self.error

    @property
    def hangs_on(self) -> str:
        """What the page's script shows the line by."""
        return hangs_on(self.reading)

    @property
    def is_short(self) -> bool:
        """Whether fewer came than the catalogue asks for."""
        if self.from_database or not self.is_shown:
            return False
        if self.reading.is_conditional and not self.is_given:
            return False
        paper = self.paper
        return sum(self.counts) < (paper.originals + paper.certified + paper.copies or 1)


def hangs_on(reading: Reading) -> str:
    """Question and answer (as sent) of each condition of a line: "0.2 3.1"."""
    return " ".join(f"{question}.{answer + 1}" for question, answer in reading.when)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checklist: a paper with its counts, under the heading of its group where that
    begins; or a heading inside the group; or a note (no row).
    """

    name: Name
    row: PaperRow | None = None
    heading: Name | None = None
    heading_of: Reading | None = None
    is_shown: bool = True
    is_group_shown: bool = True

    @property
    def hangs_on(self) -> str:
        return hangs_on(self.heading_of) if self.heading_of else ""


class PaperRows(Part):
    """All papers of the checklist as one object of the layout: fifty papers are two hundred inputs,
    and fields of a form would cost more than the rest of the page.
    """

    def __init__(self) -> None:
        super().__init__("dossiers/intake/_papers.html")


def default_rows(
    case: Case, channel: int = Channel.DIRECT, answers: Answers | None = None
) -> list[PaperRow]:
    """The checklist as published, with the published counts of everything that every applicant of
    this channel, or of the answered situation, brings.
    """
    answers = answers or Answers({}, channel)
    lines = conditions_of(case).lines
    return [_default_row(paper, lines[paper.pk], answers) for paper in published(case)]


def _default_row(paper: Paper, reading: Reading, answers: Answers) -> PaperRow:
    is_everybodys = not reading.is_optional and not reading.is_alternative
    counts = (_shown(paper.originals), _shown(paper.certified), _shown(paper.copies))
    proposed = counts if is_everybodys else NOTHING
    holds = answers.holds(reading)
    return PaperRow(
        paper,
        proposed if holds else NOTHING,
        reading=reading,
        is_shown=holds or answers.everything,
        proposed=proposed,
    )


def read_rows(
    case: Case, data: MultiValueDict[str, str], channel: int = Channel.DIRECT
) -> list[PaperRow]:
    """The checklist as typed. Papers that the page did not ask about (another case was shown) keep
    their published counts; what was typed for another situation than the answered one is not taken.
    """
    answers = read_answers(case, data, channel)
    return [_read_row(row, data, answers) for row in default_rows(case, channel, answers)]


def _read_row(row: PaperRow, data: MultiValueDict[str, str], answers: Answers) -> PaperRow:
    pk = row.paper.pk
    if f"g{pk}-o" not in data:
        return row
    o, c, s = ((data.get(f"g{pk}-{suffix}") or "").strip() for suffix, _ in COUNTS)
    typed, from_database = (o, c, s), bool(data.get(f"g{pk}-d"))
    # A page without script asks before it is answered: what was counted there was brought.
    was_counted = from_database or any(text.strip("0") for text in typed)
    if not row.is_shown and not (was_counted and _is_unanswered(row, answers)):
        return row
    row.typed, row.from_database, row.is_shown = typed, from_database, True
    if any(t and whole_number(t, most=MOST) is None for t in row.typed):
        row.error = say("count_unreadable")
    return row


def _is_unanswered(row: PaperRow, answers: Answers) -> bool:
    return answers.is_open(row.reading) or row.reading.way != Way.ANY


def open_question(case: Case, rows: Iterable[PaperRow], answers: Answers) -> bool:
    """Whether a question that decides about papers has no answer, and nothing was counted either."""
    counted = {q for row in rows if row.is_given for q, _ in row.reading.when}
    return any(
        question.is_needed and number not in answers.chosen and number not in counted
        for number, question in enumerate(conditions_of(case).questions)
    )


def asked_beyond(case: Case, data: MultiValueDict[str, str]) -> set[str]:
    """Ids of papers that the page brings counts for and this case does not have."""
    asked = {key[1:-2] for key in data if key.startswith("g") and key.endswith("-o")}
    return asked - {str(p.pk) for p in case.papers.all() if not p.is_note}


def papers_in(rows: Iterable[PaperRow]) -> tuple[PaperIn, ...]:
    """What the domain receives."""
    return tuple(
        PaperIn(r.paper.pk, *r.counts, from_database=r.from_database, stored=r.stored) for r in rows
    )


def missing(rows: Iterable[PaperRow]) -> list[Paper]:
    """The papers that are not all there: the first proposal of what to complete."""
    return [r.paper for r in rows if r.is_short]


def lines_of(case: Case, rows: list[PaperRow]) -> list[Line]:
    """The body of the checklist: groups, papers, headings, notes in the catalogue's order."""
    by_paper = {row.paper.pk: row for row in rows}
    shown_groups = {row.paper.group for row in rows if row.is_shown}
    shown = {row.reading.when for row in rows if row.is_shown}
    found: list[Line] = []
    group = ""
    for paper in case.papers.all():
        row = by_paper.get(paper.pk)
        if row is None:
            found.append(_line_without_paper(case, paper, shown))
            continue
        heading = None
        if paper.group != group:
            group = paper.group
            heading = Name.of(group.lstrip("*-+ ").rstrip(": ") or "Giấy tờ khác")
        is_group_shown = paper.group in shown_groups
        found.append(Line(Name.of(paper.name), row, heading, is_group_shown=is_group_shown))
    return found


def _line_without_paper(case: Case, paper: Paper, shown: set[tuple[tuple[int, int], ...]]) -> Line:
    """A note, or a heading among the papers, which is shown with the papers of its situation."""
    if paper.is_note:
        return Line(Name.of(paper.name))
    reading = conditions_of(case).lines[paper.pk]
    is_shown = not reading.when or reading.when in shown
    return Line(Name.of(paper.name.rstrip(": ")), heading_of=reading, is_shown=is_shown)


def _shown(count: int) -> str:
    return str(count) if count else ""
