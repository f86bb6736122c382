"""The national calendar stands for a whole module: nearly each of these tests makes an office, and
an office loads it.
"""

from collections.abc import Iterator

import pytest

from onestop.accounts.calendars import load_national_calendar
from tests.standing import commits, standing


@pytest.fixture(scope="module", autouse=True)
def _calendar(request: pytest.FixtureRequest) -> Iterator[None]:
    own = [item for item in request.session.items if item.path == request.path]
    asking = [item for item in own if not item.get_closest_marker("no_database")]
    if not asking or any(commits(item) for item in own):
        yield
        return
    request.getfixturevalue("django_db_setup")
    with standing(request.getfixturevalue("django_db_blocker"), load_national_calendar):
        yield
