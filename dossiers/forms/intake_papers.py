"""The checklist of published papers: read from the page, drawn on the page. Nothing outside the published list can come in.

Drawn by hand: fifty papers are two hundred inputs, and Django's form fields would cost more than the rest of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dossiers.domain.intake import PaperIn
from onestop.errors import say
from onestop.templatetags.icons import icon_svg

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from procedures.models import Case, Paper

LONG = 260
CUT = 190
# suffix of the input's name, word of the column
COUNTS = (("o", "Bản chính"), ("c", "Bản sao chứng thực"), ("s", "Bản sao"))


@dataclass(slots=True)
class PaperRow:
    """One line of the checklist as typed: three counts, whether the data come from a database, what is wrong."""

    paper: Paper
    typed: tuple[str, str, str]
    from_database: bool = False
    error: str = ""

    @property
    def counts(self) -> tuple[int, int, int]:
        """The counts as numbers; what cannot be read counts as none."""
        return tuple(int(t) if t.isdecimal() else 0 for t in self.typed)  # type: ignore[return-value]

    @property
    def is_given(self) -> bool:
        return self.from_database or any(self.counts)

    @property
    def is_short(self) -> bool:
        """Whether fewer came than the catalogue asks for."""
        if self.from_database:
            return False
        paper = self.paper
        if is_conditional(paper.name) and not self.is_given:
            return False
        return sum(self.counts) < (paper.originals + paper.certified + paper.copies or 1)


def published(case: Case) -> list[Paper]:
    """What may be asked for in a case; reads the prefetched papers."""
    return [paper for paper in case.papers.all() if not paper.is_note]


_CONDITIONS = ("trường hợp ", "đối với trường hợp ", "nếu ")


def is_conditional(name: str) -> bool:
    """Whether the words of a paper say that only some applicants bring it: it starts uncounted and is not missed."""
    words = name.lstrip("-–+*• ").lower()
    return words.startswith(_CONDITIONS) or "trong trường hợp ủy quyền" in words


def default_rows(case: Case) -> list[PaperRow]:
    """The checklist as published, with the published counts of everything that every applicant brings."""
    return [
        PaperRow(p, ("", "", "") if is_conditional(p.name) else (_shown(p.originals), _shown(p.certified), _shown(p.copies)))
        for p in published(case)
    ]


def read_rows(case: Case, data: MultiValueDict[str, str]) -> list[PaperRow]:
    """The checklist as typed. Papers that the page did not ask about (another case was shown) keep their published counts."""
    rows = []
    for paper, default in zip(published(case), default_rows(case), strict=True):
        if f"g{paper.pk}-o" not in data:
            rows.append(default)
            continue
        o, c, s = ((data.get(f"g{paper.pk}-{suffix}") or "").strip() for suffix, _ in COUNTS)
        row = PaperRow(paper, (o, c, s), bool(data.get(f"g{paper.pk}-d")))
        if any(t and not (t.isdecimal() and len(t) <= 3) for t in row.typed):
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
            parts.append(f'<tr class="note"><td colspan="5">{icon_svg("info")} {_name(paper.name)}</td></tr>')
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
    odd = f'<span class="sub">Bản ghi nêu số lượng: {escape(paper.count_text)}</span>' if paper.count_text else ""
    error = f'<div class="field-error" id="g{pk}-error">{icon_svg("alert")} {escape(row.error)}</div>' if row.error else ""
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
