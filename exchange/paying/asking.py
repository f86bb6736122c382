"""Asking for a payment: what a dossier owes still is put before its payer at the platform."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers.acts.fees import counter_of, counters_of
from dossiers.desk.payments import in_hand
from dossiers.intake.transfers import NOT_ASKED
from dossiers.ledger import writer
from dossiers.models.banking import BankAccount
from exchange.models import PayRequest
from exchange.paying.platforms import platform_for
from onestop.errors import DomainError
from onestop.jobs.nudge import nudge
from onestop.once import once

if TYPE_CHECKING:
    from dossiers.models import Dossier
    from exchange.paying.platforms import Platform
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency

SETTLE = "exchange.settle_payments"
State = PayRequest.State
OPEN = (State.ASKED, State.OPEN)


def offered(dossier: Dossier, at: datetime, *, is_paid: bool | None = None) -> Platform | None:
    """Where what is owed still may be paid now; None where nothing is owed, nobody takes money for
    this counter, it has no account, or it is paid and stands. `is_paid`: where that is known already.
    """
    if not dossier.fee_owed or dossier.state in NOT_ASKED or is_paid:
        return None
    agency = counter_of(dossier, at)
    platform = platform_for(agency)
    if platform is None or _account(agency, at) is None:
        return None
    return None if is_paid is None and _stands(dossier, at) else platform


def is_current(row: PayRequest, dossier: Dossier, at: datetime) -> bool:
    """It asks for just what is owed now, and its term is not over."""
    is_owed = row.amount == dossier.fee_owed and dossier.state not in NOT_ASKED
    return is_owed and at < row.expires_at


def _stands(dossier: Dossier, at: datetime) -> bool:
    """Who has paid is not asked again before somebody has looked at it."""
    found = in_hand([dossier], counters_of(dossier, at), at).get(dossier.pk)
    return found is not None and found.is_sure


def ask_as_payer(dossier_id: int, at: datetime) -> None:
    """Who asks in vain (paid meanwhile, nobody takes it) is told by the page that follows."""
    with suppress(DomainError):
        ask(dossier_id, at=at)


def _account(agency: Agency, at: datetime) -> BankAccount | None:
    return BankAccount.objects.in_force(agency.pk, timezone.localdate(at))


def ask(dossier_id: int, *, at: datetime, by: Desk | None = None) -> PayRequest:
    """The open request for what is owed just now: the one there is, else a new one, whoever asks and
    how often. `by`: None where the payer asks.

    Effects: what is open for another amount or is over is closed; the row; a worker is nudged, who
    says it to the platform after the commit. Errors: DomainError("pay_not_offered").
    """
    with once(DomainError("pay_not_offered")):
        dossier = writer.locked().get(pk=dossier_id)
        platform = offered(dossier, at)
        if platform is None:
            raise DomainError("pay_not_offered")
        rows = PayRequest.objects.select_for_update(of=("self",)).filter(dossier=dossier)
        for row in rows.filter(state__in=OPEN):
            if is_current(row, dossier, at):
                return row
            # Shown to nobody any more; asked after until its term is over.
            PayRequest.objects.filter(pk=row.pk).update(state=State.CLOSED)
        row = PayRequest.objects.create(
            peer=platform.code,
            reference=_reference(
                dossier.code, at, PayRequest.objects.filter(dossier=dossier).count()
            ),
            dossier=dossier,
            agency=counter_of(dossier, at),
            amount=dossier.fee_owed,
            content=f"Phi, le phi ho so {dossier.code}",
            created_at=at,
            created_by=by.officer if by is not None else None,
            expires_at=at + platform.term,
            next_at=at,
        )
        nudge(SETTLE)
    return row


def _reference(code: str, at: datetime, before: int) -> str:
    """Letters and digits only; two of one dossier in one second are two."""
    plain = "".join(sign for sign in code if sign.isascii() and sign.isalnum())
    return f"{plain[:56]}{timezone.localtime(at):%Y%m%d%H%M%S}{before + 1:02d}"
