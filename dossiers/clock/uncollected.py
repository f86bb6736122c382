"""Telling the counters of results that nobody fetches: once a week each, by age (R-78, R-79)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier
from dossiers.models.collecting import ResultArchive, ResultNotice
from dossiers.states import State
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.told import told

# A result that lies so many days is asked after, then a worry.
LONG, TOO_LONG = 10, 30
KIND = "uncollected"


def is_told() -> Exists:
    """Whether somebody was told of the result, or tried to be."""
    return Exists(ResultNotice.objects.standing().filter(dossier=OuterRef("pk")))


def is_archived() -> Exists:
    """Whether its result lies in the archive: nobody is waited for any more."""
    return Exists(ResultArchive.objects.standing().filter(dossier=OuterRef("pk")))


def remind(now: datetime) -> int:
    """Ring the clerks of every counter whose results lie for ten days or longer; how many counters.

    Safe any number of times: each counter is told once a calendar week, on the first run of it.
    """
    today = timezone.localdate(now)
    year, week, _ = today.isocalendar()
    told_of = 0
    for row in _by_counter(now):
        agency = Agency.objects.get(pk=row["received_by_agency"]).in_charge(today)
        words = told(
            "dossiers/told/uncollected", agency=agency, long=LONG, too_long=TOO_LONG, **row
        )
        clerks = RoleGrant.objects.valid_on(today).filter(agency=agency, role=Role.CLERK)
        people = {one.officer_id: one.officer for one in clerks.select_related("officer")}
        sent = [
            post(
                kind=KIND,
                dedupe=f"{KIND}:{row['received_by_agency']}:{year}-{week}:{officer.pk}",
                **words,
                at=now,
                to_officer=officer,
                link=f"{reverse('return_desk')}?loc=lau",
                mail=False,
            )
            for officer in people.values()
        ]
        told_of += any(sent)
    return told_of


def _by_counter(now: datetime) -> Iterable[Mapping[str, int]]:
    """How many results wait long at each counter, too long, and of which nobody was told."""
    edge, worry = now - timedelta(days=LONG), now - timedelta(days=TOO_LONG)
    waiting = Dossier.objects.filter(state=State.FINISHED, ended_at__lte=edge)
    found: Any = (
        waiting.filter(~is_archived())
        .annotate(told=is_told())
        .order_by()
        .values("received_by_agency")
        .annotate(
            count=Count("pk"),
            old=Count("pk", filter=Q(ended_at__lte=worry)),
            untold=Count("pk", filter=Q(told=False)),
        )
        .order_by(F("received_by_agency"))
    )
    return list(found)
