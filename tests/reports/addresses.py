"""The addresses of reports for the matrix of tests/matrix.py."""

from dossiers.reach import REGISTER_ROLES, WORK_ROLES
from onestop.accounts.models import Agency, DepartmentKind, Role
from reports import wall
from reports.causes import SAYERS
from reports.models import BroughtFile, Criticism, Duty, ReportForm, ReportRun, WallBoard
from reports.views.board_common import BOARD_ROLES
from reports.views.statutory import OVERSEERS as REPORTERS
from tests.dossiers.addresses import in_room, received
from tests.matrix import Address, World
from tests.world import vn

OVERSEERS = frozenset(BOARD_ROLES)
SIGNERS = frozenset(REPORTERS)
CAUSES = frozenset(SAYERS)
BOOKKEEPERS = frozenset(REGISTER_ROLES)
# An administrator locks a book and does not read it.
BOOK_READERS = BOOKKEEPERS - {Role.ADMINISTRATOR}
CONTROLLERS = frozenset({Role.CONTROLLER})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
WORKERS = frozenset(WORK_ROLES)
CRITICS = frozenset({Role.LEADER, Role.CONTROLLER})


def of(world: World, **more: str) -> dict[str, str]:
    return {"form": "II.06a", "agency": world.own.code, "period": "2026Q3"} | more


def _run(agency: Agency, world: World) -> dict[str, int]:
    form = ReportForm.objects.get(code="II.06a")
    officer = world.officers[Role.CONTROLLER]
    at = vn("15/12/2026 08:00")
    run, _ = ReportRun.objects.get_or_create(
        form=form, agency=agency, period="2026Q3", cut=at, kind="pdf",
        defaults={"by": officer, "at": at, "state": ReportRun.State.FAILED},
    )  # fmt: skip
    return {"pk": run.pk}


def book_of(world: World) -> dict[str, str]:
    return {"co-quan": str(world.own.pk), "nam": "2026"}


def run_here(world: World) -> dict[str, int]:
    return _run(world.own, world)


def run_there(world: World) -> dict[str, int]:
    return _run(world.other, world)


def _file(agency: Agency, world: World, stage: int) -> dict[str, int]:
    officer = world.officers[Role.CONTROLLER]
    row, _ = BroughtFile.objects.get_or_create(
        agency=agency, period="2026Q3", first="2026-06-15", last="2026-09-14", sha256="0" * 64,
        stage=stage, defaults={"by": officer, "at": vn("15/12/2026 08:00"), "file_name": "07a.xlsx"},
    )  # fmt: skip
    return {"pk": row.pk}


def file_here(world: World) -> dict[str, int]:
    return _file(world.own, world, BroughtFile.Stage.DONE)


def file_there(world: World) -> dict[str, int]:
    return _file(world.other, world, BroughtFile.Stage.DONE)


def of_other(world: World, **more: str) -> dict[str, str]:
    return of(world, **more) | {"agency": world.other.code}


def duty_of(agency: Agency, **more: object) -> dict[str, object]:
    pk = Duty.objects.get(whose="commune", every="Q").pk
    return {"agency": agency.code, "pk": pk, "period": "2026Q4"} | more


def entry_here(world: World) -> dict[str, str]:
    return of(world, form="II.05a")


def entry_there(world: World) -> dict[str, str]:
    return of_other(world, form="II.05a")


def board_of(agency: Agency, world: World) -> dict[str, object]:
    by = world.officers[Role.ADMINISTRATOR]
    board = WallBoard.objects.create(
        agency=agency, name="Phòng chờ", made_by=by, made_at=vn("23/11/2026 08:00")
    )
    pk, key = wall.address(board).strip("/").split("/")[1:]
    return {"pk": int(pk), "key": key}


def _criticism(agency: Agency, world: World) -> dict[str, int]:
    room = world.department(agency, DepartmentKind.PROFESSIONAL)
    row, _ = Criticism.objects.get_or_create(
        agency=agency, department=room, subject="Chậm", content="Chậm", demand="Khắc phục",
        defaults={"prepared_by": world.officers[Role.CONTROLLER], "prepared_at": vn("23/11/2026 09:00")},
    )  # fmt: skip
    return {"pk": row.pk}


def criticism_here(world: World) -> dict[str, int]:
    return _criticism(world.own, world)


def criticism_there(world: World) -> dict[str, int]:
    return _criticism(world.other, world)


# Of whoever has work, who leads or controls opens a draft; to others it is not there.
READ = frozenset({200, 404})


