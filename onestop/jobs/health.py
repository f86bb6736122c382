"""Is this server alive, and is it ready: database, queue, storage, scheduler; who keeps dying; are
the kept files whole; does the virus check answer.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from kombu.connection import Connection

from onestop import replica, versions, viruses
from onestop.environment import AILING
from onestop.errors import say
from onestop.instants import lies_ahead
from onestop.jobs import runs
from onestop.stores import folder_of

# The scheduler ticks every minute; three missed ticks are a stopped scheduler or a stuck queue.
STALE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Check:
    """One part's answer. The sentence never carries an address, a name of a host or an error text."""

    name: str
    label: str
    ok: bool
    detail: str
    # Whether the server is not ready without it; damaged files are told, and the counter works all
    # the same.
    needed: bool = True


# What the apps above have to say, by the name of their check.
_more: dict[str, Callable[[datetime], Check]] = {}


def look_at(name: str, check: Callable[[datetime], Check]) -> None:
    """Ask this too. Listing the same again changes nothing."""
    _more[name] = check


def checks(now: datetime) -> list[Check]:
    own = [
        database(),
        version(),
        queue(),
        storage(),
        scheduler(now),
        processes(),
        files(now),
    ]
    if viruses.is_used():
        own.append(virus_check())
    if replica.is_used():
        own.append(replica_check())
    return [*own, *(check(now) for check in _more.values())]


def names() -> list[str]:
    own = ("database", "version", "queue", "storage", "scheduler", "processes", "files", "viruses")
    return [*own, "replica", *_more]


def is_ready(found: list[Check]) -> bool:
    return all(check.ok for check in found if check.needed)


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return Check("database", "Cơ sở dữ liệu", False, "không trả lời")
    return Check("database", "Cơ sở dữ liệu", True, "trả lời")


def version() -> Check:
    """Whether another version has migrated the database meanwhile."""
    if not database().ok:
        return Check("version", "Phiên bản dữ liệu", False, "không hỏi được")
    newer = versions.newer()
    detail = say("database_newer") if newer else "không mới hơn phiên bản đang chạy"
    return Check("version", "Phiên bản dữ liệu", not newer, detail)


def queue() -> Check:
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return Check(
            "queue",
            "Hàng đợi",
            bool(settings.CELERY_TASK_ALWAYS_EAGER),
            "không có máy chủ hàng đợi",
        )
    try:
        with Connection(  # type: ignore[no-untyped-call]
            settings.CELERY_BROKER_URL,
            transport_options={"socket_connect_timeout": 1, "socket_timeout": 2},
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (
        Exception
    ):  # each transport has its own errors; whatever it is, the queue does not answer
        return Check("queue", "Hàng đợi", False, "không trả lời")
    return Check("queue", "Hàng đợi", True, "trả lời")


def storage() -> Check:
    """A file is really written, and on a disk there must be room for the next scans: permissions say
    nothing about a full one.
    """
    try:
        default_storage.exists("san-sang")
        if folder_of(default_storage) is None:
            default_storage.probe()  # type: ignore[attr-defined]
    except Exception:  # disk or S3, whatever it says
        return Check("storage", "Kho tệp", False, "không trả lời")
    try:
        free = min((_free_after_writing(folder) for folder in _folders()), default=None)
    except OSError:
        return Check("storage", "Kho tệp", False, "không ghi được")
    if free is not None and free < settings.STORAGE_MIN_FREE_BYTES:
        return Check("storage", "Kho tệp", False, f"sắp đầy: còn trống {free // 2**20} MB")
    return Check(
        "storage",
        "Kho tệp",
        True,
        "ghi được" + (f", còn trống {free // 2**20} MB" if free is not None else ""),
    )


def _folders() -> Iterator[Path]:
    """Where this server writes: scans and slips, and the database when it is a file beside them."""
    if folder := folder_of(default_storage):
        yield folder
    if connection.vendor == "sqlite":
        yield Path(settings.VAR_DIR)


def _free_after_writing(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
        probe.write(b"\0" * 4096)
    return shutil.disk_usage(folder).free


def scheduler(now: datetime) -> Check:
    try:
        last = runs.last_beat()
    except (DatabaseError, InterfaceError):
        last = None
    if last is None:
        return Check("scheduler", "Bộ lập lịch", False, "chưa có nhịp nào")
    beat = f"nhịp gần nhất lúc {timezone.localtime(last):%H:%M:%S ngày %d/%m/%Y}"
    if lies_ahead(last, now):
        why = "muộn hơn giờ của máy: đồng hồ máy đã bị chỉnh lùi; bộ lập lịch chưa có nhịp nào từ khi chỉnh"
        return Check("scheduler", "Bộ lập lịch", False, f"{beat}, {why}")
    if now - last > STALE:
        why = f"đã quá {STALE.seconds // 60} phút: bộ lập lịch hoặc tiến trình xử lý việc nền không chạy"
        return Check("scheduler", "Bộ lập lịch", False, f"{beat}, {why}")
    return Check("scheduler", "Bộ lập lịch", True, beat)


def processes() -> Check:
    """What the supervisor of `make run` tells of its children; servers of other kinds leave no
    note.
    """
    try:
        ailing = json.loads((Path(settings.VAR_DIR) / AILING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        ailing = {}
    names = ", ".join(f"{name} ({count} lần)" for name, count in sorted(ailing.items()))
    return Check(
        "processes",
        "Tiến trình",
        not names,
        f"dừng liên tục: {names}" if names else "không tiến trình nào dừng liên tục",
    )


def virus_check() -> Check:
    """Without it files are refused; all else at the counter works, so that no server is taken away
    for it.
    """
    ok = viruses.answers()
    detail = "trả lời" if ok else "không trả lời: tệp tải lên bị từ chối cho đến khi trả lời lại"
    return Check("viruses", "Kiểm tra vi-rút", ok, detail, needed=False)


def replica_check() -> Check:
    """Without it reports and dashboards read from the database itself: slower, never wrong."""
    label, instead = "Bản sao cho báo cáo", "báo cáo đọc cơ sở dữ liệu chính"
    try:
        stand = replica.standing()
    except replica.Unusable as error:
        return Check("replica", label, False, f"{error}: {instead}", needed=False)
    except (DatabaseError, InterfaceError):
        return Check("replica", label, False, "không hỏi được cơ sở dữ liệu chính", needed=False)
    seconds = round(stand.lag.total_seconds())
    if stand.lag.total_seconds() > settings.REPLICA_MOST_SECONDS:
        return Check("replica", label, False, f"chậm {seconds} giây: {instead}", needed=False)
    detail = f"chậm {seconds} giây, trang số liệu ghi rõ" if stand.is_told else "theo kịp"
    return Check("replica", label, not stand.is_told, detail, needed=False)


def files(now: datetime) -> Check:
    """What the nightly comparison with the checksums found (R-149)."""
    try:
        last = runs.last(runs.FILES, now)
    except (DatabaseError, InterfaceError):
        last = None
    if last is None:
        return Check("files", "Nội dung tệp", True, "chưa đối chiếu lần nào", needed=False)
    day = f"{timezone.localtime(last.started_at):%H:%M ngày %d/%m/%Y}"
    detail = (
        f"khớp mã kiểm tra, đối chiếu lúc {day}"
        if last.ok
        else f"có tệp hỏng, mất hoặc chưa đối chiếu xong, lúc {day}"
    )
    return Check("files", "Nội dung tệp", last.ok, detail, needed=False)
