"""`compare_digests`: what left the machine by mail or on paper against what the database gives now."""

import re
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from dossiers.ledger.recomputed import Recomputed, recomputed
from onestop.accounts.models import Agency
from onestop.commands import OfficeCommand, Refused, UsageError, day

# Enough letters of a hash that nobody meets them by chance; who reads paper need not type all.
SHORTEST = 12
_LINE = re.compile(r"(?:(\d{2}/\d{2}/\d{4})\s+(\d+)\s+\S+(?:\s\S+)?\s+)?\b([0-9a-f]{64})\b")


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of a letter, or a hash by itself."""

    hash: str
    day: str = ""
    events: int | None = None


class Command(OfficeCommand):
    help = (
        "So mã băm đã gửi qua thư hoặc đã in với mã băm tính lại từ cơ sở dữ liệu hiện nay. Nhận cả lá thư (tệp, hoặc - để\n"
        "đọc từ bàn phím), hoặc từng mã. Có mã không còn tính ra được thì kết thúc với mã 1: hồ sơ, sự kiện của ngày đó\n"
        "hoặc của một ngày trước đó đã bị xóa, sửa hay chèn thêm. Nội dung từng sự kiện do lệnh verify_events kiểm tra."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "letter", nargs="?", metavar="TỆP", help="thư đã lưu dạng văn bản; - để đọc từ bàn phím"
        )
        parser.add_argument(
            "--digest", action="append", default=[], metavar="MÃ_BĂM", help=f"một mã băm, ít nhất {SHORTEST} chữ đầu; ghi nhiều lần được"
        )  # fmt: skip
        parser.add_argument("--agency", metavar="MÃ", help="chỉ tính lại cho một cơ quan")
        parser.add_argument("--day", type=day, metavar="NGÀY", help="chỉ so mã băm của một ngày")

    def work(self, options: dict[str, Any]) -> None:
        kept = [_hash(text) for text in options["digest"]]
        if options["letter"]:
            kept += _lines(_read(options["letter"]))
        if not kept:
            raise UsageError(
                "Chưa có mã băm nào để so. Hãy ghi tệp chứa thư, hoặc --digest và mã băm trong thư."
            )
        now = list(recomputed(_agency(options["agency"])))
        compared = [(one, _found(one, now, options["day"])) for one in kept]
        lost = [one for one, found in compared if found is None]
        lines = [_said(one, found) for one, found in compared]
        if not lost or self._json:
            data = [asdict(one) | {"found": found and _data(found)} for one, found in compared]
            self.show({"ok": not lost, "compared": data}, lines)
        if lost:
            raise Refused("\n".join(_said(one, None) for one in lost) + "\n" + WHAT_TO_DO)


WHAT_TO_DO = (
    "Hãy kiểm tra mã đã ghi đúng chưa. Nếu đúng: giữ nguyên cơ sở dữ liệu, chạy verify_events, so với bản sao lưu "
    "và báo quản trị."
)


def _read(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Không đọc được tệp {name}. Hãy lưu thư dạng văn bản UTF-8.") from error


def _lines(text: str) -> list[Kept]:
    return [
        Kept(found[3].lower(), found[1] or "", int(found[2]) if found[2] else None)
        for found in _LINE.finditer(text)
    ]


def _hash(text: str) -> Kept:
    text = "".join(text.split()).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", text):
        raise UsageError(
            f"“{text}” không phải mã băm: cần từ {SHORTEST} đến 64 chữ số 0–9 và chữ cái a–f."
        )
    return Kept(text)


def _agency(code: str | None) -> Agency | None:
    if not code:
        return None
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise UsageError(
            f"Không có cơ quan nào mang mã {code}. Hãy xem mã ở trang Quản trị, mục Cơ quan."
        )
    return found


def _found(kept: Kept, now: list[Recomputed], on: date | None) -> Recomputed | None:
    """What gives this hash today, of the day that the letter names where it names one."""
    return next(
        (
            one
            for one in now
            if one.hash.startswith(kept.hash)
            and (on is None or one.day == on)
            and kept.day in ("", f"{one.day:%d/%m/%Y}")
            and kept.events in (None, one.events)
        ),
        None,
    )


def _said(kept: Kept, found: Recomputed | None) -> str:
    if found is not None:
        return f"Khớp: {found.whose}, ngày {found.day:%d/%m/%Y}, {found.events} mục, mã {kept.hash}"
    told = f" (thư ghi ngày {kept.day}, {kept.events} mục)" if kept.day else ""
    return f"Không khớp: mã {kept.hash}{told} không còn tính ra được từ cơ sở dữ liệu."


def _data(found: Recomputed) -> dict[str, Any]:
    return asdict(found) | {"day": found.day.isoformat()}
