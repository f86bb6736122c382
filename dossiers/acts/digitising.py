"""A result on paper is scanned once it was signed, with its code, validity and scope; it counts when
another person has compared it with the paper, or the agency has signed the scan (TT 01/2023/TT-VPCP).

How long the paper holds is asked for and never proposed: half a year from its issue is wrong for most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from dossiers import rules
from dossiers.acts import signing
from dossiers.acts.many import Seen
from dossiers.acts.results import RESULT_FILE
from dossiers.desk import store
from dossiers.ledger import writer
from dossiers.models import Dossier, Result
from dossiers.models.digitising import CHECKERS, GIVEN_OUT, DigitisedPaper
from dossiers.registry import Act, Block, Page, Rows, Told, own_page, register
from dossiers.states import HANDLERS
from onestop.errors import DomainError
from onestop.files.domain import Kept, attach, keep
from onestop.outbox.domain import post
from onestop.outbox.told import told as told_by
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_date

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.desk import Desk
    from onestop.outbox.models import Message

Stage = DigitisedPaper.Stage


def _may_digitise(desk: Desk, dossier: Dossier) -> Answer:
    """The counter, whoever holds the dossier, and who answers for what the agency gives out."""
    if rules.is_counter(desk, dossier) or _may_check(desk, dossier):
        return ALLOWED
    return rules.may_hold(desk, dossier)


def _may_check(desk: Desk, dossier: Dossier) -> Answer:
    checks = desk.has(*CHECKERS, agency_id=dossier.agency_id)
    return ALLOWED if checks else Denied("digitised_checker")


def _validity(row: dict[str, Any]) -> str:
    """How long it holds, in words. In: a row by its columns."""
    return (
        "có hiệu lực vô thời hạn"
        if row["valid_to"] is None
        else f"có hiệu lực đến hết ngày {vn_date(row['valid_to'])}"
    )


def _scanned(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Mã {row['code']}: {row['abstract']}"
        yield f"{row['issuer']} ban hành, {_validity(row)}, phạm vi: {row['scope']}"
        if told.data.get("signed"):
            yield "Đã ký số bản số hóa bằng chữ ký của cơ quan"


def _checked(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        word = "đúng bản giấy" if told.data["agreed"] else "không đúng bản giấy"
        yield f"Mã {row['code']}: {word}"
        if row["answer"]:
            yield row["answer"]


def _while_not_used(block: Block, data: dict[str, Any]) -> None:
    """Errors: DomainError("digitised_used") where another dossier was received with it."""
    row = DigitisedPaper.objects.get(pk=data["row"])
    store.while_not_taken("digitised_used", stored=row.result_id, stored_file=row.file_id)


DIGITISED = Rows(
    "digitised_papers",
    (
        "code", "file_id", "result_id", "issuer", "abstract", "scope", "valid_to", "digitised_at",
        "digitised_by_id", "digitised_by__full_name", "stage", "checked_by__full_name", "checked_at", "answer",
    ),
)  # fmt: skip
DIGITISE = register(
    Act(
        "digitise_result", "Số hóa kết quả", 50, GIVEN_OUT, None, HANDLERS, _may_digitise, told_by=DIGITISED,
        lines=_scanned, page=Page("attach", own_page("act_digitise_result")), on_undo=_while_not_used,
    )
)  # fmt: skip
CHECK_DIGITISED = register(
    Act(
        "check_digitised", "Kiểm tra bản số hóa", 51, GIVEN_OUT, None, CHECKERS, _may_check, told_by=DIGITISED,
        lines=_checked, page=Page("check", own_page("act_check_digitised")), on_undo=_while_not_used,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Digitised:
    """What is said of the paper beyond its result: who issued it, what it is about, where it holds and
    until when (`valid_to` with its day; None and `permanent` without an end).
    """

    issuer: str
    abstract: str
    scope: str
    valid_to: date | None = None
    permanent: bool = False


def to_digitise(dossier: Dossier) -> Result | None:
    """The signed result on paper that nobody has digitised; a scan that was refused is made anew. One
    query.
    """
    standing = DigitisedPaper.objects.standing().exclude(stage=Stage.REFUSED)
    rows = Result.objects.current().filter(
        dossier=dossier, kind=Result.Kind.GRANTED, electronic=False, issued_on__isnull=False
    )
    signed = rows.exclude(number="").exclude(signer="")
    return signed.exclude(pk__in=standing.filter(dossier=dossier).values("result")).first()


def digitise_result(
    seen: Seen,
    file: UploadedFile[Any],
    what: Digitised,
    *,
    by: Desk,
    at: datetime,
    sign: bool = False,
) -> DigitisedPaper:
    """Put the scan of the signed paper beside its result, under a code of its own.

    Effects in order: bytes kept, before any lock; the scan signed by the agency's key (`sign`), which
    is the check; file of the result, the row, event. Errors: Conflict, DomainError("digitised_none",
    "digitised_words", "digitised_validity", "digitised_before", "scan_kind"), those of signing.sign and
    of onestop.files.
    """
    _check(what)
    kept = _kept(file)
    if sign:
        # The scan lies whole within what was signed.
        kept = signing.sign(seen, kept, act="digitise_result", check=_check_result, by=by, at=at)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("digitise_result")
        dossier, result = life.dossier, _to_scan(life.dossier)
        if what.valid_to is not None and result.issued_on and what.valid_to < result.issued_on:
            raise DomainError("digitised_before", field="valid_to", day=vn_date(result.issued_on))
        scan = attach(kept, kind=RESULT_FILE, object_id=dossier.pk, by=by.officer, at=at)
        life.added(scan)
        row = life.add(
            DigitisedPaper(
                dossier=dossier,
                result=result,
                code=_code(dossier),
                file=scan,
                issuer=what.issuer.strip(),
                abstract=what.abstract.strip(),
                scope=what.scope.strip(),
                valid_to=what.valid_to,
                digitised_by=by.officer,
                digitised_at=at,
                stage=Stage.APPROVED if sign else Stage.WAITING,
                checked_at=at if sign else None,
            )
        )
        life.record("digitise_result", {"row": row.pk} | ({"signed": scan.pk} if sign else {}))
        return row


def check_digitised(
    seen: Seen, row_id: int, *, agreed: bool, words: str = "", by: Desk, at: datetime
) -> DigitisedPaper:
    """Another person compared the scan with the paper: from now on it counts, or it is made anew, which
    whoever scanned it is told.

    Errors: Conflict, DomainError("digitised_checked", "own_digitised", "reason_missing").
    """
    words = words.strip()
    if not agreed and not words:
        raise DomainError("reason_missing", field="answer")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("check_digitised")
        row = DigitisedPaper.objects.waiting().filter(dossier=life.dossier, pk=row_id).first()
        if row is None:
            raise DomainError("digitised_checked")
        if row.digitised_by_id == by.officer.pk:
            raise DomainError("own_digitised")
        said = "" if agreed else words
        stage = Stage.APPROVED if agreed else Stage.REFUSED
        life.change(row, stage=stage, checked_by=by.officer, checked_at=at, answer=said)
        life.record("check_digitised", {"row": row.pk, "agreed": agreed})
        if not agreed:
            life.tell([_tell(life, row)])
        return row


def _tell(life: writer.Life, row: DigitisedPaper) -> Message | None:
    """Who scanned it makes it anew."""
    return post(
        **told_by("dossiers/told/digitised_refused", dossier=life.dossier, by=life.by, row=row),
        kind="digitised_refused",
        dedupe=f"digitised_refused:{row.pk}",
        at=life.at,
        to_officer=row.digitised_by,
        object_kind="dossier",
        object_id=life.dossier.pk,
        link=reverse("dossier", args=[life.dossier.code]),
        mail=False,
    )


def _check(what: Digitised) -> None:
    for name in ("issuer", "abstract", "scope"):
        if not getattr(what, name).strip():
            raise DomainError("digitised_words", field=name)
    if what.permanent == (what.valid_to is not None):
        raise DomainError("digitised_validity", field="valid_to")


def _check_result(dossier: Dossier) -> None:
    _to_scan(dossier)


def _to_scan(dossier: Dossier) -> Result:
    result = to_digitise(dossier)
    if result is None:
        raise DomainError("digitised_none")
    return result


def _kept(file: UploadedFile[Any]) -> Kept:
    """The bytes stored; what has no pages is no scan."""
    kept = keep(file, name=file.name or "")
    if not kept.pages:
        raise DomainError("scan_kind", field="file", name=kept.name)
    return kept


def _code(dossier: Dossier) -> str:
    """The dossier's code, which no other agency gives, and which scan of its results this is: whoever
    asks holds the dossier's row.
    """
    made = DigitisedPaper.objects.filter(dossier=dossier).count()
    return f"{dossier.code}.KQ{made + 1}"
