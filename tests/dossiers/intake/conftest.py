"""What the counter's tests share: an office, its clerk signed in on a Monday morning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from tests.world import MONDAY, Office, make_office

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office, signed_in: Callable[[Any], Client]) -> Iterator[Client]:
    with time_machine.travel(MONDAY, tick=False):
        yield signed_in(office.clerk)
