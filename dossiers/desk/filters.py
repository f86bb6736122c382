"""What narrows a list of the desk, in the words of the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from dossiers.desk.search import names_q
from dossiers.desk.work import LATE, SOON, short
from dossiers.identity import guess_kind, numbers_like
from dossiers.models import Dossier, NameKey
from dossiers.models.querysets import (
    DossierQuerySet,
    is_due_soon,
    is_late,
    is_waiting,
    is_working,
)
from dossiers.models.urging import Urging
from dossiers.reading_codes import code_in, is_scan, readings
from onestop.folding import fold, tokens
from onestop.worktime import start_of_day

IN_TIME, TODAY = "con-han", "hom-nay"
HELD, WORKING, WAITING, GIVEN, COMING = (
    "dang-giu", "dang-xu-ly", "cho-bo-sung", "da-giao", "cho-nhan",
)  # fmt: skip
# Where it lies stands beside how late it is: each of them is a set of its own.
IN_HAND = Q(pending_department=None)
PLACES: dict[str, Q] = {
    HELD: IN_HAND,
    WORKING: is_working() & IN_HAND,
    WAITING: is_waiting() & IN_HAND,
    GIVEN: Q(pending_department__isnull=False),
    # The rows themselves are others: what is on its way here (desk/work.py, Job.coming).
    COMING: Q(),
}


def _in_time(now: datetime) -> Q:
    return is_working() & (Q(late_from__gt=now) | Q(late_from=None))


def _due_today(now: datetime) -> Q:
    """Promised for today and not late: the set of the dashboard's figure."""
    begin = start_of_day(timezone.localdate(now))
    day = Q(undetermined=False, due_at__gte=begin, due_at__lt=begin + timedelta(days=1))
    return _in_time(now) & day


DUE: dict[str, Callable[[datetime], Q]] = {
    LATE: is_late,
    SOON: is_due_soon,
    TODAY: _due_today,
    IN_TIME: _in_time,
}
NOBODY = 0
# Another agency has a part of it (dossiers/models/legs.py); a dossier that ended has none.
LINKED = Q(open_legs__gt=0)


@dataclass(frozen=True, slots=True)
class Filters:
    """`text`: words of owner, code, procedure or field; `officer`: who holds it, or who is to accept
    it where it is on its way (NOBODY: it is for the whole department); `first` and `last`: days of
    reception, both included; `urged`: somebody was asked to press on with it (đôn đốc), and it is not solved;
    `linked`: another agency has a part of it and has not answered.
    """

    text: str = ""
    field: str = ""
    procedure: str = ""
    channel: int | None = None
    officer: int | None = None
    department: int | None = None
    due: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None
    urged: bool = False
    linked: bool = False

    def apply(self, rows: DossierQuerySet[Dossier], now: datetime) -> DossierQuerySet[Dossier]:
        if self.text:
            rows = rows.filter(_matches(self.text))
        wanted: dict[str, Any] = {
            "field__name": self.field,
            "version__procedure__code": self.procedure,
            "channel": self.channel,
            "holder_department": self.department,
            "received_at__gte": _midnight(self.first),
            "received_at__lt": _midnight(self.last and self.last + timedelta(days=1)),
        }
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        if self.officer is not None:
            who = "pending_officer" if self.place == COMING else "holder"
            rows = rows.filter(**{who: self.officer or None})
        if self.place:
            rows = rows.filter(PLACES[self.place])
        if self.urged:
            rows = rows.filter(Exists(Urging.objects.of_dossier()), ended_at=None)
        if self.linked:
            rows = rows.filter(LINKED)
        return rows.filter(DUE[self.due](now)) if self.due else rows


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else start_of_day(day)


def _matches(text: str) -> Q:
    if is_scan(text):
        return Q(code__in=readings(code_in(text)))
    if guess_kind(text) is not None:
        return Q(identity_number__in=numbers_like(text))
    words = tokens(text)
    typed = names_q(text)
    names = (
        Exists(NameKey.objects.filter(typed, dossier=OuterRef("pk"))) if typed is not None else Q()
    )
    subject = Q()
    for word in words:
        subject &= Q(version__search_text__contains=word)
    return (
        Q(code__icontains=text.strip())
        | names
        | (subject if words else Q(code__icontains=text.strip()))
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the rows of a list can be narrowed to, each as (value, words), in the order of the words."""

    officers: list[tuple[str, str]]
    departments: list[tuple[str, str]]
    procedures: list[tuple[str, str]]
    fields: list[tuple[str, str]]


_CHOSEN_BY = (
    "holder", "holder__sort_name", "holder__full_name", "holder_department", "holder_department__name",
    "version__procedure__code", "version__name", "field__name",
)  # fmt: skip


def choices_of(rows: DossierQuerySet[Dossier]) -> Choices:
    """One query over the list; asked only where somebody opens the filters."""
    officers: dict[str, tuple[str, str]] = {}
    departments: dict[str, tuple[str, str]] = {}
    procedures: dict[str, tuple[str, str]] = {}
    fields: dict[str, tuple[str, str]] = {}
    for who, sort, name, room, room_name, code, procedure, field in (
        rows.order_by().values_list(*_CHOSEN_BY).distinct()
    ):
        if who is not None:
            officers[str(who)] = (sort, name)
        if room is not None:
            departments[str(room)] = (fold(room_name), room_name)
        procedures[code] = (fold(procedure), short(procedure))
        fields[field] = (fold(field), field)
    return Choices(*map(_in_order, (officers, departments, procedures, fields)))


def _in_order(found: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, words) for value, (_, words) in sorted(found.items(), key=lambda one: one[1])]
