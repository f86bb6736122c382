"""A visit that ends without a dossier, from the counter's page: once for a page, with its scans,
its draft gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dossiers.acts import supplements
from dossiers.intake import wanted
from dossiers.intake.drafts import KIND, forget
from dossiers.models import CounterVisit, Draft
from onestop.errors import DomainError
from onestop.files.domain import adopt
from onestop.once import once

if TYPE_CHECKING:
    from dossiers.intake.brought import Person
    from dossiers.intake.wanted import Wanted
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency, Officer
    from procedures.models import Case, ProcedureVersion


@dataclass(frozen=True, slots=True)
class Said:
    """What a visit ends with: guidance or refusal, of what, to whom, why."""

    kind: CounterVisit.Kind
    agency: Agency
    version: ProcedureVersion
    owner: Person
    reason: str
    case: Case | None = None
    items: Sequence[Wanted] = ()
    approver: Officer | None = None
    approval_reason: str = ""


def end_visit(
    draft: Draft, said: Said, *, attachment_ids: Sequence[int] = (), by: Desk, at: datetime
) -> CounterVisit:
    """Guide or refuse (forms 02, 03) and close the draft. The draft's row is the lock: two clicks
    give one visit.

    Effects in order: visit with its slip, scans move from the draft to the visit; then the draft is
    removed. Errors: those of supplements.visit(); DomainError("visit_token_used") when a visit of
    other content was made of this page. Source: R-07, R-08, R-09.
    """
    # Drafts of one page may come and go between two clicks: then the token of the visit is what
    # there can be only one of.
    used = DomainError("visit_token_used", made=said.kind.label.lower(), whose=said.owner.name)
    with once(used):
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
        visit = CounterVisit.objects.filter(token=draft.token).first()
        if visit is None:
            visit = supplements.visit(
                said.kind,
                agency=said.agency,
                version=said.version,
                case=said.case,
                owner=said.owner,
                items=said.items,
                reason=said.reason,
                by=by,
                at=at,
                token=draft.token,
                approver=said.approver,
                approval_reason=said.approval_reason,
            )
            adopt(
                attachment_ids, from_kind=KIND, from_id=draft.pk, kind="visit", object_id=visit.pk
            )
        elif not is_same(visit, said, by=by.officer):
            raise used_by(visit)
    forget(draft.token, officer=by.officer)
    return visit


def is_same(visit: CounterVisit, said: Said, *, by: Officer) -> bool:
    """Whether this is what the visit was made of."""
    case_id = (
        said.case.pk if said.case is not None and said.case.version_id == said.version.pk else None
    )
    items = (
        wanted.lines(said.items, case_id=case_id) if said.kind == CounterVisit.Kind.COMPLETE else []
    )
    owner = said.owner
    return (
        (visit.officer_id, visit.kind, visit.agency_id, visit.version_id, visit.reason, visit.items)
        == (by.pk, said.kind, said.agency.pk, said.version.pk, said.reason.strip(), items)
    ) and (
        (visit.owner_name, visit.identity_number, visit.phone, visit.email, visit.address)
        == (owner.name.strip(), owner.identity_number, owner.phone, owner.email, owner.address)
    )


def used_by(visit: CounterVisit) -> DomainError:
    """What is said when a page comes again with something else."""
    return DomainError(
        "visit_token_used", made=visit.get_kind_display().lower(), whose=visit.owner_name
    )
