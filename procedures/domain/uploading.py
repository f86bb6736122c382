"""A file of records from a page: kept, looked through by a worker, imported when a controller says
so, on the same path as the command. Each step may run any number of times.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.jobs import staged
from onestop.jobs.nudge import nudge
from procedures.domain import texts
from procedures.domain.describing import line_of, parts_of
from procedures.domain.imported import ImportReport, Publication
from procedures.domain.importing import Plan, carry_out, plan
from procedures.domain.processes import import_processes
from procedures.domain.sources import LARGEST_FILE, SourceFile, parse_source
from procedures.domain.telling import tell_controllers
from procedures.models import Upload, VersionSource
from procedures.reading.texts import clean

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PREVIEW, RUN = "procedures.preview_upload", "procedures.run_upload"
FOLDER = "catalogue"
PROCEDURES, PROCESSES = "procedures", "processes"
Stage = Upload.Stage
# What lines tell of that is written, unless somebody leaves it out.
WRITTEN = ("new", "changed", "texts")
# What an import of processes tells of one that it takes in.
TOLD = ("unattached", "hours")
# Whoever runs this reads the clock, not the domain.
Clock = Callable[[], datetime]


def start(
    upload: UploadedFile[Any],
    *,
    what: str,
    publication: Publication | None,
    by: Officer,
    at: datetime,
) -> Upload:
    """Keeps an upload and has it looked through. Errors: those of sources.parse_source and
    staged.received, and DomainError("procedures.file_too_big").
    """
    name = (upload.name or "")[:250]
    if (upload.size or 0) > LARGEST_FILE:
        most = LARGEST_FILE // 1024 // 1024
        size = round((upload.size or 0) / 1024 / 1024)
        raise DomainError("procedures.file_too_big", field="file", file=name, size=size, most=most)
    with staged.received(upload) as path:
        source = parse_source(path.read_bytes(), name)
    kept = default_storage.save(f"{FOLDER}/{source.sha256}.json", upload)
    with transaction.atomic():
        record = Upload.objects.create(
            at=at,
            by=by,
            what=what,
            file_name=name,
            sha256=source.sha256,
            stage=Stage.PREVIEWING,
            rows=len(source.records),
            kept=kept,
            touched_at=at,
            decision=publication.number if publication else "",
            signed=publication.signed if publication else None,
            effective=publication.effective if publication else None,
        )
        nudge(PREVIEW, record.pk)
    return record


def needed() -> QuerySet[Upload, str]:
    """Where the uploads lie: each can be fetched for good, whatever came of it."""
    return Upload.objects.exclude(kept="").values_list("kept", flat=True)


def imported_before(record: Upload) -> Upload | None:
    """The last time that the same file was taken in, if it was."""
    same = Upload.objects.filter(
        sha256=record.sha256, what=record.what, stage=Stage.DONE, pk__lt=record.pk
    )
    return same.select_related("by").first()


def preview(pk: int, now: datetime, *, clock: Clock | None = None) -> None:
    """What the import would do, record by record, kept on the upload."""
    record = Upload.objects.select_related("by").get(pk=pk)
    if record.stage != Stage.PREVIEWING:
        return
    with staged.told(record):
        source = _source(record)
        if record.what == PROCESSES:
            report = import_processes(source, at=now, by=record.by, dry_run=True)
            lines = [_process_line(report, *line) for line in report.lines]
        else:
            planned = plan(
                source, at=now, publication=_publication(record), progress=_heard(record, clock)
            )
            report, lines = planned.report, _lines(planned)
        _keep(record, report)
        record.lines = sorted(lines + _rejected(report), key=lambda line: line["place"])
        record.stage, record.done = Stage.PREVIEWED, record.rows
        record.save()


def leave_out(record: Upload, *, shown: Iterable[int], taken: Iterable[int]) -> None:
    """Which of the shown records are not imported. Errors: DomainError("procedures.
    upload_not_previewed").
    """
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if locked.stage != Stage.PREVIEWED:
            raise DomainError("procedures.upload_not_previewed")
        out = (set(locked.left_out) - set(shown)) | (set(shown) - set(taken))
        places = {line["place"] for line in locked.lines if line["what"] in WRITTEN}
        locked.left_out = sorted(out & places)
        locked.save(update_fields=["left_out"])
    record.left_out = locked.left_out


def takes(record: Upload) -> int:
    """How many records would be written, or get their days, if somebody said so now."""
    written = sum(line["what"] in WRITTEN for line in record.lines) - len(record.left_out)
    return int(written + record.counts.get("verified", 0))


def confirm(record: Upload, *, by: Officer, at: datetime) -> None:
    """Import what was looked through. Errors: DomainError("procedures.upload_not_previewed",
    "procedures.upload_nothing").
    """
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if locked.stage != Stage.PREVIEWED:
            raise DomainError("procedures.upload_not_previewed")
        if not takes(locked):
            raise DomainError("procedures.upload_nothing")
        locked.stage, locked.done = Stage.RUNNING, 0
        locked.confirmed_by, locked.touched_at = by, at
        locked.save(update_fields=["stage", "done", "confirmed_by", "touched_at"])
        nudge(RUN, record.pk)


def discard(record: Upload, *, at: datetime) -> None:
    """Not imported after all; file and trace stay. Errors: DomainError("procedures.
    upload_not_previewed").
    """
    turned = Upload.objects.filter(pk=record.pk, stage=Stage.PREVIEWED).update(
        stage=Stage.FAILED, error="Đã bỏ, không nhập.", ended_at=at
    )
    if not turned:
        raise DomainError("procedures.upload_not_previewed")


def run(pk: int, now: datetime, *, clock: Clock | None = None) -> None:
    """Import, or begin again where a worker died: all of it in one transaction with the upload's
    own stage, so that it is done once or not at all.
    """
    record = Upload.objects.select_related("by", "confirmed_by").get(pk=pk)
    if record.stage != Stage.RUNNING:
        return
    with staged.told(record):
        source, out = _source(record), frozenset(record.left_out)
        planned = None
        if record.what == PROCEDURES:
            seen = {line["code"]: line.get("base") for line in record.lines}
            planned = plan(
                source,
                at=now,
                publication=_publication(record),
                left_out=out,
                seen=seen,
                progress=_heard(record, clock),
            )
        with transaction.atomic():
            locked = Upload.objects.select_for_update(of=("self",)).get(pk=pk)
            if locked.stage != Stage.RUNNING:
                return
            by = record.confirmed_by
            report = (
                carry_out(planned, at=now, by=by)
                if planned is not None
                else import_processes(source, at=now, by=by, left_out=out)
            )
            _keep(locked, report)
            locked.run_id, locked.ended_at = report.run_id, now
            locked.stage, locked.done = Stage.DONE, locked.rows
            locked.save()
            tell_controllers(
                "uploaded",
                key=f"uploaded:{pk}",
                link=reverse("procedures:upload", args=[pk]),
                by=by,
                at=now,
                run=locked,
                counts=locked.counts,
            )


def sweep(now: datetime) -> int:
    """Go on with what a dead worker left; how many."""
    return staged.sweep(Upload, now, preview=preview, run=run)


def _source(record: Upload) -> SourceFile:
    with staged.stored(record, gone="procedures.upload_gone") as path:
        return parse_source(path.read_bytes(), record.file_name)


def _publication(record: Upload) -> Publication | None:
    if not (record.decision and record.signed and record.effective):
        return None
    return Publication(record.decision, record.signed, record.effective)


def _heard(record: Upload, clock: Clock | None) -> Callable[[int], None]:
    """Alive now, however long ago the run began: a sweep takes up only what has gone silent."""

    def heard(done: int) -> None:
        touched = {"touched_at": clock()} if clock is not None else {}
        Upload.objects.filter(pk=record.pk).update(done=done, **touched)

    return heard


def _keep(record: Upload, report: ImportReport) -> None:
    record.counts = report.counts() | {"left_out": report.left_out}
    record.problems = [
        {"place": p.place, "code": p.code, "kind": p.kind, "reason": p.reason}
        for p in report.problems
    ]


def _rejected(report: ImportReport) -> list[dict[str, Any]]:
    return [
        line_of(p.place, p.code, "", "rejected", reason=p.reason)
        for p in report.problems
        if p.kind == "rejected"
    ]


def _lines(planned: Plan) -> list[dict[str, Any]]:
    """New and changed records: what differs, field by field, and what somebody has to decide; and
    those of which only texts are said anew that bind no dossier.
    """
    reasons: dict[int, list[str]] = {}
    for problem in planned.report.problems:
        if problem.kind != "rejected":
            reasons.setdefault(problem.place, []).append(problem.reason)
    ids = [one.stored.version_id for one in planned.work if one.stored]
    before = {
        version_id: json.loads(content)
        for version_id, content in VersionSource.objects.filter(version__in=ids).values_list(
            "version_id", "content"
        )
    }
    told = texts.parts_of(planned.texts)
    lines = []
    for one in planned.work:
        place = planned.places[one.record.code]
        base = one.stored.version_id if one.stored else None
        after = json.loads(one.record.canonical())
        lines.append(
            line_of(
                place,
                one.record.code,
                one.record.name,
                "changed" if one.stored else "new",
                parts=[
                    *(parts_of(before.get(base or 0, {}), after) if one.stored else []),
                    *told.pop(one.record.code, []),
                ],
                reason="; ".join(reasons.get(place, [])),
                base=base,
            )
        )
    for code, parts in told.items():
        place = planned.places[code]
        reason = "; ".join(reasons.get(place, []))
        name = clean(planned.source.records[place - 1].get("name"))
        lines.append(line_of(place, code, name, "texts", parts=parts, reason=reason))
    return lines


def _process_line(
    report: ImportReport, place: int, code: str, name: str, what: str, parts: list[list[str]]
) -> dict[str, Any]:
    """A process and what of it does not fit."""
    told = [p.reason for p in report.problems if p.place == place and p.kind in TOLD]
    return line_of(place, code, name, what, parts=[*parts, *(["lưu ý", "", one] for one in told)])
