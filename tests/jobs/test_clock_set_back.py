"""A clock that was wrong and is put right: what it wrote as "last" silences nothing, keeps nobody
signed in and locks nobody out.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from dossiers.acts import handovers
from dossiers.clock import flags
from dossiers.models import Dossier, Draft, Slip
from dossiers.slips import issuing
from onestop.accounts.models import Officer
from onestop.accounts.models.officers import UsualAddress
from onestop.beat import Scheduler
from onestop.celery import MINUTE, app
from onestop.files import domain as files
from onestop.jobs import health, runs, tasks
from onestop.jobs.models import TaskRun
from onestop.outbox import domain as outbox
from onestop.outbox.models import Message
from tests.clock import MONDAY, Clock, vn
from tests.world import make_case, make_office, receive

pytestmark = pytest.mark.django_db
WRONG = vn("10/02/2027 09:00")
MOMENT = timedelta(minutes=5)


class Beat:
    """Beat over a schedule file; what it sends is written down instead."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.sent: set[str] = set()
        self.start()

    def start(self) -> None:
        self.scheduler = Scheduler(app=app, schedule_filename=str(self.file))
        self.scheduler.apply_entry = lambda entry, producer=None: self.sent.add(entry.name)

    def run(self) -> set[str]:
        """The entries that are sent without waiting."""
        self.sent = set()
        for _ in range(3 * len(app.conf.beat_schedule)):
            self.scheduler.tick()
        return self.sent - {"celery.backend_cleanup"}  # its own, for results that we do not keep


@pytest.fixture
def beat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Beat]:
    monkeypatch.setattr(Scheduler, "producer", None)
    clock.now = WRONG
    beat = Beat(tmp_path / "beat")
    clock.now = WRONG + timedelta(days=1)
    assert beat.run() == set(app.conf.beat_schedule)  # all noted as run in February
    yield beat
    beat.scheduler.close()


def test_beat_goes_on_when_it_is_started_with_notes_of_the_wrong_clock(
    beat: Beat, clock: Clock
) -> None:
    beat.scheduler.close()
    clock.now = MONDAY
    beat.start()
    assert beat.run() == set(app.conf.beat_schedule)
    clock.now = MONDAY + timedelta(seconds=61)
    assert beat.run() == {
        name for name, entry in app.conf.beat_schedule.items() if entry["schedule"] == MINUTE
    }


def test_beat_goes_on_when_the_clock_is_put_right_while_it_runs(beat: Beat, clock: Clock) -> None:
    clock.now = MONDAY
    assert beat.run() == set(app.conf.beat_schedule)
    assert beat.run() == set()


def test_a_clock_that_is_kept_right_by_seconds_repeats_nothing(beat: Beat, clock: Clock) -> None:
    clock.now = clock.now - timedelta(seconds=20)
    assert beat.run() == set()


def test_a_beat_later_than_now_is_no_sign_of_life_and_the_page_says_why() -> None:
    runs.beat(WRONG)
    found = health.scheduler(MONDAY)
    assert not found.ok
    assert "09:00:00 ngày 10/02/2027" in found.detail
    assert "đồng hồ máy đã bị chỉnh lùi" in found.detail
    tasks.heartbeat()
    assert health.scheduler(MONDAY).ok


def test_a_run_later_than_now_is_not_the_last_one() -> None:
    TaskRun.objects.create(name=runs.FILES, started_at=WRONG, ok=False, detail="x")
    assert runs.last(runs.FILES, MONDAY) is None
    earlier = TaskRun.objects.create(
        name=runs.FILES, started_at=MONDAY - timedelta(hours=7), detail="x"
    )
    assert runs.last(runs.FILES, MONDAY) == earlier


def test_a_session_seen_later_than_now_is_over(signed_in: Callable[..., Any], clock: Clock) -> None:
    """R-140: how long nobody was there is not known."""
    office = make_office()
    clock.now = WRONG
    client = signed_in(office.clerk)
    assert client.get("/tiep-nhan/").status_code == 200
    clock.now = WRONG - timedelta(seconds=20)  # the clock is kept right by seconds
    assert client.get("/tiep-nhan/").status_code == 200
    clock.now = MONDAY
    assert client.get("/tiep-nhan/").headers["Location"].startswith("/dang-nhap/")


def put_right() -> None:
    """The first beat of the clock that is right, after one of the wrong clock."""
    runs.beat(WRONG)
    runs.beat(MONDAY)


