"""`prove_restore FILE`: the proof of each quarter that a backup can be restored, with its record (R-148)."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.forms.models import model_to_dict
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.backups.proving import prove, told
from onestop.commands import OfficeCommand, Refused, UsageError


class Command(OfficeCommand):
    help = (
        "Thử khôi phục một bản sao lưu vào cơ sở dữ liệu và kho tệp tạm (không đụng đến dữ liệu đang dùng), so số dòng, số đếm,\n"
        "mã kiểm tra của các tệp với bản kê, kiểm tra nhật ký, xóa nơi tạm và ghi vào sổ. Làm mỗi quý một lần.\n"
        "Không khôi phục được thì cũng ghi vào sổ và kết thúc với mã 1.\n\n"
        "Ví dụ:\n  manage.py prove_restore /sao-luu/motcua-20261123-013000-7.saoluu --by quantri"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="bản sao lưu")
        parser.add_argument(
            "--identity", metavar="TỆP", help="tệp khóa bí mật age, khi bản sao lưu được mã hóa"
        )
        parser.add_argument(
            "--folder",
            metavar="THƯ_MỤC",
            help="nơi đặt dữ liệu tạm, cần chỗ bằng cơ sở dữ liệu cùng các tệp; không có thì trong VAR_DIR",
        )
        parser.add_argument(
            "--by", metavar="TÀI_KHOẢN", help="tài khoản của người thử, để ghi vào sổ"
        )

    def work(self, options: dict[str, Any]) -> None:
        by = None
        if options["by"]:
            by = Officer.objects.working().filter(username=options["by"]).first()
            if by is None:
                raise UsageError(f"Không có tài khoản đang mở nào tên {options['by']}.")
        proof = prove(
            Path(options["file"]),
            clock=timezone.now,
            identity=Path(options["identity"]) if options["identity"] else None,
            folder=Path(options["folder"]) if options["folder"] else None,
            by=by,
            note=self.note,
        )
        lines = told(proof)
        if proof.ok or self._json:
            self.show(model_to_dict(proof), lines)
        if not proof.ok:
            raise Refused("\n".join([*lines, proof.detail]))
