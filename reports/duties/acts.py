"""What is done about a report that is owed: the document sent, the entry made, returned for repair,
judged poor, an act taken back; and outages of the reporting system. Who may, what is kept, who is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.models import AccessKind, Agency, Role, RoleGrant
from onestop.errors import DomainError
from onestop.files.domain import Kept, attach, keep
from onestop.once import once
from onestop.outbox.domain import post
from onestop.outbox.told import told
from reports import frozen
from reports.duties.judging import State
from reports.duties.owing import Owed, owed
from reports.models import Duty, DutyAct, ReportingOutage, SignedReport
from reports.periods import DAY, Period
from reports.signing import holds, is_above

ATTACHED = "duty_act"
PDF = "application/pdf"
Kind = DutyAct.Kind


@dataclass(frozen=True, slots=True)
class Report:
    """Whose report it is, which, and of which period."""

    agency: Agency
    duty: Duty
    period: Period

    def judged(self, today: date) -> Owed:
        """Errors: DomainError("duty_not_owed")."""
        found = owed([self.agency], [self.period], today, duties=[self.duty])
        if not found or found[0].state == State.NOT_OWED:
            raise DomainError("duty_not_owed", agency=self.agency.name)
        return found[0]


def send_document(
    report: Report,
    *,
    on: date,
    number: str,
    with_form: bool = False,
    file: UploadedFile[Any] | None = None,
    by: Desk,
    at: datetime,
) -> DutyAct:
    """The signed document went out on a day; its PDF is kept. A later one of the same sending stands
    instead.

    Errors: DomainError("report_not_yours", "duty_not_owed", "duty_day", "duty_no_form",
    "narrative_not_pdf"), those of onestop.files.
    """
    _check(report, on, by, at)
    if with_form and not report.duty.form_code:
        raise DomainError("duty_no_form", field="with_form")
    # Where no narrative is asked for, the document is the form.
    with_form = with_form or not report.duty.narrative
    kept = _narrative(file) if file is not None else None
    with transaction.atomic():
        act = _act(report, Kind.DOCUMENT, on, by, at, number=number.strip(), with_form=with_form,
                   sha256=kept.sha256 if kept is not None else "")  # fmt: skip
        if kept is not None:
            attach(kept, kind=ATTACHED, object_id=act.pk, by=by.officer, at=at)
    return act


def enter(report: Report, *, on: date, number: str, by: Desk, at: datetime) -> DutyAct:
    """It was entered in the reporting system on a day. Errors: DomainError("report_not_yours",
    "duty_not_owed", "duty_day").
    """
    _check(report, on, by, at)
    with transaction.atomic():
        return _act(report, Kind.ENTRY, on, by, at, number=number.strip())


def send_back(report: Report, *, reason: str, is_poor: bool, by: Desk, at: datetime) -> DutyAct:
    """Whoever receives it returns it for repair: all of it is to be sent again; a form that was signed
    here goes back with it, and the agency's controllers are told.

    Errors: DomainError("report_not_above", "reason_missing", "duty_nothing_sent", "report_gone").
    """
    today = _above(report, reason, by, at)
    found = report.judged(today)
    if not found.verdict.done:
        raise DomainError("duty_nothing_sent")
    sent = sum(one.kind == Kind.RETURNED for one in found.acts) + 1
    with once(DomainError("report_gone")):
        form = next((one for one in found.signed if one.state == SignedReport.State.SIGNED), None)
        if form is not None:
            frozen.send_back(
                form.pk, reason=reason, by=by.officer, at=at, source=SignedReport.State.SIGNED
            )
        if is_poor:
            _act(report, Kind.POOR, today, by, at, reason=reason.strip())
        act = _act(report, Kind.RETURNED, today, by, at, reason=reason.strip(), sending=sent)
        _tell(act, "duty_returned")
    return act


def find_poor(report: Report, *, reason: str, by: Desk, at: datetime) -> DutyAct:
    """It is not good enough, and is not asked for again; said once of each sending. Errors: as
    send_back(), DomainError("duty_poor_already").
    """
    today = _above(report, reason, by, at)
    with transaction.atomic():
        # Two who press at once: the second one sees what the first one wrote.
        Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=report.agency.pk)
        found = report.judged(today)
        if not found.verdict.done:
            raise DomainError("duty_nothing_sent")
        since = found.last_returned_at
        poor = [one.at for one in found.standing if one.kind == Kind.POOR]
        if any(since is None or since < one for one in poor):
            raise DomainError("duty_poor_already")
        act = _act(report, Kind.POOR, today, by, at, reason=reason.strip())
        _tell(act, "duty_poor")
    return act


def may_undo(act: DutyAct, agency: Agency, by: Desk) -> bool:
    """Its own side takes it back; a return stands: the report is sent again instead."""
    if act.kind in (Kind.DOCUMENT, Kind.ENTRY):
        return holds(by, agency, Role.CONTROLLER)
    return act.kind == Kind.POOR and is_above(by, agency)


def undo(report: Report, act_id: int, *, by: Desk, at: datetime) -> DutyAct:
    """An act recorded by mistake counts no more; its line stays. What a return has judged stands:
    late once stays late. Errors: DomainError("duty_undone", "report_not_yours").
    """
    found = report.judged(timezone.localdate(at))
    act = next((one for one in found.standing if one.pk == act_id), None)
    if act is None or not found.may_be_undone(act):
        raise DomainError("duty_undone")
    if not may_undo(act, report.agency, by):
        raise DomainError("report_not_yours", role=Role.CONTROLLER.label, agency=report.agency.name)
    with once(DomainError("duty_undone")):
        return _act(report, Kind.UNDONE, timezone.localdate(at), by, at, undoes=act)


def record_outage(
    *, from_day: date, to_day: date | None, basis: str, by: Desk, at: datetime
) -> ReportingOutage:
    """The reporting system stood still. Errors: DomainError("outage_days")."""
    if not from_day <= (to_day or from_day) <= timezone.localdate(at):
        raise DomainError("outage_days", field="to_day")
    with transaction.atomic():
        row = ReportingOutage.objects.create(
            from_day=from_day, to_day=to_day, basis=basis.strip(), recorded_by=by.officer, recorded_at=at
        )  # fmt: skip
        detail = f"ghi sự cố hệ thống báo cáo {row.from_day:%d/%m/%Y}"
        access(by.officer, AccessKind.REPORT_ACT, "reporting_outage", row.pk, detail)
    return row


def end_outage(outage: ReportingOutage, *, to_day: date, by: Desk, at: datetime) -> None:
    """It works again since the day after; said again, the day is corrected. The day before its
    first: it was recorded by mistake and counts no day. Errors: DomainError("outage_days").
    """
    with transaction.atomic():
        row = ReportingOutage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
        if not row.from_day - DAY <= to_day <= timezone.localdate(at):
            raise DomainError("outage_days", field="to_day")
        row.to_day = to_day
        row.save(update_fields=["to_day"])
        words = "ghi nhầm sự cố" if row.is_mistake else "hệ thống báo cáo hoạt động lại sau"
        detail = f"{words} {max(to_day, row.from_day):%d/%m/%Y}"
        access(by.officer, AccessKind.REPORT_ACT, "reporting_outage", row.pk, detail)


def _check(report: Report, on: date, by: Desk, at: datetime) -> None:
    if not holds(by, report.agency, Role.CONTROLLER):
        raise DomainError("report_not_yours", role=Role.CONTROLLER.label, agency=report.agency.name)
    today = timezone.localdate(at)
    report.judged(today)
    if not report.period.first <= on <= today:
        first = f"{report.period.first:%d/%m/%Y}"
        raise DomainError("duty_day", field="on", first=first)


def _above(report: Report, reason: str, by: Desk, at: datetime) -> date:
    if not is_above(by, report.agency):
        raise DomainError("report_not_above", agency=report.agency.name)
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    return timezone.localdate(at)


def _narrative(file: UploadedFile[Any]) -> Kept:
    """By its content, not by its name."""
    kept = keep(file, name=file.name or "")
    if kept.content_type != PDF:
        raise DomainError("narrative_not_pdf", field="file")
    return kept


def _act(
    report: Report, kind: DutyAct.Kind, on: date, by: Desk, at: datetime, **more: Any
) -> DutyAct:
    act = DutyAct.objects.create(
        agency=report.agency, duty=report.duty, period=report.period.code, kind=kind, on=on,
        by=by.officer, at=at, **more,
    )  # fmt: skip
    detail = f"{act.get_kind_display().lower()}: {report.duty.name}, {report.period.code}"
    access(by.officer, AccessKind.REPORT_ACT, "duty_act", act.pk, detail, about=report.agency.pk)
    return act


def _tell(act: DutyAct, event: str) -> None:
    """The words of an event to the controllers of the agency."""
    words = told(f"reports/told/{event}", act=act, duty=act.duty, period=act.days)
    day = timezone.localdate(act.at)
    for person in RoleGrant.objects.all().nearest_holders(Role.CONTROLLER, act.agency, day):
        post(
            kind="report",
            dedupe=f"{event}:{act.pk}:{person.pk}",
            **words,
            at=act.at,
            to_officer=person,
            object_kind="duty_act",
            object_id=act.pk,
            link=act.get_absolute_url(),
        )
