"""The accounts by which officers and offices sign in on portals: written down and ended by whoever
administers or controls their agency (S1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from dossiers.identity import kind_of, normal_identity
from dossiers.models.dossier import IdentityKind
from dossiers.models.helping import OwnAccount
from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, require
from onestop.once import once
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency

KEEPERS = (Role.ADMINISTRATOR, Role.CONTROLLER)


@dataclass(frozen=True, slots=True)
class Own:
    kind: OwnAccount.Kind
    number: str
    holder: str
    from_day: date


def may_keep(desk: Desk, agency: Agency) -> Answer:
    """Its administrator or controller, or one of an agency above it."""
    keeps = any(agency.is_under(path) for path in desk.paths_as(*KEEPERS))
    return ALLOWED if keeps else Denied("not_allowed")


def keep_account(agency: Agency, own: Own, *, by: Desk, at: datetime) -> OwnAccount:
    """Effects: the row, a line of the access log. What came before keeps how it was counted. Errors:
    DomainError("not_allowed", "own_account_number", "own_account_twice").
    """
    require(may_keep(by, agency))
    is_officer = own.kind == OwnAccount.Kind.OFFICER
    kind = kind_of(own.number) if is_officer else IdentityKind.TAX_CODE
    number = normal_identity(kind, own.number)
    if len(number) < 6 or not number.isascii():
        raise DomainError("own_account_number", field="number")
    row = OwnAccount(
        agency=agency, kind=own.kind, number=number, holder=own.holder, from_day=own.from_day,
        made_by=by.officer, made_at=at,
    )  # fmt: skip
    with once(DomainError("own_account_twice", field="number", number=number)):
        row.save()
    _record(row, "ghi", by, at)
    return row


def end_account(pk: int, *, by: Desk, at: datetime) -> OwnAccount:
    """It is told apart no more from now on. Errors: DomainError("not_allowed", "own_account_ended")."""
    with transaction.atomic():
        row = OwnAccount.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
        require(may_keep(by, row.agency))
        if row.ended_at is not None:
            raise DomainError("own_account_ended")
        row.ended_at, row.ended_by = at, by.officer
        row.save()
        _record(row, "thôi dùng", by, at)
    return row


def _record(row: OwnAccount, word: str, by: Desk, at: datetime) -> None:
    """Without the number: the log is read by more people than the list."""
    said = f"Tài khoản nộp trực tuyến: {word} “{row.holder}”, từ {row.from_day:%d/%m/%Y}"
    access(
        by.officer, AccessKind.AGENCY_CHANGED, "agency", row.agency_id, said, about=row.agency_id
    )
