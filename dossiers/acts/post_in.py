"""Dossiers that come by post (R-38, R-119): a Biên bản giao nhận lists them, prepared by the postman or
typed by the counter, signed by both. Its signing is when each of them was received; the intake of a
line takes that hour and the line says which dossier came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dossiers import rules
from dossiers.acts.post_out import AT_POST, Postman, check_postman, minutes
from dossiers.models import Dossier
from dossiers.models.post import PostalLine, PostalNote, letter_number
from onestop.accounts.models import Agency
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Answer, Denied
from procedures.channels import Channel
from procedures.domain.posted import BY_POST
from procedures.listed import listed
from procedures.models import Procedure, ProcedureVersion

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Lines of one minutes.
MOST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier as its phiếu gửi says. `what`: the code of a procedure or of an online dossier;
    `difference`: what is missing or other than it says, "" where all is there.
    """

    number: str
    sender: str
    what: str
    phone: str = ""
    papers: str = ""
    difference: str = ""
    # Its row in the table as it was typed; 0: as it stands in the list.
    place: int = 0


def may_prepare(desk: Desk, agency_id: int) -> Answer:
    return ALLOWED if desk.has(*AT_POST, agency_id=agency_id) else Denied("post_role")


def prepare(
    agency: Agency, lines: Sequence[Line], from_whom: Postman, *, by: Desk, at: datetime
) -> PostalNote:
    """List what the post brought. Effects: the minutes under the next number, not signed, its lines.

    Errors: DomainError("post_role", "post_office", "post_postman", "post_lines", "post_line_twice",
    "post_line_short", "post_line_what", "post_line_procedure", "post_line_not_by_post").
    """
    require(may_prepare(by, agency.pk))
    check_postman(from_whom)
    if not lines:
        raise DomainError("post_lines")
    on = timezone.localdate(at)
    found = _as_listed(agency, _procedures(lines, on), on)
    rows = [_row(line, place, found) for place, line in enumerate(lines, start=1)]
    numbers = [row.number for row in rows]
    if twice := next((one for one in numbers if numbers.count(one) > 1), None):
        raise DomainError("post_line_twice", number=twice)
    with transaction.atomic():
        note = minutes(agency, PostalNote.Way.IN, from_whom, by=by, at=at)
        for row in rows:
            row.note = note
        add_all(PostalLine, rows)
    return note


def _procedures(lines: Sequence[Line], on: date) -> dict[str, tuple[Procedure, bool]]:
    """Those in force by their codes, with whether they are done by post (R-122). One query."""
    codes = {line.what.strip() for line in lines}
    versions = ProcedureVersion.objects.in_force(on).filter(procedure__code__in=codes)
    rows = versions.select_related("procedure").annotate(by_post=BY_POST)
    found = rows.order_by("effective_from", "number")
    return {row.procedure.code: (row.procedure, row.by_post) for row in found}


def _as_listed(
    agency: Agency, found: dict[str, tuple[Procedure, bool]], on: date
) -> dict[str, tuple[Procedure, bool]]:
    """As the lists in force at this counter say of them, whom the intake asks too. One query at most,
    and one for each that is not published yet.
    """
    if not found:
        return found
    says = listed(agency, on, [procedure.pk for procedure, _ in found.values()])
    return {
        code: (one, by_post and bool(says.answer(one.pk, code=code, channel=Channel.POST)))
        for code, (one, by_post) in found.items()
    }


def _row(line: Line, place: int, found: dict[str, tuple[Procedure, bool]]) -> PostalLine:
    number, what = letter_number(line.number), line.what.strip()
    said = line.place or place
    if not number or not line.sender.strip():
        raise DomainError("post_line_short", line=said)
    if not what:
        raise DomainError("post_line_what", line=said)
    procedure, by_post = found.get(what, (None, True))
    # Codes of online dossiers are written with dashes, those of procedures never.
    if procedure is None and "-" not in what:
        raise DomainError("post_line_procedure", line=said, procedure=what)
    if not by_post:
        raise DomainError("post_line_not_by_post", line=said, procedure=what)
    return PostalLine(
        position=place,
        number=number,
        sender=line.sender.strip(),
        phone=line.phone.strip(),
        procedure=procedure,
        code="" if procedure is not None else what,
        papers=line.papers.strip(),
        complete=not line.difference.strip(),
        difference=line.difference.strip(),
    )


def sign(pk: int, *, by: Desk, at: datetime) -> PostalNote:
    """The counter signs with the postman: what it lists counts as received at this minute (R-38).
    Errors: DomainError("post_note_gone", "not_your_counter").
    """
    with transaction.atomic():
        note = _open(pk)
        if not rules.stands_at(by, note.agency_id):
            require(Denied("not_your_counter"))
        note.signed_by, note.signed_at = by.officer, at.replace(second=0, microsecond=0)
        note.save(update_fields=["signed_by", "signed_at"])
    return note


def end(pk: int, *, by: Desk, at: datetime) -> PostalNote:
    """It was listed wrongly: nothing was received by it; its number stays. Errors:
    DomainError("post_note_gone", "post_role").
    """
    with transaction.atomic():
        note = _open(pk)
        require(may_prepare(by, note.agency_id))
        note.ended_at = at
        note.save(update_fields=["ended_at"])
    return note


def _open(pk: int) -> PostalNote:
    notes = PostalNote.objects.select_for_update(no_key=True)
    note = notes.filter(pk=pk, way=PostalNote.Way.IN, signed_at=None, ended_at=None).first()
    if note is None:
        raise DomainError("post_note_gone")
    return note


def received(pk: int, dossier: Dossier) -> PostalLine:
    """The dossier that came of a line, inside the transaction that receives it; again where the one
    before it was received by mistake. Errors: DomainError("post_line_gone", "post_line_other").
    """
    lines = PostalLine.objects.select_for_update(of=("self",), no_key=True).select_related("note")
    free = lines.filter(PostalLine.IS_FREE, note__agency=dossier.received_by_agency_id)
    line = free.filter(pk=pk).first()
    if line is None or line.note.signed_at is None:
        raise DomainError("post_line_gone")
    is_same = line.procedure_id in (None, dossier.version.procedure_id)
    signed = line.note.signed_at
    # What lacked something counts from when it was whole.
    fits = dossier.received_at == signed if line.complete else dossier.received_at >= signed
    if not fits or not is_same:
        raise DomainError("post_line_other", field="post_at")
    line.dossier = dossier
    line.save(update_fields=["dossier"])
    return line
