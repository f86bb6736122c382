"""A version arranged for reading: cases with their ways to apply, papers by group, notes apart."""

from collections.abc import Collection
from dataclasses import dataclass

from procedures.conditions import is_asked_for
from procedures.listed import way_words
from procedures.models import ListLine, Method, Paper, ProcedureVersion


@dataclass(frozen=True, slots=True)
class PaperGroup:
    name: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """`ways`: what each is called, and its row. `groups` hold what may be asked for, in the catalogue's
    order; `notes` only explain.
    """

    name: str
    ways: tuple[tuple[str, Method], ...]
    groups: tuple[PaperGroup, ...]
    notes: tuple[Paper, ...]


def present(version: ProcedureVersion, lines: Collection[ListLine] = ()) -> list[CaseView]:
    """Cases of a version loaded by `queries.whole`, its ways called as lists in force call them; no query
    of its own.
    """
    return [
        CaseView(
            name=case.name,
            ways=tuple((way_words(one, lines), one) for one in case.methods.all()),
            groups=group_papers([paper for paper in case.papers.all() if not paper.is_note]),
            notes=tuple(paper for paper in case.papers.all() if paper.is_note),
        )
        for case in version.cases.all()
    ]


def group_papers(papers: list[Paper]) -> tuple[PaperGroup, ...]:
    """Papers under their headings, those among the papers too; those without one come first, as the
    list usually means them to.
    """
    groups: dict[str, list[Paper]] = {"": []}
    inside: dict[str, str] = {}
    for paper in papers:
        if is_asked_for(paper):
            groups.setdefault(inside.get(paper.group, paper.group), []).append(paper)
        else:
            inside[paper.group] = paper.name
            groups.setdefault(paper.name, [])
    return tuple(
        PaperGroup(heading(name), tuple(rows)) for name, rows in groups.items() if rows or name
    )


def heading(text: str) -> str:
    """A group's name without the bullets it was typed with: "* Giấy tờ phải nộp:" is "Giấy tờ phải
    nộp".
    """
    return text.lstrip("*-+ ").rstrip(": ")
