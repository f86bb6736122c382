"""The addresses of dossiers for the matrix of tests/matrix.py: desks, acts, intake, slips, return,
look-up.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from dossiers.acts import envelopes, handovers, printing, reception
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.urging import OVERSEERS
from dossiers.acts.visits import Said, record
from dossiers.intake import brought
from dossiers.intake.brought import Person
from dossiers.intake.online import national_source
from dossiers.intake.said import FILES
from dossiers.models import (
    ClockChange,
    ClockKind,
    CounterVisit,
    Dossier,
    DossierImport,
    Draft,
    OfficeDecision,
    OnlineFiling,
    OnlineList,
    OnlineSource,
    Slip,
)
from dossiers.models.agreeing import Agreement
from dossiers.models.consulting import Consultation
from dossiers.models.decision import ClockDecision
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.models.envelopes import Envelope, EnvelopePart
from dossiers.models.guiding import GuidanceApproval
from dossiers.models.helping import OnlineHelp, OwnAccount
from dossiers.models.voiding import VoidRequest
from dossiers.urls import urlpatterns
from dossiers.views.desk_common import DESK_ROLES, MOVERS, WORK_ROLES
from dossiers.views.returning import RETURN_ROLES
from dossiers.views.slips import PRINTERS
from dossiers.views.uncollected import SEERS as UNCOLLECTED_SEERS
from onestop.accounts.calendars import load_national_calendar
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, DepartmentKind, Officer, Role
from onestop.files.domain import attach, keep
from procedures.channels import Channel
from tests.matrix import EVERY_ROLE, Address, Arguments, World, make_officer
from tests.samples import PDF
from tests.stored import store
from tests.world import make_case

# By agency, where one dossier in the room stands for a whole module (tests/accounts/test_matrix.py).
STANDING: dict[int, int] = {}
OWNER, OWNER_ELSEWHERE = "Nguyễn Văn Ân", "Hoàng Thị Khuê Tú"
CLERK = frozenset({Role.CLERK})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
ON_DESK, WORKERS, READERS = (
    frozenset(DESK_ROLES),
    frozenset(WORK_ROLES),
    frozenset({Role.CONTROLLER, Role.LEADER, Role.HEAD}),
)
# A page of an act answers 403 with the reason when the rule denies it to who may otherwise open the
# dossier.
JUDGED = frozenset({200, 302, 403, 422})


def _clerk(world: World, agency: Agency) -> Officer:
    if agency == world.own:
        return world.officers[Role.CLERK]
    found = Officer.objects.filter(username=f"motcua.{agency.pk}").first()
    return found or make_officer(
        Role.CLERK, agency, world.department(agency, DepartmentKind.ONE_STOP), f"motcua.{agency.pk}"
    )


def received(world: World, agency: Agency, term: str = "7 ngày làm việc") -> Dossier:
    load_national_calendar()
    now, owner = timezone.now(), Person(name=OWNER if agency == world.own else OWNER_ELSEWHERE)
    given = brought.Intake(
        token=uuid4(), agency=agency, case_id=make_case(term).pk, channel=Channel.DIRECT, owner=owner, papers=(),
        no_scan_reason="Máy quét hỏng", return_by_post=True,
    )  # fmt: skip
    desk = desk_of(_clerk(world, agency), now)
    return reception.receive(given, by=desk, at=now)


def in_room(world: World, agency: Agency) -> Dossier:
    """On its way to the room where all officers of the matrix sit, so that each of them may open
    it.
    """
    if agency.pk in STANDING:
        return Dossier.objects.get(pk=STANDING[agency.pk])
    dossier, now = received(world, agency), timezone.now()
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(
        dossier,
        to=world.department(agency),
        step=step,
        by=desk_of(_clerk(world, agency), now),
        at=now,
    )
    return dossier


def finished(world: World, agency: Agency) -> Dossier:
    from dossiers.acts.endings import ResultIn, finish, record_result

    dossier, now = received(world, agency), timezone.now()
    desk = desk_of(_clerk(world, agency), now)
    record_result(
        Seen(dossier.pk),
        ResultIn(number="1", issued_on=timezone.localdate(now), signer="Tuấn"),
        by=desk,
        at=now,
    )
    return finish(Seen(dossier.pk), by=desk, at=now, note="Sở ký")


def visited(world: World, agency: Agency) -> CounterVisit:
    load_national_calendar()
    now = timezone.now()
    said = Said(
        CounterVisit.Kind.REFUSE, agency=agency, version=make_case().version, owner=Person(name="Nguyễn Văn Ân"), reason="Sai nơi",
    )  # fmt: skip
    return record(said, by=desk_of(_clerk(world, agency), now), at=now)


def drafted(world: World, agency: Agency) -> dict[str, Any]:
    draft = Draft.objects.create(
        officer=_clerk(world, agency), token=uuid4(), updated_at=timezone.now()
    )
    scan = store(PDF, name="a.pdf", kind="draft", object_id=draft.pk, by=draft.officer)
    return {"token": draft.token, "pk": scan.pk}


def both(make: Callable[[World, Agency], dict[str, Any]]) -> tuple[Arguments, Arguments]:
    return (lambda world: make(world, world.own)), (lambda world: make(world, world.other))


def of(make: Callable[[World, Agency], Dossier], **more: Any) -> tuple[Arguments, Arguments]:
    return both(lambda world, agency: {"code": make(world, agency).code} | more)


def _with_file(world: World, agency: Agency) -> dict[str, Any]:
    dossier = in_room(world, agency)
    scan = store(PDF, name="a.pdf", kind="dossier", object_id=dossier.pk, by=None)
    return {"code": dossier.code, "pk": scan.pk}


def _with_slip(world: World, agency: Agency) -> dict[str, Any]:
    dossier = in_room(world, agency)
    printing.receipt(dossier, by=desk_of(_clerk(world, agency), timezone.now()), at=timezone.now())
    return {"code": dossier.code, "slug": "tiep-nhan"}


def _batch(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": in_room(world, agency).hand_overs.get().batch_id}


def _exclusion(world: World, agency: Agency) -> dict[str, Any]:
    """Time that does not count, of a dossier in the room; written past the act, which others may."""
    dossier, now, clerk = in_room(world, agency), timezone.now(), _clerk(world, agency)
    ends = now + timedelta(days=9)
    line = ClockChange.objects.create(
        dossier=dossier, kind=ClockKind.EXCLUDE, start=now, end=ends, excluded="posting"
    )
    row = ClockDecision.objects.create(
        dossier=dossier, mode="exclude", kind="niem-yet", basis="A", reason="B", begins=now, ends=ends,
        signer=clerk, decided_by=clerk, at=now, change=line,
    )  # fmt: skip
    return {"code": dossier.code, "pk": row.pk}


def _visit(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": visited(world, agency).pk}


def _token(world: World, agency: Agency) -> dict[str, Any]:
    return {"token": drafted(world, agency)["token"]}


def _line(world: World, agency: Agency) -> Dossier:
    return received(world, agency, "trả ngay")


DECIDERS = frozenset({Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER})


def _decision(world: World, agency: Agency) -> dict[str, Any]:
    subject = OfficeDecision.Subject.SELF_APPROVAL
    made = OfficeDecision.objects.create(
        agency=agency, subject=subject, value="1/QĐ", proposed_at=timezone.now()
    )
    return {"pk": made.pk}


def _import(world: World, agency: Agency) -> dict[str, Any]:
    """A file of earlier dossiers that somebody of the agency looked through."""
    by = world.officers[Role.ADMINISTRATOR] if agency == world.own else _clerk(world, agency)
    run = DossierImport.objects.create(
        at=timezone.now(),
        by=by,
        file_name="cu.csv",
        sha256="0" * 64,
        stage=DossierImport.Stage.PREVIEWED,
        counts={"new": 0, "refused": 1},
        problems=[{"line": 2, "code": "A-1", "column": "status", "reason": "Sai"}],
    )
    return {"pk": run.pk}


def _moved(world: World, agency: Agency) -> dict[str, Any]:
    """A promise that was moved by the calendar."""
    row = ClockChange.objects.create(
        dossier=in_room(world, agency),
        kind=ClockKind.CALENDAR,
        start=timezone.now(),
        basis=agency.code,
    )
    return {"pk": row.pk}


def _agreement(world: World, agency: Agency) -> dict[str, Any]:
    """Put before the head of the agency, or of nobody here."""
    approver = world.officers[Role.HEAD] if agency == world.own else _clerk(world, agency)
    row = Agreement.objects.create(
        dossier=in_room(world, agency),
        items=[],
        entries=["A"],
        reason="Thiếu",
        approver=approver,
        asked_by=_clerk(world, agency),
        asked_at=timezone.now(),
    )
    return {"pk": row.pk}


def _void(world: World, agency: Agency) -> dict[str, Any]:
    """The same of a reception made by mistake."""
    approver = world.officers[Role.HEAD] if agency == world.own else _clerk(world, agency)
    row = VoidRequest.objects.create(
        dossier=received(world, agency),
        reason="Nhầm",
        approver=approver,
        asked_by=_clerk(world, agency),
        asked_at=timezone.now(),
    )
    return {"pk": row.pk}


def _guidance(world: World, agency: Agency) -> GuidanceApproval:
    """The same of one more guidance at the counter."""
    own = agency == world.own
    return GuidanceApproval.objects.create(
        visit=visited(world, agency),
        approver=world.officers[Role.HEAD] if own else _clerk(world, agency),
        asked_by=_clerk(world, agency),
        asked_at=timezone.now(),
    )


def _guidance_pk(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": _guidance(world, agency).pk}


def _guided_visit(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": _guidance(world, agency).visit_id}


def _asked(world: World, agency: Agency) -> dict[str, Any]:
    """A question to the room where all officers of the matrix sit; frozen past the act."""
    made = Consultation.objects.create(
        dossier=received(world, agency), agency=agency, round=1, asked_agency=agency, department=world.department(agency),
        content="Có tranh chấp không?", answer_by=timezone.now() + timedelta(days=1), asked_by=_clerk(world, agency),
        asked_at=timezone.now(),
    )  # fmt: skip
    return {"pk": made.pk}


def _asked_file(world: World, agency: Agency) -> dict[str, Any]:
    made = Consultation.objects.get(**_asked(world, agency))
    scan = store(PDF, name="a.pdf", kind="dossier", object_id=made.dossier_id, by=made.asked_by)
    Consultation.objects.filter(pk=made.pk).update(files=[scan.pk])
    return {"pk": made.pk, "file": scan.pk}


_CODES = count(1)


def _filing(world: World, agency: Agency) -> dict[str, Any]:
    """What a list of the portal brought to the counter of the agency."""
    row = _list(world, agency)
    now = timezone.now()
    made = OnlineFiling.objects.create(
        code=f"G99.01-261120-{next(_CODES):06d}",
        source_id=row["source"],
        agency=agency,
        listed_in_id=row["pk"],
        filed_at=now,
        owner_name=OWNER,
    )
    return {"pk": made.pk}


def _filing_file(world: World, agency: Agency) -> dict[str, Any]:
    """What came with a filing."""
    made = _filing(world, agency)
    kept = keep(b"%PDF-1.4", name="to-khai.pdf", made_as="application/pdf")
    row = attach(kept, kind=FILES, object_id=made["pk"], by=None)
    return made | {"file": row.pk}


def _help(world: World, agency: Agency) -> dict[str, Any]:
    """A help to file on line, at the counter of this agency."""
    made = OnlineHelp.objects.create(
        token=uuid4(), agency=agency, officer=_clerk(world, agency), at=timezone.now(),
        procedure=make_case().version.procedure, owner_name=OWNER,
    )  # fmt: skip
    return {"pk": made.pk}


def _own_account(world: World, agency: Agency) -> dict[str, Any]:
    made = OwnAccount.objects.create(
        agency=agency, kind=1, number=f"0011870{next(_CODES):05d}", holder="Lý Văn Sơn",
        from_day=timezone.localdate(), made_by=_clerk(world, agency), made_at=timezone.now(),
    )  # fmt: skip
    return {"pk": made.pk}


def _list(world: World, agency: Agency) -> dict[str, Any]:
    source = national_source()
    made = OnlineList.objects.create(
        source=source,
        agency=agency,
        by=_clerk(world, agency),
        at=timezone.now(),
        file_name="cho.xlsx",
        sha256="0" * 64,
        stage=OnlineList.Stage.DROPPED,
        ended_at=timezone.now(),
    )
    return {"pk": made.pk, "source": source.pk}


def _online_list(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": _list(world, agency)["pk"]}


def _source(world: World) -> dict[str, Any]:
    made = OnlineSource.objects.create(agency=world.own, name="Cổng", code_pattern="*-######-####+")
    return {"pk": made.pk}


STAMPERS = frozenset({Role.DOCUMENTS})


def _letter(world: World, agency: Agency) -> dict[str, Any]:
    """A letter of the agency that waits for its number; frozen past the act, which others may."""
    dossier = received(world, agency)
    by, now = desk_of(_clerk(world, agency), timezone.now()), timezone.now()
    printing.receipt(dossier, by=by, at=now)
    slip = Slip.objects.get(dossier=dossier)
    slip.pk, slip.slug = None, "dung"
    slip.save(force_insert=True)
    return {"code": dossier.code, "pk": slip.pk}


# Where no number was given yet there is no book.
NO_BOOK = frozenset({404})
# What a room was asked is nobody else's: the clerk of the matrix sits in another one.
ASKED = frozenset({200, 302, 404, 422})
SCANNERS = frozenset({Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER, Role.DOCUMENTS})


def _pack(world: World, agency: Agency) -> dict[str, Any]:
    """Numbers kept for days on paper."""
    made = PaperPack.objects.create(
        agency=agency, first=9_001, last=9_020, prepared_at=timezone.now(), prepared_by=_clerk(world, agency)
    )  # fmt: skip
    return {"pk": made.pk}


def _outage(world: World, agency: Agency) -> dict[str, Any]:
    now, by = timezone.now(), _clerk(world, agency)
    made = Outage.objects.create(
        agency=agency, kind=Outage.Kind.POWER, began_at=now, recorded_at=now, recorded_by=by
    )
    return {"pk": made.pk}


def _envelope(world: World, agency: Agency) -> dict[str, Any]:
    made = Envelope.objects.create(
        agency=agency, case_id=make_case().pk, token=uuid4(), year=2026, number=next(_CODES), sender_name="Lý Văn Sơn",
        authorisation="Trưởng thôn", made_at=timezone.now(), made_by=_clerk(world, agency),
    )  # fmt: skip
    dossier = received(world, agency)
    EnvelopePart.objects.create(dossier=dossier, envelope=made)
    return {"pk": made.pk}


def _envelope_receipt(world: World, agency: Agency) -> dict[str, Any]:
    made = _envelope(world, agency)
    clerk, now = _clerk(world, agency), timezone.now()
    envelopes.receipt(Envelope.objects.get(**made), by=desk_of(clerk, now), at=now)
    return made


AT_COUNTER = frozenset({Role.CLERK, Role.CONTROLLER})
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.CONTROLLER})


def act(name: str, method: str = "get") -> Address:
    roles = frozenset(OVERSEERS) if name == "act_urge" else ON_DESK
    return Address(name, roles, *of(in_room), method, answered=JUDGED)


# Every page of an act, by the names of their addresses; those done by pressing have no page.
# Those of money have people of their own (tests/dossiers/money/addresses.py).
OF_MONEY = {"act_take_fee", "act_relieve_fee", "act_ask_receipt", "act_answer_receipt"}
NAMES = [str(pattern.name) for pattern in urlpatterns if str(pattern.name).startswith("act_")]
# Of a leg by its number (tests/dossiers/legs/addresses.py).
ACTS = [name for name in NAMES if name not in OF_MONEY | {"act_withdraw_leg", "act_replace_lead"}]
ONLY_POST = {"act_recall", "act_take_back", "act_approve"}

ADDRESSES = [
    Address("intake", CLERK),
    Address("intake_form", CLERK, lambda world: {"code": received(world, world.own).version.code}),
    Address(
        "intake_form",
        CLERK,
        lambda world: {"code": received(world, world.own).version.code},
        method="post",
        post_shows=True,
    ),
    Address("intake_done", CLERK, *of(received)),
    Address("intake_visit", CLERK, *both(_visit)),
    Address("visit_slip_page", CLERK, *both(_visit)),
    Address("visit_slip_pdf", CLERK, *both(_visit)),
    Address(
        "intake_autosave",
        CLERK,
        *both(_token),
        "post",
        lambda world: {"thu-tuc": make_case().version.code},
        answered=frozenset({204}),
    ),
    Address("intake_discard", CLERK, *both(_token), "post"),
    Address("intake_draft_file", CLERK, *both(drafted)),
    Address("intake_immediate", CLERK),
    Address("intake_immediate", CLERK, method="post", post_shows=True),
    Address("intake_promise", CLERK, *of(_line), "post"),
    Address("intake_give_back", CLERK, *of(_line), "post"),
    Address("intake_line_slip", CLERK, *of(_line), "post"),
    Address("make_sheet", frozenset(PRINTERS), *of(in_room), "post"),
    Address("slip_page", frozenset(PRINTERS), *both(_with_slip)),
    Address("slip_pdf", frozenset(PRINTERS), *both(_with_slip)),
    Address("scans_missing", SCANNERS),
    Address("scans_missing_xlsx", SCANNERS),
    Address("scans_missing_csv", SCANNERS),
    Address("late_requests", frozenset({Role.CONTROLLER})),
    Address("late_requests_xlsx", frozenset({Role.CONTROLLER})),
    Address("late_requests_csv", frozenset({Role.CONTROLLER})),
    Address("late_decisions", frozenset({Role.CONTROLLER})),
    Address("prolong_exclusion", ON_DESK, *both(_exclusion), answered=JUDGED),
    Address("prolong_exclusion", ON_DESK, *both(_exclusion), "post", answered=JUDGED),
    Address("close_exclusion", ON_DESK, *both(_exclusion), answered=JUDGED),
    Address("close_exclusion", ON_DESK, *both(_exclusion), "post", answered=JUDGED),
    Address("outgoing", STAMPERS),
    Address("outgoing_number", STAMPERS, method="post"),
    Address("outgoing_results", STAMPERS, method="post"),
    Address("outgoing_undo", STAMPERS, method="post"),
    Address("outgoing_hold", STAMPERS),
    Address("outgoing_hold", STAMPERS, method="post", answered=frozenset({422})),
    Address("outgoing_letter", STAMPERS, *both(_letter)),
    Address("outgoing_letter", STAMPERS, *both(_letter), "post"),
    Address("outgoing_letter_pdf", STAMPERS | {Role.LEADER, Role.CONTROLLER}, *both(_letter)),
    Address("outgoing_book", STAMPERS | {Role.LEADER, Role.CONTROLLER}),
    Address("outgoing_book_xlsx", STAMPERS | {Role.LEADER, Role.CONTROLLER}, answered=NO_BOOK),
    Address("outgoing_book_csv", STAMPERS | {Role.LEADER, Role.CONTROLLER}, answered=NO_BOOK),
    Address("consultations", ON_DESK),
    Address("consultation", ON_DESK, *both(_asked), answered=ASKED),
    Address("consultation", ON_DESK, *both(_asked), "post", answered=ASKED),
    Address("consultation_undo", ON_DESK, *both(_asked), "post", answered=ASKED),
    Address("consultation_file", ON_DESK, *both(_asked_file), answered=ASKED),
    Address("agreements", frozenset({Role.HEAD, Role.LEADER})),
    Address("agreement_answer", frozenset({Role.HEAD, Role.LEADER}), *both(_agreement), "post"),
    Address("agreement_undo", frozenset({Role.HEAD, Role.LEADER}), *both(_agreement), "post"),
    Address("void_answer", frozenset({Role.HEAD, Role.LEADER}), *both(_void), "post"),
    Address("void_undo", frozenset({Role.HEAD, Role.LEADER}), *both(_void), "post"),
    Address("guidance_answer", frozenset({Role.HEAD, Role.LEADER}), *both(_guidance_pk), "post"),
    Address("guidance_undo", frozenset({Role.HEAD, Role.LEADER}), *both(_guidance_pk), "post"),
    Address("guidance_issue", CLERK, *both(_guided_visit), "post"),
    Address("guidance_put", CLERK, *both(_guided_visit), "post"),
    Address(
        "open_of_version",
        frozenset({Role.CONTROLLER}),
        lambda world: {"pk": make_case().version_id},
        lambda world: {"pk": 999_999_999},
    ),
    Address("office_settings", DECIDERS),
    Address("office_settings", DECIDERS, method="post"),
    Address("confirm_decision", DECIDERS - {Role.ADMINISTRATOR}, *both(_decision), "post"),
    Address("end_decision", DECIDERS, *both(_decision), "post"),
    Address("calendar_moves", frozenset({Role.ADMINISTRATOR, Role.CONTROLLER})),
    Address("calendar_moves", frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}), method="post"),
    Address("calendar_calls", WORKERS | {Role.ADMINISTRATOR}, *both(_moved)),
    Address("lookup", public=True),
    Address(
        "lookup_show",
        EVERY_ROLE,
        lambda world: {"code": received(world, world.own).code},
        public=True,
    ),
    Address(
        "lookup_why",
        EVERY_ROLE,
        lambda world: {"code": received(world, world.own).code},
        public=True,
        answered=frozenset({404, 429}),
    ),
    *(
        Address(
            "lookup_rate",
            EVERY_ROLE,
            lambda world: {"code": received(world, world.own).code},
            method=method,
            public=True,
            answered=frozenset({404, 429}),
        )
        for method in ("get", "post")
    ),
    Address(
        "lookup_file",
        EVERY_ROLE,
        lambda world: {"code": received(world, world.own).code, "pk": 1},
        public=True,
        answered=frozenset({404, 429}),
    ),
    Address("return_desk", frozenset(RETURN_ROLES)),
    Address("return_desk_xlsx", frozenset(RETURN_ROLES)),
    Address("return_desk_csv", frozenset(RETURN_ROLES)),
    Address("give_back", frozenset(RETURN_ROLES), *of(finished), answered=JUDGED),
    Address("give_back", frozenset(RETURN_ROLES), *of(finished), "post", answered=JUDGED),
    Address("uncollected", frozenset(UNCOLLECTED_SEERS)),
    Address("originals_held", frozenset(UNCOLLECTED_SEERS)),
    Address("archived_results", frozenset(UNCOLLECTED_SEERS)),
    Address("archived_results_pdf", frozenset(UNCOLLECTED_SEERS)),
    Address("undo_give_back", CLERK, *of(finished), "post"),
    Address("search", WORKERS),
    Address("search_xlsx", WORKERS, data=lambda world: {"q": OWNER}),
    Address("search_csv", WORKERS, data=lambda world: {"q": OWNER}),
    Address("suggestions", WORKERS),
    Address("work", WORKERS),
    Address("next_dossier", WORKERS),
    Address(
        "press_papers", ON_DESK, lambda world: {"press": UUID(int=1)}, answered=frozenset({404})
    ),
    Address("list_columns", WORKERS, method="post"),
    Address("work_xlsx", WORKERS),
    Address("work_csv", WORKERS),
    Address("give_list", ON_DESK),
    Address("give", ON_DESK),
    Address("give", ON_DESK, method="post"),
    Address("receive_list", ON_DESK),
    Address("given_list", ON_DESK),
    Address("scanned", ON_DESK, lambda world: {"job": "giao"}),
    Address("confirm_many", ON_DESK, method="post"),
    Address("confirm_scanned", ON_DESK, method="post"),
    Address("undo_received", ON_DESK, method="post"),
    Address("approve_many", ON_DESK, method="post"),
    Address("send_back_many", ON_DESK, method="post"),
    Address("undo_decided", ON_DESK, method="post"),
    Address("press_runs", WORKERS),
    # What one may do it to is judged by the act; a run is nobody's but who pressed.
    Address("press", WORKERS, lambda world: {"path": "xin-loi"}),
    Address("press", WORKERS, lambda world: {"path": "xin-loi"}, method="post"),
    *(
        Address(name, WORKERS, lambda world: {"pk": 1}, method=method, answered=frozenset({404}))
        for name, method in (
            ("press_run", "get"),
            ("press_run_again", "post"),
            ("press_run_undo", "post"),
        )
    ),
    Address("recall_many", ON_DESK, method="post"),
    Address("batches", ON_DESK | {Role.CONTROLLER}),
    Address("move_desk", frozenset(MOVERS)),
    Address("move_desk", frozenset(MOVERS), method="post"),
    Address("undo_moved_parts", frozenset(MOVERS), method="post"),
    Address("batch", ON_DESK | {Role.CONTROLLER, Role.ADMINISTRATOR}, *both(_batch)),
    Address("batch_paper", ON_DESK | {Role.CONTROLLER, Role.ADMINISTRATOR}, *both(_batch)),
    Address("undo_move", frozenset(MOVERS), *both(_batch), "post"),
    Address("recall_batch", ON_DESK, *both(_batch), "post"),
    Address("dossier", WORKERS, *of(in_room)),
    Address("dossier_why", WORKERS, *of(in_room)),
    Address("dossier_log", READERS, *of(in_room)),
    Address("dossier_file", WORKERS, *both(_with_file)),
    Address("envelope_new", CLERK, lambda world: {"code": received(world, world.own).version.code}),
    Address(
        "envelope_new",
        CLERK,
        lambda world: {"code": received(world, world.own).version.code},
        method="post",
        post_shows=True,
    ),
    Address("envelope", CLERK, *both(_envelope)),
    Address("envelope", CLERK, *both(_envelope), "post", answered=JUDGED),
    Address("envelope_receipt", CLERK, *both(_envelope_receipt)),
    Address("envelope_make", CLERK, *both(_envelope), "post"),
    Address("envelope_receipt_pdf", CLERK, *both(_envelope_receipt)),
    Address("envelope_return", CLERK, *both(_envelope), "post", answered=JUDGED),
    Address("paper_days", CLERK),
    Address("paper_days", CLERK, method="post", post_shows=True),
    Address("paper_outage", CLERK, *both(_outage)),
    Address("paper_outage", CLERK, *both(_outage), "post", answered=JUDGED),
    Address("paper_pack", CLERK, *both(_pack)),
    Address("paper_pack_pdf", CLERK, *both(_pack)),
    Address("paper_pack_end", CLERK, *both(_pack), "post"),
    Address("online_filings", AT_COUNTER),
    Address("online_filing", AT_COUNTER, *both(_filing)),
    Address("online_filing_open", CLERK, *both(_filing)),
    Address("online_filing_accept", CLERK, *both(_filing), "post"),
    Address("online_filing_file", AT_COUNTER, *both(_filing_file)),
    Address("online_filing_settle", AT_COUNTER, *both(_filing), "post"),
    Address("online_filing_reopen", AT_COUNTER, *both(_filing), "post"),
    Address("online_lists", AT_COUNTER),
    Address("online_lists", AT_COUNTER, method="post"),
    Address("online_list", AT_COUNTER, *both(_online_list)),
    Address(
        "online_list_columns",
        AT_COUNTER,
        *both(_online_list),
        "post",
        answered=frozenset({404}),
    ),
    Address("online_list_record", AT_COUNTER, *both(_online_list), "post"),
    Address("online_list_undo", AT_COUNTER, *both(_online_list), "post"),
    Address("filing_help", CLERK),
    Address("filing_help", CLERK, method="post"),
    Address("filing_help_undo", CLERK, *both(_help), "post"),
    Address("own_accounts", KEEPERS),
    Address("own_accounts", KEEPERS, method="post"),
    Address("own_account_end", KEEPERS, *both(_own_account), "post"),
    Address("online_late", frozenset({Role.CONTROLLER})),
    Address("online_sources", KEEPERS),
    Address("online_sources", KEEPERS, method="post"),
    Address("online_source", KEEPERS, _source),
    Address("online_source", KEEPERS, _source, method="post"),
    Address("ledger_check", ADMINISTRATORS),
    Address("ledger_check_whole", ADMINISTRATORS, method="post"),
    Address("imports", ADMINISTRATORS),
    Address("imports", ADMINISTRATORS, method="post"),
    Address("import_run", ADMINISTRATORS, *both(_import)),
    Address("import_problems", ADMINISTRATORS, *both(_import)),
    Address("confirm_import", ADMINISTRATORS, *both(_import), "post"),
    *(act(name, "get") for name in ACTS if name not in ONLY_POST),
    *(act(name, "post") for name in ACTS),
]
