"""`demo`: the demo province with eighteen months of worked dossiers."""

import time
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.demo import make_demo, password_file
from onestop.commands import OfficeCommand


class Command(OfficeCommand):
    help = (
        "Tạo tỉnh minh họa: Trung tâm Phục vụ hành chính công, hai sở, ba xã/phường, cán bộ đủ vai trò, thủ tục thật và hồ sơ của mười tám tháng gần nhất (không có hồ sơ trước ngày 01/7/2025).\n"
        "Chỉ tạo vào cơ sở dữ liệu trống. Mọi tên người, hồ sơ đều không có thật."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="cơ sở dữ liệu đã có dữ liệu thì để nguyên, không báo lỗi",
        )
        parser.add_argument(
            "--organisation-only",
            action="store_true",
            help="chỉ tạo cơ quan, cán bộ, lịch và thủ tục, không tạo hồ sơ",
        )

    def work(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        done = make_demo(
            now=timezone.now(),
            if_empty=options["if_empty"],
            organisation_only=options["organisation_only"],
        )
        data = {
            "made": done.made,
            "dossiers": done.dossiers,
            "open": done.open,
            "accounts": [name for name, _ in done.accounts],
        }
        if not done.made:
            self.show(data, ["Cơ sở dữ liệu đã có dữ liệu, để nguyên."])
            return
        lines = [
            f"Đã tạo tỉnh minh họa với {done.dossiers} hồ sơ ({done.open} đang mở) trong {time.monotonic() - started:.0f} giây.",
            f"Mật khẩu của mọi tài khoản: {done.password}   (giữ ở {password_file()})",
            *(f"  {name:<14} {role}" for name, role in done.accounts),
        ]
        self.show(data | {"password": done.password}, lines)
