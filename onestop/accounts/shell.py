"""The parts of the frame that lead to the administration."""

from onestop.accounts.models import Role
from onestop.jobs.listed import Job, list_jobs
from onestop.shell import Place, Tab, offer

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
READERS = frozenset({Role.LEADER, Role.CONTROLLER})


def connect() -> None:
    offer(
        Place(
            90, "quan-tri", "accounts:administration", "settings", "Quản trị", ADMINISTRATOR,
            starts=ADMINISTRATOR,
        ),
        # What administrators did and what waits for a second person.
        Place(91, "quan-tri", "accounts:access_log", "settings", "Quản trị", READERS),
        Tab(10, "tong-quan", "accounts:administration", "Tổng quan", ADMINISTRATOR),
        Tab(20, "can-bo", "accounts:officers", "Cán bộ và vai trò", ADMINISTRATOR),
        Tab(30, "lam-thay", "accounts:substitutions", "Người thay thế", ADMINISTRATOR),
        Tab(40, "co-quan", "accounts:agencies", "Cơ quan, phòng ban", ADMINISTRATOR),
        Tab(60, "lich", "accounts:calendar", "Lịch làm việc", ADMINISTRATOR),
        Tab(
            78, "viec-dinh-ky", "accounts:scheduled_jobs", "Việc chạy định kỳ", ADMINISTRATOR
        ),
        Tab(80, "nhat-ky", "accounts:access_log", "Nhật ký truy cập", ADMINISTRATOR | READERS),
    )  # fmt: skip
    list_jobs(
        Job(
            "accounts.write_traces", "Ghi dòng nhật ký truy cập đã chờ cơ sở dữ liệu",
            "Xem cơ sở dữ liệu ở trang Sẵn sàng; dòng nhật ký không mất, phút sau tự ghi lại.",
        )
    )  # fmt: skip
