"""What was refused leaves one line "Bị từ chối" and never two; noise leaves none (R-137, R-144)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import handovers
from dossiers.models import Dossier
from onestop.accounts.models import AccessEvent, AccessKind, Role
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case())


def denied() -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(kind=AccessKind.DENIED).order_by("pk"))


@pytest.mark.parametrize("address", ["", "nhat-ky/", "vi-sao/", "phieu/tiep-nhan/", "ket-qua/"])
def test_a_foreign_dossier_is_404_and_one_line(
    office: Office, dossier: Dossier, signed_in: SignedIn, address: str
) -> None:
    """Head and controller of another commune: whatever page of it they ask for."""
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    reader = other.head
    assert signed_in(reader).get(f"{dossier.get_absolute_url()}{address}").status_code == 404
    [line] = denied()
    assert (line.officer, line.object_kind, line.object_id) == (reader, "dossier", dossier.pk)
    assert line.detail.startswith("GET /ho-so/")
    assert AccessEvent.objects.count() == 1


def test_an_administrator_who_asks_for_a_dossier_is_403_and_one_line(
    office: Office, dossier: Dossier, signed_in: SignedIn
) -> None:
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    assert signed_in(administrator).get(dossier.get_absolute_url()).status_code == 403
    assert [(line.officer, line.object_id) for line in denied()] == [(administrator, dossier.pk)]


@pytest.mark.parametrize("act", ["xong/", "thu-hoi/"])
def test_an_act_that_a_rule_denies_is_one_line(
    office: Office, dossier: Dossier, signed_in: SignedIn, act: str
) -> None:
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    data = {"reason": "Đổi ý", "requested_by": "Ân", "note": "x", "fee_consequence": "không"}
    signed_in(office.specialist).post(f"{dossier.get_absolute_url()}{act}", data)
    assert [(line.object_kind, line.object_id, line.officer) for line in denied()] == [
        ("dossier", dossier.pk, office.specialist)
    ]
    assert "POST" in denied()[0].detail


def test_a_page_that_says_why_not_has_its_line_as_a_reading(
    office: Office, dossier: Dossier, signed_in: SignedIn
) -> None:
    assert signed_in(office.head).get(f"{dossier.get_absolute_url()}rut/").status_code == 403
    assert AccessEvent.objects.get().kind == AccessKind.VIEWED


@pytest.mark.parametrize(
    "address", ["/ho-so/H99.1-261123-9999/", "/khong-co/", "/ban-giao/999999/"]
)
def test_what_does_not_exist_leaves_nothing(
    office: Office, signed_in: SignedIn, address: str
) -> None:
    assert signed_in(office.clerk).get(address).status_code == 404
    assert not AccessEvent.objects.exists()


def test_a_page_that_is_missing_of_ones_own_dossier_is_no_refusal(
    office: Office, dossier: Dossier, signed_in: SignedIn
) -> None:
    assert (
        signed_in(office.clerk).get(f"{dossier.get_absolute_url()}phieu/khong-co/").status_code
        == 404
    )
    assert not denied()


def test_a_mistake_in_a_form_is_no_refusal(
    office: Office, dossier: Dossier, signed_in: SignedIn
) -> None:
    assert signed_in(office.clerk).post(f"{dossier.get_absolute_url()}rut/", {}).status_code == 422
    assert not denied()


def test_strangers_leave_nothing(dossier: Dossier) -> None:
    client = Client()
    assert client.get(dossier.get_absolute_url()).status_code == 302
    client.get("/khong-co/")
    client.post(f"{dossier.get_absolute_url()}xong/")
    assert not AccessEvent.objects.exists()


def test_a_page_that_is_answered_asks_nothing_more(
    office: Office, dossier: Dossier, signed_in: SignedIn, queries: Any
) -> None:
    """Only what is refused pays."""
    client = signed_in(office.clerk)
    client.get("/thong-bao/")
    with queries() as seen:
        assert client.get("/thong-bao/").status_code == 200
    assert not [query for query in seen if "accessevent" in query["sql"]]
