"""`exchange_door`: a system that may send to us, opened or closed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.models import OnlineSource
from exchange.inbox.arriving import has_secret
from exchange.models import Door
from onestop.commands import OfficeCommand, Refused


class Command(OfficeCommand):
    help = (
        "Mở (hoặc đóng) cửa nhận thông điệp của một hệ thống dưới tên TÊN, ký bằng khóa TÊN trong EXCHANGE_SECRETS.\n\n"
        'Ví dụ:\n  manage.py exchange_door cong --source "Cổng Dịch vụ công quốc gia"\n  manage.py exchange_door cong --close'
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="TÊN", help="tên cửa: chữ không dấu, số, gạch nối")
        parser.add_argument(
            "--source", metavar="NGUỒN", default="", help="tên nguồn hồ sơ trực tuyến"
        )
        parser.add_argument("--close", action="store_true", help="ngừng nhận")

    def work(self, options: dict[str, Any]) -> None:
        name = options["name"]
        door = Door.objects.filter(name=name).first()
        if options["close"]:
            if door is None:
                raise Refused(f"Không có cửa “{name}”.")
            door.ended_at = door.ended_at or timezone.now()
            door.save()
            self.show({"door": name, "open": False}, [f"Đã đóng cửa {name}."])
            return
        source = OnlineSource.objects.filter(name=options["source"], ended_at=None).first()
        if source is None:
            raise Refused(
                f"Không có nguồn tên “{options['source']}”. Hãy thêm ở Quản trị, Nguồn hồ sơ trực tuyến."
            )
        try:
            Door._meta.get_field("name").run_validators(name)
        except ValidationError as error:
            raise Refused(
                f"Tên cửa “{name}” phải gồm chữ không dấu, số, gạch nối, không quá 40 ký tự."
            ) from error
        door = door or Door(name=name)
        door.source, door.ended_at = source, None
        door.save()
        secret = (
            ""
            if has_secret(name)
            else f" Chưa có khóa {name} trong EXCHANGE_SECRETS: chưa nhận gì."
        )
        self.show({"door": name, "open": True}, [f"Cửa {name} nhận hồ sơ của {source}.{secret}"])
