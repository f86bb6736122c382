"""From rows to the frozen snapshot of a slip: one builder a form, each filling the form's context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.models import (
    ClockChange,
    ClockKind,
    CounterVisit,
    Dossier,
    DossierPaper,
    Ending,
    PaymentRequest,
    Result,
    Slip,
    Submitter,
    Supplement,
)
from dossiers.slips import form_on
from dossiers.slips.contexts import (
    Apology,
    ControlSheet,
    FormFacts,
    HandOverBlock,
    Office,
    PaperLine,
    PaymentNotice,
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
from dossiers.slips.words import day_words
from onestop.accounts.models import Agency, Officer, Role
from onestop.templatetags.formatting import money

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
    supplement: Supplement | None = None
    result: Result | None = None
    ending: Ending | None = None
    payment: PaymentRequest | None = None
    change: ClockChange | None = None
    signer: Officer | None = None
    was_late: bool | None = None
    # What the receiving transaction has just written: then neither is asked for again.
    papers: Sequence[DossierPaper] | None = None
    brought_by: Submitter | None = None
    # A slip that has its row already: those before it are the earlier ones.
    row: Slip | None = None

    @property
    def file(self) -> Dossier:
        assert self.dossier is not None
        return self.dossier


def snapshot(subject: Subject) -> dict[str, Any]:
    """Everything the slip shows, as JSON; the look-up secret stays out of it."""
    return _BUILDERS[subject.slug](subject).to_dict()


def _common(subject: Subject) -> dict[str, Any]:
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
        "code": subject.dossier.code if subject.dossier else "",
        "owner": owner_of(about),
    }


def _office(subject: Subject) -> Office:
    """The head: of the agency that handles for what that agency signs, else of the counter."""
    dossier = subject.dossier
    if dossier is None:
        return office_of(subject.agency)
    if signed_by_handler(subject.slug, subject.result):
        return office_of_document(dossier.agency)
    # The receiving transaction has the counter at hand.
    return office_of(
        subject.agency, dossier.holder_department if subject.papers is not None else None
    )


def signed_by_handler(slug: str, result: Result | None) -> bool:
    """Whether the agency that handles the dossier signs: apology, stop, refusal after appraisal
    (R-52, R-65, R-71).
    """
    return slug in ("xin-loi", "dung") or (slug == "tu-choi" and result is not None)


def content_of(dossier: Dossier) -> str:
    """What is asked for: the procedure's name, the case when it has one, and the clerk's words."""
    parts = [dossier.version.name, dossier.case.name, dossier.summary]
    return " – ".join(part for part in parts if part)


def fee_words(amount: int | None) -> str:
    """As the slip says it: "Miễn phí" for nothing; empty when it is not known."""
    return "Miễn phí" if amount == 0 else money(amount)


def _receipt(subject: Subject) -> SlipContext:
    dossier = subject.file
    papers = subject.papers if subject.papers is not None else list(dossier.papers.all())
    brought_by = (
        subject.brought_by
        if subject.papers is not None
        else Submitter.objects.filter(dossier=dossier).first()
    )
    common = _common(subject)
    # A slip after completion replaces the first one; the first slip of a dossier is made in the
    # receiving transaction.
    valid = Slip.objects.standing().filter(dossier=dossier, slug=subject.slug).order_by("-id")
    if subject.row is not None:
        valid = valid.filter(pk__lt=subject.row.pk)
    earlier = valid.first() if subject.papers is None else None
    return Receipt(
        **common,
        content=content_of(dossier),
        received_at=dossier.received_at,
        term=dossier.term,
        submitter=Person(
            name=brought_by.name, phone=brought_by.phone, identity=brought_by.identity_number
        )
        if brought_by
        else None,
        authorisation=brought_by.authorisation if brought_by else "",
        papers=tuple(
            PaperLine(
                name=p.name,
                originals=p.originals,
                certified=p.certified,
                copies=p.copies,
                note="Lấy từ cơ sở dữ liệu" if p.from_database else "",
            )
            for p in papers
        ),
        sets=dossier.sets,
        promised_at=dossier.due_at,
        provisional=dossier.provisional,
        undetermined=dossier.undetermined,
        result_at=result_place(dossier, common["office"]),
        fee=fee_words(dossier.fee_amount),
        volume=dossier.register_volume,
        register_number=dossier.register_number,
        replaces=_in_full(earlier) if earlier else "",
        completed_at=_completed_at(subject) if subject.papers is None else None,
    )


def _in_full(slip: Slip) -> str:
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


def _supplement(subject: Subject) -> SlipContext:
    common = _common(subject)
    if subject.supplement is not None:
        return SupplementRequest(
            **common,
            content=content_of(subject.file),
            items=_lines(subject.supplement.items),
            reason=subject.supplement.reason,
            contact=subject.by.full_name,
            contact_phone=subject.by.phone or subject.agency.phone,
            respond_by=subject.supplement.respond_by,
        )
    assert subject.visit is not None
    return SupplementRequest(
        **common,
        content=subject.visit.version.name,
        items=_lines(subject.visit.items),
        reason=subject.visit.reason,
        contact=subject.by.full_name,
        contact_phone=subject.by.phone or subject.agency.phone,
    )


def _lines(items: Sequence[dict[str, Any]]) -> tuple[WantedLine, ...]:
    return tuple(WantedLine(name=line["name"], note=line["note"]) for line in items)


def _refusal(subject: Subject) -> SlipContext:
    if subject.result is not None:
        common = _common(subject)
        form = replace(common["form"], title=REFUSED_AFTER_APPRAISAL)
        signed = _signer(subject, subject.result.signer)
        return Refusal(
            **common | {"form": form},
            content=content_of(subject.file),
            reason=subject.result.reason,
            signed=signed,
        )
    assert subject.visit is not None
    return Refusal(
        **_common(subject), content=subject.visit.version.name, reason=subject.visit.reason
    )


def _apology(subject: Subject) -> SlipContext:
    assert subject.change is not None
    dossier = subject.file
    common = _common(subject)
    received_by, signed = office_of(dossier.received_by_agency), _signer(subject)
    return Apology(
        **common,
        content=content_of(dossier),
        received_at=dossier.received_at,
        reason=subject.change.basis,
        promised_at=subject.change.due_before,
        new_promise_at=dossier.due_at,
        unit=dossier.agency.name,
        result_at=result_place(dossier, received_by),
        received_by=received_by.desk_name,
        signer=signed.name,
        capacity=signed.capacity,
        recipients=recipients(dossier, subject.by),
        late=subject.was_late,
    )


def _signer(subject: Subject, named: str = "") -> Signer:
    """Who signs for the agency that handles: whom the act chose or named, else its usual signer."""
    agency = subject.file.agency
    if subject.signer is not None:
        return signer_of(subject.signer, agency)
    if named.strip():
        return signer_named(named, signers(subject.file, subject.by, subject.at), agency)
    return signer_of(usual_signer(subject.file, subject.by, subject.at), agency)


def signers(dossier: Dossier, by: Officer, at: datetime) -> QuerySet[Officer]:
    """Who may sign a document of the office: the leaders of the agency that handles the dossier;
    where it has none, who acts.
    """
    leaders = Officer.objects.with_role(
        Role.LEADER, dossier.agency_id, timezone.localdate(at)
    ).order_by("pk")
    return leaders if leaders.exists() else Officer.objects.filter(pk=by.pk)


def usual_signer(dossier: Dossier, by: Officer, at: datetime) -> Officer:
    """The leader who acts, else the first leader of the agency."""
    found = list(signers(dossier, by, at))
    return by if by in found else found[0]


def _stop(subject: Subject) -> SlipContext:
    assert subject.ending is not None
    ending, signed = subject.ending, _signer(subject, subject.ending.signer)
    return StopNotice(
        **_common(subject),
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
        recipients=recipients(subject.file, subject.by),
        received_by=office_of(subject.file.received_by_agency).desk_name,
    )


def _payment(subject: Subject) -> SlipContext:
    assert subject.payment is not None
    row = subject.payment
    assert row.pay_by is not None
    return PaymentNotice(
        **_common(subject),
        content=content_of(subject.file),
        received_at=subject.file.received_at,
        obligation=row.content,
        amount=row.amount,
        legal_basis=row.legal_basis,
        determined_by=row.determined_by,
        pay_by=row.pay_by,
        contact_phone=subject.by.phone or subject.agency.phone,
    )


def _control_sheet(subject: Subject) -> SlipContext:
    from dossiers.desk.timeline import control_sheet

    dossier = subject.file
    return ControlSheet(
        **_common(subject),
        content=content_of(dossier),
        received_at=dossier.received_at,
        handler=dossier.agency.name,
        promised_at=dossier.due_at,
        provisional=dossier.provisional,
        undetermined=dossier.undetermined,
        volume=dossier.register_volume,
        register_number=dossier.register_number,
        blocks=tuple(
            HandOverBlock(
                giver_unit=block.giver_unit,
                receiver_unit=block.receiver_unit,
                given_at=block.given_at,
                giver=block.giver,
                receiver=block.receiver,
                confirmed_at=block.confirmed_at,
                outcome=block.outcome,
                note=block.note,
            )
            for block in control_sheet(dossier)
        ),
    )


_BUILDERS: dict[str, Callable[[Subject], SlipContext]] = {
    "tiep-nhan": _receipt,
    "bo-sung": _supplement,
    "tu-choi": _refusal,
    "xin-loi": _apology,
    "dung": _stop,
    "nghia-vu": _payment,
    "kiem-soat": _control_sheet,
}
