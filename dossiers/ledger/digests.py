"""The day's digest of an agency's events: chained in the order they were made, kept in the database
and sent away by mail.

What leaves the machine proves later that no dossier of that day was removed and no event added
(docs/operations.md). No agency (None): the log of rows outside dossiers (onestop.changes).

A day has one digest. Only a day that was closed by a clock that ran ahead gets a further one, of
what was recorded after.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Min, OuterRef, Subquery
from django.utils import timezone

from dossiers.models import AgencyDigest, Event
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.changes.models import RowChange
from onestop.instants import SKEW, instant, lies_ahead
from onestop.jobs.models import TaskRun
from onestop.outbox.domain import post
from onestop.outbox.models import Message
from onestop.outbox.told import told
from onestop.rows import GENESIS
from onestop.worktime import start_of_day

TASK, LETTER = "dossiers.daily_digest", "digest"
# A letter after a long stand-still names so many days; the rest stands in the database.
LINES = 60
# A night of a wrong clock was mended by the next one that came, at the latest in so many days after
# its own instant.
LOOKED_BACK = timedelta(100)


@dataclass(frozen=True, slots=True)
class Part:
    """Events of one day up to an id: how many, and what their hashes hash to."""

    events: int
    through: int
    content: str


def days_of(
    agency_id: int | None,
    *,
    since: date | None,
    before: date,
    cuts: Mapping[date, Sequence[int]],
) -> Iterator[tuple[date, list[Part]]]:
    """An agency's days with events, from one day (None: the first) and before another, in order.

    In: for each day the ids at which its digests end, ascending. Out: for each of these the events
    up to it, and last those that came after all of them. A day is a day of recording in Vietnam.
    One query; memory stays flat.
    """
    rows = _recorded(agency_id).filter(recorded_at__lt=start_of_day(before))
    if since is not None:
        rows = rows.filter(recorded_at__gte=start_of_day(since))
    found: Iterable[Any] = (
        rows.order_by("recorded_at", "id")
        .values_list("recorded_at", "id", "hash")
        .iterator(chunk_size=5000)
    )
    for day, events in groupby(found, key=lambda one: timezone.localdate(one[0])):
        ends = cuts.get(day, ())
        hashes = [hashlib.sha256() for _ in range(len(ends) + 1)]
        counts, newest = [0] * len(hashes), 0
        for _, pk, event_hash in events:
            part = bisect_left(ends, pk)
            hashes[part].update(event_hash.encode() + b"\n")
            counts[part] += 1
            newest = max(newest, pk)
        yield (
            day,
            [
                Part(count, through, sha.hexdigest())
                for count, through, sha in zip(counts, [*ends, newest], hashes, strict=True)
            ],
        )


def _recorded(agency_id: int | None) -> Any:
    """What the digests of an agency are made of."""
    if agency_id is None:
        return RowChange.objects.all()
    return Event.objects.filter(agency_id=agency_id)


def hash_of(row: AgencyDigest, part: Part, previous: str) -> str:
    """What a digest of these events, chained to the one made before it, hashes to."""
    head = (
        previous,
        row.agency_id,
        row.day.isoformat(),
        instant(row.made_at),
        part.events,
        part.through,
        part.content,
    )
    return hashlib.sha256("\n".join(str(one) for one in head).encode()).hexdigest()


def closed_before(now: datetime) -> date | None:
    """Every agency's days before this one have their digests; None when the nightly work has never
    made any.

    Told by what it leaves in three places, so that digests removed from one of them are missed: the
    digests themselves, the record of its last run, the letters it sent. What lies ahead was left by
    a clock that was wrong and says nothing.
    """
    by = now + SKEW
    run = TaskRun.objects.filter(name=TASK, ok=True, started_at__lte=by).aggregate(
        at=Max("started_at")
    )
    digest = AgencyDigest.objects.filter(made_at__lte=by).aggregate(at=Max("made_at"))
    letter = Message.objects.filter(kind=LETTER, created_at__lte=by).aggregate(at=Max("created_at"))
    last = max((one["at"] for one in (run, digest, letter) if one["at"] is not None), default=None)
    return timezone.localdate(last) if last is not None else None


def wrong_nights(now: datetime, *, since: datetime | None = None) -> set[datetime]:
    """When digests were made by a clock that ran ahead: a night that came later has an earlier
    instant. `since`: those alone that say they were made since then, or lie ahead.
    """
    rows = AgencyDigest.objects.filter(made_at__gte=since) if since else AgencyDigest.objects.all()
    nights = rows.values("made_at").annotate(first=Min("id")).order_by("-first")
    lowest, wrong = now, set()
    for night in nights:
        if lies_ahead(night["made_at"], lowest):
            wrong.add(night["made_at"])
        lowest = min(lowest, night["made_at"])
    return wrong


def daily_digest(now: datetime) -> int:
    """Write the digests of every closed day that has none, per agency, and send them to its
    controllers; how many.

    Safe to repeat: two runs that meet would chain to the same digest, and the second one leaves the
    agency to the first.
    """
    wrong, made = wrong_nights(now, since=now - LOOKED_BACK), 0
    for agency in _waiting(now, wrong):
        rows = _due(agency, now, wrong)
        if not rows:
            continue
        try:
            with transaction.atomic():
                AgencyDigest.objects.bulk_create(rows, batch_size=500)
                _send(agency, rows, now)
        except IntegrityError:
            continue
        made += len(rows)
    return made


def _waiting(now: datetime, wrong: set[datetime]) -> list[Agency | None]:
    """Whose days may want a digest, the common log first: those with something recorded on a closed
    day after their last digest. Three queries, whoever there is; where a clock was wrong, all.
    """
    agencies: list[Agency] = list(Agency.objects.order_by("path"))
    if wrong:
        return [None, *agencies]
    closed = start_of_day(timezone.localdate(now))
    digests = AgencyDigest.objects.filter(agency=OuterRef("pk")).order_by("-id")
    events = Event.objects.filter(agency=OuterRef("pk"), recorded_at__lt=closed)
    seen = Agency.objects.annotate(
        last=Subquery(digests.values("day")[:1]),
        newest=Subquery(events.order_by("-recorded_at").values("recorded_at")[:1]),
    )
    due = {
        pk
        for pk, last, newest in seen.values_list("pk", "last", "newest")
        if _goes_on(last, newest)
    }
    common = AgencyDigest.objects.filter(agency=None).order_by("-id").values("day")[:1]
    changes = RowChange.objects.filter(recorded_at__lt=closed).order_by("-recorded_at")
    change = changes.annotate(last=Subquery(common)).values_list("last", "recorded_at").first()
    first: list[Agency | None] = [None] if change is not None and _goes_on(*change) else []
    return [*first, *(agency for agency in agencies if agency.pk in due)]


def _goes_on(last: date | None, newest: datetime | None) -> bool:
    """Whether something was recorded on a later day than the last one with a digest."""
    return newest is not None and (last is None or timezone.localdate(newest) > last)


def _due(agency: Agency | None, now: datetime, wrong: set[datetime]) -> list[AgencyDigest]:
    mine = AgencyDigest.objects.filter(agency=agency)
    last = mine.order_by("-id").first()
    since = last.day + timedelta(days=1) if last else None
    cuts: dict[date, list[int]] = {}
    grows: set[date] = set()
    early = mine.filter(made_at__in=wrong).order_by("day").first() if wrong else None
    if early is not None:
        # Days closed too early, and those between them and the days of the wrong clock.
        since = early.day
        cuts, closed = cuts_of(mine.filter(day__gte=since))
        grows = {day for day, digests in closed.items() if digests[-1].made_at in wrong}
    previous, rows = last.hash if last else GENESIS, []
    pk = agency.pk if agency else None
    for day, parts in days_of(pk, since=since, before=timezone.localdate(now), cuts=cuts):
        if not parts[-1].events or (day in cuts and day not in grows):
            continue
        row = AgencyDigest(agency=agency, day=day, previous=previous, made_at=now)
        row.events, row.through = parts[-1].events, parts[-1].through
        row.hash = previous = hash_of(row, parts[-1], previous)
        rows.append(row)
    return rows


def cuts_of(
    rows: Iterable[AgencyDigest],
) -> tuple[dict[date, list[int]], dict[date, list[AgencyDigest]]]:
    """By day, the ids at which its digests end, and the digests themselves, in that order."""
    cuts: dict[date, list[int]] = {}
    by_day: dict[date, list[AgencyDigest]] = {}
    for row in sorted(rows, key=lambda one: (one.day, one.through)):
        cuts.setdefault(row.day, []).append(row.through)
        by_day.setdefault(row.day, []).append(row)
    return cuts, by_day


def _send(agency: Agency | None, rows: list[AgencyDigest], now: datetime) -> None:
    last = rows[-1]
    words = told(
        "dossiers/told/day_digests",
        agency=agency,
        last=last,
        rows=rows[-LINES:],
        earlier=max(0, len(rows) - LINES),
    )
    for officer in _readers(agency, timezone.localdate(now)):
        post(
            kind=LETTER,
            dedupe=f"digest:{agency.pk if agency else 0}:{last.day}:{last.through}:{officer.pk}",
            **words,
            at=now,
            to_officer=officer,
            object_kind="agency" if agency else "",
            object_id=agency.pk if agency else None,
        )


def _readers(agency: Agency | None, on: date) -> list[Officer]:
    """The controllers who keep the letter; what belongs to no agency goes to those at the top."""
    tops = [agency] if agency else list(Agency.objects.filter(parent=None).order_by("pk"))
    people = {
        one.pk: one
        for top in tops
        for one in RoleGrant.objects.nearest_holders(Role.CONTROLLER, top, on)
    }
    return list(people.values())
