"""The checklist of published papers: read from the page, drawn on the page. Nothing outside the
published list can come in.

Drawn by one template (PaperRows), not as fields of a form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossiers.intake.assessing import published
from dossiers.intake.brought import PaperIn
from onestop.errors import say
from onestop.layout import Part
from onestop.texts import whole_number
from procedures.channels import Channel

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from procedures.models import Case, Paper

MOST = 999
LONG = 260
CUT = 190
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
    is wrong.
    """

    paper: Paper
    typed: tuple[str, str, str]
    from_database: bool = False
    error: str = ""
    other_way: bool = False

    @property
    def counts(self) -> tuple[int, int, int]:
        """The counts as numbers; what cannot be read counts as none."""
        return tuple(whole_number(t, most=MOST) or 0 for t in self.typed)  # type: ignore[return-value]

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """Of each count: the suffix of its input, the word of its column, what was typed."""
        return [(*column, text) for column, text in zip(COUNTS, self.typed, strict=True)]

    @property
    def is_given(self) -> bool:
        return self.from_database or any(self.counts)

    @property
    def is_short(self) -> bool:
        """Whether fewer came than the catalogue asks for."""
        if self.from_database:
            return False
        paper = self.paper
        if (self.other_way or is_conditional(paper.name)) and not self.is_given:
            return False
        return sum(self.counts) < (paper.originals + paper.certified + paper.copies or 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checklist: a paper with its counts, under the heading of its group where that
    begins; or a note (no row).
    """

    name: Name
    row: PaperRow | None = None
    heading: Name | None = None


class PaperRows(Part):
    """All papers of the checklist as one object of the layout: fifty papers are two hundred inputs,
    and fields of a form would cost more than the rest of the page.
    """

    def __init__(self) -> None:
        super().__init__("dossiers/intake/_papers.html")


_CONDITIONS = ("trường hợp ", "đối với trường hợp ", "nếu ")


def is_conditional(name: str) -> bool:
    """Whether the words of a paper say that only some applicants bring it: it starts uncounted and
    is not missed.
    """
    words = name.lstrip("-–+*• ").lower()
    return words.startswith(_CONDITIONS) or "trong trường hợp ủy quyền" in words


_ONLINE = ("theo hình thức trực tuyến", "mẫu hộ tịch điện tử tương tác")
_ONLINE_GROUPS = (
    "nộp theo phương thức điện tử",
    "trường hợp hồ sơ được gửi trên môi trường điện tử",
)
_BY_HAND = ("theo hình thức trực tiếp",)
_BY_HAND_GROUPS = ("nộp trực tiếp", "trường hợp hồ sơ không được gửi trên môi trường điện tử")


def is_for_other_channel(paper: Paper, channel: int) -> bool:
    """Whether the published words ask for a paper only of those who hand in the other way (on line,
    or by hand and post).
    """
    online = channel in (Channel.ONLINE_FULL, Channel.ONLINE_PART)
    names, groups = (_BY_HAND, _BY_HAND_GROUPS) if online else (_ONLINE, _ONLINE_GROUPS)
    name, group = paper.name.lower(), paper.group.lower().lstrip("-–+*• ")
    return any(words in name for words in names) or group.startswith(groups)


def default_rows(case: Case, channel: int = Channel.DIRECT) -> list[PaperRow]:
    """The checklist as published, with the published counts of everything that every applicant of
    this channel brings.
    """
    return [_default_row(paper, channel) for paper in published(case)]


def _default_row(paper: Paper, channel: int) -> PaperRow:
    other_way = is_for_other_channel(paper, channel)
    shown = (_shown(paper.originals), _shown(paper.certified), _shown(paper.copies))
    return PaperRow(
        paper,
        ("", "", "") if other_way or is_conditional(paper.name) else shown,
        other_way=other_way,
    )


def read_rows(
    case: Case, data: MultiValueDict[str, str], channel: int = Channel.DIRECT
) -> list[PaperRow]:
    """The checklist as typed. Papers that the page did not ask about (another case was shown) keep
    their published counts.
    """
    rows = []
    for paper, default in zip(published(case), default_rows(case, channel), strict=True):
        if f"g{paper.pk}-o" not in data:
            rows.append(default)
            continue
        o, c, s = ((data.get(f"g{paper.pk}-{suffix}") or "").strip() for suffix, _ in COUNTS)
        row = PaperRow(
            paper, (o, c, s), bool(data.get(f"g{paper.pk}-d")), other_way=default.other_way
        )
        if any(t and whole_number(t, most=MOST) is None for t in row.typed):
            row.error = say("count_unreadable")
        rows.append(row)
    return rows


def asked_beyond(case: Case, data: MultiValueDict[str, str]) -> set[str]:
    """Ids of papers that the page brings counts for and this case does not have."""
    asked = {key[1:-2] for key in data if key.startswith("g") and key.endswith("-o")}
    return asked - {str(p.pk) for p in published(case)}


def papers_in(rows: Iterable[PaperRow]) -> tuple[PaperIn, ...]:
    """What the domain receives."""
    return tuple(PaperIn(r.paper.pk, *r.counts, from_database=r.from_database) for r in rows)


def missing(rows: Iterable[PaperRow]) -> list[Paper]:
    """The papers that are not all there: the first proposal of what to complete."""
    return [r.paper for r in rows if r.is_short]


def lines_of(case: Case, rows: list[PaperRow]) -> list[Line]:
    """The body of the checklist: groups, papers, notes in the catalogue's order."""
    by_paper = {row.paper.pk: row for row in rows}
    found: list[Line] = []
    group = ""
    for paper in case.papers.all():
        if paper.is_note:
            found.append(Line(Name.of(paper.name)))
            continue
        heading = None
        if paper.group != group:
            group = paper.group
            heading = Name.of(group.lstrip("*-+ ").rstrip(": ") or "Giấy tờ khác")
        found.append(Line(Name.of(paper.name), by_paper[paper.pk], heading))
    return found


def _shown(count: int) -> str:
    return str(count) if count else ""
