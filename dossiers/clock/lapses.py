"""Requests for completion that nobody answers: the counter is told to remind the applicant, and when
the day asked for has passed, the leader is told with a stop proposed. Nothing is ever stopped here.

Run once a morning by the scheduler and safe at any time: each is told once. The cost follows what
waits, not the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier, Supplement
from dossiers.models.reminding import Reminder
from dossiers.models.sent import open_requests
from dossiers.states import State
from onestop.accounts.models import DepartmentKind, Officer, Role, RoleGrant
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.told import told

REMIND, LAPSE = "remind", "lapse"
# So many days before the day asked for, or after the notice where it named none, the applicant is
# reminded unless somebody has done it.
BEFORE, AFTER = 3, 15
CHUNK = 200


@dataclass(slots=True)
class Proposed:
    """What one run told: requests to remind of, requests that lapsed."""

    reminders: int = 0
    lapses: int = 0

    def __bool__(self) -> bool:
        return bool(self.reminders or self.lapses)


def propose(now: datetime) -> Proposed:
    """Tell the counter whom to remind and the leader what has lapsed; how many were told anew."""
    done = Proposed()
    last = 0
    while rows := list(_waiting().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = rows[-1].pk
        lapsed = [row for row in rows if row.respond_by is not None and row.respond_by < now]
        due = [row for row in rows if row not in lapsed and _to_remind(row, now)]
        done.lapses += _tell(LAPSE, lapsed, now, _leaders)
        done.reminders += _tell(REMIND, due, now, _counter)
    return done


def lapsed(dossier: Dossier, now: datetime) -> Supplement | None:
    """The request that this dossier waits for in vain; one query, none unless it waits for papers."""
    if dossier.state != State.AWAITING_PAPERS:
        return None
    return Supplement.objects.awaited().filter(dossier=dossier, respond_by__lt=now).first()


def _waiting() -> QuerySet[Supplement]:
    """What is waited for, with whether the applicant was reminded of it."""
    reminded = Reminder.objects.standing().filter(
        dossier=OuterRef("dossier"), reminded_at__gte=OuterRef("issued_at")
    )
    rows = open_requests().annotate(is_reminded=Exists(reminded))
    return rows.select_related("dossier__agency", "dossier__received_by_agency", "issued_by")


def _to_remind(row: Supplement, now: datetime) -> bool:
    if row.is_reminded or row.issued_at is None:  # type: ignore[attr-defined]
        return False
    if row.respond_by is not None:
        return now >= row.respond_by - timedelta(days=BEFORE)
    return now >= row.issued_at + timedelta(days=AFTER)


def _tell(
    level: str,
    rows: list[Supplement],
    now: datetime,
    people: Callable[[list[Supplement], datetime], Callable[[Supplement], list[Officer]]],
) -> int:
    """One notice a request and person; how many requests were told anew."""
    if not rows:
        return 0
    to = people(rows, now)
    page = "act_stop" if level == LAPSE else "act_remind"
    rung = post_all(
        Notice(
            kind=level,
            # With its instant: what was taken back and issued again is told again.
            dedupe=f"{level}:{row.pk}:{row.issued_at}:{officer.pk}",
            **told(f"dossiers/told/{level}", row=row, dossier=row.dossier),
            at=now,
            to_officer=officer,
            to_email="",
            object_kind="dossier",
            object_id=row.dossier_id,
            link=reverse(page, args=[row.dossier.code]),
            mail=False,
        )
        for row in rows
        for officer in to(row)
    )
    return len({bell.object_id for bell in rung})


def _leaders(rows: list[Supplement], now: datetime) -> Callable[[Supplement], list[Officer]]:
    """Who may stop: the leaders of the agency that handles, its heads where it has none."""
    on = timezone.localdate(now)
    agencies = {row.pk: row.dossier.agency.in_charge(on).pk for row in rows}
    grants = list(
        RoleGrant.objects.valid_on(on)
        .filter(
            agency__in=set(agencies.values()),
            role__in=[Role.LEADER, Role.HEAD],
            officer__is_active=True,
        )
        .select_related("officer")
        .order_by("pk")
    )

    def of(row: Supplement) -> list[Officer]:
        here = [one for one in grants if one.agency_id == agencies[row.pk]]
        leaders = [one.officer for one in here if one.role == Role.LEADER]
        return _once(leaders or [one.officer for one in here])

    return of


def _counter(rows: list[Supplement], now: datetime) -> Callable[[Supplement], list[Officer]]:
    """Who issued the request while still at the counter, else all of the counter."""
    on = timezone.localdate(now)
    agencies = {row.pk: row.dossier.received_by_agency.in_charge(on).pk for row in rows}
    grants = list(
        RoleGrant.objects.valid_on(on)
        .filter(
            agency__in=set(agencies.values()),
            role=Role.CLERK,
            department__kind=DepartmentKind.ONE_STOP,
            officer__is_active=True,
        )
        .select_related("officer")
        .order_by("pk")
    )

    def of(row: Supplement) -> list[Officer]:
        clerks = _once(one.officer for one in grants if one.agency_id == agencies[row.pk])
        return [one for one in clerks if one.pk == row.issued_by_id] or clerks

    return of


def _once(officers: Iterable[Officer]) -> list[Officer]:
    return list({officer.pk: officer for officer in officers}.values())
