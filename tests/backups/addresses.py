"""The addresses of backups for the matrix of tests/matrix.py."""

from onestop.accounts.models import Role
from tests.matrix import Address

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
ADDRESSES = [
    Address("backups:home", ADMINISTRATOR),
    Address("backups:make", ADMINISTRATOR, method="post"),
]
