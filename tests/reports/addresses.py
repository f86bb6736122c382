"""The addresses of reports for the matrix of tests/matrix.py."""

from reports.views.board_common import BOARD_ROLES
from tests.matrix import Address

OVERSEERS = frozenset(BOARD_ROLES)

ADDRESSES = [
    Address("board", OVERSEERS),
    Address("board_by", OVERSEERS, lambda world: {"dimension": "linh-vuc"}),
    Address("board_ages", OVERSEERS),
    Address("board_course", OVERSEERS),
    Address("board_channels", OVERSEERS),
    Address("board_list", OVERSEERS, data=lambda world: {"muc": "qua-han"}),
]
