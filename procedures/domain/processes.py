"""Internal processes: import, which one serves a dossier, and the suggested next step."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from onestop.accounts.models import Level, Officer
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.folding import fold
from procedures.domain.importing import ImportReport, Problem
from procedures.domain.lists import statutory_terms
from procedures.domain.process_hours import misfits
from procedures.domain.sources import SourceFile
from procedures.models import (
    Case,
    ImportRun,
    InternalProcess,
    Procedure,
    ProcedureVersion,
    Step,
    StepRole,
)
from procedures.reading.records import CODE, code_of
from procedures.reading.shapes import misfit
from procedures.reading.texts import clean

MOST_STEPS = 99
UNATTACHED = "chưa có thủ tục mã này trong danh mục: giữ lại, dùng khi thủ tục được nhập"
# What names a process is never cut short.
LONGEST = {"decision": 100, "province": 100, "level": 50, "case": 500}

DEFAULT_STEPS = (
    ("Bộ phận Một cửa", StepRole.COUNTER, "Tiếp nhận hồ sơ"),
    ("Chuyên viên phòng chuyên môn", StepRole.SPECIALIST, "Xử lý hồ sơ"),
    ("Lãnh đạo", StepRole.LEADER, "Duyệt kết quả"),
    ("Bộ phận Một cửa", StepRole.COUNTER, "Trả kết quả"),
)

_ROLE_WORDS: tuple[tuple[StepRole, tuple[str, ...]], ...] = (
    (StepRole.DOCUMENTS, ("van thu",)),
    (
        StepRole.COUNTER,
        (
            "mot cua",
            "phuc vu hanh chinh cong",
            "ttpvhcc",
            "bo phan tiep nhan",
            "bo phan nhan",
            "bo phan tra",
            "tiep nhan ho so",
        ),
    ),
    (StepRole.HEAD, ("lanh dao phong", "truong phong", "lanh dao van phong", "chanh van phong")),
    (StepRole.SPECIALIST, ("chuyen vien", "cong chuc", "vien chuc", "can bo", "nhan vien")),
    (StepRole.LEADER, ("lanh dao", "chu tich", "giam doc", "thu truong", "nguoi dung dau")),
)


def guess_role(actor: str) -> StepRole:
    """The role an actor's words point to; OTHER when they do not. A suggestion for choosing who
    gets the dossier.
    """
    words = fold(actor)
    for role, signs in _ROLE_WORDS:
        if any(sign in words for sign in signs):
            return role
    return StepRole.OTHER


@dataclass(frozen=True, slots=True)
class _Key:
    code: str
    decision: str
    province: str
    level: str
    case_name: str


# What the office says of a process beside its steps.
SAID = ("decided_on", "edition", "iso_link", "published_by_id")


@dataclass(frozen=True, slots=True)
class _Read:
    place: int
    key: _Key
    total_minutes: int | None
    steps: tuple[
        tuple[int, str, str, str, int | None], ...
    ]  # order, actor, task, time text, minutes

    def content_hash(self) -> str:
        return hashlib.sha256(
            json.dumps([self.total_minutes, self.steps], ensure_ascii=False).encode()
        ).hexdigest()


def import_processes(
    source: SourceFile,
    *,
    at: datetime,
    by: Officer | None = None,
    dry_run: bool = False,
    left_out: frozenset[int] = frozenset(),
) -> ImportReport:
    """Attaches processes to procedure codes. Key: code + decision + province + level + case (R-77).

    A process whose key is known and whose steps changed replaces the old one, which stays for the
    dossiers that follow it. Records without code or approving decision are rejected with their
    place; twice changes nothing. `left_out`: places of records that are not taken in.
    """
    report = ImportReport()
    records = _named_apart(_read_all(source.records, report), report)
    known = {
        _Key(*row[:5]): (row[5], row[6], row[7])
        for row in InternalProcess.objects.filter(replaced=False, is_default=False).values_list(
            "procedure_code",
            "decision",
            "province",
            "level",
            "case_name",
            "id",
            "content_hash",
            "total_minutes",
        )
    }
    work, replaced = [], []
    for record in records:
        before = known.get(record.key)
        if before and before[1] == record.content_hash():
            report.unchanged += 1
            continue
        if record.place in left_out:
            report.left_out += 1
            continue
        report.lines.append(_line(record, before[2] if before else None, is_new=not before))
        if before:
            report.changed += 1
            replaced.append(before[0])
        else:
            report.new += 1
        work.append(record)
    _tell(work, report)
    if not dry_run:
        try:
            with transaction.atomic():
                _write(work, replaced)
                report.run_id = _record_run(source, report, at=at, by=by).pk
        except IntegrityError as error:
            raise DomainError("procedures.import_conflict") from error
    return report


def _tell(work: list[_Read], report: ImportReport) -> None:
    """Of what is taken in: codes that no procedure has yet, and hours that do not fit. Two queries."""
    codes = {record.key.code for record in work}
    known = set(Procedure.objects.filter(code__in=codes).values_list("code", flat=True))
    by_law = statutory_terms(codes & known) if known else {}
    for record in work:
        code = record.key.code
        reasons = []
        if code not in known:
            reasons.append(("unattached", UNATTACHED))
        terms = [term for _, term in by_law.get(code, ())]
        minutes = [step[4] for step in record.steps]
        reasons += [("hours", one) for one in misfits(record.total_minutes, minutes, terms)]
        report.problems += [Problem(record.place, code, kind, why) for kind, why in reasons]


def _line(
    record: _Read, minutes_before: int | None, *, is_new: bool
) -> tuple[int, str, str, str, list[list[str]]]:
    """What a preview says of a process: its key, and how long it takes."""
    key = record.key
    name = ", ".join(one for one in (key.decision, key.province, key.level, key.case_name) if one)
    steps = f"{len(record.steps)} bước, {_hours(record.total_minutes)}"
    before = "" if is_new else _hours(minutes_before)
    what = "new" if is_new else "changed"
    return (record.place, key.code, name, what, [["các bước, thời gian", before, steps]])


def _hours(minutes: int | None) -> str:
    return f"{minutes / 60:g} giờ làm việc" if minutes else "không ghi tổng thời gian"


def process_for(
    version: ProcedureVersion, case: Case | None = None, level: str = "", province: str = ""
) -> InternalProcess:
    """The process a dossier follows: of its code, at its level, for its case; the marked default
    when none fits for sure.

    `level`: an agency's level or the words of the processes ("Cấp xã"); empty asks no level. One
    query, two when the default is needed.
    """
    rows = InternalProcess.objects.filter(
        procedure_code=version.procedure.code, replaced=False, is_default=False
    )
    at_level = _at_level(list(rows.order_by("id")), level)
    in_province = _same(at_level, "province", province) if province else []
    fitting = _of_case(in_province or at_level, case)
    # Of two provinces none fits for sure.
    is_sure = len({process.province for process in fitting}) == 1
    return fitting[-1] if is_sure else default_process()


def _at_level(found: list[InternalProcess], level: str) -> list[InternalProcess]:
    words = Level(level).label if level in Level.values else level
    return _same(found, "level", words) if words else found


def _of_case(found: list[InternalProcess], case: Case | None) -> list[InternalProcess]:
    """Those of just this case; else those that name none."""
    own = _same(found, "case_name", case.name if case else "")
    return own or [process for process in found if not process.case_name]


def _same(found: list[InternalProcess], column: str, words: str) -> list[InternalProcess]:
    return [process for process in found if fold(getattr(process, column)) == fold(words)]


def default_process() -> InternalProcess:
    """Tiếp nhận → xử lý → duyệt → trả, made on first use."""
    process = InternalProcess.objects.filter(is_default=True, replaced=False).first()
    if process is not None:
        return process
    try:
        with transaction.atomic():
            process = InternalProcess.objects.create(
                is_default=True, case_name="Quy trình mặc định"
            )
            steps = [
                Step(process=process, order=order, actor=actor, role=role, task=task)
                for order, (actor, role, task) in enumerate(DEFAULT_STEPS, start=1)
            ]
            add_all(Step, steps)
    except IntegrityError:
        return InternalProcess.objects.get(is_default=True, replaced=False)
    return process


def _read_all(raws: list[Any], report: ImportReport) -> list[_Read]:
    records = []
    for place, raw in enumerate(raws, start=1):
        broken = misfit(raw, texts=frozenset(LONGEST) | {"code"}) if isinstance(raw, dict) else ""
        code = (
            code_of(raw) if broken else clean(raw.get("code"), 60) if isinstance(raw, dict) else ""
        )
        reason = broken or _refuse(raw, code)
        if reason:
            report.rejected += 1
            report.problems.append(Problem(place, code, "rejected", reason))
            continue
        key = _Key(
            code,
            clean(raw.get("decision"), 100),
            clean(raw.get("province"), 100),
            clean(raw.get("level"), 50),
            clean(raw.get("case"), 500),
        )
        records.append(_Read(place, key, _minutes(raw.get("sum_hours")), _steps(raw["steps"])))
    return records


def _refuse(raw: object, code: str) -> str:
    if not isinstance(raw, dict):
        return "không phải một bản ghi quy trình"
    if not code:
        return f"thiếu mã thủ tục (quyết định {clean(raw.get('decision'), 100) or 'không ghi'})"
    if not CODE.match(code):
        return "mã thủ tục sai mẫu (đúng: 1.001193)"
    if not clean(raw.get("decision")):
        return "thiếu quyết định phê duyệt quy trình"
    if any(len(clean(raw.get(key), most + 1)) > most for key, most in LONGEST.items()):
        return "quyết định, tỉnh, cấp hoặc tên trường hợp quá dài"
    steps = raw.get("steps")
    if (
        not isinstance(steps, list)
        or not steps
        or not all(isinstance(step, dict) for step in steps)
    ):
        return "không có bước nào đọc được"
    return f"quá {MOST_STEPS} bước" if len(steps) > MOST_STEPS else ""


def _steps(raws: list[dict[str, Any]]) -> tuple[tuple[int, str, str, str, int | None], ...]:
    """Steps in the record's order; its own numbers are kept when they are numbers in rising order."""
    numbers = [no for raw in raws if isinstance(no := raw.get("no"), int) and 0 < no < 1000]
    rising = len(numbers) == len(raws) and sorted(set(numbers)) == numbers
    return tuple(
        (
            raw["no"] if rising else order,
            clean(raw.get("actor"), 1000),
            clean(raw.get("text"), 2000),
            clean(raw.get("time_text"), 200),
            _minutes(raw.get("hours")),
        )
        for order, raw in enumerate(raws, start=1)
    )


