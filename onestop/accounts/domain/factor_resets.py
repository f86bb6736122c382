"""Taking off somebody's second factors (R-142, docs/adr/0024): one administrator asks, another one
does it, the person is told. On the server, as the last way, a command does it alone.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.domain.open_sessions import drop
from onestop.accounts.domain.telling import tell
from onestop.accounts.models import (
    AccessKind,
    Factor,
    FactorReset,
    Officer,
    RecoveryCode,
    Role,
    RoleGrant,
)
from onestop.errors import DomainError
from onestop.outbox.domain import post
from onestop.outbox.told import told

# Whoever asked for it a week ago may have found the telephone since.
WAITS = timedelta(days=7)


def waiting(officer: Officer, at: datetime) -> FactorReset | None:
    """The reset that waits for a second administrator. One query."""
    found = FactorReset.objects.filter(
        officer=officer, confirmed_at=None, ended_at=None, proposed_at__gt=at - WAITS
    )
    return found.select_related("proposed_by").first()


def propose(*, officer: Officer, reason: str, by: Officer, at: datetime) -> FactorReset:
    """Writes what is asked for and tells the person, the head and who may do it. Nothing is taken
    off yet; an earlier one that waits is over.

    Raises DomainError own_account / reset_nothing.
    """
    _not_oneself(officer, by)
    with transaction.atomic():
        _begin(officer, by, at)
        made = FactorReset.objects.create(
            officer=officer, reason=reason, proposed_by=by, proposed_at=at
        )
        _log(AccessKind.RESET_PROPOSED, officer, f"{officer.username}: {reason}", by)
        tell(officer, "reset_proposed", by=by, at=at, reason=reason)
        _ask(made, by, at)
    return made


def confirm(*, officer: Officer, by: Officer, at: datetime) -> None:
    """Another administrator than who asked: factors, recovery codes and sessions are gone; the
    person and the head are told. At the next sign-in the person sets up anew.

    Raises DomainError own_account / reset_own / reset_over.
    """
    _not_oneself(officer, by)
    with transaction.atomic():
        asked = _locked(officer, at)
        if asked.proposed_by_id == by.pk:
            raise DomainError("reset_own")
        asked.confirmed_by, asked.confirmed_at = by, at
        asked.save(update_fields=["confirmed_by", "confirmed_at"])
        proposer = asked.proposed_by.username if asked.proposed_by is not None else ""
        detail = f"{officer.username}: {asked.reason} (đề nghị: {proposer})"
        _take_off(officer=officer, detail=detail, reason=asked.reason, by=by, at=at)


def refuse(*, officer: Officer, by: Officer, at: datetime) -> None:
    """What was asked for is not done, or asked for no longer. Raises DomainError own_account /
    reset_over.
    """
    _not_oneself(officer, by)
    with transaction.atomic():
        asked = _locked(officer, at)
        asked.ended_by, asked.ended_at = by, at
        asked.save(update_fields=["ended_by", "ended_at"])
        _log(AccessKind.RESET_PROPOSED, officer, f"{officer.username}: không đặt lại", by)
        tell(officer, "reset_refused", by=by, at=at, reason=asked.reason)


def reset_on_server(*, officer: Officer, reason: str, at: datetime) -> None:
    """Whoever has the server: recorded and told as any other. Raises DomainError reset_nothing."""
    with transaction.atomic():
        _begin(officer, None, at)
        FactorReset.objects.create(officer=officer, reason=reason, proposed_at=at, confirmed_at=at)
        detail = f"{officer.username}: {reason} (lệnh trên máy chủ)"
        _take_off(officer=officer, detail=detail, reason=reason, by=None, at=at)


def _take_off(
    *, officer: Officer, detail: str, reason: str, by: Officer | None, at: datetime
) -> None:
    """All factors and recovery codes; every session of the officer is over at once."""
    Factor.objects.filter(officer=officer).delete()
    RecoveryCode.objects.filter(officer=officer).delete()
    officer.has_factor = False
    officer.save(update_fields=["has_factor"])
    drop(officer)
    _log(AccessKind.FACTORS_RESET, officer, detail, by)
    tell(officer, "factors_reset", by=by, at=at, reason=reason)


def _not_oneself(officer: Officer, by: Officer) -> None:
    if by.pk == officer.pk:
        raise DomainError("own_account")


def officer_section(officer_id: int) -> str:
    """Where it is decided: a part far down the officer's page."""
    return reverse("accounts:officer", args=[officer_id]) + "#xac-thuc"


def _begin(officer: Officer, by: Officer | None, at: datetime) -> None:
    """With the officer's row locked: there is something to take off, and whatever waits is over."""
    row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
    if not row.has_factor:
        raise DomainError("reset_nothing", name=officer.full_name)
    earlier = FactorReset.objects.filter(officer=officer, confirmed_at=None, ended_at=None)
    earlier.update(ended_at=at, ended_by=by)


def _locked(officer: Officer, at: datetime) -> FactorReset:
    Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
    asked = waiting(officer, at)
    if asked is None:
        raise DomainError("reset_over")
    return asked


def _ask(asked: FactorReset, by: Officer, at: datetime) -> None:
    """The administrators who may do it: of the agency and of those above it."""
    agency = asked.officer.agency
    if agency is None:
        return
    on = timezone.localdate(at)
    grants = RoleGrant.objects.valid_on(on).filter(
        role=Role.ADMINISTRATOR, agency__in=agency.lineage, officer__is_active=True
    )
    people = {grant.officer_id: grant.officer for grant in grants.select_related("officer")}
    for person in people.values():
        if person.pk in (by.pk, asked.officer_id):
            continue
        words = told(
            "accounts/told/reset_asked", officer=asked.officer, person=person, by=by, at=at, reason=asked.reason
        )  # fmt: skip
        post(
            **words,
            kind="administration",
            dedupe=f"factor-reset:{asked.pk}:{person.pk}",
            at=at,
            to_officer=person,
            object_kind="officer",
            object_id=asked.officer_id,
            link=officer_section(asked.officer_id),
        )


def _log(kind: AccessKind, officer: Officer, detail: str, by: Officer | None) -> None:
    access(by, kind, "officer", officer.pk, detail, about=officer.agency_id)
