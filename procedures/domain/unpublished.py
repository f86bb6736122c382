"""A procedure that is not published yet: entered with the text that creates it, watched, moved under
the published one by hand. Dossiers keep what they were received under (R-74).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from onestop.files import kinds
from onestop.files.domain import attach, keep
from onestop.files.models import Attachment
from onestop.once import once
from procedures.channels import Channel
from procedures.domain.publishing import end_by_decision
from procedures.domain.telling import ring_controllers, tell_controllers
from procedures.hooks import procedures_ended
from procedures.models import (
    Case,
    CounterKind,
    Field,
    Kind,
    Method,
    Paper,
    Procedure,
    ProcedureVersion,
    Status,
    Unpublished,
    VersionSource,
)
from procedures.models.catalogue import UNPUBLISHED_CODE, UNPUBLISHED_MARK
from procedures.models.unpublished import is_code_of_unpublished, places_of
from procedures.reading import CaseRecord, MethodRecord, PaperRecord, ProcedureRecord
from procedures.searching import initials, search_text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TEXT = "unpublished"
# Whoever answers for the publication is reminded so often.
REMINDED_EVERY = 30


@dataclass(frozen=True, slots=True)
class PaperIn:
    name: str
    originals: int = 1
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What a controller says of the procedure, as the text has it. `term`: canonical text."""

    name: str
    field: Field
    basis: str
    title: str
    issuer: str
    issued_on: date
    effective_on: date
    term: str
    fee: int
    channels: Sequence[Channel]
    counters: Sequence[CounterKind]
    papers: Sequence[PaperIn]
    result: str = ""


def enter(
    entry: Entry, *, text: UploadedFile[Any], agency: Agency, by: Officer, at: datetime
) -> Unpublished:
    """Received from the text's day on, at the named kinds of counters. Effects: a procedure with a
    code of ours, its version with case, ways and papers, the attached text; controllers are told.
    Errors: DomainError("procedures.effective_before_signed", "text_not_pdf", "import_conflict"),
    those of onestop.files.
    """
    if entry.effective_on < entry.issued_on:
        raise DomainError("procedures.effective_before_signed", field="effective_on")
    kept = keep(text, name=text.name or "")
    if kept.content_type != kinds.PDF:
        raise DomainError("procedures.text_not_pdf", field="file", name=kept.name)
    # Two who enter at one instant would give one code twice.
    with once(DomainError("procedures.import_conflict")):
        number = Procedure.objects.filter(code__startswith=UNPUBLISHED_CODE).count() + 1
        procedure = Procedure.objects.create(code=f"{UNPUBLISHED_CODE}{number:04}")
        version = _version(entry, procedure)
        row = Unpublished.objects.create(
            procedure=procedure, agency=agency, basis=entry.basis, title=entry.title,
            issuer=entry.issuer, issued_on=entry.issued_on, effective_on=entry.effective_on,
            entered_at=at, entered_by=by, **places_of(entry.counters),
        )  # fmt: skip
        attach(kept, kind=TEXT, object_id=row.pk, by=by, at=at)
        about = {"row": row, "version": version}
        tell_controllers(
            "unpublished_entered", key=f"{TEXT}:{row.pk}", link=page_of(row), by=by, at=at, **about
        )
    return row


def _version(entry: Entry, procedure: Procedure) -> ProcedureVersion:
    """The mark is a part of the name: whatever shows what was received shows it."""
    record = _record(entry, procedure.code)
    version = ProcedureVersion.objects.create(
        procedure=procedure, number=1, name=record.name, field=entry.field, kind=Kind.NEW,
        decision_number=entry.basis, decision_signed=entry.issued_on, status=Status.READY,
        effective_from=entry.effective_on,
        results=[{"name": name, "code": code} for name, code in record.results],
        legal=list(record.legal), post_allowed=Channel.POST in entry.channels,
        content_hash=record.content_hash(),
        search_text=search_text(procedure.code, entry.name, entry.field.name),
        initials=initials(entry.name),
    )  # fmt: skip
    VersionSource.objects.create(version=version, content=record.canonical())
    case = Case.objects.create(version=version)
    for channel in entry.channels:
        Method.objects.create(
            case=case, channel=channel, term=entry.term, term_text=entry.term,
            fee_amount=entry.fee, fee_text=_fee_text(entry.fee),
        )  # fmt: skip
    for order, paper in enumerate(entry.papers, start=1):
        Paper.objects.create(
            case=case, order=order, name=paper.name, originals=paper.originals, copies=paper.copies
        )
    return version


