"""When a version holds: the decision and days that publish it, and the day it is abolished."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from onestop.accounts.models import Officer
from onestop.changes.domain import update_all
from onestop.errors import DomainError
from procedures.domain.telling import page_of, tell_controllers
from procedures.hooks import procedures_ended
from procedures.models import (
    ActKind,
    CatalogueAct,
    Kind,
    ProcedureVersion,
    Status,
    VersionSource,
)

COPIED_WHEN_ABOLISHED = (
    "procedure_id", "name", "field_id", "levels", "nature", "applicants", "agency_executing", "agency_authority", "agency_coordinating",
    "receiving_address", "results", "legal", "supplement_mode", "post_allowed", "content_hash", "search_text", "initials",
)  # fmt: skip


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

    What was corrected was published by the same decision: it begins on that day, and each
    correction keeps the day from which it holds, if that is later.
    """
    plain = [version for version in versions if version.corrects_id is None]
    for version in plain:
        if version.number > 1:
            _end_before([version], effective)
    days = {"decision_number": decision, "decision_signed": signed, "unverified": False}
    update_all(
        ProcedureVersion.objects.filter(id__in=[version.pk for version in plain]),
        effective_from=effective,
        **days,
    )
    for version in versions:
        if version.corrects_id is None:
            continue
        chain = _chain(version)
        _end_before(chain, effective)
        begin = effective
        for one in chain:
            gone = one.effective_to is not None and one.effective_to <= one.effective_from
            end = begin if gone else max(one.effective_to or begin, begin)
            update_all(
                ProcedureVersion.objects.filter(pk=one.pk),
                effective_from=begin,
                effective_to=end if one.pk != version.pk else one.effective_to,
                **days,
            )
            begin = end


def _chain(version: ProcedureVersion) -> list[ProcedureVersion]:
    """A correction after all that it corrects, the first one first."""
    chain = [version]
    while (before := chain[0].corrects_id) is not None:
        chain.insert(0, ProcedureVersion.objects.select_for_update().get(pk=before))
    return chain


def _end_before(chain: list[ProcedureVersion], effective: date) -> None:
    """The version that the first of these replaced ends when it begins; what was taken back or has
    been corrected replaces nothing.
    """
    first = chain[0]
    before = (
        ProcedureVersion.objects.filter(
            procedure_id=first.procedure_id,
            effective_to=first.effective_from,
            number__lt=first.number,
        )
        .exclude(pk__in=[one.pk for one in chain])
        .exclude(status=Status.TAKEN_BACK)
        .exclude(
            pk__in=ProcedureVersion.objects.filter(corrects__isnull=False)
            .exclude(status=Status.TAKEN_BACK)
            .values("corrects")
        )
    )
    nearest = before.order_by("-number").values_list("pk", flat=True).first()
    if nearest is not None:
        update_all(ProcedureVersion.objects.filter(pk=nearest), effective_to=effective)


def abolish(
    version_id: int,
    *,
    decision: str,
    signed: date,
    effective: date,
    by: Officer | None,
    at: datetime,
) -> ProcedureVersion:
    """It ends by a decision, and controllers are told. Errors: those of end_by_decision."""
    with transaction.atomic():
        gone = end_by_decision(
            version_id, decision=decision, signed=signed, effective=effective, by=by, at=at
        )
        code = gone.procedure.code
        key = f"abolish:{gone.pk}"
        about = {"code": code, "name": gone.name, "effective": effective, "decision": decision}
        procedures_ended.send(sender=None, codes={code}, on=effective, at=at)
        tell_controllers("abolished", key=key, link=page_of(code), by=by, at=at, **about)
    return gone


def end_by_decision(
    version_id: int,
    *,
    decision: str,
    signed: date,
    effective: date,
    by: Officer | None,
    at: datetime,
    also: Mapping[str, str] | None = None,
) -> ProcedureVersion:
    """A new version of kind ABOLISHED from `effective` on; the present one ends that day and stays
    on its dossiers (R-74, R-133). `also`: what else the act tells. Errors:
    DomainError("procedures.no_decision", "effective_before_signed", "not_newest", "before_start").
    """
    _check_dates(decision, signed, effective)
    with transaction.atomic():
        last = ProcedureVersion.objects.select_for_update().get(pk=version_id)
        if last.effective_to is not None or last.kind == Kind.ABOLISHED:
            raise DomainError("procedures.not_newest")
        numbers = ProcedureVersion.objects.filter(procedure_id=last.procedure_id)
        if effective < last.effective_from:
            raise DomainError(
                "procedures.before_start", field="effective", day=f"{last.effective_from:%d/%m/%Y}"
            )
        content = VersionSource.objects.get(version=last).content
        gone = ProcedureVersion(
            **{name: getattr(last, name) for name in COPIED_WHEN_ABOLISHED},
            number=numbers.aggregate(last=Max("number"))["last"] + 1,
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
            version=gone,
            kind=ActKind.ABOLISH,
            at=at,
            by=by,
            content={"decision": decision, **(also or {})},
        )
    return gone


def _check_dates(decision: str, signed: date, effective: date) -> None:
    if not decision.strip():
        raise DomainError("procedures.no_decision", field="decision")
    if effective < signed:
        raise DomainError("procedures.effective_before_signed", field="effective")
