"""From rows to the frozen snapshot of a slip: one builder a form, each filling the form's context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dossiers import registry
from dossiers.desk import matters, rounds
from dossiers.intake import online
from dossiers.intake.elsewhere import elsewhere_of
from dossiers.intake.shortened import words_for
from dossiers.intake.transfers import transfer_for
from dossiers.models import (
    ClockChange,
    ClockKind,
    CounterVisit,
    Dossier,
    DossierPaper,
    Ending,
    Result,
    Slip,
    Submitter,
    Supplement,
)
from dossiers.models.appointments import StepAppointment
from dossiers.slips import form_on
from dossiers.slips.contexts import (
    Apology,
    ControlSheet,
    EarlierRequest,
    FormFacts,
    HandOverBlock,
    Office,
    PaperLine,
    Person,
    Receipt,
    Refusal,
    Signer,
    SlipContext,
    StopNotice,
    SupplementRequest,
    WantedLine,
)
from dossiers.slips.letterheads import (
    office_of,
    office_of_document,
    owner_of,
    recipients,
    signer_named,
    signer_of,
)
from dossiers.slips.lines import Appointment, WaitLine
from dossiers.slips.words import day_words
from onestop.accounts.models import Agency, Officer, Role
from onestop.errors import DomainError
from onestop.templatetags.formatting import money, vn_datetime
from procedures.reading.condition_words import unnumbered

BY_POST = "Qua dịch vụ bưu chính công ích"
REFUSED_AFTER_APPRAISAL = "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a slip speaks of: the number it got, who made it when, and the rows behind it."""

    slug: str
    number: int
    by: Officer
    at: datetime
    agency: Agency
    dossier: Dossier | None = None
    visit: CounterVisit | None = None
    # The row that the act wrote and the slip tells.
    about: Any = None
    signer: Officer | None = None
    was_late: bool | None = None
    # What the receiving transaction has just written: then neither is asked for again.
    papers: Sequence[DossierPaper] | None = None
    brought_by: Submitter | None = None
    shortened: str = ""
    # All that is owed is taken in the same press (acts/reception.py).
    is_paid: bool = False
    # A slip that has its row already: those before it are the earlier ones.
    row: Slip | None = None

    @property
    def file(self) -> Dossier:
        assert self.dossier is not None
        return self.dossier

    @property
    def visit_code(self) -> str:
        """The portal's code of what was handed in there."""
        return self.visit.source_code if self.visit is not None else ""

    @property
    def handler(self) -> Agency:
        """The agency that handled it when the slip was made."""
        return self.file.agency.in_charge(timezone.localdate(self.at))

    @property
    def counter(self) -> Agency:
        """The agency at whose counter it was when the slip was made."""
        return self.file.received_by_agency.in_charge(timezone.localdate(self.at))


def snapshot(subject: Subject) -> dict[str, Any]:
    """Everything the slip shows, as JSON; the look-up secret stays out of it."""
    context: SlipContext = registry.slip_kinds()[subject.slug].build(subject)
    return context.to_dict()


def common(subject: Subject) -> dict[str, Any]:
    """What every slip shows: its number, form and head, who made it, whose it is."""
    form = form_on(subject.slug, timezone.localdate(subject.at))
    about = subject.dossier or subject.visit
    assert about is not None
    return {
        "slug": subject.slug,
        "number": subject.number,
        "made_at": subject.at,
        "form": FormFacts.of(form),
        "office": _office(subject),
        "officer": subject.by.full_name,
        "code": subject.dossier.code if subject.dossier else subject.visit_code,
        "filed_at": _filed_at(subject),
        "owner": owner_of(about),
    }


def _filed_at(subject: Subject) -> datetime | None:
    """When it was handed in on a portal, on slips of the counter; one query for an online dossier."""
    if subject.visit is not None:
        return subject.visit.filed_at
    if subject.slug != "tiep-nhan" or subject.file.channel not in online.CHANNELS:
        return None
    row = getattr(subject.file, "online", None)
    return row.filed_at if row is not None else None


def _office(subject: Subject) -> Office:
    """The head: of the agency that handles for what that agency signs, else of the counter."""
    dossier = subject.dossier
    if dossier is None:
        return office_of(subject.agency)
    if registry.slip_kinds()[subject.slug].by_handler:
        return office_of_document(subject.handler)
    # The receiving transaction has the counter at hand.
    return office_of(
        subject.agency, dossier.holder_department if subject.papers is not None else None
    )


def content_of(dossier: Dossier) -> str:
    """What is asked for: the procedure's name, the text it is received under while nobody published
    it, the case when it has one, and the clerk's words.
    """
    version = dossier.version
    under = f"theo {version.text_instead}" if version.text_instead else ""
    parts = [version.name, under, dossier.case.name, dossier.summary]
    return " – ".join(part for part in parts if part)


def fee_words(amount: int | None) -> str:
    """As the slip says it: "Miễn phí" for nothing; empty when it is not known."""
    return "Miễn phí" if amount == 0 else money(amount)


