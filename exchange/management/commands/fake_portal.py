"""`fake_portal`: a portal of our own that takes dossiers in and plays what real ones do."""

import os
import threading
import time
from contextlib import suppress
from typing import Any

import urllib3
from django.core.management.base import CommandParser
from django.utils import timezone

from exchange.peer import filing
from exchange.peer.http import HOLDS, Server
from exchange.peer.serving import TROUBLES, Recorded
from onestop.commands import OfficeCommand, UsageError


class Command(OfficeCommand):
    help = (
        "Chạy một Cổng thử trên máy này (127.0.0.1) để xem phần mềm gửi gì và chịu được gì: nhận hồ sơ theo cả hai kiểu kết nối,\n"
        "và diễn những trục trặc của Cổng thật (mất kết nối, trả lời chậm, từ chối, hết phiên…) theo --seed, lặp lại được.\n"
        "Dừng bằng Ctrl+C. Chỉ để thử: không có mật khẩu nào được kiểm tra."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8099, help="cổng mạng (mặc định 8099)")
        parser.add_argument("--seed", type=int, default=0, help="hạt giống của các trục trặc")
        parser.add_argument(
            "--share", type=float, default=0.0, help="phần yêu cầu gặp trục trặc, 0 đến 1"
        )
        parser.add_argument(
            "--only",
            nargs="+",
            choices=TROUBLES,
            default=TROUBLES,
            help="chỉ diễn những trục trặc này",
        )
        parser.add_argument(
            "--slow", type=float, default=30.0, help="trả lời chậm mất bao nhiêu giây"
        )

        parser.add_argument(
            "--door",
            metavar="ĐỊA CHỈ",
            default="",
            help="mỗi --every giây nộp một hồ sơ vào cửa này; khóa ở biến PORTAL_SECRET",
        )
        parser.add_argument("--every", type=float, default=60.0, help="số giây giữa hai hồ sơ")
        parser.add_argument("--procedure", default="1.004873", help="mã thủ tục của hồ sơ nộp vào")
        parser.add_argument("--unit", default="", help="mã cơ quan nhận hồ sơ nộp vào")

    def work(self, options: dict[str, Any]) -> None:
        if not 0 <= options["share"] <= 1:
            raise UsageError("--share là một số từ 0 đến 1.")
        peer = Recorded(options["seed"], options["share"], tuple(options["only"]))
        try:
            server = Server(peer, port=options["port"], slow=options["slow"])
        except OSError as error:
            raise UsageError(f"Không mở được cổng {options['port']}: {error.strerror}.") from error
        if options["door"]:
            files = threading.Thread(target=_file, args=(options,), daemon=True)
            files.start()
        self.stdout.write(f"Cổng thử ở {server.url}; xem những gì nó giữ ở {server.url}{HOLDS}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Đã dừng.")
        finally:
            server.server_close()


def _file(options: dict[str, Any]) -> None:
    """One filing after the other, as citizens hand them in; a door that does not answer is tried
    again with the next one.
    """
    secret = os.environ.get("PORTAL_SECRET", "")
    while True:
        time.sleep(options["every"])
        # As the national form writes it: the clock of Việt Nam.
        at = timezone.localtime()
        [message] = filing.filings(
            1,
            seed=options["seed"],
            procedure=options["procedure"],
            unit=options["unit"],
            at=at,
        )
        with suppress(urllib3.exceptions.HTTPError):
            filing.post(options["door"], secret, message)
