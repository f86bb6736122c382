"""`fake_portal`: a portal of our own that takes dossiers in and plays what real ones do."""

import os
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from dossiers.desk import intake as catalogue
from dossiers.intake.assessing import published
from exchange.peer import filing, reading
from exchange.peer.http import HOLDS, Server
from exchange.peer.identity import PATH, Identity, Person
from exchange.peer.paying import PAYS, Platform
from exchange.peer.people import people
from exchange.peer.plays import PLAYS, Applicants, turn_of
from exchange.peer.reporting import ADDRESS
from exchange.peer.serving import ODD, TROUBLES, Recorded
from onestop.commands import OfficeCommand, UsageError
from procedures.models import ProcedureVersion
from procedures.models.catalogue import Status

# How soon a door that takes nothing yet is tried again, in seconds.
TRY_AGAIN = 5.0
# How often applicants look at what the portal holds of theirs.
LOOK = 1.0
ALL = "all"


class Command(OfficeCommand):
    help = (
        "Chạy một Cổng thử trên máy này (127.0.0.1) để xem phần mềm gửi gì và chịu được gì: nhận hồ sơ theo cả hai kiểu kết nối,\n"
        "và diễn những trục trặc của Cổng thật (mất kết nối, trả lời chậm, từ chối, hết phiên…) theo --seed, lặp lại được.\n"
        "Cũng là một hệ thống định danh thử để người dân bịa ra đăng nhập (OpenID Connect).\n"
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
            choices=(*TROUBLES, *ODD),
            default=(*TROUBLES, *ODD),
            help="chỉ diễn những trục trặc này",
        )
        parser.add_argument(
            "--bad", type=float, default=0.0, help="phần hồ sơ không bao giờ được nhận, 0 đến 1"
        )
        parser.add_argument(
            "--play",
            nargs="+",
            choices=(*PLAYS, *PAYS, ALL),
            default=(),
            help="người nộp và nền tảng thanh toán làm những việc này, mỗi hồ sơ, mỗi lần nộp tiền một việc, lần lượt; all: mọi việc",
        )
        parser.add_argument(
            "--after",
            type=float,
            default=30.0,
            help="sau bao nhiêu giây thì người nộp làm việc tiếp theo (bổ sung, rút…)",
        )
        parser.add_argument(
            "--above",
            type=int,
            default=0,
            help="số liệu của báo cáo quốc gia nhiều hơn số hồ sơ Cổng thử giữ là bao nhiêu",
        )
        parser.add_argument(
            "--slow", type=float, default=30.0, help="trả lời chậm mất bao nhiêu giây"
        )

        parser.add_argument(
            "--door",
            metavar="ĐỊA CHỈ",
            default="",
            help="nộp một hồ sơ vào cửa này ngay khi cửa trả lời, rồi mỗi --every giây; khóa ở biến PORTAL_SECRET",
        )
        parser.add_argument(
            "--most", type=int, default=0, help="nộp nhiều nhất bao nhiêu hồ sơ; 0: không giới hạn"
        )
        parser.add_argument("--every", type=float, default=60.0, help="số giây giữa hai hồ sơ")
        parser.add_argument("--procedure", default="1.001022", help="mã thủ tục của hồ sơ nộp vào")
        parser.add_argument("--unit", default="", help="mã cơ quan nhận hồ sơ nộp vào")

        parser.add_argument(
            "--confirms",
            metavar="ĐỊA CHỈ",
            default="",
            help="nhận cả thanh toán (khóa ở biến PAYMENT_SECRET) và báo tiền về cửa này",
        )

    def work(self, options: dict[str, Any]) -> None:
        for name in ("share", "bad"):
            if not 0 <= options[name] <= 1:
                raise UsageError(f"--{name} là một số từ 0 đến 1.")
        peer = Recorded(options["seed"], options["share"], tuple(options["only"]))
        peer.bad_share, peer.reads = options["bad"], reading.answers(peer.store.results)
        if options["confirms"]:
            peer.platform = Platform(os.environ.get("PAYMENT_SECRET", ""))
        about = {
            "confirms": options["confirms"],
            "word": os.environ.get("PORTAL_SECRET", ""),
            "pays": _asked_for(options["play"], PAYS) or ["pay_twice"],
            "above": options["above"],
        }
        try:
            server = Server(peer, port=options["port"], slow=options["slow"], **about)
        except OSError as error:
            raise UsageError(f"Không mở được cổng {options['port']}: {error.strerror}.") from error
        server.identity = identity_at(server.url)
        if options["door"]:
            files = threading.Thread(target=_file, args=(options, server), daemon=True)
            files.start()
        self.stdout.write(f"Cổng thử ở {server.url}; xem những gì nó giữ ở {server.url}{HOLDS}")
        self.stdout.write(f"Báo cáo của nó, như Cổng thật đưa ra: {server.url}{ADDRESS}")
        self.stdout.write(f"Định danh thử (CITIZEN_OIDC_ISSUER): {server.identity.issuer}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Đã dừng.")
        finally:
            server.server_close()


def identity_at(url: str) -> Identity:
    """The provider, which knows owners of what came since too; while our database is away, those it knew."""

    def ask() -> Sequence[Person]:
        try:
            identity.people = people()
        except DatabaseError:
            connection.close()  # a new one is opened by the next try
        return identity.people

    identity = Identity(f"{url}{PATH}", people(), ask=ask)
    return identity


def _asked_for(given: Sequence[str], known: dict[str, Any]) -> list[str]:
    """Which of these are to be played, in the order in which they were asked for."""
    return list(known) if ALL in given else [one for one in given if one in known]


def _file(options: dict[str, Any], server: Server) -> None:
    """One filing after the other, as citizens hand them in, each with the next of the plays; a door that
    is not open yet, or refuses, is tried again soon. Between them applicants do what comes later.
    """
    door, word = options["door"], os.environ.get("PORTAL_SECRET", "")
    applicants = Applicants(
        lambda message: filing.is_taken(door, word, message),
        server.held,
        timedelta(seconds=options["after"]),
    )
    plays = _asked_for(options["play"], PLAYS) or ["plain"]
    most, filed, due = options["most"], 0, 0.0
    while (is_filing := not most or filed < most) or applicants.turns:
        if is_filing and time.monotonic() >= due:
            is_taken = file_one(options, applicants, plays[filed % len(plays)], server.url)
            filed += is_taken
            pause = options["every"] if is_taken else min(options["every"], TRY_AGAIN)
            due = time.monotonic() + pause
        applicants.look(timezone.localtime())
        time.sleep(min(LOOK, options["every"]))


def file_one(options: dict[str, Any], applicants: Applicants, play: str, url: str) -> bool:
    """`url`: where files lie that are fetched."""
    # As the national form writes it: the clock of Việt Nam.
    at = timezone.localtime()
    try:
        papers = papers_of(options["procedure"])
    except DatabaseError:
        connection.close()  # a new one is opened by the next try
        return False
    [message] = filing.filings(
        1,
        seed=options["seed"],
        procedure=options["procedure"],
        unit=options["unit"],
        at=at,
        papers=papers,
    )
    return applicants.file(turn_of(play, message, url))


def papers_of(procedure: str) -> list[str]:
    """What our catalogue asks for, so that what is filed fits."""
    version = ProcedureVersion.objects.filter(procedure__code=procedure, status=Status.READY).last()
    cases = catalogue.cases_of(version) if version is not None else []
    return [paper.name for paper in published(cases[0])] if cases else []
