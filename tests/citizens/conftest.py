from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from joserfc.jwk import RSAKey

from exchange.peer.http import Server
from exchange.peer.identity import PATH, Identity, Person
from exchange.peer.serving import Recorded
from tests.exchange.running import running
from tests.world import Office, make_office

# Whose dossiers tests.world receives.
NUMBER = "001087000123"
PEOPLE = (
    Person("a-1", "Nguyễn Văn Ân", NUMBER),
    Person("a-2", "Lê Văn Bình", "001075000111"),
    Person("a-3", "Phạm Thu Hà", NUMBER, level="1"),
    Person("a-4", "Công ty An Phát", "0101234567"),
    Person("a-5", "Đỗ Thị Đại Diện", NUMBER, organisation=("Công ty An Phát", "0101234567")),
)
AN, BINH, LOW, COMPANY, FOR_COMPANY = range(len(PEOPLE))


@pytest.fixture(scope="session")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1"})


@pytest.fixture(scope="session")
def other_key() -> RSAKey:
    """Of somebody else, who calls it the same."""
    return RSAKey.generate_key(2048, {"kid": "k1"})


@pytest.fixture
def provider(settings: Any, key: RSAKey) -> Iterator[Identity]:
    """The recorded peer over HTTP, to which this installation is connected."""
    server = Server(Recorded())
    server.identity = Identity(f"{server.url}{PATH}", PEOPLE, key=key)
    settings.CITIZEN_OIDC_ISSUER = server.identity.issuer
    settings.CITIZEN_OIDC_CLIENT_ID = server.identity.client_id
    settings.CITIZEN_OIDC_KINDS = [PEOPLE[AN].kind]
    with running(server):
        yield server.identity


def chosen(provider: Identity, address: str, person: int | None) -> str:
    """What a person does at the provider: the address the browser is led back to, on this site."""
    page = provider.answer("GET", address, {}, b"")
    assert page.status == 200, page.body
    door = address.replace("/authorize?", "/authorize/chon?")
    who = "" if person is None else provider.people[person].subject
    there = provider.answer("GET", f"{door}&nguoi={who}", {}, b"")
    return urlsplit(there.location)._replace(scheme="", netloc="").geturl()


Entering = Callable[..., HttpResponse]


@pytest.fixture
def enter(provider: Identity) -> Entering:
    """enter(client, AN): signed in from one end to the other; the answer to the provider's redirect."""

    def come(client: Client, person: int | None = AN, onward: str = "") -> Any:
        sent = client.get("/cua-toi/dang-nhap/", {"next": onward})
        assert sent.status_code == 302
        return client.get(chosen(provider, sent.headers["Location"], person))

    return come


@pytest.fixture
def office(db: None) -> Office:
    return make_office()
