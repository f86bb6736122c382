"""A visit that ends without a dossier, from the counter's page: once for a page, with its scans, its draft gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from dossiers.domain import supplements
from dossiers.models import CounterVisit, Draft
from onestop.files.domain import adopt

if TYPE_CHECKING:
    from dossiers.domain.intake import Person
    from dossiers.domain.wanted import Wanted
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency
    from procedures.models import Case, ProcedureVersion

# The same words for the same person and procedure within this time are the second click of one act.
SAME_ACT = timedelta(minutes=2)


def end_visit(
    kind: CounterVisit.Kind,
    draft: Draft,
    *,
    agency: Agency,
    version: ProcedureVersion,
    owner: Person,
    items: Sequence[Wanted] = (),
    case: Case | None = None,
    reason: str,
    attachment_ids: Sequence[int] = (),
    by: Desk,
    at: datetime,
) -> CounterVisit:
    """Guide or refuse (forms 02, 03) and close the draft. The draft's row is the lock: two clicks give one visit.

    Effects in order: visit with its slip, scans move from the draft to the visit, draft removed.
    Errors: those of supplements.visit().  Source: R-07, R-08, R-09.
    """
    with transaction.atomic():
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
        twin = CounterVisit.objects.filter(
            kind=kind,
            agency=agency,
            version=version,
            officer=by.officer,
            owner_name=owner.name,
            identity_number=owner.identity_number,
            reason=reason,
            at__gte=at - SAME_ACT,
        ).first()
        visit = twin or supplements.visit(
            kind, agency=agency, version=version, case=case, owner=owner, items=items, reason=reason, by=by, at=at
        )
        adopt(attachment_ids, from_kind="draft", from_id=draft.pk, kind="visit", object_id=visit.pk)
        Draft.objects.filter(pk=draft.pk).delete()
        return visit
