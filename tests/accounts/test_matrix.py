"""Every address × every role × own / other agency (the table: tests/matrix.py)."""

import pytest

from onestop.accounts.models import Role
from tests import matrix


@pytest.mark.django_db
@pytest.mark.parametrize("address", matrix.addresses(), ids=lambda address: f"{address.method} {address.name}")
def test_who_gets_what(address):
    assert matrix.wrong_answers(address, matrix.make_world()) == []


def test_no_address_is_forgotten():
    assert matrix.uncovered() == set()


@pytest.mark.django_db
def test_the_matrix_notices_a_page_that_is_too_open():
    """The machine itself can fail: a table that forbids what a page allows is reported role by role."""
    closed = matrix.Address("accounts:change_password", roles=frozenset({Role.LEADER}))
    assert len(matrix.wrong_answers(closed, matrix.make_world())) == len(Role) - 1
