"""What a controller does with imported versions: confirm terms, and say what completion does to
them. Each act is recorded for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from procedures.domain.publishing import abolish, publish_from, verify_dates
from procedures.domain.readings import Readings, amount, canonical, named
from procedures.domain.telling import page_of, tell_controllers
from procedures.domain.words import same_words
from procedures.models import (
    ActKind,
    Answer,
    Case,
    CatalogueAct,
    Method,
    ProcedureVersion,
    Status,
    SupplementMode,
)

__all__ = [
    "BulkResult",
    "Readings",
    "abolish",
    "confirm_many",
    "confirm_terms",
    "publish_from",
    "set_supplement_mode",
    "verify_dates",
]


@dataclass(frozen=True, slots=True)
class BulkResult:
    confirmed: tuple[int, ...]
    skipped: tuple[tuple[int, str], ...]  # version id and the code of the reason
    answer_id: int | None = None  # what takes all of it back


def confirm_terms(
    version_id: int,
    *,
    readings: Readings,
    by: Officer | None,
    at: datetime,
    note: str = "",
    tell: bool = True,
) -> ProcedureVersion:
    """Gives every method of a waiting version its term; the version can then receive dossiers.

    Effects in order: lock the version; write terms, fees that the record gave none of, case names;
    remove the cases left out; record the act with the record's own words beside each reading; make
    the version READY; tell the other controllers (unless one notice for many comes later: `tell`).
    Raises DomainError: procedures.term_confirmed (somebody was first), term_missing,
    term_unreadable, fee_unreadable, no_case_left, same_case_names, mode_basis (a pause wants its
    basis in the note).
    """
    with transaction.atomic():
        version = _waiting(version_id)
        mode = SupplementMode(readings.mode or version.supplement_mode)
        if mode == SupplementMode.PAUSE and version.supplement_mode != mode and not note.strip():
            raise DomainError("procedures.mode_basis", field="note")
        cases = list(Case.objects.filter(version=version).prefetch_related("methods"))
        kept = named(cases, readings)
        rows = [_read(method, case, readings) for case in kept for method in case.methods.all()]
        for case in kept:
            case.version = version
            case.save(update_fields=["name"])
            for method in case.methods.all():
                method.case = case
                method.save(update_fields=["term", "fee_amount"])
        left_out = [leave_out(case, version) for case in cases if case.pk in readings.left_out]
        CatalogueAct.objects.create(
            version=version,
            kind=ActKind.TERMS,
            at=at,
            by=by,
            content={"rows": rows, "left_out": left_out, "mode": int(mode)},
            note=note[:500],
        )
        version.status, version.supplement_mode = Status.READY, mode
        version.save(update_fields=["status", "supplement_mode"])
        if tell:
            _tell_terms(version, rows, by=by, at=at)
    return version


def _tell_terms(
    version: ProcedureVersion,
    rows: list[dict[str, str | int | None]],
    *,
    by: Officer | None,
    at: datetime,
) -> None:
    code = version.procedure.code
    about = {"code": code, "terms": "; ".join(dict.fromkeys(str(row["term"]) for row in rows))}
    key = f"terms:{version.pk}"
    tell_controllers("terms_confirmed", key=key, link=page_of(code), by=by, at=at, **about)


def set_supplement_mode(
    version_id: int, *, mode: SupplementMode, basis: str, by: Officer, at: datetime
) -> ProcedureVersion:
    """What completion does to the term of dossiers of a published version (R-47, R-48): for
    requests issued from now on.

    A request that is out already keeps what it was issued with. Effects in order: lock, the act
    with its basis, the version. Errors: DomainError("procedures.mode_basis",
    "procedures.same_mode", "procedures.not_ready").
    """
    if not basis.strip():
        raise DomainError("procedures.mode_basis", field="basis")
    with transaction.atomic():
        version = ProcedureVersion.objects.select_for_update().get(pk=version_id)
        if version.status != Status.READY:
            raise DomainError("procedures.not_ready")
        if version.supplement_mode == mode:
            raise DomainError(
                "procedures.same_mode", field="mode", mode=mode.label[:1].lower() + mode.label[1:]
            )
        content = {"before": version.supplement_mode, "after": int(mode)}
        CatalogueAct.objects.create(
            version=version,
            kind=ActKind.SUPPLEMENT,
            at=at,
            by=by,
            content=content,
            note=basis.strip()[:500],
        )
        version.supplement_mode = mode
        version.save(update_fields=["supplement_mode"])
        code = version.procedure.code
        about = {"code": code, "mode": mode.label, "basis": basis.strip()}
        key = f"mode:{version.pk}"
        tell_controllers("mode_changed", key=key, link=page_of(code), by=by, at=at, **about)
    return version


def confirm_many(
    version_ids: Iterable[int],
    *,
    term: str,
    by: Officer | None,
    at: datetime,
    note: str = "",
    words: str | None = None,
) -> BulkResult:
    """One reading for many versions: one answer, one line in the history of each, all or nothing.

    Left for a look of their own: versions with several cases, and where `words` are given those
    whose record says anything else of any of its ways. The number of statements does not grow with
    the number of versions. Errors: DomainError("procedures.term_unreadable").
    """
    text = canonical(term, "term")
    ids = sorted(set(version_ids))
    with transaction.atomic():
        versions = {
            version.pk: version
            for version in ProcedureVersion.objects.select_for_update(of=("self",))
            .filter(pk__in=ids)
            .select_related("procedure")
            .order_by("pk")
        }
        rows: dict[int, list[Method]] = {}
        for row in Method.objects.filter(case__version__in=versions).select_related("case"):
            rows.setdefault(row.case.version_id, []).append(row)
        skipped = [
            (pk, reason)
            for pk in versions
            if (reason := _left(versions[pk], rows.get(pk, []), words))
        ]
        confirmed = [pk for pk in versions if pk not in dict(skipped)]
        if confirmed:
            methods = [row for pk in confirmed for row in rows[pk]]
            update_all(Method.objects.filter(pk__in=[row.pk for row in methods]), term=text)
            answer = Answer.objects.create(
                what=Answer.What.TERM,
                text=methods[0].term_text,
                reading=text,
                number=len(confirmed),
                note=note[:500],
                at=at,
                by=by,
            )
            add_all(
                CatalogueAct,
                [_act(versions[pk], rows[pk], text, answer, at=at, by=by) for pk in confirmed],
            )
            update_all(ProcedureVersion.objects.filter(pk__in=confirmed), status=Status.READY)
            codes = sorted(versions[pk].procedure.code for pk in confirmed)
            key = f"terms:{confirmed[0]}-{len(confirmed)}"
            link = reverse("procedures:control")
            about = {"term": text, "codes": codes}
            tell_controllers("terms_confirmed_many", key=key, link=link, by=by, at=at, **about)
    return BulkResult(tuple(confirmed), tuple(skipped), answer.pk if confirmed else None)


def _left(version: ProcedureVersion, rows: list[Method], words: str | None) -> str:
    """Why one reading does not fit this version; empty when it does."""
    if version.status != Status.NEEDS_TERM:
        return "procedures.term_confirmed"
    if len({row.case_id for row in rows}) != 1:
        return "procedures.several_cases"
    if words is not None and {same_words(row.term_text) for row in rows} != {same_words(words)}:
        return "procedures.other_words"
    return ""


def _act(
    version: ProcedureVersion,
    rows: list[Method],
    term: str,
    answer: Answer,
    *,
    at: datetime,
    by: Officer | None,
) -> CatalogueAct:
    for row in rows:
        row.term = term
    content = {
        "rows": [line_of(row, row.case) for row in rows],
        "left_out": [],
        "mode": int(version.supplement_mode),
    }
    return CatalogueAct(
        version=version,
        kind=ActKind.TERMS,
        at=at,
        by=by,
        content=content,
        note=answer.note,
        answer=answer,
    )


def _waiting(version_id: int) -> ProcedureVersion:
    version = ProcedureVersion.objects.select_for_update().select_related(None).get(pk=version_id)
    if version.status != Status.NEEDS_TERM:
        act = (
            CatalogueAct.objects.filter(version=version, kind=ActKind.TERMS)
            .select_related("by")
            .last()
        )
        who = act.by.full_name if act and act.by else "người khác"
        when = timezone.localtime(act.at) if act else None
        raise DomainError(
            "procedures.term_confirmed",
            who=who,
            at=f"{when:%H:%M %d/%m/%Y}" if when else "trước đó",
        )
    return version


def _read(method: Method, case: Case, readings: Readings) -> dict[str, str | int | None]:
    """Puts the reading on the method and returns the line of the act."""
    text = readings.terms.get(method.pk, "").strip()
    if not text:
        raise DomainError(
            "procedures.term_missing",
            field=f"term_{method.pk}",
            row=f"{case} – {method.get_channel_display()}",
        )
    method.term = canonical(text, f"term_{method.pk}")
    fee = readings.fees.get(method.pk)
    if method.fee_amount is None and fee is not None:
        method.fee_amount = amount(fee, f"fee_{method.pk}")
    return line_of(method, case)


def line_of(method: Method, case: Case) -> dict[str, str | int | None]:
    """A row as an act remembers it: the record's own words beside the reading."""
    return {
        "case": str(case),
        "channel": method.channel,
        "term_text": method.term_text,
        "fee_text": method.fee_text,
        "note": method.note[:1000],
        "term": method.term,
        "fee": method.fee_amount,
    }


def leave_out(case: Case, version: ProcedureVersion) -> dict[str, object]:
    case.version = version
    said: dict[str, object] = {
        "case": str(case),
        "rows": [
            {
                "channel": m.channel,
                "term_text": m.term_text,
                "fee_text": m.fee_text,
                "note": m.note[:1000],
            }
            for m in case.methods.all()
        ],
    }
    case.delete()
    return said
