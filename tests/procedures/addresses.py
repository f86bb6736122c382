"""The addresses of procedures for the matrix of tests/matrix.py.

The catalogue is one for the whole country: no version is of another agency, so "other" is one that
does not exist.
"""

from typing import Any

from onestop.accounts.models import Role
from onestop.files.domain import attach, keep
from procedures.models import (
    Answer,
    InternalProcess,
    ListDecision,
    ProcedureVersion,
    Status,
    Upload,
)
from tests.clock import MONDAY
from tests.matrix import Address, World
from tests.samples import PDF
from tests.world import make_case

CONTROLLER = frozenset({Role.CONTROLLER})
READERS = CONTROLLER | {Role.ADMINISTRATOR}


def _waiting() -> ProcedureVersion:
    return make_case(status=Status.NEEDS_TERM).version


def published(world: World) -> dict[str, Any]:
    return {"code": make_case().version.code}


def no_code(world: World) -> dict[str, Any]:
    return {"code": "1.999999"}


def waiting(world: World) -> dict[str, Any]:
    return {"version_id": _waiting().pk}


def in_force(world: World) -> dict[str, Any]:
    return {"version_id": make_case().version.pk}


def answered(world: World) -> dict[str, Any]:
    made = Answer.objects.create(what="thoi-han", text="1", reading="1 ngày", number=1, at=MONDAY)
    return {"pk": made.pk}


def no_answer(world: World) -> dict[str, Any]:
    return {"pk": 999_999_999}


def previewed(world: World) -> dict[str, Any]:
    made = Upload.objects.create(
        at=MONDAY, what="procedures", file_name="a.json", sha256="0" * 64, stage=2, by=world.officers[Role.CONTROLLER]
    )  # fmt: skip
    return {"pk": made.pk}


def no_upload(world: World) -> dict[str, Any]:
    return {"pk": 999_999_999}


def no_version(world: World) -> dict[str, Any]:
    return {"version_id": 999_999_999}


def list_draft(world: World) -> dict[str, Any]:
    agency = world.officers[Role.CONTROLLER].agency
    made = ListDecision.objects.create(
        agency=agency, number=f"{ListDecision.objects.count()}/QĐ", about="Danh mục", signer="Chủ tịch",
        signed_on=MONDAY.date(), effective_from=MONDAY.date(), drafted_at=MONDAY,
        drafted_by=world.officers[Role.CLERK],
    )  # fmt: skip
    return {"pk": made.pk}


def with_file(world: World) -> dict[str, Any]:
    found = list_draft(world)
    file = attach(keep(PDF, name="qd.pdf"), kind="list_decision", object_id=found["pk"], by=None)
    ListDecision.objects.filter(pk=found["pk"]).update(file=file)
    return found


def a_process(world: World) -> dict[str, Any]:
    made = InternalProcess.objects.create(
        procedure_code=make_case().version.code, decision="1/QĐ", level="Cấp xã"
    )
    return {"pk": made.pk}


def no_list(world: World) -> dict[str, Any]:
    return {"pk": 999_999_999}


LISTS_READ = READERS | {Role.LEADER}

# A commune reads the catalogue; the agency on top decides about it.
DECIDED_ABOVE = frozenset({403})