def receipt(subject: Subject) -> SlipContext:
    dossier, shared = subject.file, common(subject)
    papers: Iterable[DossierPaper]
    if subject.papers is not None:  # the first one, inside the receiving transaction
        papers, brought_by, shortened = subject.papers, subject.brought_by, subject.shortened
        earlier = first = completed_at = None
    else:
        papers = dossier.papers.brought().select_related("paper")
        brought_by = Submitter.objects.filter(dossier=dossier).first()
        shortened = words_for(dossier)
        earlier, first = _replaced(subject), _first_appointment(dossier)
        completed_at = _completed_at(subject)
    return Receipt(
        **shared,
        content=content_of(dossier),
        received_at=dossier.received_at,
        term=dossier.term,
        shortened=shortened,
        submitter=Person(
            name=brought_by.name, phone=brought_by.phone, identity=brought_by.identity_number
        )
        if brought_by
        else None,
        authorisation=brought_by.authorisation if brought_by else "",
        papers=tuple(
            PaperLine(
                name=unnumbered(p.name),
                originals=p.originals,
                certified=p.certified,
                copies=p.copies,
                note="Lấy từ cơ sở dữ liệu" if p.from_database else "",
            )
            for p in papers
        ),
        sets=dossier.sets,
        received_for=subject.handler.name if dossier.awaits_agency else "",
        mobile_at=away.place if (away := elsewhere_of(dossier)) is not None else "",
        first=first,
        promised_at=dossier.due_at,
        provisional=dossier.provisional,
        undetermined=dossier.undetermined,
        result_at=result_place(dossier, shared["office"]),
        fee=fee_words(dossier.fee_amount),
        volume=dossier.register_volume,
        register_number=dossier.register_number,
        replaces=in_full(earlier) if earlier else "",
        completed_at=completed_at,
        pay=None
        if subject.is_paid
        else transfer_for(dossier, subject.counter.pk, timezone.localdate(subject.at)),
    )


def _replaced(subject: Subject) -> Slip | None:
    """The slip of its kind that a later one replaces: the last one before it that stands."""
    valid = Slip.objects.standing().filter(dossier=subject.file, slug=subject.slug)
    if subject.row is not None:
        valid = valid.filter(pk__lt=subject.row.pk)
    return valid.order_by("-id").first()


def in_full(slip: Slip) -> str:
    """An earlier slip as a later one names it: title, number, day."""
    form = form_on(slip.slug, timezone.localdate(slip.made_at))
    return f"{form.title.capitalize()} số {form.serial.format(n=slip.number)} {day_words(slip.made_at)}"


def _completed_at(subject: Subject) -> datetime | None:
    """When everything was there, after a completion from which the term counts anew (R-36, R-47)."""
    done = ClockChange.objects.standing().filter(
        dossier=subject.file, kind=ClockKind.RESTART, end__lte=subject.at
    )
    return done.order_by("-end").values_list("end", flat=True).first()


def result_place(dossier: Dossier, office: Office) -> str:
    return (
        BY_POST
        if dossier.return_by_post
        else ", ".join(part for part in (office.desk, office.address) if part)
    )


def supplement_request(subject: Subject) -> SlipContext:
    shared = common(subject)
    if subject.visit is None:
        row: Supplement = subject.about
        return SupplementRequest(
            **shared,
            content=content_of(subject.file),
            items=_lines(row.items),
            reason=row.reason,
            contact=subject.by.full_name,
            contact_phone=subject.by.phone or subject.agency.phone,
            respond_by=row.respond_by,
            earlier=_earlier(rounds.before(subject.file, row) if row.round > 1 else ()),
        )
    return SupplementRequest(
        **shared,
        content=subject.visit.version.name,
        items=_lines(subject.visit.items),
        reason=subject.visit.reason,
        contact=subject.by.full_name,
        contact_phone=subject.by.phone or subject.agency.phone,
        earlier=_earlier(_of_matter(subject.visit, subject.at)),
    )


def _of_matter(visit: CounterVisit, at: datetime) -> list[rounds.Round]:
    """Guidance in the same matter before this visit; asked for only where it is one more."""
    if visit.approver_id is None:
        return []
    found = matters.guided_before(
        name=visit.owner_name,
        identity=visit.identity_number,
        phone=visit.phone,
        agency=visit.agency,
        procedure_id=visit.version.procedure_id,
        at=at,
        code=visit.source_code,
    )
    return [rounds.of_visit(row) for row in found if row.pk < visit.pk]


def _earlier(found: Iterable[rounds.Round]) -> tuple[EarlierRequest, ...]:
    return tuple(
        EarlierRequest(
            asked_at=one.at,
            items=_lines(one.lines),
            reason=one.reason,
            completed_at=one.completed_at,
        )
        for one in found
    )


def _lines(items: Sequence[Mapping[str, Any]]) -> tuple[WantedLine, ...]:
    return tuple(WantedLine(name=line["name"], note=line["note"]) for line in items)


