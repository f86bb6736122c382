"""When a dossier must go on from the counter, and when a hand-over waits too long."""

from datetime import date, datetime, time

from onestop.worktime.calendar import Calendar
from onestop.worktime.terms import DEFAULT_CUTOFF
from onestop.worktime.zone import VN, local, write_near_day


def forward_by(received: datetime, calendar: Calendar, cutoff: time = DEFAULT_CUTOFF) -> datetime:
    """Until when a dossier taken in person is forwarded (R-39): by the end of the same working day.

    Received after 15:00 (exactly 15:00:00 is not after), after the last session or on a day off: by
    the start of the next working day. Raises CalendarMissing.
    """
    here = local(received)
    if goes_today(received, calendar, cutoff):
        return datetime.combine(here.date(), calendar.working_sessions_on(here.date())[-1][1], VN)
    day = calendar.next_working_day(here.date())
    return datetime.combine(day, calendar.working_sessions_on(day)[0][0], VN)


def goes_today(received: datetime, calendar: Calendar, cutoff: time = DEFAULT_CUTOFF) -> bool:
    """Whether R-39 asks for forwarding on the day of receipt itself."""
    here = local(received)
    if not calendar.is_working_day(here.date()):
        return False
    return here.time() <= cutoff and here.time() <= calendar.working_sessions_on(here.date())[-1][1]


def forward_words(by: datetime, calendar: Calendar, now: datetime) -> str:
    """`trước 17:00 hôm nay`; what goes on when the counter opens: `đầu giờ thứ Hai 30/11`."""
    here = local(by)
    near = write_near_day(here.date(), local(now).date())
    sessions = calendar.working_sessions_on(here.date())
    if sessions and here.time() == sessions[0][0]:
        return f"đầu giờ {near}"
    return f"trước {here:%H:%M} {near}"


def confirm_by(given: datetime, calendar: Calendar) -> datetime:
    """When an unconfirmed hand-over is flagged: after one whole session, that is the end of the
    first session that begins at or after the giving. Raises CalendarMissing.
    """
    return calendar.session_end(calendar.next_session_start(given))


def span_until(first: date, days: int, calendar: Calendar, *, working: bool) -> date:
    """The last day of a span of so many days, the first one not counted. Raises CalendarMissing."""
    if working:
        return calendar.next_working_day(first, days)
    return date.fromordinal(first.toordinal() + days)
