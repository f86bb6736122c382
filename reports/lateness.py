"""The lists of late dossiers: who was apologised to and who was not (R-54, R-57), whose cause is
written and whose is not (R-58).

Late here is what the tables count (the current interval of each dossier), so that a list and a
figure of the same moment agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from dossiers.models import Span
from dossiers.models.outcome import Outcome
from dossiers.models.querysets import is_due_soon
from dossiers.states import State
from onestop.worktime import start_of_day
from reports import apologies
from reports.models import LateCause

# What has ended is asked for of so many days, unless an address says otherwise.
DAYS_BACK = 90


def first_day(last: date) -> date:
    """Where a list up to this day begins, where nobody says otherwise."""
    return last - timedelta(days=DAYS_BACK)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of these agencies, at this moment; what has ended or was apologised for within these days,
    both included.
    """

    agencies: Sequence[int]
    at: datetime
    first: date
    last: date

    @property
    def whose(self) -> Q:
        """What was received by mistake is in no list, whatever was done to it before."""
        return Q(agency__in=self.agencies, state__lt=State.VOIDED)


@dataclass(frozen=True, slots=True)
class List:
    """`key`: in addresses. `about_causes`: shows causes and proposals, else apologies; `to_do`: what
    it lists waits for an apology, or for its cause.
    """

    key: str
    label: str
    hint: str
    empty: str
    about_causes: bool = False
    to_do: bool = False


DUE_SOON = List(
    "sap-den-han",
    "Sắp đến hạn, chưa xin lỗi",
    "Hồ sơ nào không kịp thì xin lỗi, hẹn lại trước ngày hẹn trả ít nhất một ngày.",
    "Hồ sơ sắp đến hạn đều đã xin lỗi, hoặc không có hồ sơ nào sắp đến hạn.",
    to_do=True,
)
MISSING = List(
    "chua-xin-loi",
    "Quá hạn, chưa xin lỗi",
    "Đang quá hạn, hoặc đã kết thúc quá hạn trong những ngày này, mà chưa lần nào xin lỗi.",
    "Hồ sơ quá hạn đều đã xin lỗi.",
    to_do=True,
)
LATE = List(
    "xin-loi-muon",
    "Xin lỗi muộn",
    "Chỉ xin lỗi sau khi đã quá hạn.",
    "Không hồ sơ nào chỉ xin lỗi sau khi đã quá hạn trong những ngày này.",
)
IN_TIME = List(
    "xin-loi-dung-han",
    "Xin lỗi trước hạn",
    "Đã xin lỗi, hoặc xin lỗi và hẹn lại, trước khi quá hạn.",
    "Chưa xin lỗi trước hạn hồ sơ nào trong những ngày này.",
)
UNSAID = List(
    "chua-ghi",
    "Chưa ghi nguyên nhân",
    "Đang quá hạn, hoặc đã kết thúc quá hạn trong những ngày này, mà chưa ghi nguyên nhân.",
    "Hồ sơ quá hạn đều đã có nguyên nhân.",
    about_causes=True,
    to_do=True,
)
SAID = List(
    "da-ghi",
    "Đã ghi nguyên nhân",
    "Quá hạn và đã có nguyên nhân, đơn vị chịu trách nhiệm.",
    "Chưa ghi nguyên nhân của hồ sơ quá hạn nào trong những ngày này.",
    about_causes=True,
)
LISTS = {one.key: one for one in (DUE_SOON, MISSING, LATE, IN_TIME, UNSAID, SAID)}


def rows_of(one: List, asked: Asked) -> Q:
    """What a list holds."""
    if one is DUE_SOON:
        return asked.whose & is_due_soon(asked.at) & ~apologies.apologised()
    if one is MISSING:
        return late(asked) & ~apologies.apologised()
    if one is UNSAID:
        return late(asked) & ~_is_said()
    if one is SAID:
        return late(asked) & _is_said()
    made = asked.whose & apologies.apologised_in(asked.first, asked.last)
    return made & apologies.in_time() if one is IN_TIME else made & ~apologies.in_time()


def late(asked: Asked) -> Q:
    """Late now, or ended late within the days: as (13) and (10) of the tables count them."""
    current = Span.objects.filter(agency__in=asked.agencies, to_known=None, gone_known=None)
    now = current.filter(group__lt=Span.Group.ENDED, late_from__lte=asked.at)
    begin, end = start_of_day(asked.first), start_of_day(asked.last + timedelta(days=1))
    ended = current.filter(
        group=Span.Group.ENDED, verdict=Outcome.LATE, ended_at__gte=begin, ended_at__lt=end
    )
    return Q(pk__in=now.values("dossier")) | Q(pk__in=ended.values("dossier"))


def _is_said() -> Q:
    return Q(Exists(LateCause.objects.filter(dossier=OuterRef("pk"), replaced_at=None)))