def test_a_lock_of_the_wrong_clock_is_open_at_once_and_off_the_lists_with_the_next_beat() -> None:
    office = make_office()
    Officer.objects.filter(pk=office.clerk.pk).update(
        locked_at=WRONG, locked_until=WRONG + timedelta(minutes=15), last_seen_at=WRONG
    )
    clerk = Officer.objects.get(pk=office.clerk.pk)
    assert clerk.is_locked(WRONG + MOMENT)
    assert not clerk.is_locked(MONDAY)
    put_right()
    clerk.refresh_from_db()
    assert (clerk.locked_at, clerk.locked_until, clerk.last_seen_at) == (None, None, MONDAY)


def test_so_is_the_lock_of_an_address() -> None:
    clerk = make_office().clerk
    wrong, true = (
        UsualAddress.objects.create(
            officer=clerk, address=address, last_good_at=at, locked_until=at + timedelta(minutes=15)
        )
        for address, at in (("10.0.0.1", WRONG), ("10.0.0.2", MONDAY))
    )
    put_right()
    wrong.refresh_from_db()
    true.refresh_from_db()
    assert (wrong.locked_until, wrong.last_good_at) == (None, MONDAY)
    assert true.is_locked(MONDAY + MOMENT)


def test_a_true_lock_stays() -> None:
    office = make_office()
    until = MONDAY + timedelta(minutes=15)
    Officer.objects.filter(pk=office.clerk.pk).update(locked_at=MONDAY, locked_until=until)
    put_right()
    assert Officer.objects.get(pk=office.clerk.pk).locked_until == until


@pytest.mark.parametrize(
    ("made", "next_try", "due"),
    [
        (WRONG, WRONG + MOMENT, True),
        (MONDAY - timedelta(days=1), WRONG + MOMENT, True),
        (MONDAY - timedelta(days=1), MONDAY + MOMENT, False),
    ],
)
def test_letters_that_wait_for_an_instant_of_the_wrong_clock_go_out(
    made: datetime, next_try: datetime, due: bool
) -> None:
    letter = outbox.post(
        kind="late", dedupe="x", subject="Thử", body="Thử", at=made, to_email="a@xa.example"
    )
    assert letter is not None
    Message.objects.filter(pk=letter.pk).update(next_try_at=next_try)
    put_right()
    assert Message.objects.mail_due(MONDAY).exists() == due


def test_what_was_flagged_too_early_is_flagged_again_when_it_is_true(clock: Clock) -> None:
    office = make_office()
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    flags.flag_overdue(WRONG)
    kinds = lambda: set(Message.objects.values_list("kind", flat=True))  # noqa: E731
    assert kinds() >= {flags.LATE, flags.UNCONFIRMED}
    put_right()
    dossier.refresh_from_db()
    assert (dossier.soon_flagged, dossier.late_flagged) == (False, False)
    assert not kinds() & {flags.SOON, flags.LATE, flags.UNCONFIRMED, flags.LETTER}
    flags.flag_overdue(vn("03/12/2026 16:00"))
    assert flags.SOON in kinds()
    flags.flag_overdue(vn("04/12/2026 08:00"))
    assert kinds() >= {flags.SOON, flags.LATE, flags.UNCONFIRMED, flags.LETTER}


def test_what_is_late_in_truth_keeps_its_flag_and_its_notice() -> None:
    dossier = receive(make_office(), make_case("1 ngày làm việc"), at=vn("16/11/2026 09:00"))
    flags.flag_overdue(WRONG)
    put_right()
    assert Dossier.objects.get(pk=dossier.pk).late_flagged
    assert Message.objects.filter(kind=flags.LATE).exists()


def test_a_draft_saved_by_the_wrong_clock_lies_no_longer_than_others() -> None:
    draft = Draft.objects.create(officer=make_office().clerk, token=uuid4(), updated_at=WRONG)
    put_right()
    draft.refresh_from_db()
    assert draft.updated_at == MONDAY


def test_a_slip_made_by_the_wrong_clock_still_gets_its_pdf() -> None:
    receive(make_office(), make_case())
    Slip.objects.update(pdf=None, made_at=WRONG)
    assert issuing.without_pdf(MONDAY) == list(Slip.objects.values_list("pk", flat=True))


def test_an_orphan_written_by_the_wrong_clock_is_swept(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    for name, at in (
        ("wrong", WRONG),
        ("running", MONDAY + MOMENT),
        ("old", MONDAY - timedelta(days=2)),
    ):
        default_storage.save(name, ContentFile(b"x"))
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    assert files.sweep_orphans(MONDAY) == 2
    assert default_storage.exists("running")
