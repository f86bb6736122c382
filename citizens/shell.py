"""What this app is to the others: its job, and the link on citizens' pages where the office has
connected a provider.
"""

from citizens.provider import is_connected
from onestop.jobs.listed import Job, list_jobs
from onestop.shell import Link, offer


def connect() -> None:
    offer(
        Link(
            15,
            "citizens:mine",
            "Hồ sơ của tôi",
            "Đăng nhập bằng tài khoản định danh để xem các hồ sơ Ông/Bà đứng tên.",
            shown=is_connected,
        )
    )
    list_jobs(
        Job(
            "citizens.purge", "Xóa phiên đã hết của người dân",
            "Đêm sau tự làm lại; phiên đã hết thì không mở được gì dù chưa xóa. Nếu vẫn lỗi, báo người bảo trì phần mềm.",
        )
    )  # fmt: skip
