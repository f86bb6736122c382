"""Every address × every role × own / other agency (the table: tests/matrix.py)."""

import pytest

from tests import matrix


@pytest.mark.django_db
@pytest.mark.parametrize("address", matrix.addresses(), ids=lambda address: f"{address.method} {address.name}")
def test_who_gets_what(address):
    assert matrix.wrong_answers(address, matrix.make_world()) == []


def test_no_address_is_forgotten():
    assert matrix.uncovered() == set()
