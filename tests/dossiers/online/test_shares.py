"""Which share of what each counter answers is late, for the controller (R-40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from dossiers.acts import filings
from dossiers.desk.online_shares import Share, shares
from dossiers.models import CounterVisit, OnlineFiling
from procedures.channels import Channel
from tests.browser.fitting import too_wide
from tests.dossiers.online.filed import a_filing
from tests.world import MONDAY, Office, make_case, make_office, vn

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
    # One of the filings, one of their past rounds, two of what the exchange holds.
    assert len(asked) == 4
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


@pytest.fixture
def office() -> Office:
    return make_office()


def late(office: Office, now: str) -> list[tuple[int, int]]:
    return [(one.answered, one.late) for one in shares(office.desk(office.controller), vn(now))]


def refuse(office: Office, filing: OnlineFiling, at: str) -> None:
    by = office.clerk
    visit = CounterVisit.objects.create(
        kind=CounterVisit.Kind.REFUSE, agency=office.agency, version=make_case().version, owner_name="Hà",
        reason="Sai nơi nộp", officer=by, at=vn(at),
    )  # fmt: skip
    filings.answer(filing.code, visit, by=by, at=vn(at))
    filing.refresh_from_db()


def file_anew(filing: OnlineFiling, at: str, until: str) -> None:
    filings.wait_again(filing)
    filing.filed_at, filing.accept_by = vn(at), vn(until)
    filing.save()


def test_what_was_answered_late_stays_late_when_it_is_filed_anew(office: Office) -> None:
    filing = a_filing(office)
    refuse(office, filing, "24/11/2026 10:00")
    file_anew(filing, "24/11/2026 14:00", "25/11/2026 14:00")
    assert late(office, "24/11/2026 14:00") == [(1, 1)]
    refuse(office, filing, "24/11/2026 15:00")
    file_anew(filing, "25/11/2026 08:00", "26/11/2026 08:00")
    # The second round was in time, the third waits.
    assert late(office, "25/11/2026 08:00") == [(2, 1)]
    assert late(office, "24/12/2026 14:00") == [(1, 0)]


def test_an_answer_that_is_taken_back_is_no_round_of_its_own(office: Office) -> None:
    filing = a_filing(office)
    refuse(office, filing, "24/11/2026 10:00")
    filings.reopen(filing.pk, by=office.desk(office.clerk), at=vn("24/11/2026 10:05"))
    assert late(office, "24/11/2026 10:05") == [(0, 0)]
    filing.refresh_from_db()
    refuse(office, filing, "24/11/2026 10:10")
    assert late(office, "24/11/2026 10:10") == [(1, 1)]


def test_what_an_officer_says_after_the_hours_was_settled_on_the_portal_is_late(
    office: Office,
) -> None:
    in_time, over = a_filing(office), a_filing(office, "G99.01-261120-000002")
    by = office.desk(office.clerk)
    filings.settle_elsewhere(in_time.pk, reason="Đã xử lý", by=by, at=vn("23/11/2026 16:00"))
    filings.settle_elsewhere(over.pk, reason="Đã xử lý", by=by, at=vn("23/11/2026 16:01"))
    assert late(office, "24/11/2026 10:00") == [(1, 1)]


def test_what_the_applicant_takes_back_after_the_hours_is_answered_by_nobody(
    office: Office,
) -> None:
    filings.recall(a_filing(office), at=vn("24/11/2026 10:00"))
    assert late(office, "24/11/2026 10:00") == []


def test_what_a_partner_is_asked_for_is_in_no_share(office: Office) -> None:
    filing = a_filing(office, channel=Channel.POST)
    refuse(office, filing, "24/11/2026 10:00")
    file_anew(filing, "24/11/2026 14:00", "25/11/2026 14:00")
    assert late(office, "24/11/2026 14:00") == []


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
