"""Papers scanned after the reception, at whatever desk holds the dossier: they are digitised once,
whoever has the scanner that works (R-13).

What was scanned does not touch the clock. While something is missing the dossier says why, and
stands in the list of those without all of their scans (desk/scans.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.scanning import Scanning, pages_by_file
from dossiers.registry import Act, Page, Rows, Told, own_page, register
from dossiers.states import FROM_OPEN, HANDLED, HANDLERS
from onestop.accounts.desk import Desk
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.files.models import Attachment
from onestop.results import ALLOWED, Answer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.files.domain import Kept

KIND = "dossier"
# Of one press: what a browser sends in one request must end before the server gives up.
MOST_FILES = 20


def _may_scan(desk: Desk, dossier: Dossier) -> Answer:
    """The counter always (a copy may lie there), another desk while the papers lie on it."""
    return ALLOWED if rules.is_counter(desk, dossier) else rules.may_work(desk, dossier)


def _scanned(told: Told) -> Iterator[str]:
    row = told.row
    if row is None:
        return
    if found := pages_by_file(row["pages"]):
        yield f"{len(found)} tệp, {sum(found.values())} trang"
    if row["signed"]:
        yield "Có biên nhận trả kết quả đã ký"
    yield f"Chưa quét đủ: {row['reason']}" if row["reason"] else "Đã quét đủ giấy tờ"


SCANNINGS = Rows("scannings", ("pages", "reason", "signed", "scanned_at"))
ADD_SCANS = register(
    Act(
        "add_scans", "Bổ sung bản quét", 45, FROM_OPEN | HANDLED, None, HANDLERS, _may_scan,
        told_by=SCANNINGS, lines=_scanned, page=Page("attach", own_page("act_add_scans")),
    )
)  # fmt: skip


def add_scans(
    seen: Seen,
    files: Sequence[UploadedFile[Any]],
    *,
    by: Desk,
    at: datetime,
    reason: str = "",
    signed: bool = False,
) -> Scanning:
    """Add scans of the papers that were handed in, or say why they are not scanned.

    In: `reason` while something is missing; without it everything is scanned. `signed`: among them
    is what the taker of the result signed. Effects in order:
    bytes kept and their pages counted, before any lock; files of the dossier, the row, the reason
    on the dossier, event. Errors: DomainError("scan_missing", "scan_kind", "scan_twice",
    "scan_too_many", "scan_nothing_new", "signed_what"), those of onestop.files.
    """
    reason = reason.strip()
    if not files and not reason:
        raise DomainError("scan_missing", field="files")
    if len(files) > MOST_FILES:
        raise DomainError("scan_too_many", field="files", most=MOST_FILES)
    kept = [_kept(scan) for scan in files]
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("add_scans")
        dossier = life.dossier
        if not kept and reason == dossier.no_scan_reason:
            raise DomainError("scan_nothing_new", field="reason")
        if signed and not (kept and dossier.returned_at):
            raise DomainError("signed_what", field="signed")
        _check_new(dossier, kept)
        pages: dict[str, int] = {}
        for one in kept:
            row = attach(one, kind=KIND, object_id=dossier.pk, by=by.officer, at=at)
            life.added(row)
            pages[str(row.pk)] = one.pages
        dossier.no_scan_reason = reason
        made = life.add(
            Scanning(
                dossier=dossier,
                pages=pages,
                reason=reason,
                signed=signed,
                scanned_by=by.officer,
                scanned_at=at,
            )
        )
        life.record("add_scans", {"row": made.pk, "files": len(pages)})
        return made


def _kept(scan: UploadedFile[Any]) -> Kept:
    """The bytes stored; what has no pages is no scan."""
    kept = keep(scan, name=scan.name or "")
    if not kept.pages:
        raise DomainError("scan_kind", field="files", name=kept.name)
    return kept


def _check_new(dossier: Dossier, kept: Sequence[Kept]) -> None:
    """The same scan counts once, however often it is sent. One query where there are any."""
    if not kept:
        return
    there = set(Attachment.objects.of(KIND, dossier.pk).values_list("sha256", flat=True))
    for one in kept:
        if one.sha256 in there:
            raise DomainError("scan_twice", field="files", name=one.name)
        there.add(one.sha256)
