"""`backup FILE`: database and files of one instant in one file; the product may run meanwhile."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop.commands import OfficeCommand
from onestop.keeping.manifest import Manifest
from onestop.keeping.writing import write_backup

_STAGES = {
    "database": "đang chép cơ sở dữ liệu…",
    "files": "đang chép các tệp…",
    "check": "đang đọc lại để kiểm tra…",
}
KEYS = (
    "Bản sao lưu không chứa SECRET_KEY và LOOKUP_KEY. Hãy cất hai khóa này (trong .env hoặc var/secrets.env) ở nơi khác bản sao lưu: "
    "mất LOOKUP_KEY thì mã bí mật trên các phiếu đã in không đọc lại được, và xác thực hai bước của mọi cán bộ phải đặt lại."
)


class Command(OfficeCommand):
    help = (
        "Sao lưu cơ sở dữ liệu cùng các tệp vào một tệp, đúng tại một thời điểm, trong khi chương trình vẫn chạy;\n"
        "đọc lại để kiểm tra rồi mới đặt tên. Lần chạy bị ngắt không để lại tệp mang tên này.\n\n"
        "Ví dụ:\n  manage.py backup /sao-luu/motcua-2026-11-23.tar\n"
        "  manage.py backup /sao-luu/motcua-2026-11-23.tar.age --recipient age1…"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="tệp sẽ ghi; chưa được có")
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="KHÓA",
            help="mã hóa cho khóa công khai age này (age1…); có thể ghi nhiều lần",
        )

    def work(self, options: dict[str, Any]) -> None:
        manifest = write_backup(
            Path(options["file"]),
            recipients=options["recipient"],
            progress=lambda stage: self.note(_STAGES[stage]),
        )
        self.show(manifest.as_data(), told(manifest, "Đã sao lưu"))
        if not self._json:
            self.note(KEYS)


def told(manifest: Manifest, done: str) -> list[str]:
    """What is in an archive, for people."""
    files = manifest.files
    lines = [
        f"{done}: {len(manifest.tables)} bảng, {manifest.rows} dòng, {files.count + len(files.others)} tệp.",
        f"Dữ liệu đúng lúc {timezone.localtime(manifest.made_at):%H:%M:%S %d/%m/%Y}.",
        f"{manifest.size / 1_000_000:.1f} MB{', đã mã hóa' if manifest.encrypted else ''}; SHA-256 của nội dung {manifest.digest}.",
    ]
    if files.missing_count:
        lines.append(f"Lưu ý: {files.missing_count} tệp đã mất từ trước, không có trong bản này.")
    if files.changed_count:
        lines.append(f"Lưu ý: {files.changed_count} tệp đã sai nội dung từ trước.")
    return lines
