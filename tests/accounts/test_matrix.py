"""Every address × every role × own / other agency (the table: tests/matrix.py)."""

import pytest
from django.db import connection

from onestop.accounts.models import Role
from tests import matrix
from tests.dossiers import addresses
from tests.standing import standing


@pytest.fixture(scope="module")
def _rooms(_standing_world, django_db_blocker):
    """The dossier in the room of each agency, by the agency: half of all rows ask for one."""

    def make():
        world = _standing_world
        return {
            agency.pk: addresses.in_room(world, agency).pk for agency in (world.own, world.other)
        }

    with standing(django_db_blocker, make) as made:
        yield made


@pytest.fixture
def world(standing_world, _rooms, monkeypatch):
    """The standing world with a dossier in the room of each agency."""
    monkeypatch.setattr(addresses, "STANDING", _rooms)
    return standing_world


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", matrix.addresses(), ids=lambda address: f"{address.method} {address.name}"
)
def test_who_gets_what(address, world):
    assert matrix.wrong_answers(address, world, asking(address)) == []


def asking(address):
    """SQLite asks for everybody, PostgreSQL for whom the page answers: who is sent away is told by
    his roles before the page asks for anything, by the same statements at every address.
    """
    everybody = connection.vendor == "sqlite" or address.refused != 403
    return matrix.EVERYBODY if everybody else matrix.answered(address)


def test_no_address_is_forgotten():
    """Every pattern of the product's addresses, includes and unnamed ones too, has a row."""
    assert matrix.uncovered() == set()


def test_an_address_nobody_listed_is_noticed():
    """tests/bench/urls.py is the product and three addresses without a name."""
    measured = {"do/r/<int:pk>/", "do/m/<int:pk>/", "do/danh-muc/<int:pk>/"}
    assert matrix.uncovered("tests.bench.urls") == measured


@pytest.mark.django_db
def test_a_method_no_row_names_is_refused(standing_world):
    assert matrix.not_refused(standing_world) == []


@pytest.mark.django_db
def test_the_matrix_notices_a_page_that_is_too_open(standing_world):
    """The machine itself can fail: a table that forbids what a page allows is reported role by
    role.
    """
    closed = matrix.Address("accounts:change_password", roles=frozenset({Role.LEADER}))
    assert len(matrix.wrong_answers(closed, standing_world)) == len(Role) - 1
