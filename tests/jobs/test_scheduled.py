"""`/quan-tri/viec-dinh-ky/`: each job of the schedule, its last run, its next, what was made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from celery import current_app
from celery.schedules import crontab

from onestop.accounts.models import AccessEvent, Role
from onestop.jobs import overview, runs, tasks
from onestop.jobs.listed import listed
from onestop.jobs.models import JobState, TaskRun
from onestop.jobs.timetable import Timing, timing_of, timings
from tests import matrix
from tests.clock import Clock
from tests.world import vn

pytestmark = pytest.mark.django_db
EVERY_FIVE = Timing(period=timedelta(minutes=5))
AT_NIGHT = Timing(times=(time(0, 40),))
DRAFT = "reports.draft_owed"


def by_task(now: datetime) -> dict[str, overview.Shown]:
    return {one.job.task: one for one in overview.shown(now)}


def test_every_job_of_the_schedule_has_its_name_and_its_words() -> None:
    assert set(timings()) == {task for task, one in listed().items() if not one.is_by_hand}
    assert all(one.label and one.remedy for one in listed().values())
    words = {task: one.words for task, one in timings().items()}
    assert words["jobs.heartbeat"] == "mỗi phút"
    assert words["dossiers.flag_overdue"] == "5 phút một lần"
    assert words["dossiers.daily_digest"] == "00:10 hằng ngày"
    assert words[DRAFT] == "mỗi giờ, vào phút 40"


def test_every_task_of_the_schedule_is_recorded_under_its_own_name() -> None:
    """A task that forgets it would look as if it had never run."""
    current_app.loader.import_default_modules()
    for task in timings():
        code = current_app.tasks[task].run.__code__
        named = {*code.co_consts, *code.co_names}
        assert "recorded" in named, task


def test_a_schedule_without_words_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="m/h/dM/MY/d"):
        timing_of(crontab(minute=1, hour=2, day_of_week=1))


@pytest.mark.parametrize(
    ("timing", "last", "now", "missed", "following"),
    [
        (EVERY_FIVE, "23/11/2026 08:00", "23/11/2026 08:05", 0, "23/11/2026 08:05"),
        # One that came late, because a worker was busy, is none that did not come.
        (EVERY_FIVE, "23/11/2026 08:00", "23/11/2026 08:14", 0, "23/11/2026 08:05"),
        (EVERY_FIVE, "23/11/2026 08:00", "23/11/2026 08:15", 1, "23/11/2026 08:05"),
        (EVERY_FIVE, "20/11/2026 08:00", "23/11/2026 08:00", 862, "20/11/2026 08:05"),
        (AT_NIGHT, "22/11/2026 00:40", "23/11/2026 00:40", 0, "23/11/2026 00:40"),
        (AT_NIGHT, "22/11/2026 00:41", "23/11/2026 00:49", 0, "23/11/2026 00:40"),
        (AT_NIGHT, "22/11/2026 00:40", "23/11/2026 07:00", 1, "23/11/2026 00:40"),
        (AT_NIGHT, "20/11/2026 00:40", "23/11/2026 07:00", 3, "21/11/2026 00:40"),
        # A clock that was wrong: nothing is said about what lies ahead.
        (AT_NIGHT, "01/01/2030 00:40", "23/11/2026 07:00", 0, "02/01/2030 00:40"),
    ],
)
def test_runs_that_did_not_come_are_counted(
    timing: Timing, last: str, now: str, missed: int, following: str
) -> None:
    assert timing.missed(vn(last), vn(now)) == missed
    assert timing.next(vn(last), vn(now)) == vn(following)


def test_a_run_tells_what_it_made_up_after_a_stop(clock: Clock) -> None:
    with runs.recorded(DRAFT) as run:
        run.detail = "lập 2 dự thảo báo cáo"
    clock.now = vn("23/11/2026 12:45")
    late = by_task(clock.now)[DRAFT]
    assert (late.result, late.missed_now, late.next_at) == (overview.Result.LATE, 3, None)
    with runs.recorded(DRAFT) as run:
        run.detail = "lập 5 dự thảo báo cáo"
    state = JobState.objects.get(name=DRAFT)
    assert (state.missed, state.missed_from, state.made_up_at, state.made_up) == (
        3, vn("23/11/2026 09:00"), vn("23/11/2026 12:45"), "lập 5 dự thảo báo cáo",
    )  # fmt: skip
    clock.now = vn("23/11/2026 13:40")
    with runs.recorded(DRAFT):
        pass
    # It stays until there is another stop; a run with nothing to do is told all the same.
    state.refresh_from_db()
    assert (state.missed, state.made_up, state.detail) == (3, "lập 5 dự thảo báo cáo", "")
    shown = by_task(clock.now)[DRAFT]
    assert (shown.result, shown.next_at) == (overview.Result.IDLE, vn("23/11/2026 14:40"))
    assert TaskRun.objects.count() == 2


def test_a_job_whose_worker_was_killed_says_so(clock: Clock) -> None:
    JobState.objects.create(name=DRAFT, started_at=clock.now)
    assert by_task(clock.now)[DRAFT].result == overview.Result.RUNNING
    JobState.objects.create(name="dossiers.daily_digest", started_at=clock.now)
    cut = by_task(clock.now + timedelta(hours=2))
    assert cut["dossiers.daily_digest"].result == overview.Result.CUT


def test_the_page_tells_administrators_what_to_do(
    clock: Clock, signed_in: Callable[..., Any], queries: Any
) -> None:
    world = matrix.make_world()
    tasks.heartbeat()
    with pytest.raises(OSError, match="x"), runs.recorded(runs.FILES):
        raise OSError(28, "x")
    client = signed_in(world.officers[Role.ADMINISTRATOR])
    page = client.get("/quan-tri/viec-dinh-ky/")
    text = page.content.decode()
    assert page.context["wrong"] == 1
    assert "hết chỗ trên đĩa" in text
    assert listed()[runs.FILES].remedy in text
    assert "Chưa chạy lần nào" in text
    assert "23/11/2026" in text
    line = AccessEvent.objects.get(object_kind="job")
    assert line.officer == world.officers[Role.ADMINISTRATOR]
    with queries() as few:
        client.get("/quan-tri/viec-dinh-ky/")
    for task in timings():
        with runs.recorded(task) as run:
            run.detail = "làm 1 việc"
    with queries() as many:
        client.get("/quan-tri/viec-dinh-ky/")
    assert len(many) == len(few)
