"""Receiving: one transaction from the checked form to a dossier with its code, promise, papers,
slip and first event.
"""

from __future__ import annotations

import secrets as random_bytes
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from dossiers import rules
from dossiers.clock import deadlines, undetermined
from dossiers.desk import matters
from dossiers.identity import kind_of, normal_identity, normal_phone
from dossiers.intake import codes, drafts, names, secrets, sent_once
from dossiers.intake.authority import is_owner
from dossiers.intake.brought import Intake, Person, SubmitterIn
from dossiers.ledger import writer
from dossiers.ledger.tables import digest
from dossiers.ledger.writer import Life
from dossiers.models import Dossier, DossierPaper, Draft, NameKey, Result, Return, Submitter
from dossiers.office import office_settings
from dossiers.registry import Act, Rows, SlipKind, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Receipt
from dossiers.states import COUNTER, NOT_YET, ClockEffect, State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import Desk
from onestop.accounts.models import DepartmentKind, Role
from onestop.errors import DomainError, require
from onestop.files.domain import adopt
from onestop.files.models import Attachment
from onestop.results import ALLOWED, Answer, Denied
from onestop.worktime import Unit, parse_term
from procedures.channels import Channel
from procedures.models import Case, Method, ProcedureVersion
from procedures.rules import receivable

RECEPTION_STEP = "Tiếp nhận hồ sơ"
REPEAT_DAYS = 30


def _may_receive(desk: Desk, dossier: Dossier) -> Answer:
    return (
        ALLOWED
        if desk.has(Role.CLERK, agency_id=dossier.received_by_agency_id)
        else Denied("not_your_counter")
    )


