"""Is this server alive, and is it ready: database, queue, storage, scheduler."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from kombu.connection import Connection

from onestop.jobs import runs

# The scheduler ticks every minute; three missed ticks are a stopped scheduler or a stuck queue.
STALE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Check:
    """One part's answer. The sentence never carries an address, a name of a host or an error text."""

    name: str
    label: str
    ok: bool
    detail: str


def checks(now: datetime) -> list[Check]:
    return [database(), queue(), storage(), scheduler(now)]


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return Check("database", "Cơ sở dữ liệu", False, "không trả lời")
    return Check("database", "Cơ sở dữ liệu", True, "trả lời")


def queue() -> Check:
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return Check("queue", "Hàng đợi", bool(settings.CELERY_TASK_ALWAYS_EAGER), "không có máy chủ hàng đợi")
    try:
        with Connection(  # type: ignore[no-untyped-call]
            settings.CELERY_BROKER_URL, transport_options={"socket_connect_timeout": 1, "socket_timeout": 2}
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # each transport has its own errors; whatever it is, the queue does not answer
        return Check("queue", "Hàng đợi", False, "không trả lời")
    return Check("queue", "Hàng đợi", True, "trả lời")


def storage() -> Check:
    try:
        default_storage.exists("san-sang")
        if location := getattr(default_storage, "location", None):
            Path(location).mkdir(parents=True, exist_ok=True)
            if not os.access(location, os.W_OK):
                return Check("storage", "Kho tệp", False, "không ghi được")
    except Exception:  # disk or S3, whatever it says
        return Check("storage", "Kho tệp", False, "không trả lời")
    return Check("storage", "Kho tệp", True, "ghi được")


def scheduler(now: datetime) -> Check:
    try:
        last = runs.last_beat()
    except (DatabaseError, InterfaceError):
        last = None
    if last is None:
        return Check("scheduler", "Bộ lập lịch", False, "chưa có nhịp nào")
    local = timezone.localtime(last)
    return Check("scheduler", "Bộ lập lịch", now - last <= STALE, f"nhịp gần nhất lúc {local:%H:%M:%S ngày %d/%m/%Y}")