ADDRESSES = [
    Address("board", OVERSEERS),
    Address("board_by", OVERSEERS, lambda world: {"dimension": "linh-vuc"}),
    Address("board_ages", OVERSEERS),
    Address("board_course", OVERSEERS),
    Address("board_channels", OVERSEERS),
    Address("criticisms", WORKERS),
    Address(
        "criticism_draft",
        CRITICS,
        data=lambda world: {
            "muc": "tat-ca",
            "phong": str(world.department(world.own, DepartmentKind.PROFESSIONAL).pk),
        },
    ),
    *(
        Address(
            name,
            roles,
            criticism_here,
            criticism_there,
            method,
            answered=READ | {302, 422},
        )
        for name, roles, method in (
            ("criticism", WORKERS, "get"),
            ("criticism_pdf", WORKERS, "get"),
            ("criticism_sign", frozenset({Role.LEADER}), "post"),
            ("criticism_close", CRITICS, "post"),
        )
    ),
    Address("criticism_draft", CRITICS, method="post", answered=READ),
    Address("board_urged", OVERSEERS),
    Address("board_legs", OVERSEERS),
    Address("board_urged_xlsx", OVERSEERS),
    Address("board_urged_list", OVERSEERS, data=lambda world: {"muc": "tat-ca"}),
    Address("board_urged_list_xlsx", OVERSEERS, data=lambda world: {"muc": "tat-ca"}),
    Address("board_list", OVERSEERS, data=lambda world: {"muc": "qua-han"}),
    Address("board_list_xlsx", OVERSEERS, data=lambda world: {"muc": "qua-han"}),
    Address("board_list_csv", OVERSEERS, data=lambda world: {"muc": "qua-han"}),
    Address("board_late", OVERSEERS),
    Address("board_rated", OVERSEERS),
    *(
        Address(name, OVERSEERS, data=lambda world: {"muc": "tat-ca"})
        for name in ("board_late_list", "board_late_list_xlsx", "board_late_list_csv")
    ),
    Address("register", BOOKKEEPERS),
    *(
        Address(name, BOOK_READERS, data=lambda world: {"ky": "2026S"})
        for name in ("register_pdf", "register_xlsx")
    ),
    Address("certified_book", BOOK_READERS),
    # No certification was signed.
    Address("certified_book_pdf", BOOK_READERS, answered=frozenset({404})),
    Address(
        "register_order",
        BOOK_READERS,
        method="post",
        data=lambda world: {"ky": "2026S", "dang": "pdf"},
    ),
    *(
        Address(name, BOOKKEEPERS, method="post", data=book_of, answered=frozenset({302}))
        for name in ("register_volume", "register_lock")
    ),
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
    Address("report_form_load", SIGNERS),
    # The controller of the highest agency only.
    Address("report_form_load", frozenset(), method="post"),
    Address("report_form_template", SIGNERS),
    Address("report_entry", CONTROLLERS, entry_here, entry_there),
    Address(
        "report_entry",
        CONTROLLERS,
        entry_here,
        entry_there,
        method="post",
        answered=frozenset({302}),
    ),
    Address("clean_up", CONTROLLERS),
    Address("account_use", CONTROLLERS),
    Address("account_use_xlsx", CONTROLLERS),
    Address("duties", SIGNERS),
    Address("duty_settings", SIGNERS),
    # The controller of the highest agency only.
    Address("duty_settings", frozenset(), method="post"),
    *(
        Address(name, SIGNERS, lambda world: {"year": 2026})
        for name in ("duty_year", "duty_year_pdf", "duty_year_xlsx")
    ),
    Address(
        "duty",
        SIGNERS,
        lambda world: duty_of(world.own),
        lambda world: duty_of(world.other),
    ),
    # Nothing was uploaded.
    Address(
        "duty_file",
        SIGNERS,
        lambda world: duty_of(world.own, act=1),
        lambda world: duty_of(world.other, act=1),
        answered=frozenset({404}),
    ),
    *(
        Address(
            "duty_do",
            SIGNERS,
            lambda world, what=what: duty_of(world.own, what=what),
            lambda world, what=what: duty_of(world.other, what=what),
            method="post",
            answered=frozenset({422}),
        )
        for what in ("van-ban", "nhap", "tra-lai", "chua-dat", "rut")
    ),
    Address("report_page", SIGNERS, of, of_other),
    Address("report_cell", SIGNERS, of, of_other, data=lambda world: {"dong": "total", "cot": "3"}),
    Address(
        "report_cell_xlsx", SIGNERS, of, of_other, data=lambda world: {"dong": "total", "cot": "3"}
    ),
    Address(
        "report_cell_csv", SIGNERS, of, of_other, data=lambda world: {"dong": "total", "cot": "3"}
    ),
    Address("report_pdf", SIGNERS, of, of_other),
    Address("report_xlsx", SIGNERS, of, of_other),
    Address("meeting", SIGNERS),
    Address("meeting_pdf", SIGNERS),
    Address("digest", frozenset(WORK_ROLES)),
    Address("digest_letter", frozenset(WORK_ROLES), method="post"),
    Address("wall", own=lambda world: board_of(world.own, world), public=True),
    Address("walls", ADMINISTRATORS),
    Address("walls", ADMINISTRATORS, method="post", answered=frozenset({422})),
    Address(
        "wall_end",
        ADMINISTRATORS,
        lambda world: {"pk": board_of(world.own, world)["pk"]},
        lambda world: {"pk": board_of(world.other, world)["pk"]},
        method="post",
    ),
    Address("late_list", CAUSES),
    Address("late_causes_say", CAUSES, method="post"),
    Address("late_list_xlsx", CAUSES),
    Address("late_list_csv", CAUSES),
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
    Address(
        "report_order", SIGNERS, of, of_other, method="post", data=lambda world: {"dang": "pdf"}
    ),
    Address("brought_files", CONTROLLERS),
    Address("brought_files", CONTROLLERS, method="post", answered=frozenset({422})),
    Address("brought_file", SIGNERS, file_here, file_there),
    # Nothing is kept of it.
    Address("brought_file_content", SIGNERS, file_here, file_there, answered=frozenset({404})),
    *(
        Address(
            name,
            CONTROLLERS,
            file_here,
            file_there,
            method="post",
            answered=frozenset({302}),
        )
        for name in (
            "brought_file_columns",
            "brought_file_units",
            "brought_file_record",
            "brought_file_undo",
        )
    ),
    Address("report_run", SIGNERS, run_here, run_there),
    Address("report_run_again", SIGNERS, run_here, run_there, method="post"),
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
