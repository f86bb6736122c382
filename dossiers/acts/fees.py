"""Taking the fee at the counter, under the next number of a book of receipts; voiding a receipt and
paying back, which the cashier asks for and somebody else agrees to.

Phí and lệ phí stand apart (R-124). What was published and not taken is owed still, unless the payer is
relieved of it: the group, and the paper that proves it (R-125). A number that was given is never given again
(R-123): a wrong receipt is voided, not taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from dossiers.acts import cash, e_receipts
from dossiers.acts.many import Seen
from dossiers.acts.standing import stands_again
from dossiers.ledger import writer
from dossiers.models import Dossier, Slip
from dossiers.models.money import (
    FeeReceipt,
    ReceiptRequest,
    ReceiptSeries,
    Way,
    in_digits,
)
from dossiers.registry import Act, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import FROM_OPEN, HANDLED
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import money

if TYPE_CHECKING:
    from dossiers.ledger.writer import Life
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

TAKERS = frozenset(cash.TAKING)
APPROVERS = frozenset({Role.HEAD, Role.LEADER})
# Whatever became of it: a withdrawn dossier is paid back, an electronic one is paid for late.
ALWAYS = FROM_OPEN | HANDLED


def may_take(desk: Desk, dossier: Dossier) -> Answer:
    """Who takes money at the counter that received it."""
    return cash.may_take_at(desk, dossier.received_by_agency_id)


def _may_answer(desk: Desk, dossier: Dossier) -> Answer:
    ok = desk.has(Role.HEAD, Role.LEADER, agency_id=dossier.received_by_agency_id)
    return ALLOWED if ok else Denied("not_approver")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePaper(SlipContext):
    """A receipt that the program prints, with all that TT 303/2016 asks of one (R-124)."""

    owner: Person
    content: str
    series: str
    form_symbol: str
    symbol: str
    digits: str
    tax_code: str
    payer: str
    fee: int
    charge: int
    amount: int
    way: str
    relief: str = ""
    proof: str = ""
    taken_at: datetime


def _paper(subject: Subject) -> FeePaper:
    row: FeeReceipt = subject.about
    series = row.series
    return FeePaper(
        **subjects.common(subject),
        content=subjects.content_of(subject.file),
        series=series.name,
        form_symbol=series.form_symbol,
        symbol=series.symbol,
        digits=row.digits,
        tax_code=series.tax_code,
        payer=row.payer,
        fee=row.fee,
        charge=row.charge,
        amount=row.amount,
        way=Way(row.way).label,
        relief=row.relief,
        proof=row.proof,
        taken_at=row.taken_at,
    )


RECEIPTS = Rows(
    "fee_receipts",
    (
        "series__form_symbol", "series__symbol", "number", "fee", "charge", "way", "payer", "relief", "proof", "more", "reference", "link", "taken_at", "taken_by__full_name",
    ),
)  # fmt: skip
REQUESTS = Rows(
    "receipt_requests",
    (
        "receipt_id", "kind", "amount", "reason", "is_agreed", "answer", "answered_at", "receipt__number", "asked_by__full_name",
    ),
)  # fmt: skip


def proven(row: Mapping[str, Any]) -> str:
    """The group and its paper in one line; rows of before say both as the group."""
    return f"{row['relief']} ({row['proof']})" if row.get("proof") else str(row["relief"])


def _taken(told: Told) -> Iterator[str]:
    if (row := told.row) is None:
        return
    book = f"{row['series_form_symbol']} {row['series_symbol']}"
    yield f"Biên lai {book} số {in_digits(row['number'])}: {money(row['fee'] + row['charge'])}"
    parts = [
        f"{word} {money(row[name])}" for name, word in (("fee", "phí"), ("charge", "lệ phí")) if row[name]
    ]  # fmt: skip
    paid = f"{Way(row['way']).label}, {row['payer']} nộp"
    yield f"{', '.join(parts)}; {paid}" + (
        f", mã giao dịch {row['reference']}" if row["reference"] else ""
    )
    if row["relief"]:
        yield f"Miễn, giảm: {proven(row)}"
    if row["more"]:
        yield f"Thu thêm: {row['more']}"


WORDS: dict[int, str] = {
    ReceiptRequest.Kind.VOID: "hủy biên lai",
    ReceiptRequest.Kind.REFUND: "hoàn tiền biên lai",
}


def _asked(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        what = WORDS[row["kind"]]
        yield f"Đề nghị {what} số {in_digits(row['receipt_number'])}, {money(row['amount'])}"
        yield f"Lý do: {row['reason']}"


def _answered(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        what = WORDS[row["kind"]]
        word = "Đồng ý" if row["is_agreed"] else "Không đồng ý"
        yield f"{word} {what} số {in_digits(row['receipt_number'])}, {money(row['amount'])}"
        if row["answer"]:
            yield row["answer"]


TAKE_FEE = register(
    Act(
        "take_fee", "Thu phí, lệ phí", 65, ALWAYS, None, TAKERS, may_take,
        way_back="Biên lai đã có số thì không hoàn tác: hãy đề nghị hủy biên lai, người khác duyệt.",
        told_by=RECEIPTS, lines=_taken, page=Page("money", own_page("act_take_fee")),
        slip=SlipKind("bien-lai", "Biên lai thu phí, lệ phí", FeePaper, _paper, title="BIÊN LAI THU TIỀN PHÍ, LỆ PHÍ"),
    )
)  # fmt: skip
ASK_RECEIPT = register(
    Act(
        "ask_receipt_change", "Đề nghị hủy biên lai, hoàn tiền", 66, ALWAYS, None, TAKERS, may_take,
        way_back="Đề nghị đã gửi người duyệt: người duyệt không đồng ý thì biên lai giữ nguyên.",
        told_by=REQUESTS, lines=_asked,
    )
)  # fmt: skip
ANSWER_RECEIPT = register(
    Act(
        "answer_receipt_change", "Duyệt hủy biên lai, hoàn tiền", 67, ALWAYS, None, APPROVERS, _may_answer,
        way_back="Tiền đã trả lại, số biên lai đã hủy: thu lại bằng biên lai mới.",
        told_by=REQUESTS, lines=_answered,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken: phí and lệ phí in đồng, how, from whom, out of which book. `number`: the one on
    the paper receipt in the hand, which must be the book's next.
    """

    series_id: int
    fee: int
    charge: int
    way: int = Way.CASH
    payer: str = ""
    relief: str = ""
    proof: str = ""
    reference: str = ""
    link: str = ""
    number: int | None = None
    # Why more than is owed is taken.
    more: str = ""

    @property
    def amount(self) -> int:
        return self.fee + self.charge


