"""The figures of the dashboard, each a set of dossiers at a moment, in the words of the desk
(dossiers/models/querysets.py): late and due soon mean here what they mean on every list.

A set names columns of the dossier only and compares them with values, never negated where a column
may be empty: `asof` reads the same words for a dossier that has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from dossiers.models.outcome import Outcome
from dossiers.models.querysets import is_due_soon, is_late, is_open, is_waiting, is_working
from dossiers.states import State
from reports.board.moment import DAYS_AHEAD, Moment

Set = Callable[[Moment], Q]


@dataclass(frozen=True, slots=True)
class Figure:
    """`key`: in addresses and templates; `handed`: counted by hand-overs of the day, by this side
    of theirs.
    """

    key: str
    label: str
    of: Set
    hint: str = ""
    tone: str = "quiet"
    handed: str = ""


def _on_time(moment: Moment) -> Q:
    """In hand and not late."""
    return is_working() & (Q(late_from__gt=moment.at) | Q(late_from=None))


def _due_between(moment: Moment, first: str, last: str) -> Q:
    start, end = getattr(moment, first), getattr(moment, last)
    return _on_time(moment) & Q(undetermined=False, due_at__gte=start, due_at__lt=end)


def _later(moment: Moment) -> Q:
    """Everything in hand that is neither late nor due today or in the days ahead."""
    no_day = Q(due_at=None) | Q(due_at__gte=moment.ahead) | Q(due_at__lt=moment.begin)
    return _on_time(moment) & (Q(undetermined=True) | no_day)


def _elsewhere(moment: Moment) -> Q:
    """Open, and lying in a room of another agency than the one that handles it."""
    other = Q(holder_department__agency__gt=F("agency")) | Q(
        holder_department__agency__lt=F("agency")
    )
    return is_open() & other


def _ended_today(moment: Moment) -> Q:
    return Q(ended_at__gte=moment.begin, ended_at__lte=moment.at)


OPEN = Figure("dang-mo", "Đang mở", lambda m: is_open(), "Mọi hồ sơ chưa kết thúc, kể cả đang chờ.")
LATE = Figure(
    "qua-han",
    "Quá hạn",
    lambda m: is_late(m.at),
    "Đã quá hạn lúc này, kể cả hồ sơ quá hạn rồi mới yêu cầu bổ sung.",
    "late",
)
TODAY = Figure(
    "hom-nay",
    "Đến hạn hôm nay",
    lambda m: _due_between(m, "begin", "tomorrow"),
    "Hẹn trả hôm nay và chưa quá hạn.",
    "soon",
)
AHEAD = Figure(
    "sap-toi",
    f"Đến hạn {DAYS_AHEAD} ngày tới",
    lambda m: _due_between(m, "tomorrow", "ahead"),
    f"Hẹn trả từ ngày mai đến hết {DAYS_AHEAD} ngày nữa.",
    "soon",
)
SOON = Figure(
    "sap-het-han",
    "Sắp đến hạn",
    lambda m: is_due_soon(m.at),
    "Như ở “Việc của tôi”: còn 20% thời hạn, chậm nhất từ đầu ngày làm việc trước ngày hẹn.",
    "soon",
)
LATER = Figure(
    "con-lai", "Còn xa hạn", _later, "Hẹn trả sau đó, không hẹn trả, hoặc chưa xác định ngày hẹn."
)
UNKNOWN = Figure(
    "chua-xac-dinh",
    "Chưa xác định ngày hẹn",
    lambda m: _on_time(m) & Q(undetermined=True),
    "Lịch làm việc của năm cần tính chưa có.",
    "soon",
)
PAUSED = Figure(
    "dang-cho",
    "Đang chờ, chưa quá hạn",
    lambda m: is_waiting() & Q(late_while_waiting=False),
    "Chờ bổ sung hoặc nộp tiền, thời hạn tạm dừng.",
    "wait",
)
PAPERS = Figure(
    "cho-bo-sung",
    "Chờ bổ sung",
    lambda m: is_waiting() & Q(state=State.AWAITING_PAPERS),
    "Chờ người dân bổ sung giấy tờ.",
    "wait",
)
MONEY = Figure(
    "cho-nop-tien",
    "Chờ nộp tiền",
    lambda m: is_waiting() & Q(state=State.AWAITING_PAYMENT),
    "Chờ người dân thực hiện nghĩa vụ tài chính.",
    "wait",
)
ELSEWHERE = Figure(
    "co-quan-khac",
    "Ở cơ quan khác",
    _elsewhere,
    "Đang nằm ở đơn vị của cơ quan khác; thời hạn vẫn tính.",
    "wait",
)
STEP_OVER = Figure(
    "qua-gio-buoc",
    "Quá giờ của bước",
    lambda m: is_working() & Q(step_due_at__lt=m.at),
    "Bước đang làm đã quá thời gian được giao, dù hồ sơ có thể chưa quá hạn.",
    "late",
)
TO_COLLECT = Figure(
    "cho-tra",
    "Kết quả chưa nhận",
    lambda m: Q(state=State.FINISHED),
    "Đã có kết quả ở Bộ phận Một cửa, chưa trả.",
    "done",
)
RECEIVED = Figure(
    "tiep-nhan", "Tiếp nhận hôm nay", lambda m: Q(received_at__gte=m.begin, received_at__lte=m.at)
)
ENDED = Figure(
    "ket-thuc",
    "Kết thúc hôm nay",
    _ended_today,
    "Có kết quả, từ chối, rút hoặc dừng trong hôm nay.",
)
ENDED_LATE = Figure(
    "ket-thuc-qua-han",
    "Kết thúc hôm nay, quá hạn",
    lambda m: _ended_today(m) & Q(verdict=Outcome.LATE),
    tone="late",
)
GIVEN_IN = Figure(
    "nhan-ban-giao",
    "Được giao hôm nay",
    lambda m: Q(),
    "Hồ sơ bên khác giao cho phòng trong hôm nay.",
    handed="receiver_department",
)
GIVEN_OUT = Figure(
    "giao-di",
    "Giao đi hôm nay",
    lambda m: Q(),
    "Hồ sơ phòng giao đi trong hôm nay.",
    handed="giver_department",
)

# What an open dossier is, each exactly one of them: the parts of a bar.
PARTS: Sequence[Figure] = (LATE, TODAY, AHEAD, LATER, PAUSED)
# What is counted over open work, and what over the ends and the receptions of the day.
OPEN_FIGURES: Sequence[Figure] = (OPEN, *PARTS, SOON, UNKNOWN, PAPERS, MONEY, ELSEWHERE, STEP_OVER)
FLOWS: Sequence[Figure] = (RECEIVED, ENDED, ENDED_LATE)
HANDED: Sequence[Figure] = (GIVEN_IN, GIVEN_OUT)
FIGURES: dict[str, Figure] = {one.key: one for one in (*OPEN_FIGURES, TO_COLLECT, *FLOWS, *HANDED)}
