"""`import_procedures`: the national catalogue's records into immutable versions.

A good record becomes a version, a changed one a new version, an unreadable term waits for a
controller, a bad record is listed with its place and reason; a bad record never stops a good one
and running twice changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.worktime import VN
from procedures.domain import texts
from procedures.domain.describing import PART_LABELS, differing
from procedures.domain.imported import (
    Corrected,
    ImportReport,
    Problem,
    Publication,
    Row,
    Stored,
    Waiting,
)
from procedures.domain.publishing import publish_from
from procedures.domain.sources import SourceFile
from procedures.domain.storing import write
from procedures.models import ImportRun, Method, ProcedureVersion, Status, VersionSource
from procedures.reading import ProcedureRecord, Rejected, read_record
from procedures.reading.remaining import Remaining, read_remaining

__all__ = [
    "ImportReport",
    "Plan",
    "Problem",
    "Publication",
    "carry_out",
    "import_procedures",
    "plan",
]

# So often whoever waits hears how far the reading is.
HEARD = 100


@dataclass(slots=True)
class Plan:
    """What an import would write, and what it says of every record. `places`: by code."""

    source: SourceFile
    report: ImportReport
    work: list[Waiting]
    to_verify: list[int]
    effective: date
    publication: Publication | None
    places: dict[str, int]
    texts: dict[str, Remaining]


def import_procedures(
    source: SourceFile,
    *,
    at: datetime,
    by: Officer | None = None,
    publication: Publication | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Imports every record that can be; without `publication` they take effect on the day of `at`,
    marked unverified. Effects: those of `carry_out`.
    """
    planned = plan(source, at=at, publication=publication)
    return planned.report if dry_run else carry_out(planned, at=at, by=by)


