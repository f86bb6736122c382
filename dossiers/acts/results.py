"""The result of a dossier as the handler writes it (R-81), a draft before anybody has signed it; or
the refusal after appraisal (R-65).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from dossiers import rules
from dossiers.acts import certifying, holding, post_ready, signing
from dossiers.acts.many import Seen
from dossiers.acts.refusals import SLUG
from dossiers.ledger import writer
from dossiers.models import Dossier, Result, is_draft
from dossiers.registry import Act, Page, Rows, SlipKind, Told, Turn, own_page, register
from dossiers.route import approving
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Refusal
from dossiers.states import FROM_WORKING, HANDLERS
from onestop.errors import DomainError
from onestop.files.domain import Kept, attach, keep
from onestop.signatures.checking import Verdict

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer
    from onestop.files.models import Attachment

RESULT_FILE = "result"


def _recorded(told: Told) -> list[str]:
    row = told.row
    if row is None:
        return []
    if told.data.get("signed"):
        return [*_said(row), "Đã ký số tệp kết quả"]
    return _said(row)


def _said(row: dict[str, Any]) -> list[str]:
    if is_draft(row):
        return [f"Dự thảo: {row['title']}" if row["title"] else "Dự thảo"]
    said = (
        row["reason"]
        if row["kind"] == Result.Kind.REFUSED
        else " ".join(x for x in (row["title"], row["number"]) if x)
    )
    return [said] if said else []


RESULTS = Rows(
    "results",
    ("kind", "title", "number", "issued_on", "signer", "reason", "electronic", "recorded_at", "replaced_at"),
)  # fmt: skip


def _writes_result(turn: Turn) -> int:
    is_due = not turn.has_result or turn.is_sent_back
    is_here = turn.is_draft if turn.at_counter else is_due
    return 3 if turn.is_working and is_here else 0


RECORD_RESULT = register(
    Act(
        "record_result", "Nhập kết quả", 40, FROM_WORKING, None, HANDLERS, rules.may_work,
        told_by=RESULTS, lines=_recorded, page=Page("edit", own_page("act_result"), main=_writes_result),
        slip=SlipKind(SLUG, "Phiếu từ chối", Refusal, subjects.refusal, by_handler=True),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultIn:
    """A result as the handler wrote it; `reason` for a refusal after appraisal."""

    kind: Result.Kind = Result.Kind.GRANTED
    title: str = ""
    number: str = ""
    issued_on: date | None = None
    signer: str = ""
    reason: str = ""
    electronic: bool = False

    @property
    def is_signed(self) -> bool:
        return bool(self.number.strip() and self.issued_on and self.signer.strip())

    @property
    def is_draft(self) -> bool:
        signs = {"number": self.number.strip(), "signer": self.signer.strip()}
        return is_draft({"kind": self.kind, "electronic": self.electronic, **signs})


def record_result(
    seen: Seen,
    data: ResultIn,
    *,
    by: Desk,
    at: datetime,
    files: Sequence[UploadedFile[Any] | tuple[str, bytes]] = (),
    sign: Attachment | Literal["sent"] | None = None,
) -> Result:
    """Write the result down (R-81), or the refusal with its reason (R-65), whose form 03 is made
    once it is approved: by this act only where nothing is left to approve. A new result keeps and
    links the old one.

    A draft has a title or a file, neither number nor signer: it is submitted and ends nothing.

    `files`: uploads, or (name, content); kept as attachments of kind "result" of the dossier.
    `sign`: the file that is signed here first, by the agency's key: one that lies with the dossier, or
    what is sent now. Both stay, the signed one beside the one it was made of.
    A signed electronic result is in the system at once and ends the dossier, where the process
    wants no approval more: written by whoever approves, or after it was approved (approving.py).
    Otherwise the counter's confirmation ends it. Errors: DomainError("result_number_missing",
    "reason_missing", "electronic_file_missing", "electronic_invalid", "not_approved", "own_work"), those
    of holding.check_typed, of signing.sign and of onestop.files.
    """
    if sign == "sent" and not files:
        raise DomainError("sign_what", field=signing.FIELD)
    _check(data, has_files=bool(files) or sign is not None)
    kept = _keep(seen, data, files, sign, by=by, at=at)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("record_result")
        _check_number(data, life.dossier)
        row = _written(life, data, kept, by=by.officer, signs=sign is not None)
        if row.electronic:
            approving.check_electronic(life.dossier, by=by)
        if row.kind == Result.Kind.REFUSED and approving.is_approved(life.dossier, by=by):
            issuing.make(SLUG, life=life, about=row)
        if row.electronic:
            certifying.when_signed(life, row)
            life.record(
                "finish", {"result": "electronic", "refused": row.kind == Result.Kind.REFUSED}
            )
            post_ready.tell(life)
        return row


def _keep(
    seen: Seen,
    data: ResultIn,
    files: Sequence[UploadedFile[Any] | tuple[str, bytes]],
    sign: Attachment | Literal["sent"] | None,
    *,
    by: Desk,
    at: datetime,
) -> list[Kept]:
    """The bytes, the signed ones last. Before the transaction: no disk, no store and no signing service
    is waited for while the row is locked.
    """
    kept = [keep(content, name=name) for name, content in map(_named, files)]
    if data.electronic:
        check_signatures(kept)
    if sign is not None:
        source, check = kept[0] if sign == "sent" else sign, partial(_check_before, data, by=by)
        kept.append(signing.sign(seen, source, act="record_result", check=check, by=by, at=at))
    return kept


def _check(data: ResultIn, *, has_files: bool) -> None:
    """Whether all is there that a result of its kind says. Errors: as of record_result."""
    if data.kind == Result.Kind.REFUSED:
        if not data.reason.strip():
            raise DomainError("reason_missing", field="reason")
    elif not (data.is_signed or (data.is_draft and (data.title.strip() or has_files))):
        raise DomainError("result_number_missing", field="number")
    if data.electronic and not has_files:
        raise DomainError("electronic_file_missing", field="file")


def check_signatures(kept: Sequence[Kept]) -> None:
    """A signature that is known not to hold makes no electronic result. Errors:
    DomainError("electronic_invalid").
    """
    if any(file.signed.verdict == Verdict.INVALID for file in kept):
        raise DomainError("electronic_invalid", field="file")


def _check_number(data: ResultIn, dossier: Dossier) -> None:
    """Errors: those of holding.check_typed."""
    if data.is_signed and data.issued_on is not None:
        holding.check_typed(data.number, dossier, data.issued_on)


def _check_before(data: ResultIn, dossier: Dossier, *, by: Desk) -> None:
    """What is asked again when the result is written, before the agency signs: what is missing now is
    missing then too.
    """
    _check_number(data, dossier)
    if data.electronic:
        approving.check_electronic(dossier, by=by)


def _written(
    life: writer.Life, data: ResultIn, kept: Sequence[Kept], *, by: Officer, signs: bool
) -> Result:
    """The new row with its files and its event. `signs`: the last of them was signed by this act."""
    row, said = write_down(life, data, kept, by=by)
    if signs:
        said["signed"] = said["files"][-1]
    life.record("record_result", said)
    return row


def write_down(
    life: writer.Life, data: ResultIn, kept: Sequence[Kept], *, by: Officer
) -> tuple[Result, dict[str, Any]]:
    """The new row with its files, and what its event says; the old one is replaced and linked."""
    old = Result.objects.current().filter(dossier=life.dossier).first()
    row = Result(
        dossier=life.dossier, kind=data.kind, title=data.title, number=data.number,
        issued_on=data.issued_on if data.is_signed or data.kind == Result.Kind.REFUSED else None, signer=data.signer,
        reason=data.reason, electronic=data.electronic, recorded_by=by, recorded_at=life.at, replaces=old,
    )  # fmt: skip
    if old is not None:
        life.change(old, replaced_at=life.at)
    life.add(row)
    attached = []
    for file in kept:
        scan = attach(file, kind=RESULT_FILE, object_id=life.dossier.pk, by=by, at=life.at)
        life.added(scan)
        attached.append(scan.pk)
    replaces = old.pk if old else None
    return row, {"row": row.pk, "kind": int(row.kind), "replaces": replaces, "files": attached}


def _named(file: UploadedFile[Any] | tuple[str, bytes]) -> tuple[str, UploadedFile[Any] | bytes]:
    return file if isinstance(file, tuple) else (file.name or "", file)
