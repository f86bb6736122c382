"""The /san-sang/ answer on a terminal: for health checks inside containers and for whoever looks
after the server.
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from onestop.jobs import health


class Command(BaseCommand):
    help = "Cho biết hệ thống đã sẵn sàng chưa: dữ liệu, hàng đợi, kho tệp, bộ lập lịch, tiến trình, sao lưu. Thoát 0 khi tốt, 1 khi có phần hỏng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only",
            choices=health.names(),
            help="chỉ kiểm tra một phần",
        )
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [
            check
            for check in health.checks(timezone.now())
            if options["only"] in (None, check.name)
        ]
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {check.name: {"ok": check.ok, "detail": check.detail} for check in found},
                    ensure_ascii=False,
                )
            )
        else:
            for check in found:
                self.stdout.write(
                    f"{check.label:<20} {'tốt' if check.ok else 'HỎNG':<6} {check.detail}"
                )
        if not health.is_ready(found):
            sys.exit(1)
