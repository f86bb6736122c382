from typing import Any

from django.core.management.base import BaseCommand

from onestop.accounts.calendars import load_national_calendar


class Command(BaseCommand):
    help = "Nạp lịch nghỉ, làm bù chung cả nước (data/public-calendar-vn.csv) vào cơ sở dữ liệu. Chạy lại nhiều lần không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_national_calendar()
        self.stdout.write(f"Đã nạp {count} dòng lịch mới." if count else "Lịch đã đủ, không có gì mới.")
