"""Decisions that publish lists, one published and one that is drafted. Neither binds the counters of
the journeys: they speak of departments' branches, and of a day that has not come.
"""

from datetime import date

from django.utils import timezone

from onestop.accounts.models import Agency
from procedures.domain.lists import Head, LineIn, check, draft, publish, put_lines
from procedures.models import CounterKind, Kind, OnlineLevel
from tests.journeys.site import BIRTH, COPY, SEVEN_DAYS, Site

LATER = date(2027, 1, 4)


def decisions(site: Site) -> tuple[int, int]:
    """The published one, the draft."""
    at, agency = timezone.now(), Agency.objects.get(code="H37")
    drafter, checker = site.officers["tinh.kiemsoat"], site.officers["tinh.lanhdao"]
    about = "Công bố danh mục thủ tục hành chính tiếp nhận tại chi nhánh Bộ phận Một cửa của các sở"
    first = Head(
        "1386/QĐ-UBND",
        about,
        "Đoàn Quang Vinh",
        date(2026, 10, 26),
        LATER,
        no_file_reason="Bản giấy chưa quét",
    )
    row = draft(first, agency=agency, by=checker, at=at)
    row = put_lines(
        row,
        [
            LineIn(
                BIRTH,
                CounterKind.BRANCH,
                at_counter=False,
                why_not="Tiếp nhận tại trung tâm cấp xã",
            ),
            LineIn(COPY, CounterKind.BRANCH, decided_by="Giám đốc sở", note="Theo phân cấp"),
            LineIn(SEVEN_DAYS, CounterKind.BRANCH, shortened="5 ngày làm việc"),
        ],
        seen=row.revision,
    )
    row = check(row, by=drafter, at=at, seen=row.revision)
    made = publish(row, by=drafter, at=at, seen=row.revision)
    second = Head("1402/QĐ-UBND", f"Sửa đổi: {about}", "Đoàn Quang Vinh", date(2026, 10, 30), LATER)
    row = draft(second, agency=agency, by=drafter, at=at)
    row = put_lines(
        row,
        [
            LineIn(COPY, CounterKind.BRANCH, kind=Kind.ABOLISHED),
            LineIn(
                SEVEN_DAYS,
                CounterKind.BRANCH,
                online=OnlineLevel.WHOLE,
                by_post=False,
                anywhere=True,
            ),
        ],
        seen=row.revision,
    )
    return made.pk, row.pk
