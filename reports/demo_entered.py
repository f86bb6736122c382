"""What the demo shows of a form entered by hand: communes' II.05a of petitions (PAKN), signed, half
filled, not begun.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.hooks import demo_made
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.worktime import VN
from procedures.models import Field
from reports import signing
from reports.entering import acts
from reports.figures.entered import Line
from reports.form_data import form_on
from reports.models import ReportForm
from reports.periods import Kind, Period, newest_over

CODE = "II.05a"
# Days after a period on which it is signed.
AFTER = 2
NUMBERS = tuple(str(number) for number in range(3, 15))
# (3) … (14) of fields that most agencies have.
BEFORE = {
    "Hộ tịch": (6, 0, 6, 3, 2, 1, 5, 3, 2, 1, 0, 5),
    "Chứng thực": (2, 0, 2, 2, 0, 0, 2, 2, 0, 0, 0, 2),
    "Bảo trợ xã hội": (4, 0, 4, 1, 3, 0, 2, 1, 1, 1, 1, 2),
}
NEWEST: dict[str, tuple[int | None, ...]] = {
    "Hộ tịch": (9, 1, 8, 5, 3, 1, 7, 4, 3, 2, 0, 7),
    "Chứng thực": (3, 0, 3, 3, 0, 0, 2, 2, 0, 0, 1, 2),
    "Bảo trợ xã hội": (5, 1, 4, 2, 3, 0, 4, 2, 2, 1, 0, 4),
}
# What a controller left in the middle.
HALF: dict[str, tuple[int | None, ...]] = NEWEST | {
    "Chứng thực": (3, 0, 3, None, None, None, 2, 2, 0, 0, 0, None)
}


def connect() -> None:
    demo_made.connect(_enter, dispatch_uid="reports.demo_entered")


def _enter(*, agencies: Iterable[Agency], at: datetime, **_: Any) -> None:
    show(agencies, at)


def show(agencies: Iterable[Agency], at: datetime, *, half_from: int = 1) -> None:
    """Two communes signed the older quarter; the first signed the newest too, the second is half
    through. `half_from`: the first one that is.
    """
    newest = newest_over(timezone.localdate(at), Kind.QUARTER)
    before = newest.previous()
    fields = dict(Field.objects.filter(name__in=BEFORE).values_list("name", "pk"))
    able = [one for one in agencies if one.parent_id and _is_able(one, at)]
    for number, agency in enumerate(able[:2]):
        is_half = number >= half_from
        told = HALF if is_half else NEWEST
        _fill(agency, before, _lines(BEFORE, fields), at, is_signed=True)
        _fill(agency, newest, _lines(told, fields), at, is_signed=not is_half)


def _fill(
    agency: Agency, period: Period, lines: list[Line], now: datetime, *, is_signed: bool
) -> None:
    form: ReportForm = form_on(CODE, period.last)
    at = _morning(period, now)
    by, head = _holder(agency, Role.CONTROLLER, at), _holder(agency, Role.LEADER, at)
    if by is None or head is None:
        return
    acts.save(form, agency, period, lines, seen=0, by=by, at=at)
    if is_signed and by.officer.pk != head.officer.pk:
        report = signing.prepare(form, agency, period, by=by, at=at)
        signing.sign(report, by=head, at=at)


def _lines(figures: dict[str, Any], fields: dict[str, int]) -> list[Line]:
    return [
        Line(f"field:{fields[name]}", name, dict(zip(NUMBERS, told, strict=True)))
        for name, told in figures.items()
        if name in fields
    ]


def _morning(period: Period, now: datetime) -> datetime:
    """Two days after the period, not later than the demo is made."""
    day = period.last + AFTER * timedelta(days=1)
    return min(datetime.combine(day, time(9, 0), VN), now)


def _is_able(agency: Agency, at: datetime) -> bool:
    return all(_holder(agency, role, at) for role in (Role.CONTROLLER, Role.LEADER))


def _holder(agency: Agency, role: Role, at: datetime) -> Desk | None:
    held = RoleGrant.objects.filter(agency=agency, role=role, officer__is_active=True)
    grant = held.select_related("officer").order_by("pk").first()
    return desk_of(grant.officer, at) if grant is not None else None
