"""`import_procedures`: the national catalogue's records into immutable versions.

A good record becomes a version, a changed one a new version, an unreadable term waits for a
controller, a bad record is listed with its place and reason; a bad record never stops a good one
and running twice changes nothing.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from onestop.accounts.models import Officer
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.folding import fold
from onestop.worktime import VN
from procedures.channels import Channel
from procedures.domain.publishing import publish_from
from procedures.domain.sources import SourceFile
from procedures.models import (
    Case,
    Field,
    ImportRun,
    Kind,
    Method,
    Paper,
    Procedure,
    ProcedureVersion,
    Status,
    SupplementMode,
    VersionSource,
)
from procedures.reading import CaseRecord, MethodRecord, ProcedureRecord, Rejected, read_record
from procedures.searching import initials, search_text


@dataclass(frozen=True, slots=True)
class Publication:
    """The decision that publishes the records of a file: number, day of signing, first day in
    force.
    """

    number: str
    signed: date
    effective: date


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that was refused ("rejected") or waits for somebody ("term", "fee"), with its place
    in the file.
    """

    place: int
    code: str
    kind: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    needs_decision: int = 0
    rejected: int = 0
    verified: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[tuple[str, list[str]]] = field(
        default_factory=list
    )  # code and the parts that differ

    def counts(self) -> dict[str, int]:
        names = ("new", "changed", "unchanged", "needs_decision", "rejected", "verified")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class _Row:
    """A way to apply as a correction left it, with the record's words that it was made from."""

    term: str
    fee: int | None
    words: tuple[str, str, str]

    def same_words(self, method: MethodRecord) -> bool:
        return self.words == (method.term_text, method.fee_text, method.note)


Corrected = dict[tuple[int, int], _Row]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is known of the newest version of a code before the import."""

    version_id: int
    procedure_id: int
    content_hash: str
    effective_from: date
    unverified: bool
    supplement_mode: int
    corrects_id: int | None
    last_number: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    record: ProcedureRecord
    stored: _Stored | None
    status: Status
    # What a controller confirmed anew, by order of the case and channel.
    corrected: Corrected


def import_procedures(
    source: SourceFile,
    *,
    at: datetime,
    by: Officer | None = None,
    publication: Publication | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Imports every record that can be; without `publication` they take effect on the day of `at`,
    marked unverified.

    Effects, in one transaction: new versions with their cases, methods and papers; the versions
    they replace end on the day the new ones begin; unverified versions that did not change take
    over the dates of `publication`; one ImportRun.
    """
    report = ImportReport()
    records = _read(source.records, report)
    known = _known()
    corrected = _corrected(known.values())
    effective = publication.effective if publication else at.astimezone(VN).date()
    work: list[_Waiting] = []
    to_verify: list[int] = []
    for place, record in records:
        stored = known.get(record.code)
        if stored and stored.content_hash == record.content_hash():
            report.unchanged += 1
            if publication and stored.unverified:
                to_verify.append(stored.version_id)
            continue
        if stored and not stored.unverified and effective < stored.effective_from:
            day = f"{stored.effective_from:%d/%m/%Y}"
            _reject(
                report,
                place,
                record.code,
                f"phiên bản đang có lại có hiệu lực muộn hơn ({day}); hãy xem lại ngày hiệu lực",
            )
            continue
        rows = corrected.get(stored.version_id, {}) if stored else {}
        work.append(_Waiting(record, stored, _judge(record, place, report, rows), rows))
    report.new = sum(1 for one in work if one.stored is None)
    report.changed = len(work) - report.new
    report.verified = len(to_verify)
    report.changes = _changes(work)
    if not dry_run:
        try:
            with transaction.atomic():
                _write(work, effective=effective, publication=publication)
                if publication and to_verify:
                    versions = list(
                        ProcedureVersion.objects.select_for_update()
                        .filter(id__in=to_verify)
                        .order_by("id")
                    )
                    publish_from(
                        versions,
                        decision=publication.number,
                        signed=publication.signed,
                        effective=publication.effective,
                    )
                _record_run(source, report, at=at, by=by)
        except IntegrityError as error:
            raise DomainError("procedures.import_conflict") from error
    return report


def _read(raws: list[Any], report: ImportReport) -> list[tuple[int, ProcedureRecord]]:
    records: list[tuple[int, ProcedureRecord]] = []
    places: dict[str, int] = {}
    for place, raw in enumerate(raws, start=1):
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


def _known() -> dict[str, _Stored]:
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
    return {code: _Stored(*(*row, last[code])) for code, row in newest.items()}


def _corrected(stored: Iterable[_Stored]) -> dict[int, Corrected]:
    """Of newest versions that say a record anew: how their ways read. No query without any."""
    ids = [one.version_id for one in stored if one.corrects_id is not None]
    if not ids:
        return {}
    found: dict[int, Corrected] = {}
    for row in Method.objects.filter(case__version__in=ids).select_related("case"):
        words = (row.term_text, row.fee_text, row.note)
        rows = found.setdefault(row.case.version_id, {})
        rows[row.case.order, row.channel] = _Row(row.term, row.fee_amount, words)
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


def _changes(work: Sequence[_Waiting]) -> list[tuple[str, list[str]]]:
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
        found.append(
            (
                one.record.code,
                [label for key, label in PART_LABELS.items() if before.get(key) != after.get(key)],
            )
        )
    return sorted(found)


