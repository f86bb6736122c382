"""The one function that computes a promise; preview, stored value, slip, list and report all come
here.
"""

from collections.abc import Iterable
from datetime import datetime

from onestop.worktime import units
from onestop.worktime.calendar import Calendar
from onestop.worktime.changes import Change, Extension, Pause, Restart
from onestop.worktime.clock import fold, fold_known
from onestop.worktime.errors import ChangeError
from onestop.worktime.promise import Promise, promise_of
from onestop.worktime.terms import Term
from onestop.worktime.zone import local


def due(
    received: datetime,
    term: Term,
    calendar: Calendar,
    *,
    pauses: Iterable[Pause] = (),
    restarts: Iterable[Restart] = (),
    extensions: Iterable[Extension] = (),
    explain: bool = False,
) -> Promise:
    """The promise of a dossier received at an aware instant (R-21 … R-35), moved by waits (R-48),
    restarts (R-47) and lawful extensions.

    Out: the promise, with its explanation in Vietnamese when `explain`. A term without a promise
    gives NO_PROMISE (R-43). Raises CalendarMissing when a needed year has no calendar, ChangeError
    when a change lies before the receipt.
    """
    start = local(received)
    changes: list[Change] = [*pauses, *restarts, *extensions]
    if not changes and not explain and term.promises:
        mark = units.begin(start, term, calendar.index)
        return promise_of(mark, mark, start, term, calendar)
    for change in changes:
        if local(change.from_ if isinstance(change, Pause) else change.at) < start:
            raise ChangeError(
                "Tạm dừng, tính lại hoặc gia hạn không được trước lúc tiếp nhận hồ sơ."
            )
    return fold_known(start, term, calendar, changes, explain=explain).legal_promise


def due_or_undetermined(
    received: datetime, term: Term, calendar: Calendar, *, explain: bool = False
) -> Promise:
    """As `due`, for the counter, which receives even without a calendar: the promise is then
    `undetermined` ("chưa xác định").
    """
    return fold(received, term, calendar, explain=explain).promise