def check(what: Taking, owed: int) -> None:
    """Errors: DomainError("fee_nothing", "fee_more", "fee_relief_more", "fee_relief_why",
    "fee_relief_proof", "fee_reference").
    """
    if what.amount <= 0:
        raise DomainError("fee_nothing", field="fee")
    if what.amount > owed and not what.more.strip():
        raise DomainError("fee_more", field="more", owed=money(owed))
    if what.relief.strip() and what.amount >= owed:
        raise DomainError("fee_relief_more", field="relief")
    if what.relief.strip() or what.proof.strip():
        check_relief(what.relief, what.proof)
    if what.way == Way.TRANSFER and not what.reference.strip():
        raise DomainError("fee_reference", field="reference")


def check_relief(group: str, proof: str) -> None:
    """R-125: who pays less or nothing, and by which paper."""
    if not group.strip():
        raise DomainError("fee_relief_why", field="relief")
    if not proof.strip():
        raise DomainError("fee_relief_proof", field="proof")


def take_fee(seen: Seen, what: Taking, *, by: Desk, at: datetime) -> FeeReceipt:
    """Take money and give the receipt.

    Effects in order: the cashier's drawer locked where it is cash, the number of the book, the
    receipt row, what the dossier owes still, event; the receipt to print where the program prints it.
    Errors: those of check() and number_of(), DomainError("wrong_state", "not_your_counter").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("take_fee")
        return taken(life, what)


def counter_of(dossier: Dossier, at: datetime) -> Agency:
    """Whose counter takes its money now: who received it, or who took that agency over."""
    same = dossier.agency_id == dossier.received_by_agency_id
    agency = dossier.agency if same else dossier.received_by_agency
    return agency.in_charge(timezone.localdate(at))


def counters_of(dossier: Dossier, at: datetime) -> set[int]:
    """Where money for it may stand: who received it, and whose counter takes its money now."""
    return {dossier.received_by_agency_id, counter_of(dossier, at).pk}


def taken(life: Life, what: Taking) -> FeeReceipt:
    """The same inside the block of another act. At most four statements beside the event: the drawer,
    the number, the receipt, the letter to the provider.
    """
    dossier, by = life.dossier, life.by
    check(what, dossier.fee_owed)
    agency_id = counter_of(dossier, life.at).pk
    if what.way == Way.CASH:
        assert by is not None
        cash.locked(agency_id, by.officer.pk, life.at)
    series = number_of(what, agency_id)
    if by is None and not series.is_electronic:
        raise DomainError("series_electronic")
    owed = dossier.fee_owed
    settled = owed if what.relief.strip() else min(owed, what.amount)
    row = life.add(
        FeeReceipt(
            dossier=dossier,
            agency_id=agency_id,
            series=series,
            number=series.given,
            fee=what.fee,
            charge=what.charge,
            way=what.way,
            payer=what.payer.strip() or dossier.owner_name,
            relief=what.relief.strip(),
            proof=what.proof.strip(),
            more=what.more.strip(),
            settled=settled,
            reference=what.reference.strip(),
            link=what.link.strip(),
            taken_by=by.officer if by is not None else None,
            taken_at=life.at,
        )
    )
    dossier.fee_owed = owed - settled
    life.record("take_fee", {"row": row.pk})
    if series.is_printed:
        issuing.make("bien-lai", life=life, about=row)
    elif series.is_electronic:
        e_receipts.begin(row, life.recorded_at)
    return row


def number_of(what: Taking, agency_id: int) -> ReceiptSeries:
    """The book with its next number given, locked until the transaction ends; one statement, as all
    numbers are given (intake/codes.py). Errors: DomainError("series_gone", "series_used_up",
    "receipt_number_other").
    """
    table = connection.ops.quote_name(ReceiptSeries._meta.db_table)
    wanted, said = ("", []) if what.number is None else (" AND given + 1 = %s", [what.number])
    rows = ReceiptSeries.objects.raw(
        f"UPDATE {table} SET given = given + 1 WHERE id = %s AND agency_id = %s "  # noqa: S608 (names of our own columns)
        f"AND ended_at IS NULL AND (last IS NULL OR given < last){wanted} RETURNING *",
        [what.series_id, agency_id, *said],
    )
    for series in rows:
        return series
    books = ReceiptSeries.objects.filter(pk=what.series_id, agency=agency_id, ended_at=None)
    if (found := books.first()) is None:
        raise DomainError("series_gone", field="series")
    if found.left == 0:
        raise DomainError("series_used_up", field="series", series=str(found))
    raise DomainError("receipt_number_other", field="number", next=found.next_digits)


# --- voiding and paying back ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asking:
    """Which receipt, what is to be done with it and why; `amount` of a refund."""

    receipt_id: int
    kind: int
    reason: str
    amount: int = 0


def ask_change(seen: Seen, what: Asking, *, by: Desk, at: datetime) -> ReceiptRequest:
    """The cashier asks. Effects: the row, event. Errors: DomainError("receipt_gone",
    "reason_missing", "refund_amount", "receipt_asked").
    """
    if not what.reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("ask_receipt_change")
        receipt = _standing(life.dossier, what.receipt_id)
        asked = ReceiptRequest.objects.filter(receipt=receipt)
        if asked.waiting().exists():
            raise DomainError("receipt_asked", field="receipt")
        back = _paid_back(receipt)
        is_void = what.kind == ReceiptRequest.Kind.VOID
        if is_void and back:
            raise DomainError("void_after_refund", field="kind")
        amount = receipt.amount if is_void else what.amount
        if not 0 < amount <= receipt.amount - back:
            raise DomainError("refund_amount", field="amount", most=money(receipt.amount - back))
        row = life.add(
            ReceiptRequest(
                dossier=life.dossier,
                receipt=receipt,
                kind=what.kind,
                amount=amount,
                reason=what.reason.strip(),
                asked_by=by.officer,
                asked_at=at,
            )
        )
        life.record("ask_receipt_change", {"row": row.pk})
        return row


def answer_change(
    seen: Seen, request_id: int, *, agreed: bool, words: str, by: Desk, at: datetime
) -> ReceiptRequest:
    """Somebody else who approves answers; money is paid back at this moment by whoever asked.

    Effects in order: the asker's drawer locked where it is cash, the answer, a voided receipt, what
    is owed again, the provider of an electronic receipt told, event. Errors:
    DomainError("receipt_answered", "own_receipt", "reason_missing").
    """
    if not agreed and not words.strip():
        raise DomainError("reason_missing", field="answer")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("answer_receipt_change")
        dossier = life.dossier
        waiting = ReceiptRequest.objects.waiting().filter(dossier=dossier, pk=request_id)
        row = waiting.select_related("receipt__series").first()
        if row is None:
            raise DomainError("receipt_answered")
        receipt = row.receipt
        # Who took the money or asked for it back never agrees to it himself.
        if by.officer.pk in (row.asked_by_id, receipt.taken_by_id):
            raise DomainError("own_receipt")
        if agreed and receipt.way == Way.CASH:
            cash.locked(receipt.agency_id, row.asked_by_id, at)
        life.change(
            row, is_agreed=agreed, answer=words.strip(), answered_by=by.officer, answered_at=at
        )
        if agreed and row.kind == ReceiptRequest.Kind.VOID:
            life.void(receipt)
            life.void(*_paper_of(receipt))
            if receipt.series.is_electronic:
                e_receipts.void(receipt, at)
            dossier.fee_owed += receipt.settled
            stands_again(receipt)
        elif agreed and receipt.series.is_electronic:
            e_receipts.refund(receipt, at)
        life.record("answer_receipt_change", {"row": row.pk, "agreed": agreed})
        return row


def _paper_of(receipt: FeeReceipt) -> list[Slip]:
    """The slip that prints this receipt, where the program prints it; it is void with it."""
    series = receipt.series
    if not series.is_printed:
        return []
    wanted = (series.form_symbol, series.symbol, receipt.digits)
    slips = Slip.objects.standing().filter(dossier=receipt.dossier_id, slug="bien-lai")
    return [
        slip
        for slip in slips
        if tuple(slip.snapshot[name] for name in ("form_symbol", "symbol", "digits")) == wanted
    ]


def _standing(dossier: Dossier, receipt_id: int) -> FeeReceipt:
    found = FeeReceipt.objects.standing().filter(dossier=dossier, pk=receipt_id).first()
    if found is None:
        raise DomainError("receipt_gone", field="receipt")
    return found


def _paid_back(receipt: FeeReceipt) -> int:
    agreed = ReceiptRequest.objects.agreed().filter(receipt=receipt)
    return sum(agreed.values_list("amount", flat=True))
