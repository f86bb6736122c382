"""The addresses of reports for the matrix of tests/matrix.py."""

from reports.causes import SAYERS
from reports.models import ReportForm
from reports.views.board_common import BOARD_ROLES
from reports.views.statutory import OVERSEERS as REPORTERS
from tests.dossiers.addresses import in_room, received
from tests.matrix import Address, World

OVERSEERS = frozenset(BOARD_ROLES)
SIGNERS = frozenset(REPORTERS)
CAUSES = frozenset(SAYERS)


def of(world: World, **more: str) -> dict[str, str]:
    return {"form": "II.06a", "agency": world.own.code, "period": "2026Q3"} | more


def of_other(world: World, **more: str) -> dict[str, str]:
    return of(world, **more) | {"agency": world.other.code}


ADDRESSES = [
    Address("board", OVERSEERS),
    Address("board_by", OVERSEERS, lambda world: {"dimension": "linh-vuc"}),
    Address("board_ages", OVERSEERS),
    Address("board_course", OVERSEERS),
    Address("board_channels", OVERSEERS),
    Address("board_list", OVERSEERS, data=lambda world: {"muc": "qua-han"}),
    Address("reports", SIGNERS),
    Address("report_forms", SIGNERS),
    # The controller of the highest agency only.
    Address("report_form_copy", frozenset(), lambda world: {"pk": ReportForm.objects.first().pk}),
    Address(
        "report_form_copy",
        frozenset(),
        lambda world: {"pk": ReportForm.objects.first().pk},
        method="post",
    ),
    Address("report_page", SIGNERS, of, of_other),
    Address("report_cell", SIGNERS, of, of_other, data=lambda world: {"dong": "total", "cot": "3"}),
    Address("report_pdf", SIGNERS, of, of_other),
    Address("report_xlsx", SIGNERS, of, of_other),
    Address(
        "report_cause",
        CAUSES,
        lambda world: {"code": in_room(world, world.own).code},
        lambda world: {"code": received(world, world.other).code},
    ),
    Address(
        "report_cause",
        CAUSES,
        lambda world: {"code": in_room(world, world.own).code},
        lambda world: {"code": received(world, world.other).code},
        method="post",
    ),
    *(
        Address(
            "report_act",
            SIGNERS,
            lambda world, what=what: of(world, what=what),
            lambda world, what=what: of_other(world, what=what),
            method="post",
            answered=frozenset({302, 409, 422}),
        )
        for what in ("trinh", "rut", "ky", "tra-lai", "thu-hoi")
    ),
]
