"""What a migration costs: after each step Django draws every model anew that points at the changed one,
and makes each of its fields by taking an equal one apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.db.models import Field

from onestop import speed

NAME = "fields"


@contextmanager
def copied_fields() -> Iterator[None]:
    """Inside, a field that is no model's yet is copied as it is: a third less work for all migrations of
    a new office (`make bench ARGS="--only migrating"`). For the process that migrates alone.
    """
    if speed.is_plain(NAME):
        yield
        return
    usual = Field.clone
    Field.clone = copied  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Field.clone = usual  # type: ignore[method-assign]


def copied(field: Field[Any, Any]) -> Field[Any, Any]:
    """Behind those that were made before, as a new one stands: that is the order of columns."""
    made: Field[Any, Any] = deepcopy(field)
    if made.auto_created:
        made.creation_counter = Field.auto_creation_counter
        Field.auto_creation_counter -= 1
    else:
        made.creation_counter = Field.creation_counter
        Field.creation_counter += 1
    return made
