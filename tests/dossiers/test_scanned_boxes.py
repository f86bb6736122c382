"""The QR of a slip, scanned by a keyboard scanner, works in every box that takes a dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.acts import handovers
from dossiers.acts.many import Seen
from dossiers.intake.secrets import lookup_url
from dossiers.models import Dossier
from onestop.accounts.models import Officer
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Officer], Client]
TYPED: list[Callable[[Dossier], str]] = [
    lambda dossier: dossier.code,
    lambda dossier: lookup_url(dossier),
    lambda dossier: lookup_url(dossier).upper(),
    lambda dossier: lookup_url(dossier).swapcase(),
    lambda dossier: dossier.code.lower().replace("-", " "),
    lambda dossier: dossier.code.lower().replace("-", " ").replace(".", " "),
]
BROKEN = [
    "http://[",
    "//[/tra-cuu/",
    "https://[::1/tra-cuu/x",
    "/tra-cuu/",
    "%ff",
    "²",
    "tra-cuu/²³",
    "\u0301",
]
EVERY_BOX = [
    ("/tim/", "q"),
    ("/tiep-nhan/", "q"),
    ("/tra-ket-qua/", "q"),
    ("/viec/", "loc"),
    ("/tra-cuu/", "ma"),
]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.mark.parametrize("scan", TYPED)
def test_the_search_box_and_the_clerks_home_open_the_dossier(
    office: Office, signed_in: SignedIn, scan: Any
) -> None:
    dossier = receive(office, make_case())
    clerk = signed_in(office.clerk)
    for box in ("/tim/", "/tiep-nhan/"):
        assert (
            clerk.get(box, {"q": scan(dossier)}).headers["Location"] == dossier.get_absolute_url()
        ), box


@pytest.mark.parametrize("scan", TYPED)
def test_receiving_takes_what_the_scanner_types(
    office: Office, signed_in: SignedIn, scan: Any
) -> None:
    mine = [receive(office, make_case()) for _ in range(2)]
    for dossier in mine:
        handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    codes = "\n".join(map(scan, mine))
    signed_in(office.specialist).post("/ban-giao/nhan/quet/", {"codes": codes})
    assert set(Dossier.objects.values_list("holder", flat=True)) == {office.specialist.pk}


@pytest.mark.parametrize("scan", TYPED)
def test_lists_are_narrowed_to_the_scanned_dossier(
    office: Office, signed_in: SignedIn, scan: Any
) -> None:
    wanted, other = receive(office, make_case()), receive(office, make_case())
    page = (
        signed_in(office.clerk)
        .get("/viec/", {"loai": "dang-xu-ly", "loc": scan(wanted)})
        .content.decode()
    )
    assert f"{wanted.code}</a>" in page
    assert f"{other.code}</a>" not in page


def test_the_clerks_home_offers_the_dossier_while_it_is_typed_and_says_what_it_cannot_open(
    office: Office, signed_in: SignedIn
) -> None:
    dossier = receive(office, make_case())
    foreign = receive(make_office("Ủy ban nhân dân xã Hòa Sơn"), make_case())
    clerk = signed_in(office.clerk)
    part = clerk.get(
        "/tiep-nhan/", {"q": dossier.code}, headers={"HX-Request": "true"}
    ).content.decode()
    assert f'href="{dossier.get_absolute_url()}"' in part
    for code in (foreign.code, "H99.99999-261123-0001"):
        said = clerk.get("/tiep-nhan/", {"q": code}).content.decode()
        assert f"Không có hồ sơ {code} trong các hồ sơ bạn được xem" in said
        assert "Không có thủ tục nào khớp" not in said


@pytest.mark.parametrize(("box", "name"), EVERY_BOX)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_address_is_no_server_error(
    office: Office, signed_in: SignedIn, box: str, name: str, broken: str
) -> None:
    receive(office, make_case())
    assert signed_in(office.clerk).get(box, {name: broken}).status_code in (200, 302, 422)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_address_in_the_box_for_many_is_named(
    office: Office, signed_in: SignedIn, broken: str
) -> None:
    page = signed_in(office.specialist).post("/ban-giao/nhan/quet/", {"codes": broken})
    assert page.status_code in (200, 422)


@pytest.mark.parametrize("job", ["nhan", "thu-hoi"])
def test_of_a_dossier_of_ones_own_a_list_says_where_it_is_and_guesses_nothing(
    office: Office, signed_in: SignedIn, job: str
) -> None:
    """It lies on the desk of who scans: nobody recalled it, and nobody else received it."""
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    client = signed_in(office.specialist)
    answer = client.get(f"/ban-giao/quet/{job}/", {"q": dossier.code}, headers={"X-Scan": "1"})
    (missing,) = answer.json()["missing"]
    said = [missing["why"]]
    if job == "nhan":
        page = client.post("/ban-giao/nhan/quet/", {"codes": dossier.code})
        said += [why for _, why in page.context["bad"]]
    for why in said:
        assert why.endswith(f"Hiện: đang xử lý, {office.specialist}, {office.room}.")
        assert "đã nhận" not in why
        assert "thu hồi" not in why
