"""Whoever reads a dossier by the secret of its slip stands in its access log (R-137), as by the API; a page
that is loaded all day fills no table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.intake.secrets import secret_of
from dossiers.models import Dossier
from dossiers.views import lookup
from onestop.accounts.models import AccessEvent, AccessKind
from tests.clock import Clock
from tests.world import Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case())


def read(dossier: Dossier, *, part: str = "", k: str = "", address: str = "10.0.0.1") -> Any:
    there = f"/tra-cuu/{dossier.code}/{part}"
    return Client(REMOTE_ADDR=address).get(there, {"k": k or secret_of(dossier)})


def lines(dossier: Dossier) -> list[tuple[str, str, str, int | None]]:
    rows = AccessEvent.objects.filter(object_kind="dossier", object_id=dossier.pk).order_by("id")
    return list(rows.values_list("kind", "username", "address", "about"))


def test_the_full_page_leaves_a_line(
    office: Office, dossier: Dossier, signed_in: Callable[..., Any]
) -> None:
    assert read(dossier).status_code == 200
    line = (AccessKind.VIEWED, lookup.BY_SLIP, "10.0.0.1", office.agency.pk)
    assert lines(dossier) == [line]
    log = signed_in(office.head).get(f"/ho-so/{dossier.code}/nhat-ky/").content.decode()
    assert lookup.BY_SLIP in log


@pytest.mark.parametrize("part", ["vi-sao/", "danh-gia/"])
def test_so_does_each_other_page_behind_the_secret(dossier: Dossier, part: str) -> None:
    read(dossier, part=part)
    assert [kind for kind, *_ in lines(dossier)] == [AccessKind.VIEWED]


def test_what_opens_nothing_is_no_view(dossier: Dossier) -> None:
    assert read(dossier, k="0" * 26).status_code == 404
    Client().get(f"/tra-cuu/{dossier.code}/")
    assert lines(dossier) == []


def test_loaded_again_and_again_it_is_one_view_of_one_address(
    dossier: Dossier, clock: Clock, queries: Callable[..., Any]
) -> None:
    with queries() as first:
        read(dossier)
    with queries() as again:
        read(dossier)
    assert len(first) == len(again) + 1
    for _ in range(5):
        read(dossier, part="vi-sao/")
    assert len(lines(dossier)) == 1
    read(dossier, address="10.0.0.2")
    assert [address for _, _, address, _ in lines(dossier)] == ["10.0.0.1", "10.0.0.2"]
    clock.now += timedelta(seconds=lookup.NOTED.seconds)
    read(dossier)
    assert len(lines(dossier)) == 3
