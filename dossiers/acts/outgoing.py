"""The văn thư gives a signed document of the office its number and date in the register of outgoing
documents, and stamps it: letters that acts have made, and results that have no number of a
procedure of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dossiers import registry, rules
from dossiers.acts.many import Done, Seen, together
from dossiers.acts.results import ResultIn, write_down
from dossiers.intake import codes
from dossiers.ledger import writer
from dossiers.models import Dossier, Result, Slip
from dossiers.models.outgoing import OutgoingDocument
from dossiers.registry import Act, Page, Rows, Told, Turn, own_page, register
from dossiers.route import approving, route_of
from dossiers.route.way import approves
from dossiers.slips import numbering
from dossiers.states import ENDED, FROM_OPEN, FROM_WORKING, State
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_date

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# What waits longer was numbered on paper, or never sent.
WAITS_DAYS = 60
DOCUMENTS = frozenset({Role.DOCUMENTS})


def is_documents(desk: Desk, dossier: Dossier) -> Answer:
    """The văn thư of the agency that handles it: the head of the document is its own."""
    mine = desk.has(Role.DOCUMENTS, agency_id=dossier.agency_id)
    return ALLOWED if mine else Denied("not_documents")


def _may_number_result(desk: Desk, dossier: Dossier) -> Answer:
    answer = is_documents(desk, dossier)
    return rules.may_work(desk, dossier) if answer == ALLOWED else answer


OUTGOING = Rows("outgoing", ("symbol", "issued_on", "subject", "signer", "slip_id", "numbered_at"))


def _numbered(told: Told) -> Iterator[str]:
    if told.row is None and told.data.get("own"):
        yield "Số theo sổ riêng của thủ tục"
    if (row := told.row) is not None:
        signed = f", {row['signer']} ký" if row["signer"] else ""
        yield f"Số {row['symbol']} ngày {vn_date(row['issued_on'])}{signed}"
        yield row["subject"]


def _numbers_result(turn: Turn) -> int:
    return 2 if turn.is_working and turn.is_draft and not turn.is_submitted else 0


NUMBER_LETTER = register(
    Act(
        "number_letter", "Cấp số, đóng dấu văn bản", 46, FROM_OPEN | ENDED, None, DOCUMENTS, is_documents,
        told_by=OUTGOING, lines=_numbered,
    )
)  # fmt: skip
NUMBER_RESULT = register(
    Act(
        "number_result", "Cấp số, đóng dấu kết quả", 39, FROM_WORKING, None, DOCUMENTS, _may_number_result,
        told_by=OUTGOING, lines=_numbered,
        page=Page("stamp", own_page("act_number_result"), main=_numbers_result),
    )
)  # fmt: skip


def kinds_of_letters() -> dict[str, str]:
    """The slips that are documents of the office, by slug, with the kind of their register."""
    kinds = registry.slip_kinds().values()
    return {kind.slug: kind.outgoing for kind in kinds if kind.outgoing}


def waiting_letters(agency_ids: Sequence[int], now: datetime) -> QuerySet[Slip]:
    """Letters of these agencies that have no number yet, oldest first. A form in A5 of an earlier
    set is numbered by itself.
    """
    since = now - timedelta(days=WAITS_DAYS)
    rows = Slip.objects.standing().filter(
        agency__in=agency_ids, slug__in=kinds_of_letters(), year__gte=since.year, made_at__gte=since
    )
    numbered = OutgoingDocument.objects.standing().filter(slip__isnull=False).values("slip")
    return (
        rows.exclude(pk__in=numbered).select_related("dossier", "agency").order_by("made_at", "pk")
    )


def number_letters(
    slips: Sequence[int], *, by: Desk, at: datetime, press: UUID | None = None
) -> list[Done]:
    """Give each of these letters the next number of its register; one transaction, what is refused
    is reported.

    Effects a letter: counter, line of the register, event. Errors of one: "not_documents",
    "letter_gone", "letter_numbered".
    """
    found = Slip.objects.filter(pk__in=slips, dossier__isnull=False)
    kinds = kinds_of_letters()
    of: dict[int, list[Slip]] = defaultdict(list)
    # Counters are taken in one order, whoever presses.
    rows = [slip for slip in found if slip.slug in kinds]
    for slip in sorted(rows, key=lambda one: (kinds[one.slug], one.agency_id, one.pk)):
        of[slip.dossier_id or 0].append(slip)

    def verb(life: writer.Life) -> None:
        for slip in of[life.dossier.pk]:
            _number_letter(life, slip, kinds[slip.slug])

    return together([Seen(pk) for pk in of], verb, by=by, at=at, press=press)


def _number_letter(life: writer.Life, slip: Slip, kind: str) -> None:
    life.check("number_letter")
    if slip.undone_at is not None:
        raise DomainError("letter_gone")
    life.alone()
    if OutgoingDocument.objects.standing().filter(slip=slip).exists():
        raise DomainError("letter_numbered")
    name, owner = registry.slip_names()[slip.slug], life.dossier.owner_name
    row = _entered(
        life,
        kind,
        slip.agency,
        issued_on=timezone.localdate(life.at),
        subject=f"{name}, hồ sơ {life.dossier.code}",
        recipient=owner,
        signer=str(slip.snapshot.get("signer", "")),
        slip=slip,
    )
    life.record("number_letter", {"row": row.pk, "slip": slip.pk})


def _entered(
    life: writer.Life, code: str, agency: Agency, *, issued_on: date, **said: object
) -> OutgoingDocument:
    """The next line of a register. The counter's row stays locked until all is written: numbers
    have no gap, whoever numbers at once.
    """
    assert life.by is not None
    kind = numbering.kind_on(code, issued_on)
    number = codes.next_outgoing(agency_id=agency.pk, kind=code, year=issued_on.year)
    room = life.dossier.holder_department or life.by.officer.department
    return life.add(
        OutgoingDocument(
            dossier=life.dossier,
            agency=agency,
            kind=code,
            year=issued_on.year,
            number=number,
            symbol=numbering.symbol(
                kind, number, agency=agency, room=room.name if room is not None else ""
            ),
            issued_on=issued_on,
            numbered_by=life.by.officer,
            numbered_at=life.at,
            **said,
        )
    )


@dataclass(frozen=True, slots=True)
class Numbering:
    """How an approved draft becomes the result: the kind of its register, or the number that the
    procedure's own register gave; who signed it.
    """

    signer: str
    kind: str = ""
    own_number: str = ""


def number_result(seen: Seen, said: Numbering, *, by: Desk, at: datetime) -> Result:
    """Give an approved, signed draft its number and date; it goes on to the counter by the usual
    giving. The draft is kept, what was approved stays approved.

    Errors: Conflict, DomainError("not_documents", "no_draft", "draft_not_approved",
    "result_signer_missing", "number_whose", "number_in_register").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        return _number_result(life, said)


