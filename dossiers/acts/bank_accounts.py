"""The bank account of an office: proposed by its administrator, confirmed by somebody else who
oversees it, since whoever sets it says where the money of all payers goes. Ended by either at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dossiers.banks import banks
from dossiers.models.banking import BankAccount
from dossiers.office import confirmers
from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Officer
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.outbox.domain import post
from onestop.outbox.told import told
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

MOST_NUMBER = 19


@dataclass(frozen=True, slots=True)
class Account:
    """What is to be shown to payers, and from which day."""

    bank: str
    number: str
    holder: str
    from_day: date


def may_propose(desk: Desk, agency: Agency) -> Answer:
    return ALLOWED if desk.administers(agency) else Denied("not_allowed")


def may_confirm(desk: Desk, row: BankAccount) -> Answer:
    """Another person than who proposed it: who oversees the agency."""
    if not desk.oversees(row.agency):
        return Denied("not_allowed")
    return Denied("decision_own") if row.proposed_by_id == desk.officer.pk else ALLOWED


def may_end(desk: Desk, row: BankAccount) -> Answer:
    """Who may propose or confirm, alone and at once: payers are shown none then."""
    ok = desk.administers(row.agency) or desk.oversees(row.agency)
    return ALLOWED if ok else Denied("not_allowed")


def propose(agency: Agency, account: Account, *, by: Desk, at: datetime) -> BankAccount:
    """Effects: the row, not shown to payers yet; one that waited before is ended; who may confirm it
    is told. Errors: DomainError("not_allowed", "account_bank", "account_number", "account_day").
    """
    require(may_propose(by, agency))
    if account.bank not in banks():
        raise DomainError("account_bank", field="bank")
    number = "".join(account.number.split()).upper()
    if not (number.isalnum() and number.isascii() and len(number) <= MOST_NUMBER):
        raise DomainError("account_number", field="number", most=MOST_NUMBER)
    if account.from_day < timezone.localdate(at):
        raise DomainError("account_day", field="from_day")
    with transaction.atomic():
        for waiting in _locked(agency=agency, confirmed_at=None, ended_at=None):
            _end(waiting, by, at)
        row = BankAccount(
            agency=agency,
            bank=account.bank,
            number=number,
            holder=account.holder.strip(),
            from_day=account.from_day,
            proposed_by=by.officer,
            proposed_at=at,
        )
        add_all(BankAccount, [row])
        _record(row, "đề nghị dùng", by.officer, at)
    return row


def confirm(pk: int, *, by: Desk, at: datetime) -> BankAccount:
    """From its day on payers are shown it. Errors: DomainError("not_allowed", "decision_own",
    "decision_over").
    """
    with transaction.atomic():
        row = _one(pk)
        require(may_confirm(by, row))
        if not row.is_pending:
            raise DomainError("decision_over")
        row.confirmed_by, row.confirmed_at = by.officer, at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(row, "xác nhận dùng", by.officer, at)
    return row


def end(pk: int, *, by: Desk, at: datetime) -> BankAccount:
    """A proposal is refused, or payers are shown it no more. Errors: DomainError("not_allowed",
    "decision_over").
    """
    with transaction.atomic():
        row = _one(pk)
        require(may_end(by, row))
        if row.ended_at is not None:
            raise DomainError("decision_over")
        word = "không chấp nhận" if row.is_pending else "thôi dùng"
        _end(row, by, at)
        _record(row, word, by.officer, at)
    return row


def _end(row: BankAccount, by: Desk, at: datetime) -> None:
    row.ended_by, row.ended_at = by.officer, at
    row.save(update_fields=["ended_by", "ended_at"])


def _locked(**wanted: object) -> list[BankAccount]:
    rows = BankAccount.objects.select_for_update(of=("self",)).select_related("agency")
    return list(rows.filter(**wanted).order_by("pk"))


def _one(pk: int) -> BankAccount:
    found = _locked(pk=pk)
    if not found:
        raise DomainError("decision_over")
    return found[0]


def _record(row: BankAccount, word: str, by: Officer, at: datetime) -> None:
    """In the access log, and told to who proposed it and to all who may confirm."""
    said = f"Tài khoản nhận phí, lệ phí: {word} “{row}, {row.holder}”, từ {row.from_day:%d/%m/%Y}"
    access(by, AccessKind.AGENCY_CHANGED, "agency", row.agency_id, said, about=row.agency_id)
    people = {one.pk: one for one in (row.proposed_by, *confirmers(row.agency, at))}
    words = told("dossiers/told/bank_account", row=row, word=word, by=by, at=at)
    for officer in people.values():
        if officer.pk != by.pk:
            post(
                kind="administration",
                dedupe=f"bank_account:{row.pk}:{word[:12]}:{at.isoformat()}:{officer.pk}",
                **words,
                at=at,
                to_officer=officer,
                link=f"{reverse('bank_accounts')}?co-quan={row.agency_id}",
            )
