"""Giving, ending and recognising keys."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.db import OperationalError, transaction
from django.utils import timezone

from api.models import ApiKey
from onestop.accounts import rules
from onestop.accounts.access import access
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.domain.telling import tell
from onestop.accounts.models import AccessKind, Officer, Role
from onestop.errors import DomainError, require
from onestop.patience import short_wait
from onestop.texts import whole_number

# Roles that see whole agencies: a key of another account would read one person's desk.
READERS = (Role.LEADER, Role.CONTROLLER)
LONGEST_DAYS = 366
PREFIX = "mc"


@dataclass(frozen=True)
class Asking:
    """Whose question it is: the key, and the desk of its account today."""

    key: ApiKey
    desk: Desk

    def may(self, scope: str) -> bool:
        return scope in self.key.scopes


def give_key(
    *,
    name: str,
    officer: Officer,
    scopes: Collection[str],
    valid_to: date,
    by: Officer,
    at: datetime,
) -> tuple[ApiKey, str]:
    """A new key for an account; the key and its text, which is shown once and kept nowhere.

    Effects: the row, a line of the access log, a notice to the account and its head. Errors:
    DomainError("api_key_officer") for an account that is closed, holds no reading role or is of
    another agency, "own_account", "grants_elsewhere", "api_key_days".
    """
    today = timezone.localdate(at)
    last = today + timedelta(days=LONGEST_DAYS)
    if not today <= valid_to <= last:
        said = {"days": LONGEST_DAYS, "first": f"{today:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        raise DomainError("api_key_days", field="valid_to", **said)
    agency = officer.agency
    giver = desk_of(by, at)
    mine = agency is not None and giver.administers(agency)
    if not mine or not officer.is_active or not desk_of(officer, at).has(*READERS):
        raise DomainError("api_key_officer", field="officer")
    # A key reads by every role of its account, also by those above the giver.
    require(rules.may_manage(giver, officer), field="officer")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=name,
            officer=officer,
            scopes=sorted(scopes),
            sha256=_digest(secret),
            valid_to=valid_to,
            made_at=at,
            made_by=by,
        )
        _tell(officer, f"cấp {key}", by=by, at=at)
    return key, f"{PREFIX}-{key.pk}.{secret}"


def end_key(key: ApiKey, *, by: Officer, at: datetime) -> None:
    """From now on it opens nothing. Effects: the row, a line of the access log, a notice to the
    account and its head. Errors: DomainError("api_key_ended").
    """
    with transaction.atomic():
        key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
        if key.ended_at is not None:
            raise DomainError("api_key_ended")
        key.ended_at, key.ended_by = at, by
        key.save(update_fields=["ended_at", "ended_by"])
        _tell(key.officer, f"thu hồi {key}", by=by, at=at)


def asking(text: str, at: datetime) -> Asking | None:
    """Who shows this text of a key; None for a wrong, over or ended one and for an account that is
    closed or holds no reading role any more. The first question of a day is noted.
    """
    number, _, secret = text.removeprefix(f"{PREFIX}-").partition(".")
    pk = whole_number(number)
    key = ApiKey.objects.select_related("officer").filter(pk=pk).first() if pk else None
    # The same work for a number that is not there.
    known = key.sha256 if key is not None else ""
    if not compare_digest(known, _digest(secret)) or key is None:
        return None
    today = timezone.localdate(at)
    if not key.is_valid_on(today) or not key.officer.is_active:
        return None
    desk = desk_of(key.officer, at, kept=True)
    if not desk.has(*READERS):
        return None
    if key.used_on != today:
        key.used_on = today
        # A question waits for no writer: where it cannot be noted now, the next one notes it.
        with suppress(OperationalError), short_wait():
            key.save(update_fields=["used_on"])
    return Asking(key, desk)


def _tell(officer: Officer, what: str, *, by: Officer, at: datetime) -> None:
    about = officer.agency_id
    access(by, AccessKind.ACCOUNT_CHANGED, "officer", officer.pk, what, about=about)
    tell(officer, "account_changed", by=by, at=at, changed=[what])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
