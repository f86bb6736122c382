"""What is told of a dossier that comes from an earlier system or from paper days (R-76): each step
of its life is an act of its own, at the instant when it happened, recorded at the import.

Nobody does them by hand and nobody takes them back: `dossiers/importing/` writes them, many at a
time.
"""

from __future__ import annotations

from dossiers.models import Dossier
from dossiers.registry import Act, Sources, Told, register
from dossiers.states import (
    FROM_OPEN,
    FROM_WORKING,
    NOT_YET,
    WAITING,
    ClockEffect,
    State,
)
from onestop.accounts.desk import Desk
from onestop.accounts.models import Role
from onestop.results import ALLOWED, Answer, Denied

WAY_BACK = "dữ liệu của hệ thống trước"
SOURCE = "Nhập từ hệ thống trước"


def may_import(desk: Desk, dossier: Dossier) -> Answer:
    """An administrator of the agency that handles it."""
    return ALLOWED if desk.administers(dossier.agency) else Denied("not_allowed")


def _from_source(told: Told) -> list[str]:
    return [SOURCE] if told.data else []


def _declare(
    name: str,
    label: str,
    order: int,
    sources: Sources,
    target: State,
    clock: ClockEffect = ClockEffect.NONE,
    tone: str = "done",
) -> Act:
    return register(
        Act(
            name, label, order, sources, target, frozenset({Role.ADMINISTRATOR}), may_import, clock,
            way_back=WAY_BACK, tone=tone, lines=_from_source,
        )
    )  # fmt: skip


RECEIVE = _declare(
    "import_receive", "Tiếp nhận ở hệ thống trước", 13, NOT_YET, State.RECEIVED, ClockEffect.STARTS
)
TAKE_UP = _declare(
    "import_take_up",
    "Xử lý ở hệ thống trước",
    14,
    frozenset({State.RECEIVED}),
    State.IN_PROGRESS,
)
ASK = _declare(
    "import_ask", "Yêu cầu bổ sung ở hệ thống trước", 15, FROM_WORKING, State.AWAITING_PAPERS,
    ClockEffect.PAUSES, "wait",
)  # fmt: skip
ASK_PAYMENT = _declare(
    "import_ask_payment", "Yêu cầu nghĩa vụ tài chính ở hệ thống trước", 16, FROM_WORKING,
    State.AWAITING_PAYMENT, ClockEffect.PAUSES, "wait",
)  # fmt: skip
GO_ON = _declare(
    "import_go_on", "Tiếp tục xử lý ở hệ thống trước", 17, frozenset(WAITING), State.IN_PROGRESS,
    ClockEffect.RESUMES,
)  # fmt: skip
FINISH = _declare(
    "import_finish", "Xử lý xong ở hệ thống trước", 18, FROM_OPEN, State.FINISHED, ClockEffect.ENDS
)
WITHDRAW = _declare(
    "import_withdraw", "Rút hồ sơ ở hệ thống trước", 19, FROM_OPEN, State.WITHDRAWN,
    ClockEffect.ENDS,
)  # fmt: skip
STOP = _declare(
    "import_stop", "Dừng giải quyết ở hệ thống trước", 20, FROM_OPEN, State.STOPPED,
    ClockEffect.ENDS,
)  # fmt: skip
RETURN = _declare(
    "import_return",
    "Trả kết quả ở hệ thống trước",
    21,
    frozenset({State.FINISHED}),
    State.RETURNED,
)
