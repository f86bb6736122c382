"""The columns of lists of dossiers, each declared once: its head, its cell, the order it clicks to,
what it reads beside the columns of every line, and what it is in an exported file.

A list is code, owner, procedure – what the officer chose of what it offers – and what is left, or
since when a result waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dossiers.desk.rows import Row
from dossiers.states import State

# Of whatever a list calls a row (desk/rows.py, desk/returning.py).
Cell = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`key`: in addresses, in what an officer chose, and of the cell's template; `order`: of
    desk/orders.py; `more`: of desk/work.py; `cells`: head and value of each column of a file;
    `app`: whose template the cell is.
    """

    key: str
    label: str
    cells: tuple[tuple[str, Cell], ...]
    order: str = ""
    more: tuple[str, ...] = ()
    app: str = "dossiers"

    @property
    def cell(self) -> str:
        return f"{self.app}/columns/{self.key}.html"


def holder(row: Row) -> str:
    """Who has it; while it is on its way, where it waits to be accepted."""
    line = row.line
    return f"{line.pending} (chờ nhận)" if line.pending else line.holder or line.department


def left(row: Row) -> str:
    """What is left, of what has not ended."""
    return row.left.text if row.line.is_open else "đã kết thúc"


def urged(row: Row) -> str:
    """How often, of what has not ended."""
    return f"lần {row.line.urged}" if row.line.is_open and row.line.urged else ""


CODE = Column("ma", "Mã hồ sơ", (("Mã hồ sơ", lambda row: row.line.code),), order="ma")
OWNER = Column("chu", "Chủ hồ sơ", (("Chủ hồ sơ", lambda row: row.line.owner_name),), order="chu")
PROCEDURE = Column(
    "thu-tuc",
    "Thủ tục",
    (
        ("Mã TTHC", lambda row: row.line.procedure_code),
        ("Thủ tục", lambda row: row.line.procedure),
    ),
    order="thu-tuc",
)
RECEIVED = Column(
    "nhan",
    "Tiếp nhận",
    (("Tiếp nhận", lambda row: row.line.received_at),),
    order="nhan",
    more=("received_at",),
)
CHANNEL = Column("kenh", "Hình thức nộp", (("Hình thức nộp", lambda row: row.line.channel_words),))
FIELD = Column("linh-vuc", "Lĩnh vực", (("Lĩnh vực", lambda row: row.line.field),), more=("field",))
PHONE = Column(
    "dien-thoai",
    "Điện thoại",
    (("Điện thoại", lambda row: row.line.masked_phone),),
    more=("phone",),
)
ROOM = Column("phong", "Phòng, bộ phận", (("Phòng, bộ phận", lambda row: row.line.department),))
OFFICER = Column("can-bo", "Đang giữ", (("Đang giữ", holder),), more=("pending",))
STEP = Column("buoc", "Bước đang làm", (("Bước đang làm", lambda row: row.line.step),))
FORWARD = Column(
    "chuyen-truoc", "Phải chuyển", (("Chuyển trước", lambda row: row.line.forward_by),)
)
GIVER = Column(
    "ben-giao",
    "Bên giao",
    (
        ("Bên giao", lambda row: row.line.given_by),
        ("Nơi giao", lambda row: row.line.given_from),
        ("Giao lúc", lambda row: row.line.given_at),
        ("Lời nhắn khi giao", lambda row: row.line.note),
    ),
    more=("given_by", "given_from", "given_at", "confirm_by", "note"),
)
RECEIVER = Column(
    "ben-nhan",
    "Bên nhận",
    (("Bên nhận", lambda row: row.line.pending), ("Giao lúc", lambda row: row.line.given_at)),
    more=("pending", "given_at", "confirm_by", "note"),
)
RESULT = Column(
    "ket-qua",
    "Kết quả trình duyệt",
    (("Kết quả trình duyệt", lambda row: row.result.words if row.result else ""),),
)
# What the receiver finds otherwise than it was given: typed in the row, in no file.
DIFFERENCE = Column("sai-khac", "Sai khác khi nhận", ())
PROMISE = Column("hen-tra", "Hẹn trả", (("Hẹn trả", lambda row: row.line.due_at),), order="hen")
LEFT = Column(
    "con-lai",
    "Còn lại",
    (
        ("Hẹn trả", lambda row: row.line.due_at),
        ("Còn lại", left),
        ("Được đôn đốc", urged),
        ("Chờ cơ quan phối hợp", lambda row: row.line.asked),
        ("Người nộp gửi bổ sung", lambda row: row.line.sent_at),
    ),
    order="hen",
    more=("urged", "open_legs", "first_asked", "sent_at"),
)
# Of lists in which also stands what has ended.
STATE = Column(
    "trang-thai", "Trạng thái", (("Trạng thái", lambda row: str(State(row.line.state).label)),)
)
PLACE = Column(
    "dang-o",
    "Đang ở",
    (
        ("Đang giữ", lambda row: row.line.holder),
        ("Phòng, bộ phận", lambda row: row.line.department),
    ),
)

