"""The round trip to the tax authority: the transfer slip, then its notice with what is to be paid,
or its word that nothing is.

Three clocks, one after another: the office's, which the slip stops; the authority's, until its
answer is there; the applicant's, from the notice to the proof of payment (payment.py). Only the
first one is the term's. Both waits touch and count as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers import rules
from dossiers.acts import payment, waits
from dossiers.acts.many import Seen
from dossiers.clock import steps
from dossiers.ledger import writer
from dossiers.models import ClockKind, Dossier
from dossiers.models.payment import PaymentRequest
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.registry import Act, Asks, Page, Rows, SlipKind, Told, first, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.letterheads import office_of
from dossiers.states import COUNTER, FROM_WORKING, HANDLERS, ClockEffect, State
from onestop.errors import DomainError
from onestop.templatetags.formatting import vn_date
from onestop.worktime import PauseKind

if TYPE_CHECKING:
    from dossiers.acts.payment import Obligation
    from dossiers.ledger.writer import Life
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

_WAITING: frozenset[State | None] = frozenset({State.AWAITING_PAYMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSlip(SlipContext):
    """What is sent to the tax authority with a copy of the papers; no official form here."""

    owner: Person
    content: str
    received_at: datetime
    authority: str
    obligation: str
    legal_basis: str
    unit: str
    received_by: str
    papers: tuple[str, ...] = ()
    expected_on: date | None = None
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


def _slip(subject: Subject) -> TransferSlip:
    row: TaxTransfer = subject.about
    signed, handler = subjects.signed_by(subject), subject.handler
    papers = subject.file.papers.select_related("paper")
    return TransferSlip(
        **subjects.common(subject),
        content=subjects.content_of(subject.file),
        received_at=subject.file.received_at,
        authority=row.authority,
        obligation=row.content,
        legal_basis=row.legal_basis,
        unit=handler.name,
        received_by=office_of(subject.counter).desk_name,
        papers=tuple(paper.name for paper in papers),
        expected_on=row.expected_on,
        signer=signed.name,
        capacity=signed.capacity,
        recipients=("Như trên;", "Lưu: VT, hồ sơ."),
    )


TRANSFERS = Rows(
    "transfers",
    (
        "authority",
        "content",
        "legal_basis",
        "expected_on",
        "sent_at",
        "answer_number",
        "answered_on",
        "nothing_due",
        "note",
        "answered_at",
    ),
)


def _sent(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        until = f", hạn trả lời {vn_date(row['expected_on'])}" if row["expected_on"] else ""
        yield f"{row['authority']}: {row['content']}{until}"
        yield f"Căn cứ {row['legal_basis']}; từ đây là thời gian của cơ quan thuế"


def _noticed(told: Told) -> Iterator[str]:
    yield from payment.asked_lines(told)
    if told.row is not None:
        yield "Từ đây là thời gian của người nộp"


def _nothing(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        day = f" ngày {vn_date(row['answered_on'])}" if row["answered_on"] else ""
        yield f"{row['authority']} trả lời tại văn bản số {row['answer_number']}{day}: không phải nộp"
        if row["note"]:
            yield row["note"]


SEND = register(
    Act(
        "send_to_tax", "Chuyển cơ quan thuế", 57, FROM_WORKING, State.AWAITING_PAYMENT, HANDLERS, rules.may_work, ClockEffect.PAUSES,
        tone="wait", told_by=TRANSFERS, lines=_sent, page=Page("next", own_page("act_send_to_tax")),
        slip=SlipKind(
            "chuyen-thue", "Phiếu chuyển thông tin xác định nghĩa vụ tài chính", TransferSlip, _slip,
            title="PHIẾU CHUYỂN THÔNG TIN ĐỂ XÁC ĐỊNH NGHĨA VỤ TÀI CHÍNH", by_handler=True, size="a4",
        ),
        asks=Asks(
            TRANSFERS, "sent_at", "answered_at", ("authority", "content", "legal_basis", "expected_on", "sent_at"),
            "Hồ sơ đang chờ cơ quan thuế xác định nghĩa vụ tài chính; Ông/Bà chưa phải nộp tiền.", "tax", PauseKind.FINANCIAL,
        ),
    )
)  # fmt: skip
NOTICE = register(
    Act(
        "record_tax_notice", "Nhận thông báo của cơ quan thuế", 57, _WAITING, State.AWAITING_PAYMENT, COUNTER, rules.may_at_counter,
        ClockEffect.PAUSES, tone="wait", told_by=payment.PAYMENTS, lines=_noticed,
        page=Page("money", own_page("act_tax_notice"), main=first, waits_for=("transfers",)),
    )
)  # fmt: skip
NOTHING = register(
    Act(
        "record_nothing_due", "Không phải nộp tiền", 57, _WAITING, State.IN_PROGRESS, COUNTER, rules.may_at_counter,
        ClockEffect.GOES_ON, told_by=TRANSFERS, lines=_nothing,
        page=Page("check", own_page("act_nothing_due"), waits_for=("transfers",)),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the authority is to determine, by which law its time does not count, until when."""

    authority: str
    content: str
    legal_basis: str
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The paper that the authority answered with."""

    number: str
    on: date
    note: str = ""


def send(seen: Seen, what: Transfer, *, by: Desk, at: datetime) -> TaxTransfer:
    """The office sends the transfer slip: status 6, the clock stops, the authority's time runs.

    Effects in order: ledger line (from now), row, state and promise, event, slip. Errors:
    DomainError("transfer_missing", "payment_basis", "transfer_day").
    """
    if not what.authority.strip() or not what.content.strip():
        field = "content" if what.authority.strip() else "authority"
        raise DomainError("transfer_missing", field=field)
    if not what.legal_basis.strip():
        raise DomainError("payment_basis", field="legal_basis")
    if what.expected_on is not None and what.expected_on < timezone.localdate(at):
        raise DomainError("transfer_day", field="expected_on")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("send_to_tax")
        basis = what.legal_basis.strip()
        row = life.add(
            TaxTransfer(
                dossier=life.dossier,
                authority=what.authority.strip(),
                content=what.content.strip(),
                legal_basis=basis,
                expected_on=what.expected_on,
                sent_by=by.officer,
                sent_at=at,
                change=waits.begin(
                    life, ClockKind.EXCLUDE, basis=basis, excluded=PauseKind.FINANCIAL
                ),
            )
        )
        life.record("send_to_tax", {"row": row.pk})
        issuing.make("chuyen-thue", life=life, about=row)
        return row


def record_notice(
    seen: Seen, answer: Answer, what: Obligation, *, by: Desk, at: datetime
) -> PaymentRequest:
    """The notice is there and is given to the applicant, whose time runs from now; the authority's
    ends.

    Effects: transfer and its ledger line closed, request with its own line, event, slip. Errors:
    DomainError("answer_missing", "answer_day", "nothing_sent"), those of payment.ask_payment().
    """
    payment.check(what, at)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("record_tax_notice")
        sent = _answered(life, answer)
        life.change(sent.change, end=at)
        steps.goes_on(life.dossier, sent.change.start, at, life.calendar)
        row = payment.opened(life, what)
        life.record("record_tax_notice", {"row": row.pk})
        issuing.make("nghia-vu", life=life, about=row)
        return row


def record_nothing_due(seen: Seen, answer: Answer, *, by: Desk, at: datetime) -> Dossier:
    """The authority answered that nothing is to be paid: the clock goes on, moved by its time.

    Effects: transfer and ledger line closed with the new promise, state 4, event, a slip with the
    new date. Errors: DomainError("answer_missing", "answer_day", "nothing_sent").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("record_nothing_due")
        sent = _answered(life, answer, nothing_due=True)
        waits.end(life, sent.change, "record_nothing_due", {"row": sent.pk})
        return life.dossier


def _answered(life: Life, answer: Answer, *, nothing_due: bool = False) -> TaxTransfer:
    """The transfer that is waited for, with what the authority answered."""
    assert life.by is not None
    row = (
        TaxTransfer.objects.unanswered()
        .select_related("change")
        .filter(dossier=life.dossier)
        .first()
    )
    if row is None:
        raise DomainError("nothing_sent")
    if not answer.number.strip():
        raise DomainError("answer_missing", field="number")
    if not timezone.localdate(row.sent_at) <= answer.on <= timezone.localdate(life.at):
        raise DomainError("answer_day", field="on")
    life.change(
        row,
        answer_number=answer.number.strip(),
        answered_on=answer.on,
        nothing_due=nothing_due,
        note=answer.note.strip(),
        answered_by=life.by.officer,
        answered_at=life.at,
    )
    return row
