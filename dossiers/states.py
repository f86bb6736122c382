"""The lifecycle of a dossier as one table: who may do what from where, and what it does to the clock.

States are the ten national statuses with their national numbers (R-69). Only `domain/lifecycle.py` assigns a state, and it
asks this table first. `docs/states.md` is generated from here (`manage.py state_diagram`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import models

from onestop.accounts.models import Role


class State(models.IntegerChoices):
    """National statuses of a dossier (legal fact base 5.4)."""

    REGISTERED = 1, "Mới đăng ký"
    RECEIVED = 2, "Được tiếp nhận"
    NOT_RECEIVED = 3, "Không được tiếp nhận"
    IN_PROGRESS = 4, "Đang xử lý"
    AWAITING_PAPERS = 5, "Yêu cầu bổ sung giấy tờ"
    AWAITING_PAYMENT = 6, "Yêu cầu thực hiện nghĩa vụ tài chính"
    WITHDRAWN = 7, "Công dân yêu cầu rút hồ sơ"
    STOPPED = 8, "Dừng xử lý"
    FINISHED = 9, "Đã xử lý xong"
    RETURNED = 10, "Đã trả kết quả"


WORKING = frozenset({State.RECEIVED, State.IN_PROGRESS})
WAITING = frozenset({State.AWAITING_PAPERS, State.AWAITING_PAYMENT})
OPEN = WORKING | WAITING
ENDED = frozenset({State.WITHDRAWN, State.STOPPED, State.FINISHED, State.RETURNED})


class ClockEffect(StrEnum):
    """What a transition does to the term."""

    NONE = "không đổi"
    STARTS = "bắt đầu tính"
    PAUSES = "tạm dừng"
    RESUMES = "tính tiếp hoặc tính lại từ đầu, theo phiên bản thủ tục"
    MOVES = "lùi ngày hẹn"
    FOLLOWS = "tính lại theo lịch làm việc mới"
    ENDS = "kết thúc, xác định trước hạn, đúng hạn, quá hạn"
    REOPENS = "mở lại, bỏ kết quả đã xác định"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `sources` None in the set means "no dossier yet"; `target` None leaves the state as it is.

    `can_take_back`: by whoever did it, until somebody else has acted on the dossier (domain/taking_back.py). Where not, `way_back`
    says why or what to do instead; one of the two holds for every row.
    """

    name: str
    label: str
    sources: frozenset[State | None]
    target: State | None
    roles: frozenset[str]
    clock: ClockEffect = ClockEffect.NONE
    can_take_back: bool = False
    way_back: str = ""


COUNTER = frozenset({Role.CLERK})
HANDLERS = frozenset({Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS})
APPROVERS = frozenset({Role.HEAD, Role.LEADER})
MOVERS = frozenset({Role.HEAD, Role.LEADER, Role.ADMINISTRATOR})

_working: frozenset[State | None] = frozenset(WORKING)
_open: frozenset[State | None] = frozenset(OPEN)


NOT_BUILT = "chưa có thao tác này"


def _table() -> Iterator[Transition]:
    none: frozenset[State | None] = frozenset({None})
    online: frozenset[State | None] = frozenset({State.REGISTERED})
    papers: frozenset[State | None] = frozenset({State.AWAITING_PAPERS})
    payment: frozenset[State | None] = frozenset({State.AWAITING_PAYMENT})
    everywhere: frozenset[State | None] = frozenset(State)
    # A finished result travels too; and papers on their way arrive, or come back, also while the applicant is asked for completion.
    given, on_the_way = _working | {State.FINISHED}, _open | {State.FINISHED}
    calendar_keepers = frozenset({Role.ADMINISTRATOR, Role.CONTROLLER})
    effect, row = ClockEffect, Transition
    yield row("register", "Nộp trực tuyến", none, State.REGISTERED, COUNTER, way_back=NOT_BUILT)
    yield row("receive", "Tiếp nhận", none | online, State.RECEIVED, COUNTER, effect.STARTS, way_back="mã và số vào sổ đã cấp: rút hồ sơ")
    yield row("refuse_reception", "Từ chối tiếp nhận", online, State.NOT_RECEIVED, COUNTER, way_back=NOT_BUILT)
    yield row("hand_over", "Giao hồ sơ", given, None, HANDLERS, way_back="thu hồi, đến khi bên nhận xác nhận")
    yield row("recall", "Thu hồi bàn giao", on_the_way, None, HANDLERS, way_back="giao lại")
    yield row("confirm", "Nhận bàn giao", on_the_way, None, HANDLERS, can_take_back=True)
    yield row("move_desk", "Bàn giao toàn bộ hồ sơ đang giữ", on_the_way, None, MOVERS, can_take_back=True)
    yield row("take_up", "Nhận xử lý", _working, State.IN_PROGRESS, HANDLERS, can_take_back=True)
    yield row("record_result", "Nhập kết quả", _working, None, HANDLERS, can_take_back=True)
    yield row("propose_supplement", "Đề nghị yêu cầu bổ sung", _working, None, HANDLERS, can_take_back=True)
    yield row("ask_supplement", "Yêu cầu bổ sung", _working, State.AWAITING_PAPERS, COUNTER, effect.PAUSES, True)
    yield row("complete_supplement", "Nhận đủ giấy tờ bổ sung", papers, State.IN_PROGRESS, COUNTER, effect.RESUMES, True)
    yield row("ask_payment", "Yêu cầu nghĩa vụ tài chính", _working, State.AWAITING_PAYMENT, COUNTER, effect.PAUSES, way_back=NOT_BUILT)
    yield row("record_payment", "Đã thực hiện nghĩa vụ tài chính", payment, State.IN_PROGRESS, COUNTER, effect.RESUMES, way_back=NOT_BUILT)
    yield row("re_appoint", "Xin lỗi và hẹn lại ngày trả", _working, None, APPROVERS, effect.MOVES, True)
    yield row(
        "move_by_calendar", "Điều chỉnh ngày hẹn trả theo lịch làm việc", _open | ENDED, None, calendar_keepers, effect.FOLLOWS,
        way_back="theo quyết định về lịch: sửa lịch rồi điều chỉnh lại",
    )  # fmt: skip
    yield row("withdraw", "Rút hồ sơ", _open, State.WITHDRAWN, COUNTER, effect.ENDS, True)
    yield row("stop", "Dừng giải quyết", _open, State.STOPPED, APPROVERS, effect.ENDS, True)
    yield row("finish", "Xử lý xong", _working, State.FINISHED, HANDLERS, effect.ENDS, True)
    yield row("give_back", "Trả kết quả", frozenset({State.FINISHED}), State.RETURNED, COUNTER, effect.NONE, True)
    yield row("print_slip", "In phiếu", everywhere, None, HANDLERS, way_back="không thay đổi hồ sơ")


TRANSITIONS: dict[str, Transition] = {t.name: t for t in _table()}
TAKE_BACK = Transition(
    "take_back",
    "Hoàn tác việc vừa làm",
    frozenset(s for t in TRANSITIONS.values() if t.can_take_back for s in ([t.target] if t.target else t.sources)),
    None,
    HANDLERS | MOVERS,
    ClockEffect.REOPENS,
    way_back="làm lại việc đó",
)
TRANSITIONS["take_back"] = TAKE_BACK
