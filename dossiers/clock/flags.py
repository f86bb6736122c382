"""Telling people in time: dossiers that are due soon or late, hand-overs nobody confirms.

Run every few minutes by the scheduler and by hand as often as one likes. What a run flags it tells
in the same transaction, so a run killed half-way loses nothing and doubles nothing; the cost
follows what is open, not what the archive holds.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from dossiers.clock import deadlines
from dossiers.clock.settled import LATE, LEVELS, SOON, UNCONFIRMED, settle
from dossiers.models import Dossier, HandOver
from dossiers.models.querysets import is_late, is_working
from onestop.accounts.calendars import calendar_of, calendars_of
from onestop.accounts.models import CalendarDay, Officer, Role, RoleGrant, Substitution, WorkingWeek
from onestop.instants import SKEW
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.models import Message
from onestop.outbox.told import Told, told
from onestop.worktime import Calendar, CalendarMissing

CHUNK = 100
# Sent in the transaction that flags them: `dossiers` that became due soon, `at`.
became_due_soon = Signal()
LETTER = "flags"


@dataclass(slots=True)
class Flagged:
    """What one run told: dossiers flagged as due soon and as late, hand-overs reported as
    unconfirmed.
    """

    soon: int = 0
    late: int = 0
    unconfirmed: int = 0

    def __bool__(self) -> bool:
        return bool(self.soon or self.late or self.unconfirmed)


@dataclass(slots=True)
class _Notice:
    level: str
    key: str
    words: Told
    dossier: Dossier
    to: list[Officer] = field(default_factory=list)


def flag_overdue(now: datetime) -> Flagged:
    """Flag what became due soon or late by `now` and tell its holder and head, once per dossier,
    promise and level.

    A waiting dossier is flagged only when it was late before it waited. Effects per chunk, in one
    transaction: rows locked, notices and grouped letters posted, flags set; then notices of what is
    over are no longer new.  Source: R-59, "Exact meanings" (Late).
    """
    done = Flagged()
    while True:
        with transaction.atomic():
            rows = list(_to_flag(now)[:CHUNK])
            if not rows:
                break
            late = [d for d in rows if _level(d, now) == LATE]
            soon = [d for d in rows if _level(d, now) == SOON]
            _tell(list(_notices(rows, now)), now)
            Dossier.objects.filter(pk__in=[d.pk for d in late]).update(
                soon_flagged=True, late_flagged=True
            )
            Dossier.objects.filter(pk__in=[d.pk for d in soon]).update(soon_flagged=True)
            if soon:
                became_due_soon.send(sender=None, dossiers=soon, at=now)
        done.late += len(late)
        done.soon += len(soon)
    done.unconfirmed = _report_unconfirmed(now)
    settle(now)
    return done


def after_clock_set_back(now: datetime) -> int:
    """Take back what was flagged by a clock that was wrong and is not so yet, with its notices; how
    many dossiers.

    They are told again when it is true. Notices of what is true meanwhile stay.
    """
    ahead = now + SKEW
    untrue = Q(late_flagged=True, late_from__gt=ahead) | Q(soon_flagged=True, warn_at__gt=ahead)
    found = list(Dossier.objects.filter(untrue, ended_at=None).values_list("pk", flat=True))
    for start in range(0, len(found), CHUNK):
        part = found[start : start + CHUNK]
        Dossier.objects.filter(pk__in=part).update(soon_flagged=False, late_flagged=False)
        Message.objects.filter(
            kind__in=(SOON, LATE), object_kind="dossier", object_id__in=part, created_at__gt=ahead
        ).delete()
    # A hand-over that is still unconfirmed is reported anew; a letter is kept from going twice by
    # what it lists.
    Message.objects.filter(kind__in=(UNCONFIRMED, LETTER), created_at__gt=ahead).delete()
    return len(found)


def _to_flag(now: datetime) -> QuerySet[Dossier]:
    """The rows of one chunk; names the predicate of the partial index dossier_to_flag, soonest
    warning first.
    """
    open_unflagged = Q(ended_at=None, late_flagged=False, warn_at__lte=now)
    return (
        Dossier.objects.filter(open_unflagged, is_late(now) | is_working() & Q(soon_flagged=False))
        .select_related(
            "version", "holder", "holder_department", "pending_officer", "pending_department"
        )
        .defer("version__search_text", "secret", "salt")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("warn_at")
    )


def _level(dossier: Dossier, now: datetime) -> str:
    """The level of a row of _to_flag: what waits is there only when it was late before."""
    return LATE if dossier.is_waiting or dossier.is_late(now) else SOON


def _notices(rows: list[Dossier], now: datetime) -> Iterator[_Notice]:
    people = _People(rows, now)
    lefts = deadlines.lefts(rows, now)
    for dossier in rows:
        level = _level(dossier, now)
        key = f"{level}:{dossier.pk}:{dossier.due_at.isoformat() if dossier.due_at else ''}"
        left = lefts[dossier.pk].text
        words = told(
            "dossiers/told/deadline",
            level=level,
            dossier=dossier,
            left=left,
            sorry_by=_sorry_by(dossier, now),
        )
        yield _Notice(level, key, words, dossier, people.of(dossier))


def _sorry_by(dossier: Dossier, now: datetime) -> date | None:
    """The last day on which an apology still comes a day before the promise (R-53); None where
    there is none left.
    """
    if dossier.due_at is None:
        return None
    day = timezone.localdate(dossier.due_at) - timedelta(days=1)
    return day if timezone.localdate(now) <= day else None


class _People:
    """Whom a dossier's notice goes to: its holder (or the whole department), the head, and who
    stands in for any of them.
    """

    def __init__(self, rows: Iterable[Dossier], now: datetime) -> None:
        day = timezone.localdate(now)
        rows = list(rows)
        departments = {department for d in rows if (department := _department_id(d)) is not None}
        agencies = {d.agency_id for d in rows}
        self.members: dict[int, list[Officer]] = defaultdict(list)
        self.heads: dict[int, list[Officer]] = defaultdict(list)
        self.leaders: dict[int, list[Officer]] = defaultdict(list)
        wanted = Q(department__in=departments) | Q(role=Role.LEADER, agency__in=agencies)
        for grant in (
            RoleGrant.objects.valid_on(day)
            .filter(wanted, officer__is_active=True)
            .select_related("officer")
            .order_by("id")
        ):
            if grant.department_id in departments:
                self.members[grant.department_id].append(grant.officer)
                if grant.role == Role.HEAD:
                    self.heads[grant.department_id].append(grant.officer)
            if grant.role == Role.LEADER:
                self.leaders[grant.agency_id].append(grant.officer)
        self.stand_ins: dict[int, list[Officer]] = defaultdict(list)
        people = {_officer_id(d) for d in rows}
        for found in (self.members, self.heads, self.leaders):
            people |= {officer.pk for officers in found.values() for officer in officers}
        for row in (
            Substitution.objects.valid_on(day)
            .filter(absent__in=people - {None})
            .select_related("substitute")
        ):
            self.stand_ins[row.absent_id].append(row.substitute)

    def of(self, dossier: Dossier) -> list[Officer]:
        department, agency = _department_id(dossier), dossier.agency_id
        holder = (
            dossier.pending_officer if dossier.pending_department_id is not None else dossier.holder
        )
        if holder is not None and holder.is_active:
            return self._with_stand_ins([holder, *self.head_of(department, agency)])
        room = self.members[department] if department is not None else []
        return self._with_stand_ins([*room, *self.head_of(department, agency)])

    def _with_stand_ins(self, officers: list[Officer]) -> list[Officer]:
        """Each once, followed by who does the work while the officer is away."""
        found = [one for officer in officers for one in (officer, *self.stand_ins[officer.pk])]
        return list({officer.pk: officer for officer in found}.values())

    def head_of(self, department_id: int | None, agency_id: int) -> list[Officer]:
        """The heads of the department; the leaders of the agency where it has none; and who stands
        in for them.
        """
        heads = self.heads[department_id] if department_id is not None else []
        return self._with_stand_ins(heads or self.leaders[agency_id])


def whom_to_tell(dossier: Dossier, now: datetime) -> list[Officer]:
    """Its holder or the whole room, the head, and who stands in for any of them. Two queries."""
    return _People([dossier], now).of(dossier)


def _department_id(dossier: Dossier) -> int | None:
    return dossier.pending_department_id or dossier.holder_department_id


def _officer_id(dossier: Dossier) -> int | None:
    return (
        dossier.pending_officer_id
        if dossier.pending_department_id is not None
        else dossier.holder_id
    )


def _tell(notices: list[_Notice], now: datetime) -> None:
    """One bell notice a dossier and officer; one letter an officer that lists what is new for her
    in this chunk. Five statements each for the bells and the letters of all.
    """
    bells = {
        f"{notice.key}:{officer.pk}": (notice, officer)
        for notice in notices
        for officer in notice.to
    }
    rung = post_all(
        Notice(
            kind=notice.level,
            dedupe=dedupe,
            **notice.words,
            at=now,
            to_officer=officer,
            to_email="",
            object_kind="dossier",
            object_id=notice.dossier.pk,
            link=notice.dossier.get_absolute_url(),
            mail=False,
        )
        for dedupe, (notice, officer) in bells.items()
    )
    letters: dict[int, tuple[Officer, list[tuple[str, _Notice]]]] = {}
    for bell in rung:
        notice, officer = bells[bell.dedupe]
        if officer.email:
            letters.setdefault(officer.pk, (officer, []))[1].append((bell.dedupe, notice))
    post_all(_letter(officer, listed, now) for officer, listed in letters.values())


def _letter(officer: Officer, listed: list[tuple[str, _Notice]], now: datetime) -> Notice:
    keys = "\n".join(sorted(key for key, _ in listed))
    flagged = [notice for _, notice in listed]
    numbers = Counter(notice.level for notice in flagged)
    counts = [(level, numbers[level]) for level in LEVELS if numbers[level]]
    return Notice(
        kind=LETTER,
        dedupe=f"flags:{hashlib.sha256(keys.encode()).hexdigest()}",
        **told("dossiers/told/flags_letter", notices=flagged, counts=counts),
        at=now,
        to_officer=None,
        to_email=officer.email,
        object_kind="",
        object_id=None,
        link="",
        mail=True,
    )


def _report_unconfirmed(now: datetime) -> int:
    """Tell the receiving department's head of hand-overs that nobody confirmed in time; once a
    hand-over and head.
    """
    last, reported = 0, 0
    while True:
        rows = list(
            HandOver.objects.on_the_way()
            # By dossier: of each at most one is on its way, and those have an index of their own.
            .filter(confirm_by__lte=now, dossier__gt=last)
            .select_related(
                "dossier__version",
                "dossier__pending_department",
                "dossier__pending_officer",
                "giver",
                "giver_department",
            )
            .defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
            .order_by("dossier_id")[:CHUNK]
        )
        if not rows:
            return reported
        last = rows[-1].dossier_id
        people = _People([row.dossier for row in rows], now)
        notices = []
        for row in rows:
            heads = people.head_of(row.receiver_department_id, row.dossier.agency_id)
            words = told("dossiers/told/unconfirmed", dossier=row.dossier, row=row)
            notices.append(
                _Notice(UNCONFIRMED, f"{UNCONFIRMED}:{row.pk}", words, row.dossier, heads)
            )
        known = set(
            Message.objects.filter(
                dedupe__in=[f"{n.key}:{o.pk}" for n in notices for o in n.to]
            ).values_list("dedupe", flat=True)
        )
        for notice in notices:
            notice.to = [
                officer for officer in notice.to if f"{notice.key}:{officer.pk}" not in known
            ]
        fresh = [notice for notice in notices if notice.to]
        if fresh:
            with transaction.atomic():
                _tell(fresh, now)
        reported += len(fresh)


def in_office_hours(now: datetime) -> bool:
    """Whether some office works at this minute: by the national calendar, or by a calendar of its
    own.
    """
    if _is_open(calendar_of(None), now):
        return True
    day = timezone.localdate(now)
    own = set(WorkingWeek.objects.exclude(agency=None).values_list("agency_id", flat=True))
    own |= set(
        CalendarDay.objects.exclude(agency=None)
        .filter(date=day)
        .values_list("agency_id", flat=True)
    )
    return any(_is_open(calendar, now) for calendar in calendars_of(own).values())


def _is_open(calendar: Calendar, now: datetime) -> bool:
    here = timezone.localtime(now)
    try:
        return any(start <= here.time() <= end for start, end in calendar.sessions_on(here.date()))
    except CalendarMissing:
        return False
