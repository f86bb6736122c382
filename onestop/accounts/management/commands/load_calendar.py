"""`load_calendar`: the national calendar into the database."""

from typing import Any

from onestop.accounts.calendars import load_national_calendar
from onestop.commands import OfficeCommand


class Command(OfficeCommand):
    help = "Nạp lịch nghỉ, làm bù chung cả nước (data/public-calendar-vn.csv) vào cơ sở dữ liệu. Chạy lại nhiều lần không đổi gì."

    def work(self, options: dict[str, Any]) -> None:
        count = load_national_calendar()
        self.show(
            {"new": count},
            [f"Đã nạp {count} dòng lịch mới." if count else "Lịch đã đủ, không có gì mới."],
        )
