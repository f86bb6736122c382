"""Results behind their dossiers: what the peer took notes itself on the line, and where its store has not what
counts here a message of its own kind follows, in the transaction that notes the dossier as accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from exchange.models.outbox import Delivery, Line
from exchange.outbox.storing import Carried


def follow(
    lines: Mapping[int, Line],
    accepted: Mapping[int, Delivery],
    carried: Mapping[int, Carried],
    now: datetime,
) -> None:
    """In: lines that are written afterwards, by id; the message that each peer took of them, and what it
    said of a result. At most two statements.
    """
    behind: list[Delivery] = []
    for pk, sent in accepted.items():
        line, said = lines[pk], carried.get(pk, Carried())
        if sent.kind == Delivery.Kind.RESULT:
            line.stored = said.digest or ""
        elif sent.kind == Delivery.Kind.DOSSIER:
            line.result_code, line.result_link = said.code, said.link
            if said.digest is not None and said.digest != line.stored:
                behind.append(_message(line, sent, now))
    # One that waits says by then what is so by then.
    waiting = _waiting([one.line_id for one in behind])
    Delivery.objects.bulk_create(one for one in behind if one.line_id not in waiting)


def again(line: Line, last: Delivery, now: datetime) -> None:
    """After a doubt: an older one may have arrived behind the last. Told twice it is the same."""
    newest = line.deliveries.filter(kind=Delivery.Kind.RESULT).order_by("-pk").first()
    # One that waits says by then what is so by then; one that was given up stays so until the next act.
    was_told = newest.state == Delivery.State.SENT if newest else bool(line.stored)
    if was_told:
        _message(line, last, now).save()


def _waiting(lines: list[int]) -> set[int]:
    waiting = Delivery.objects.filter(
        line__in=lines, kind=Delivery.Kind.RESULT, state=Delivery.State.WAITING
    )
    return set(waiting.values_list("line_id", flat=True)) if lines else set()


def _message(line: Line, of: Delivery, now: datetime) -> Delivery:
    return Delivery(line=line, kind=Delivery.Kind.RESULT, payload=of.payload, created_at=now)
