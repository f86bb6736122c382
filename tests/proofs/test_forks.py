"""A child of a test sees the database that its parent saw, also beside an event loop."""

import asyncio
from pathlib import Path

import pytest
from django.db import connection

from tests.keeping.places import elsewhere
from tests.proofs.forks import fork, wait

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_child_beside_a_loop_works_where_its_parent_did(tmp_path: Path) -> None:
    """A browser of a test before leaves its loop running, and Django keeps other connections there."""

    async def named() -> int:
        with elsewhere(tmp_path / "new"):
            name = connection.settings_dict["NAME"]

            def child() -> None:
                assert connection.settings_dict["NAME"] == name

            return wait(fork(child))

    before = connection.settings_dict["NAME"]
    assert asyncio.run(named()) == 0
    assert connection.settings_dict["NAME"] == before
