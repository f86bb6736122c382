"""`receive_messages`: what another system sent as a file, taken in as if it had come by its door."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from exchange.inbox import arriving, taking
from exchange.inbox.telling import words
from exchange.models import Door
from onestop.commands import OfficeCommand, Refused
from onestop.errors import DomainError, sentence


class Command(OfficeCommand):
    help = (
        "Nhận thông điệp của hệ thống khác từ tệp: mỗi dòng một phong bì JSON {service, isUpdating, data}.\n"
        "Nhận lại cùng một tệp không đổi gì. Có dòng không nhận thì kết thúc với mã 1; các dòng khác vẫn được nhận.\n\n"
        "Ví dụ:\n  manage.py receive_messages thong-diep.jsonl --door cong"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="tệp thông điệp, mỗi dòng một phong bì")
        parser.add_argument("--door", metavar="CỬA", required=True, help="tên cửa nhận")

    def work(self, options: dict[str, Any]) -> None:
        door = arriving.open_door(options["door"])
        if door is None:
            names = ", ".join(Door.objects.filter(ended_at=None).values_list("name", flat=True))
            raise Refused(
                f"Không có cửa “{options['door']}”. Các cửa đang mở: {names or 'chưa có'}."
            )
        path = Path(options["file"])
        if not path.is_file():
            raise Refused(f"Không có tệp {path.name}.")
        told = [
            self._line(door, number, line)
            for number, line in enumerate(path.read_bytes().splitlines(), start=1)
            if line.strip()
        ]
        refused = [one for one in told if one["refused"]]
        lines = [f"Dòng {one['line']} {one['code']}: {one['said']}" for one in told]
        lines.append(f"Đã đọc {len(told)} dòng, {len(refused)} dòng không nhận.")
        self.show({"lines": told, "refused": len(refused)}, lines)
        if refused:
            raise SystemExit(1)

    def _line(self, door: Door, number: int, line: bytes) -> dict[str, Any]:
        now = timezone.now()
        try:
            if len(line) > settings.EXCHANGE_MAX_BYTES:
                limit = settings.EXCHANGE_MAX_BYTES // (1024 * 1024)
                raise DomainError("exchange_too_big", limit=limit)
            taken = arriving.take(door, line, at=now)
        except DomainError as error:
            return {"line": number, "code": "", "said": sentence(error), "refused": True}
        read = [taking.tried(message.pk, at=now) for message in taken.messages]
        said = " ".join(
            one.get_state_display() + "".join(f" {why}" for why in words(one.missing))
            for one in read
        )
        said += "".join(f" Hồ sơ thứ {place}: {sentence(error)}" for place, error in taken.refused)
        code = ", ".join(one.foreign_code for one in read)
        return {"line": number, "code": code, "said": said, "refused": bool(taken.refused)}
