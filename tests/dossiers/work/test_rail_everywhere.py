"""The numbers beside the parts of the rail are the same on every page of a desk: none goes out when
somebody looks elsewhere.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import handovers, paper_days
from dossiers.models.elsewhere import Outage
from onestop.accounts.models import Officer
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine(
        "what a page hands to its template: the statements are proven elsewhere"
    ),
]
CLERKS = (
    "/tiep-nhan/",
    "/viec/",
    "/ban-giao/",
    "/tra-ket-qua/",
    "/tim/?q=khong+ai",
    "/so-hoa/",
    "/so-theo-doi/",
    "/ngay-giay/",
)
LEADERS = (
    "/viec/",
    "/dieu-hanh/",
    "/qua-han/",
    "/bao-cao/",
    "/so-theo-doi/",
    "/van-thu/so-van-ban-di/",
)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.mark.parametrize("address", CLERKS)
def test_the_counter_sees_its_numbers(
    address: str, office: Office, signed_in: Callable[..., Client]
) -> None:
    receive(office, make_case())
    assert _numbers(signed_in(office.clerk).get(address)) == {"viec": 1, "ban-giao": 1}


@pytest.mark.parametrize("address", LEADERS)
def test_leaders_see_theirs(address: str, office: Office, signed_in: Callable[..., Client]) -> None:
    dossier = receive(office, make_case())
    room = office.leader.department
    assert room is not None
    handovers.hand_over(dossier, to=room, by=office.desk(office.clerk), at=MONDAY)
    assert _numbers(signed_in(office.leader).get(address)) == {"viec": 1, "ban-giao": 1}


def test_an_incident_too_which_is_followed_by_its_dossiers(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    receive(office, make_case())
    cut = paper_days.record(
        office.agency,
        kind=Outage.Kind.POWER,
        note="",
        began_at=vn("23/11/2026 07:30"),
        ended_at=None,
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    page = signed_in(office.clerk).get(f"/ngay-giay/su-co/{cut.pk}/")
    assert _numbers(page) == {"viec": 1, "ban-giao": 1}
    # What the incident was recorded for is one press away.
    assert f"?ngoai=giay-{cut.pk}" in page.content.decode()


def _numbers(page: Any) -> dict[str, int]:
    assert page.status_code == 200
    counts = page.context["rail_counts"]
    return {name: counts[name] for name in ("viec", "ban-giao")}


def test_it_is_one_officers_desk(office: Office, signed_in: Callable[..., Client]) -> None:
    receive(office, make_case())
    other: Officer = make_office("Ủy ban nhân dân xã Khác").clerk
    assert _numbers(signed_in(other).get("/tra-ket-qua/")) == {"viec": 0, "ban-giao": 0}
