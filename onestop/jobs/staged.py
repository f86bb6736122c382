"""A file that a page takes in: kept, looked through by a worker, written when somebody says so. Each
step may run any number of times; leaving the page stops nothing.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models

from onestop.errors import DomainError, sentence
from onestop.stores import StoreAway
from onestop.tables import TableRow, read_table, read_tables, sha256_of_file
from onestop.viruses import refuse_infected

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

logger = logging.getLogger(__name__)
# A worker that has not been heard of for so long is dead.
SILENT = timedelta(minutes=10)


class Stored(Protocol):
    """Whatever keeps an upload: where it lies, and what it was called."""

    kept: str
    file_name: str


class Staged(models.Model):
    """One file on its way in; the row stays, whatever came of it."""

    class Stage(models.IntegerChoices):
        PREVIEWING = 1, "Đang xem trước"
        PREVIEWED = 2, "Đã xem trước"
        RUNNING = 3, "Đang nhập"
        DONE = 4, "Đã nhập"
        FAILED = 5, "Không nhập được"

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    file_name = models.CharField("tệp", max_length=250)
    sha256 = models.CharField(max_length=64)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices, default=Stage.DONE)
    rows = models.PositiveIntegerField("số dòng", default=0)
    done = models.PositiveIntegerField("số dòng đã xong", default=0)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When a worker last did something for it: one that died leaves it to the sweep.
    touched_at = models.DateTimeField(null=True, blank=True)
    # Where the upload is kept; empty once it is gone, and for commands.
    kept = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_working(self) -> bool:
        """A worker is at it, or will be."""
        return self.stage in (self.Stage.PREVIEWING, self.Stage.RUNNING)


def sweep(
    model: type[Staged],
    now: datetime,
    *,
    preview: Callable[[int, datetime], None],
    run: Callable[[int, datetime], None],
) -> int:
    """Go on with what a dead worker left; how many. One that fails again keeps none waiting: the
    first failure is raised when all have had their turn.
    """
    stages = (Staged.Stage.PREVIEWING, Staged.Stage.RUNNING)
    silent = model._default_manager.filter(stage__in=stages, touched_at__lt=now - SILENT)
    found = list(silent.values_list("pk", "stage"))
    failed: Exception | None = None
    for pk, stage in found:
        try:
            (preview if stage == Staged.Stage.PREVIEWING else run)(pk, now)
        except Exception as error:  # whatever it is, it is raised below
            failed = failed or error
    if failed is not None:
        raise failed
    return len(found)


@contextmanager
def told(record: Staged, *, silent: frozenset[str] = frozenset()) -> Iterator[None]:
    """What refuses the whole file stands on its row; `silent`: codes that refuse nothing."""
    try:
        yield
    except DomainError as error:
        if error.code not in silent:
            type(record)._default_manager.filter(pk=record.pk).update(
                stage=Staged.Stage.FAILED, error=sentence(error)[:300]
            )


@contextmanager
def stored(record: Stored, *, gone: str, suffix: str = "") -> Iterator[Path]:
    """The upload as a file of this machine. Errors: DomainError(gone)."""
    if not record.kept or not default_storage.exists(record.kept):
        raise DomainError(gone)
    with default_storage.open(record.kept) as content, as_file(content, suffix=suffix) as path:
        yield path


def let_go(kept: str) -> None:
    """An upload that no row names any more goes; where the store is away, the sweep takes it later."""
    try:
        default_storage.delete(kept)
    except StoreAway:
        logger.warning("upload not deleted", extra={"kept": kept})


@contextmanager
def received(upload: UploadedFile[Any], *, suffix: str = "") -> Iterator[Path]:
    """An upload, checked for viruses before anything reads it, as a file of this machine. Errors:
    those of viruses.refuse_infected.
    """
    refuse_infected(upload, name=upload.name or "")
    with as_file(upload, suffix=suffix) as path:
        yield path


@contextmanager
def as_file(content: Any, *, suffix: str = "") -> Iterator[Path]:
    """Any content as a file of this machine, wherever the storage is."""
    with tempfile.NamedTemporaryFile(suffix=suffix) as copy:
        content.seek(0)
        shutil.copyfileobj(content, copy)
        copy.flush()
        content.seek(0)
        yield Path(copy.name)


def keep_table(
    upload: UploadedFile[Any], folder: str, *, read: Callable[[Path, str], object] = read_table
) -> tuple[str, str]:
    """Keep a spreadsheet so that it can be looked through: its checksum, and where it lies. Errors:
    those of `read` and of `received`.
    """
    with received(upload) as path:
        read(path, upload.name or "")
        sha256 = sha256_of_file(path)
    return sha256, default_storage.save(f"{folder}/{sha256}", upload)


def kept_table(record: Stored, *, gone: str) -> list[TableRow]:
    """The rows of a spreadsheet that was kept. Errors: DomainError(gone)."""
    with stored(record, gone=gone) as path:
        return read_table(path, record.file_name)


def kept_tables(record: Stored, *, gone: str) -> list[list[TableRow]]:
    """The same, sheet by sheet."""
    with stored(record, gone=gone) as path:
        return read_tables(path, record.file_name)
