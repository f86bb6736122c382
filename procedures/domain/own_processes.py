"""Which internal processes an agency has for what it receives, and what the office says of each: its
decision, edition, quality system (ISO 9001). A procedure that has none follows the default process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Level, Officer
from onestop.errors import DomainError
from onestop.folding import fold
from onestop.paging import Page
from procedures.domain.lists import statutory_terms
from procedures.domain.process_hours import misfits
from procedures.domain.processes import SAID
from procedures.listed import listed
from procedures.models import InternalProcess, ListDecision, ProcedureVersion, Step
from procedures.queries import BY_CODE

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure that an agency receives, with its processes; without any it follows the default."""

    version: ProcedureVersion
    processes: list[tuple[InternalProcess, list[str]]]

    @property
    def is_unsure(self) -> bool:
        """Processes of several provinces: none fits for sure, and the default is followed."""
        return len({process.province for process, _ in self.processes}) > 1


@dataclass(frozen=True, slots=True)
class Overview:
    page: Page[ProcedureVersion]
    lines: list[Line]
    received: int
    without: int


def overview(agency: Agency, on: date, *, after: str = "", only_without: bool = False) -> Overview:
    """What an agency receives on a day and the processes of its level. Up to seven queries."""
    versions = ProcedureVersion.objects.in_force(on).ready()
    if (received := listed(agency, on).received) is not None:
        versions = versions.filter(received)
    mine = codes_with(agency)
    without = versions.exclude(procedure__code__in=mine)
    shown = without if only_without else versions
    page = BY_CODE.page(shown.select_related("procedure", "field"), after=after, size=PAGE)
    return Overview(page, _lines(page.rows, agency), versions.count(), without.count())


def codes_with(agency: Agency) -> list[str]:
    """The codes that have a process at the agency's level. One query."""
    rows = InternalProcess.objects.filter(is_default=False, replaced=False)
    pairs = rows.order_by("procedure_code").values_list("procedure_code", "level").distinct()
    return sorted({code for code, level in pairs if _is_level(level, agency)})


def _is_level(words: str, agency: Agency) -> bool:
    return fold(words) == fold(Level(agency.level).label)


def _lines(versions: list[ProcedureVersion], agency: Agency) -> list[Line]:
    codes = [version.code for version in versions]
    by_law = statutory_terms(codes)
    rows = InternalProcess.objects.filter(
        procedure_code__in=codes, is_default=False, replaced=False
    )
    rows = rows.select_related("published_by").prefetch_related("steps").order_by("pk")
    found: dict[str, list[tuple[InternalProcess, list[str]]]] = {code: [] for code in codes}
    for process in rows:
        if _is_level(process.level, agency):
            terms = [term for _, term in by_law.get(process.procedure_code, ())]
            steps = [step.minutes for step in process.steps.all()]
            told = misfits(process.total_minutes, steps, terms)
            found[process.procedure_code].append((process, told))
    return [Line(version, found[version.code]) for version in versions]


def whole(pk: int) -> InternalProcess | None:
    """One process with its steps. Two queries."""
    rows = InternalProcess.objects.select_related("published_by")
    steps = Prefetch("steps", Step.objects.order_by("order"))
    return rows.prefetch_related(steps).filter(pk=pk).first()


def describe(
    process: InternalProcess,
    *,
    decided_on: date | None,
    edition: str,
    iso_link: str,
    published_by: ListDecision | None,
    seen: str,
    by: Officer,
    at: datetime,
) -> InternalProcess:
    """What the office says of a process; the access log tells by whom and what stood before. `seen`:
    the state that was seen. Errors: DomainError("procedures.process_replaced", "process_default",
    "process_changed", "process_decided_when", "list_not_published").
    """
    if decided_on is not None and decided_on > timezone.localdate(at):
        raise DomainError("procedures.process_decided_when", field="decided_on")
    if published_by is not None and not published_by.is_published:
        raise DomainError("procedures.list_not_published", field="published_by")
    with transaction.atomic():
        mine = InternalProcess.objects.select_for_update().get(pk=process.pk)
        if mine.is_default:
            raise DomainError("procedures.process_default")
        if mine.replaced:
            raise DomainError("procedures.process_replaced")
        if state_of(mine) != seen:
            raise DomainError("procedures.process_changed")
        before = _words(mine)
        mine.decided_on, mine.edition, mine.iso_link = decided_on, edition, iso_link
        mine.published_by = published_by
        mine.save()
        detail = f"{mine.procedure_code}: {before} → {_words(mine)}"
        access(by, AccessKind.CATALOGUE_CHANGED, "internal_process", mine.pk, detail)
    return mine


def state_of(process: InternalProcess) -> str:
    """What the office says of it, short: what a page was filled from is compared by it."""
    said = [getattr(process, name) for name in SAID]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def _words(process: InternalProcess) -> str:
    said = {
        "phê duyệt": f"{process.decided_on:%d/%m/%Y}" if process.decided_on else "",
        "lần ban hành": process.edition,
        "ISO": process.iso_link,
        "công bố kèm": process.published_by.number if process.published_by else "",
    }
    return ", ".join(f"{name} {words}" for name, words in said.items() if words) or "chưa ghi gì"
