"""What is held of the filings of a citizen who proved an identity number: what cannot be mapped is no filing,
and waits for a person here all the same (desk/of_owner.py lists it).

Told as the look-up by its code tells it, and only where the message that the look-up tells of is theirs:
what bears no code, or no card that is sure, is nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers.desk.lookup_filed import Arrived
from dossiers.desk.online import SETTLED_DAYS
from dossiers.models import Dossier, OnlineFiling
from exchange.inbox.arriving import RECALLED
from exchange.inbox.telling import MOST, how_it_stands, of_codes
from exchange.models import Message
from onestop.paging import Page, by_id

State = Message.State


def held_of(
    number: str, now: datetime, *, size: int, after: str = "", before: str = ""
) -> Page[Arrived]:
    """Newest first: what is held, and what a person closed for as long as the counter's list shows what was
    settled. One query along the index of owners, and those of telling.of_codes where there is
    anything.
    """
    page = by_id(newest_first=True).page(_rows(number, now), size=size, after=after, before=before)
    messages: dict[str, list[Message]] = defaultdict(list)
    if codes := {one.foreign_code for one in page.rows}:
        for one in of_codes(codes)[: MOST * size]:
            messages[one.foreign_code].append(one)
    found = []
    for row in page.rows:
        stands = how_it_stands(messages[row.foreign_code])
        # Perhaps another one came meanwhile, and says another owner.
        if stands is not None and stands[0] is not None and stands[0].pk == row.pk:
            found.append(Arrived(row.pk, stands[1]))
    return Page(found, page.next, page.previous)


def _rows(number: str, now: datetime) -> QuerySet[Message]:
    code = OuterRef("foreign_code")
    same = Message.objects.filter(door=OuterRef("door"), foreign_code=code)
    for service in RECALLED:
        same = same.exclude(service__iexact=service)
    closed, stands = same.filter(state=State.REFUSED), same.exclude(state=State.REFUSED)
    later = Q(pk__gt=OuterRef("pk"))
    is_held = Q(state=State.QUARANTINED) & ~Exists(stands.filter(later))
    is_closed = Q(
        state=State.REFUSED, ended_by__isnull=False, ended_at__gte=now - timedelta(SETTLED_DAYS)
    )
    is_closed &= ~Exists(stands) & ~Exists(closed.filter(later))
    filings = OnlineFiling.objects.filter(code=code).exclude(state=OnlineFiling.State.RECALLED)
    return (
        # As `message_of_owner` has it.
        Message.objects.exclude(owner_card="")
        .filter(owner_card=number, door__ended_at=None)
        .exclude(foreign_code="")
        .filter(is_held | is_closed)
        .filter(~Exists(filings), ~Exists(Dossier.objects.filter(code=code)))
        .defer("raw")
    )
