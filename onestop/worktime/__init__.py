"""Working time as arithmetic on values: calendars, terms, the clock. Standard library only; never
reads "now".

due(received, term, calendar)             -> Promise: at, provisional, late_from, warn_at (raises
CalendarMissing) due_or_undetermined(received, term, cal)  -> Promise, `undetermined` where a year
has no calendar (the counter)
fold(received, term, calendar, changes)   -> Clock: promise (shown), legal_promise (verdict),
waiting, late_before_wait
verdict(promise_at, term, ended_at)       -> Verdict, frozen when the dossier ends
left(now, promise, calendar, paused)      -> TimeLeft: kind and text for screens
forward_by(received, calendar)            -> until when the counter passes it on (R-39)
hours_at(now, calendar)                   -> Hours: open or not, the week, special days, in words
outside(now, calendar)                    -> what receiving now does to promises, outside sessions
"""

from onestop.worktime.calendar import (
    DEFAULT_SESSIONS,
    Calendar,
    Day,
    DayKind,
    Week,
    check_sessions,
    parse_sessions,
    weekdays_week,
)
from onestop.worktime.changes import (
    Change,
    Extension,
    Pause,
    PauseKind,
    Reappointment,
    Restart,
    TakenOver,
)
from onestop.worktime.clock import Clock, by_week, fold
from onestop.worktime.due import due, due_or_undetermined
from onestop.worktime.errors import CalendarMissing, ChangeError, InstantError, TermError
from onestop.worktime.forward import (
    confirm_by,
    forward_by,
    forward_words,
    goes_today,
    span_until,
)
from onestop.worktime.index import Sessions
from onestop.worktime.left import LeftKind, TimeLeft, left, spell, working_span
from onestop.worktime.national import national_days, provisional_years, vn_calendar
from onestop.worktime.opening import Hours, hours_at, next_opening
from onestop.worktime.outside import Outside, outside
from onestop.worktime.promise import NO_PROMISE, UNDETERMINED, Promise
from onestop.worktime.terms import DEFAULT_CUTOFF, Term, Unit, parse_term
from onestop.worktime.verdict import Verdict, late_from_of, verdict
from onestop.worktime.zone import (
    VN,
    WEEKDAYS,
    local,
    parse_instant,
    start_of_day,
    weekday,
    write_day,
    write_instant,
    write_near_day,
)

__all__ = [
    "DEFAULT_CUTOFF",
    "DEFAULT_SESSIONS",
    "NO_PROMISE",
    "UNDETERMINED",
    "VN",
    "WEEKDAYS",
    "Calendar",
    "CalendarMissing",
    "Change",
    "ChangeError",
    "Clock",
    "Day",
    "DayKind",
    "Extension",
    "Hours",
    "InstantError",
    "LeftKind",
    "Outside",
    "Pause",
    "PauseKind",
    "Promise",
    "Reappointment",
    "Restart",
    "Sessions",
    "TakenOver",
    "Term",
    "TermError",
    "TimeLeft",
    "Unit",
    "Verdict",
    "Week",
    "by_week",
    "check_sessions",
    "confirm_by",
    "due",
    "due_or_undetermined",
    "fold",
    "forward_by",
    "forward_words",
    "goes_today",
    "hours_at",
    "late_from_of",
    "left",
    "local",
    "national_days",
    "next_opening",
    "outside",
    "parse_instant",
    "parse_sessions",
    "parse_term",
    "provisional_years",
    "span_until",
    "spell",
    "start_of_day",
    "verdict",
    "vn_calendar",
    "weekday",
    "weekdays_week",
    "working_span",
    "write_day",
    "write_instant",
    "write_near_day",
]
