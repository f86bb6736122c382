"""The addresses of procedures for the matrix of tests/matrix.py.

The catalogue is one for the whole country: no version is of another agency, so "other" is one that
does not exist.
"""

from typing import Any

from onestop.accounts.models import Role
from onestop.files.domain import attach, keep
from procedures.models import (
    Answer,
    FocalPoint,
    InternalProcess,
    ListDecision,
    NoticeEdition,
    Procedure,
    ProcedureTexts,
    ProcedureVersion,
    Status,
    Unpublished,
    Upload,
)
from tests.clock import MONDAY
from tests.matrix import Address, World
from tests.samples import PDF
from tests.stored import store
from tests.world import make_case

CONTROLLER = frozenset({Role.CONTROLLER})
READERS = CONTROLLER | {Role.ADMINISTRATOR}


def _waiting() -> ProcedureVersion:
    return make_case(status=Status.NEEDS_TERM).version


def published(world: World) -> dict[str, Any]:
    return {"code": make_case().version.code}


def no_code(world: World) -> dict[str, Any]:
    return {"code": "1.999999"}


def some_event(world: World) -> dict[str, Any]:
    return {"slug": "sinh-con"}


def no_event(world: World) -> dict[str, Any]:
    return {"slug": "khong-co"}


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


def agency(world: World) -> dict[str, Any]:
    return {"code": world.officers[Role.CONTROLLER].agency.code}


def no_agency(world: World) -> dict[str, Any]:
    return {"code": "H99.99"}


def focal_point(world: World) -> dict[str, Any]:
    here = world.officers[Role.CONTROLLER].agency
    made = FocalPoint.objects.create(
        agency=here, name="Lý Thị Mai", decision="85/QĐ-UBND", decided_on=MONDAY.date(),
        starts_on=MONDAY.date(), entered_at=MONDAY, entered_by=world.officers[Role.CONTROLLER],
    )  # fmt: skip
    return {"code": here.code, "pk": made.pk}


def no_focal_point(world: World) -> dict[str, Any]:
    return {"code": world.officers[Role.CONTROLLER].agency.code, "pk": 999_999_999}


def unpublished(world: World) -> dict[str, Any]:
    by = world.officers[Role.CONTROLLER]
    version = make_case().version
    made = Unpublished.objects.create(
        procedure=version.procedure, agency=by.agency, basis="15/2026/NQ-HĐND", title="Hỗ trợ",
        issuer="Hội đồng nhân dân", issued_on=MONDAY.date(), effective_on=MONDAY.date(),
        at_commune=True, entered_at=MONDAY, entered_by=by,
    )  # fmt: skip
    return {"pk": made.pk}


def text_of_unpublished(world: World) -> dict[str, Any]:
    by = world.officers[Role.CONTROLLER]
    made = Procedure.objects.create(code=f"9.CCB{Procedure.objects.count():04}")
    row = Unpublished.objects.create(
        procedure=made, agency=by.agency, basis="15/2026/NQ-HĐND", title="Hỗ trợ",
        issuer="Hội đồng nhân dân", issued_on=MONDAY.date(), effective_on=MONDAY.date(),
        at_commune=True, entered_at=MONDAY, entered_by=by,
    )  # fmt: skip
    store(PDF, name="van-ban.pdf", kind="unpublished", object_id=row.pk, by=by)
    return {"code": made.code}


def form_file(world: World) -> dict[str, Any]:
    by, procedure = world.officers[Role.CONTROLLER], make_case().version.procedure
    file = store(PDF, name="to-khai.pdf", kind="procedure_form", object_id=procedure.pk, by=by)
    ProcedureTexts.objects.create(
        procedure=procedure, forms=[{"name": "Tờ khai", "file": file.pk}], recorded_at=MONDAY
    )
    return {"code": procedure.code, "pk": file.pk}


def no_form_file(world: World) -> dict[str, Any]:
    return {"code": make_case().version.code, "pk": 999_999_999}


def no_text(world: World) -> dict[str, Any]:
    return {"code": "9.CCB9999"}


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


PRINTERS = frozenset({Role.CLERK, Role.CONTROLLER, Role.LEADER})


def counter(world: World) -> dict[str, Any]:
    make_case()
    return {"code": world.officers[Role.CLERK].agency.code}


def no_counter(world: World) -> dict[str, Any]:
    return {"code": "H99.KHONG"}


def no_sheets(world: World) -> dict[str, Any]:
    return counter(world) | {"kind": "a4"}


def no_counter_sheets(world: World) -> dict[str, Any]:
    return no_counter(world) | {"kind": "a4"}


def edition(world: World) -> dict[str, Any]:
    clerk = world.officers[Role.CLERK]
    made = NoticeEdition.objects.create(
        agency=clerk.agency, kind="a4", digest="0" * 64, at=MONDAY, by=clerk, state=4
    )
    return {"pk": made.pk}


def no_edition(world: World) -> dict[str, Any]:
    return {"pk": 999_999_999}


LISTS_READ = READERS | {Role.LEADER}

# A commune reads the catalogue; the agency on top decides about it.
DECIDED_ABOVE = frozenset({403})

ADDRESSES = [
    Address("procedures:catalogue", public=True),
    Address("procedures:procedure", own=published, other=no_code, public=True),
    Address("procedures:event", own=some_event, other=no_event, public=True),
    Address("procedures:sitemap", public=True),
    Address("procedures:boards", public=True),
    Address("procedures:board", own=counter, other=no_counter, public=True),
    Address("procedures:by_post", own=counter, other=no_counter, public=True),
    # Nothing was drawn yet.
    Address(
        "procedures:board_file",
        own=no_sheets,
        other=no_counter_sheets,
        public=True,
        answered=frozenset({404}),
    ),
    Address("procedures:prints", PRINTERS, counter, no_counter),
    Address(
        "procedures:order", PRINTERS, counter, no_counter, "post", data=lambda world: {"loai": "a4"}
    ),
    Address("procedures:edition", PRINTERS, edition, no_edition),
    Address("procedures:edition_file", PRINTERS, edition, no_edition, answered=frozenset({404})),
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
    Address("procedures:part_online", LISTS_READ),
    Address("procedures:say_reasons", CONTROLLER, method="post", answered=DECIDED_ABOVE),
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
    Address("procedures:focal_points", LISTS_READ),
    Address("procedures:focal_points_of", LISTS_READ, agency, no_agency),
    Address("procedures:new_focal_point", CONTROLLER, agency, no_agency),
    Address("procedures:new_focal_point", CONTROLLER, agency, no_agency, "post"),
    Address("procedures:end_focal_point", CONTROLLER, focal_point, no_focal_point),
    Address("procedures:end_focal_point", CONTROLLER, focal_point, no_focal_point, "post"),
    Address("procedures:unpublished_all", LISTS_READ),
    Address("procedures:new_unpublished", CONTROLLER, answered=DECIDED_ABOVE),
    Address("procedures:new_unpublished", CONTROLLER, method="post", answered=DECIDED_ABOVE),
    Address("procedures:unpublished", LISTS_READ, unpublished, no_list),
    Address(
        "procedures:unpublished", LISTS_READ, unpublished, no_list, "post", answered=DECIDED_ABOVE
    ),
    Address("procedures:unpublished_text", own=text_of_unpublished, other=no_text, public=True),
    Address("procedures:texts", CONTROLLER, published, no_code, answered=DECIDED_ABOVE),
    Address("procedures:texts", CONTROLLER, published, no_code, "post", answered=DECIDED_ABOVE),
    Address("procedures:form_file", own=form_file, other=no_form_file, public=True),
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
