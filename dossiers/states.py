"""The lifecycle of a dossier as one table: who may do what from where, and what it does to the
clock.

States are the ten national statuses with their national numbers (R-69), and one of our own that no
other system is told: a reception that was voided (docs/adr/0025). Only `ledger/writer.py` assigns a
state, and it asks this table first. `docs/states.md` is generated from here (`manage.py
state_diagram`).
"""

from enum import StrEnum

from django.db import models

from onestop.accounts.models import Role


class State(models.IntegerChoices):
    """National statuses of a dossier (legal fact base 5.4), and below them what is none of them."""

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
    # Received by mistake: the dossier never was one, in no table (its number stays in the register).
    VOIDED = 11, "Đã hủy tiếp nhận"

    @property
    def is_national(self) -> bool:
        """Whether the number is one of the national ten, which other systems know."""
        return self is not State.VOIDED


WORKING = frozenset({State.RECEIVED, State.IN_PROGRESS})
# The applicant is waited for and the term stands still: the law names no other two. For what,
# says the act that leads there (`registry.waits_for`).
WAITING = frozenset({State.AWAITING_PAPERS, State.AWAITING_PAYMENT})
OPEN = WORKING | WAITING
# What a dossier ends with that counts as handled.
HANDLED = frozenset({State.WITHDRAWN, State.STOPPED, State.FINISHED, State.RETURNED})
ENDED = HANDLED | {State.VOIDED}
# A result lies with somebody until it is collected; of what ended otherwise the columns only keep
# who had it last.
WITH_SOMEBODY = OPEN | {State.FINISHED}


class ClockEffect(StrEnum):
    """What a transition does to the term."""

    NONE = "không đổi"
    STARTS = "bắt đầu tính"
    BEGINS = "bắt đầu tính từ khi cơ quan có thẩm quyền nhận"
    PAUSES = "tạm dừng"
    RESUMES = "tính tiếp hoặc tính lại từ đầu, theo phiên bản thủ tục"
    GOES_ON = "tính tiếp"
    MOVES = "lùi ngày hẹn"
    EXTENDS = "lùi ngày hẹn và hạn theo quy định"
    FOLLOWS = "tính lại theo lịch làm việc mới"
    ENDS = "kết thúc, xác định trước hạn, đúng hạn, quá hạn"
    VOIDS = "kết thúc, coi như chưa tiếp nhận"
    REOPENS = "mở lại, bỏ kết quả đã xác định"


COUNTER = frozenset({Role.CLERK})
HANDLERS = frozenset({Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS})
APPROVERS = frozenset({Role.HEAD, Role.LEADER})
MOVERS = frozenset({Role.HEAD, Role.LEADER, Role.ADMINISTRATOR})

# "No dossier yet", and the groups as the sources of an act.
NOT_YET: frozenset[State | None] = frozenset({None})
FROM_WORKING: frozenset[State | None] = frozenset(WORKING)
FROM_OPEN: frozenset[State | None] = frozenset(OPEN)
# A finished result travels too; and papers on their way arrive, or come back, also while the
# applicant is asked for completion.
FROM_GIVEN = FROM_WORKING | {State.FINISHED}
FROM_ON_THE_WAY: frozenset[State | None] = frozenset(WITH_SOMEBODY)