PART_LABELS = {
    "name": "tên",
    "field": "lĩnh vực",
    "levels": "cấp thực hiện",
    "nature": "loại thủ tục",
    "decision_number": "số quyết định",
    "applicants": "đối tượng",
    "agency_executing": "cơ quan thực hiện",
    "agency_authority": "cơ quan có thẩm quyền",
    "agency_coordinating": "cơ quan phối hợp",
    "receiving_address": "địa chỉ tiếp nhận",
    "results": "kết quả",
    "legal": "căn cứ pháp lý",
    "cases": "thời hạn, phí, hình thức nộp",
    "papers": "thành phần hồ sơ",
    "explanations": "giải thích về thành phần hồ sơ",
}


def _write(work: Sequence[_Waiting], *, effective: date, publication: Publication | None) -> None:
    if not work:
        return
    fields = _fields({one.record.field for one in work})
    ids = _procedures(work)
    _end_versions([one.stored.version_id for one in work if one.stored], effective)
    versions = add_all(
        ProcedureVersion,
        [
            _version(one, ids[one.record.code], fields[one.record.field], effective, publication)
            for one in work
        ],
    )
    add_all(
        VersionSource,
        [
            VersionSource(version=version, content=one.record.canonical())
            for one, version in zip(work, versions, strict=True)
        ],
    )
    _write_cases(work, versions)


def _procedures(work: Sequence[_Waiting]) -> dict[str, int]:
    """Ids by code; new procedures are added."""
    add_all(Procedure, [Procedure(code=one.record.code) for one in work if one.stored is None])
    codes = [one.record.code for one in work]
    return dict(Procedure.objects.filter(code__in=codes).values_list("code", "id"))


def _end_versions(replaced: Sequence[int], effective: date) -> None:
    """Errors: DomainError("procedures.import_conflict") when one of them was replaced meanwhile."""
    if replaced:
        ended = ProcedureVersion.objects.filter(id__in=replaced, effective_to__isnull=True)
        if update_all(ended, effective_to=effective) != len(replaced):
            raise DomainError("procedures.import_conflict")


def _write_cases(work: Sequence[_Waiting], versions: Sequence[ProcedureVersion]) -> None:
    pairs = [(one, Case(version=version, order=case.order, name=case.name), case) for one, version in zip(work, versions, strict=True)
             for case in one.record.cases]  # fmt: skip
    add_all(Case, [row for _, row, _ in pairs])
    add_all(Method, [method for one, row, case in pairs for method in _methods(one, row, case)])
    add_all(Paper, [paper for one, row, _ in pairs for paper in _papers(one.record, row)])


def _fields(names: set[str]) -> dict[str, Field]:
    known = set(Field.objects.filter(name__in=names).values_list("name", flat=True))
    add_all(Field, [Field(name=name, folded=fold(name)) for name in sorted(names - known)])
    return {row.name: row for row in Field.objects.filter(name__in=names)}


def _version(
    one: _Waiting, procedure_id: int, field: Field, effective: date, publication: Publication | None
) -> ProcedureVersion:
    record = one.record
    return ProcedureVersion(
        procedure_id=procedure_id,
        number=one.stored.last_number + 1 if one.stored else 1,
        name=record.name,
        field=field,
        levels=record.levels,
        nature=record.nature,
        kind=Kind.AMENDED if one.stored else Kind.NEW,
        decision_number=publication.number if publication else record.decision_number,
        decision_signed=publication.signed if publication else None,
        effective_from=effective,
        unverified=publication is None,
        status=one.status,
        applicants=record.applicants,
        agency_executing=record.agency_executing,
        agency_authority=record.agency_authority,
        agency_coordinating=record.agency_coordinating,
        receiving_address=record.receiving_address,
        results=[{"name": name, "code": code} for name, code in record.results],
        legal=list(record.legal),
        # No record says it: what a controller set for the procedure goes on with its next version.
        supplement_mode=one.stored.supplement_mode if one.stored else SupplementMode.RESTART,
        post_allowed=any(
            method.channel == Channel.POST for case in record.cases for method in case.methods
        ),
        content_hash=record.content_hash(),
        search_text=search_text(record.code, record.name, record.field),
        initials=initials(record.name),
    )


def _methods(one: _Waiting, row: Case, case: CaseRecord) -> list[Method]:
    """Terms stand on a version's methods only when all of them are sure."""
    methods = []
    for method in case.methods:
        fee = one.record.fee_of(method)
        # What was answered of the same words goes on with the procedure's next version.
        said = one.corrected.get((case.order, method.channel))
        kept = said.fee if said and said.same_words(method) else None
        term = one.record.term_of(method).term if one.status == Status.READY else None
        methods.append(
            Method(
                case=row,
                channel=method.channel,
                term=str(term) if term else "",
                term_text=method.term_text,
                fee_amount=kept if fee.amount is None else fee.amount,
                fee_per=fee.per,
                fee_text=method.fee_text,
                note=method.note,
            )
        )
    return methods


def _papers(record: ProcedureRecord, row: Case) -> list[Paper]:
    return [
        Paper(
            case=row,
            order=order,
            group=paper.group,
            name=paper.name,
            originals=paper.originals,
            copies=paper.copies,
            is_note=paper.is_note,
            count_text=paper.count_text,
        )
        for order, paper in enumerate(record.papers, start=1)
    ]


def _record_run(
    source: SourceFile, report: ImportReport, *, at: datetime, by: Officer | None
) -> None:
    ImportRun.objects.create(
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