def _minutes(hours: object) -> int | None:
    """Working hours of the record as minutes; None where it gives none ("Không tính thời gian")."""
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 <= hours < 100_000:
        return None
    return round(hours * 60)


def _named_apart(records: list[_Read], report: ImportReport) -> list[_Read]:
    """Two processes under one key are two unnamed cases: both are kept, named by their total; a
    plain repetition is rejected.
    """
    by_key: dict[_Key, list[_Read]] = {}
    for record in records:
        same = by_key.setdefault(record.key, [])
        if any(other.content_hash() == record.content_hash() for other in same):
            report.rejected += 1
            report.problems.append(
                Problem(
                    record.place,
                    record.key.code,
                    "rejected",
                    "lặp lại y nguyên một quy trình ở trên",
                )
            )
            continue
        same.append(record)
    named = []
    for key, same in by_key.items():
        if len(same) == 1:
            named.extend(same)
            continue
        for number, record in enumerate(same, start=1):
            total = (
                f"{record.total_minutes / 60:g} giờ làm việc"
                if record.total_minutes
                else "không ghi tổng thời gian"
            )
            name = f"{key.case_name or 'Trường hợp'} {number} ({total})"
            named.append(
                _Read(
                    record.place,
                    _Key(key.code, key.decision, key.province, key.level, name),
                    record.total_minutes,
                    record.steps,
                )
            )
            report.needs_decision += 1
            report.problems.append(
                Problem(
                    record.place,
                    key.code,
                    "case",
                    f"cùng khóa với quy trình khác, ghi thành “{name}”",
                )
            )
    return named


