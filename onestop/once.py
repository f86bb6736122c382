"""Two who write the same at the same instant: the second is told what a check would have told a
moment later, or waits until the first is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction

from onestop.errors import DomainError


@contextmanager
def once(twice: DomainError) -> Iterator[None]:
    """A transaction that writes a row of which there may be one. What the database refuses as the
    second one raises `twice`.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise twice from error


def alone(key: int) -> None:
    """Until this transaction ends nobody is `beside` this key, and who is already is waited for.
    For what no row can be locked for, because there is none yet.
    """
    _hold("pg_advisory_xact_lock", key)


def beside(key: int) -> bool:
    """Until this transaction ends nobody is `alone` under this key. Out: whether somebody may have
    been waited for, so that what was read before is to be read again; of SQLite's transactions
    there is one at a time.
    """
    return _hold("pg_advisory_xact_lock_shared", key)


def _hold(lock: str, key: int) -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [key])
    return True
