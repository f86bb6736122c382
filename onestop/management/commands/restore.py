"""`restore FILE`: all of a backup into an empty database and an empty file store."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from onestop.commands import OfficeCommand
from onestop.keeping.manifest import fingerprints
from onestop.keeping.reading import restore
from onestop.management.commands.backup import told

_STAGES = {
    "read": "đang đọc và kiểm tra bản sao lưu…",
    "load": "đang nạp dữ liệu và các tệp…",
    "check": "đang kiểm tra nhật ký, số và các tệp…",
}
SIGN_IN_AGAIN = "Lưu ý: SECRET_KEY của máy này khác với lúc sao lưu. Dữ liệu vẫn dùng được; mọi người phải đăng nhập lại."
HELD = "Thư còn chờ gửi lúc sao lưu được giữ lại, không gửi nữa."


class Command(OfficeCommand):
    # It says itself what is wrong with a database that has no tables yet.
    requires_system_checks = ()
    help = (
        "Khôi phục một bản sao lưu vào cơ sở dữ liệu trống và kho tệp trống (SQLite hay PostgreSQL đều được),\n"
        "rồi kiểm tra nhật ký, các số đếm và mã kiểm tra của các tệp. Lần chạy bị ngắt thì chạy lại: lần sau làm tiếp.\n"
        "Hãy dừng chương trình trước, và đặt đúng LOOKUP_KEY của lúc sao lưu.\n\n"
        "Ví dụ:\n  manage.py restore /sao-luu/motcua-2026-11-23.tar\n"
        "  manage.py restore /sao-luu/motcua-2026-11-23.tar.age --identity khoa.txt"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="bản sao lưu")
        parser.add_argument(
            "--identity", metavar="TỆP", help="tệp khóa bí mật age, khi bản sao lưu được mã hóa"
        )
        parser.add_argument(
            "--other-lookup-key",
            action="store_true",
            help="vẫn khôi phục khi LOOKUP_KEY cũ đã mất hẳn: mã bí mật trên các phiếu cũ không đọc lại được, "
            "xác thực hai bước của mọi cán bộ phải đặt lại",
        )

    def work(self, options: dict[str, Any]) -> None:
        manifest = restore(
            Path(options["file"]),
            identity=Path(options["identity"]) if options["identity"] else None,
            other_lookup_key=options["other_lookup_key"],
            progress=lambda stage: self.note(_STAGES[stage]),
        )
        self.show(manifest.as_data(), [*told(manifest, "Đã khôi phục và kiểm tra"), HELD])
        if manifest.head.keys["SECRET_KEY"] != fingerprints()["SECRET_KEY"]:
            self.note(SIGN_IN_AGAIN)
