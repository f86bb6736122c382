"""Odd input at every address, for everybody who may open it: a sentence, never a server error,
nothing of it in a log.
"""

import os
import random
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import Role
from tests import matrix, odd
from tests.matrix import Address

pytestmark = pytest.mark.django_db

LONG = bool(os.environ.get("LONG"))
# Odd requests an address and method gets, and odd values in the address; `make test-long` sends the
# most.
MANY, VERY_MANY, IN_ADDRESS = 3, 60 if LONG else 2, 3 if LONG else 1
PARTS = 6
# SQLite gets some of it at a sixth of the addresses, and at all of them in `make test-long`.
ON_SQLITE = range(PARTS if LONG else 1)
ADDRESSES = matrix.opened()


@pytest.mark.one_engine("PostgreSQL gets very much of it, at every address, below")
@pytest.mark.parametrize("part", ON_SQLITE)
def test_odd_input_gets_a_sentence(part: int, standing_world: matrix.World) -> None:
    assert _thrown(standing_world, ADDRESSES[part::PARTS], many=MANY) == []


@pytest.mark.heavy
@pytest.mark.parametrize("part", range(4 * PARTS))
def test_very_much_odd_input_gets_a_sentence(part: int, standing_world: matrix.World) -> None:
    assert _thrown(standing_world, ADDRESSES[part :: 4 * PARTS], many=VERY_MANY) == []


def test_odd_headers_cookies_and_bodies_get_a_sentence(standing_world: matrix.World) -> None:
    """At the public pages and at one page of officers: what reads a header stands in front of all
    of them alike.
    """
    world = standing_world
    code = next(a for a in ADDRESSES if a.name == "lookup_show").own(world)["code"]
    bad = []
    for role in (None, Role.CLERK, Role.ADMINISTRATOR):
        for address in (
            "/dang-nhap/",
            f"/tra-cuu/{code}/",
            "/quan-tri/can-bo/moi/",
            f"/ho-so/{code}/rut/",
        ):
            throws = [odd.Throw(headers=tuple(headers.items())) for headers in odd.HEADERS]
            throws += [odd.Throw(body=body, content_type=kind) for kind, body in odd.BODIES]
            for throw in throws if role is None else throws[::3]:
                bad += _throw(matrix.signed_in(world, role), address, throw)
    assert bad == []


@pytest.mark.parametrize(
    ("address", "role", "status"),
    [
        ("/tra-cuu/?ma=http://[x/tra-cuu/AB1", None, 302),
        ("/tra-cuu/?ma=http://[1/tra-cuu/", None, 422),
        ("/tim/?q=http://[1/tra-cuu/", Role.CLERK, 200),
        ("/tra-ket-qua/?q=http://[1/tra-cuu/", Role.CLERK, 200),
        ("/quan-tri/can-bo/?sau=a~²", Role.ADMINISTRATOR, 200),
        ("/quan-tri/nhat-ky-truy-cap/?sau=²", Role.ADMINISTRATOR, 200),
        (f"/quan-tri/can-bo/?sau=a~{'9' * 30}", Role.ADMINISTRATOR, 200),
        (f"/quan-tri/nhat-ky-truy-cap/?sau={'9' * 5000}", Role.ADMINISTRATOR, 200),
        (f"/quan-tri/mot-cua/?co-quan={'9' * 5000}", Role.ADMINISTRATOR, 200),
        (f"/quan-tri/can-bo/moi/?co-quan={'9' * 5000}", Role.ADMINISTRATOR, 404),
        (f"/quan-tri/lich/?nam=00001{'9' * 30}", Role.ADMINISTRATOR, 200),
        (f"/thu-tuc/?linh_vuc={'9' * 30}", None, 200),
        (f"/ho-so/x/tep/{'9' * 30}/", Role.CLERK, 404),
        (f"/ban-giao/{'9' * 5000}/", Role.CLERK, 404),
    ],
)
def test_what_once_was_a_server_error(
    address: str, role: Role | None, status: int, standing_world: matrix.World
) -> None:
    assert matrix.signed_in(standing_world, role).get(address).status_code == status


