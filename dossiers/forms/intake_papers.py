"""The checklist of published papers: read from the page, drawn on the page. Nothing outside the
published list can come in.

Drawn by hand: fifty papers are two hundred inputs, and Django's form fields would cost more than
the rest of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dossiers.intake.assessing import published
from dossiers.intake.brought import PaperIn
from onestop.errors import say
from onestop.templatetags.icons import icon_svg
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


def rows_html(case: Case, rows: list[PaperRow]) -> SafeString:
    """The body of the checklist: groups, papers, notes in the catalogue's order."""
    by_paper = {row.paper.pk: row for row in rows}
    parts: list[str] = []
    group = ""
    for paper in case.papers.all():
        if paper.is_note:
            parts.append(
                f'<tr class="note"><td colspan="5">{icon_svg("info")} {_name(paper.name)}</td></tr>'
            )
            continue
        if paper.group != group:
            group = paper.group
            heading = _name(group.lstrip("*-+ ").rstrip(": ") or "Giấy tờ khác")
            parts.append(f'<tr class="group"><th colspan="5" scope="rowgroup">{heading}</th></tr>')
        parts.append(_row(by_paper[paper.pk]))
    return mark_safe("".join(parts))  # noqa: S308 - every text above is escaped


def _row(row: PaperRow) -> str:
    paper, pk = row.paper, row.paper.pk
    cells = "".join(
        f'<td data-label="{word}"><input class="form-control count-in" name="g{pk}-{suffix}" value="{escape(typed)}" inputmode="numeric"'
        f' autocomplete="off" maxlength="3" aria-labelledby="gh-{suffix} g{pk}"></td>'
        for (suffix, word), typed in zip(COUNTS, row.typed, strict=True)
    )
    odd = (
        f'<span class="sub">Số lượng ghi trong CSDL quốc gia: {escape(paper.count_text)}</span>'
        if paper.count_text
        else ""
    )
    error = (
        f'<div class="field-error" id="g{pk}-error">{icon_svg("alert")} {escape(row.error)}</div>'
        if row.error
        else ""
    )
    checked = " checked" if row.from_database else ""
    return (
        f'<tr{" class=has-error" if row.error else ""}><td id="g{pk}">{_name(paper.name)}{odd}{error}</td>{cells}'
        f'<td data-label="Lấy từ cơ sở dữ liệu" class="pick-db"><input class="form-check-input" type="checkbox" name="g{pk}-d"{checked}'
        f' aria-labelledby="gh-d g{pk}"></td></tr>'
    )


def _name(text: str) -> str:
    """The whole name; a very long one folded behind its beginning."""
    text = text.lstrip("-+* ").strip()
    if len(text) <= LONG:
        return escape(text)
    head = text[:CUT].rsplit(" ", 1)[0]
    return f"<details class=long><summary>{escape(head)}…</summary>{escape(text[len(head) :])}</details>"


def _shown(count: int) -> str:
    return str(count) if count else ""
