"""Receiving: one transaction from the checked form to a dossier with its code, promise, papers,
slip and first event.
"""

from __future__ import annotations

import secrets as random_bytes
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from dossiers import rules
from dossiers.acts import certifying, fees, filings
from dossiers.acts.returning import given_now
from dossiers.clock import deadlines, undetermined
from dossiers.desk import matters, store
from dossiers.intake import codes, drafts, elsewhere, names, online, secrets, sent_once, shortened
from dossiers.intake.assessing import Assessment, Settled, assess
from dossiers.intake.brought import Intake, OnlineIn, PaidIn
from dossiers.intake.originals import going_back
from dossiers.ledger import writer
from dossiers.ledger.writer import Life
from dossiers.models import Dossier, DossierPaper, Draft, NameKey, Result, Return, Submitter
from dossiers.models.elsewhere import Elsewhere
from dossiers.models.envelopes import EnvelopePart
from dossiers.office import office_settings
from dossiers.registry import Act, Rows, SlipKind, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Receipt
from dossiers.states import COUNTER, NOT_YET, ClockEffect, State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import Desk
from onestop.accounts.models import DepartmentKind
from onestop.errors import DomainError, require
from onestop.files.domain import adopt
from onestop.files.models import Attachment
from onestop.results import Answer
from onestop.rows import digest
from onestop.templatetags.formatting import money
from onestop.worktime import Unit
from procedures.channels import Channel
from procedures.models import Case

RECEPTION_STEP = "Tiếp nhận hồ sơ"


