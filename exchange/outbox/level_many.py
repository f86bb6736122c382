"""Sending again, or giving up, all lines of one list of a day or a unit: so many by one press, the oldest
first, each as by itself; the rest by the next press.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from exchange.models.outbox import Line
from exchange.outbox import level
from onestop.accounts.desk import Desk
from onestop.errors import DomainError, sentence

AT_ONCE = 100
# Whose lines stand otherwise once they were sent again; and what waits, so that it can be given up.
SENT = frozenset({"tu-choi", "cho", "lech", level.LATE_THERE})
GIVEN_UP = frozenset({"tu-choi", "cho"})


@dataclass(slots=True)
class Many:
    """Ids of the lines it was done to, codes and reasons of those it was not; how many are left."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0


def to_send(lines: QuerySet[Line], kind: str, at: datetime) -> QuerySet[Line]:
    """What is due already goes by itself."""
    is_due = Q(state=Line.State.WAITING, next_try_at__lte=at)
    return lines.filter(level.of_kind(kind, at)).exclude(is_due)


def to_give_up(lines: QuerySet[Line], kind: str) -> QuerySet[Line]:
    return lines.filter(level.KINDS[kind][1], waiting_since__isnull=False)


def send_again(lines: QuerySet[Line], kind: str, *, at: datetime) -> Many:
    """Inside the transaction of its trace."""
    return _each(to_send(lines, kind, at), lambda pk: level.send_again(pk, at=at))


def give_up(lines: QuerySet[Line], kind: str, *, reason: str, by: Desk, at: datetime) -> Many:
    """The same reason for each. Inside the transaction of its trace."""
    rows = to_give_up(lines, kind)
    return _each(rows, lambda pk: level.give_up(pk, reason=reason, by=by, at=at))


def _each(rows: QuerySet[Line], does: Callable[[int], object]) -> Many:
    # In the order in which senders lock lines, so that neither waits for the other for ever.
    found = list(rows.order_by("pk").values_list("pk", "code")[:AT_ONCE])
    many = Many()
    for pk, code in found:
        try:
            with transaction.atomic():
                does(pk)
        except DomainError as error:
            many.refused.append((code, sentence(error)))
        else:
            many.done.append(pk)
    many.left = rows.count()
    return many
