"""Sending again, or giving up, all lines of one list of a day or a unit: so many by one press, the oldest
first, each as by itself; the rest by the next press, which begins behind the last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from exchange.models.outbox import Delivery, Line
from exchange.outbox import level, messages
from onestop.accounts.desk import Desk
from onestop.errors import DomainError, sentence

AT_ONCE = 100
# Whose lines stand otherwise once they were sent again, or may; and what waits, so that it can be given up.
SENT = frozenset({"tu-choi", "cho", "lech", level.LATE_THERE, level.BARE})
GIVEN_UP = frozenset({"tu-choi", "cho"})
# What somebody has to look at, each by itself, before it is sent again.
LOOKED_AT = (messages.RESTORED, messages.WITHDRAWN_THERE)


@dataclass(slots=True)
class Many:
    """Ids of the lines it was done to, codes and reasons of those it was not; how many are left, and
    behind which the next press begins (0: at the first).
    """

    done: list[int] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0
    last: int = 0


def to_send(lines: QuerySet[Line], kind: str, at: datetime) -> QuerySet[Line]:
    """What is due already goes by itself."""
    is_due = Q(state=Line.State.WAITING, next_try_at__lte=at)
    unseen = Q(trouble=Line.Trouble.HELD, words__in=LOOKED_AT)
    return lines.filter(level.of_kind(kind, at)).exclude(is_due).exclude(unseen)


def to_give_up(lines: QuerySet[Line], kind: str, *, until: int | None = None) -> QuerySet[Line]:
    """`until`: the newest message when they were listed; no line to which one came since."""
    rows = lines.filter(level.KINDS[kind][1], waiting_since__isnull=False)
    if until is None:
        return rows
    since = Delivery.objects.filter(line=OuterRef("pk"), pk__gt=until)
    return rows.exclude(Exists(since.filter(state=Delivery.State.WAITING)))


def newest() -> int:
    return Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def send_again(lines: QuerySet[Line], kind: str, *, at: datetime, after: int = 0) -> Many:
    """`after`: behind which line it begins. Inside the transaction of its trace."""
    rows = to_send(lines, kind, at)
    return _each(rows, lambda pk: level.send_again(pk, at=at), after)


def give_up(
    lines: QuerySet[Line],
    kind: str,
    *,
    reason: str,
    by: Desk,
    at: datetime,
    after: int = 0,
    until: int | None = None,
) -> Many:
    """The same reason for each. Inside the transaction of its trace."""
    rows = to_give_up(lines, kind, until=until)
    return _each(rows, lambda pk: level.give_up(pk, reason=reason, by=by, at=at), after)


def _each(rows: QuerySet[Line], does: Callable[[int], object], after: int) -> Many:
    # In the order in which senders lock lines, so that neither waits for the other for ever; what
    # somebody did to one meanwhile takes it from the list.
    locked = rows.filter(pk__gt=after).select_for_update(of=("self",))
    found = list(locked.only("pk", "code").order_by("pk")[:AT_ONCE])
    many = Many()
    for line in found:
        try:
            with transaction.atomic():
                does(line.pk)
        except DomainError as error:
            many.refused.append((line.code, sentence(error)))
        else:
            many.done.append(line.pk)
    many.left = rows.count()
    if found and rows.filter(pk__gt=found[-1].pk).exists():
        many.last = found[-1].pk
    return many
