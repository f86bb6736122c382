"""A child of a test sees the database that its parent saw, also beside an event loop."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.keeping.places import elsewhere
from tests.proofs.forks import fork, wait

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def loop() -> Iterator[None]:
    """As a browser of a test before leaves one running: Django keeps other connections beside it."""
    before = asyncio.events._get_running_loop()
    running = before or asyncio.new_event_loop()
    asyncio.events._set_running_loop(running)
    try:
        yield
    finally:
        asyncio.events._set_running_loop(before)
        if before is None:
            running.close()


def test_a_child_beside_a_loop_works_where_its_parent_did(loop: None, tmp_path: Path) -> None:
    before = connection.settings_dict["NAME"]
    with elsewhere(tmp_path / "new"):
        name = connection.settings_dict["NAME"]

        def child() -> None:
            assert connection.settings_dict["NAME"] == name

        assert wait(fork(child)) == 0
    assert connection.settings_dict["NAME"] == before
