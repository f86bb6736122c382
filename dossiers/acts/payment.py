"""Financial obligation (status 6): what another authority determined is paid before the handling
goes on.

Not the fee at the counter. The counter's notice stops the clock, by the basis it names; the
document of the payment lets it go on. The waiting time does not count towards the term; asked after
the promise it heals nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers import rules
from dossiers.acts import waits
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import ClockKind, Dossier
from dossiers.models.payment import PaymentRequest
from dossiers.registry import Act, Asks, Page, Rows, SlipKind, Told, first, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import COUNTER, FROM_WORKING, ClockEffect, State
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.templatetags.formatting import money, vn_date
from onestop.worktime import PauseKind

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from dossiers.ledger.writer import Life
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

SCAN = "dossier"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNotice(SlipContext):
    """What is to be paid before the handling goes on; no official form."""

    owner: Person
    content: str
    received_at: datetime
    obligation: str
    amount: int
    legal_basis: str
    determined_by: str
    pay_by: date
    contact_phone: str = ""


def _notice(subject: Subject) -> PaymentNotice:
    row: PaymentRequest = subject.about
    assert row.pay_by is not None  # only what an earlier system asked for has no day
    return PaymentNotice(
        **subjects.common(subject),
        content=subjects.content_of(subject.file),
        received_at=subject.file.received_at,
        obligation=row.content,
        amount=row.amount,
        legal_basis=row.legal_basis,
        determined_by=row.determined_by,
        pay_by=row.pay_by,
        contact_phone=subject.by.phone or subject.agency.phone,
    )


PAYMENTS = Rows(
    "payments",
    (
        "content",
        "amount",
        "legal_basis",
        "determined_by",
        "pay_by",
        "asked_at",
        "proof_number",
        "paid_on",
        "paid",
        "note",
        "recorded_at",
    ),
)


def asked_lines(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        due = f", hạn nộp {vn_date(row['pay_by'])}" if row["pay_by"] else ""
        yield f"{row['content']}: {money(row['amount'])}{due}"
        yield f"{row['determined_by']} xác định; căn cứ {row['legal_basis']}"


def _paid(told: Told) -> Iterator[str]:
    if (row := told.row) is not None and row["paid"] is not None:
        yield f"{money(row['paid'])}, chứng từ số {row['proof_number']} ngày {vn_date(row['paid_on'])}"
        if row["note"]:
            yield row["note"]


ASK_PAYMENT = register(
    Act(
        "ask_payment", "Yêu cầu nghĩa vụ tài chính", 55, FROM_WORKING, State.AWAITING_PAYMENT, COUNTER, rules.may_at_counter,
        ClockEffect.PAUSES, tone="wait", told_by=PAYMENTS, lines=asked_lines, page=Page("money", own_page("act_ask_payment")),
        slip=SlipKind(
            "nghia-vu", "Thông báo thực hiện nghĩa vụ tài chính", PaymentNotice, _notice, title="THÔNG BÁO THỰC HIỆN NGHĨA VỤ TÀI CHÍNH",
        ),
        asks=Asks(
            PAYMENTS, "asked_at", "recorded_at", ("content", "amount", "legal_basis", "determined_by", "pay_by"),
            "Hồ sơ đang chờ Ông/Bà thực hiện nghĩa vụ tài chính.", "payment", PauseKind.FINANCIAL,
        ),
    )
)  # fmt: skip
RECORD_PAYMENT = register(
    Act(
        "record_payment", "Đã thực hiện nghĩa vụ tài chính", 56, frozenset({State.AWAITING_PAYMENT}), State.IN_PROGRESS, COUNTER,
        rules.may_at_counter, ClockEffect.GOES_ON, told_by=PAYMENTS, lines=_paid,
        page=Page("check", own_page("act_record_payment"), main=first, waits_for=("payments",)),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Obligation:
    """What is to be paid, in whole đồng, by whose word and by which law, until when."""

    content: str
    amount: int
    legal_basis: str
    determined_by: str
    pay_by: date


def check(what: Obligation, at: datetime) -> None:
    """Errors: DomainError("payment_missing", "payment_amount", "payment_basis", "pay_by_past")."""
    if not what.content.strip() or not what.determined_by.strip():
        raise DomainError(
            "payment_missing", field="determined_by" if what.content.strip() else "content"
        )
    if what.amount <= 0:
        raise DomainError("payment_amount", field="amount")
    if not what.legal_basis.strip():
        raise DomainError("payment_basis", field="legal_basis")
    if what.pay_by < timezone.localdate(at):
        raise DomainError("pay_by_past", field="pay_by")


def opened(life: Life, what: Obligation) -> PaymentRequest:
    """The request row with its line of the ledger, from now."""
    assert life.by is not None
    basis = what.legal_basis.strip()
    return life.add(
        PaymentRequest(
            dossier=life.dossier,
            content=what.content.strip(),
            amount=what.amount,
            legal_basis=basis,
            determined_by=what.determined_by.strip(),
            pay_by=what.pay_by,
            asked_by=life.by.officer,
            asked_at=life.at,
            change=waits.begin(life, ClockKind.EXCLUDE, basis=basis, excluded=PauseKind.FINANCIAL),
        )
    )


def ask_payment(seen: Seen, what: Obligation, *, by: Desk, at: datetime) -> PaymentRequest:
    """The counter gives the notice: status 6, the clock stops.

    Effects in order: ledger line (from now), request row, state and promise, event, slip.
    Errors: those of check().
    """
    check(what, at)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("ask_payment")
        row = opened(life, what)
        life.record("ask_payment", {"row": row.pk})
        issuing.make("nghia-vu", life=life, about=row)
        return row


@dataclass(frozen=True, slots=True)
class Proof:
    """The document of the payment; `note` where another amount than asked was due."""

    number: str
    paid_on: date
    paid: int
    note: str = ""


def record_payment(
    seen: Seen, proof: Proof, *, by: Desk, at: datetime, scan: UploadedFile[Any] | None = None
) -> Dossier:
    """The document is there: the clock goes on, moved by the waiting time in the term's own unit,
    with old and new promise kept.

    Effects: request closed, ledger line closed with the new promise, state 4, event, scan among the
    files, a slip with the new date. Errors: DomainError("proof_missing", "paid_day", "paid_other"),
    those of onestop.files.
    """
    if not proof.number.strip():
        raise DomainError("proof_missing", field="number")
    # The bytes are kept before the transaction: no disk is waited for while the row is locked.
    kept = keep(scan, name=scan.name or "") if scan is not None else None
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("record_payment")
        dossier = life.dossier
        if not timezone.localdate(dossier.received_at) <= proof.paid_on <= timezone.localdate(at):
            raise DomainError("paid_day", field="paid_on")
        row = (
            PaymentRequest.objects.unpaid().select_related("change").filter(dossier=dossier).first()
        )
        if row is None:
            raise DomainError("payment_not_asked")
        if proof.paid != row.amount and not proof.note.strip():
            raise DomainError("paid_other", field="note", asked=money(row.amount))
        life.change(
            row,
            proof_number=proof.number.strip(),
            paid_on=proof.paid_on,
            paid=proof.paid,
            note=proof.note.strip(),
            recorded_by=by.officer,
            recorded_at=at,
        )
        if kept is not None:
            life.added(attach(kept, kind=SCAN, object_id=dossier.pk, by=by.officer, at=at))
        waits.end(life, row.change, "record_payment", {"row": row.pk})
        return dossier
