"""What a controller does with imported versions: confirm terms, verify dates, abolish. Each act is
recorded for good.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.changes.domain import update_all
from onestop.errors import DomainError
from onestop.worktime import TermError, parse_term
from procedures.domain.telling import tell_controllers
from procedures.models import (
    ActKind,
    Case,
    CatalogueAct,
    Kind,
    Method,
    ProcedureVersion,
    Status,
    SupplementMode,
    VersionSource,
)

LARGEST_FEE = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Readings:
    """A controller's reading of one version: terms by method, fees where the record gave none,
    names of cases, cases left out; what completion does to the term, None to leave it as it is.
    """

    terms: Mapping[int, str]
    fees: Mapping[int, int | None] = field(default_factory=dict)
    case_names: Mapping[int, str] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    mode: SupplementMode | None = None


@dataclass(frozen=True, slots=True)
class BulkResult:
    confirmed: tuple[int, ...]
    skipped: tuple[tuple[int, str], ...]  # version id and the code of the reason


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
        kept = _named(cases, readings)
        rows = [_read(method, case, readings) for case in kept for method in case.methods.all()]
        for case in kept:
            case.version = version
            case.save(update_fields=["name"])
            for method in case.methods.all():
                method.case = case
                method.save(update_fields=["term", "fee_amount"])
        left_out = [_leave_out(case, version) for case in cases if case.pk in readings.left_out]
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


def _named(cases: list[Case], readings: Readings) -> list[Case]:
    """The cases that stay, by their names as the controller gave them; one that is left alone needs
    none.
    """
    kept = [case for case in cases if case.pk not in readings.left_out]
    if not kept:
        raise DomainError("procedures.no_case_left")
    for case in kept:
        case.name = " ".join(readings.case_names.get(case.pk, case.name).split())[:500]
    if len({case.name.casefold() for case in kept}) < len(kept):
        raise DomainError("procedures.same_case_names", field=f"case_{kept[-1].pk}")
    if len(kept) == 1 and len(cases) > 1 and kept[0].name == f"Trường hợp {kept[0].order}":
        kept[0].name = ""
    return kept


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
    tell_controllers("terms_confirmed", key=key, link=_page(code), by=by, at=at, **about)


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
        tell_controllers("mode_changed", key=key, link=_page(code), by=by, at=at, **about)
    return version


def confirm_many(
    version_ids: Iterable[int], *, term: str, by: Officer | None, at: datetime, note: str = ""
) -> BulkResult:
    """One reading for many versions, each an act of its own; versions with several cases are left
    for a look of their own.
    """
    text = _canonical(term, "term")
    confirmed, skipped = [], []
    for version_id in sorted(set(version_ids)):
        methods = list(
            Method.objects.filter(case__version_id=version_id).values_list("id", "case_id")
        )
        if len({case_id for _, case_id in methods}) != 1:
            skipped.append((version_id, "procedures.several_cases"))
            continue
        try:
            confirm_terms(
                version_id,
                readings=Readings(terms={method_id: text for method_id, _ in methods}),
                by=by,
                at=at,
                note=note,
                tell=False,
            )
        except DomainError as error:
            skipped.append((version_id, error.code))
        else:
            confirmed.append(version_id)
    if confirmed:
        codes = list(
            ProcedureVersion.objects.filter(pk__in=confirmed)
            .order_by("procedure__code")
            .values_list("procedure__code", flat=True)
        )
        with transaction.atomic():
            key = f"terms:{confirmed[0]}-{len(confirmed)}"
            link = reverse("procedures:control")
            about = {"term": text, "codes": codes}
            tell_controllers("terms_confirmed_many", key=key, link=link, by=by, at=at, **about)
    return BulkResult(tuple(confirmed), tuple(skipped))


def verify_dates(
    version_ids: Iterable[int],
    *,
    decision: str,
    signed: date,
    effective: date,
    by: Officer | None,
    at: datetime,
) -> int:
    """Gives unverified versions their publishing decision and first day in force (R-133). Out: how
    many were still unverified.
    """
    _check_dates(decision, signed, effective)
    with transaction.atomic():
        versions = list(
            ProcedureVersion.objects.select_for_update(of=("self",))
            .filter(id__in=list(version_ids), unverified=True)
            .select_related("procedure")
            .order_by("id")
        )
        for version in versions:
            if version.effective_to and version.effective_to < effective:
                raise DomainError(
                    "procedures.after_end",
                    field="effective",
                    procedure=version.code,
                    day=f"{version.effective_to:%d/%m/%Y}",
                )
            before = {
                "decision": version.decision_number,
                "effective": version.effective_from.isoformat(),
            }
            after = {
                "decision": decision,
                "signed": signed.isoformat(),
                "effective": effective.isoformat(),
            }
            CatalogueAct.objects.create(
                version=version,
                kind=ActKind.DATES,
                at=at,
                by=by,
                content={"before": before, "after": after},
            )
        publish_from(versions, decision=decision, signed=signed, effective=effective)
        if versions:
            codes = [version.procedure.code for version in versions]
            key = f"dates:{versions[0].pk}-{len(versions)}"
            link = reverse("procedures:control")
            about = {"decision": decision, "effective": effective, "codes": codes}
            tell_controllers("dates_set", key=key, link=link, by=by, at=at, **about)
    return len(versions)


def publish_from(
    versions: list[ProcedureVersion], *, decision: str, signed: date, effective: date
) -> None:
    """Puts versions in their place in time; what they replaced ends when they begin. Inside a
    transaction.
    """
    for version in versions:
        if version.number > 1:
            before = ProcedureVersion.objects.filter(
                procedure_id=version.procedure_id, number=version.number - 1
            )
            update_all(before.filter(effective_to=version.effective_from), effective_to=effective)
    update_all(
        ProcedureVersion.objects.filter(id__in=[version.pk for version in versions]),
        decision_number=decision,
        decision_signed=signed,
        effective_from=effective,
        unverified=False,
    )


def abolish(
    version_id: int,
    *,
    decision: str,
    signed: date,
    effective: date,
    by: Officer | None,
    at: datetime,
) -> ProcedureVersion:
    """A new version of kind ABOLISHED from `effective` on; the present one ends that day and stays
    on its dossiers (R-74, R-133).
    """
    _check_dates(decision, signed, effective)
    with transaction.atomic():
        last = ProcedureVersion.objects.select_for_update().get(pk=version_id)
        newest = (
            ProcedureVersion.objects.filter(procedure_id=last.procedure_id)
            .order_by("-number")
            .first()
        )
        if newest is None or newest.pk != last.pk or last.kind == Kind.ABOLISHED:
            raise DomainError("procedures.not_newest")
        if effective < last.effective_from:
            raise DomainError(
                "procedures.before_start", field="effective", day=f"{last.effective_from:%d/%m/%Y}"
            )
        content = VersionSource.objects.get(version=last).content
        gone = ProcedureVersion(
            **{name: getattr(last, name) for name in COPIED_WHEN_ABOLISHED},
            number=last.number + 1,
            kind=Kind.ABOLISHED,
            status=Status.ABOLISHED,
            decision_number=decision,
            decision_signed=signed,
            effective_from=effective,
        )
        gone.save()
        VersionSource.objects.create(version=gone, content=content)
        last.effective_to = effective
        last.save(update_fields=["effective_to"])
        CatalogueAct.objects.create(
            version=gone, kind=ActKind.ABOLISH, at=at, by=by, content={"decision": decision}
        )
        code = gone.procedure.code
        key = f"abolish:{gone.pk}"
        about = {"code": code, "name": gone.name, "effective": effective, "decision": decision}
        tell_controllers("abolished", key=key, link=_page(code), by=by, at=at, **about)
    return gone


def _page(code: str) -> str:
    return reverse("procedures:history", args=[code])


COPIED_WHEN_ABOLISHED = (
    "procedure_id", "name", "field_id", "levels", "nature", "applicants", "agency_executing", "agency_authority", "agency_coordinating",
    "receiving_address", "results", "legal", "supplement_mode", "post_allowed", "content_hash", "search_text", "initials",
)  # fmt: skip


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
    method.term = _canonical(text, f"term_{method.pk}")
    fee = readings.fees.get(method.pk)
    if method.fee_amount is None and fee is not None:
        if not 0 <= fee <= LARGEST_FEE:
            raise DomainError("procedures.fee_unreadable", field=f"fee_{method.pk}")
        method.fee_amount = fee
    return {
        "case": str(case),
        "channel": method.channel,
        "term_text": method.term_text,
        "fee_text": method.fee_text,
        "note": method.note[:1000],
        "term": method.term,
        "fee": method.fee_amount,
    }


def _leave_out(case: Case, version: ProcedureVersion) -> dict[str, object]:
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


def _canonical(text: str, field_name: str) -> str:
    try:
        return str(parse_term(text))
    except TermError as error:
        raise DomainError(
            "procedures.term_unreadable", field=field_name, sentence=str(error)
        ) from error


def _check_dates(decision: str, signed: date, effective: date) -> None:
    if not decision.strip():
        raise DomainError("procedures.no_decision", field="decision")
    if effective < signed:
        raise DomainError("procedures.effective_before_signed", field="effective")
