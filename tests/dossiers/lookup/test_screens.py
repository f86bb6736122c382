"""The citizens' pages of this room on a desk's screen and on telephones: clean for axe, nothing wider
than the page.
"""

from datetime import date
from typing import Any

import pytest

from dossiers.acts import endings, re_appointment, supplements
from dossiers.acts.many import Seen
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from onestop.accounts.domain import calendar
from onestop.accounts.models import CalendarDay, DayKind
from onestop.worktime import parse_term
from tests.browser.fitting import too_wide
from tests.clock import Clock
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "chưa nhận được ý kiến của Sở Nông nghiệp và Môi trường về ranh giới thửa đất"
DESK, *_ = WIDTHS = (1366, 360, 320)


@pytest.fixture
def office() -> Office:
    office = make_office()
    office.agency.address, office.agency.phone = "Thôn 1, xã Bình Minh", "0243 000 000"
    office.agency.save()
    return office


def moved(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    re_appointment.re_appoint(
        Seen(dossier.pk),
        extra=parse_term("3 ngày làm việc"),
        reason=LONG,
        by=office.desk(office.leader),
        at=MONDAY,
    )
    return dossier


def waiting(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Họ tên người mẹ"),
        reason="Tờ khai thiếu",
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    return dossier


def stopped(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    told = endings.EndingIn(
        "Nguyễn Văn Ân",
        "Chủ hồ sơ đề nghị dừng để làm thủ tục khác",
        stage="Thẩm định",
        decision_number="12/QĐ-UBND ngày 20 tháng 11 năm 2026",
        signer="Hoàng Minh Tuấn",
        fee_consequence="Không thu",
    )
    endings.stop(Seen(dossier.pk), told, by=office.desk(office.leader), at=MONDAY)
    return dossier


def test_they_are_clean_at_every_width(
    live_server: Any, new_page: Any, axe: Any, shoot: Any, clock: Clock, office: Office
) -> None:
    calendar.add_day(
        day=CalendarDay(
            agency=office.agency,
            date=date(2026, 12, 8),
            kind=DayKind.CLOSING,
            name="Mất điện toàn xã",
            source="Thông báo số 5/TB-UBND",
        ),
        by=office.controller,
        at=MONDAY,
    )
    again, asked, ended = moved(office), waiting(office), stopped(office)
    clock.now = vn("28/11/2026 10:00")
    pages = {
        "hen-lai": f"{again.code}/?k={secrets.secret_of(again)}",
        "so-luoc": f"{again.code}/",
        "cho-bo-sung": f"{asked.code}/?k={secrets.secret_of(asked)}",
        "dung": f"{ended.code}/?k={secrets.secret_of(ended)}",
        "sai-ma": f"{again.code}/?k=K7Q2M-8XW4D-AS0EE",
        "thieu-ma": f"{again.code}/vi-sao/",
        "hai-o": f"?ma={again.code}&k=",
    }
    desk, phone = (
        new_page(width=width, height=800, is_mobile=width < 500) for width in (DESK, WIDTHS[1])
    )

    def clean(screen: Any, name: str) -> None:
        for width in WIDTHS:
            if (width == DESK) == (screen is desk):
                screen.set_viewport_size({"width": width, "height": 800})
                assert axe(screen) == [], (name, width)
                assert too_wide(screen) == [], name
                shoot(screen, f"tra-cuu-{name}-{width}")

    for screen in (desk, phone):
        for name, address in pages.items():
            screen.goto(f"{live_server.url}/tra-cuu/{address}")
            clean(screen, name)
        wrong = f"{live_server.url}/tra-cuu/{again.code}/?k=sai"
        for _ in range(12):
            screen.request.get(wrong)
        screen.goto(wrong)
        assert "Hãy đợi một lát" in screen.content()
        clean(screen, "doi")
