"""What the demo has on its portal: one source, and a list of filings that waits for the first commune,
uploaded and recorded as a clerk does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from dossiers.acts import filings
from dossiers.acts.helping import Helped, help_online
from dossiers.generating.offices import place_name
from dossiers.generating.people import somebody
from dossiers.importing import online_columns, online_lists
from dossiers.intake.online import national_source
from dossiers.models import OnlineFiling, OnlineList
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import desk_of
from onestop.columns import TableOf
from onestop.tables import TableRow
from onestop.worktime import CalendarMissing, local

if TYPE_CHECKING:
    from onestop.accounts.models import Agency, Officer
    from onestop.worktime import Calendar

HEAD = (
    "STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Người nộp", "Số CCCD", "Điện thoại", "Địa chỉ", "Thời gian nộp",
    "Mức độ",
)  # fmt: skip
# Working minutes ago that each was filed: one is over its eight hours, two are soon.
FILED = (560, 430, 390, 150, 90, 35)
NAMES = {
    "1.004873": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "1.001193": "Đăng ký khai sinh",
    "1.001022": "Đăng ký nhận cha, mẹ, con",
}


def filings_that_wait(agency: Agency, officers: dict[str, Officer], *, now: datetime) -> None:
    """A list as the portal exports it, with a line that was settled there since."""
    source, clerk = national_source(), officers["tiepnhan"]
    at = now - timedelta(minutes=20)
    row = OnlineList.objects.create(
        source=source,
        agency=agency,
        by=clerk,
        at=at,
        file_name="ho-so-cho-tiep-nhan.xlsx",
        sha256="0" * 64,
    )
    rows = [
        TableRow(number, [str(cell) for cell in cells])
        for number, cells in enumerate(_lines(agency, at), start=1)
    ]
    table = TableOf(rows, online_columns.columns_of(rows, {}))
    online_lists.confirm_columns(row, table.columns)
    online_lists.record(row, table, by=clerk, at=at)
    last = row.filings.order_by("-filed_at")[0]
    reason = "Người dân nộp trùng, đã rút trên Cổng."
    filings.settle_elsewhere(last.pk, reason=reason, by=desk_of(clerk, now), at=now)
    _helped(agency, officers, now)


def _helped(agency: Agency, officers: dict[str, Officer], now: datetime) -> None:
    """Two people were helped to file: one's dossier waits in the list, the other's has not come."""
    by = desk_of(officers["tiepnhan"], now)
    waiting = OnlineFiling.objects.filter(agency=agency, state=OnlineFiling.State.WAITING)
    came = waiting.select_related("procedure").exclude(procedure=None).order_by("-filed_at").first()
    if came is None or came.procedure is None:
        return
    rng = Random(9)
    for number, code in enumerate((came.code, "")):
        person = somebody(rng, place_name(agency), now.year)
        name = came.owner_name if code else person.name
        said = Helped(agency, came.procedure, name, code=code)
        help_online(said, token=UUID(int=700 + number), by=by, at=now)


def _lines(agency: Agency, at: datetime) -> list[tuple[object, ...]]:
    rng, calendar = Random(8), calendar_of(agency.pk)
    found: list[tuple[object, ...]] = [HEAD]
    for number, minutes in enumerate(FILED, start=1):
        code, name = list(NAMES.items())[number % len(NAMES)]
        filed = _before(at, minutes, calendar)
        person = somebody(rng, place_name(agency), at.year)
        found.append(
            (
                number, f"G15.03-{filed:%y%m%d}-{number:06d}", code, name, person.name, person.identity_number,
                person.phone, person.address, f"{filed:%d/%m/%Y %H:%M}", "Toàn trình" if number % 2 else "Một phần",
            )
        )  # fmt: skip
    return found


def _before(at: datetime, minutes: int, calendar: Calendar) -> datetime:
    """So many working minutes before, roughly: half an hour at a time. Of the clock, where the year has
    no calendar.
    """
    found = at
    try:
        while calendar.working_minutes_between(found, at) < minutes:
            found -= timedelta(minutes=30)
    except CalendarMissing:
        found = at - timedelta(minutes=minutes)
    return local(found.replace(second=0, microsecond=0))
