"""Each night has one backup, whoever asks and whatever dies; old ones go when a newer one is there."""

from __future__ import annotations

import errno
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.backups import making, nights, old, tasks
from onestop.backups.models import BackupRun
from onestop.backups.pulse import Pulse
from onestop.errors import DomainError
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Message
from tests.backups.conftest import Writer
from tests.clock import Clock
from tests.world import vn

pytestmark = pytest.mark.django_db
State = BackupRun.State


def now() -> datetime:
    return timezone.now()


def test_every_night_has_one(writer: Writer, night: Clock, folder: Path) -> None:
    for _ in range(3):
        tasks.sweep()
    [run] = BackupRun.objects.all()
    assert (run.night, run.state, run.by) == (date(2026, 11, 24), State.DONE, None)
    assert (run.rows, run.files, run.written) == (42, 7, 3 * 2**20)
    assert [path.name for path in folder.iterdir()] == [run.file_name]
    assert TaskRun.objects.filter(name=making.SWEEP).get().detail == "đã làm 1 bản sao lưu"
    night.now = vn("25/11/2026 01:29")
    tasks.sweep()
    night.now = vn("25/11/2026 01:30")
    tasks.sweep()
    assert [one.night for one in BackupRun.objects.order_by("pk")] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
    ]


def test_a_machine_that_was_off_at_night_makes_it_when_it_is_on(
    writer: Writer, clock: Clock
) -> None:
    """From a Friday to a Monday: one, for the last night; the others would say the same."""
    clock.now = vn("27/11/2026 01:30")
    tasks.sweep()
    clock.now = vn("30/11/2026 07:20")
    tasks.sweep()
    found = list(BackupRun.objects.order_by("pk").values_list("night", flat=True))
    assert found == [date(2026, 11, 27), date(2026, 11, 30)]


def test_without_a_folder_there_is_no_schedule(settings: Any, night: Clock) -> None:
    settings.BACKUP_DIR = ""
    tasks.sweep()
    assert not BackupRun.objects.exists()
    assert not Message.objects.exists()


def test_the_run_that_came_back_in_its_own_archive(
    writer: Writer, night: Clock, settings: Any, administrator: Officer
) -> None:
    """A restored database says that a backup is being made: with a folder one is, without it ends
    and tells nobody.
    """
    for folder, state in ((settings.BACKUP_DIR, State.DONE), ("", State.FAILED)):
        BackupRun.objects.all().delete()
        settings.BACKUP_DIR = folder
        BackupRun.objects.create(
            night=date(2026, 11, 24),
            at=now(),
            due_at=now() + making.LEASE,
            tries=1,
            state=State.RUNNING,
        )
        night.now = now() + making.LEASE
        tasks.sweep()
        assert BackupRun.objects.get().state == state
    assert not Message.objects.exists()


def test_two_schedulers_owe_one_night(folder: Path, night: Clock) -> None:
    assert making.owe(now()) is not None
    assert making.owe(now()) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        BackupRun.objects.create(night=date(2026, 11, 24), at=now(), due_at=now())


def test_two_workers_never_write_at_once(
    writer: Writer, night: Clock, administrator: Officer
) -> None:
    """Neither the same run nor another: each would take the other's remains away."""
    run = making.owe(now())
    assert run is not None
    other = BackupRun.objects.create(by=administrator, at=now(), due_at=now())
    answers: list[bool] = []
    writer.meanwhile = lambda: answers.extend(making.work(pk, now) for pk in (run.pk, other.pk))
    assert making.work(run.pk, now)
    assert answers == [False, False]
    writer.meanwhile = lambda: None
    assert making.work(other.pk, now)
    assert len(writer.written) == 2


def test_what_a_killed_worker_left_is_made_after_its_lease(
    writer: Writer, night: Clock, folder: Path
) -> None:
    class Killed(BaseException):
        pass

    writer.fails = [Killed()]
    with pytest.raises(Killed):
        tasks.sweep()
    run = BackupRun.objects.get()
    assert run.state == State.RUNNING
    # It had written all, and died before it could say so.
    whole = folder / f"motcua-20261124-013000-{run.pk}.saoluu"
    whole.write_bytes(b"whole")
    night.now = vn(NIGHT_LATER)
    tasks.sweep()
    run.refresh_from_db()
    assert (run.state, run.tries) == (State.DONE, 2)
    # On a restored machine this may be the archive that it was restored from.
    assert whole.read_bytes() == b"whole"
    assert run.file_name == f"motcua-20261124-013000-{run.pk}-2.saoluu"


NIGHT_LATER = "24/11/2026 01:36"


def test_who_lost_the_run_writes_nothing_more(writer: Writer, night: Clock) -> None:
    run = making.owe(now())
    assert run is not None
    rows = BackupRun.objects.filter(pk=run.pk)
    writer.meanwhile = lambda: rows.update(holder="somebody else")
    assert not making.work(run.pk, now)
    run.refresh_from_db()
    assert (run.state, run.file_name) == (State.RUNNING, "")


def test_a_failure_is_tried_again_and_then_told_once(
    writer: Writer, night: Clock, administrator: Officer
) -> None:
    writer.fails = [OSError(errno.ENOSPC, "No space left on device") for _ in range(3)]
    tasks.sweep()
    run = BackupRun.objects.get()
    assert (run.state, run.error) == (State.WAITING, "Chưa sao lưu được: hết chỗ trên đĩa.")
    assert not Message.objects.exists()
    for minutes in (4, 5, 19, 20, 60):
        night.now = vn("24/11/2026 01:30") + timedelta(minutes=minutes)
        tasks.sweep()
    run.refresh_from_db()
    assert (run.state, run.tries) == (State.FAILED, 3)
    [told] = Message.objects.all()
    assert (told.subject, told.to_officer_id) == ("Chưa sao lưu được", administrator.pk)
    assert "hết chỗ trên đĩa" in told.body
    assert told.link == "/quan-tri/sao-luu/"