# Requests for completion that came late (desk/late_requests.py).
REQUESTED = Column(
    "phat-phieu",
    "Phát phiếu",
    (
        ("Phát phiếu lúc", lambda row: row.asked.issued_at),
        ("Người phát phiếu", lambda row: str(row.asked.issued_by)),
        ("Lần", lambda row: row.asked.round),
    ),
    order="phat",
)
AGENCY = Column("co-quan", "Cơ quan", (("Cơ quan", lambda row: str(row.asked.dossier.agency)),))
WHY = Column(
    "ly-do",
    "Lý do, căn cứ",
    (
        ("Lý do", lambda row: row.asked.reason),
        ("Căn cứ", lambda row: row.asked.legal_basis),
    ),
)
APPROVER = Column(
    "nguoi-duyet",
    "Người duyệt",
    (
        ("Người duyệt", lambda row: row.approver),
        ("Lý do duyệt", lambda row: row.asked.approval_reason),
    ),
)

# The return desk.
DONE = Column(
    "da-co",
    "Kết quả",
    (("Kết quả", lambda row: "Từ chối giải quyết" if row.refused else row.number),),
    more=("by_post",),
)
SINCE = Column(
    "co-tu",
    "Có kết quả",
    (("Có kết quả", lambda row: row.line.ended_at),),
    order="xong",
    more=("ended_at",),
)
GIVE_BACK = Column("tra", "Việc", ())

FIRST, LAST = (CODE, OWNER, PROCEDURE), (LEFT,)
# The page of giving stands in the order of when each must go on.
GIVING = (*FIRST, FORWARD, OFFICER, STEP, *LAST)
# A desk that is moved as a whole, what a search found.
MOVING = (*FIRST, *LAST)
_WAYS = ("nhan", "ma", "chu", "thu-tuc")
_EVERYWHERE = (RECEIVED, CHANNEL, FIELD, PHONE, ROOM, OFFICER, STEP, PROMISE)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list shows between its first and its last columns: `offered` in this order, `usual` of
    them unless the officer chose otherwise. `orders`: the ways to order it, the usual one first
    (`newest_first`: backwards). `kept`: under which name the choices are kept, for
    all lists of one kind.
    """

    offered: tuple[Column, ...]
    usual: tuple[Column, ...]
    last: tuple[Column, ...] = LAST
    orders: tuple[str, ...] = ("hen", *_WAYS)
    kept: str = "viec"
    newest_first: bool = False
    first: tuple[Column, ...] = FIRST

    @property
    def usual_order(self) -> str:
        return f"-{self.orders[0]}" if self.newest_first else self.orders[0]

    def chosen(self, said: Mapping[str, Any]) -> tuple[Column, ...]:
        """`said`: whether a column was chosen, by its key; of columns nobody asked about nothing."""
        return tuple(one for one in self.offered if said.get(one.key, one in self.usual))

    def columns(self, said: Mapping[str, Any]) -> tuple[Column, ...]:
        return (*self.first, *self.chosen(said), *self.last)


_WORKED = Shape(_EVERYWHERE, (RECEIVED, STEP))
# Open work and what has ended, beside each other.
_ANY_STATE = (STATE, RECEIVED, CHANNEL, FIELD, PHONE, PLACE, STEP, PROMISE)
_SHARED = Shape((*_EVERYWHERE, GIVER, RECEIVER), (RECEIVED, OFFICER, STEP))
_SHAPES = {
    "cho-nhan": Shape((*_EVERYWHERE, GIVER), (RECEIVED, GIVER), (*LAST, DIFFERENCE)),
    "da-giao": Shape((*_EVERYWHERE, RECEIVER), (RECEIVED, RECEIVER)),
    "trinh-duyet": Shape((*_EVERYWHERE, RESULT), (RESULT,)),
    "de-nghi-bo-sung": _SHARED,
    "phong": _SHARED,
    "co-quan": _SHARED,
    "tra-ket-qua": Shape(
        (RECEIVED, CHANNEL, FIELD, PHONE),
        (),
        last=(DONE, SINCE, GIVE_BACK),
        orders=("xong", *_WAYS),
        kept="tra",
    ),
    # What was found stands by how well it fits.
    "tim": Shape(_ANY_STATE, (STATE, PLACE), orders=("khop", "hen", *_WAYS), kept="tim"),
    "so-lieu": Shape(_ANY_STATE, (STATE, PLACE), kept="so-lieu"),
    "bo-sung-muon": Shape(
        (AGENCY, RECEIVED, CHANNEL, FIELD, PHONE, PROMISE),
        (AGENCY, RECEIVED),
        last=(WHY, APPROVER),
        orders=("phat", "hen", *_WAYS),
        kept="bo-sung-muon",
        newest_first=True,
        first=(REQUESTED, *FIRST),
    ),
}


def shape_of(job: str) -> Shape:
    """By the key of the list."""
    return _SHAPES.get(job, _WORKED)


def more_of(columns: Iterable[Column]) -> frozenset[str]:
    """What these columns read beside the columns of every line."""
    return frozenset(name for column in columns for name in column.more)


def cells_of(columns: Iterable[Column]) -> dict[str, Cell]:
    """Heads and values of a file of these columns, in their order; what two of them say, once."""
    return {head: value for column in columns for head, value in column.cells}
