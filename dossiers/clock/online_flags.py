"""Telling the counter's head and the controller in time: filings that wait for being received and whose
eight working hours are soon or already over (R-40). Once a filing and level, one notice an agency.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from dossiers.models import OnlineFiling
from onestop.accounts.models import DepartmentKind, Officer, Role, RoleGrant
from onestop.changes.domain import update_all
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from onestop.accounts.models import Agency

CHUNK = 200
SOON, LATE = "soon", "late"


def flag(now: datetime) -> dict[str, int]:
    """Flag what became due soon or late by `now` and tell whom it concerns; how many of each. Safe
    any number of times: what is flagged is told in the same transaction.
    """
    done = {SOON: 0, LATE: 0}
    while True:
        with transaction.atomic():
            rows = list(_to_flag(now)[:CHUNK])
            if not rows:
                return done
            groups: dict[tuple[int, str], list[OnlineFiling]] = defaultdict(list)
            for row in rows:
                level = LATE if row.is_late(now) else SOON
                groups[row.agency_id, level].append(row)
            for (_, level), found in groups.items():
                done[level] += len(found)
                _tell(level, found, now)
                flags = {"soon_flagged": True} | ({"late_flagged": True} if level == LATE else {})
                update_all(OnlineFiling.objects.filter(pk__in=[r.pk for r in found]), **flags)


def _to_flag(now: datetime) -> QuerySet[OnlineFiling]:
    due = Q(accept_by__lte=now, late_flagged=False) | Q(warn_at__lte=now, soon_flagged=False)
    rows = OnlineFiling.objects.filter(due, state=OnlineFiling.State.WAITING)
    rows = rows.select_related("agency").select_for_update(
        of=("self",), skip_locked=True, no_key=True
    )
    return rows.order_by(F("accept_by").asc(nulls_last=True), "pk")


def _tell(level: str, rows: list[OnlineFiling], now: datetime) -> None:
    agency = rows[0].agency
    # With its instant: what was answered and handed in again has hours of its own.
    named = " ".join(f"{row.code} {row.accept_by}" for row in rows)
    key = hashlib.sha256(named.encode()).hexdigest()[:20]
    words = told(
        "dossiers/told/online_waiting", level=level, agency=agency, rows=rows, count=len(rows)
    )
    stand = "qua-gio" if level == LATE else "sap-het-gio"
    for officer in whom_to_tell(agency, now):
        post(
            kind=level,
            dedupe=f"online:{level}:{key}:{officer.pk}",
            **words,
            at=now,
            to_officer=officer,
            link=f"{reverse('online_filings')}?muc={stand}",
        )


def whom_to_tell(agency: Agency, now: datetime) -> list[Officer]:
    """The head of the counter who also works at it; its clerks where none does, for a head alone
    cannot open what is told; and the nearest controllers.
    """
    on = timezone.localdate(now)
    at_counter = RoleGrant.objects.valid_on(on).filter(
        agency=agency, department__kind=DepartmentKind.ONE_STOP
    )
    at_counter = at_counter.select_related("officer").order_by("officer_id")
    heads = [one.officer for one in at_counter.filter(role=Role.HEAD)]
    clerks = [one.officer for one in at_counter.filter(role=Role.CLERK)]
    if {one.pk for one in heads} & {one.pk for one in clerks}:
        clerks = []
    controllers = RoleGrant.objects.nearest_holders(Role.CONTROLLER, agency, on)
    return list({one.pk: one for one in (*heads, *clerks, *controllers)}.values())
