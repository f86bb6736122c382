"""The acts on a report as officers do them: who may, what is kept, who is told, what leaves a
trace. What may follow what, and what is frozen, stands in frozen.py.

    prepared (controller) → signed (another person, the head) → returned for repair | withdrawn
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.models import AccessKind, Agency, Officer, Role, RoleGrant
from onestop.changes.domain import add_all
from onestop.errors import DomainError
from onestop.outbox.domain import post
from onestop.outbox.told import told
from reports import frozen, rendering
from reports.models import Draft, FrozenFile, ReportForm, SignedReport
from reports.periods import Period

State = SignedReport.State


def check_prepare(
    form: ReportForm, agency: Agency, period: Period, *, by: Desk, at: datetime
) -> None:
    """Errors: DomainError("report_not_yours") and those of frozen.check_prepare()."""
    _may(by, agency, Role.CONTROLLER)
    frozen.check_prepare(form, agency, period, at, at=at)


def prepare(
    form: ReportForm,
    agency: Agency,
    period: Period,
    *,
    by: Desk,
    at: datetime,
    cut: datetime | None = None,
) -> SignedReport:
    """The controller counts the report as of now, or of when it was asked for (`cut`), and puts it
    before the head.

    Errors: DomainError("report_not_yours") and those of frozen.prepare().
    """
    _may(by, agency, Role.CONTROLLER)
    with transaction.atomic():
        report = frozen.prepare(form, agency, period, cut or at, by=by.officer, at=at)
        _done(report, "prepared", "trình ký", Role.LEADER, by=by, at=at)
    return report


def take_back(report: SignedReport, *, by: Desk, at: datetime) -> SignedReport:
    """A controller of the agency takes back what waits for its signature. Errors:
    DomainError("report_not_yours", "report_gone").
    """
    _may(by, report.agency, Role.CONTROLLER)
    with transaction.atomic():
        done = frozen.send_back(report.pk, reason="Người trình rút lại", by=by.officer, at=at)
        _trace(done, "rút lại bản trình", by)
    return done


def check_sign(report: SignedReport, *, by: Desk) -> None:
    """Errors: DomainError("report_not_yours") and those of frozen.check_sign()."""
    _may(by, report.agency, Role.LEADER)
    frozen.check_sign(report, by=by.officer)


def drawn(
    report: SignedReport, *, progress: Callable[[int], None] = rendering.untold
) -> dict[FrozenFile.Kind, bytes]:
    """The files of a report as they are to be signed. `progress`: as rendering.xlsx() tells it."""
    table = frozen.thaw(report)
    return {
        FrozenFile.Kind.PDF: rendering.pdf(table, state="signed"),
        FrozenFile.Kind.XLSX: rendering.xlsx(table, state="signed", progress=progress),
    }


def sign(
    report: SignedReport,
    *,
    by: Desk,
    at: datetime,
    files: Mapping[FrozenFile.Kind, bytes] | None = None,
) -> SignedReport:
    """The head signs: figures, dossiers, PDF, xlsx and their hashes never change again.

    The files are made before the transaction, by a worker (`files`) or here: SQLite has one writer.
    Errors: DomainError("report_not_yours") and those of frozen.sign().
    """
    _may(by, report.agency, Role.LEADER)
    files = files or drawn(report)
    with transaction.atomic():
        done = frozen.sign(report.pk, by=by.officer, at=at)
        add_all(
            FrozenFile,
            [
                FrozenFile(
                    report=done,
                    kind=kind,
                    sha256=hashlib.sha256(content).hexdigest(),
                    content=content,
                )
                for kind, content in files.items()
            ],
        )
        _done(done, "signed", "ký", Role.CONTROLLER, by=by, at=at)
    return done


def send_back(report: SignedReport, *, reason: str, by: Desk, at: datetime) -> SignedReport:
    """Before it is signed the head, afterwards whoever receives it above, returns it for repair:
    it stays as it was, the next one is version n+1.

    Errors: DomainError("report_not_above", "report_not_yours") and those of frozen.send_back().
    """
    if report.state == State.PREPARED:
        _may(by, report.agency, Role.LEADER)
    elif not is_above(by, report.agency):
        raise DomainError("report_not_above", agency=report.agency.name)
    with transaction.atomic():
        done = frozen.send_back(report.pk, reason=reason, by=by.officer, at=at, source=report.state)
        _done(done, "returned", "trả lại để sửa", Role.CONTROLLER, by=by, at=at)
    return done


def withdraw(report: SignedReport, *, reason: str, by: Desk, at: datetime) -> SignedReport:
    """Signed wrongly: the head takes it out of force; it stays, with the reason. Errors:
    DomainError("report_not_yours") and those of frozen.withdraw().
    """
    _may(by, report.agency, Role.LEADER)
    with transaction.atomic():
        done = frozen.withdraw(report.pk, reason=reason, by=by.officer, at=at)
        _done(done, "withdrawn", "thu hồi", Role.CONTROLLER, by=by, at=at)
    return done


def is_above(by: Desk, agency: Agency) -> bool:
    """Whether the officer leads or controls an agency above this one."""
    return any(
        agency.path.startswith(path) and path != agency.path
        for path in by.paths_as(Role.LEADER, Role.CONTROLLER)
    )


def holds(by: Desk, agency: Agency, role: Role) -> bool:
    """Whether the officer holds the role in this very agency: who prepares and who signs."""
    return by.has(role, agency_id=agency.pk)


def tell_due(draft: Draft, *, at: datetime) -> None:
    """Ring the controllers: a report is owed. Call it inside the transaction that made the draft."""
    _tell(draft, draft.period, "due", Role.CONTROLLER, by=None, at=at)


def _may(by: Desk, agency: Agency, role: Role) -> None:
    if not holds(by, agency, role):
        raise DomainError("report_not_yours", role=role.label, agency=agency.name)


def _done(
    report: SignedReport, event: str, words: str, role: Role, *, by: Desk, at: datetime
) -> None:
    _trace(report, words, by)
    _tell(report, report.days, event, role, by=by.officer, at=at)


def _trace(report: SignedReport, words: str, by: Desk) -> None:
    detail = f"{words} {report.form.code} {report.period}, lần {report.version}"
    who: Officer = by.officer
    access(who, AccessKind.REPORT_ACT, "report", report.pk, detail, about=report.agency_id)


def _tell(
    report: SignedReport | Draft,
    period: Period,
    event: str,
    role: Role,
    *,
    by: Officer | None,
    at: datetime,
) -> None:
    """The words of an event to all who hold the role."""
    words = told(f"reports/told/{event}", report=report, period=period, by=by)
    holders = RoleGrant.objects.all().nearest_holders(role, report.agency, timezone.localdate(at))
    for person in holders:
        if by is None or person.pk != by.pk:
            post(
                kind="report",
                dedupe=f"report:{event}:{report.pk}:{at.isoformat()}:{person.pk}",
                **words,
                at=at,
                to_officer=person,
                object_kind="report",
                object_id=report.pk,
                link=report.get_absolute_url(),
            )
