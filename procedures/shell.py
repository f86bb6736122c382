"""The parts of the frame that lead to the catalogue."""

from django.urls import reverse

from onestop.accounts.models import Role
from onestop.jobs.listed import Job, list_jobs
from onestop.shell import Link, Place, offer

# Where a procedure that was found begins something: offered by the app above.
_begins_at: list[str] = []


def begins_at(view: str) -> None:
    _begins_at[:] = [view]


def beginning() -> str:
    """The address that takes a procedure's code; empty where no app begins anything."""
    return reverse(_begins_at[0]) if _begins_at else ""


KEEPERS = frozenset({Role.CONTROLLER, Role.ADMINISTRATOR})


def connect() -> None:
    offer(
        Place(
            70, "thu-tuc", "procedures:control", "book", "Thủ tục", KEEPERS,
            starts=frozenset({Role.CONTROLLER}),
        ),
        Place(71, "thu-tuc", "procedures:catalogue", "book", "Thủ tục"),
        Link(20, "procedures:catalogue", "Thủ tục", "Giấy tờ cần nộp, thời hạn, phí, lệ phí."),
    )  # fmt: skip
    list_jobs(
        Job(
            "procedures.sweep_uploads",
            "Làm tiếp lần nhập danh mục bị dừng",
            "Mở Thủ tục, Nhập danh mục xem tệp nào dừng, vì sao.",
        ),
        Job(
            "procedures.remind_unpublished",
            "Nhắc thủ tục chưa công bố đã lâu",
            "Mở Thủ tục, Chưa công bố xem thủ tục nào đang chờ.",
        ),
        Job(
            "procedures.sweep_editions",
            "Lập tiếp bản in niêm yết còn dở, dọn tệp đã có bản mới hơn",
            "Mở trang Bản in niêm yết của cơ quan xem vì sao, rồi bấm in lần nữa.",
        ),
        Job(
            "procedures.count_use",
            "Đếm số hồ sơ và thời gian thường mất của từng thủ tục",
            "Đêm sau tự đếm lại; trang công khai và tờ gấp dùng số của lần đếm trước.",
        ),
    )