def test_a_nul_in_a_field_that_no_form_reads_is_refused_and_no_log_learns_what_stood_beside_it(
    standing_world: matrix.World,
) -> None:
    world, token = standing_world, uuid4()
    sent = {"thu-tuc": "1.001193\x00", "owner_name": f"{odd.MARK}", "khong-ai-doc": "\x00"}
    with odd.logged() as lines:
        response = matrix.signed_in(world, Role.CLERK).post(
            reverse("intake_autosave", args=[token]), sent
        )
    assert response.status_code == 400
    assert "Yêu cầu không đọc được" in response.content.decode()
    assert odd.MARK not in lines.getvalue()


def test_a_server_error_is_logged_without_what_was_asked(
    monkeypatch: pytest.MonkeyPatch, standing_world: matrix.World
) -> None:
    """Django hangs the request on its own line, whose text is the whole address."""
    monkeypatch.setattr("dossiers.views.search.queries.search", lambda *_, **__: 1 / 0)
    client = matrix.signed_in(standing_world, Role.CLERK)
    client.raise_request_exception = False
    with odd.logged() as lines:
        assert client.get("/tim/", {"q": odd.MARK}).status_code == 500
    assert "ZeroDivisionError" in lines.getvalue()
    assert odd.MARK not in lines.getvalue()


def test_after_sign_in_a_bare_word_is_no_address(standing_world: matrix.World) -> None:
    officer = standing_world.officers[Role.CLERK]
    officer.set_password("Mot-cua-2026")
    officer.save()
    for wanted, address in (
        ("viec", "/"),
        ("/viec/", "/viec/"),
        ("/" + "x" * 5000, "/"),
        ("//[x", "/"),
        ("http://[x", "/"),
    ):
        response = Client().post(
            "/dang-nhap/",
            {"username": officer.username, "password": "Mot-cua-2026", "next": wanted},
        )
        assert (response.status_code, response["Location"]) == (302, address)


def _thrown(world: matrix.World, addresses: list[Address], *, many: int) -> list[str]:
    bad: list[str] = []
    for address in addresses:
        draw = random.Random(f"{address.method} {address.name}")
        own = address.own(world)
        roles: list[Role | None] = [*sorted(address.roles)]
        if address.public:
            roles.insert(0, None)
        page = reverse(address.name, kwargs=own)
        fields = _fields(world, address, page, roles[-1])
        throws = odd.throws(fields, post=address.method == "post", draw=draw, many=many)
        for number, throw in enumerate(throws):
            bad += _throw(matrix.signed_in(world, roles[number % len(roles)]), page, throw)
        for value in draw.sample(odd.TEXTS, IN_ADDRESS):
            bad += _throw(
                matrix.signed_in(world, roles[0]),
                _with(page, own, value),
                odd.Throw(body={} if address.method == "post" else None),
            )
    return bad


def _fields(world: matrix.World, address: Address, page: str, role: Role | None) -> dict[str, str]:
    """What the page sends when nothing odd is typed, and what its view reads beside its form."""
    fields = dict.fromkeys(odd.names_in_views(), "1")
    if any(other.name == address.name and other.method == "get" for other in ADDRESSES):
        response = matrix.signed_in(world, role).get(page)
        if not response.streaming and "html" in response["Content-Type"]:
            fields |= odd.fields_of(response.content.decode())
        odd.read_to_the_end(response)
    return fields | {name: str(value) for name, value in address.data(world).items()}


def _with(page: str, arguments: dict[str, Any], value: str) -> str:
    """The address with something odd where its argument stood."""
    for given in arguments.values():
        page = page.replace(f"/{given}/", f"/{odd.quote(value[:2000], safe='')}/", 1)
    return page


def _throw(client: Client, page: str, throw: odd.Throw) -> list[str]:
    cache.clear()  # the limits of strangers are asked elsewhere
    with transaction.atomic():
        wrong = odd.answers_badly(client, page, throw)
        transaction.set_rollback(True)
    return [wrong] if wrong else []
