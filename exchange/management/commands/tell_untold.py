"""`tell_untold`: dossiers from before a system was connected are told to it, as they are now."""

from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet
from django.utils import timezone

from dossiers.models import Dossier
from exchange.outbox import earlier
from exchange.outbox.peers import Peer, peers
from onestop.commands import OfficeCommand, Refused, UsageError, day

# What acts tell meanwhile stands behind what is told here: a run is no longer than some minutes of sending.
MOST = 10_000


class Command(OfficeCommand):
    help = (
        "Báo cho một nơi nhận (EXCHANGE_PEERS) những hồ sơ chưa từng báo: tiếp nhận trước khi nối, nhập từ hệ thống cũ.\n"
        "Mỗi hồ sơ báo một lần, như hiện nay, không báo lại từng bước trước đây. Chạy lúc nào, bao nhiêu lần cũng được; còn thì chạy tiếp.\n\n"
        "Ví dụ:\n  manage.py tell_untold cong --since 2026-01-01"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "peer",
            nargs="?",
            default="",
            metavar="MÃ",
            help="mã nơi nhận; không cần khi chỉ có một",
        )
        parser.add_argument(
            "--since",
            type=day,
            metavar="NGÀY",
            help="cả hồ sơ đã kết thúc, tiếp nhận từ ngày này; không ghi: chỉ hồ sơ đang giải quyết",
        )
        parser.add_argument(
            "--most",
            type=int,
            default=MOST,
            metavar="SỐ",
            help=f"nhiều nhất bao nhiêu hồ sơ trong lần chạy này, không ghi: {MOST}",
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không ghi gì")

    def work(self, options: dict[str, Any]) -> None:
        peer, most = _peer(options["peer"]), options["most"]
        if most < 1:
            raise UsageError("--most là một số từ 1.")
        rows = earlier.to_tell(earlier.never_told(peer.code), options["since"])
        told = 0 if options["dry_run"] else self._tell(rows, peer, most)
        left = rows.count()
        done = [] if options["dry_run"] else [f"Sẽ báo {peer.name} {told} hồ sơ trong ít phút."]
        self.show({"told": told, "left": left}, [*done, f"Còn {left} hồ sơ chưa từng báo."])

    def _tell(self, rows: QuerySet[Dossier], peer: Peer, most: int) -> int:
        """Batch by batch, each behind the last one, so that the archive is read once."""
        told = after = 0
        while told < most:
            batch = min(earlier.AT_ONCE, most - told)
            ids, last = earlier.tell(rows, peer.code, at=timezone.now(), after=after, most=batch)
            if not last:
                break
            told, after = told + len(ids), last
            self.note(f"đã ghi {told} hồ sơ…")
        return told


def _peer(code: str) -> Peer:
    connected = peers()
    if not connected:
        raise Refused("Chưa nối với hệ thống nào. Hãy khai các nơi nhận ở EXCHANGE_PEERS.")
    codes = ", ".join(one.code for one in connected)
    if not code and len(connected) > 1:
        raise UsageError(f"Có nhiều nơi nhận, hãy ghi mã của một nơi: {codes}.")
    found = next((one for one in connected if code in ("", one.code)), None)
    if found is None:
        raise UsageError(f"Không có nơi nhận {code}. Đang nối: {codes}.")
    return found
