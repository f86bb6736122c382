"""From when a filing counts by the policies of its procedure (R-40). When it was paid stands once it is
known, whatever later messages say of it or leave out (F58).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from dossiers.intake.said import said_of
from exchange.inbox import times
from exchange.inbox.places import Told
from exchange.inbox.reading import envelopes
from exchange.models import Message
from onestop.errors import DomainError

if TYPE_CHECKING:
    from dossiers.intake.said import Said
    from dossiers.models import OnlineFiling
    from exchange.inbox.meaning import Mapped
    from exchange.inbox.tables import Table
    from exchange.models import Door

# Of one code so many messages are looked through.
MOST = 20


def reckon(
    told: Told,
    table: Table,
    found: Mapped,
    said: Said,
    *,
    door: Door,
    before: OnlineFiling | None,
    now: datetime,
) -> None:
    """Of what says when it was filed: when it counts as filed, and until when it is to be answered.
    `before`: the filing that messages of this source brought already.
    """
    assert found.filed_at is not None
    row, filed_at = table.own, found.filed_at
    if row is not None and row.paid_is_filed:
        paid_at = _paid_at(told, table, found, door, before, now)
        if paid_at is None:
            found.lack("missing_paid")
            return
        if paid_at > filed_at:
            said, filed_at = replace(said, handed_in_at=filed_at), paid_at
    found.last_hour_waits = row is not None and row.last_hour_waits
    found.said = replace(said, handed_in_at=None)
    times.hours(found, said, filed_at)


def _paid_at(
    told: Told, table: Table, found: Mapped, door: Door, before: OnlineFiling | None, now: datetime
) -> datetime | None:  # fmt: skip
    """None where it still waits for being paid. One query where neither the message nor a filing says it."""
    said = times.possible(told, "paid_at", now)
    if before is None:
        return said or _said_before(door, found.code, table, now)
    assert found.filed_at is not None
    if found.filed_at > before.filed_at:
        # Handed in anew: by a payment of its own, or by what was paid before.
        return said or before.filed_at
    if said is not None and said > before.filed_at:
        # A fee that fell due later is no other filing.
        found.note("note_paid_later", given=told.text("paid_at", 40))
    # Where it counts since it was handed in, it was paid by then.
    return before.filed_at if said_of(before).handed_in_at else found.filed_at


def _said_before(door: Door, code: str, table: Table, now: datetime) -> datetime | None:
    """What an earlier message said that became no filing: the first payment that any names."""
    if not code:
        return None
    rows = Message.objects.filter(door=door, foreign_code=code).exclude(raw="")
    for raw in rows.order_by("pk").values_list("raw", flat=True)[:MOST]:
        try:
            [one] = envelopes(raw.encode())
        except (DomainError, ValueError):
            continue
        if at := times.possible(Told(one.data, table.fields), "paid_at", now):
            return at
    return None
