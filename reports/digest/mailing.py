"""The letter of each working morning: what the page says, to everybody who has something to do, once a
day, however many schedulers run and whichever worker dies.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from dossiers.reach import WORK_ROLES
from onestop.accounts.calendars import calendars_of
from onestop.accounts.desk import Desk, desks_of
from onestop.accounts.models import Officer, RoleGrant, Substitution
from onestop.accounts.preferences import prefer, preferred
from onestop.instants import SKEW
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.models import Mail, Message
from onestop.outbox.told import told
from onestop.worktime import Calendar, CalendarMissing
from reports.digest.laying import Digest, digests_of
from reports.models import DigestDay

KIND = "digest"
# A morning that was missed is made up for so long, not later: the day is under way then.
MADE_UP = timedelta(hours=3)
# In the officer's own settings: only who wants no letter has it.
OFF = "no_digest"


def wants(officer: Officer) -> bool:
    return not preferred(officer, OFF)


def switch(officer: Officer, *, on: bool) -> None:
    prefer(officer, OFF, None if on else True)


def is_time(now: datetime) -> bool:
    """From DIGEST_AT on, for as long as a missed morning is made up."""
    here = timezone.localtime(now)
    begin = time.fromisoformat(settings.DIGEST_AT)
    since = timedelta(hours=here.hour - begin.hour, minutes=here.minute - begin.minute)
    return timedelta(0) <= since < MADE_UP


def send(now: datetime) -> int:
    """Write the letters of this morning; how many. Nothing where it was done already, before its time
    and where no office works today.

    The day's row is made in the transaction of the letters: both exist or neither.
    """
    day = timezone.localdate(now)
    if not is_time(now) or DigestDay.objects.filter(day=day).exists():
        return 0
    desks = _at_work(day)
    if not desks:
        return 0
    # Rendered before anything is locked (SQLite: everybody's writes).
    notices = [_notice(one, day, now) for one in digests_of(desks, now) if one]
    try:
        with transaction.atomic():
            row = DigestDay.objects.create(day=day, at=now)
            _put_by([one.officer for one in desks], now)
            # A letter that an outage kept is of a morning that is over.
            waiting = Message.objects.filter(kind=KIND, mail=Mail.PENDING)
            waiting.update(mail=Mail.NONE, next_try_at=None)
            row.letters = len(post_all(notices))
            row.save(update_fields=["letters"])
    except IntegrityError:
        if DigestDay.objects.filter(day=day).exists():
            return 0
        raise
    return row.letters


def _put_by(officers: list[Officer], now: datetime) -> None:
    """What earlier mornings told is over, read or not."""
    earlier = Message.objects.unread().filter(kind=KIND, to_officer__in=officers)
    earlier.update(read_at=now)


def read(officer: Officer, now: datetime) -> None:
    """The page is before the eyes: this morning's notice of it is read."""
    _put_by([officer], now)


def _at_work(day: date) -> list[Desk]:
    """The desks of those who are told: with a role of a worker today, at an agency that works today,
    who are not away and want the letter.
    """
    grants = RoleGrant.objects.valid_on(day).filter(role__in=WORK_ROLES)
    away = Substitution.objects.valid_on(day).values("absent")
    people = Officer.objects.filter(is_active=True, pk__in=grants.values("officer"))
    wanted = [one for one in people.exclude(pk__in=away).order_by("pk") if wants(one)]
    desks = desks_of(wanted, day)
    calendars = calendars_of({one.pk for desk in desks for one in desk.agencies})
    works = {pk: _works(calendar, day) for pk, calendar in calendars.items()}
    return [desk for desk in desks if any(works[one.pk] for one in desk.agencies)]


def _works(calendar: Calendar, day: date) -> bool:
    try:
        return bool(calendar.sessions_on(day))
    except CalendarMissing:
        # A year that nobody has entered silences no letter: its weekdays are those of the week.
        return bool(calendar.week_on(day).sessions[day.weekday()])


def _notice(one: Digest, day: date, now: datetime) -> Notice:
    words = told("reports/told/digest", digest=one, day=day, address=settings.PUBLIC_URL)
    return Notice(
        kind=KIND,
        dedupe=f"{KIND}:{day}:{one.desk.officer.pk}",
        **words,
        at=now,
        to_officer=one.desk.officer,
        to_email="",
        object_kind="",
        object_id=None,
        mail=True,
        link=reverse("digest"),
    )


def after_clock_set_back(now: datetime) -> None:
    """What a wrong clock told is told again when it is true."""
    DigestDay.objects.filter(at__gt=now + SKEW).delete()
    Message.objects.filter(kind=KIND, created_at__gt=now + SKEW).delete()
