"""Several statements that read the database as it stood at one instant."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from onestop.engines import reading


@contextmanager
def one_instant() -> Iterator[None]:
    """Inside, what others write meanwhile is not seen: a list that is read part by part has each row
    once, wherever it goes. For reading only. Inside a transaction its own view holds.
    """
    connection = reading()
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:
        # Not Django's own transaction: that takes the one writer's place (settings).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
