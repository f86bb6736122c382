"""`generate_dossiers`: a synthetic archive for benchmarks and demos."""

import time
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.demo import ensure_organisation
from dossiers.generating import generate
from onestop.commands import OfficeCommand, UsageError

EVERY = 20_000


class Command(OfficeCommand):
    help = (
        "Sinh hồ sơ giả để thử tốc độ và minh họa: giống hồ sơ làm thật (nhật ký, bàn giao, thời hạn, sổ, mã số đều khớp).\n"
        "Không bao giờ chạy trên cơ sở dữ liệu đã có hồ sơ thật.\n\n"
        "Ví dụ:\n  manage.py generate_dossiers --count 2000\n  manage.py generate_dossiers --count 200000 --seed 7 --years 2024-2026"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--count", type=int, required=True, metavar="SỐ", help="số hồ sơ cần sinh"
        )
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            metavar="SỐ",
            help="hạt giống ngẫu nhiên: cùng hạt giống, cùng dữ liệu",
        )
        parser.add_argument(
            "--years",
            default="",
            metavar="NĂM",
            help="ví dụ 2024-2026 hoặc 2024,2026; mặc định 12 tháng gần nhất",
        )

    def work(self, options: dict[str, Any]) -> None:
        count = options["count"]
        if count < 1:
            raise UsageError("Số hồ sơ cần sinh phải từ 1 trở lên.")
        years = _years(options["years"])
        started = time.monotonic()
        ensure_organisation(now=timezone.now())
        done = generate(
            count=count,
            now=timezone.now(),
            seed=options["seed"],
            years=years,
            progress=self._progress,
        )
        seconds = time.monotonic() - started
        data = {
            "count": done.count,
            "first": done.first,
            "last": done.last,
            "open": done.open,
            "seconds": round(seconds, 1),
        }
        rate = round(done.count / seconds) if seconds else done.count
        lines = [
            f"Đã sinh {done.count} hồ sơ tiếp nhận từ {done.first:%d/%m/%Y} đến {done.last:%d/%m/%Y}, {done.open} hồ sơ đang mở.",
            f"{seconds:.1f} giây, {rate} hồ sơ mỗi giây.",
        ]
        self.show(data, lines)

    def _progress(self, done: int) -> None:
        if done % EVERY == 0:
            self.note(f"đã sinh {done} hồ sơ…")


def _years(text: str) -> tuple[int, ...]:
    """ "2024-2026" or "2024,2026" as years. Errors: UsageError."""
    if not text:
        return ()
    try:
        if "-" in text:
            first, last = (int(part) for part in text.split("-"))
            years = tuple(range(first, last + 1))
        else:
            years = tuple(int(part) for part in text.split(","))
    except ValueError:
        years = ()
    if not years or not all(2018 <= year <= 2100 for year in years):
        raise UsageError(f"Không đọc được năm “{text}”. Ghi như 2024-2026 hoặc 2024,2026.")
    return years
