"""`import_dossiers`: dossiers of an earlier system or of paper days (R-76)."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.importing.reading import open_source
from dossiers.importing.run import Order, Report, administrator, import_dossiers
from dossiers.models import DossierImport
from onestop.commands import OfficeCommand, Refused, table

EVERY = 10_000
SHOWN = 50


class Command(OfficeCommand):
    help = (
        "Nhập hồ sơ của hệ thống trước hoặc của những ngày làm trên giấy từ tệp CSV (UTF-8), đúng thời gian và mã đã có.\n"
        "Dòng lỗi được liệt kê, không chặn dòng tốt; nhập lại lần nữa không đổi gì, dòng khác lần trước được nêu và giữ nguyên.\n"
        "Có dòng bị từ chối thì kết thúc với mã 1. Các cột: xem docs/operations.md.\n\n"
        "Ví dụ:\n  manage.py import_dossiers ho-so-cu.csv --dry-run --confirmed-by quantri\n"
        "  manage.py import_dossiers ho-so-cu.csv --confirmed-by quantri\n"
        "  manage.py import_dossiers ngay-giay.csv --counts now"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="tệp CSV, dòng đầu là tên các cột")
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ xem trước: đếm và liệt kê, không ghi gì"
        )
        parser.add_argument(
            "--counts",
            choices=DossierImport.Counts.values,
            default=DossierImport.Counts.AS_HAPPENED.value,
            help="as-happened: báo cáo tính từ lúc đã xảy ra (mặc định; trước ngày bắt đầu dùng phần mềm, hoặc có --confirmed-by); "
            "now: tính từ lúc nhập, phần thuộc kỳ đã chốt thành điều chỉnh",
        )
        parser.add_argument(
            "--confirmed-by", metavar="TÀI KHOẢN", default="", help="quản trị xác nhận việc nhập"
        )

    def work(self, options: dict[str, Any]) -> None:
        now, started = timezone.now(), time.monotonic()
        username = options["confirmed_by"]
        order = Order(
            open_source(Path(options["file"])),
            now,
            confirmed_by=administrator(username, now) if username else None,
            counts=options["counts"],
            dry_run=options["dry_run"],
        )
        report = import_dossiers(order, progress=self._progress)
        data = {
            "dry_run": order.dry_run,
            **report.counts,
            "warnings": report.warnings,
            "problems": [problem.told() for problem in report.problems],
            "changes": report.changes,
            "seconds": round(time.monotonic() - started, 1),
        }
        self.show(data, _lines(report, dry_run=order.dry_run))
        if report.different:
            self.note(f"{report.different} hồ sơ khác với dữ liệu đang có, được giữ nguyên.")
        if report.refused:
            others = "chưa ghi gì" if order.dry_run else "các dòng khác đã nhập"
            raise Refused(
                f"{report.refused} dòng bị từ chối, {others}. Hãy sửa tệp theo lý do nêu ở từng dòng rồi nhập lại cả tệp: "
                "những gì đã nhập không đổi."
            )

    def _progress(self, report: Report) -> None:
        if report.rows % EVERY == 0:
            self.note(f"đã xem {report.rows} dòng…")


def _lines(report: Report, *, dry_run: bool) -> list[str]:
    lines = [
        "Xem trước, chưa ghi gì." if dry_run else "Đã nhập.",
        f"  new        {report.new:>7}  mới",
        f"  unchanged  {report.unchanged:>7}  đã có, không đổi",
        f"  different  {report.different:>7}  đã có, tệp nói khác, giữ nguyên",
        f"  refused    {report.refused:>7}  bị từ chối",
    ]
    lines += [
        f"  Lưu ý, {w['count']} dòng (từ dòng {w['line']}): {w['message']}" for w in report.warnings
    ]
    if report.changes:
        rows = [(one["line"], one["code"], one["reason"]) for one in report.changes[:SHOWN]]
        lines += ["", *table(("Dòng", "Mã hồ sơ", "Khác ở đâu"), rows)]
    if report.problems:
        found = [(p.line, p.code, p.column, p.reason) for p in report.problems[:SHOWN]]
        lines += ["", *table(("Dòng", "Mã hồ sơ", "Cột", "Lý do từ chối"), found)]
        if report.refused > SHOWN:
            lines.append(f"… và {report.refused - SHOWN} dòng nữa: thêm --json để có đủ.")
    return lines
