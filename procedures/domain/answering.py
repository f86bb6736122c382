"""One answer to a fee that many published records leave unclear in the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.changes.domain import add_all
from onestop.errors import DomainError
from procedures.domain.confirming import BulkResult
from procedures.domain.correcting import fee_words, read_anew, refuse_over, together
from procedures.domain.readings import Readings, amount, basis
from procedures.domain.renewing import drafts_of, publish
from procedures.domain.telling import tell_controllers
from procedures.domain.words import same_words
from procedures.models import Answer, CatalogueAct, Method, ProcedureVersion, Status


def answer_fees(
    version_ids: Iterable[int],
    *,
    words: str,
    fee: int,
    by: Officer | None,
    at: datetime,
    note: str,
) -> BulkResult:
    """One fee for all ways of these published versions whose record says `words` of it and that
    have none; each gets a new version, dossiers keep theirs. All or nothing; the number of
    statements does not grow with the number of versions.

    Errors: DomainError("procedures.fee_unreadable", "procedures.no_reason"). What no longer waits
    is left out and named.
    """
    amount(fee, "fee")
    said, on, wanted = basis(note), timezone.localdate(at), same_words(words)
    with transaction.atomic():
        versions = list(
            ProcedureVersion.objects.select_for_update(of=("self",))
            .filter(pk__in=sorted(set(version_ids)))
            .select_related("procedure")
            .order_by("pk")
        )
        rows: dict[int, list[int]] = {}
        unread = Method.objects.filter(case__version__in=versions, fee_amount=None)
        for pk, version_id, text in unread.values_list("pk", "case__version_id", "fee_text"):
            if same_words(text) == wanted:
                rows.setdefault(version_id, []).append(pk)
        skipped = {one.pk: why for one in versions if (why := _left(one, rows.get(one.pk), on))}
        taken = [one for one in versions if one.pk not in skipped]
        if not taken:
            return BulkResult((), tuple(skipped.items()))
        drafts = drafts_of(taken, on=on, status=Status.READY)
        contents = [
            read_anew(draft, Readings({}, fees=dict.fromkeys(rows[draft.old.pk], fee)))
            for draft in drafts
        ]
        publish(drafts)
        answer = Answer.objects.create(
            what=Answer.What.FEE,
            text=words[:300],
            reading=fee_words(fee),
            number=len(drafts),
            note=said,
            at=at,
            by=by,
        )
        add_all(CatalogueAct, together(drafts, contents, at=at, by=by, note=said, answer=answer))
        tell_controllers(
            "fees_answered",
            key=f"fees:{answer.pk}",
            link=reverse("procedures:control"),
            by=by,
            at=at,
            answer=answer,
            codes=sorted(one.procedure.code for one in taken),
        )
    done = tuple(draft.version.pk for draft in drafts)
    return BulkResult(done, tuple(skipped.items()), answer.pk)


def _left(version: ProcedureVersion, rows: list[int] | None, on: date) -> str:
    if not rows:
        return "procedures.fee_answered"
    try:
        refuse_over(version, on)
    except DomainError as error:
        return error.code
    return ""
