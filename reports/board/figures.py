"""The figures of the dashboard, each a set of dossiers at a moment, in the words of the desk
(dossiers/models/querysets.py): late and due soon mean here what they mean on every list.

A set names columns of the dossier only and compares them with values, never negated where a column
may be empty: `asof` reads the same words for a dossier that has changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from dossiers.models import querysets as desk
from dossiers.models.outcome import Outcome
from dossiers.models.querysets import is_late
from dossiers.states import State
from reports.board.moment import DAYS_AHEAD, DAYS_BACK, Moment

Set = Callable[[Moment], Q]


@dataclass(frozen=True, slots=True)
class Figure:
    """`key`: in addresses and templates.

    `handed`: counted by hand-overs of the day, by this side of theirs. `wide`: of all that the
    agencies handle, whichever department holds it. `days`: about the days that the address names.
    `files`: only those with a file of this kind. `fetched`: only those whose result is still waited
    for at the counter, not those in the archive.
    """

    key: str
    label: str
    of: Set
    hint: str = ""
    tone: str = "quiet"
    handed: str = ""
    wide: bool = False
    days: bool = False
    files: str = ""
    fetched: bool = False


# Received for another agency regardless of boundaries, and not confirmed there yet: no work of that
# agency until it has it, here as in the statutory forms (R-37, dossiers/ledger/spans.py).
_BEGUN = Q(awaits_agency=False)


def is_open() -> Q:
    return desk.is_open() & _BEGUN


def is_working() -> Q:
    return desk.is_working() & _BEGUN


def is_waiting() -> Q:
    return desk.is_waiting() & _BEGUN


def is_due_soon(at: datetime) -> Q:
    return desk.is_due_soon(at) & _BEGUN


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


# A voided reception counts nowhere: every set that does not ask for states of its own leaves it out.
_COUNTS = Q(state__lt=State.VOIDED)


def _received(moment: Moment) -> Q:
    days = Q(received_at__gte=moment.start, received_at__lt=moment.end, received_at__lte=moment.at)
    return days & _COUNTS


def _ended(moment: Moment) -> Q:
    days = Q(ended_at__gte=moment.start, ended_at__lt=moment.end, ended_at__lte=moment.at)
    return days & _COUNTS


def _done(moment: Moment) -> Q:
    """Ended with a result, or its refusal, in the figure's days."""
    return _ended(moment) & Q(state__in=(State.FINISHED, State.RETURNED))


def _done_lately(moment: Moment) -> Q:
    return _done(moment.about(moment.first_back, moment.day))


def _ended_today(moment: Moment) -> Q:
    return Q(ended_at__gte=moment.begin, ended_at__lte=moment.at) & _COUNTS


def _received_today(moment: Moment) -> Q:
    """By when the term began: what awaited its agency counts once that one has it, or at its end. What
    began today is open, or ended today.
    """

    def today(name: str) -> Q:
        return Q(**{f"{name}__gte": moment.begin, f"{name}__lte": moment.at})

    here = today("received_at") & Q(begun_at=None) & _BEGUN
    # No index stands by `begun_at`: open work and the ends of the day each have theirs.
    ended = today("ended_at") & (today("begun_at") | Q(awaits_agency=True))
    return (here | desk.is_open() & today("begun_at") | ended) & _COUNTS


