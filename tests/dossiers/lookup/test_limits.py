"""How often a stranger may look up: per address, also behind our own proxies, and per code."""

import os
import subprocess
import sys
from typing import Any

import pytest
import time_machine
from django.conf import settings as real
from django.test import Client, RequestFactory

from dossiers.models import Dossier
from dossiers.views import lookup
from onestop.accounts.access import client_address
from tests.world import make_case, make_office, receive, vn

PROXY = "10.0.0.1"


@pytest.fixture(autouse=True)
def _on_wednesday() -> Any:
    with time_machine.travel(vn("25/11/2026 10:00"), tick=False):
        yield


@pytest.fixture
def dossier(db: None) -> Dossier:
    return receive(make_office(), make_case())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", PROXY),  # nobody in front: whatever is said counts for nothing
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the client wrote the first one itself
        (1, "", PROXY),
        (1, " , ", PROXY),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", PROXY),  # it did not come through both
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "x" * 500, "x" * 45),
        (-1, "203.0.113.7", PROXY),
    ],
)
def test_the_address_is_what_our_outermost_proxy_wrote(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


def test_the_number_of_proxies_comes_from_the_environment() -> None:
    assert real.TRUSTED_PROXIES == 0
    for given, expected in (("2", "2"), ("", "0")):
        told = subprocess.run(
            [sys.executable, "-c", "from onestop import settings; print(settings.TRUSTED_PROXIES)"],
            env=os.environ | {"TRUSTED_PROXIES": given},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == expected


def ask(client: Client, dossier: Dossier, forwarded: str) -> int:
    return client.get(
        f"/tra-cuu/{dossier.code}/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": forwarded}
    ).status_code


def test_two_citizens_behind_one_proxy_have_their_own_allowance(
    settings: Any, client: Client, dossier: Dossier
) -> None:
    settings.TRUSTED_PROXIES = 1
    times = lookup.PER_ADDRESS.times
    assert [ask(client, dossier, "203.0.113.7") for _ in range(times + 1)] == [200] * times + [429]
    assert ask(client, dossier, "203.0.113.8") == 200


def test_an_address_made_up_by_the_client_gains_nothing(
    settings: Any, client: Client, dossier: Dossier
) -> None:
    settings.TRUSTED_PROXIES = 1
    times = lookup.PER_ADDRESS.times
    for number in range(times):
        assert ask(client, dossier, f"198.51.100.{number}, 203.0.113.7") == 200
    assert ask(client, dossier, "198.51.100.99, 203.0.113.7") == 429
    assert ask(client, dossier, "") == 200  # the proxy's own question is another address


def test_without_a_proxy_a_forwarded_address_gains_nothing(
    client: Client, dossier: Dossier
) -> None:
    times = lookup.PER_ADDRESS.times
    assert {ask(client, dossier, f"198.51.100.{number}") for number in range(times)} == {200}
    assert ask(client, dossier, "198.51.100.99") == 429


@pytest.mark.parametrize("code", ["known", "H99.999-261123-0001"])
def test_one_code_is_asked_for_sixty_times_a_minute_by_all_addresses_together(
    client: Client, dossier: Dossier, code: str
) -> None:
    """Also a code that does not exist: the limit tells nothing about it."""
    other = receive(make_office("Ủy ban nhân dân xã Tân Lập"), make_case())
    address = f"/tra-cuu/{dossier.code if code == 'known' else code}/"
    open_answer = 200 if code == "known" else 404
    for number in range(lookup.PER_CODE.times):
        assert client.get(address, REMOTE_ADDR=f"10.1.0.{number}").status_code == open_answer
    closed = client.get(address, REMOTE_ADDR="10.1.1.1")
    assert closed.status_code == 429
    assert closed.headers["Retry-After"] == "60"
    assert "Đã tra cứu quá nhiều lần. Hãy thử lại sau 10:01" in closed.content.decode()
    assert closed.headers["Cache-Control"] == "private, no-store"
    assert (
        client.get(address.lower(), REMOTE_ADDR="10.1.1.2", follow=True).status_code == 429
    )  # the same code, typed otherwise
    assert client.get(f"/tra-cuu/{other.code}/", REMOTE_ADDR="10.1.1.3").status_code == 200
    with time_machine.travel(vn("25/11/2026 10:01"), tick=False):
        assert client.get(address, REMOTE_ADDR="10.1.1.4").status_code == open_answer


def test_the_owner_with_the_secret_is_not_kept_out_by_strangers(
    client: Client, dossier: Dossier
) -> None:
    from dossiers.intake.secrets import secret_of

    for number in range(lookup.PER_CODE.times + 1):
        client.get(f"/tra-cuu/{dossier.code}/", REMOTE_ADDR=f"10.1.0.{number}")
    assert (
        client.get(
            f"/tra-cuu/{dossier.code}/", {"k": secret_of(dossier)}, REMOTE_ADDR="10.2.0.1"
        ).status_code
        == 200
    )


def test_wrong_secrets_of_strangers_never_lock_the_right_one_out(
    client: Client, dossier: Dossier
) -> None:
    """D3: after ten wrong ones a wrong one has to wait; the slip's own secret opens from every
    address.
    """
    from dossiers.intake.secrets import secret_of

    address = f"/tra-cuu/{dossier.code}/"
    for number in range(lookup.WRONG_SECRETS.times):
        assert client.get(address, {"k": "sai"}, REMOTE_ADDR=f"10.3.0.{number}").status_code == 404
    assert client.get(address, {"k": "sai"}, REMOTE_ADDR="10.3.1.1").status_code == 429
    for page in (address, f"{address}vi-sao/"):
        assert (
            client.get(page, {"k": secret_of(dossier)}, REMOTE_ADDR="10.3.1.2").status_code == 200
        )
        assert client.get(page, {"k": "sai"}, REMOTE_ADDR="10.3.1.3").status_code == 429


def test_guessing_secrets_from_one_address_ends_with_its_allowance(
    client: Client, dossier: Dossier
) -> None:
    answers = [
        client.get(f"/tra-cuu/{dossier.code}/", {"k": f"{n}"}).status_code
        for n in range(lookup.PER_ADDRESS.times + 5)
    ]
    assert set(answers[lookup.PER_ADDRESS.times :]) == {429}
