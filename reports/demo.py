"""What the demo shows of reports: causes of lateness, said by heads and leaders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from dossiers.models import Dossier, Span
from dossiers.models.outcome import Outcome
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import desk_of
from onestop.accounts.hooks import demo_made
from onestop.accounts.models import Agency, Department, DepartmentKind, Officer, Role, RoleGrant
from onestop.worktime import VN
from onestop.worktime.calendar import Calendar
from reports.causes import say
from reports.models import LateCause

# So many of the newest late ones of an agency; every so manyth is without a cause yet.
NEWEST, UNSAID = 40, 4
Cause = LateCause.Cause
SAYINGS = (
    (Cause.STAFF, "Công chức thụ lý nghỉ thai sản, chưa bố trí người thay"),
    (Cause.COORDINATION, "Chờ kết quả xác minh của Công an xã"),
    (Cause.DELAY, ""),
    (Cause.COORDINATION, "Chờ ý kiến của Phòng Kinh tế"),
    (Cause.EQUIPMENT, "Máy chủ dùng chung gián đoạn hai ngày"),
    (Cause.RULES, "Mẫu tờ khai mới chưa có hướng dẫn ghi"),
    (Cause.OTHER, "Mưa lũ, người dân không đến bổ sung được"),
)


def connect() -> None:
    demo_made.connect(_say_causes, dispatch_uid="reports.demo")


def _say_causes(*, agencies: Iterable[Agency], at: datetime, **_: Any) -> None:
    dice = Random(7)
    for agency in agencies:
        people = _sayers(agency)
        rooms = Department.objects.filter(agency=agency, kind=DepartmentKind.PROFESSIONAL)
        room = rooms.order_by("order").first()
        if not people or room is None:
            continue
        calendar = calendar_of(agency.pk)
        for number, (dossier, since) in enumerate(_late(agency, at)):
            if number % UNSAID == 0:
                continue
            cause, detail = dice.choice(SAYINGS)
            mine = dossier.holder_department
            whose = mine if mine is not None and mine.agency_id == agency.pk else room
            said = min(_morning_after(since, calendar), at)
            by = desk_of(dice.choice(people), said)
            say(dossier, cause, whose, detail=detail, by=by, at=said)


def _late(agency: Agency, at: datetime) -> list[tuple[Dossier, datetime]]:
    """Those that ended late, and those that are late now, each with since when; newest first."""
    ended = Q(group=Span.Group.ENDED, verdict=Outcome.LATE)
    now = Q(group__lt=Span.Group.ENDED, late_from__lte=at)
    found = Span.objects.filter(ended | now, agency=agency, to_at=None, gone_known=None)
    found = found.select_related("dossier__agency", "dossier__holder_department")
    dated = found.annotate(since=Coalesce("ended_at", "late_from")).order_by("-since", "-pk")
    return [(one.dossier, one.since) for one in dated[:NEWEST]]


def _sayers(agency: Agency) -> list[Officer]:
    held = RoleGrant.objects.filter(agency=agency, role__in=(Role.HEAD, Role.LEADER))
    return [grant.officer for grant in held.select_related("officer").order_by("pk")]


def _morning_after(since: datetime, calendar: Calendar) -> datetime:
    today = timezone.localdate(since)
    # A year without calendar rows is read by its weeks.
    known = calendar.by_week(today.year).by_week(today.year + 1)
    day = known.next_working_day(today)
    return datetime.combine(day, time(8, 30), VN) + timedelta(minutes=since.minute)
