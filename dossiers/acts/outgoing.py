"""The văn thư gives a signed document of the office its number and date in the register of outgoing
documents, and stamps it: letters that acts have made, and results that have no number of a
procedure of their own. The next number, or another that he chooses (acts/holding.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from dossiers import registry, rules
from dossiers.acts import approval, handovers, holding
from dossiers.acts.holding import Book, Chosen
from dossiers.acts.many import Done, Seen, together
from dossiers.acts.results import ResultIn, write_down
from dossiers.acts.taking_back import take_back_press
from dossiers.intake import codes
from dossiers.ledger import writer
from dossiers.models import Dossier, Event, HandOver, Result, Slip
from dossiers.models.decision import ClockDecision
from dossiers.models.handover import LIST_SLUG
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
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
    set is numbered by itself, and so is what was made with a number typed into it.
    """
    since = now - timedelta(days=WAITS_DAYS)
    rows = Slip.objects.standing().filter(
        agency__in=agency_ids, slug__in=kinds_of_letters(), year__gte=since.year, made_at__gte=since,
    )  # fmt: skip
    typed = ClockDecision.objects.exclude(document="").filter(
        dossier=OuterRef("dossier"), at=OuterRef("made_at")
    )
    numbered = OutgoingDocument.objects.standing().filter(slip__isnull=False).values("slip")
    return (
        rows.exclude(pk__in=numbered)
        .exclude(Exists(typed))
        .select_related("dossier", "agency")
        .order_by("made_at", "pk")
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
            _number_letter(life, slip, kinds[slip.slug], None)

    return together([Seen(pk) for pk in of], verb, by=by, at=at, press=press)


def number_letter(
    seen: Seen, slip: Slip, chosen: Chosen, *, by: Desk, at: datetime
) -> OutgoingDocument:
    """Give one letter of the dossier the number that was chosen. Effects and errors as
    number_letters, and those of holding.take.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        found = Slip.objects.filter(pk=slip.pk, dossier=life.dossier).first()
        kind = kinds_of_letters().get(slip.slug)
        if found is None or kind is None:
            raise DomainError("letter_gone")
        return _number_letter(life, found, kind, chosen)


def _number_letter(
    life: writer.Life, slip: Slip, kind: str, chosen: Chosen | None
) -> OutgoingDocument:
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
        chosen,
        issued_on=timezone.localdate(life.at),
        subject=f"{name}, hồ sơ {life.dossier.code}",
        recipient=owner,
        signer=str(slip.snapshot.get("signer", "")),
        slip=slip,
    )
    life.record("number_letter", {"row": row.pk, "slip": slip.pk})
    return row


def _entered(
    life: writer.Life,
    code: str,
    agency: Agency,
    chosen: Chosen | None,
    *,
    issued_on: date,
    **said: object,
) -> OutgoingDocument:
    """The next line of a register, or the one that was chosen. The counter's row stays locked until
    all is written: numbers have no gap that nobody kept, whoever numbers at once.
    """
    assert life.by is not None
    kind = numbering.kind_on(code, issued_on)
    if chosen is None:
        number = codes.next_outgoing(agency_id=agency.pk, kind=code, year=issued_on.year)
    else:
        book = Book(agency, code, issued_on.year)
        number = holding.take(book, chosen, by=life.by.officer, at=life.at)
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
    procedure's own register gave; who signed it. `chosen` of the register, None for the next number.
    """

    signer: str
    kind: str = ""
    own_number: str = ""
    chosen: Chosen | None = None


def number_result(
    seen: Seen,
    said: Numbering,
    *,
    by: Desk,
    at: datetime,
    to_counter: bool = False,
    press: UUID | None = None,
) -> Result:
    """Give an approved, signed draft its number and date; it goes on to the counter by the usual
    giving, with `to_counter` at once. The draft is kept, what was approved stays approved.

    Effects in order: counter, line of the register, result, event; the hand-over with its event.
    Errors: those of holding.take and approval.to_counter, Conflict, DomainError("not_documents", "no_draft", "draft_not_approved",
    "result_signer_missing", "number_whose", "number_in_register").
    """
    way = approval.Round(by, at) if to_counter else None
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        return _sealed(life, said, way)


def number_results(
    asked: Sequence[Seen],
    kind: str,
    *,
    by: Desk,
    at: datetime,
    press: UUID | None = None,
    to_counter: bool = False,
) -> list[Done]:
    """The same of one or many approved drafts from one register, each signed by who approved it; what
    is refused is reported. Errors before anything: DomainError("number_whose").
    """
    way = approval.Round(by, at) if to_counter else None
    if kind not in {one.code for one in numbering.kinds_on(timezone.localdate(at))}:
        raise DomainError("number_whose", field="kind")

    def verb(life: writer.Life) -> None:
        life.alone()
        said = Numbering(signer=signer_of_draft(life.dossier), kind=kind)
        known = dict(way.batches) if way is not None else {}
        try:
            _sealed(life, said, way)
        except DomainError:
            if way is not None:
                way.batches = known  # what was refused took the list back that it had begun
            raise

    # Counters are taken in one order, whoever presses.
    agencies = dict(
        Dossier.objects.filter(pk__in=[one.dossier_id for one in asked]).values_list(
            "pk", "agency_id"
        )
    )
    ordered = sorted(asked, key=lambda one: (agencies.get(one.dossier_id, 0), one.dossier_id))
    lists = (LIST_SLUG,) if to_counter else ()
    return together(ordered, verb, by=by, at=at, press=press, numbers=lists)


def take_back_numbers(press: UUID, *, by: Desk, at: datetime) -> list[Done]:
    """Take back what one press numbered, with the hand-over to the counter that came with it: recalled
    where nobody has confirmed it. What somebody has acted on since stays, and is reported.
    """
    mine = Event.objects.filter(press=press, officer=by.officer, kind="hand_over")
    waiting = HandOver.objects.on_the_way().filter(
        dossier__in=mine.values("dossier"),
        giver=by.officer,
        given_at__in=mine.values("at"),
    )
    with transaction.atomic():
        ids = list(waiting.order_by("dossier_id").values_list("dossier_id", flat=True))
        handovers.recall_many([Seen(pk) for pk in ids], by=by, at=at)
        return take_back_press(press, by=by, at=at)


def _sealed(life: writer.Life, said: Numbering, way: approval.Round | None) -> Result:
    """The number, and the way to the counter in the same press."""
    if way is not None:
        # Lists before registers: the counters of numbers are taken in one order.
        room, year = life.dossier.holder_department, timezone.localdate(life.at).year
        agencies = {room.agency_id} if room is not None else ()
        life.alone()
        codes.hold_slips(agency_ids=agencies, slugs=(LIST_SLUG,), year=year)
    row = _number_result(life, said)
    if way is not None:
        approval.to_counter(life, way)
    return row


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
    if said.chosen is not None and not said.kind:
        raise DomainError("number_without_book", field="number")
    own = said.own_number.strip()
    if taken := OutgoingDocument.objects.bearing(own, agency_id=agency.pk, year=today.year):
        about = {"number": taken.symbol, "subject": taken.subject}
        raise DomainError("number_in_register", field="own_number", **about)
    if said.kind:
        line = _entered(
            life, said.kind, agency, said.chosen, issued_on=today, subject=(draft.title or "Kết quả giải quyết"),
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


def corrected_in_book(typed: str, agency: Agency, day: date) -> int | None:
    """What a corrected result's typed number is to the register of outgoing documents: None where it
    is of another register, else the number that the văn thư keeps for it.

    Errors: DomainError("number_in_register", "number_not_given") on field "number".
    """
    line = OutgoingDocument.objects.bearing(typed, agency_id=agency.pk, year=day.year)
    if line is not None:
        about = {"number": line.symbol, "subject": line.subject}
        raise DomainError("number_in_register", field="number", **about)
    found = holding.typed_of(typed, agency, day)
    if found is None:
        return None
    book, number = found
    counter = OutgoingCounter.objects.filter(**book.key).first()
    if counter is None:
        return None  # the office keeps this book on paper
    holding.locked(book)
    if not holding.is_held(book, number):
        raise DomainError("number_not_given", field="number", number=typed.strip())
    return number


def enter_corrected(life: writer.Life, result: Result, number: int) -> OutgoingDocument:
    """The line of a corrected result that bears a number which was kept for it."""
    assert result.issued_on is not None
    agency = life.dossier.agency.in_charge(result.issued_on)
    found = holding.typed_of(result.number, agency, result.issued_on)
    assert found is not None
    return _entered(
        life, found[0].kind, agency, Chosen(number), issued_on=result.issued_on,
        subject=(result.title or "Kết quả giải quyết"), recipient=life.dossier.owner_name,
        signer=result.signer, result=result,
    )  # fmt: skip


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