def test_while_it_is_tried_again_nothing_is_said_of_the_try_before(
    writer: Writer, night: Clock
) -> None:
    """The page would name the end of its lease as the hour of the next try."""
    writer.fails = [OSError(errno.EIO, "Input/output error")]
    tasks.sweep()
    said: list[tuple[int, str]] = []
    writer.meanwhile = lambda: said.extend(BackupRun.objects.values_list("tries", "error"))
    night.now = now() + making.PAUSES[0]
    tasks.sweep()
    assert said == [(2, "")]


def test_a_disk_that_fails_is_no_fault_of_the_program(writer: Writer, night: Clock) -> None:
    writer.fails = [OSError(errno.EIO, "Input/output error")]
    tasks.sweep()
    assert "ổ đĩa sao lưu báo lỗi" in BackupRun.objects.get().error


def test_what_only_a_person_can_mend_is_not_tried_again(
    folder: Path, settings: Any, night: Clock, administrator: Officer
) -> None:
    """The folder of a disk that is not mounted is not made on another one."""
    settings.BACKUP_DIR = str(folder / "not-mounted")
    tasks.sweep()
    run = BackupRun.objects.get()
    assert (run.state, run.tries) == (State.FAILED, 1)
    # Whole: on the page and in the letter another sentence comes behind it.
    assert run.error.startswith("Không có thư mục")
    assert run.error.endswith("rồi chạy lại.")
    assert not (folder / "not-mounted").exists()
    assert Message.objects.get().subject == "Chưa sao lưu được"


def test_asked_for_twice_it_is_one(writer: Writer, night: Clock, administrator: Officer) -> None:
    first = making.ask(by=administrator, at=now())
    assert making.ask(by=administrator, at=now()).pk == first.pk
    assert first.night is None


def test_asked_for_without_a_folder(settings: Any, administrator: Officer) -> None:
    settings.BACKUP_DIR = ""
    with pytest.raises(DomainError, match="backup_folder_unset"):
        making.ask(by=administrator, at=now())


def test_the_newest_days_and_the_first_of_each_month_are_kept(
    writer: Writer, clock: Clock, folder: Path, settings: Any
) -> None:
    settings.BACKUP_KEEP = 3
    foreign = folder / "motcua-of-somebody.saoluu"
    foreign.write_bytes(b"")
    writer.size = 10
    for day in range(60):
        clock.now = vn("28/11/2026 02:00") + timedelta(days=day)
        tasks.sweep()
    kept = BackupRun.objects.good(now())
    assert [f"{timezone.localdate(one.started_at):%d/%m/%y}" for one in kept] == [
        "26/01/27", "25/01/27", "24/01/27", "01/01/27", "01/12/26", "28/11/26",
    ]  # fmt: skip
    names = {one.file_name for one in kept}
    assert {path.name for path in folder.iterdir()} == {*names, foreign.name}


def test_nothing_goes_while_no_newer_one_is_whole(
    writer: Writer, clock: Clock, folder: Path, settings: Any
) -> None:
    settings.BACKUP_KEEP = 1
    clock.now = vn("28/11/2026 02:00")
    tasks.sweep()
    clock.now = vn("29/11/2026 02:00")
    tasks.sweep()
    writer.fails = [OSError(errno.EIO, "broken")] * 9
    clock.now = vn("30/11/2026 02:00")
    tasks.sweep()
    assert BackupRun.objects.good(now()).count() == len(list(folder.iterdir())) == 2


def test_a_file_that_cannot_be_removed_stays_listed(
    writer: Writer, clock: Clock, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_KEEP = 1
    for day in ("01/12/2026", "02/12/2026"):
        clock.now = vn(f"{day} 02:00")
        tasks.sweep()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", _refuse)
        clock.now = vn("03/12/2026 02:00")
        tasks.sweep()
    assert BackupRun.objects.good(now()).count() == 3
    assert old.let_go(now()) == 1


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, "read only")


def test_the_pulse_renews_the_lease_and_tells_how_much_is_there(folder: Path, night: Clock) -> None:
    run = making.owe(now())
    assert run is not None
    path = folder / "motcua-x.saoluu"
    (folder / "motcua-x.saoluu.part").write_bytes(b"\0" * 1234)
    BackupRun.objects.filter(pk=run.pk).update(state=State.RUNNING, holder="me")
    night.now = vn("24/11/2026 01:40")
    Pulse(BackupRun.objects.filter(holder="me"), path, now, making.LEASE).beat()
    run.refresh_from_db()
    assert (run.written, run.due_at) == (1234, now() + making.LEASE)


def test_a_clock_put_right_stops_no_backup(writer: Writer, clock: Clock) -> None:
    clock.now = vn("24/11/2030 02:00")
    writer.fails = [OSError(errno.EIO, "broken")]
    tasks.sweep()
    clock.now = vn("24/11/2026 02:00")
    assert making.after_clock_set_back(now()) == 1
    tasks.sweep()
    assert BackupRun.objects.filter(night=date(2026, 11, 24), state=State.DONE).exists()
    assert not BackupRun.objects.filter(night__gt=date(2026, 11, 24)).exists()


@pytest.mark.parametrize(
    ("since", "due"),
    [("30/11/2026", "28/02/2027"), ("01/01/2027", "01/04/2027"), ("30/11/2027", "29/02/2028")],
)
def test_a_proof_is_due_three_months_later(since: str, due: str) -> None:
    """R-148: each quarter."""
    assert f"{nights.proof_due(vn(f'{since} 23:30')):%d/%m/%Y}" == due
