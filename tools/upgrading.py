"""Data that another version of the product left: brought up to this one, or refused with a
sentence; never used half-way.

The embedded database is copied before its first migration. A migration that fails, or a machine
that goes down meanwhile, leaves the copy, which is put back: by us, or by the next run.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from onestop import versions

# Applied only by versions before the tables began anew (nothing was in use then, see CHANGELOG).
BEGUN_ANEW = frozenset({"dossiers.0001_initial"})


class Refused(Exception):
    """The sentence says why, and what to do."""


def bring_up() -> None:
    """Apply what is missing. Errors: Refused where a newer version was here; whatever a migration
    raises, with the data as before.
    """
    embedded = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    if embedded is not None and copy_of(embedded).exists():
        put_back(embedded)
    loader = MigrationLoader(connection)
    foreign = versions.unknown(loader.applied_migrations, versions.known())
    if BEGUN_ANEW & {*foreign}:
        raise Refused(
            "Dữ liệu này do một phiên bản trước tạo ra; từ phiên bản này cấu trúc dữ liệu bắt đầu lại từ đầu nên không nâng lên được. "
            "Hãy đặt VAR_DIR khác để bắt đầu với dữ liệu trống, hoặc chạy make fresh để xóa dữ liệu thử cũ."
        )
    if foreign:
        raise Refused(
            f"Dữ liệu này do phiên bản Một cửa mới hơn tạo ra ({foreign[0]}), phiên bản này không dùng được. "
            "Hãy cập nhật mã nguồn (git pull) rồi chạy lại, hoặc đặt VAR_DIR khác để bắt đầu với dữ liệu trống."
        )
    if not MigrationExecutor(connection).migration_plan(loader.graph.leaf_nodes()):
        return
    if embedded is None or not loader.applied_migrations:  # a server's own backups; nothing to lose
        call_command("migrate", "--noinput", verbosity=0)
        return
    print("Đang nâng dữ liệu lên phiên bản này…", flush=True)
    with kept_whole(embedded):
        call_command("migrate", "--noinput", verbosity=0)


def failure() -> str:
    """What is said when a migration failed."""
    kept = (
        "Dữ liệu được giữ nguyên như trước khi nâng."
        if connection.vendor == "sqlite"
        else "Hãy khôi phục cơ sở dữ liệu từ bản sao lưu."
    )
    return f"Không chuẩn bị được dữ liệu cho phiên bản này. {kept} Hãy kiểm tra chỗ trống trên đĩa rồi chạy lại make run"


@contextmanager
def kept_whole(database: Path) -> Iterator[None]:
    """A SQLite file that is as before when the block fails."""
    copy = copy_of(database)
    half = copy.with_suffix(".half")
    source, target = sqlite3.connect(database), sqlite3.connect(half)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    half.chmod(0o600)
    half.replace(copy)
    try:
        yield
    except BaseException:
        put_back(database)
        raise
    copy.unlink()


def put_back(database: Path) -> None:
    connection.close()
    for beside in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            Path(f"{database}{beside}").unlink()
    copy_of(database).replace(database)


def copy_of(database: Path) -> Path:
    return database.with_name(database.name + ".truoc-khi-nang")


def log_file() -> Path:
    folder = Path(settings.VAR_DIR) / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(os.path.relpath(folder / "prepare.log"))
