"""What the demo shows of the duty to report: a month's report of communes, sent, late, returned, not
sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.hooks import demo_made
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.worktime import VN
from reports.duties import acts
from reports.duties.acts import Report
from reports.models import Duty
from reports.periods import Kind, Period, newest_over

NAME = "Báo cáo nhanh công tác kiểm soát TTHC"
# Days after the period's end on which each commune in turn sends its report; None: not yet.
BEFORE: Sequence[int | None] = (2, 6, 3)
NEWEST: Sequence[int | None] = (2, 3, None)
RETURNED = 1


def connect() -> None:
    demo_made.connect(_report, dispatch_uid="reports.demo_duties")


def _report(*, agencies: Iterable[Agency], at: datetime, **_: Any) -> None:
    show(agencies, at)


def show(agencies: Iterable[Agency], at: datetime) -> None:
    """A duty of communes, and what these did about the two newest months."""
    newest = newest_over(timezone.localdate(at), Kind.MONTH)
    duty = Duty.objects.create(
        name=NAME, whose=Duty.Whose.COMMUNE, every=Duty.Every.MONTH, due_days=3, entry_days=3,
        effective_from=newest.previous().last,
    )  # fmt: skip
    communes = [one for one in agencies if duty.is_of(one)]
    for period, days in ((newest.previous(), BEFORE), (newest, NEWEST)):
        for agency, after in zip(communes, days, strict=False):
            if after is not None:
                _send(Report(agency, duty, period), after, at)
    if len(communes) > RETURNED:
        _send_back(Report(communes[RETURNED], duty, newest), at)


def _send(report: Report, days_after: int, now: datetime) -> None:
    at = _morning(report.period, days_after, now)
    by = _controller(report.agency.pk, at)
    if by is not None:
        on, number = timezone.localdate(at), f"{days_after + 10}/BC-UBND"
        acts.send_document(report, on=on, number=number, by=by, at=at)
        acts.enter(report, on=on, number="", by=by, at=at)


def _send_back(report: Report, now: datetime) -> None:
    above = report.agency.parent_id
    by = _controller(above, now) if above is not None else None
    if by is not None:
        reason = "Thiếu mục đề xuất, kiến nghị; số liệu ở mục II khác biểu II.06a."
        acts.send_back(report, reason=reason, is_poor=False, by=by, at=now)


def _morning(period: Period, days_after: int, now: datetime) -> datetime:
    """Not later than the demo is made."""
    day = period.last + days_after * timedelta(days=1)
    return min(datetime.combine(day, time(9, 0), VN), now)


def _controller(agency_id: int, at: datetime) -> Desk | None:
    held = RoleGrant.objects.filter(agency=agency_id, role=Role.CONTROLLER, officer__is_active=True)
    grant = held.select_related("officer").order_by("pk").first()
    return desk_of(grant.officer, at) if grant is not None else None
