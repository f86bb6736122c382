"""The day's digest of an agency's events: chained from day to day, kept in the database and sent
away by mail.

What leaves the machine proves later that no dossier of that day was removed and no event added
(docs/operations.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from dossiers.ledger.events import GENESIS
from dossiers.models import AgencyDigest, Event
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.jobs.models import TaskRun
from onestop.outbox.domain import post
from onestop.outbox.models import Message

TASK, LETTER = "dossiers.daily_digest", "digest"
# A letter after a long stand-still names so many days; the rest stands in the database.
LINES = 60


@dataclass(frozen=True, slots=True)
class Day:
    """What one agency's events of one day hash to, computed from the events themselves."""

    day: date
    events: int
    hash: str


def days_of(agency_id: int, *, previous: str, after: date | None, before: date) -> Iterator[Day]:
    """The digests of an agency's days with events, after one day (None: from the first) and before
    another, in order.

    In: the hash the first of them is chained to. A day is a day of recording in Vietnam. One query;
    memory stays flat.
    """
    rows = Event.objects.filter(agency_id=agency_id, recorded_at__lt=midnight(before))
    if after is not None:
        rows = rows.filter(recorded_at__gte=midnight(after + timedelta(days=1)))
    pairs: Iterable[Any] = (
        rows.order_by("recorded_at", "id")
        .values_list("recorded_at", "hash")
        .iterator(chunk_size=5000)
    )
    for day, events in groupby(pairs, key=lambda pair: timezone.localdate(pair[0])):
        sha, count = hashlib.sha256(f"{previous}\n{agency_id}\n{day.isoformat()}".encode()), 0
        for _, event_hash in events:
            sha.update(b"\n" + event_hash.encode())
            count += 1
        previous = sha.hexdigest()
        yield Day(day, count, previous)


def midnight(day: date) -> datetime:
    """The first instant of a day in Vietnam."""
    return timezone.make_aware(datetime.combine(day, time.min))


def closed_before() -> date | None:
    """Every agency's days before this one have their digests; None when the nightly work has never
    made any.

    Told by what it leaves in three places, so that digests removed from one of them are missed: the
    digests themselves, the record of its last run, the letters it sent.
    """
    run = TaskRun.objects.filter(name=TASK, ok=True).aggregate(at=Max("started_at"))["at"]
    digest = AgencyDigest.objects.aggregate(at=Max("made_at"))["at"]
    letter = Message.objects.filter(kind=LETTER).aggregate(at=Max("created_at"))["at"]
    last = max((at for at in (run, digest, letter) if at is not None), default=None)
    return timezone.localdate(last) if last is not None else None


def daily_digest(now: datetime) -> int:
    """Write the digests of every closed day that has none, per agency, and send them to its
    controllers; how many days.

    Safe to repeat: a day has one digest, and a run that meets another one leaves the agency to it.
    """
    today = timezone.localdate(now)
    made = 0
    for agency in Agency.objects.order_by("path"):
        last = AgencyDigest.objects.filter(agency=agency).order_by("-day").first()
        previous = last.hash if last else GENESIS
        rows = []
        for found in days_of(
            agency.pk, previous=previous, after=last.day if last else None, before=today
        ):
            rows.append(
                AgencyDigest(
                    agency=agency,
                    day=found.day,
                    events=found.events,
                    previous=previous,
                    hash=found.hash,
                    made_at=now,
                )
            )
            previous = found.hash
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


def _send(agency: Agency, rows: list[AgencyDigest], now: datetime) -> None:
    last = rows[-1]
    lines = [f"{row.day:%d/%m/%Y}  {row.events} sự kiện  {row.hash}" for row in rows[-LINES:]]
    if len(rows) > LINES:
        lines.insert(0, f"({len(rows) - LINES} ngày trước đó được lưu trong cơ sở dữ liệu)")
    body = (
        f"Mã băm nhật ký hồ sơ của {agency.name}, tính đến hết ngày {last.day:%d/%m/%Y}:\n\n"
        + "\n".join(lines)
        + "\n\n"
        "Hãy giữ thư này. Khi cần kiểm tra, chạy lệnh verify_events và đối chiếu mã băm của ngày: "
        "hồ sơ hoặc sự kiện bị xóa, sửa, chèn thêm sẽ cho mã khác."
    )
    for officer in RoleGrant.objects.nearest_holders(
        Role.CONTROLLER, agency, timezone.localdate(now)
    ):
        post(
            kind=LETTER,
            dedupe=f"digest:{agency.pk}:{last.day}:{officer.pk}",
            subject=f"Mã băm nhật ký ngày {last.day:%d/%m/%Y}: {agency.label}",
            body=body,
            at=now,
            to_officer=officer,
            object_kind="agency",
            object_id=agency.pk,
        )
