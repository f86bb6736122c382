"""What an officer saw stays in no cache: after signing out, "Back" shows the sign-in page (R-137).

Runs over every address of the product (tests/matrix.py): one added there is asked here too.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import Role
from tests import matrix

# What is the same for everybody, and may be kept for a while (onestop.caching.kept_a_while).
CATALOGUE = {
    "accounts:places",
    "procedures:board",
    "procedures:board_file",
    "procedures:boards",
    "procedures:by_post",
    "procedures:catalogue",
    "procedures:event",
    "procedures:procedure",
    "procedures:sitemap",
}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("headers; test_matrix.py opens every address on both"),
]


def answer_of(client: Client, address: matrix.Address, url: str, world: matrix.World):
    with transaction.atomic():
        response = getattr(client, address.method)(url, address.data(world))
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def ids(address: matrix.Address) -> str:
    return f"{address.method} {address.name}"


@pytest.mark.parametrize("address", matrix.opened(), ids=ids)
def test_no_answer_to_an_officer_is_kept(address, standing_world):
    """One who may read it, one who is refused (403), and a stranger who is sent to sign in."""
    world = standing_world
    url = reverse(address.name, kwargs=address.own(world))
    roles = [min(address.roles), *sorted(set(Role) - address.roles)[:1]]
    for role in roles:
        response = answer_of(matrix.signed_in(world, role), address, url, world)
        assert "no-store" in response["Cache-Control"], (role, response.status_code)
    if address.name not in CATALOGUE:
        assert "no-store" in answer_of(Client(), address, url, world)["Cache-Control"]


@pytest.mark.parametrize("kind", ["missing", "fragment", "broken"])
def test_nor_is_an_error_or_a_fragment(kind, standing_world, monkeypatch):
    client = matrix.signed_in(standing_world, Role.CLERK)
    client.raise_request_exception = False
    if kind == "broken":
        monkeypatch.setattr("dossiers.desk.intake.recent", lambda *_: 1 / 0)
    address = "/khong-co/" if kind == "missing" else "/tiep-nhan/"
    headers = {"HX-Request": "true"} if kind == "fragment" else {}
    response = client.get(address, headers=headers)
    assert response.status_code == {"missing": 404, "fragment": 200, "broken": 500}[kind]
    assert response["Cache-Control"] == "private, no-store"


def test_the_catalogue_may_be_kept_by_citizens_only(standing_world):
    assert Client().get("/thu-tuc/")["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in Client().get("/thu-tuc/")["Vary"]
    client = matrix.signed_in(standing_world, Role.CLERK)
    assert client.get("/thu-tuc/")["Cache-Control"] == "private, no-store"
