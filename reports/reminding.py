"""Whoever may apologise is told in time (R-53): the leaders, of what became due soon and was not
apologised for; its holder and head are told by the flags themselves (dossiers/clock/flags.py).
Whoever may say causes is reminded of those that are missing (R-58).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from dossiers.clock.flags import became_due_soon
from dossiers.desk.noted import Note, late_page_opened
from dossiers.models import Dossier, HandOver
from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer, Role, RoleGrant, Substitution
from onestop.instants import SKEW
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.models import Message
from onestop.outbox.told import told
from reports import apologies, lateness, proposing
from reports.causes import SAYERS
from reports.causes import may_say as may_say_cause
from reports.models import LateCause
from reports.proposing import Proposal

KIND = "apology_due"
CAUSE_KIND = "cause_missing"


def connect() -> None:
    became_due_soon.connect(_tell, dispatch_uid="reports.apology_due")
    late_page_opened.connect(_note, dispatch_uid="reports.late_page")


def _tell(*, dossiers: Sequence[Dossier], at: datetime, **_: Any) -> None:
    """One notice a leader for all of a run; whoever stands in for a leader gets it too."""
    ids = [one.pk for one in dossiers]
    owed = Dossier.objects.filter(pk__in=ids, due_at__isnull=False).exclude(apologies.apologised())
    by_agency: dict[int, list[Dossier]] = defaultdict(list)
    for one in owed.only("code", "due_at", "agency").order_by("due_at", "pk"):
        by_agency[one.agency_id].append(one)
    wanted: dict[int, tuple[Officer, list[Dossier]]] = {}
    for agency_id, leader in _leaders(by_agency, at):
        wanted.setdefault(leader.pk, (leader, []))[1].extend(by_agency[agency_id])
    post_all(_notice(leader, rows, at) for leader, rows in wanted.values())


@dataclass(frozen=True, slots=True)
class _About:
    """The cause of a late dossier, or what is proposed to whoever may say it."""

    said: LateCause | None
    may_say: bool
    proposal: Proposal | None


def _note(
    *, dossier: Dossier, desk: Desk, at: datetime, hand_overs: Sequence[HandOver], **_: Any
) -> Note | None:
    """One query; four more for whoever may say a cause that is missing."""
    said = (
        LateCause.objects.filter(dossier=dossier, replaced_at=None)
        .select_related("department", "recorded_by")
        .first()
    )
    may_say = may_say_cause(desk, dossier)
    if said is None and not may_say:
        return None
    if said is not None:
        return Note("reports/late/_note.html", _About(said, may_say, None))
    found = proposing.proposed([dossier.pk], at, passed=hand_overs).get(dossier.pk)
    return Note("reports/late/_note.html", _About(said, may_say, found))


def _leaders(agency_ids: Iterable[int], at: datetime) -> list[tuple[int, Officer]]:
    """Who leads each agency today, and who stands in for a leader. Two queries."""
    day = timezone.localdate(at)
    grants = RoleGrant.objects.valid_on(day).filter(
        role=Role.LEADER, agency__in=list(agency_ids), officer__is_active=True
    )
    found = [(one.agency_id, one.officer) for one in grants.select_related("officer")]
    absent = Substitution.objects.valid_on(day).filter(absent__in=[o.pk for _, o in found])
    stand_ins = [(row.absent_id, row.substitute) for row in absent.select_related("substitute")]
    more = [
        (agency_id, substitute)
        for agency_id, leader in found
        for absent_id, substitute in stand_ins
        if absent_id == leader.pk
    ]
    return list(dict.fromkeys([*found, *more]))


def _notice(leader: Officer, rows: Sequence[Dossier], at: datetime) -> Notice:
    keys = "\n".join(f"{one.pk}:{one.due_at}" for one in rows)
    return Notice(
        kind=KIND,
        dedupe=f"{KIND}:{leader.pk}:{hashlib.sha256(keys.encode()).hexdigest()}",
        **told("reports/told/apology_due", dossiers=rows),
        at=at,
        to_officer=leader,
        to_email="",
        object_kind="",
        object_id=None,
        mail=True,
        link=f"{reverse('late_list')}?muc={lateness.DUE_SOON.key}",
    )


def remind_causes(now: datetime) -> int:
    """Tell heads, leaders and controllers, once a week, how many late dossiers of their agency have
    no cause; how many were told. A handful of statements, whatever the agencies.
    """
    day = timezone.localdate(now)
    grants = RoleGrant.objects.valid_on(day).filter(role__in=SAYERS, officer__is_active=True)
    people: dict[int, set[int]] = defaultdict(set)
    for agency, officer in grants.values_list("agency", "officer"):
        people[agency].add(officer)
    asked = lateness.Asked(list(people), now, lateness.first_day(day), day)
    missing = Dossier.objects.filter(lateness.rows_of(lateness.UNSAID, asked)).order_by()
    counts = dict(missing.values_list("agency").annotate(number=Count("pk")))
    year, number_of_week, _ = day.isocalendar()
    known = Officer.objects.in_bulk({pk for agency in counts for pk in people[agency]})
    posted = post_all(
        _reminder(known[pk], number, f"{CAUSE_KIND}:{agency}:{pk}:{year}-{number_of_week}", now)
        for agency, number in counts.items()
        for pk in sorted(people[agency])
    )
    return len(posted)


def _reminder(officer: Officer, number: int, dedupe: str, at: datetime) -> Notice:
    return Notice(
        kind=CAUSE_KIND,
        dedupe=dedupe,
        **told("reports/told/cause_missing", number=number),
        at=at,
        to_officer=officer,
        to_email="",
        object_kind="",
        object_id=None,
        mail=True,
        link=f"{reverse('late_list')}?muc={lateness.UNSAID.key}",
    )


def after_clock_set_back(now: datetime) -> None:
    """What a wrong clock told is told again when it is true."""
    Message.objects.filter(kind__in=(KIND, CAUSE_KIND), created_at__gt=now + SKEW).delete()
