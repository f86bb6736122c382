"""One archive for a module that only looks at it: to invent one takes seconds, however small."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.dossiers.generating.test_generating import made, make_the_office
from tests.standing import standing
from tests.world import Office

MADE = 600  # every turn stands in it once at least


@pytest.fixture(scope="module")
def _archive(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    def make() -> Office:
        office = make_the_office()
        assert made(MADE).count == MADE
        return office

    with standing(django_db_blocker, make) as office:
        yield office


@pytest.fixture
def archive(_archive: Office, db: None) -> Office:
    return deepcopy(_archive)