def number_results(
    asked: Sequence[Seen], kind: str, *, by: Desk, at: datetime, press: UUID | None = None
) -> list[Done]:
    """The same of one or many approved drafts from one register, each signed by who approved it; what
    is refused is reported. Errors before anything: DomainError("number_whose").
    """
    if kind not in {one.code for one in numbering.kinds_on(timezone.localdate(at))}:
        raise DomainError("number_whose", field="kind")

    def verb(life: writer.Life) -> None:
        life.alone()
        _number_result(life, Numbering(signer=signer_of_draft(life.dossier), kind=kind))

    # Counters are taken in one order, whoever presses.
    agencies = dict(
        Dossier.objects.filter(pk__in=[one.dossier_id for one in asked]).values_list(
            "pk", "agency_id"
        )
    )
    ordered = sorted(asked, key=lambda one: (agencies.get(one.dossier_id, 0), one.dossier_id))
    return together(ordered, verb, by=by, at=at, press=press)


def _number_result(life: writer.Life, said: Numbering) -> Result:
    assert life.by is not None
    life.check("number_result")
    if not said.signer.strip():
        raise DomainError("result_signer_missing", field="signer")
    if bool(said.kind) == bool(said.own_number.strip()):
        raise DomainError("number_whose", field="own_number")
    life.alone()
    draft = Result.objects.current().filter(dossier=life.dossier).first()
    if draft is None or not draft.is_draft:
        raise DomainError("no_draft")
    if not approving.is_approved(life.dossier, by=life.by):
        raise DomainError("draft_not_approved")
    today, line = timezone.localdate(life.at), None
    agency = life.dossier.agency.in_charge(today)
    own = said.own_number.strip()
    if taken := OutgoingDocument.objects.bearing(own, agency_id=agency.pk, year=today.year):
        about = {"number": taken.symbol, "subject": taken.subject}
        raise DomainError("number_in_register", field="own_number", **about)
    if said.kind:
        line = _entered(
            life, said.kind, agency, issued_on=today, subject=(draft.title or "Kết quả giải quyết"),
            recipient=life.dossier.owner_name, signer=said.signer.strip(),
        )  # fmt: skip
    number = line.symbol if line is not None else own
    signed = ResultIn(title=draft.title, number=number, issued_on=today, signer=said.signer.strip())
    row, told = write_down(life, signed, (), by=life.by.officer)
    if line is not None:
        life.change(line, result=row)
    which = {"row": line.pk} if line is not None else {"row": 0, "own": True}
    life.record("number_result", told | which | {"result": row.pk})
    return row


def waiting_results(desk: Desk) -> QuerySet[Dossier]:
    """Drafts that lie with the văn thư, approved or not: what comes to the stamp."""
    drafts = Result.objects.current().filter(
        kind=Result.Kind.GRANTED, number="", signer="", electronic=False, issued_on=None
    )
    rooms = desk.department_ids_as(Role.DOCUMENTS)
    held = Dossier.objects.filter(
        holder_department__in=rooms,
        pending_department=None,
        ended_at=None,
        state__in=(State.RECEIVED, State.IN_PROGRESS),
    )
    return (
        held.filter(pk__in=drafts.values("dossier"))
        .select_related("version", "agency")
        .order_by("sort_due", "pk")
    )


def signer_of_draft(dossier: Dossier) -> str:
    """Who approved it: the last to whom it was submitted and who gave it on."""
    for row in route_of(dossier).hand_overs:
        if approves(row):
            who = row.confirmed_by or row.receiver
            return who.full_name if who is not None else ""
    return ""
