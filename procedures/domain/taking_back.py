"""What a controller decided by a slip is taken back while nobody was received under it: the version
before holds again, or the question is open again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Denied
from onestop.results import Answer as Verdict
from procedures.domain.renewing import drafts_of, move, publish
from procedures.domain.telling import page_of, tell_controllers
from procedures.hooks import received
from procedures.models import ActKind, Answer, CatalogueAct, ProcedureVersion, Status

UNDOABLE = (ActKind.TERMS, ActKind.CORRECTION)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Version ids that were taken back, and those that stay with the reason of each."""

    done: tuple[int, ...]
    stay: tuple[tuple[int, str], ...]


def take_back(version_id: int, *, by: Officer | None, at: datetime) -> ProcedureVersion:
    """Takes back what made this version: a correction (the version before holds again) or the
    confirmation of its terms (the question is open again, in a version of its own). Out: the
    version that holds instead.

    Effects in order: lock the version; the versions in their places; the act; tell the other
    controllers. Errors: DomainError("procedures.received_under", "acted_since", "ended",
    "nothing_to_take_back", "not_published").
    """
    with transaction.atomic():
        versions = _locked([version_id])
        if not versions:
            raise DomainError("procedures.not_published")
        verdicts = judge(versions, timezone.localdate(at))
        require(verdicts[version_id])
        instead = _take_back(versions, None, by=by, at=at)[version_id]
        code = instead.procedure.code
        tell_controllers(
            "taken_back",
            key=f"taken-back:{version_id}",
            link=page_of(code),
            by=by,
            at=at,
            code=code,
            waits=instead.status == Status.NEEDS_TERM,
            number=instead.number,
        )
    return instead


def undo_answer(answer_id: int, *, by: Officer | None, at: datetime) -> TakenBack:
    """Takes back an answer given to many records at once, for all under which nobody was received;
    the others stay and are confirmed anew one by one.

    Errors: DomainError("procedures.answer_undone", "procedures.answer_stays": not one of them can
    be taken back any more).
    """
    with transaction.atomic():
        answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer_id)
        if answer.undone_at is not None:
            raise DomainError("procedures.answer_undone")
        versions = _locked(answer.acts.values_list("version", flat=True))
        verdicts = judge(versions, timezone.localdate(at))
        back = [one for one in versions if verdicts[one.pk]]
        stay = tuple((pk, why.code) for pk, why in verdicts.items() if isinstance(why, Denied))
        if not back:
            raise DomainError("procedures.answer_stays")
        _take_back(back, answer, by=by, at=at)
        answer.undone_at, answer.undone_by = at, by
        answer.save(update_fields=["undone_at", "undone_by"])
        tell_controllers(
            "answer_undone",
            key=f"answer-undone:{answer.pk}",
            link=reverse("procedures:control"),
            by=by,
            at=at,
            answer=answer,
            codes=sorted(one.procedure.code for one in back),
        )
    return TakenBack(tuple(one.pk for one in back), stay)


def _locked(ids: Iterable[int]) -> list[ProcedureVersion]:
    """FOR UPDATE: a dossier that is being written under one of these is waited for, and counted. One
    whose clerk pressed the button before and which is written after keeps its version, as all do.
    """
    return list(
        ProcedureVersion.objects.select_for_update(of=("self",))
        .filter(pk__in=list(ids))
        .select_related("procedure")
        .order_by("pk")
    )


def judge(versions: Sequence[ProcedureVersion], on: date) -> dict[int, Verdict]:
    """Of each version whether what made it may still be taken back. Two queries."""
    ids = [one.pk for one in versions]
    counted = received(ids)
    last = {act.version_id: act for act in CatalogueAct.objects.filter(version__in=ids)}
    return {
        one.pk: _judge(one, last.get(one.pk), counted[one.pk].every if one.pk in counted else 0, on)
        for one in versions
    }


def _judge(
    version: ProcedureVersion, last: CatalogueAct | None, dossiers: int, on: date
) -> Verdict:
    if version.status != Status.READY:
        return Denied("procedures.not_published")
    end = version.effective_to
    if end is not None and end <= max(on, version.effective_from):
        return Denied("procedures.ended", {"day": f"{end:%d/%m/%Y}"})
    if last is None:
        return Denied("procedures.nothing_to_take_back")
    if last.kind not in UNDOABLE:
        return Denied("procedures.acted_since", {"act": last.get_kind_display().lower()})
    if dossiers:
        return Denied("procedures.received_under", {"number": dossiers})
    return ALLOWED


def _take_back(
    versions: Sequence[ProcedureVersion],
    answer: Answer | None,
    *,
    by: Officer | None,
    at: datetime,
) -> dict[int, ProcedureVersion]:
    """By version what holds in its place. Statements by set, not by version."""
    corrections = set(
        CatalogueAct.objects.filter(
            version__in=[one.pk for one in versions], kind=ActKind.CORRECTION
        ).values_list("version_id", flat=True)
    )
    restored = _restore([one for one in versions if one.pk in corrections])
    reopened = _reopen([one for one in versions if one.pk not in corrections])
    instead = restored | reopened
    add_all(
        CatalogueAct,
        [
            CatalogueAct(
                version=one,
                kind=ActKind.TAKE_BACK,
                at=at,
                by=by,
                content={"again": instead[one.pk].number},
                answer=answer,
            )
            for one in versions
        ],
    )
    return instead


def _restore(versions: Sequence[ProcedureVersion]) -> dict[int, ProcedureVersion]:
    """What each corrected holds again, as long as the correction would have."""
    if not versions:
        return {}
    before = {
        one.pk: one
        for one in ProcedureVersion.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.corrects_id for one in versions])
        .select_related("procedure")
        .order_by("pk")
    }
    pairs = [(one, before[one.corrects_id or 0]) for one in versions]
    ends = [(old, one.effective_to) for one, old in pairs]
    move([(one, one.effective_from) for one in versions], status=Status.TAKEN_BACK)
    move(ends)
    return {one.pk: old for one, old in pairs}


def _reopen(versions: Sequence[ProcedureVersion]) -> dict[int, ProcedureVersion]:
    """The same record waits again for its terms, in a version of its own: one that was published is
    never edited.
    """
    if not versions:
        return {}
    drafts = drafts_of(versions, on=None, status=Status.NEEDS_TERM)
    for draft in drafts:
        for _, _, row in draft.methods:
            row.term = ""
    publish(drafts, ended=Status.TAKEN_BACK)
    return {draft.old.pk: draft.version for draft in drafts}
