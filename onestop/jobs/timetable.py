"""When a scheduled job runs: in words, next, and which runs did not come. Read from Celery's schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from celery import current_app
from celery.schedules import crontab
from django.utils import timezone

# A busy worker takes a nightly run later than its minute; that is no run that did not come.
PATIENCE = timedelta(minutes=10)
# Counting back ends here: a server that was off for years missed "more than".
MOST = 10_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """Every `period`, or at these times of each day."""

    period: timedelta | None = None
    times: tuple[time, ...] = ()

    @property
    def words(self) -> str:
        if self.period is not None:
            minutes = round(self.period.total_seconds() / 60)
            return "mỗi phút" if minutes <= 1 else f"{minutes} phút một lần"
        minute = self.times[0].minute
        if self.times == tuple(time(hour, minute) for hour in range(24)):
            return f"mỗi giờ, vào phút {minute:02d}"
        return f"{', '.join(f'{at:%H:%M}' for at in self.times)} hằng ngày"

    def next(self, last: datetime | None, now: datetime) -> datetime:
        """The next run that the schedule has; one that is over by now was not taken yet."""
        if self.period is not None:
            return last + self.period if last is not None else now
        begin = last if last is not None else now
        return next(at for at in self._from(timezone.localtime(begin)) if at > begin)

    def missed(self, last: datetime, now: datetime) -> int:
        """How many runs after `last` should have come before now and did not; the one that comes
        now in their place is not the first of them.
        """
        if self.period is not None:
            return min(max((now - last) // self.period - 2, 0), MOST)
        until, found = now - PATIENCE, 0
        for at in self._from(timezone.localtime(last)):
            if at > until or found == MOST:
                break
            found += at > last
        return found

    def _from(self, begin: datetime) -> Iterator[datetime]:
        day = begin.date()
        while True:
            for at in self.times:
                yield datetime.combine(day, at, tzinfo=begin.tzinfo)
            day += DAY


def timings() -> dict[str, Timing]:
    """Of each task of the schedule. Errors: those of timing_of()."""
    entries: Any = current_app.conf.beat_schedule
    return {one["task"]: timing_of(one["schedule"]) for one in entries.values()}


def timing_of(schedule: Any) -> Timing:
    """Errors: ValueError for a schedule that has no words yet."""
    if isinstance(schedule, int | float):
        return Timing(period=timedelta(seconds=schedule))
    whole = (schedule.day_of_week, schedule.day_of_month, schedule.month_of_year)
    if not isinstance(schedule, crontab) or [len(one) for one in whole] != [7, 31, 12]:
        raise ValueError(schedule)
    times = (time(hour, minute) for hour in schedule.hour for minute in schedule.minute)
    return Timing(times=tuple(sorted(times)))
