"""`import_processes`: internal processes attached to procedure codes."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop.commands import OfficeCommand, Refused
from onestop.errors import DomainError, sentence
from procedures.domain.processes import import_processes
from procedures.domain.sources import read_source
from procedures.management.commands.import_procedures import refuse_rejected, report_data

KINDS = {
    "rejected": "bị từ chối",
    "case": "trường hợp chưa có tên",
    "unattached": "chưa gắn được",
    "hours": "giờ không khớp",
}


class Command(OfficeCommand):
    help = (
        "Nhập quy trình nội bộ từ tệp JSON. Khóa: mã thủ tục, quyết định, tỉnh, cấp, trường hợp. Nhập lại lần nữa không đổi gì.\n"
        "Có bản ghi bị từ chối thì kết thúc với mã 1; các bản ghi khác vẫn được nhập.\n\n"
        "Ví dụ:\n  manage.py import_processes data/processes.json"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="tệp JSON, một danh sách quy trình")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi gì")

    def work(self, options: dict[str, Any]) -> None:
        try:
            report = import_processes(
                read_source(Path(options["file"])), at=timezone.now(), dry_run=options["dry_run"]
            )
        except DomainError as error:
            raise Refused(sentence(error)) from error
        lines = [
            "Xem trước, chưa ghi gì." if options["dry_run"] else "Đã nhập.",
            f"  new             {report.new:>5}  mới",
            f"  changed         {report.changed:>5}  thay quy trình cũ",
            f"  unchanged       {report.unchanged:>5}  không đổi",
            f"  needs_decision  {report.needs_decision:>5}  đã nhập, trường hợp chưa có tên",
            f"  rejected        {report.rejected:>5}  bị từ chối",
        ]
        lines += [
            f"  bản ghi {p.place} {p.code or '(không mã)'} – {KINDS.get(p.kind, p.kind)}: {p.reason}"
            for p in report.problems
        ]
        self.show({"dry_run": options["dry_run"], **report_data(report)}, lines)
        refuse_rejected(report, dry_run=options["dry_run"])
