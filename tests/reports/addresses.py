"""The addresses of reports for the matrix of tests/matrix.py."""

from reports.views.board import BOARD_ROLES
from tests.matrix import Address

OVERSEERS = frozenset(BOARD_ROLES)

ADDRESSES = [
    Address("board", OVERSEERS),
    Address("board_list", OVERSEERS, data=lambda world: {"muc": "qua-han"}),
]
