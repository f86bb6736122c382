"""The benchmark table: `make bench`. Ratios between things measured in turn in one run on one machine.

Private PostgreSQL databases (2,000 and 200,000 generated dossiers), one web worker on each, the
real settings and middleware. Every line prints median, p95, SQL statements, bytes, the ratio to its
reference and the limit it is held to; what else runs on the machine changes the times much and
the ratios little (benchmark/table.py, `undisturbed`): by a fifth at a load of about ten.
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

from benchmark import door, migrating, pages, tricks, work
from benchmark.offices import Offices
from benchmark.table import Table

Part = Callable[[Table, Offices], None]
# In this order; each makes the offices it needs. Rows are added in their modules.
PARTS: dict[str, tuple[str, Part]] = {
    "pages": ("Trang", pages.pages),
    "tricks": ("Lớp tăng tốc: được bao nhiêu so với cách thường", tricks.tricks),
    "growth": ("Khi kho hồ sơ lớn lên", pages.growth),
    "weights": ("Dung lượng gửi đi", pages.weights),
    "memory": ("Bộ nhớ", pages.memory),
    "work": ("Việc", work.work),
    "ledger": ("Nhật ký", work.ledger),
    "paper": ("Bản in", work.paper),
    "listing": ("Danh mục công bố", work.listing),
    "figures": ("Số liệu", work.figures),
    "telling": ("Báo hệ thống khác", work.telling),
    "taking": ("Nhập vào", work.taking),
    "door": ("Cửa trực tuyến", door.door),
    "migrating": ("Dựng bảng của một cơ quan mới", migrating.migrating),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Bảng đo tốc độ.")
    parser.add_argument("--size", type=int, nargs="+", default=[200_000], help="cỡ lớn: số hồ sơ (mặc định 200000); nhiều cỡ thì lần lượt")  # fmt: skip
    parser.add_argument("--small", type=int, default=2_000, help="cỡ nhỏ (mặc định 2000)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="chỉ những phần này")  # fmt: skip
    asked = parser.parse_args()
    started = time.monotonic()
    table = Table()
    for size in asked.size:
        # Each size on a server of its own, gone when it is through: the largest fill a disk.
        with ExitStack() as stack:
            offices = Offices(stack, asked.small, size)
            for name in asked.only:
                title, part = PARTS[name]
                table.head(title)
                part(table, offices)
    print(f"\nHết {(time.monotonic() - started) / 60:.0f} phút.")
    if table.broken:
        print("Vượt mức: " + "; ".join(table.broken))
        return 1
    print("Mọi mức đều đạt.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