def _may_receive(desk: Desk, dossier: Dossier) -> Answer:
    return rules.may_stand_at(desk, dossier.received_by_agency_id)


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
        told_by=Rows("visits"), lines=lambda told: (*filings.handed_words(told.data), *(told.row or ())),
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

    Effects in order: code (a portal's is kept as it is) and register number (locked counters),
    dossier row with its promise, papers, where it was filed on line, search keys, scans taken over
    from the draft, slip form 01 with its frozen snapshot, the fee and its receipt where the counter
    takes it at once, events. All in one transaction; then the clerk's draft goes. The same page received again gives
    the first dossier back and changes nothing. Errors: DomainError with the field it belongs to,
    nothing is written; ("token_used") when the token is that of a dossier made of another content,
    ("token_foreign") of another officer. Source: R-01…R-06, R-10, R-12…R-14, R-19, R-36, R-74,
    R-87.
    """
    return _receive(intake, by=by, at=at, recorded_at=recorded_at, taker=None)


def receive_and_return(
    intake: Intake, *, by: Desk, at: datetime, taker: str = "", signer: str | None = None
) -> Dossier:
    """The short path of `trả ngay` procedures: received, finished and given back in one transaction
    (R-10). A certification that `signer` signed gets its number (acts/certifying.py); None: nobody says
    that it was signed here, and it has none.

    Errors: DomainError("not_immediate") when the term of the case is not "trả ngay"; otherwise as
    receive().
    """
    return _receive(
        intake, by=by, at=at, recorded_at=None, taker=taker or intake.owner.name, signer=signer
    )


def _receive(
    intake: Intake,
    *,
    by: Desk,
    at: datetime,
    recorded_at: datetime | None,
    taker: str | None,
    signer: str | None = None,
) -> Dossier:
    try:
        with transaction.atomic():
            known = Dossier.objects.filter(intake_token=intake.token).first()
            if known is not None:
                sent_once.require_same(
                    known, intake, officer=by.officer, at=at, recorded_at=recorded_at
                )
            dossier = known or _write(
                intake, by=by, at=at, recorded_at=recorded_at, taker=taker, signer=signer
            )
    except IntegrityError:
        # Two submits of one form met at the unique token: the other one won.
        known = Dossier.objects.filter(intake_token=intake.token).first()
        if known is None:
            field, code = _given_code(intake)
            if code and Dossier.objects.filter(code=code).exists():
                raise DomainError("code_taken", field=field, taken=code) from None
            raise
        sent_once.require_same(known, intake, officer=by.officer, at=at, recorded_at=recorded_at)
        dossier = known
    # After the commit: a draft that was saved meanwhile, or by a second click, goes too.
    drafts.forget(intake.token, officer=by.officer)
    return dossier


def _write(
    intake: Intake,
    *,
    by: Desk,
    at: datetime,
    recorded_at: datetime | None,
    taker: str | None,
    signer: str | None,
) -> Dossier:
    require(rules.may_receive_at(by, intake.agency, timezone.localdate(at)))
    is_read = intake.case is not None and intake.case.pk == intake.case_id
    case = intake.case if intake.case is not None and is_read else read_case(intake.case_id)
    assessment = assess(intake.brought(case), at=at, now=recorded_at)
    settled = assessment.settled()
    if taker is not None and settled.term.unit is not Unit.IMMEDIATE:
        raise DomainError("not_immediate", field="case")
    calendar = calendar_of(assessment.handler.pk)
    dossier = _dossier(intake, assessment, settled, by=by, at=at)
    if taker is None:
        dossier.forward_by = dossier.step_due_at = deadlines.forward_by(at, calendar)
    filed = _filed(intake, at)
    away = _away(intake, at, assessment.now)
    # Dossiers before numbers, as everywhere.
    store.hold(given for _, given in assessment.papers)
    _number(dossier, intake, filed)
    with writer.begin(dossier, by=by, at=at, calendar=calendar, recorded_at=recorded_at) as life:
        kept, brought_by = _add_rows(life, assessment)
        handed = _add_origin(life, intake, filed, away)
        if not _take_scans(life, intake) + handed and assessment.asks_for_scans:
            raise DomainError("scan_missing", field="no_scan_reason")
        page = sent_once.page_digest(dossier.salt, intake, at=at, recorded_at=recorded_at)
        came_before = _follow_visits(life, intake)
        by_list = shortened.facts(assessment.shortened, assessment.statutory)
        said = _facts(dossier, intake) | by_list | {sent_once.KEY: page} | came_before
        life.record("receive", said)
        if dossier.undetermined:
            undetermined.ask_for_calendar(dossier, at=at)
        # Before a line is returned: its slip belongs to the reception, and stays when the return is
        # taken back.
        if intake.with_slip:
            issuing.make(
                "tiep-nhan",
                life=life,
                papers=kept,
                brought_by=brought_by,
                shortened=shortened.words_of(by_list),
                is_paid=intake.paid is not None,
            )
            life.settle()
        if intake.paid is not None:
            _take_fee(life, intake.paid, assessment)
        if taker is not None:
            _return_at_once(life, taker, signer, at, kept)
    return dossier


def _dossier(
    intake: Intake, assessment: Assessment, settled: Settled, *, by: Desk, at: datetime
) -> Dossier:
    """The row as it is received, without its numbers."""
    case, owner = settled.case, intake.owner
    counters = (d for d in by.departments if d.kind == DepartmentKind.ONE_STOP)
    _, encrypted = secrets.new_secret()
    return Dossier(
        agency=assessment.handler,
        received_by_agency=intake.agency,
        register_year=timezone.localdate(at).year,
        version=case.version,
        case=case,
        field=case.version.field,
        channel=intake.channel,
        kiosk=intake.kiosk,
        out_of_area=intake.out_of_area,
        # Given back at once it never lies with the other agency.
        awaits_agency=intake.out_of_area
        and assessment.handler.pk != intake.agency.pk
        and settled.term.unit is not Unit.IMMEDIATE,
        owner_kind=owner.kind,
        owner_name=owner.name,
        identity_kind=owner.identity_kind,
        identity_number=assessment.identity.value,
        identity_note=owner.identity_note,
        phone=assessment.phone.value,
        email=owner.email,
        address=owner.address,
        summary=intake.summary,
        sets=intake.sets,
        return_by_post=intake.return_by_post,
        no_scan_reason=intake.no_scan_reason,
        fee_amount=settled.fee.amount,
        fee_reason=settled.fee.reason,
        secret=encrypted,
        salt=random_bytes.token_bytes(16),
        received_at=at,
        recorded_at=assessment.now,
        received_by=by.officer,
        intake_token=intake.token,
        term=str(settled.term),
        holder=by.officer,
        holder_department=next((d for d in counters if d.agency_id == intake.agency.pk), None),
        step_name=RECEPTION_STEP,
    )


def _filed(intake: Intake, at: datetime) -> online.Filed | None:
    """What the portal says of it: asked of every online dossier, allowed to none other."""
    if intake.channel not in online.CHANNELS:
        if intake.online is not None:
            raise DomainError("online_code_other", field="source_code")
        return None
    said = intake.online if intake.online is not None else OnlineIn("")
    return online.check(said, agency=intake.agency, at=at, lock=True)


def _away(intake: Intake, at: datetime, now: datetime) -> Elsewhere | None:
    """Where it was received, of what is entered now (R-76): handed in to somebody, never on line."""
    said = intake.elsewhere
    if said is None:
        return None
    if intake.channel != Channel.DIRECT:
        raise DomainError("elsewhere_channel", field="channel")
    return elsewhere.check(said, agency=intake.agency, at=at, now=now)


def _given_code(intake: Intake) -> tuple[str, str]:
    """The code that it brought along, and where the page asks for it."""
    if intake.online is not None:
        return "source_code", intake.online.code
    return "reserved", intake.elsewhere.code if intake.elsewhere is not None else ""


def _number(dossier: Dossier, intake: Intake, filed: online.Filed | None) -> None:
    """What it owes, its place in the register and its code: the portal's, the one chosen of those that were kept
    for paper, or the next one of ours. Counters last before the insert, always in this
    order: their rows stay locked until the end of the transaction.
    """
    agency, day = intake.agency, timezone.localdate(dossier.received_at)
    office = office_settings(agency.pk)
    pattern = office.code_pattern
    if office.follows_fees:
        dossier.fee_owed = dossier.fee_amount or 0
    now = timezone.localdate(dossier.recorded_at).year
    entry = codes.next_entry(agency_id=agency.pk, year=day.year, now=now)
    dossier.register_year, dossier.register_volume = entry.year, entry.volume
    dossier.register_number = entry.number
    if filed is not None:
        dossier.code = filed.code
        return
    if intake.elsewhere is not None and intake.elsewhere.code:
        dossier.code = intake.elsewhere.code
        return
    dossier.code = codes.next_code(
        agency_id=agency.pk, unit=agency.dossier_code, pattern=pattern, day=day
    )


def _add_rows(life: Life, assessment: Assessment) -> tuple[list[DossierPaper], Submitter | None]:
    """The papers, who brought them, and the names it is found by. Errors: those of store.taken."""
    dossier, submitter = life.dossier, assessment.brought.submitter
    files = store.taken(dossier, (given for _, given in assessment.papers))
    papers = life.add_all(
        DossierPaper,
        [
            DossierPaper(
                dossier=dossier,
                order=order,
                paper=paper,
                originals=given.originals,
                certified=given.certified,
                copies=given.copies,
                from_database=given.from_database,
                stored_id=given.stored or None,
                stored_file_id=files.get(given.stored),
            )
            for order, (paper, given) in enumerate(assessment.papers, start=1)
        ],
    )
    brought_by = None
    if submitter is not None:
        brought_by = life.add(
            Submitter(
                dossier=dossier,
                name=submitter.name,
                identity_number=assessment.submitter_identity.value,
                phone=assessment.submitter_phone.value,
                authorisation=submitter.authorisation,
            )
        )
    NameKey.objects.bulk_create(
        names.rows_for(dossier, dossier.owner_name, submitter.name if submitter else "")
    )
    return papers, brought_by


def _add_origin(
    life: Life, intake: Intake, filed: online.Filed | None, away: Elsewhere | None
) -> int:
    """Where it came from: a portal, a counter elsewhere, an envelope of several, a partner office; how
    many files that one brought.
    """
    if filed is not None:
        filings.receive(life, filed)
    if away is not None:
        away.dossier = life.dossier
        life.add(away)
    if intake.envelope_id is not None:
        life.add(EnvelopePart(dossier=life.dossier, envelope_id=intake.envelope_id))
    return filings.receive_handed(life, intake) if intake.handed_in is not None else 0


def _follow_visits(life: Life, intake: Intake) -> dict[str, list[int]]:
    """The earlier visits that it follows, as the event names them (R-44, R-50)."""
    followed, left = matters.link(life.dossier, intake.left_visits)
    for visit in followed:
        life.added(visit)
    named = {"visits": followed, "visits_left": left}
    return {name: [row.pk for row in rows] for name, rows in named.items() if rows}


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
    # What a portal brought with it is told already (acts/filings.py).
    for scan in Attachment.objects.of("dossier", life.dossier.pk).filter(
        pk__in=intake.attachment_ids
    ):
        life.added(scan)
    return taken


def _take_fee(life: Life, paid: PaidIn, assessment: Assessment) -> None:
    """All that is owed is taken now, and its receipt given. Four statements where the program does
    not print the receipt. Errors: DomainError("paid_later", "paid_nothing", "paid_part") and those
    of acts/fees.py.
    """
    dossier, submitter = life.dossier, assessment.brought.submitter
    if life.at != life.recorded_at:
        raise DomainError("paid_later", field="way")
    if not dossier.fee_owed:
        raise DomainError("paid_nothing", field="way")
    if paid.fee > dossier.fee_owed:
        raise DomainError("paid_part", field="fee", owed=money(dossier.fee_owed))
    life.check("take_fee")
    what = fees.Taking(
        series_id=paid.series_id,
        fee=paid.fee,
        charge=dossier.fee_owed - paid.fee,
        way=paid.way,
        payer=submitter.name if submitter is not None else "",
        reference=paid.reference,
        number=paid.number,
    )
    fees.taken(life, what)


def _return_at_once(
    life: Life, taker: str, signer: str | None, at: datetime, papers: Sequence[DossierPaper]
) -> None:
    """The result, and with it the originals that were only shown (R-80)."""
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
    if signer is not None:
        certifying.enter(life, made, signer)
    life.record("finish", {"result": "at_once", "row": made.pk})
    given_now(life, taker, going_back(papers))
    life.record("give_back", {"way": int(Return.Way.DIRECT)})


def read_case(case_id: int) -> Case:
    """As it is received: with its version, methods and papers. Three queries."""
    return (
        Case.objects.select_related("version__field", "version__procedure")
        .prefetch_related("methods", "papers")
        .get(pk=case_id)
    )


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
    } | filings.handed_facts(intake)
