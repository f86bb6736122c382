"""Rows that stand for a whole module: made once, in a transaction around those of its tests. Each
test is still rolled back by itself.

Only for modules none of whose tests commits (`transaction=True`, `site`, child processes): nobody
else sees what stands here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction

Made = TypeVar("Made")


@contextmanager
def standing(blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """`with standing(django_db_blocker, make_world) as world` in a fixture of a module. What the
    tests get should be copied: they change their rows in memory too.
    """
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
        try:
            made = make()
        except BaseException:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
            raise
    try:
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
