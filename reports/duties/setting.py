"""What the controller of the highest agency decides: which reports are owed from when on, and how
they are judged. What was set stays; another row holds from its own day on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError
from onestop.once import once
from reports.duties.owing import NUMBERS
from reports.models import Duty, DutyRule
from reports.periods import parse

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

NAME = "Báo cáo kết quả công tác kiểm soát TTHC"
# Older periods are owed by nobody: nobody could say here what was sent.
FIRST = date(2026, 12, 14)
Whose, Every = Duty.Whose, Duty.Every
# Quarter and year (NĐ 09/2019 Đ12); the days are usual practice, a province sets its own.
DEFAULTS = (
    (Whose.COMMUNE, "II.06a", 3),
    (Whose.DEPARTMENT, "II.06a", 3),
    (Whose.PROVINCE, "II.06b", 11),
)


def put_defaults(today: date) -> int:
    """In a database without any: the usual duties, of periods that end from today on. Out: how many."""
    table = Duty._meta.db_table
    if table not in connection.introspection.table_names() or Duty.objects.exists():
        return 0
    made = [
        Duty(
            name=NAME, whose=whose, every=every, form_code=form, due_days=days, entry_days=days,
            effective_from=max(FIRST, today),
        )
        for whose, form, days in DEFAULTS
        for every in (Every.QUARTER, Every.YEAR)
    ]  # fmt: skip
    return len(Duty.objects.bulk_create(made))


def set_duty(duty: Duty, *, replaces: Duty | None, by: Desk, at: datetime) -> Duty:
    """From its day on this is owed, instead of the one it replaces. Errors: DomainError("duty_needs")
    and those of stop_duty().
    """
    if not (duty.form_code or duty.narrative or duty.entered):
        raise DomainError("duty_needs", field="narrative")
    with transaction.atomic():
        if replaces is not None:
            stop_duty(replaces, last=duty.effective_from - timedelta(days=1), by=by, at=at)
        duty.save(force_insert=True)
        _trace(duty, f"đặt nghĩa vụ báo cáo: {duty}", by)
    return duty


def stop_duty(duty: Duty, *, last: date, by: Desk, at: datetime) -> None:
    """Periods that end after this day do not owe it; none at all when it is the day before its
    first. Errors: DomainError("duty_before"), DomainError("duty_has_acts") where an agency has sent
    what would be owed no more.
    """
    with transaction.atomic():
        rows = Duty.objects.select_for_update(of=("self",)).filter(pk=duty.pk, effective_to=None)
        found = rows.first()
        if found is None or last < found.effective_from - timedelta(days=1):
            raise DomainError("duty_before", field="effective_from")
        periods = found.acts.order_by().values_list("period", flat=True).distinct()
        if any(parse(code).last > last for code in periods):
            raise DomainError("duty_has_acts", field="effective_from")
        found.effective_to = last
        found.save(update_fields=["effective_to"])
        _trace(found, f"thôi nghĩa vụ báo cáo sau {last:%d/%m/%Y}: {found}", by)


def set_rule(rule: DutyRule, *, by: Desk, at: datetime) -> DutyRule:
    """How reports are judged from a day on; set again for the same day it is corrected, and what
    stood is kept. Errors: DomainError("rule_twice").
    """
    with once(DomainError("rule_twice", field="effective_from")):
        rows = DutyRule.objects.select_for_update(of=("self",))
        before = rows.filter(effective_from=rule.effective_from).first()
        row = before or rule
        for name in NUMBERS:
            setattr(row, name, getattr(rule, name))
        row.set_by, row.set_at = by.officer, at
        row.save()
        words = "đặt" if before is None else "sửa"
        access(
            by.officer, AccessKind.REPORT_ACT, "duty_rule", row.pk, f"{words} quy tắc chấm {row}"
        )
    return row


def _trace(duty: Duty, detail: str, by: Desk) -> None:
    access(by.officer, AccessKind.REPORT_ACT, "duty", duty.pk, detail)
