"""What is told of the dossiers that ended with a result in a period: whether their papers are scanned
(R-13), and how many hours their shortened terms saved. By the events that count by the cut.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import islice
from typing import Any

from dossiers.acts.scanning import KIND
from dossiers.intake.shortened import KEY as SHORTENED
from dossiers.intake.shortened import RECEIVED
from dossiers.ledger.fold import fold
from dossiers.models import Dossier, WordsBefore
from onestop.files.models import Attachment
from onestop.worktime import parse_term
from procedures.channels import Channel
from procedures.models import Field
from procedures.shortened import working_days
from reports.figures import rows, statement
from reports.figures.rows import Laid
from reports.figures.scope import Scope
from reports.figures.stood import told_of
from reports.models import RowKind
from reports.periods import Period
from reports.shares import share

CHUNK = 200
# What a working day is in hours, as procedures.shortened compares terms.
HOURS = 8
DAYS_SAVED = "days_saved"
REUSING, REUSED = "dossiers_reusing", "papers_reused"
LABELS = {
    DAYS_SAVED: "Tổng số ngày làm việc tiết kiệm (8 giờ một ngày, làm tròn)",
    REUSING: "Hồ sơ tái sử dụng giấy tờ trong kho kết quả",
    REUSED: "Thành phần hồ sơ tái sử dụng, không phải nộp",
}
_MET = ("ended", "ended_late", "ended_withdrawn", "ended_stopped")
# As terms begin that ask for the result at once: what is done on the spot keeps no scans.
_ON_THE_SPOT = str(parse_term("trả ngay"))
_ON_PAPER = (Channel.DIRECT, Channel.POST)
_SCANS = (
    "finished",
    "on_the_spot",
    "scanned",
    "not_scanned",
    "electronic",
    "result_scanned",
    "pages",
)
_SAVINGS = ("shortened", "in_time", "late", "hours_by_law", "hours_shortened", "hours_saved", "hours_saved_in_time")  # fmt: skip
Figures = dict[str, int]


@dataclass(frozen=True, slots=True)
class Filled:
    """Rows in order, the total by measure, what stands below by name."""

    rows: list[Laid]
    total: Mapping[str, Any]
    beside: Mapping[str, int] = field(default_factory=dict)


def _finished(scope: Scope, period: Period, cut: datetime) -> Iterator[list[statement.Standing]]:
    """Those that ended with a result, or its refusal; not withdrawn, not stopped."""
    found = (
        one
        for one in statement.each(_MET, scope, period, cut)
        if "ended" in one.met and not {"ended_withdrawn", "ended_stopped"}.intersection(one.met)
    )
    while part := list(islice(found, CHUNK)):
        yield part


def scanned(scope: Scope, period: Period, cut: datetime) -> Filled:
    """Office by office; below, what was taken from the store of results (R-15). One statement, four more
    for so many dossiers at a time, one for names.
    """
    reused = {REUSING: 0, REUSED: 0}
    sums: dict[tuple[int, ...], Figures] = defaultdict(lambda: dict.fromkeys(_SCANS, 0))
    for part in _finished(scope, period, cut):
        told = told_of([one.dossier_id for one in part], cut)
        stood = {pk: fold(payloads) for pk, payloads in told.items()}
        files = {pk: one.rows.get("files", {}) for pk, one in stood.items()}
        missing = _not_scanned(list(told), cut)
        pages = _pages([file for of_one in files.values() for file in of_one])
        for one in part:
            columns, mine = stood[one.dossier_id].columns, files[one.dossier_id]
            kinds = {pk: row["kind"] for pk, row in mine.items()}
            figures = sums[one.agency_id,]
            figures["finished"] += 1
            taken = _taken(stood[one.dossier_id].rows.get("papers", {}))
            reused[REUSING] += taken > 0
            reused[REUSED] += taken
            if str(columns.get("term", "")).startswith(_ON_THE_SPOT):
                figures["on_the_spot"] += 1
            else:
                is_whole = one.dossier_id not in missing and not _is_bare(columns, kinds.values())
                figures["scanned" if is_whole else "not_scanned"] += 1
            figures["electronic"] += _is_electronic(stood[one.dossier_id].rows.get("results", {}))
            figures["result_scanned"] += "result" in kinds.values()
            figures["pages"] += sum(pages.get(pk, 0) for pk, kind in kinds.items() if kind == KIND)  # fmt: skip
    laid = rows.laid_out(RowKind.UNIT, sums, _SCANS, scope, period, rows.Called(cut), {})
    total = rows.added(sums.values(), _SCANS)
    return Filled(
        [_with_share(one) for one in laid],
        total | _share(total),
        {name: n for name, n in reused.items() if n},
    )


def _not_scanned(ids: list[int], cut: datetime) -> set[int]:
    """Which of them said at the cut why not all of it is scanned. Two statements.

    Events have the reason by its digest only; what replaced any text of a dossier since the cut
    kept the words before. Where nobody did, it says today what it said then.
    """
    rows_of = Dossier.objects.filter(pk__in=ids).exclude(no_scan_reason="")
    found = set(rows_of.values_list("pk", flat=True))
    later = WordsBefore.objects.filter(dossier__in=ids, event__recorded_at__gt=cut, erased_at=None)
    first: dict[int, str] = {}
    for pk, text in later.order_by("-event__seq").values_list("dossier_id", "text"):
        words = json.loads(text)
        if "dossier" in words:
            first[pk] = words["dossier"].get("no_scan_reason", "")
    return found - first.keys() | {pk for pk, reason in first.items() if reason}


def _is_bare(columns: Mapping[str, Any], kinds: Collection[str]) -> bool:
    """Handed in on paper and without one scan: as it comes from an earlier system, which says no
    reason for it.
    """
    return columns.get("channel") in _ON_PAPER and KIND not in kinds


def _pages(files: list[int]) -> dict[int, int]:
    found = Attachment.objects.filter(pk__in=files).values_list("pk", "pages")
    return {pk: pages or 0 for pk, pages in found}


def _is_electronic(results: Mapping[int, Mapping[str, Any]]) -> bool:
    """Whether the result that stands is a signed electronic one."""
    return any(
        row.get("electronic") and not row.get("replaced_at") and not row.get("undone_at")
        for row in results.values()
    )


def _taken(papers: Mapping[int, Mapping[str, Any]]) -> int:
    """How many components were taken from the store of results."""
    return sum(1 for row in papers.values() if row.get("stored_id"))


def _share(figures: Mapping[str, int]) -> dict[str, str | None]:
    due = figures["scanned"] + figures["not_scanned"]
    found = share(figures["scanned"], due)
    return {"share": None if found is None else str(found).replace(".", ",")}


def _with_share(one: Laid) -> Laid:
    figures: Any = dict(one.figures) | _share(one.figures)
    return Laid(one.key, one.label, figures, one.code)


def saved(scope: Scope, period: Period, cut: datetime) -> Filled:
    """Procedure by procedure below its field. One statement, two more for so many dossiers at a time,
    one for the names of fields.
    """
    found: dict[int, dict[str, Figures]] = defaultdict(
        lambda: defaultdict(lambda: dict.fromkeys(_SAVINGS, 0))
    )
    names: dict[str, str] = {}
    for part in _finished(scope, period, cut):
        ids = [one.dossier_id for one in part]
        told = told_of(ids, cut)
        said = {pk: _shortened(payloads) for pk, payloads in told.items()}
        codes = _procedures([pk for pk in ids if said[pk]])
        for one in part:
            terms = said[one.dossier_id]
            if terms is None:
                continue
            code, name = codes[one.dossier_id]
            names[code] = name
            _add(found[one.field_id][code], terms, late="ended_late" in one.met)
    laid: list[Laid] = []
    for of_law in Field.objects.filter(pk__in=list(found)).order_by("folded", "pk"):
        mine = found[of_law.pk]
        key = f"field:{of_law.pk}"
        laid.append(Laid(key, of_law.name, rows.added(mine.values(), _SAVINGS), is_head=True))
        laid += [Laid(f"{key}/{code}", names[code], mine[code], code) for code in sorted(mine)]
    total = rows.added((one.figures for one in laid if one.is_head), _SAVINGS)
    days = int(Fraction(total["hours_saved"], HOURS) + Fraction(1, 2))
    return Filled(laid, total, {DAYS_SAVED: days})


def _shortened(payloads: list[dict[str, Any]]) -> tuple[int, int] | None:
    """The hours of the statutory and of the shortened term, as the reception promised; None where it
    did not by a shortened one.
    """
    first = payloads[0]
    said = first["data"].get(SHORTENED) if first["kind"] == RECEIVED else None
    if not said:
        return None
    by_law, promised = hours(said["statutory"]), hours(first["set"]["term"][1])
    return by_law, min(promised, by_law)


def hours(term: str) -> int:
    """Working hours of a term, rounded; roughly, as procedures.shortened compares units."""
    days = working_days(parse_term(term)) or Fraction(0)
    return int(days * HOURS + Fraction(1, 2))


def _procedures(ids: list[int]) -> dict[int, tuple[str, str]]:
    columns = ("pk", "version__procedure__code", "version__name")
    found = Dossier.objects.filter(pk__in=ids).values_list(*columns)
    return {pk: (code, name) for pk, code, name in found}


def _add(figures: Figures, terms: tuple[int, int], *, late: bool) -> None:
    by_law, promised = terms
    figures["shortened"] += 1
    figures["late" if late else "in_time"] += 1
    figures["hours_by_law"] += by_law
    figures["hours_shortened"] += promised
    figures["hours_saved"] += by_law - promised
    if not late:
        figures["hours_saved_in_time"] += by_law - promised


# By what a row of the form is: its code is the controller's to change.
FORMS: dict[str, Callable[[Scope, Period, datetime], Filled]] = {
    RowKind.UNIT: scanned,
    RowKind.PROCEDURE: saved,
}