def plan(
    source: SourceFile,
    *,
    at: datetime,
    publication: Publication | None = None,
    left_out: frozenset[int] = frozenset(),
    seen: Mapping[str, int | None] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Plan:
    """What an import would do; nothing is written. `left_out`: places of records that are not taken
    in. `seen`: by code the version that somebody saw it compared with (None: a new code); a record
    whose version is another one by now is rejected.
    """
    report = ImportReport()
    records = _read(source.records, report, progress)
    known = _known()
    corrected = _corrected(known.values())
    effective = publication.effective if publication else at.astimezone(VN).date()
    work: list[Waiting] = []
    to_verify: list[int] = []
    for place, record in records:
        stored = known.get(record.code)
        if place in left_out:
            report.left_out += 1
        elif stored and stored.content_hash == record.content_hash():
            report.unchanged += 1
            if publication and stored.unverified:
                to_verify.append(stored.version_id)
        elif why := _too_late(record, stored, effective, seen):
            _reject(report, place, record.code, why)
        else:
            rows = corrected.get(stored.version_id, {}) if stored else {}
            work.append(Waiting(record, stored, _judge(record, place, report, rows), rows))
    report.new = sum(1 for one in work if one.stored is None)
    report.changed = len(work) - report.new
    report.verified = len(to_verify)
    report.changes = _changes(work)
    places = {record.code: place for place, record in records}
    told = _texts(source, places, left_out, report)
    return Plan(source, report, work, to_verify, effective, publication, places, told)


def _texts(
    source: SourceFile, places: Mapping[str, int], left_out: frozenset[int], report: ImportReport
) -> dict[str, Remaining]:
    """What the records say of the parts that bind no dossier, where it is something else than what
    stands; of those that are taken in. One query, none where no record says anything.
    """
    out = left_out | {one.place for one in report.problems if one.kind == "rejected"}
    found = {}
    for code, place in places.items():
        if place not in out and (said := read_remaining(source.records[place - 1])) is not None:
            found[code] = said
            report.problems.extend(Problem(place, code, "form", why) for why in said.odd)
    changed = texts.differing(found)
    report.texts = len(changed)
    return changed


def _too_late(
    record: ProcedureRecord,
    stored: Stored | None,
    effective: date,
    seen: Mapping[str, int | None] | None,
) -> str:
    """Why a record does not go on from the version that is there; empty when it does."""
    if seen is not None and seen.get(record.code) != (stored.version_id if stored else None):
        return "phiên bản đang có đã đổi từ lúc xem trước; hãy tải tệp lên lại để xem trước"
    if stored and not stored.unverified and effective < stored.effective_from:
        day = f"{stored.effective_from:%d/%m/%Y}"
        return f"phiên bản đang có lại có hiệu lực muộn hơn ({day}); hãy xem lại ngày hiệu lực"
    return ""


def carry_out(planned: Plan, *, at: datetime, by: Officer | None) -> ImportReport:
    """Effects, in one transaction: new versions with their cases, methods and papers; the versions
    they replace end on the day the new ones begin; what the records say of other parts; unverified versions that did not change take
    over the dates of the publication; one ImportRun. Errors: DomainError("procedures.
    import_conflict") when somebody else changed one of them since it was planned.
    """
    publication = planned.publication
    try:
        with transaction.atomic():
            write(planned.work, effective=planned.effective, publication=publication)
            texts.write(planned.texts, by=by, at=at)
            if publication and planned.to_verify:
                versions = list(
                    ProcedureVersion.objects.select_for_update()
                    .filter(id__in=planned.to_verify)
                    .order_by("id")
                )
                publish_from(
                    versions,
                    decision=publication.number,
                    signed=publication.signed,
                    effective=publication.effective,
                )
            planned.report.run_id = _record_run(planned.source, planned.report, at=at, by=by).pk
    except IntegrityError as error:
        raise DomainError("procedures.import_conflict") from error
    return planned.report


def _read(
    raws: list[Any], report: ImportReport, progress: Callable[[int], None]
) -> list[tuple[int, ProcedureRecord]]:
    records: list[tuple[int, ProcedureRecord]] = []
    places: dict[str, int] = {}
    for place, raw in enumerate(raws, start=1):
        if place % HEARD == 0:
            progress(place)
        try:
            record = read_record(raw, place)
        except Rejected as refusal:
            _reject(report, place, refusal.code, refusal.reason)
            continue
        if record.code in places:
            _reject(report, place, record.code, f"trùng mã với bản ghi thứ {places[record.code]}")
            continue
        places[record.code] = place
        records.append((place, record))
    return records


def _reject(report: ImportReport, place: int, code: str, reason: str) -> None:
    report.rejected += 1
    report.problems.append(Problem(place, code, "rejected", reason))


def _known() -> dict[str, Stored]:
    """The newest version of every code, in one query."""
    rows = ProcedureVersion.objects.order_by("procedure_id", "number").values_list(
        "procedure__code",
        "effective_to",
        "number",
        "id",
        "procedure_id",
        "content_hash",
        "effective_from",
        "unverified",
        "supplement_mode",
        "corrects_id",
    )
    last: dict[str, int] = {}
    newest: dict[str, list[Any]] = {}
    for code, ended, number, *row in rows:
        last[code] = number
        if ended is None:
            newest[code] = row
    return {code: Stored(*(*row, last[code])) for code, row in newest.items()}


def _corrected(stored: Iterable[Stored]) -> dict[int, Corrected]:
    """Of newest versions that say a record anew: how their ways read. No query without any."""
    ids = [one.version_id for one in stored if one.corrects_id is not None]
    if not ids:
        return {}
    found: dict[int, Corrected] = {}
    for row in Method.objects.filter(case__version__in=ids).select_related("case"):
        words = (row.term_text, row.fee_text, row.note)
        rows = found.setdefault(row.case.version_id, {})
        rows[row.case.order, row.channel] = Row(row.term, row.fee_amount, words)
    return found


def _judge(
    record: ProcedureRecord, place: int, report: ImportReport, corrected: Corrected
) -> Status:
    """Whether a version can receive dossiers at once; what somebody has to decide goes into the
    report.
    """
    reasons = []
    if len(record.cases) > 1:
        reasons.append("một hình thức nộp có nhiều thời hạn hoặc mức phí")
    elif not record.terms_agree():
        reasons.append("thời hạn khác nhau giữa các hình thức nộp")
    rows = [method for case in record.cases for method in case.methods]
    reasons.extend(
        reading.reason for method in rows if (reading := record.term_of(method)).term is None
    )
    reasons.extend(_read_otherwise(record, corrected))
    fees = [fee.reason for method in rows if (fee := record.fee_of(method)).amount is None]
    if reasons:
        report.problems.append(
            Problem(place, record.code, "term", "; ".join(dict.fromkeys(reasons)))
        )
    if fees:
        report.problems.append(Problem(place, record.code, "fee", "; ".join(dict.fromkeys(fees))))
    if reasons or fees:
        report.needs_decision += 1
    return Status.NEEDS_TERM if reasons else Status.READY


def _read_otherwise(record: ProcedureRecord, corrected: Corrected) -> Iterator[str]:
    """Ways whose words are the same, and which a controller has confirmed anew as something else:
    a new record does not quietly undo that.
    """
    for case in record.cases:
        for method in case.methods:
            row = corrected.get((case.order, method.channel))
            read = record.term_of(method).term
            if row and row.term and read and row.same_words(method) and row.term != str(read):
                yield f"“{method.term_text}”: phiên bản trước đã được xác nhận là {row.term}"


def _changes(work: Sequence[Waiting]) -> list[tuple[str, list[str]]]:
    """For each changed record the parts that differ from the newest stored version: the preview of
    an import.
    """
    changed = {one.stored.version_id: one for one in work if one.stored}
    sources = (
        VersionSource.objects.filter(version_id__in=changed).values_list("version_id", "content")
        if changed
        else ()
    )
    found = []
    for version_id, content in sources:
        one = changed[version_id]
        before, after = json.loads(content), json.loads(one.record.canonical())
        found.append((one.record.code, [PART_LABELS[key] for key in differing(before, after)]))
    return sorted(found)


def _record_run(
    source: SourceFile, report: ImportReport, *, at: datetime, by: Officer | None
) -> ImportRun:
    return ImportRun.objects.create(
        at=at,
        by=by,
        what="procedures",
        file_name=source.name[:250],
        sha256=source.sha256,
        counts=report.counts(),
        problems=[
            {"place": p.place, "code": p.code, "kind": p.kind, "reason": p.reason}
            for p in report.problems
        ],
    )