OPEN = Figure(
    "dang-mo",
    "Đang mở",
    lambda m: is_open(),
    "Mọi hồ sơ chưa kết thúc, kể cả đang chờ; hồ sơ tiếp nhận hộ tính từ khi cơ quan có thẩm quyền nhận.",
)
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
    lambda m: is_waiting() & (Q(late_while_waiting=False) | Q(late_from__gt=m.at)),
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
AWAITED = Figure(
    "cho-co-quan",
    "Chờ nhận hồ sơ tiếp nhận hộ",
    lambda m: desk.is_open() & Q(awaits_agency=True),
    "Nơi khác tiếp nhận hộ (phi địa giới), cơ quan có thẩm quyền chưa nhận: chưa tính là đang mở.",
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
    "Đã có kết quả ở Bộ phận Một cửa, chưa trả; không kể kết quả đã chuyển lưu trữ.",
    "done",
    fetched=True,
)
RECEIVED = Figure(
    "tiep-nhan",
    "Tiếp nhận hôm nay",
    _received_today,
    "Hồ sơ nơi khác tiếp nhận hộ tính vào ngày cơ quan có thẩm quyền nhận.",
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

# --- about the days that an address names

RECEIVED_IN = Figure("tiep-nhan-ky", "Tiếp nhận", _received, wide=True, days=True)
ENDED_IN = Figure(
    "ket-thuc-ky",
    "Kết thúc",
    _ended,
    "Có kết quả, từ chối, rút hoặc dừng.",
    wide=True,
    days=True,
)
ENDED_IN_LATE = Figure(
    "ket-thuc-ky-qua-han",
    "Kết thúc quá hạn",
    lambda m: _ended(m) & Q(verdict=Outcome.LATE),
    tone="late",
    wide=True,
    days=True,
)
ENDED_IN_EARLY = Figure(
    "ket-thuc-ky-truoc-han",
    "Kết thúc trước hạn",
    lambda m: _ended(m) & Q(verdict=Outcome.EARLY),
    wide=True,
    days=True,
)
ENDED_IN_ON_TIME = Figure(
    "ket-thuc-ky-dung-han",
    "Kết thúc đúng hạn",
    lambda m: _ended(m) & Q(verdict=Outcome.ON_TIME),
    wide=True,
    days=True,
)
DONE_IN = Figure("co-ket-qua", "Có kết quả", _done, wide=True, days=True)
GIVEN_IN_DAYS = Figure(
    "nhan-ban-giao-ky", "Được giao", lambda m: Q(), handed="receiver_department", days=True
)
GIVEN_OUT_DAYS = Figure(
    "giao-di-ky", "Giao đi", lambda m: Q(), handed="giver_department", days=True
)
SCANNED_IN = Figure(
    "so-hoa-ky",
    "Có bản điện tử của giấy tờ",
    _received,
    "Có ít nhất một tệp giấy tờ kèm theo.",
    wide=True,
    days=True,
    files="dossier",
)
SCANNED_OPEN = Figure(
    "so-hoa-dang-mo",
    "Có bản điện tử của giấy tờ",
    lambda m: is_open(),
    "Có ít nhất một tệp giấy tờ kèm theo.",
    files="dossier",
)
RESULT_FILE_IN = Figure(
    "ket-qua-dien-tu",
    "Có bản điện tử của kết quả",
    _done,
    "Có ít nhất một tệp kết quả kèm theo.",
    wide=True,
    days=True,
    files="result",
)

# --- how old, how long it took

DONE_LATELY = Figure(
    "da-xong",
    f"Đã xong {DAYS_BACK} ngày qua",
    _done_lately,
    "Có kết quả hoặc từ chối giải quyết.",
    "done",
    wide=True,
)
# The edges of the ages that are told apart, in calendar days.
EDGES = (0, 3, 7, 15, 30, 60)
_DAY = timedelta(1)


def _aged(low: int, high: int | None) -> Set:
    def of(moment: Moment) -> Q:
        found = is_open() & Q(received_at__lte=moment.at - low * _DAY)
        return found if high is None else found & Q(received_at__gt=moment.at - high * _DAY)

    return of


def _took(low: int, high: int | None) -> Set:
    """`took` is an alias of every set of the dashboard (tally.every)."""

    def of(moment: Moment) -> Q:
        found = _done_lately(moment) & Q(took__gte=low * _DAY)
        return found if high is None else found & Q(took__lt=high * _DAY)

    return of


def _between(low: int, high: int | None) -> str:
    if high is None:
        return f"từ {low} ngày"
    return f"{low} đến dưới {high} ngày" if low else f"dưới {high} ngày"


_STEPS = list(zip(EDGES, (*EDGES[1:], None), strict=True))
AGES: Sequence[Figure] = [
    Figure(f"tuoi-{low}", f"Đang mở, {_between(low, high)}", _aged(low, high))
    for low, high in _STEPS
]
TOOK: Sequence[Figure] = [
    Figure(f"xong-{low}", f"Đã xong trong {_between(low, high)}", _took(low, high), wide=True)
    for low, high in _STEPS
]
AGE_WORDS = [_between(low, high) for low, high in _STEPS]

# What an open dossier is, each exactly one of them: the parts of a bar.
PARTS: Sequence[Figure] = (LATE, TODAY, AHEAD, LATER, PAUSED)
# What is late in all of its dossiers: their causes are told beside them.
ALL_LATE: Sequence[Figure] = (LATE, ENDED_LATE, ENDED_IN_LATE)
# What is counted over open work, and what over the ends and the receptions of the day.
OPEN_FIGURES: Sequence[Figure] = (
    OPEN,
    *PARTS,
    SOON,
    UNKNOWN,
    PAPERS,
    MONEY,
    ELSEWHERE,
    AWAITED,
    STEP_OVER,
)
OF_TODAY: Sequence[Figure] = (RECEIVED, ENDED, ENDED_LATE)
HANDED: Sequence[Figure] = (GIVEN_IN, GIVEN_OUT)
OF_DAYS: Sequence[Figure] = (RECEIVED_IN, ENDED_IN, ENDED_IN_LATE)
HANDED_IN_DAYS: Sequence[Figure] = (GIVEN_IN_DAYS, GIVEN_OUT_DAYS)
_OTHERS = (
    TO_COLLECT,
    ENDED_IN_EARLY,
    ENDED_IN_ON_TIME,
    DONE_IN,
    DONE_LATELY,
    SCANNED_IN,
    SCANNED_OPEN,
    RESULT_FILE_IN,
)
FIGURES: dict[str, Figure] = {
    one.key: one
    for group in (OPEN_FIGURES, OF_TODAY, HANDED, OF_DAYS, HANDED_IN_DAYS, _OTHERS, AGES, TOOK)
    for one in group
}
