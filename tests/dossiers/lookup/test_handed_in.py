"""The citizen reads the same of what waits on the portal's side as the officer sees (R-36, R-40, R-91)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.acts import filings
from dossiers.models import CounterVisit, OnlineFiling
from exchange.inbox import closing
from exchange.models import Mapping
from tests.browser.fitting import too_wide
from tests.clock import Clock
from tests.dossiers.online.filed import CODE, a_filing
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import MONDAY, Office, make_case, make_office, vn

pytestmark = pytest.mark.django_db
PERSONAL = ("Nguyễn Thị Bình", "001187000123", "0912345678", "Thôn 3")


@pytest.fixture
def office() -> Office:
    return make_office()


def page(client: Client, code: str, status: int = 200) -> str:
    answer = client.get(reverse("lookup_show", args=[code]))
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_what_waits_is_found_by_its_code_however_it_is_typed(
    client: Client, office: Office, clock: Clock, queries: Callable[[], Any]
) -> None:
    a_filing(office)
    page(client, CODE)
    with queries() as asked:
        said = page(client, CODE)
    # The dossier, the filing, the stamp of the calendar.
    assert len(asked) == 3
    assert (
        "đang chờ Bộ phận Một cửa tiếp nhận; sẽ được trả lời trước 16:00 thứ Hai 23/11/2026" in said
    )
    assert not [word for word in PERSONAL if word in said]
    assert office.agency.name in said
    assert "đang chờ" in page(client, "G99-01-261120-000001")
    clock.now = vn("23/11/2026 16:00")
    assert "đã quá hạn trả lời 16:00 thứ Hai 23/11/2026" in page(client, CODE)


def test_what_became_of_it_is_said(client: Client, office: Office) -> None:
    filing, case, by = a_filing(office), make_case(), office.desk(office.clerk)
    kinds = CounterVisit.Kind
    said = {kinds.COMPLETE: "đã hướng dẫn bổ sung", kinds.REFUSE: "Hồ sơ không được tiếp nhận"}
    for kind, words in said.items():
        visit = CounterVisit.objects.create(
            kind=kind, agency=office.agency, version=case.version, owner_name="Hà", reason="Thiếu",
            officer=office.clerk, at=MONDAY,
        )  # fmt: skip
        filings.answer(CODE, visit, by=office.clerk, at=MONDAY)
        assert words in page(client, CODE)
        filings.reopen(filing.pk, by=by, at=MONDAY)
    filings.settle_elsewhere(filing.pk, reason="Bộ xử lý", by=by, at=MONDAY)
    assert "đã được xử lý trên Cổng" in page(client, CODE)
    filings.reopen(filing.pk, by=by, at=MONDAY)
    filing.refresh_from_db()
    filings.recall(filing, at=MONDAY)
    assert "đã được người nộp rút trên Cổng" in page(client, CODE)


def test_what_arrived_and_could_not_be_read_is_no_unknown_code(
    client: Client, office: Office
) -> None:
    code = code_of(office)
    page(client, code, 404)
    came(a_door(), body_of(data_of(office, make_case(), ChuHoSo="")), MONDAY)
    assert "đang được kiểm tra trước khi vào danh sách" in page(client, code)


def test_what_is_held_stands_as_the_officers_see_it(client: Client, office: Office) -> None:
    """Unpaid, taken back on the portal, closed by an officer."""
    case, door = make_case(), a_door()
    Mapping.objects.create(
        door=door, foreign=case.version.code, paid_is_filed=True, valid_from="2026-01-01"
    )
    came(door, body_of(data_of(office, case)), MONDAY)
    assert "Cổng chưa báo đã thanh toán" in page(client, code_of(office))
    closed = came(door, body_of(data_of(office, case, 2, ChuHoSo="")), MONDAY)
    assert "đang được kiểm tra" in page(client, code_of(office, 2))
    closing.close(closed.pk, reason="Nộp trùng", by=office.clerk, at=MONDAY)
    said = page(client, code_of(office, 2))
    assert "không vào được danh sách chờ tiếp nhận" in said
    assert "Nộp trùng" not in said
    back = {"MaHoSo": code_of(office)}
    came(door, body_of(back, service="RutHoSoDVCQG"), vn("23/11/2026 10:00"))
    assert "đã được người nộp rút trên Cổng" in page(client, code_of(office))


def test_a_list_that_was_undone_names_nothing(client: Client, office: Office) -> None:
    filing = a_filing(office)
    filing.state = OnlineFiling.State.RECALLED
    filing.save()
    page(client, CODE, 404)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_fits_a_telephone(
    live_server: Any, new_page: Any, axe: Any, shoot: Any, office: Office
) -> None:
    a_filing(office)
    for width in (360, 1366):
        screen = new_page(width=width, height=740, java_script_enabled=False)
        screen.goto(f"{live_server.url}{reverse('lookup_show', args=[CODE])}")
        assert too_wide(screen) == []
        shoot(screen, f"tra-cuu-cho-tiep-nhan-{width}")
    screen = new_page(width=360, height=740)
    screen.goto(f"{live_server.url}{reverse('lookup_show', args=[CODE])}")
    assert axe(screen) == []