ADDRESSES = [
    Address("procedures:catalogue", public=True),
    Address("procedures:procedure", own=published, other=no_code, public=True),
    Address("procedures:find", data=lambda world: {"q": "hôn nhân"}),
    Address("procedures:control", READERS),
    Address(
        "procedures:bulk",
        CONTROLLER,
        method="post",
        data=lambda world: {"version": _waiting().pk, "term": "5 ngày làm việc"},
        answered=DECIDED_ABOVE,
    ),
    Address(
        "procedures:question",
        CONTROLLER,
        data=lambda world: {"cau": "thoi-han", "chu": "1"},
        answered=DECIDED_ABOVE,
    ),
    Address(
        "procedures:undo_answer",
        CONTROLLER,
        answered,
        no_answer,
        "post",
        answered=DECIDED_ABOVE,
    ),
    Address("procedures:correct", CONTROLLER, in_force, no_version, answered=DECIDED_ABOVE),
    Address("procedures:correct", CONTROLLER, in_force, no_version, "post", answered=DECIDED_ABOVE),
    Address("procedures:correct_papers", CONTROLLER, in_force, no_version, answered=DECIDED_ABOVE),
    Address(
        "procedures:correct_papers",
        CONTROLLER,
        in_force,
        no_version,
        "post",
        answered=DECIDED_ABOVE,
    ),
    Address(
        "procedures:take_back", CONTROLLER, in_force, no_version, "post", answered=DECIDED_ABOVE
    ),
    Address("procedures:dates", CONTROLLER, answered=DECIDED_ABOVE),
    Address("procedures:dates", CONTROLLER, method="post", answered=DECIDED_ABOVE),
    Address("procedures:lists", LISTS_READ),
    Address("procedures:unlisted", LISTS_READ),
    Address("procedures:list", LISTS_READ, list_draft, no_list),
    Address("procedures:new_list", CONTROLLER, answered=DECIDED_ABOVE),
    Address("procedures:new_list", CONTROLLER, method="post", answered=DECIDED_ABOVE),
    Address("procedures:edit_list", CONTROLLER, list_draft, no_list, answered=DECIDED_ABOVE),
    Address(
        "procedures:edit_list", CONTROLLER, list_draft, no_list, "post", answered=DECIDED_ABOVE
    ),
    Address(
        "procedures:add_to_list", CONTROLLER, list_draft, no_list, "post", answered=DECIDED_ABOVE
    ),
    Address(
        "procedures:add_list_file", CONTROLLER, list_draft, no_list, "post", answered=DECIDED_ABOVE
    ),
    Address("procedures:days_saved", LISTS_READ),
    Address(
        "procedures:propose",
        CONTROLLER,
        method="post",
        data=lambda world: {"decision": list_draft(world)["pk"]},
    ),
    Address("procedures:attach_decision", CONTROLLER, list_draft, no_list, "post"),
    Address("procedures:decision_file", LISTS_READ, with_file, no_list),
    Address("procedures:list_entered", CONTROLLER, list_draft, no_list, "post"),
    Address("procedures:take_out_of_list", CONTROLLER, list_draft, no_list, "post"),
    Address("procedures:check_list", CONTROLLER | {Role.LEADER}, list_draft, no_list, "post"),
    Address("procedures:publish_list", CONTROLLER, list_draft, no_list, "post"),
    Address("procedures:drop_list", CONTROLLER, list_draft, no_list, "post"),
    Address("procedures:processes", LISTS_READ),
    Address("procedures:process", LISTS_READ, a_process, no_list),
    Address(
        "procedures:describe_process",
        CONTROLLER,
        a_process,
        no_list,
        "post",
        answered=DECIDED_ABOVE,
    ),
    Address("procedures:runs", READERS),
    Address("procedures:uploads", READERS, answered=DECIDED_ABOVE),
    Address("procedures:uploads", READERS, method="post", answered=DECIDED_ABOVE),
    Address("procedures:upload", READERS, previewed, no_upload, answered=DECIDED_ABOVE),
    Address("procedures:upload_file", READERS, previewed, no_upload, answered=DECIDED_ABOVE),
    Address(
        "procedures:confirm_upload", READERS, previewed, no_upload, "post", answered=DECIDED_ABOVE
    ),
    Address("procedures:confirm", CONTROLLER, waiting, no_version, answered=DECIDED_ABOVE),
    Address("procedures:confirm", CONTROLLER, waiting, no_version, "post", answered=DECIDED_ABOVE),
    Address("procedures:abolish", CONTROLLER, in_force, no_version, "post", answered=DECIDED_ABOVE),
    Address("procedures:history", READERS, published, no_code),
    Address("procedures:mode", CONTROLLER, published, no_code, "post", answered=DECIDED_ABOVE),
]
