"""What a controller puts in order before a cut, so that the figures are true: causes that are missing,
results nobody confirmed, waits, hand-overs nobody confirmed. Each leads to where it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier, Result
from dossiers.models.querysets import is_open, is_waiting
from onestop.accounts.models import Agency
from reports import lateness
from reports.duties.owing import around
from reports.models import Duty
from reports.periods import DAY, Period

# So many days before a period's last day the list is told.
DAYS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to put in order. `url`: the page that lists its dossiers; of those without one the
    codes are named (`named`).
    """

    key: str
    label: str
    hint: str
    rows: Q
    view: str = ""
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    todo: Todo
    number: int
    url: str


def todos(agencies: Sequence[int], at: datetime) -> list[Todo]:
    """What is to be put in order of these agencies' dossiers."""
    day = timezone.localdate(at)
    asked = lateness.Asked(agencies, at, lateness.first_day(day), day)
    written = Result.objects.current().filter(dossier=OuterRef("pk"))
    own = Q(agency__in=agencies)
    return [
        Todo(
            "nguyen-nhan",
            "Quá hạn, chưa ghi nguyên nhân",
            "Ghi nguyên nhân và đơn vị chịu trách nhiệm, để biểu nguyên nhân đủ.",
            lateness.rows_of(lateness.UNSAID, asked),
            "late_list",
            (("muc", lateness.UNSAID.key),),
        ),
        Todo(
            "ket-qua",
            "Có kết quả, chưa kết thúc",
            "Duyệt, hoặc Bộ phận Một cửa nhận kết quả: chưa xong thì biểu vẫn tính là đang giải quyết.",
            own & is_open() & Q(Exists(written)),
        ),
        Todo(
            "dang-cho",
            "Đang chờ bổ sung, nộp tiền",
            "Người dân đã bổ sung, đã nộp mà chưa ghi thì ghi ngay.",
            own & is_waiting() & Q(pending_department=None),
            "work",
            (("loai", "co-quan"), ("o", "cho-bo-sung")),
        ),
        Todo(
            "ban-giao",
            "Đã giao, chưa ai nhận",
            "Nhắc bên nhận xác nhận, hoặc thu hồi.",
            own & is_open() & Q(pending_department__isnull=False),
            "work",
            (("loai", "co-quan"), ("o", "da-giao")),
        ),
    ]


def found(agency: Agency, at: datetime, *, is_only: bool) -> list[Found]:
    """How many of each there are of one agency. A statement each. `is_only`: the reader's lists hold
    no other agency's dossiers; else they are no list of this number.
    """
    return [
        Found(one, Dossier.objects.filter(one.rows).count(), _address(one, agency, is_only=is_only))
        for one in todos([agency.pk], at)
    ]


def counts(agencies: Sequence[Agency], at: datetime) -> dict[int, list[Found]]:
    """What there is to put in order, by agency, for whoever oversees all of them. A statement each,
    whatever the agencies.
    """
    by_pk = {one.pk: one for one in agencies}
    found: dict[int, list[Found]] = {}
    for todo in todos(list(by_pk), at):
        rows = Dossier.objects.filter(todo.rows).order_by().values_list("agency")
        for pk, number in rows.annotate(number=Count("pk")):
            url = _address(todo, by_pk[pk], is_only=False)
            found.setdefault(pk, []).append(Found(todo, number, url))
    return found


def _address(todo: Todo, agency: Agency, *, is_only: bool) -> str:
    """The list of this number; "" where there is none."""
    query, view = dict(todo.query), todo.view
    if view == "late_list":
        query["coquan"] = agency.code
    elif not is_only:
        view = ""
    return f"{reverse(view)}?{urlencode(query)}" if view else ""


def next_cut(today: date) -> list[Period]:
    """The periods that end next, on one day; none where nobody owes anything. One query."""
    running = [one for one in around(today, Duty.objects.all(), back=0) if one.last >= today]
    if not running:
        return []
    last = min(one.last for one in running)
    return [one for one in running if one.last == last]


def is_near(cut: Sequence[Period], today: date) -> bool:
    """Whether the list is told by now."""
    return bool(cut) and today >= cut[0].last - DAYS_AHEAD * DAY
