"""Why this date: line by line, readable by a citizen; one line a day counted or skipped, from the
same marks as the promise.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from onestop.worktime import units
from onestop.worktime.calendar import Calendar, Day, DayKind
from onestop.worktime.changes import (
    Change,
    Extension,
    Pause,
    PauseKind,
    Reappointment,
    Restart,
    TakenOver,
    apart,
)
from onestop.worktime.promise import Promise
from onestop.worktime.terms import Term, Unit
from onestop.worktime.track import Note, Track
from onestop.worktime.zone import local, minute_of, write_day, write_instant, write_time

_COUNTED = frozenset({Unit.WORKING_DAY, Unit.SAME_DAY, Unit.IMMEDIATE})


def head_lines(received: datetime, term: Term) -> tuple[str, ...]:
    """What the computation starts from."""
    if not term.promises:
        return (
            f"Tiếp nhận lúc {write_instant(received)}.",
            "Thủ tục không phải trả kết quả: không có ngày hẹn trả.",
        )
    return (f"Tiếp nhận lúc {write_instant(received)}. Thời hạn: {term}.",)


def lines_of(
    received: datetime, term: Term, calendar: Calendar, track: Track, promise: Promise
) -> tuple[str, ...]:
    """The explanation of a track: receipt, restarts, each day, extensions, result. `promise` is the
    track's own.
    """
    assert promise.at is not None
    lines = list(head_lines(received, term))
    for note in track.notes:
        lines += _restart_lines(note) if isinstance(note.change, Restart) else []
    current = [note for note in track.notes if not _over(note, track.start)]
    if track.taken is not None and track.start == received:
        return (*lines, *_taken_lines(track, current, term, calendar, promise))
    lines += [_wait_line(note) for note in current if isinstance(note.change, Pause)]
    lines += _start_lines(track, term, calendar, restarted=track.start != received)
    lines += _counted_lines(track, current, term, calendar)
    for note in current:
        if isinstance(note.change, (Extension, Reappointment)):
            lines.append(_further_line(note, term, calendar))
    lines += _result_lines(track, calendar, promise)
    return tuple(lines)


def _counted_lines(
    track: Track, current: list[Note], term: Term, calendar: Calendar
) -> Iterable[str]:
    """The days or hours of the term itself, by its unit: up to what moved the promise further."""
    walked = list(
        takewhile(lambda note: not isinstance(note.change, (Extension, Reappointment)), current)
    )
    waits = _apart(note.change for note in walked if note.moved)
    last = walked[-1].mark if walked else track.base
    if term.unit in _COUNTED:
        return _working_days(track, term, calendar, waits, last)
    if term.unit is Unit.CALENDAR_DAY:
        return _calendar_days(track, term, calendar, waits, last)
    if term.unit is Unit.WORKING_HOUR:
        return _working_hours(track, calendar, waits, last)
    return _long_term(track, term, calendar, waits)


def _apart(changes: Iterable[Change]) -> list[Pause]:
    """The waits that ended, without what they share with one before."""
    found: list[Pause] = []
    for change in changes:
        if isinstance(change, Pause) and change.to is not None:
            known = [(local(one.from_), local(one.to)) for one in found if one.to is not None]
            found += apart(change, known)
    return found


def _result_lines(track: Track, calendar: Calendar, promise: Promise) -> Iterator[str]:
    """What the term waits for, the promise, and whether it may still move."""
    assert promise.at is not None
    if track.waiting is not None:
        kind = track.waiting.kind
        ends = _ENDS.get(kind, "hết thời gian này")
        yield f"Hồ sơ {kind.waits}: ngày hẹn trả được tính tiếp khi {ends}."
    yield f"Hẹn trả kết quả: {write_instant(promise.at)}."
    if promise.provisional:
        reached = calendar.provisional_years.intersection(
            range(track.start.year, promise.at.year + 1)
        )
        years = ", ".join(str(year) for year in sorted(reached))
        yield (
            f"Tạm tính: lịch nghỉ năm {years} chưa có quyết định chính thức, ngày hẹn có thể thay đổi."
        )


def _taken_lines(
    track: Track, current: list[Note], term: Term, calendar: Calendar, promise: Promise
) -> Iterator[str]:
    """A promise of another system: what it was, and what has moved it here."""
    assert track.taken is not None
    assert promise.at is not None
    yield f"Ngày hẹn trả lấy từ hệ thống trước: {write_instant(track.taken.due)}."
    for note in current:
        if isinstance(note.change, Pause):
            yield _wait_line(note)
        elif isinstance(note.change, (Extension, Reappointment)):
            yield _further_line(note, term, calendar)
    yield f"Hẹn trả kết quả: {write_instant(promise.at)}."


def _over(note: Note, start: datetime) -> bool:
    """Whether a note belongs to a term that a later restart has replaced."""
    change = note.change
    if isinstance(change, Restart):
        return True
    if isinstance(change, Pause):
        return change.to is not None and local(change.to) <= start and local(change.from_) < start
    assert not isinstance(change, TakenOver)
    return local(change.at) < start


def _restart_lines(note: Note) -> list[str]:
    assert isinstance(note.change, Restart)
    if note.moved:
        return [
            f"Nhận đủ hồ sơ bổ sung lúc {write_instant(note.change.at)}: thời hạn tính lại từ đầu."
        ]
    return [
        f"Nhận đủ hồ sơ bổ sung lúc {write_instant(note.change.at)}, nhưng yêu cầu bổ sung sau ngày hẹn trả: ngày hẹn không đổi."
    ]


def _start_lines(track: Track, term: Term, calendar: Calendar, *, restarted: bool) -> list[str]:
    start = track.start
    if term.same_day:
        if track.base == start.toordinal():
            return []
        if not calendar.is_working_day(start.date()):
            why = f"{_reason(start.date(), calendar)}"
        elif start.time() > term.cutoff:
            why = f"nhận {_moment(start, term.cutoff)}sau {term.cutoff:%H:%M}"
        else:
            why = f"nhận {_moment(start, *(end for _, end in calendar.sessions_on(start.date())))}sau giờ làm việc"
        return [f"{_title(start.date())}: {why}, chuyển sang ngày làm việc tiếp theo."]
    if term.unit is Unit.WORKING_DAY or term.unit is Unit.CALENDAR_DAY:
        return [
            f"{_title(start.date())}: ngày {'nhận đủ hồ sơ' if restarted else 'tiếp nhận'}, không tính."
        ]
    return []


def _moment(start: datetime, *edges: time) -> str:
    """The seconds, where the minute alone would not say why: 15:00:01 is after 15:00."""
    exact = start.time()
    if exact in edges or exact.replace(second=0, microsecond=0) not in edges:
        return ""
    part = f",{exact.microsecond:06d}".rstrip("0") if exact.second == 0 else ""
    return f"lúc {exact:%H:%M:%S}{part}, "


def _wait_line(note: Note) -> str:
    pause = note.change
    assert isinstance(pause, Pause)
    text = f"{pause.kind.label[0].upper()}{pause.kind.label[1:]} từ {write_instant(pause.from_)}"
    if pause.to is not None:
        text += f" đến {write_instant(pause.to)}"
    if not note.moved:
        words = "ghi nhận" if pause.known is not None else "yêu cầu"
        return f"{text}: {words} sau ngày hẹn trả, ngày hẹn không đổi."
    return f"{text}: thời gian này không tính." if pause.to is not None else f"{text}."


# What a wait ends with, where somebody brings it.
_ENDS = {PauseKind.SUPPLEMENT: "nhận đủ", PauseKind.FINANCIAL: "nhận được chứng từ nộp tiền"}


def _working_days(
    track: Track, term: Term, calendar: Calendar, waits: list[Pause], last: int
) -> Iterator[str]:
    waiting = _waiting_days(waits)
    counted, whole = 0, 1 if term.same_day else int(term.quantity)
    first = track.start.toordinal() + (
        0 if term.same_day and track.base == track.start.toordinal() else 1
    )
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        if not calendar.is_working_day(day):
            yield f"{_title(day)}: {_reason(day, calendar)}, không tính."
        elif term.by_instant and ordinal == last:
            yield _share_line(day, term, calendar)
        elif ordinal in waiting and ordinal != last:
            yield f"{_title(day)}: đang chờ, không tính."
        elif counted == whole:  # the whole days were used up before the wait ended
            words = "chuyển sang sau thời gian chờ" if ordinal != last else "sau thời gian chờ"
            yield f"{_title(day)}: phần thời hạn còn lại {words}{_note(day, calendar)}."
        elif term.same_day:
            counted += 1
            yield f"{_title(day)}: trả kết quả trong ngày này{_note(day, calendar)}."
        else:
            counted += 1
            yield f"{_title(day)}: ngày làm việc thứ {counted}{_note(day, calendar)}."


def _share_line(day: date, term: Term, calendar: Calendar) -> str:
    share = term.quantity - int(term.quantity)
    end = units.instant(day.toordinal(), term, calendar.index)[1]
    percent = f"{float(share * 100):g}".replace(".", ",")
    return f"{_title(day)}: {percent}% thời gian làm việc của ngày, từ đầu buổi đầu đến {write_time(end)}{_note(day, calendar)}."


def _calendar_days(
    track: Track, term: Term, calendar: Calendar, waits: list[Pause], last: int
) -> Iterator[str]:
    waiting = _waiting_days(waits)
    counted = 0
    for ordinal in range(track.start.toordinal() + 1, last + 1):
        day = date.fromordinal(ordinal)
        if ordinal in waiting:
            yield f"{_title(day)}: đang chờ, không tính."
        elif counted == term.quantity:  # the wait began while the last day was already moved on
            words = (
                "ngày hẹn trả trước khi chờ"
                if calendar.is_working_day(day)
                else f"{_reason(day, calendar)}, không tính"
            )
            yield f"{_title(day)}: {words}."
        else:
            counted += 1
            yield f"{_title(day)}: ngày thứ {counted}."
    yield from _rolled(last, calendar)


def _long_term(track: Track, term: Term, calendar: Calendar, waits: list[Pause]) -> Iterator[str]:
    """Months, years and clock hours end by arithmetic, not by counting days: the end, each wait,
    then what moves it on.
    """
    mark = track.base
    yield f"{term} kể từ {_mark_text(track.start.toordinal(), track.start, term)} là {_end_text(mark, term)}."
    if term.unit in units.CALENDAR_UNITS and date.fromordinal(mark).day != track.start.day:
        end = date.fromordinal(mark)
        yield f"Tháng {end.month}/{end.year} không có ngày {track.start.day}: lấy ngày cuối tháng."
    for wait in waits:
        assert wait.to is not None
        mark = units.waited(
            mark, term, max(local(wait.from_), track.start), local(wait.to), calendar.index
        )
        yield f"Cộng thời gian chờ đến {write_instant(wait.to)}: {_end_text(mark, term)}."
    if term.unit in units.CALENDAR_UNITS:
        yield from _rolled(mark, calendar)
    elif units.instant(mark, term, calendar.index) != divmod(mark, units.DAY):
        yield "Thời điểm đó ngoài giờ làm việc: chuyển sang đầu buổi làm việc tiếp theo."
        if (ordinal := mark // units.DAY) != units.instant(mark, term, calendar.index)[0]:
            yield from _rolled(ordinal, calendar)


def _mark_text(ordinal: int, start: datetime, term: Term) -> str:
    return (
        f"ngày {date.fromordinal(ordinal):%d/%m/%Y}"
        if term.unit in units.CALENDAR_UNITS
        else write_instant(start)
    )


def _end_text(mark: int, term: Term) -> str:
    if term.unit in units.CALENDAR_UNITS:
        return write_day(date.fromordinal(mark))
    day, minute = divmod(mark, units.DAY)
    return f"{write_time(minute)} {write_day(date.fromordinal(day))}"


def _rolled(ordinal: int, calendar: Calendar) -> Iterator[str]:
    """The days off that the last day moves over."""
    day = date.fromordinal(ordinal)
    while not calendar.is_working_day(day):
        yield f"{_title(day)}: {_reason(day, calendar)}, chuyển sang ngày làm việc tiếp theo."
        day += timedelta(days=1)


def _working_hours(
    track: Track, calendar: Calendar, waits: list[Pause], last: int
) -> Iterator[str]:
    index = calendar.index
    left = track.base - index.worked(track.start.toordinal(), minute_of(track.start))
    end_day, end_minute = index.at_worked(last)
    for ordinal in range(track.start.toordinal(), end_day + 1):
        day = date.fromordinal(ordinal)
        if not calendar.is_working_day(day):
            yield f"{_title(day)}: {_reason(day, calendar)}, không tính."
            continue
        first = minute_of(track.start) if ordinal == track.start.toordinal() else 0
        final = end_minute if ordinal == end_day else units.DAY - 1
        parts, used = [], 0
        for start, end in index.spans(ordinal):
            for a, b in _outside(max(start, first), min(end, final), ordinal, waits):
                parts.append(f"{write_time(a)}–{write_time(b)}")
                used += b - a
        left -= used
        if parts:
            rest = f"còn {_hours(left)}" if left else "đủ thời hạn"
            yield f"{_title(day)}: {', '.join(parts)}, tính {_hours(used)}, {rest}{_note(day, calendar)}."
        else:
            waited = any(
                _outside(start, end, ordinal, []) and not _outside(start, end, ordinal, waits)
                for start, end in index.spans(ordinal)
            )
            yield f"{_title(day)}: {'đang chờ' if waited else 'ngoài giờ làm việc'}, không tính."


def _outside(start: int, end: int, ordinal: int, waits: list[Pause]) -> list[tuple[int, int]]:
    """The parts of a span of a day that lie in no wait."""
    spans = [(start, end)] if start < end else []
    for wait in waits:
        assert wait.to is not None
        a, b = (
            local(at).toordinal() * units.DAY + minute_of(local(at)) - ordinal * units.DAY
            for at in (wait.from_, wait.to)
        )
        spans = [
            part for s, e in spans for part in ((s, min(e, a)), (max(s, b), e)) if part[0] < part[1]
        ]
    return spans


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(
        ([f"{hours} giờ"] if hours or not rest else []) + ([f"{rest} phút"] if rest else [])
    )


def _waiting_days(waits: list[Pause]) -> set[int]:
    """The days after each notice up to and including the day of completion."""
    days: set[int] = set()
    for wait in waits:
        assert wait.to is not None
        days.update(range(local(wait.from_).toordinal() + 1, local(wait.to).toordinal() + 1))
    return days


def _further_line(note: Note, term: Term, calendar: Calendar) -> str:
    change = note.change
    assert isinstance(change, (Extension, Reappointment))
    if not note.moved:
        return f"Gia hạn lúc {write_instant(change.at)} sau ngày hẹn trả: ngày hẹn không đổi."
    until = write_instant(calendar.index.wall(*units.instant(note.mark, term, calendar.index)))
    if isinstance(change, Extension) and change.until is not None:
        agreed = write_instant(local(change.until))
        return f"Hẹn theo thỏa thuận ({change.basis}) lúc {write_instant(change.at)}: đến {agreed}."
    if isinstance(change, Extension):
        basis = f" ({change.basis})" if change.basis else ""
        return f"Gia hạn theo quy định{basis} lúc {write_instant(change.at)}, thêm {change.by}: đến {until}."
    return f"Xin lỗi và hẹn lại lúc {write_instant(change.at)}, thêm {change.by}: đến {until}."


def _title(day: date) -> str:
    text = write_day(day)
    return text[0].upper() + text[1:]


def _note(day: date, calendar: Calendar) -> str:
    """What is special about a day that counts."""
    row = calendar.exception_on(day)
    if row is None:
        return ""
    if row.kind is DayKind.SWAPPED_WORKING and row.replaces is not None:
        return f" (làm bù cho {write_day(row.replaces)})"
    return f" ({row.name})" if row.name else ""


_REASONS = {
    DayKind.HOLIDAY: "nghỉ lễ",
    DayKind.COMPENSATORY: "nghỉ bù",
    DayKind.SWAPPED_OFF: "nghỉ hoán đổi",
    DayKind.CLOSING: "cơ quan tạm dừng làm việc",
    DayKind.RECEPTION_ONLY: "chỉ tiếp nhận hồ sơ",
    DayKind.OWN_HOURS: "không làm việc",
    DayKind.SWAPPED_WORKING: "không làm việc",
}


def _reason(day: date, calendar: Calendar) -> str:
    """Why a day does not count."""
    row: Day | None = calendar.exception_on(day)
    if row is not None:
        words = _REASONS[row.kind]
        return f"{words} ({row.name})" if row.name else words
    if calendar.is_reception_only(day):
        return "chỉ tiếp nhận hồ sơ"
    return "nghỉ cuối tuần" if day.weekday() >= 5 else "ngày cơ quan không làm việc"
