"""What hangs on a counter's notice board on a day: the procedures received there, as the lists in
force say (R-133), each with papers, term, fee, where and decision (NĐ 63/2010 Đ17).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from onestop.accounts.models import Agency
from onestop.templatetags.formatting import money
from onestop.worktime import parse_term
from procedures.channels import Channel
from procedures.domain.presenting import PaperGroup, group_papers
from procedures.listed import Listed, lines_at, listed, way_words
from procedures.models import Case, ListLine, Method, OnlineLevel, Paper, ProcedureVersion
from procedures.queries import public_versions

CONFIRMING = "đang xác nhận"


@dataclass(frozen=True)
class Entry:
    """One procedure as the board says it. `papers`: by case and group, each a text with its counts."""

    code: str
    name: str
    papers: tuple[tuple[str, tuple[str, ...]], ...]
    terms: tuple[str, ...]
    fees: tuple[str, ...]
    where: str
    decision: str

    @cached_property
    def digest(self) -> str:
        """What it says, in a few letters: another one where a word is changed."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The procedures of one field."""

    field_id: int
    field: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Board:
    agency: Agency
    on: date
    sheets: tuple[Sheet, ...]

    @property
    def entries(self) -> list[Entry]:
        return [entry for sheet in self.sheets for entry in sheet.entries]

    @cached_property
    def said(self) -> dict[str, str]:
        """Code → digest of what is said of it."""
        return {entry.code: entry.digest for entry in self.entries}

    @cached_property
    def digest(self) -> str:
        on = {entry.code: sheet.field for sheet in self.sheets for entry in sheet.entries}
        said = json.dumps([[code, on[code], self.said[code]] for code in sorted(on)])
        return hashlib.sha256(said.encode()).hexdigest()

    def only(self, fields: Iterable[str]) -> Board:
        """Just the sheets of these fields."""
        wanted = set(fields)
        sheets = tuple(sheet for sheet in self.sheets if sheet.field in wanted)
        return Board(self.agency, self.on, sheets)


def board(
    agency: Agency,
    on: date,
    *,
    field_id: int | None = None,
    codes: Iterable[str] | None = None,
    papers: bool = True,
) -> Board:
    """The board of a counter, or a part of it. Six queries at most, whatever is received; without
    papers five.
    """
    rows = public_versions(on).select_related("procedure", "field")
    says = listed(agency, on)
    rows = rows.filter(says.shown)
    if field_id is not None:
        rows = rows.filter(field=field_id)
    if codes is not None:
        rows = rows.filter(procedure__code__in=list(codes))
    cases = Case.objects.order_by("order").prefetch_related(
        Prefetch("methods", Method.objects.order_by("channel"))
    )
    if papers:
        cases = cases.prefetch_related(
            Prefetch("papers", Paper.objects.filter(is_note=False).order_by("order"))
        )
    rows = rows.prefetch_related(Prefetch("cases", cases))
    lines = _lines(agency, on)
    sheets: dict[int, tuple[str, list[Entry]]] = {}
    for version in rows.order_by("field__folded", "procedure__code"):
        entry = _entry(version, lines.get(version.procedure_id), says, papers=papers)
        sheets.setdefault(version.field_id, (version.field.name, []))[1].append(entry)
    return Board(
        agency, on, tuple(Sheet(pk, name, tuple(made)) for pk, (name, made) in sheets.items())
    )


def _lines(agency: Agency, on: date) -> Mapping[int, ListLine]:
    if not agency.has_lists:
        return {}
    rows = lines_at(agency, on).select_related("decision")
    return {line.procedure_id: line for line in rows}


def _entry(
    version: ProcedureVersion, line: ListLine | None, says: Listed, *, papers: bool
) -> Entry:
    cases: Any = version.cases.all()

    def term(case: Case, method: Method) -> str:
        """The province's shortened one with what the law says beside it."""
        if not method.term:
            return CONFIRMING
        own = says.shortened(version.procedure_id, case.name, parse_term(method.term))
        return f"{own.term} (theo quy định: {method.term})" if own else method.term

    return Entry(
        code=version.code,
        name=version.name,
        papers=tuple(part for case in cases for part in _papers(case)) if papers else (),
        terms=_by_case(cases, term, line),
        fees=_by_case(cases, _fee, line),
        where=_where(line, by_post=version.post_allowed and _has_post(cases)),
        decision=_decision(version, line),
    )


