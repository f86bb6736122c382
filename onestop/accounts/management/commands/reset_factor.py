"""`reset_factor`: takes off somebody's second factors on the server, the last way where no second
administrator is there.
"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop.accounts.domain import factor_resets
from onestop.accounts.models import Officer
from onestop.commands import OfficeCommand, Refused


class Command(OfficeCommand):
    help = (
        "Đặt lại xác thực hai bước của một tài khoản khi không có hai quản trị: bỏ mọi cách xác thực và mã dự phòng, "
        "kết thúc mọi phiên.\nNgười đó và người phụ trách được báo; việc này được ghi vào nhật ký truy cập.\n\n"
        'Ví dụ:\n  manage.py reset_factor quantri --reason "Mất điện thoại, cơ quan chỉ có một quản trị"'
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="TÀI_KHOẢN", help="tên đăng nhập")
        parser.add_argument(
            "--reason", metavar="LÝ_DO", required=True, help="lý do, ghi vào nhật ký"
        )

    def work(self, options: dict[str, Any]) -> None:
        username = options["username"].strip().lower()
        officer = Officer.objects.filter(username=username).first()
        if officer is None:
            raise Refused(f"Không có tài khoản {username}.")
        reason = options["reason"].strip()[:200]
        if not reason:
            raise Refused("Hãy ghi lý do đặt lại (--reason).")
        factor_resets.reset_on_server(officer=officer, reason=reason, at=timezone.now())
        self.show(
            {"username": username},
            [f"Đã đặt lại xác thực hai bước của {username}. Lần đăng nhập sau đăng ký lại."],
        )
