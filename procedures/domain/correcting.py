"""What was confirmed by a slip is confirmed anew: a new version holds from now on, dossiers keep
theirs and what they were promised (R-74).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.templatetags.formatting import money
from procedures.channels import Channel
from procedures.domain.confirming import line_of
from procedures.domain.left_out import bring_back, is_left_out
from procedures.domain.readings import Readings, amount, basis, canonical, named
from procedures.domain.renewing import CaseDraft, Draft, drafts_of, publish
from procedures.domain.telling import page_of, tell_controllers
from procedures.models import ActKind, CatalogueAct, Method, ProcedureVersion, Status


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a correction says otherwise, in words for people."""

    where: str
    what: str
    before: str
    after: str


def correct(
    version_id: int, *, readings: Readings, reason: str, by: Officer | None, at: datetime
) -> ProcedureVersion:
    """Confirms a published version's terms, fees and cases anew. Out: the new version.

    Effects in order: lock the version; the new one with the same record, from today on (with the
    version it corrects, where that is yet to begin); the old one ends there; the act with what was
    before beside each reading; tell the other controllers. Errors: DomainError("procedures.
    corrected_first", "ended", "not_published", "no_reason", "nothing_changed", and those of
    readings).
    """
    said = basis(reason)
    with transaction.atomic():
        old = locked(version_id, timezone.localdate(at))
        (draft,) = drafts_of([old], on=timezone.localdate(at), status=Status.READY)
        bring_back(draft, readings.back)
        content = read_anew(draft, readings)
        return publish_corrected(draft, content, reason=said, by=by, at=at)


def publish_corrected(
    draft: Draft, content: dict[str, Any], *, reason: str, by: Officer | None, at: datetime
) -> ProcedureVersion:
    """The new version, the act, the notices; inside the caller's transaction. Errors:
    DomainError("procedures.nothing_changed").
    """
    changes = changes_of(content)
    if not changes:
        raise DomainError("procedures.nothing_changed")
    publish([draft])
    new, code = draft.version, draft.old.procedure.code
    CatalogueAct.objects.create(
        version=new, kind=ActKind.CORRECTION, at=at, by=by, content=content, note=reason
    )
    tell_controllers(
        "corrected",
        key=f"corrected:{new.pk}",
        link=page_of(code),
        by=by,
        at=at,
        code=code,
        number=new.number,
        changes=changes,
        reason=reason,
        effective=new.effective_from,
    )
    return new


def preview(version: ProcedureVersion, *, readings: Readings, on: date) -> list[Change]:
    """What `correct` would change; nothing is written. Errors: the same."""
    (draft,) = drafts_of([version], on=on, status=Status.READY)
    bring_back(draft, readings.back)
    return changes_of(read_anew(draft, readings))


def locked(version_id: int, on: date) -> ProcedureVersion:
    """The version, if it is published and not over. Errors: those of refuse_over."""
    rows = ProcedureVersion.objects.select_related("procedure", "field")
    version = rows.select_for_update(of=("self",)).get(pk=version_id)
    refuse_over(version, on)
    return version


def refuse_over(version: ProcedureVersion, on: date) -> None:
    """What is no longer published is not put right: what came in its place is. Errors: DomainError
    saying who was first.
    """
    if version.status != Status.READY:
        raise DomainError("procedures.not_published")
    if version.effective_to is None or version.effective_to > max(on, version.effective_from):
        return
    first = (
        CatalogueAct.objects.filter(version__corrects=version, kind=ActKind.CORRECTION)
        .exclude(version__status=Status.TAKEN_BACK)
        .select_related("by", "version")
        .last()
    )
    if first is None:
        raise DomainError("procedures.ended", day=f"{version.effective_to:%d/%m/%Y}")
    raise DomainError(
        "procedures.corrected_first",
        who=first.by.full_name if first.by else "người khác",
        at=f"{timezone.localtime(first.at):%H:%M %d/%m/%Y}",
        number=first.version.number,
    )


def read_anew(draft: Draft, readings: Readings) -> dict[str, Any]:
    """Puts readings (by the old version's rows) on the rows to come. Out: what the act keeps."""
    olds = [one.old for one in draft.cases]
    before = {case.pk: str(case) for case in olds}
    kept = {case.pk for case in named(olds, readings)}
    out = [one for one in draft.cases if one.old.pk not in kept]
    draft.cases = [one for one in draft.cases if one.old.pk in kept]
    for one in draft.cases:
        one.case.name = one.old.name
    rows = [_row(one, old, new, readings) for one, old, new in draft.methods]
    return {
        "corrects": draft.old.number,
        "rows": rows,
        "names": [
            [before[one.old.pk], str(one.case)]
            for one in draft.cases
            if before[one.old.pk] != str(one.case)
        ],
        "left_out": [_gone(one) for one in out],
        "brought_back": [before[one.old.pk] for one in draft.cases if is_left_out(one.old)],
    }


def _row(one: CaseDraft, old: Method, new: Method, readings: Readings) -> dict[str, Any]:
    name = f"term_{old.pk}"
    text = readings.terms.get(old.pk, old.term).strip()
    if not text:
        raise DomainError("procedures.term_missing", field=name, row=str(one.case))
    new.term = canonical(text, name)
    if old.pk in readings.fees:
        fee = readings.fees[old.pk]
        new.fee_amount = None if fee is None else amount(fee, f"fee_{old.pk}")
    return {**line_of(new, one.case), "term_before": old.term, "fee_before": old.fee_amount}


def _gone(one: CaseDraft) -> dict[str, Any]:
    return {
        "case": str(one.old),
        "rows": [
            {"channel": old.channel, "term_text": old.term_text, "term_before": old.term}
            for old, _ in one.methods
        ],
    }


def changes_of(content: dict[str, Any]) -> list[Change]:
    """What an act of correction changed, for people: ways of one case that change alike are one
    line.
    """
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for row in content["rows"]:
        for what, before, after in (
            ("Thời hạn", row["term_before"] or "chưa dùng", row["term"]),
            ("Phí, lệ phí", fee_words(row["fee_before"]), fee_words(row["fee"])),
        ):
            if before != after:
                ways = found.setdefault((row["case"], what, before, after), [])
                ways.append(_channel(row["channel"]))
    changes = [
        Change(f"{case}: {', '.join(ways)}" if case != "Chung" else ", ".join(ways), *rest)
        for (case, *rest), ways in found.items()
    ]
    changes += [
        Change(before, "Tên trường hợp", before, after) for before, after in content["names"]
    ]
    changes += [
        Change(one["case"], "Trường hợp", "có", "không dùng") for one in content["left_out"]
    ]
    # Acts of before that could be done know nothing of it.
    changes += [
        Change(case, "Trường hợp", "không dùng", "có") for case in content.get("brought_back", [])
    ]
    changes += [Change(name, "Ai phải nộp", *of) for name, *of in content.get("papers", [])]
    return changes


def _channel(number: int) -> str:
    return Channel(number).label


def fee_words(fee: int | None) -> str:
    if fee is None:
        return "người tiếp nhận ghi"
    return money(fee) if fee else "miễn phí"


def together(
    drafts: Sequence[Draft], contents: Sequence[dict[str, Any]], **act: Any
) -> list[CatalogueAct]:
    """An act of correction for each of many published drafts, not yet stored."""
    return [
        CatalogueAct(version=draft.version, kind=ActKind.CORRECTION, content=content, **act)
        for draft, content in zip(drafts, contents, strict=True)
    ]
