"""Which share of what each counter answers is late, for the controller (R-40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from dossiers.desk.online_shares import Share, shares
from dossiers.models import OnlineFiling
from tests.browser.fitting import too_wide
from tests.dossiers.online.filed import a_filing
from tests.world import MONDAY, Office, make_office, vn

pytestmark = pytest.mark.django_db
States = OnlineFiling.State


def answered(office: Office, number: int, at: str, state: int = States.RECEIVED) -> None:
    """Filed on Friday at four: eight working hours are over on Monday at four."""
    row = a_filing(office, code=f"{office.agency.dossier_code}-261120-{number:06d}")
    row.state, row.ended_at = state, vn(at)
    row.save()


@pytest.fixture
def offices() -> tuple[Office, Office]:
    here = make_office()
    below = make_office("Ủy ban nhân dân xã Tân Lập", parent=here.agency)
    answered(here, 1, "23/11/2026 08:00")
    answered(here, 2, "23/11/2026 16:01", States.ANSWERED)
    # Answered by nobody here, or long ago.
    answered(here, 3, "23/11/2026 17:00", States.ELSEWHERE)
    answered(here, 4, "01/09/2026 08:00")
    a_filing(below, code="G99.02-261120-000009")
    return here, below


def test_the_worst_stands_first_and_the_sum_above(
    offices: tuple[Office, Office], signed_in: Any, queries: Callable[[], Any]
) -> None:
    here, below = offices
    now = vn("25/11/2026 09:00")
    desk = here.desk(here.controller)
    # What a desk may is read once a request.
    shares(desk, now)
    with queries() as asked:
        found = shares(desk, now)
    # One of the filings, two of what the exchange holds.
    assert len(asked) == 3
    assert found == [
        Share("Tất cả", 2, 1, 1, 1),
        Share(here.agency.name, 2, 1, 0, 0),
        Share(below.agency.name, 0, 0, 1, 1),
    ]
    assert [one.percent for one in found] == [50, 50, 0]
    # Whoever has one counter sees that one, without a sum.
    assert shares(below.desk(below.controller), MONDAY) == [Share(below.agency.name, 0, 0, 1, 0)]
    shown = signed_in(here.controller).get(reverse("online_late")).content.decode()
    assert "50,0%" in shown


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_fits_a_desk_and_a_telephone(
    offices: tuple[Office, Office], new_page: Any, signed_in: Any, live_server: Any, shoot: Any, axe: Any
) -> None:  # fmt: skip
    cookie = signed_in(offices[0].controller).cookies["sessionid"].value
    for width in (1366, 360):
        page = new_page(width=width, height=800)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{reverse('online_late')}")
        assert too_wide(page) == []
        shoot(page, f"tiep-nhan-cham-{width}")
    assert axe(page) == []