def _write(work: list[_Read], replaced: list[int]) -> None:
    old = InternalProcess.objects.filter(id__in=replaced)
    # What the office says of a process it says of the next edition of its steps too, until it says
    # otherwise; who is saying it now is waited for (own_processes.describe).
    before = {_key_of(row): row for row in old.select_for_update().order_by("pk")}
    update_all(old, replaced=True)
    processes = add_all(
        InternalProcess,
        [
            InternalProcess(
                procedure_code=record.key.code,
                decision=record.key.decision,
                province=record.key.province,
                level=record.key.level,
                case_name=record.key.case_name,
                total_minutes=record.total_minutes,
                content_hash=record.content_hash(),
                **_said_of(before.get(record.key)),
            )
            for record in work
        ],
    )
    add_all(
        Step,
        [
            Step(
                process=process,
                order=order,
                actor=actor,
                role=guess_role(actor),
                task=task,
                time_text=time_text,
                minutes=minutes,
            )
            for record, process in zip(work, processes, strict=True)
            for order, actor, task, time_text, minutes in record.steps
        ],
    )


def _key_of(row: InternalProcess) -> _Key:
    return _Key(row.procedure_code, row.decision, row.province, row.level, row.case_name)


def _said_of(before: InternalProcess | None) -> dict[str, Any]:
    return {name: getattr(before, name) for name in SAID} if before is not None else {}


def _record_run(
    source: SourceFile, report: ImportReport, *, at: datetime, by: Officer | None
) -> ImportRun:
    return ImportRun.objects.create(
        at=at,
        by=by,
        what="processes",
        file_name=source.name[:250],
        sha256=source.sha256,
        counts=report.counts(),
        problems=[
            {"place": p.place, "code": p.code, "kind": p.kind, "reason": p.reason}
            for p in report.problems
        ],
    )
