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
    MOVES = "dời ngày hẹn"
    FOLLOWS = "tính lại theo lịch làm việc mới"
    ENDS = "kết thúc, chốt kết luận đúng hạn"
    REOPENS = "mở lại, bỏ kết luận"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `sources` None in the set means "no dossier yet"; `target` None leaves the state as it is."""

    name: str
    label: str
    sources: frozenset[State | None]
    target: State | None
    roles: frozenset[str]
    clock: ClockEffect = ClockEffect.NONE
    can_take_back: bool = False


COUNTER = frozenset({Role.CLERK})
HANDLERS = frozenset({Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS})
APPROVERS = frozenset({Role.HEAD, Role.LEADER})
MOVERS = frozenset({Role.HEAD, Role.LEADER, Role.ADMINISTRATOR})
RESPONSIBLE = frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER})

_working: frozenset[State | None] = frozenset(WORKING)
_open: frozenset[State | None] = frozenset(OPEN)


def _table() -> Iterator[Transition]:
    none: frozenset[State | None] = frozenset({None})
    online: frozenset[State | None] = frozenset({State.REGISTERED})
    effect = ClockEffect
    yield Transition("register", "Nộp trực tuyến", none, State.REGISTERED, COUNTER)
    yield Transition("receive", "Tiếp nhận", none | online, State.RECEIVED, COUNTER, effect.STARTS)
    yield Transition("refuse_reception", "Từ chối tiếp nhận", online, State.NOT_RECEIVED, COUNTER)
    yield Transition("hand_over", "Giao hồ sơ", _working | {State.FINISHED}, None, HANDLERS)
    # Papers on their way arrive, or come back, also while the applicant is asked for completion.
    yield Transition("recall", "Thu hồi bàn giao", _open | {State.FINISHED}, None, HANDLERS)
    yield Transition("confirm", "Nhận bàn giao", _open | {State.FINISHED}, None, HANDLERS)
    yield Transition("move_desk", "Chuyển bàn làm việc", _open | {State.FINISHED}, None, MOVERS)
    yield Transition("take_up", "Nhận xử lý", _working, State.IN_PROGRESS, HANDLERS)
    yield Transition("record_result", "Nhập kết quả", _working, None, HANDLERS, can_take_back=True)
    yield Transition("propose_supplement", "Đề nghị yêu cầu bổ sung", _working, None, HANDLERS, can_take_back=True)
    yield Transition("ask_supplement", "Yêu cầu bổ sung", _working, State.AWAITING_PAPERS, COUNTER, effect.PAUSES, True)
    yield Transition(
        "complete_supplement",
        "Nhận đủ giấy tờ bổ sung",
        frozenset({State.AWAITING_PAPERS}),
        State.IN_PROGRESS,
        COUNTER,
        effect.RESUMES,
        True,
    )
    yield Transition("ask_payment", "Yêu cầu nghĩa vụ tài chính", _working, State.AWAITING_PAYMENT, COUNTER, effect.PAUSES, True)
    yield Transition(
        "record_payment",
        "Đã thực hiện nghĩa vụ tài chính",
        frozenset({State.AWAITING_PAYMENT}),
        State.IN_PROGRESS,
        COUNTER,
        effect.RESUMES,
    )
    yield Transition("re_appoint", "Xin lỗi và hẹn lại ngày trả", _working, None, APPROVERS, effect.MOVES, True)
    yield Transition(
        "move_by_calendar", "Dời hẹn theo lịch làm việc mới", _open, None, frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}), effect.FOLLOWS
    )
    yield Transition("withdraw", "Rút hồ sơ", _open, State.WITHDRAWN, COUNTER, effect.ENDS, True)
    yield Transition("stop", "Dừng giải quyết", _open, State.STOPPED, APPROVERS, effect.ENDS, True)
    yield Transition("finish", "Xử lý xong", _working, State.FINISHED, HANDLERS, effect.ENDS, True)
    yield Transition("give_back", "Trả kết quả", frozenset({State.FINISHED}), State.RETURNED, COUNTER, effect.NONE, True)
    yield Transition("print_slip", "In phiếu", frozenset(s for s in State), None, HANDLERS)


TRANSITIONS: dict[str, Transition] = {t.name: t for t in _table()}
TAKE_BACK = Transition(
    "take_back",
    "Hoàn tác việc vừa làm",
    frozenset(s for t in TRANSITIONS.values() if t.can_take_back for s in ([t.target] if t.target else t.sources)),
    None,
    HANDLERS,
    ClockEffect.REOPENS,
)
TRANSITIONS["take_back"] = TAKE_BACK
