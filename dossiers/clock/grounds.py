"""For what a term may be extended, and which time does not count, by the law of a sector: code
lists, each line with the days on which it may be chosen. What was decided by a line that has ended
is told by it for ever.

A new law is a new line here; forms, papers and lists read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onestop.folding import fold
from onestop.worktime import PauseKind, Term, parse_term


@dataclass(frozen=True, slots=True)
class Ground:
    """`label`: what people read; `basis`: the law, filled into the form at first (empty: to be
    written by whoever decides). `pause`: as what the clock leaves the time out. `most`: how far
    without the applicant's written agreement. `field`: only for procedures whose field says so.
    """

    code: str
    label: str
    basis: str = ""
    pause: PauseKind = PauseKind.OTHER
    most: Term | None = None
    field: str = ""
    since: date = date.min
    until: date = date.max

    def may_be_chosen(self, on: date, field: str) -> bool:
        """Whether it stands on that day for a procedure of this field."""
        return self.since <= on <= self.until and fold(self.field) in fold(field)


EXCLUSIONS = (
    Ground("giam-dinh", "Trưng cầu giám định", pause=PauseKind.EXPERTISE),
    Ground("niem-yet", "Niêm yết công khai, đăng tin", pause=PauseKind.POSTING),
    Ground("xac-minh", "Xác minh", pause=PauseKind.VERIFICATION),
    Ground("lay-y-kien", "Lấy ý kiến cơ quan khác", pause=PauseKind.CONSULTATION),
    Ground("vi-pham", "Xem xét, xử lý vi phạm pháp luật"),
    Ground("su-co", "Sự cố đã ghi nhận: mất điện, mất mạng, phần mềm không hoạt động"),
    Ground("khac", "Thời gian khác mà luật quy định không tính"),
)
EXTENSIONS = (
    Ground(
        "chung-thuc",
        "Chứng thực nhiều bản sao, nhiều trang, nội dung phức tạp",
        basis="Điều 21 Nghị định số 23/2015/NĐ-CP",
        most=parse_term("2 ngày làm việc"),
        field="chứng thực",
    ),
    Ground("khac", "Trường hợp khác mà luật chuyên ngành cho gia hạn"),
)


@dataclass(frozen=True, slots=True)
class LaterRound:
    """What a second or later request for completion in a matter does to the promise: `moves` it by
    itself, or only by sector law that its approver agreed to.
    """

    moves: bool
    since: date = date.min
    until: date = date.max


# Completion is asked for once and completely (NĐ 118/2025): no promise moves by asking again.
LATER_ROUNDS = (LaterRound(moves=False),)


def later_round_moves(on: date) -> bool:
    """Whether a later request moves the promise without sector law, by what stands on that day."""
    return any(one.moves for one in LATER_ROUNDS if one.since <= on <= one.until)


def choices(grounds: tuple[Ground, ...], *, on: date, field: str) -> list[tuple[str, str]]:
    """What may be chosen on that day, as (code, label)."""
    return [(one.code, one.label) for one in grounds if one.may_be_chosen(on, field)]


def find(grounds: tuple[Ground, ...], code: str) -> Ground | None:
    """The line of this code, also of one that may not be chosen any more."""
    return next((one for one in grounds if one.code == code), None)


def label_of(mode: str, code: str) -> str:
    """What people read of a decision."""
    found = find(EXTENSIONS if mode == "extend" else EXCLUSIONS, code)
    return found.label if found is not None else code
