"""`open_administrator`: the first administrator of an installation, or a way back in when nobody
can sign in any more.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from onestop.accounts.domain import officers as domain
from onestop.accounts.domain.agencies import save_agency
from onestop.accounts.models import Agency, AgencyKind, Level, Officer, Role, RoleGrant
from onestop.commands import OfficeCommand, Refused


class Command(OfficeCommand):
    help = (
        "Tạo tài khoản quản trị đầu tiên, hoặc mở lại và cấp mật khẩu mới cho tài khoản đã có khi không ai vào được nữa.\n"
        "Mật khẩu dùng một lần in ra đúng một lần; việc này được ghi vào nhật ký truy cập.\n\n"
        "Ví dụ:\n"
        '  manage.py open_administrator quantri --name "Phan Anh Dũng" --agency H37 --agency-name "Ủy ban nhân dân tỉnh Lạng Sơn"\n'
        "  manage.py open_administrator quantri"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="TÀI_KHOẢN", help="tên đăng nhập")
        parser.add_argument("--name", metavar="HỌ_TÊN", default="", help="họ và tên, khi tạo mới")
        parser.add_argument(
            "--agency", metavar="MÃ", default="", help="mã định danh cơ quan mà người này quản trị"
        )
        parser.add_argument(
            "--agency-name",
            metavar="TÊN",
            default="",
            help="tên cơ quan, khi cơ quan chưa có trong hệ thống",
        )
        parser.add_argument(
            "--level",
            choices=[Level.PROVINCE.value, Level.COMMUNE.value],
            default=Level.PROVINCE.value,
            help="cấp của cơ quan mới",
        )

    def work(self, options: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                self._open(options)
        except ValidationError as error:
            raise Refused("\n".join(error.messages)) from error

    def _open(self, options: dict[str, Any]) -> None:
        at = timezone.now()
        username = options["username"].strip().lower()
        officer = Officer.objects.filter(username=username).first()
        if officer is None:
            officer, password = self._create(username, options)
        else:
            domain.unlock(officer=officer, by=None, at=at)
            password = domain.reset_password(officer=officer, by=None, at=at)
        agency = self._agency(options) if options["agency"] else officer.agency
        held = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
            officer=officer, role=Role.ADMINISTRATOR
        )
        if agency is not None and not held.filter(agency=agency).exists():
            today = timezone.localdate(at)
            domain.grant_role(
                officer=officer,
                role=Role.ADMINISTRATOR,
                agency=agency,
                valid_from=today,
                by=None,
                at=at,
            )
        place = agency.name if agency is not None else ""
        self.show(
            {"username": username, "password": password, "agency": place},
            [
                f"Tài khoản quản trị: {username}",
                f"Cơ quan: {place}",
                f"Mật khẩu dùng một lần: {password}",
            ],
        )

    def _create(self, username: str, options: dict[str, Any]) -> tuple[Officer, str]:
        if not options["name"] or not options["agency"]:
            raise Refused(f"Chưa có tài khoản {username}. Để tạo mới hãy thêm --name và --agency.")
        officer = Officer(
            username=username, full_name=options["name"], agency=self._agency(options)
        )
        officer.full_clean(exclude=["password"])
        return officer, domain.create_officer(officer=officer, by=None, at=timezone.now())

    def _agency(self, options: dict[str, Any]) -> Agency:
        code = options["agency"].strip().upper()
        found = Agency.objects.filter(code=code).first()
        if found is not None:
            return found
        if not options["agency_name"]:
            raise Refused(f"Chưa có cơ quan mã {code}. Thêm --agency-name để tạo mới.")
        made = Agency(
            code=code,
            name=options["agency_name"],
            level=options["level"],
            kind=AgencyKind.PEOPLES_COMMITTEE,
        )
        made.full_clean()
        return save_agency(agency=made, changed=[], by=None)
