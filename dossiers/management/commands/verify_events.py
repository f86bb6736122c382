"""`verify_events`: walks the hash chains, the folds, the registers and the daily digests."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.ledger.misfits import WHAT_TO_DO, Misfit, Verified
from dossiers.ledger.nightly import verify_night
from dossiers.ledger.verifying import verify
from onestop.accounts.models import Agency
from onestop.commands import OfficeCommand, Refused, UsageError

EVERY = 50_000


class Command(OfficeCommand):
    help = (
        "Kiểm tra nhật ký: chuỗi mã băm của từng hồ sơ, dữ liệu hiện lưu so với các sự kiện, sổ theo dõi và phiếu không\n"
        "thiếu số, mã băm từng ngày của từng cơ quan; không có --agency thì cả sổ thay đổi ngoài hồ sơ. Đi đến hết và nêu\n"
        "mọi chỗ không khớp, chỗ đầu tiên trước: hồ sơ nào, sự kiện nào. Có chỗ không khớp thì kết thúc với mã 1."
    )

    _told = 0

    def add_options(self, parser: CommandParser) -> None:
        parts = parser.add_mutually_exclusive_group()
        parts.add_argument("--agency", metavar="MÃ", help="chỉ kiểm tra một cơ quan")
        parts.add_argument(
            "--night",
            action="store_true",
            help="chỉ phần mà việc chạy đêm nay kiểm tra: phần mới, hồ sơ đang mở, một phần các hồ sơ cũ",
        )

    def work(self, options: dict[str, Any]) -> None:
        agency = None
        if options["agency"]:
            agency = Agency.objects.filter(code=options["agency"]).first()
            if agency is None:
                raise UsageError(
                    f"Không có cơ quan nào mang mã {options['agency']}. Hãy xem mã ở trang Quản trị, mục Cơ quan."
                )
        now = timezone.now()
        found = (
            verify_night(now=now, progress=self._progress)
            if options["night"]
            else verify(now=now, agency=agency, progress=self._progress)
        )
        lines = [] if found.misfit else [_fits(found)]
        lines += _listed("Lưu ý", found.remarks, found.unnamed_remarks)
        if found.misfit is None or self._json:
            self.show(_data(found), lines)
        else:
            for line in lines:
                self.note(line)
        if found.misfit is not None:
            first, *others = _listed("Không khớp ở", found.misfits, found.unnamed)
            raise Refused("\n".join([first, *others, WHAT_TO_DO]))

    def _progress(self, dossiers: int) -> None:
        if dossiers // EVERY > self._told:
            self._told = dossiers // EVERY
            self.note(f"đã kiểm tra {dossiers} hồ sơ…")


def _fits(found: Verified) -> str:
    return (
        f"Khớp: {found.dossiers} hồ sơ, {found.events} sự kiện, {found.days} ngày đã chốt, "
        f"{found.rows} dòng ngoài hồ sơ."
    )


def _listed(word: str, misfits: Sequence[Misfit], unnamed: int) -> list[str]:
    lines = [f"{word} {one}." for one in misfits]
    return [*lines, f"Và {unnamed} chỗ khác."] if unnamed else lines


def _data(found: Verified) -> dict[str, Any]:
    """`misfit`: the first one, as it always was; `misfits`: all that are named."""
    return {
        "ok": found.misfit is None,
        "dossiers": found.dossiers,
        "events": found.events,
        "days": found.days,
        "rows": found.rows,
        "misfit": asdict(found.misfit) if found.misfit else None,
        "misfits": [asdict(one) for one in found.misfits],
        "unnamed": found.unnamed,
        "remarks": [asdict(one) for one in found.remarks],
    }
