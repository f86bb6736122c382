"""An import from a page: the upload is kept, looked through by a worker, imported when an
administrator says so. Each step may run any number of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dossiers.importing.reading import Source, open_source
from dossiers.importing.run import SHOWN, Order, Report, import_dossiers
from dossiers.models import DossierImport
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.jobs import staged
from onestop.jobs.nudge import nudge

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.desk import Desk

FOLDER = "imports"
SILENT = staged.SILENT
PREVIEW, RUN = "dossiers.preview_import", "dossiers.run_import"
# Another worker went on: nothing is wrong with the file.
ELSEWHERE = frozenset({"import_elsewhere"})
Stage = DossierImport.Stage
__all__ = ["SHOWN", "SILENT", "confirm", "discard", "preview", "run", "start", "sweep"]


def start(upload: UploadedFile[Any], *, counts: str, by: Desk, at: datetime) -> DossierImport:
    """Keep an upload and have it looked through. Errors: those of reading.open_source
    and staged.received."""
    with staged.received(upload, suffix=".csv") as path:
        source = open_source(path, name=upload.name or "")
    kept = default_storage.save(f"{FOLDER}/{source.sha256}", upload)
    with transaction.atomic():
        record = DossierImport.objects.create(
            at=at,
            by=by.officer,
            confirmed_by=by.officer,
            file_name=source.name[:250],
            sha256=source.sha256,
            counts_from=counts,
            stage=Stage.PREVIEWING,
            rows=source.lines,
            kept=kept,
            touched_at=at,
        )
        nudge(PREVIEW, record.pk)
    return record


def preview(pk: int, now: datetime) -> None:
    """What the import would do, kept on the run."""
    record = DossierImport.objects.select_related("by").get(pk=pk)
    if record.stage != Stage.PREVIEWING:
        return
    with staged.told(record, silent=ELSEWHERE):
        report = _do(record, now, dry_run=True)
        record.counts, record.warnings = report.counts, report.warnings
        record.problems = [problem.told() for problem in report.problems]
        record.sample, record.rows, record.done = report.sample, report.rows, report.rows
        record.stage = Stage.PREVIEWED
        record.save()


def confirm(record: DossierImport, *, by: Officer, at: datetime) -> None:
    """Import what was looked through; whoever says so vouches for how it counts. Errors:
    DomainError("import_not_previewed").
    """
    with transaction.atomic():
        turned = DossierImport.objects.filter(pk=record.pk, stage=Stage.PREVIEWED).update(
            stage=Stage.RUNNING,
            confirmed_by=by,
            done=0,
            counts={},
            warnings=[],
            problems=[],
            touched_at=at,
        )
        if not turned:
            raise DomainError("import_not_previewed")
        nudge(RUN, record.pk)


def discard(record: DossierImport, *, at: datetime) -> None:
    """Not imported after all: the trace stays, the upload goes."""
    turned = DossierImport.objects.filter(pk=record.pk, stage=Stage.PREVIEWED).update(
        stage=Stage.FAILED, error="Đã bỏ, không nhập.", ended_at=at, kept=""
    )
    if not turned:
        raise DomainError("import_not_previewed")
    staged.let_go(record.kept)


def run(pk: int, now: datetime) -> None:
    """Import, or go on where a worker died."""
    record = DossierImport.objects.select_related("by", "confirmed_by").get(pk=pk)
    if record.stage != Stage.RUNNING:
        return
    with staged.told(record, silent=ELSEWHERE):
        _do(record, now, dry_run=False)
        staged.let_go(record.kept)
        DossierImport.objects.filter(pk=pk).update(kept="")


def needed() -> QuerySet[DossierImport, str]:
    """Where the uploads lie that a worker is at, or that wait for a person."""
    stages = (Stage.PREVIEWING, Stage.PREVIEWED, Stage.RUNNING)
    return DossierImport.objects.filter(stage__in=stages).values_list("kept", flat=True)


def sweep(now: datetime) -> int:
    """Go on with what a dead worker left; how many."""
    return staged.sweep(DossierImport, now, preview=preview, run=run)


def _do(record: DossierImport, now: datetime, *, dry_run: bool) -> Report:
    assert record.by is not None
    with _kept(record) as source:
        order = Order(
            source,
            now,
            by=record.by,
            confirmed_by=record.confirmed_by,
            counts=record.counts_from,
            dry_run=dry_run,
            paths=desk_of(record.by, now).administered_paths,
            record=record,
        )
        return import_dossiers(order, progress=lambda report: _progress(record, report))


def _progress(record: DossierImport, report: Report) -> None:
    """Alive now, however long ago the run began: a sweep takes up only what has gone silent."""
    DossierImport.objects.filter(pk=record.pk).update(done=report.rows, touched_at=timezone.now())


@contextmanager
def _kept(record: DossierImport) -> Iterator[Source]:
    with staged.stored(record, gone="import_gone", suffix=".csv") as path:
        yield open_source(path, name=record.file_name)