def refusal(subject: Subject) -> SlipContext:
    if subject.visit is None:
        result: Result = subject.about
        shared = common(subject)
        form = replace(shared["form"], title=REFUSED_AFTER_APPRAISAL)
        signed = signed_by(subject, result.signer)
        return Refusal(
            **shared | {"form": form},
            content=content_of(subject.file),
            reason=result.reason,
            signed=signed,
        )
    return Refusal(
        **common(subject), content=subject.visit.version.name, reason=subject.visit.reason
    )


def apology(subject: Subject) -> SlipContext:
    change: ClockChange = subject.about
    dossier = subject.file
    shared = common(subject)
    received_by, signed = office_of(subject.counter), signed_by(subject)
    return Apology(
        **shared,
        content=content_of(dossier),
        received_at=dossier.received_at,
        reason=change.basis,
        promised_at=change.due_before,
        new_promise_at=dossier.due_at,
        unit=subject.handler.name,
        result_at=result_place(dossier, received_by),
        received_by=received_by.desk_name,
        signer=signed.name,
        capacity=signed.capacity,
        recipients=recipients(dossier, subject.by, handler=subject.handler, desk=received_by),
        late=subject.was_late,
    )


def signed_by(subject: Subject, named: str = "") -> Signer:
    """Who signs for the agency that handles: whom the act chose or named, else its usual signer."""
    agency = subject.handler
    if subject.signer is not None:
        return signer_of(subject.signer, agency)
    if named.strip():
        return signer_named(named, signers(subject.file, subject.by, subject.at), agency)
    return signer_of(usual_signer(subject.file, subject.by, subject.at), agency)


def signers(dossier: Dossier, by: Officer, at: datetime) -> QuerySet[Officer]:
    """Who may sign a document of the office: the leaders of the agency that handles the dossier;
    where it has none, who acts.
    """
    on = timezone.localdate(at)
    handler = dossier.agency.in_charge(on)
    leaders = Officer.objects.with_role(Role.LEADER, handler.pk, on).order_by("pk")
    return leaders if leaders.exists() else Officer.objects.filter(pk=by.pk)


def check_signer(signer: Officer | None, dossier: Dossier, by: Officer, at: datetime) -> None:
    """Errors: DomainError("signer_not_leader") for whoever leads not the agency that handles it."""
    if signer is not None and not signers(dossier, by, at).filter(pk=signer.pk).exists():
        raise DomainError("signer_not_leader", field="signer")


def usual_signer(dossier: Dossier, by: Officer, at: datetime) -> Officer:
    """The leader who acts, else the first leader of the agency."""
    found = list(signers(dossier, by, at))
    return by if by in found else found[0]


def stop_notice(subject: Subject) -> SlipContext:
    ending: Ending = subject.about
    received_by, signed = office_of(subject.counter), signed_by(subject, ending.signer)
    return StopNotice(
        **common(subject),
        content=content_of(subject.file),
        received_at=subject.file.received_at,
        requested_by=ending.requested_by,
        requested_at=ending.requested_at,
        reason=ending.reason,
        stage=ending.stage,
        decision=ending.decision_number,
        fee_consequence=ending.fee_consequence,
        signer=signed.name,
        capacity=signed.capacity,
        recipients=recipients(subject.file, subject.by, handler=subject.handler, desk=received_by),
        received_by=received_by.desk_name,
    )


def control_sheet_of(subject: Subject) -> SlipContext:
    from dossiers.desk import legs_on_sheet
    from dossiers.desk.consulted import asked_of, partners, sheet_lines
    from dossiers.desk.excluded import excluded_times
    from dossiers.desk.legs import legs_of
    from dossiers.desk.timeline import control_sheet

    dossier = subject.file
    asked, legs = asked_of(dossier), list(legs_of(dossier.pk))
    return ControlSheet(
        **common(subject),
        content=content_of(dossier),
        received_at=dossier.received_at,
        handler=subject.handler.name,
        promised_at=dossier.due_at,
        provisional=dossier.provisional,
        undetermined=dossier.undetermined,
        volume=dossier.register_volume,
        register_number=dossier.register_number,
        appointments=_appointments(dossier),
        partners=legs_on_sheet.partners(legs, partners(asked)),
        opinions=(*legs_on_sheet.legs_on_sheet(legs), *sheet_lines(asked, subject.at)),
        blocks=tuple(HandOverBlock(**asdict(block)) for block in control_sheet(dossier)),
        waits=tuple(
            WaitLine(what=one.what, since=one.since, until=one.until)
            for one in excluded_times(dossier)
        ),
    )


def _step_of(dossier: Dossier) -> StepAppointment | None:
    """The call to a step before the result that holds: the last one. One query."""
    return StepAppointment.objects.standing().filter(dossier=dossier).order_by("-id").first()


def _first_appointment(dossier: Dossier) -> Appointment | None:
    row = _step_of(dossier)
    return Appointment(what=row.what, meet_at=row.meet_at, place=row.place) if row else None


def _appointments(dossier: Dossier) -> tuple[str, ...]:
    """The same as the control sheet says it."""
    row = _step_of(dossier)
    return (f"Hẹn lần 1 ({row.what}): {vn_datetime(row.meet_at)}, tại {row.place}",) if row else ()
