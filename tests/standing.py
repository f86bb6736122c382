"""Rows that stand for a whole module: made once, in a transaction around those of its tests. Each
test is still rolled back by itself.

Only for modules none of whose tests commits (`transaction=True`, `site`, child processes): nobody
else sees what stands here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Made = TypeVar("Made")


def commits(item: pytest.Item) -> bool:
    """Whether a test's rows are seen by other connections."""
    return (
        item.get_closest_marker("browser") is not None
        or any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
        or bool(
            {"transactional_db", "live_server", "site"} & set(getattr(item, "fixturenames", ()))
        )
    )


@contextmanager
def standing(blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """`with standing(django_db_blocker, make_world) as world` in a fixture of a module. What the
    tests get should be copied: they change their rows in memory too.

    A test that closes a file ends its request, and then Django drops a connection that is in a
    transaction: this one lasts as long as the rows.
    """
    around, held = transaction.atomic(), connections[DEFAULT_DB_ALIAS]
    with blocker.unblock():
        around.__enter__()
        try:
            made = make()
        except BaseException:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
            raise
    try:
        with _lasting(held):
            yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@contextmanager
def _lasting(held: BaseDatabaseWrapper) -> Iterator[None]:
    """What stands may stand within another: the inner end leaves the outer as it was."""
    name = "close_if_unusable_or_obsolete"
    outer = vars(held).get(name)
    setattr(held, name, lambda: None)
    try:
        yield
    finally:
        if outer is None:
            vars(held).pop(name, None)
        else:
            setattr(held, name, outer)
