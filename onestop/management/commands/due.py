"""`due`: the promise of a term and why, line by line."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError

from onestop.commands import OfficeCommand, Refused, UsageError
from onestop.worktime import (
    Calendar,
    CalendarMissing,
    ChangeError,
    InstantError,
    Pause,
    Restart,
    TermError,
    due,
    parse_instant,
    parse_sessions,
    parse_term,
    vn_calendar,
)


class Command(OfficeCommand):
    help = (
        "Tính ngày hẹn trả và giải thích từng ngày được tính hay không được tính.\n\n"
        'Ví dụ:\n  manage.py due "2026-11-20 14:00" "5 ngày làm việc"\n'
        '  manage.py due "20/11/2026 14:00" "8 giờ làm việc" --sessions "07:30-11:30,13:00-17:00"\n'
        '  manage.py due "2026-11-02 09:00" "10 ngày" --pause "2026-11-04 10:00" "2026-11-09 15:00" --json'
    )
    requires_system_checks: list[str] = []  # works without a database

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "received",
            metavar="LÚC_TIẾP_NHẬN",
            help="ví dụ 2026-11-20 14:00 hoặc 20/11/2026 14:00 (giờ Việt Nam)",
        )
        parser.add_argument(
            "term",
            metavar="THỜI_HẠN",
            help="ví dụ: 5 ngày làm việc, 10 ngày, 8 giờ làm việc, 24 giờ, 1 tháng, trong ngày",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--agency", metavar="MÃ", help="mã cơ quan: tính theo lịch làm việc của cơ quan đó"
        )
        which.add_argument(
            "--sessions",
            metavar="BUỔI",
            help="các buổi làm việc thứ Hai đến thứ Sáu, ví dụ 07:00-11:30,13:30-17:00",
        )
        parser.add_argument(
            "--pause",
            nargs=2,
            action="append",
            default=[],
            metavar=("TỪ", "ĐẾN"),
            help="thời gian chờ bổ sung, từ lúc yêu cầu đến lúc nhận đủ; dùng được nhiều lần",
        )
        parser.add_argument(
            "--restart",
            action="append",
            default=[],
            metavar="LÚC",
            help="lúc nhận đủ hồ sơ bổ sung: thời hạn tính lại từ đầu",
        )

    def work(self, options: dict[str, Any]) -> None:
        try:
            received = parse_instant(options["received"])
            term = parse_term(options["term"])
            pauses = [
                Pause(parse_instant(start), parse_instant(end)) for start, end in options["pause"]
            ]
            asked = {pause.to: pause.from_ for pause in pauses}
            restarts = [Restart(at, asked.get(at)) for at in map(parse_instant, options["restart"])]
            promise = due(
                received,
                term,
                self._calendar(options),
                pauses=pauses,
                restarts=restarts,
                explain=True,
            )
        except (TermError, InstantError, ChangeError, CalendarMissing) as error:
            raise Refused(str(error)) from error
        self.show(
            {
                "due": promise.at.isoformat() if promise.at else None,
                "lines": list(promise.lines),
                "provisional": promise.provisional,
            },
            promise.lines,
        )

    def _calendar(self, options: dict[str, Any]) -> Calendar:
        if options["sessions"] is not None:
            try:
                sessions = parse_sessions(options["sessions"])
            except ValueError as error:
                raise UsageError(str(error)) from error
            if not sessions:
                raise UsageError("Cần ít nhất một buổi làm việc sau --sessions.")
            return vn_calendar(sessions)
        if options["agency"] is None:
            return vn_calendar()
        from onestop.accounts.calendars import calendar_of
        from onestop.accounts.models import Agency

        try:
            agency_id = (
                Agency.objects.filter(code=options["agency"]).values_list("pk", flat=True).first()
            )
        except DatabaseError as error:
            raise Refused(
                "Chưa có cơ sở dữ liệu để tra cơ quan. Hãy chạy make run một lần, hoặc dùng --sessions."
            ) from error
        if agency_id is None:
            raise Refused(
                f"Không có cơ quan mã “{options['agency']}”. Xem mã cơ quan ở trang Quản trị, mục Cơ quan."
            )
        return calendar_of(agency_id)
