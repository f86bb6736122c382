"""Days on paper: numbers are kept and printed beforehand; power or network goes, and the incident is
recorded; what was received meanwhile is entered afterwards (acts/reception.py, R-76).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from dossiers import rules
from dossiers.intake.reserved import RESERVED
from dossiers.models import ClockKind, Dossier
from dossiers.models.decision import ClockDecision
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.states import APPROVERS
from onestop.accounts.models import Agency, RoleGrant
from onestop.errors import DomainError, require
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def prepare(agency: Agency, *, size: int, by: Desk, at: datetime) -> PaperPack:
    """Keep the next numbers that no other pack of the office holds. Errors: DomainError("pack_full",
    "code_unit_missing", "agency_ended", "not_your_counter").
    """
    require(rules.may_receive_at(by, agency, timezone.localdate(at)))
    if not agency.dossier_code:
        raise DomainError("code_unit_missing")
    with transaction.atomic():
        # Two clerks who press at once get different numbers.
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        first = _next(agency, size)
        return PaperPack.objects.create(
            agency=agency,
            first=first,
            last=first + size - 1,
            prepared_at=at,
            prepared_by=by.officer,
        )


def _next(agency: Agency, size: int) -> int:
    packs = PaperPack.objects.filter(agency=agency)
    held = sorted((pack.first, pack.last) for pack in packs.standing())
    newest = packs.first()
    after = newest.last + 1 if newest is not None else RESERVED.start
    for start in (after, RESERVED.start, *(last + 1 for _, last in held)):
        wanted = range(start, start + size)
        is_free = all(wanted[-1] < first or wanted[0] > last for first, last in held)
        if is_free and wanted[-1] in RESERVED:
            return start
    raise DomainError("pack_full")


def end_pack(pk: int, agency: Agency, *, by: Desk, at: datetime) -> None:
    """The paper is thrown away: its numbers are nobody's. What was entered under them stays."""
    require(rules.may_stand_at(by, agency.pk))
    with transaction.atomic():
        pack = PaperPack.objects.select_for_update(of=("self",)).get(pk=pk, agency=agency)
        if pack.ended_at is None:
            pack.ended_at = at
            pack.save(update_fields=["ended_at"])


def record(
    agency: Agency,
    *,
    kind: int,
    note: str,
    began_at: datetime,
    ended_at: datetime | None,
    by: Desk,
    at: datetime,
) -> Outage:
    """Effects: the row; where it is over, a notice to those who may leave it out of terms. Errors:
    DomainError("outage_times", "not_your_counter").
    """
    require(rules.may_stand_at(by, agency.pk))
    _check_times(began_at, ended_at, at)
    with transaction.atomic():
        outage = Outage.objects.create(
            agency=agency,
            kind=kind,
            note=note.strip()[:300],
            began_at=began_at,
            ended_at=ended_at,
            recorded_at=at,
            recorded_by=by.officer,
        )
        _tell(outage, by=by, at=at)
    return outage


def correct(
    pk: int,
    agency: Agency,
    *,
    kind: int,
    note: str,
    began_at: datetime,
    ended_at: datetime | None,
    by: Desk,
    at: datetime,
) -> Outage:
    """When it was over, or what was written of it wrongly. Effects and errors as of record(), and
    DomainError("outage_used") where something was received outside the new times, "outage_decided"
    where promises were moved by what they leave away.
    """
    require(rules.may_stand_at(by, agency.pk))
    _check_times(began_at, ended_at, at)
    with transaction.atomic():
        outage = _locked(pk, agency)
        decided = _decided(outage)
        outage.kind, outage.note = kind, note.strip()[:300]
        outage.began_at, outage.ended_at = began_at, ended_at
        times = outage.received.values_list("dossier__received_at", flat=True)
        if not all(outage.covers(received, at) for received in times):
            raise DomainError("outage_used")
        if decided.exclude(begins__gte=began_at, ends__lte=ended_at or began_at).exists():
            raise DomainError("outage_decided")
        outage.save()
        _tell(outage, by=by, at=at)
    return outage


def _tell(outage: Outage, *, by: Desk, at: datetime) -> None:
    """Once a time it was over: the approvers of the agency, where anything open lay there meanwhile.
    What they decide on it is theirs (acts/incidents.py).
    """
    if outage.ended_at is None:
        return
    lay = Dossier.objects.open().filter(agency=outage.agency_id, received_at__lt=outage.ended_at)
    if not (number := lay.count()):
        return
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        agency=outage.agency_id, role__in=APPROVERS, officer__is_active=True
    )
    officers = {one.officer.pk: one.officer for one in grants.select_related("officer")}
    officers.pop(by.officer.pk, None)
    for officer in officers.values():
        post(
            **told("dossiers/told/outage_over", outage=outage, number=number),
            kind="outage_over",
            dedupe=f"outage:{outage.pk}:{outage.ended_at.isoformat()}:{officer.pk}",
            at=at,
            to_officer=officer,
            link=f"{reverse('press', args=['thoi-gian-su-co'])}?cho={outage.pk}",
            mail=False,
        )


def cancel(pk: int, agency: Agency, *, by: Desk, at: datetime) -> None:
    """It was no incident. Errors: DomainError("outage_used") where something was received in it,
    "outage_decided" where promises were moved by it.
    """
    require(rules.may_stand_at(by, agency.pk))
    with transaction.atomic():
        outage = _locked(pk, agency)
        if outage.received.exists():
            raise DomainError("outage_used")
        if _decided(outage).exists():
            raise DomainError("outage_decided")
        outage.cancelled_at = at
        outage.save(update_fields=["cancelled_at"])


def _decided(outage: Outage) -> QuerySet[ClockDecision]:
    """Times left out of terms (acts/incidents.py) by this incident and no other that is recorded."""
    rows = ClockDecision.objects.standing().filter(
        dossier__agency=outage.agency_id, mode=ClockKind.EXCLUDE, kind="su-co"
    )
    others = Outage.objects.filter(agency=outage.agency_id, cancelled_at=None).exclude(pk=outage.pk)
    others = others.filter(began_at__lte=OuterRef("begins"), ended_at__gte=OuterRef("ends"))
    return rows.filter(
        ~Exists(others), begins__gte=outage.began_at, ends__lte=outage.ended_at or outage.began_at
    )


def _locked(pk: int, agency: Agency) -> Outage:
    rows = Outage.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=pk, agency=agency, cancelled_at=None).first()
    if found is None:
        raise DomainError("outage_unknown")
    return found


def _check_times(began_at: datetime, ended_at: datetime | None, at: datetime) -> None:
    if began_at > at:
        raise DomainError("outage_times", field="began_at")
    if ended_at is not None and not began_at < ended_at <= at:
        raise DomainError("outage_times", field="ended_at")
