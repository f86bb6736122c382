"""`import_procedures`: catalogue records into versions."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop.commands import OfficeCommand, Refused, UsageError, day
from onestop.errors import DomainError, sentence
from procedures.domain.importing import ImportReport, Publication, import_procedures
from procedures.domain.sources import read_source

KINDS = {
    "rejected": "bị từ chối",
    "term": "chờ xác nhận thời hạn",
    "fee": "chưa ghi rõ mức phí",
    "form": "mẫu đơn",
}


class Command(OfficeCommand):
    help = (
        "Nhập danh mục thủ tục hành chính từ tệp JSON. Bản ghi lỗi được liệt kê, không chặn bản ghi tốt; nhập lại lần nữa không đổi gì.\n"
        "Có bản ghi bị từ chối thì kết thúc với mã 1.\n\n"
        "Ví dụ:\n  manage.py import_procedures data/catalogue.json --dry-run\n"
        "  manage.py import_procedures data/catalogue.json --decision 163/QĐ-UBND --signed 2026-01-20 --effective 2026-02-01"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="tệp JSON, một danh sách bản ghi thủ tục")
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ xem trước: đếm và liệt kê, không ghi gì"
        )
        parser.add_argument(
            "--decision",
            metavar="SỐ",
            help="số quyết định công bố (đi cùng --signed và --effective)",
        )
        parser.add_argument("--signed", metavar="NGÀY", type=day, help="ngày ký, dạng 2026-01-20")
        parser.add_argument(
            "--effective", metavar="NGÀY", type=day, help="ngày có hiệu lực, dạng 2026-02-01"
        )

    def work(self, options: dict[str, Any]) -> None:
        publication = self._publication(options)
        try:
            source = read_source(Path(options["file"]))
            report = import_procedures(
                source, at=timezone.now(), publication=publication, dry_run=options["dry_run"]
            )
        except DomainError as error:
            raise Refused(sentence(error)) from error
        self.show(
            {"dry_run": options["dry_run"], **report_data(report)},
            report_lines(report, dry_run=options["dry_run"]),
        )
        refuse_rejected(report, dry_run=options["dry_run"])

    def _publication(self, options: dict[str, Any]) -> Publication | None:
        given = [options["decision"], options["signed"], options["effective"]]
        if not any(given):
            return None
        if not all(given):
            raise UsageError("--decision, --signed và --effective phải đi cùng nhau.")
        if options["effective"] < options["signed"]:
            raise UsageError("Ngày hiệu lực không thể trước ngày ký.")
        return Publication(options["decision"], options["signed"], options["effective"])


def refuse_rejected(report: ImportReport, *, dry_run: bool) -> None:
    """After the report: exit code 1 when records were refused, with a sentence; the others are in."""
    if report.rejected:
        others = "chưa ghi gì" if dry_run else "các bản ghi khác đã nhập"
        raise Refused(
            f"{report.rejected} bản ghi bị từ chối, {others}. Hãy sửa tệp theo lý do nêu ở từng bản ghi rồi nhập lại cả tệp: "
            "những gì đã nhập không đổi."
        )


def report_data(report: ImportReport) -> dict[str, Any]:
    """The report as `--json` prints it."""
    return {
        **report.counts(),
        "problems": [
            {"place": p.place, "code": p.code, "kind": p.kind, "reason": p.reason}
            for p in report.problems
        ],
        "changes": [{"code": code, "parts": parts} for code, parts in report.changes],
    }


def report_lines(report: ImportReport, *, dry_run: bool = False) -> list[str]:
    """The report as people read it: the counts, what would change, and every record that needs
    somebody.
    """
    lines = ["Xem trước, chưa ghi gì." if dry_run else "Đã nhập."]
    lines += [
        f"  new             {report.new:>5}  mới",
        f"  changed         {report.changed:>5}  thay đổi, lập phiên bản mới",
        f"  unchanged       {report.unchanged:>5}  không đổi",
        f"  needs_decision  {report.needs_decision:>5}  đã nhập, thời hạn hoặc mức phí chưa ghi rõ",
        f"  rejected        {report.rejected:>5}  bị từ chối",
    ]
    if report.verified:
        lines.append(
            f"  verified        {report.verified:>5}  không đổi, nay có quyết định và ngày hiệu lực"
        )
    if report.texts:
        lines.append(
            f"  texts           {report.texts:>5}  ghi lại trình tự, mẫu đơn, yêu cầu; không lập phiên bản"
        )
    lines += [
        f"  {code}: thay đổi {', '.join(parts) or 'cách ghi'}" for code, parts in report.changes
    ]
    lines += [
        f"  bản ghi {p.place} {p.code or '(không mã)'} – {KINDS.get(p.kind, p.kind)}: {p.reason}"
        for p in report.problems
    ]
    return lines