def _decision(version: ProcedureVersion, line: ListLine | None) -> str:
    """By what it is received: the decision that published it, or the text that stands for one."""
    if version.text_instead:
        return f"Thực hiện theo {version.text_instead}"
    number = line.decision.number if line else version.decision_number
    return f"Quyết định {number}" if number else ""


def _has_post(cases: Iterable[Case]) -> bool:
    return any(method.channel == Channel.POST for case in cases for method in case.methods.all())


def _papers(case: Case) -> list[tuple[str, tuple[str, ...]]]:
    groups = group_papers(list(case.papers.all()))
    return [(_heading(case, group), tuple(map(_paper, group.papers))) for group in groups]


def _heading(case: Case, group: PaperGroup) -> str:
    return ": ".join(part for part in (case.name, group.name) if part)


def _paper(paper: Paper) -> str:
    counts = (
        (paper.originals, "bản chính"),
        (paper.certified, "bản sao chứng thực"),
        (paper.copies, "bản sao"),
    )
    said = ", ".join(f"{number} {what}" for number, what in counts if number)
    return f"{paper.name.rstrip(' .;')} ({said})" if said else paper.name


def _by_case(
    cases: Iterable[Case], read: Callable[[Case, Method], str], line: ListLine | None
) -> tuple[str, ...]:
    """What each case says; ways to apply that say the same are said once."""
    told, lines = [], [line] if line is not None else []
    for case in cases:
        found: dict[str, list[str]] = {}
        for method in case.methods.all():
            found.setdefault(read(case, method), []).append(way_words(method, lines))
        words = (
            "; ".join(found)
            if len(found) < 2
            else "; ".join(f"{what} ({', '.join(ways).lower()})" for what, ways in found.items())
        )
        told.append(f"{case.name}: {words}" if case.name else words)
    return tuple(dict.fromkeys(one for one in told if one))


def _fee(_: Case, method: Method) -> str:
    if method.fee_amount is None:
        return "theo thông báo tại nơi nộp"
    if method.fee_amount == 0:
        return "miễn phí"
    return f"{money(method.fee_amount)}{f'/{method.fee_per}' if method.fee_per else ''}"


def _where(line: ListLine | None, *, by_post: bool) -> str:
    """Where it is handed in beside the counter itself, and who handles it."""
    ways = ["Tại quầy"]
    if by_post and (line is None or line.by_post):
        ways.append("bưu chính công ích")
    if line is not None and line.online != OnlineLevel.NONE:
        why = f" (lý do: {line.online_why})" if line.is_part_online and line.online_why else ""
        ways.append(line.get_online_display().lower() + why)
    said = ", ".join(ways)
    if line is not None and line.handled_by:
        said += f". {line.handled_by} giải quyết"
    return said


@dataclass(frozen=True, slots=True)
class Changes:
    """What a board says today that a printed one does not: codes, and the fields whose sheets have to
    be printed anew.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def number(self) -> int:
        return len(self.new) + len(self.changed) + len(self.gone)


def changes(today: Board, said: Mapping[str, list[str]]) -> Changes:
    """`said`: what was printed, code → [digest, field, name]."""
    field_of = {entry.code: sheet.field for sheet in today.sheets for entry in sheet.entries}
    new = tuple(code for code in today.said if code not in said)
    changed = tuple(
        code
        for code, digest in today.said.items()
        if code in said and said[code][:2] != [digest, field_of[code]]
    )
    gone = tuple(code for code in said if code not in today.said)
    stale = {field_of[code] for code in (*new, *changed)} | {said[code][1] for code in gone}
    # One that went to another field leaves the sheet it stood on.
    moved = {said[code][1] for code in field_of if code in said and said[code][1] != field_of[code]}
    return Changes(new, changed, gone, tuple(sorted(stale | moved)))
