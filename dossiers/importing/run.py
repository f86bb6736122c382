"""An import from its first line to its last: in batches, so that memory and locks stay small.

What was imported is never changed by a second run: a line that says the same is unchanged, one
that says something else is told as different.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from dossiers.importing import reading, writing
from dossiers.importing.hooks import signed_until
from dossiers.importing.matching import Known, Match
from dossiers.importing.reading import Line, Source
from dossiers.importing.rows import Row
from dossiers.importing.trouble import LineRefused, Problem
from dossiers.models import Dossier, DossierImport, OfficeSettings, RegisterCounter
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.errors import DomainError, say
from onestop.worktime import local

BATCH = 1000
# So many refused and different lines are named one by one; all are counted.
MOST_NAMED = 10_000
# So many lines of a preview are shown, whatever became of them.
SHOWN = 50
Counts = DossierImport.Counts


@dataclass(slots=True)
class Report:
    """What a run did, or would do."""

    rows: int = 0
    new: int = 0
    unchanged: int = 0
    different: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    # By code of the warning: on how many lines, and the first of them.
    warned: dict[str, list[int]] = field(default_factory=dict)
    sample: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, record: DossierImport) -> Report:
        """What a run had done when its worker died."""
        return cls(
            **record.counts,
            problems=[Problem(**told) for told in record.problems],
            warned={one["code"]: [one["count"], one["line"]] for one in record.warnings},
        )

    @property
    def counts(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "new": self.new,
            "unchanged": self.unchanged,
            "different": self.different,
            "refused": self.refused,
        }

    @property
    def warnings(self) -> list[dict[str, Any]]:
        return [
            {"code": code, "count": count, "line": first, "message": say(f"import_warn_{code}")}
            for code, (count, first) in sorted(self.warned.items())
        ]

    def refuse(self, line: int, code: str, refused: LineRefused) -> None:
        self.refused += 1
        told = Problem.of(line, code, refused)
        self.show(line, code, "refused", told.reason)
        if len(self.problems) < MOST_NAMED:
            self.problems.append(told)

    def show(self, line: int, code: str, what: str, reason: str = "") -> None:
        """One of the first lines, for a preview."""
        if len(self.sample) < SHOWN:
            self.sample.append({"line": line, "code": code, "what": what, "reason": reason})

    def differs(self, row: Row, columns: Sequence[str], reason: str) -> None:
        self.different += 1
        self.show(row.line, row.code, "different", reason)
        if len(self.changes) < MOST_NAMED:
            told = {"line": row.line, "code": row.code, "columns": list(columns), "reason": reason}
            self.changes.append(told)

    def warn(self, line: int, codes: Iterable[str]) -> None:
        for code in codes:
            seen = self.warned.setdefault(code, [0, line])
            seen[0] += 1


def administrator(username: str, on: datetime) -> Officer:
    """Who vouches that the past may count as it happened. Errors: DomainError("import_confirmer")."""
    officer = Officer.objects.working().filter(username=username).first()
    grants = RoleGrant.objects.valid_on(timezone.localdate(on)).filter(role=Role.ADMINISTRATOR)
    if officer is None or not grants.filter(officer=officer).exists():
        raise DomainError("import_confirmer", username=username)
    return officer


@dataclass(frozen=True, slots=True)
class Order:
    """Who imports what, and how it counts. `paths`: only agencies below these (None: all)."""

    source: Source
    at: datetime
    by: Officer | None = None
    confirmed_by: Officer | None = None
    counts: str = Counts.AS_HAPPENED
    dry_run: bool = False
    paths: tuple[str, ...] | None = None
    # The run that a page has made already.
    record: DossierImport | None = None


def import_dossiers(order: Order, *, progress: Callable[[Report], None] = lambda _: None) -> Report:
    """Import every line that can be; a bad one never stops the good ones.

    Effects per batch, in one transaction: dossiers with their events, intervals, waits, search keys
    and register numbers. One DossierImport says what came of it. With `dry_run` nothing is written.
    Errors: DomainError of reading.open_source and lines_of.
    """
    report, known = Report(), Known()
    if order.record is not None and not order.dry_run:
        report = Report.of(order.record)
    run = writing.Run(
        order.record or _record(order),
        order.at,
        order.by or order.confirmed_by,
        order.counts == Counts.AS_HAPPENED,
    )
    checks = _Checks(order)
    if order.source.unknown and not report.rows:
        report.warn(1, ["columns"])
    # What a worker that died had done stands; the rest of the file goes on from there.
    for batch in _batches(islice(reading.lines_of(order.source), report.rows, None), BATCH):
        if order.dry_run:
            _take(batch, report, known, checks, order)
        else:
            with transaction.atomic():
                _hold(run.record, report)
                new = _take(batch, report, known, checks, order)
                if new:
                    writing.write(new, run)
                _keep(run.record, report)
        progress(report)
    if not order.dry_run:
        finish(run.record, report)
    return report


def _record(order: Order) -> DossierImport:
    made = DossierImport(
        at=order.at,
        by=order.by or order.confirmed_by,
        confirmed_by=order.confirmed_by,
        file_name=order.source.name[:250],
        sha256=order.source.sha256,
        counts_from=order.counts,
        stage=DossierImport.Stage.RUNNING,
        rows=order.source.lines,
    )
    if not order.dry_run:
        made.save()
    return made


def _hold(record: DossierImport, report: Report) -> None:
    """One worker at a time. Errors: DomainError("import_elsewhere") when another one went on."""
    done = (
        DossierImport.objects.select_for_update().values_list("done", flat=True).get(pk=record.pk)
    )
    if done != report.rows:
        raise DomainError("import_elsewhere")


def _keep(record: DossierImport, report: Report) -> None:
    """What has been done so far, in the transaction that did it."""
    record.done = report.rows
    record.counts, record.warnings = report.counts, report.warnings
    if len(record.problems) != len(report.problems):
        record.problems = [problem.told() for problem in report.problems]
    record.touched_at = timezone.now()
    record.save(update_fields=["done", "counts", "warnings", "problems", "touched_at"])


def finish(record: DossierImport, report: Report) -> None:
    """Keep what came of a run."""
    _keep(record, report)
    record.stage, record.rows = DossierImport.Stage.DONE, report.rows
    record.ended_at = timezone.now()
    record.save(update_fields=["stage", "rows", "ended_at"])


def _batches(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _take(
    lines: Sequence[Line], report: Report, known: Known, checks: _Checks, order: Order
) -> list[Match]:
    """Read, compare and match a batch. Out: what is new."""
    report.rows += len(lines)
    rows = []
    for line in lines:
        try:
            row = reading.read(line, now=order.at)
            checks.seen_once(row)
        except LineRefused as refused:
            report.refuse(line.number, line.cells.get("code", "")[:60], refused)
            continue
        rows.append(row)
    stored = _stored(rows)
    matches = []
    for row in rows:
        if row.code in stored:
            _compare(row, *stored[row.code], report)
            continue
        try:
            match = known.match(row)
            checks.scope(match)
            checks.counting(match)
        except LineRefused as refused:
            report.refuse(row.line, row.code, refused)
            continue
        matches.append(match)
    checks.begin()
    taken = _registers(matches)
    new = [match for match in matches if checks.register(match, taken, report)]
    for match in new:
        report.show(match.row.line, match.row.code, "new")
        report.warn(match.row.line, match.warnings)
    report.new += len(new)
    return new


def _stored(rows: Sequence[Row]) -> dict[str, tuple[bytes, str | None]]:
    """What is here already, by code: salt, and the marks of the line it was made of (None: it was
    received here).
    """
    found = Dossier.objects.filter(code__in=[row.code for row in rows]).values_list(
        "code", "salt", "source_record__row_digest"
    )
    return {code: (bytes(salt), marks) for code, salt, marks in found}


def _compare(row: Row, salt: bytes, marks: str | None, report: Report) -> None:
    if marks is None:
        report.differs(row, (), say("import_received_here"))
    elif columns := row.different_from(marks, salt):
        report.differs(row, columns, say("import_different", {"columns": ", ".join(columns)}))
    else:
        report.unchanged += 1
        report.show(row.line, row.code, "unchanged")


# Office, year, number.
Register = tuple[int, int, int]


def _registers(matches: Sequence[Match]) -> set[Register]:
    """Which of these numbers the registers have. One query an office and year."""
    wanted: dict[tuple[int, int], list[int]] = {}
    for match in matches:
        if match.row.register_number is not None:
            office = (match.received_by.pk, match.year)
            wanted.setdefault(office, []).append(match.row.register_number)
    found: set[Register] = set()
    for (agency_id, year), numbers in wanted.items():
        rows = Dossier.objects.filter(
            received_by_agency=agency_id, register_year=year, register_number__in=numbers
        )
        found |= {(agency_id, year, n) for n in rows.values_list("register_number", flat=True) if n}
    return found


class _Checks:
    """What lines are asked beside what they say themselves; one for a whole run."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._may_repeat = reading.MayRepeat(order.source)
        self._codes: dict[str, int] = {}
        self._registers: set[Register] = set()
        self._signed: dict[int, datetime | None] = {}
        locked = RegisterCounter.objects.filter(locked=True)
        self._locked = set(locked.values_list("agency_id", "year"))
        self._live = dict(
            OfficeSettings.objects.exclude(live_from=None).values_list("agency_id", "live_from")
        )

    def seen_once(self, row: Row) -> None:
        """A code stands once in a file."""
        if row.code not in self._may_repeat:
            return
        first = self._codes.setdefault(row.code, row.line)
        if first != row.line:
            raise LineRefused("code", "import_code_twice", line=first)

    def begin(self) -> None:
        """A batch: what earlier ones wrote is asked of the registers; a preview wrote nothing."""
        if not self._order.dry_run:
            self._registers.clear()

    def scope(self, match: Match) -> None:
        """A page imports only for the agencies that its administrator looks after."""
        paths = self._order.paths
        if paths is not None and not any(match.agency.is_under(path) for path in paths):
            raise LineRefused("agency", "import_scope", agency=match.agency.name)

    def counting(self, match: Match) -> None:
        """From when on it may count."""
        if self._order.counts != Counts.AS_HAPPENED:
            return
        agency = match.agency
        signed = self._signed_until(agency.pk)
        if signed is not None and match.row.received_at <= signed:
            raise LineRefused("received_at", "import_signed", day=f"{local(signed):%d/%m/%Y}")
        if self._order.confirmed_by is not None:
            return
        live = self._live.get(agency.pk)
        if live is None or timezone.localdate(match.row.last_instant) >= live:
            raise LineRefused("agency", "import_not_confirmed", agency=agency.code)

    def _signed_until(self, agency_id: int) -> datetime | None:
        if agency_id not in self._signed:
            self._signed[agency_id] = signed_until([agency_id]).get(agency_id)
        return self._signed[agency_id]

    def register(self, match: Match, taken: set[Register], report: Report) -> bool:
        """A number stands once in the register of an office and year."""
        number = match.row.register_number
        if number is None:
            return True
        key = (match.received_by.pk, match.year, number)
        if key[:2] in self._locked:
            refused = LineRefused("register_number", "import_register_locked", year=match.year)
            report.refuse(match.row.line, match.row.code, refused)
            return False
        is_taken = key in self._registers or key in taken
        self._registers.add(key)
        if is_taken:
            refused = LineRefused(
                "register_number", "import_register_taken", number=number, year=match.year
            )
            report.refuse(match.row.line, match.row.code, refused)
        return not is_taken
