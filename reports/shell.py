"""The parts of the frame that lead to the dashboard and to reports."""

from onestop.accounts.hooks import KINDS
from onestop.accounts.models import Role
from onestop.shell import Place, offer

BOARD = frozenset({Role.HEAD, Role.LEADER, Role.CONTROLLER})


def connect() -> None:
    # Of two apps in which a role's day begins, the upper one has it.
    offer(
        Place(
            50, "dieu-hanh", "board", "chart", "Điều hành", BOARD, starts=frozenset({Role.LEADER})
        )
    )
    offer(Place(55, "bao-cao", "reports", "file", "Báo cáo", BOARD - {Role.HEAD}))
    KINDS["board"] = "Điều hành"
    KINDS["report"] = "Báo cáo"
