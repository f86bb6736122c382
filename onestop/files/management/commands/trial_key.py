"""`trial_key FOLDER`: a key to try signing with, which binds nobody."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop.commands import OfficeCommand, Refused
from onestop.errors import say
from onestop.signatures import trial

YEARS = 2


class Command(OfficeCommand):
    help = (
        "Tạo khóa ký số để dùng thử, cùng chứng thư gốc của nó, và in ra các biến cần đặt.\n"
        "Chữ ký bằng khóa này không có giá trị: đừng dùng cho kết quả thật.\n\n"
        "Ví dụ:\n  manage.py trial_key /srv/motcua/ky-thu --name “UBND xã Bình Minh”"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="THƯ-MỤC", help="nơi ghi khóa; chưa có khóa nào")
        parser.add_argument(
            "--name", default="Cơ quan dùng thử", metavar="TÊN", help="tên ghi trong chứng thư"
        )

    def work(self, options: dict[str, Any]) -> None:
        folder, password = Path(options["folder"]).resolve(), secrets.token_urlsafe(18)
        begins = timezone.now() - timedelta(days=1)
        ends = begins + timedelta(days=366 * YEARS)
        try:
            trial.make(folder, options["name"], password, begins, ends)
        except FileExistsError as there:
            raise Refused(say("trial_key_there", {"folder": folder})) from there
        said = {
            "SIGN_KEY": str(folder / trial.KEY),
            "SIGN_PASSWORD": password,
            "SIGN_TRUST": str(folder / trial.ROOTS),
        }
        self.show(said, [f"{name}={value}" for name, value in said.items()])
