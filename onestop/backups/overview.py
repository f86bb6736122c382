"""How backups stand: for the administrators' page and for /san-sang/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from onestop.backups import alarms, nights, old
from onestop.backups.models import BackupRun, RestoreProof
from onestop.jobs.health import Check

SHOWN = 30
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shown:
    run: BackupRun
    is_there: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """`proof_due` None: nothing to prove yet."""

    now: datetime
    under_way: BackupRun | None
    newest: BackupRun | None
    newest_is_there: bool
    is_old: bool
    runs: list[Shown]
    proofs: list[RestoreProof]
    last_proof: RestoreProof | None
    proof_due: date | None
    shares_disk: bool

    @property
    def age(self) -> str:
        return age(self.newest, self.now)

    @property
    def proof_is_due(self) -> bool:
        return self.proof_due is not None and timezone.localdate(self.now) >= self.proof_due

    @property
    def before(self) -> int:
        """Megabytes of the newest: about what the one under way will have."""
        return self.newest.megabytes if self.newest else 0


def overview(now: datetime) -> Overview:
    newest = BackupRun.objects.good(now).first()
    last_proof = alarms.last_proof(now)
    since = alarms.proven_since(last_proof)
    rows = BackupRun.objects.select_related("by").order_by("-at", "-pk")
    proofs = RestoreProof.objects.select_related("by").order_by("-at", "-pk")
    return Overview(
        now=now,
        under_way=BackupRun.objects.open().order_by("-state", "at").first(),
        newest=newest,
        newest_is_there=newest is not None and old.is_there(newest),
        is_old=alarms.is_old(newest, now),
        runs=[Shown(run, run.is_kept and old.is_there(run)) for run in rows[:SHOWN]],
        proofs=list(proofs[:SHOWN]),
        last_proof=last_proof,
        proof_due=nights.proof_due(since) if since else None,
        shares_disk=_shares_disk(),
    )


def age(run: BackupRun | None, now: datetime) -> str:
    """In words, in hours and days that have passed."""
    if run is None or run.started_at is None:
        return ""
    passed = max(now - run.started_at, timedelta())
    days, hours = passed.days, (passed % timedelta(days=1)) // HOUR
    if days:
        return f"{days} ngày {hours} giờ trước" if hours else f"{days} ngày trước"
    return f"{hours} giờ trước" if hours else "chưa đến 1 giờ trước"


def _shares_disk() -> bool:
    """A disk that fails takes both: data and backups."""
    if not nights.is_on():
        return False
    try:
        there = Path(settings.BACKUP_DIR).stat().st_dev
        return there == Path(settings.VAR_DIR).stat().st_dev
    except OSError:
        return False


def check(now: datetime) -> Check:
    """Told without making the server unready: the counter serves also without a recent backup, and a
    balancer that took it away would make one harm into two.
    """
    ok, detail = _said(now)
    return Check("backup", "Sao lưu", ok, detail, needed=False)


def _said(now: datetime) -> tuple[bool, str]:
    if not nights.is_on():
        return bool(settings.DEMO), "không sao lưu theo lịch: chưa đặt BACKUP_DIR"
    try:
        newest = BackupRun.objects.good(now).first()
        is_old = alarms.is_old(newest, now)
    except (DatabaseError, InterfaceError):
        return False, "chưa biết: cơ sở dữ liệu không trả lời"
    if newest is None:
        return not is_old, "chưa có bản nào"
    day = f"{timezone.localtime(newest.started_at):%H:%M ngày %d/%m/%Y}"
    detail = f"bản mới nhất lúc {day}, {age(newest, now)}"
    if not old.is_there(newest):
        return False, f"{detail}; tệp không còn trong thư mục sao lưu hoặc không còn nguyên"
    if is_old:
        return False, f"{detail}: đã quá {settings.BACKUP_ALARM_HOURS} giờ"
    return True, detail
