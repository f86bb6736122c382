"""A version said anew: a published one never changes, so what was wrong in it is put right in a new
version of the same record. All of it in sets: one version asks as much as a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Max, Prefetch

from onestop.changes.domain import add_all, update_all
from procedures.models import (
    Case,
    Method,
    Paper,
    ProcedureVersion,
    Status,
    VersionSource,
)

Row = TypeVar("Row", Method, Paper)
VERSION_COLUMNS = (
    "procedure_id", "name", "field_id", "levels", "nature", "kind", "decision_number", "decision_signed", "effective_to", "unverified",
    "applicants", "agency_executing", "agency_authority", "agency_coordinating", "receiving_address", "results", "legal",
    "supplement_mode", "post_allowed", "content_hash", "search_text", "initials",
)  # fmt: skip
METHOD_COLUMNS = ("channel", "term", "term_text", "fee_amount", "fee_per", "fee_text", "note")
PAPER_COLUMNS = (
    "order", "group", "name", "originals", "certified", "copies", "is_note", "count_text",
    "asked_of", "situation",
)  # fmt: skip


@dataclass(slots=True)
class CaseDraft:
    """A case of the version before and its copy, row by row; nothing stored yet."""

    old: Case
    case: Case
    methods: list[tuple[Method, Method]]
    papers: list[Paper]


@dataclass(slots=True)
class Draft:
    """A version to come. Who asked for it changes what is different, then publishes it."""

    old: ProcedureVersion
    version: ProcedureVersion
    cases: list[CaseDraft] = field(default_factory=list)

    @property
    def methods(self) -> list[tuple[CaseDraft, Method, Method]]:
        return [(one, old, new) for one in self.cases for old, new in one.methods]


def begins(old: ProcedureVersion, on: date) -> date:
    """When what is said anew today holds: at once, or with the version it corrects, if that is yet
    to come.
    """
    return max(on, old.effective_from)


def drafts_of(olds: Sequence[ProcedureVersion], *, on: date | None, status: Status) -> list[Draft]:
    """Copies of whole versions. In: the versions, locked; `on`: today, None where the copy holds
    for all the days of the old one. Four queries.
    """
    ids = [old.pk for old in olds]
    numbers = dict(
        ProcedureVersion.objects.filter(procedure__in=[old.procedure_id for old in olds])
        .order_by()
        .values_list("procedure")
        .annotate(last=Max("number"))
    )
    cases: dict[int, list[Case]] = {}
    for case in Case.objects.filter(version__in=ids).prefetch_related(
        Prefetch("methods", Method.objects.order_by("case", "channel")),
        Prefetch("papers", Paper.objects.order_by("case", "order")),
    ):
        cases.setdefault(case.version_id, []).append(case)
    return [
        _draft(old, cases.get(old.pk, []), numbers[old.procedure_id] + 1, on, status)
        for old in olds
    ]


def _draft(
    old: ProcedureVersion, cases: Iterable[Case], number: int, on: date | None, status: Status
) -> Draft:
    version = ProcedureVersion(
        **{name: getattr(old, name) for name in VERSION_COLUMNS},
        number=number,
        status=status,
        corrects=old,
        effective_from=begins(old, on) if on else old.effective_from,
    )
    draft = Draft(old, version)
    for one in cases:
        case = Case(version=version, order=one.order, name=one.name)
        draft.cases.append(
            CaseDraft(
                one,
                case,
                [(row, copy_of(row, METHOD_COLUMNS, case)) for row in one.methods.all()],
                [copy_of(row, PAPER_COLUMNS, case) for row in one.papers.all()],
            )
        )
    return draft


def copy_of(row: Row, columns: tuple[str, ...], case: Case) -> Row:
    """The same for another case, not stored yet."""
    return type(row)(case=case, **{name: getattr(row, name) for name in columns})


def publish(drafts: Sequence[Draft], *, ended: Status | None = None) -> list[ProcedureVersion]:
    """Stores them, each with the record it was made from; the old ones end where they begin and get
    the status `ended`, if any. The number of statements does not grow with the number of versions.
    """
    versions = add_all(ProcedureVersion, [draft.version for draft in drafts])
    sources = dict(
        VersionSource.objects.filter(version__in=[draft.old.pk for draft in drafts]).values_list(
            "version_id", "content"
        )
    )
    add_all(
        VersionSource,
        [
            VersionSource(version=draft.version, content=sources[draft.old.pk])
            for draft in drafts
            if draft.old.pk in sources
        ],
    )
    cases = [one for draft in drafts for one in draft.cases]
    add_all(Case, [one.case for one in cases])
    add_all(Method, [new for one in cases for _, new in one.methods])
    add_all(Paper, [paper for one in cases for paper in one.papers])
    status = {} if ended is None else {"status": ended}
    move([(draft.old, draft.version.effective_from) for draft in drafts], **status)
    return versions


def move(ends: Iterable[tuple[ProcedureVersion, date | None]], **columns: object) -> None:
    """Gives versions the day on which they end; statements by day, not by version."""
    by_day: dict[date | None, list[int]] = {}
    for version, day in ends:
        version.effective_to = day
        for name, value in columns.items():
            setattr(version, name, value)
        by_day.setdefault(day, []).append(version.pk)
    for day, ids in by_day.items():
        update_all(ProcedureVersion.objects.filter(pk__in=ids), effective_to=day, **columns)
