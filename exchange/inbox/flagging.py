"""What is held keeps a citizen waiting as any filing does: it has the same hours (R-40), and whoever has to
look at it is told when they are soon over and when they are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dossiers.clock.online_flags import LATE, SOON, whom_to_tell
from dossiers.intake import online
from exchange.models import Message
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from onestop.accounts.models import Officer

AT_ONCE = 200
# The citizen has to do something, nobody here.
WAITS_FOR_PAYMENT = "missing_paid"


def set_clock(message: Message, since: datetime) -> None:
    """Until when it must be looked at; not saved. Where it names no counter the hours of the agency
    on top count. One query or two.
    """
    if waits_for_payment(message):
        message.answer_by = message.warn_at = None
        return
    agency = message.agency_id or _on_top()
    if agency is None:
        return
    promise = online.clock(since, calendar_of(agency))
    if (promise.at, promise.warn_at) != (message.answer_by, message.warn_at):
        message.soon_flagged = message.late_flagged = False
    message.answer_by, message.warn_at = promise.at, promise.warn_at


def hold(message: Message, missing: list[dict[str, Any]], *, since: datetime | None = None) -> None:
    """It waits for a person, by what it lacks; not saved. `since`: from when its hours run, where that is
    known.
    """
    message.state, message.missing = Message.State.QUARANTINED, missing
    if message.ended_at is not None:
        # Why it had ended; of what never did the reason says why its sender was refused.
        message.ended_at, message.reason = None, ""
    set_clock(message, since or message.received_at)


def waits_for_payment(message: Message) -> bool:
    """Nothing else keeps it."""
    return [one["code"] for one in message.missing] == [WAITS_FOR_PAYMENT]


def _on_top() -> int | None:
    return Agency.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True).first()


def flag(now: datetime) -> int:
    """Tell of what became due soon or late by now, once a message and level, one notice an agency;
    of how many. What is flagged is told in the same transaction.
    """
    with transaction.atomic():
        rows = _to_flag(now)
        groups: dict[tuple[int | None, str], list[Message]] = defaultdict(list)
        for row in rows:
            level = LATE if row.is_late(now) else SOON
            groups[row.agency_id, level].append(row)
            row.soon_flagged, row.late_flagged = True, level == LATE
        for (_, level), found in groups.items():
            _tell(level, found, now)
        Message.objects.bulk_update(rows, ["soon_flagged", "late_flagged"])
    return len(rows)


def _to_flag(now: datetime) -> list[Message]:
    due = Q(answer_by__lte=now, late_flagged=False) | Q(warn_at__lte=now, soon_flagged=False)
    rows = Message.objects.filter(due, state=Message.State.QUARANTINED).defer("raw")
    rows = rows.select_related("agency").select_for_update(of=("self",), skip_locked=True)
    return list(rows.order_by("answer_by", "pk")[:AT_ONCE])


def _tell(level: str, rows: list[Message], now: datetime) -> None:
    agency = rows[0].agency
    named = " ".join(f"{row.pk} {row.answer_by}" for row in rows)
    key = hashlib.sha256(named.encode()).hexdigest()[:20]
    words = told("exchange/told/held", level=level, agency=agency, rows=rows, count=len(rows))
    people = whom_to_tell(agency, now) if agency is not None else _controllers_on_top(now)
    for officer in people:
        post(
            kind=level,
            dedupe=f"held:{level}:{key}:{officer.pk}",
            **words,
            at=now,
            to_officer=officer,
            link=reverse("exchange_messages"),
        )


def _controllers_on_top(now: datetime) -> list[Officer]:
    """Whose is what names no counter that there is (queries.messages)."""
    grants = RoleGrant.objects.valid_on(timezone.localdate(now)).filter(
        role=Role.CONTROLLER, agency__parent=None, officer__is_active=True
    )
    grants = grants.select_related("officer").order_by("officer_id")
    return list({one.officer_id: one.officer for one in grants}.values())
