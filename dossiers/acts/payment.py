"""Financial obligation: the dossier waits for a payment that the handling asks for (status 6)."""

from __future__ import annotations

from dossiers import rules
from dossiers.registry import Act, register
from dossiers.states import COUNTER, FROM_WORKING, ClockEffect, State

NOT_BUILT = "chưa có thao tác này"
ASK_PAYMENT = register(
    Act(
        "ask_payment", "Yêu cầu nghĩa vụ tài chính", 55, FROM_WORKING, State.AWAITING_PAYMENT, COUNTER, rules.may_at_counter,
        ClockEffect.PAUSES, way_back=NOT_BUILT, tone="wait",
    )
)  # fmt: skip
RECORD_PAYMENT = register(
    Act(
        "record_payment", "Đã thực hiện nghĩa vụ tài chính", 56, frozenset({State.AWAITING_PAYMENT}), State.IN_PROGRESS, COUNTER,
        rules.may_at_counter, ClockEffect.RESUMES, way_back=NOT_BUILT,
    )
)  # fmt: skip