def _fee_text(fee: int) -> str:
    return f"{fee} đồng" if fee else "Miễn phí"


def _record(entry: Entry, code: str) -> ProcedureRecord:
    """What was entered as the national database would say it, to compare the next version with."""
    methods = tuple(
        MethodRecord(int(channel), entry.term, _fee_text(entry.fee), "")
        for channel in sorted(entry.channels)
    )
    return ProcedureRecord(
        code=code, name=f"{UNPUBLISHED_MARK}{entry.name}", field=entry.field.name, levels="",
        nature="", decision_number=entry.basis, applicants="", agency_executing="",
        agency_authority="", agency_coordinating="", receiving_address="",
        results=((entry.result, ""),) if entry.result else (), legal=(entry.basis,),
        cases=(CaseRecord(1, "", methods),),
        papers=tuple(
            PaperRecord("", one.name, one.originals, one.copies, is_note=False)
            for one in entry.papers
        ),
    )  # fmt: skip


def move(
    row: Unpublished, *, code: str, decision: str, signed: date, by: Officer, at: datetime
) -> Unpublished:
    """Published by now: from today on it is received under the published code. What was received
    stays under the text. Errors: DomainError("procedures.unpublished_moved",
    "unpublished_target", "unpublished_waits"), those of end_by_decision.
    """
    on = timezone.localdate(at)
    target = ProcedureVersion.objects.in_force(on).filter(procedure__code=code)
    published = target.select_related("procedure").order_by("-number").first()
    if published is None or is_code_of_unpublished(code):
        raise DomainError("procedures.unpublished_target", field="code", procedure=code)
    if published.status != Status.READY:
        raise DomainError("procedures.unpublished_waits", field="code", procedure=code)
    with transaction.atomic():
        mine = Unpublished.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if mine.published_as_id is not None:
            raise DomainError("procedures.unpublished_moved")
        newest = ProcedureVersion.objects.newest().get(procedure=mine.procedure_id)
        gone = end_by_decision(
            newest.pk, decision=decision, signed=signed, effective=max(on, newest.effective_from),
            by=by, at=at, also={"published_as": code},
        )  # fmt: skip
        mine.published_as, mine.published_by_decision = published.procedure, decision.strip()
        mine.published_at, mine.published_by = at, by
        mine.save(
            update_fields=["published_as", "published_by_decision", "published_at", "published_by"]
        )
        procedures_ended.send(
            sender=None, codes={gone.procedure.code}, on=gone.effective_from, at=at
        )
        about = {"version": gone, "published": published, "decision": decision}
        tell_controllers(
            "unpublished_moved", key=f"{TEXT}-moved:{row.pk}", link=page_of(row), by=by, at=at,
            **about,
        )  # fmt: skip
    return mine


def remind(now: datetime) -> int:
    """Rings the controllers of what still waits for its publication, each after every thirtieth day;
    how many. Any number of runs on a day tell once.
    """
    on = timezone.localdate(now)
    told = 0
    ended = ProcedureVersion.objects.newest().filter(kind=Kind.ABOLISHED).values("procedure")
    for row in Unpublished.objects.waiting().exclude(procedure__in=ended).order_by("pk"):
        days = row.days_waiting(on)
        if days >= REMINDED_EVERY:
            key = f"{TEXT}-waits:{row.pk}:{days // REMINDED_EVERY}"
            about = {"row": row, "days": days}
            ring_controllers("unpublished_waits", key=key, link=page_of(row), at=now, **about)
            told += 1
    return told


def text_of(row: Unpublished) -> Attachment | None:
    return Attachment.objects.of(TEXT, row.pk).first()


def page_of(row: Unpublished) -> str:
    return reverse("procedures:unpublished", args=[row.pk])
