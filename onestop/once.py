"""Two who write the same at the same instant: the second is told what a check would have told a
moment later.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

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
