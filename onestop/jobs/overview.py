"""The scheduled jobs as an administrator's page shows them: how each ran last, when it comes next, what
was made up after a stop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from onestop.instants import lies_ahead
from onestop.jobs.listed import Job, listed
from onestop.jobs.models import JobState, TaskRun
from onestop.jobs.timetable import Timing, timings

# What has not ended by then was cut off.
LONGEST = timedelta(hours=1)
SHOWN = 40


class Result(StrEnum):
    DONE = "done"
    IDLE = "idle"
    RUNNING = "running"
    FAILED = "failed"
    CUT = "cut"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Shown:
    """A job of the schedule. `missed_now`: runs that should have come by now and did not."""

    job: Job
    timing: Timing
    state: JobState | None
    now: datetime

    @property
    def result(self) -> Result:
        state = self.state
        if state is None:
            return Result.NEVER
        if self.missed_now:
            return Result.LATE
        if state.ended_at is None:
            cut = self.now - state.started_at > LONGEST
            return Result.CUT if cut else Result.RUNNING
        if not state.ok:
            return Result.FAILED
        return Result.DONE if state.detail else Result.IDLE

    @property
    def is_wrong(self) -> bool:
        return self.result in (Result.FAILED, Result.CUT, Result.LATE)

    @property
    def missed_now(self) -> int:
        last = self._last
        return self.timing.missed(last, self.now) if last is not None else 0

    @property
    def next_at(self) -> datetime | None:
        """None: as soon as scheduler and worker run."""
        found = self.timing.next(self._last, self.now)
        return found if found > self.now else None

    @property
    def took(self) -> str:
        return took(self.state) if self.state is not None else ""

    @property
    def _last(self) -> datetime | None:
        """What a clock that was wrong noted says nothing about what comes next."""
        at = self.state.started_at if self.state is not None else None
        return None if lies_ahead(at, self.now) else at


def shown(now: datetime) -> Iterator[Shown]:
    """All jobs of the schedule, in its order. One statement."""
    known, states = listed(), JobState.objects.in_bulk()
    for task, timing in timings().items():
        job = known.get(task) or Job(task, task, "")
        yield Shown(job, timing, states.get(task), now)


def latest() -> list[tuple[str, TaskRun, str]]:
    """Runs that had something to do or failed, newest first: name of the job, run, how long."""
    known = listed()
    rows = TaskRun.objects.order_by("-started_at", "-pk")[:SHOWN]
    return [
        (known[one.name].label if one.name in known else one.name, one, took(one)) for one in rows
    ]


def took(run: JobState | TaskRun) -> str:
    """How long a run took, in words; nothing while it runs."""
    if run.ended_at is None:
        return ""
    seconds = max(0, round((run.ended_at - run.started_at).total_seconds()))
    minutes, rest = divmod(seconds, 60)
    if minutes:
        return f"{minutes} phút {rest} giây"
    return f"{rest} giây" if rest else "dưới 1 giây"
