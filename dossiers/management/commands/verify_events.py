"""`verify_events`: walks the hash chains, the folds, the registers and the daily digests."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.ledger.verifying import verify
from onestop.accounts.models import Agency
from onestop.commands import OfficeCommand, Refused, UsageError

EVERY = 50_000
WHAT_TO_DO = (
    "Hãy giữ nguyên cơ sở dữ liệu, báo quản trị và so với bản sao lưu, với mã băm đã gửi qua thư."
)


class Command(OfficeCommand):
    help = (
        "Kiểm tra nhật ký: chuỗi mã băm của từng hồ sơ, dữ liệu hiện lưu so với sự kiện cuối, sổ theo dõi không thiếu số,\n"
        "mã băm từng ngày của từng cơ quan. Dừng ở chỗ sai đầu tiên, nêu tên hồ sơ và sự kiện, kết thúc với mã 1."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", metavar="MÃ", help="chỉ kiểm tra một cơ quan")

    def work(self, options: dict[str, Any]) -> None:
        agency = None
        if options["agency"]:
            agency = Agency.objects.filter(code=options["agency"]).first()
            if agency is None:
                raise UsageError(
                    f"Không có cơ quan nào mang mã {options['agency']}. Hãy xem mã ở trang Quản trị, mục Cơ quan."
                )
        found = verify(now=timezone.now(), agency=agency, progress=self._progress)
        counts = {"dossiers": found.dossiers, "events": found.events, "days": found.days}
        if found.misfit is None:
            line = (
                f"Khớp: {found.dossiers} hồ sơ, {found.events} sự kiện, {found.days} ngày đã chốt."
            )
            self.show({"ok": True, **counts, "misfit": None}, [line])
            return
        if self._json:
            self.show({"ok": False, **counts, "misfit": asdict(found.misfit)}, [])
        raise Refused(f"Không khớp ở {found.misfit}.\n{WHAT_TO_DO}")

    def _progress(self, dossiers: int) -> None:
        if dossiers and dossiers % EVERY == 0:
            self.note(f"đã kiểm tra {dossiers} hồ sơ…")