NOT_BUILT = "chưa có thao tác này"
REGISTER = register(
    Act(
        "register", "Nộp trực tuyến", 10, NOT_YET, State.REGISTERED, COUNTER, rules.may_hold, way_back=NOT_BUILT,
    )
)  # fmt: skip
RECEIVE = register(
    Act(
        "receive", "Tiếp nhận", 11, NOT_YET | {State.REGISTERED}, State.RECEIVED, COUNTER, _may_receive, ClockEffect.STARTS,
        way_back="mã và số vào sổ đã cấp: rút hồ sơ",
        told_by=Rows("visits"), lines=lambda told: told.row or (),
        slip=SlipKind("tiep-nhan", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", Receipt, subjects.receipt),
    )
)  # fmt: skip
REFUSE_RECEPTION = register(
    Act(
        "refuse_reception", "Từ chối tiếp nhận", 12, frozenset({State.REGISTERED}), State.NOT_RECEIVED, COUNTER, rules.may_hold,
        way_back=NOT_BUILT,
    )
)  # fmt: skip


def receive(
    intake: Intake, *, by: Desk, at: datetime, recorded_at: datetime | None = None
) -> Dossier:
    """Receive a dossier.

    Effects in order: code and register number (locked counters), dossier row with its promise,
    papers, search keys, scans taken over from the draft, slip form 01 with its frozen snapshot,
    events. All in one transaction; then the clerk's draft goes. The same page received again gives
    the first dossier back and changes nothing. Errors: DomainError with the field it belongs to,
    nothing is written; ("token_used") when the token is that of a dossier made of another content,
    ("token_foreign") of another officer. Source: R-01…R-06, R-10, R-12…R-14, R-19, R-36, R-74,
    R-87.
    """
    return _receive(intake, by=by, at=at, recorded_at=recorded_at, taker=None)


def receive_and_return(intake: Intake, *, by: Desk, at: datetime, taker: str = "") -> Dossier:
    """The short path of `trả ngay` procedures: received, finished and given back in one transaction
    (R-10).

    Errors: DomainError("not_immediate") when the term of the case is not "trả ngay"; otherwise as
    receive().
    """
    return _receive(intake, by=by, at=at, recorded_at=None, taker=taker or intake.owner.name)


def _receive(
    intake: Intake, *, by: Desk, at: datetime, recorded_at: datetime | None, taker: str | None
) -> Dossier:
    try:
        with transaction.atomic():
            known = Dossier.objects.filter(intake_token=intake.token).first()
            if known is not None:
                sent_once.require_same(
                    known, intake, officer=by.officer, at=at, recorded_at=recorded_at
                )
            dossier = known or _write(intake, by=by, at=at, recorded_at=recorded_at, taker=taker)
    except IntegrityError:
        # Two submits of one form met at the unique token: the other one won.
        known = Dossier.objects.filter(intake_token=intake.token).first()
        if known is None:
            if intake.source_code and Dossier.objects.filter(code=intake.source_code).exists():
                raise DomainError("code_taken", taken=intake.source_code) from None
            raise
        sent_once.require_same(known, intake, officer=by.officer, at=at, recorded_at=recorded_at)
        dossier = known
    # After the commit: a draft that was saved meanwhile, or by a second click, goes too.
    drafts.forget(intake.token, officer=by.officer)
    return dossier


def _write(
    intake: Intake, *, by: Desk, at: datetime, recorded_at: datetime | None, taker: str | None
) -> Dossier:
    case = (
        intake.case
        if intake.case is not None and intake.case.pk == intake.case_id
        else _case(intake.case_id)
    )
    method = method_of(case, intake.channel)
    day = timezone.localdate(at)
    _check(intake, case.version, case, method, day)
    term = parse_term(method.term)
    if taker is not None and term.unit is not Unit.IMMEDIATE:
        raise DomainError("not_immediate", field="case")
    papers = _papers(intake, case)
    handled_by = intake.handled_by or intake.agency
    calendar = calendar_of(handled_by.pk)
    counter = next(
        (
            d
            for d in by.departments
            if d.kind == DepartmentKind.ONE_STOP and d.agency_id == intake.agency.pk
        ),
        None,
    )
    office = office_settings(intake.agency.pk)
    _, encrypted = secrets.new_secret()
    dossier = Dossier(
        agency=handled_by,
        received_by_agency=intake.agency,
        register_year=day.year,
        version=case.version,
        case=case,
        field=case.version.field,
        channel=intake.channel,
        kiosk=intake.kiosk,
        out_of_area=intake.out_of_area,
        owner_kind=intake.owner.kind,
        owner_name=intake.owner.name,
        identity_kind=intake.owner.identity_kind,
        identity_number=normal_identity(intake.owner.identity_kind, intake.owner.identity_number),
        identity_note=intake.owner.identity_note,
        phone=normal_phone(intake.owner.phone),
        email=intake.owner.email,
        address=intake.owner.address,
        summary=intake.summary,
        sets=intake.sets,
        return_by_post=intake.return_by_post,
        no_scan_reason=intake.no_scan_reason,
        fee_amount=method.fee_amount if intake.fee_amount is None else intake.fee_amount,
        fee_reason=intake.fee_reason,
        secret=encrypted,
        salt=random_bytes.token_bytes(16),
        received_at=at,
        recorded_at=recorded_at or at,
        received_by=by.officer,
        intake_token=intake.token,
        term=str(term),
        holder=by.officer,
        holder_department=counter,
        forward_by=deadlines.forward_by(at, calendar) if taker is None else None,
        step_name=RECEPTION_STEP,
    )
    dossier.step_due_at = dossier.forward_by
    # Counters last before the insert, always in this order: their rows stay locked until the end of
    # the transaction.
    dossier.register_number = codes.next_register(agency_id=intake.agency.pk, year=day.year)
    dossier.code = intake.source_code or codes.next_code(
        agency_id=intake.agency.pk,
        unit=intake.agency.dossier_code,
        pattern=office.code_pattern,
        day=day,
    )
    with writer.begin(dossier, by=by, at=at, calendar=calendar, recorded_at=recorded_at) as life:
        kept = life.add_all(
            DossierPaper,
            [
                DossierPaper(dossier=dossier, order=n, **row)
                for n, row in enumerate(papers, start=1)
            ],
        )
        submitter, brought_by = intake.submitter, None
        if submitter is not None:
            brought_by = life.add(
                Submitter(
                    dossier=dossier,
                    name=submitter.name,
                    identity_number=normal_identity(
                        kind_of(submitter.identity_number), submitter.identity_number
                    ),
                    phone=normal_phone(submitter.phone),
                    authorisation=submitter.authorisation,
                )
            )
        NameKey.objects.bulk_create(
            names.rows_for(dossier, dossier.owner_name, submitter.name if submitter else "")
        )
        if not _take_scans(life, intake) and _asks_for_scans(intake):
            raise DomainError("scan_missing", field="no_scan_reason")
        page = sent_once.page_digest(dossier.salt, intake, at=at, recorded_at=recorded_at)
        followed = matters.link(dossier)
        for visit in followed:
            life.added(visit)
        came_before = {"visits": [row.pk for row in followed]} if followed else {}
        life.record("receive", _facts(dossier, intake) | {sent_once.KEY: page} | came_before)
        if dossier.undetermined:
            undetermined.ask_for_calendar(dossier, at=at)
        # Before a line is returned: its slip belongs to the reception, and stays when the return is
        # taken back.
        if intake.with_slip:
            issuing.make("tiep-nhan", life=life, papers=kept, brought_by=brought_by)
            life.settle()
        if taker is not None:
            _return_at_once(life, taker, at)
    return dossier


def _take_scans(life: Life, intake: Intake) -> int:
    """The scans of the clerk's own draft become the dossier's; how many."""
    assert life.by is not None
    if not intake.attachment_ids or intake.draft_id is None:
        return 0
    if not Draft.objects.filter(pk=intake.draft_id, officer=life.by.officer).exists():
        return 0
    taken = adopt(
        intake.attachment_ids,
        from_kind="draft",
        from_id=intake.draft_id,
        kind="dossier",
        object_id=life.dossier.pk,
    )
    for scan in Attachment.objects.of("dossier", life.dossier.pk):
        life.added(scan)
    return taken


def _asks_for_scans(intake: Intake) -> bool:
    """R-13: a dossier on paper comes with scans or with the reason why not."""
    return intake.channel in (Channel.DIRECT, Channel.POST) and not intake.no_scan_reason


def _return_at_once(life: Life, taker: str, at: datetime) -> None:
    dossier = life.dossier
    assert life.by is not None
    made = life.add(
        Result(
            dossier=dossier,
            title="Đã thực hiện tại quầy",
            recorded_by=life.by.officer,
            recorded_at=at,
            issued_on=timezone.localdate(at),
        )
    )
    life.record("finish", {"result": "at_once", "row": made.pk})
    life.add(Return(dossier=dossier, taker_name=taker, given_by=life.by.officer, given_at=at))
    dossier.returned_at = at
    life.record("give_back", {"way": int(Return.Way.DIRECT)})


def _case(case_id: int) -> Case:
    return (
        Case.objects.select_related("version__field", "version__procedure")
        .prefetch_related("methods", "papers")
        .get(pk=case_id)
    )


def method_of(case: Case, channel: int) -> Method:
    """The catalogue row whose term and fee hold for a case and channel. Errors:
    DomainError("procedures.no_method").
    """
    method = case.method_for(channel)
    if method is None:
        raise DomainError("procedures.no_method", field="channel")
    return method


def _check(
    intake: Intake, version: ProcedureVersion, case: Case, method: Method, day: date
) -> None:
    require(receivable(version, day, intake.channel, case), field="procedure")
    if not intake.owner.name.strip():
        raise DomainError("owner_missing", field="owner_name")
    if _asks_for_scans(intake) and not intake.attachment_ids:
        raise DomainError("scan_missing", field="no_scan_reason")
    if intake.submitter is not None and not intake.submitter.authorisation.strip():
        raise DomainError("submitter_authorisation", field="authorisation")
    if intake.submitter is not None and _is_owner(intake.submitter, intake.owner):
        raise DomainError("submitter_is_owner", field="submitter_name")
    if method.fee_amount is None and (intake.fee_amount is None or not intake.fee_reason):
        raise DomainError("fee_missing", field="fee_amount")
    if (
        method.fee_amount is not None
        and intake.fee_amount not in (None, method.fee_amount)
        and not intake.fee_reason
    ):
        raise DomainError("fee_reason_missing", field="fee_reason")


def _is_owner(submitter: SubmitterIn, owner: Person) -> bool:
    number = normal_identity(owner.identity_kind, owner.identity_number)
    return is_owner(
        name=submitter.name,
        identity=submitter.identity_number,
        owner_name=owner.name,
        owner_identity=number,
    )


def _papers(intake: Intake, case: Case) -> list[dict[str, object]]:
    """Only published papers of this case; what the page asked beyond them is refused."""
    published = {p.pk: p for p in case.papers.all() if not p.is_note}
    rows: list[dict[str, object]] = []
    for given in intake.papers:
        paper = published.get(given.paper_id)
        if paper is None:
            raise DomainError("paper_unknown", field="papers")
        if given.originals or given.certified or given.copies or given.from_database:
            rows.append(
                {
                    "paper_id": paper.pk,
                    "name": paper.name,
                    "originals": given.originals,
                    "certified": given.certified,
                    "copies": given.copies,
                    "from_database": given.from_database,
                }
            )
    return rows


def _facts(dossier: Dossier, intake: Intake) -> dict[str, object]:
    """What the first event keeps: ids and a salted digest, no personal data."""
    return {
        "code": dossier.code,
        "case": dossier.case_id,
        "channel": int(dossier.channel),
        "term": dossier.term,
        "calendar": dossier.calendar_key,
        "owner": digest(dossier.salt, [dossier.owner_name, dossier.identity_number]),
        "papers": len(intake.papers),
        "files": len(intake.attachment_ids),
        "fee": dossier.fee_amount,
    }


def repeats(
    *, identity_number: str, procedure_id: int, agency_id: int, at: datetime
) -> list[Dossier]:
    """Dossiers of the same owner and procedure that are open or ended within the last month, newest
    first, at most 3.

    In: identity number as normalised; the procedure (any version); the receiving agency. One query
    on the identity index.
    """
    if not identity_number:
        return []
    rows = (
        Dossier.objects.filter(
            identity_number=identity_number, version__procedure_id=procedure_id, agency_id=agency_id
        )
        .select_related("version__procedure")
        .order_by("-id")[:5]
    )
    edge = at - timedelta(days=REPEAT_DAYS)
    return [d for d in rows if d.is_open or (d.ended_at is not None and d.ended_at >= edge)][:3]
