"""A visit to the counter that ends without a dossier: guidance to complete (form 02) or refusal (form
03), recorded with its slip; from the counter's page once for a page, with its scans, its draft
gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dossiers import rules
from dossiers.acts import filings, guiding
from dossiers.acts.supplements import is_approver
from dossiers.desk import matters
from dossiers.intake import wanted
from dossiers.intake.drafts import KIND, forget
from dossiers.models import CounterVisit, Draft
from dossiers.slips import issuing
from onestop.changes.domain import noted
from onestop.errors import DomainError, require
from onestop.files.domain import adopt
from onestop.files.models import Attachment
from onestop.once import once

if TYPE_CHECKING:
    from dossiers.intake.brought import OnlineIn, Person
    from dossiers.intake.wanted import Wanted
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency, Officer
    from procedures.models import Case, ProcedureVersion

SLIPS = {CounterVisit.Kind.COMPLETE: "bo-sung", CounterVisit.Kind.REFUSE: "tu-choi"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a visit ends with: guidance or refusal, of what, to whom, why; who approved one more
    guidance. `case`: the one spoken of, whose papers may be asked for.
    """

    kind: CounterVisit.Kind
    agency: Agency
    version: ProcedureVersion
    owner: Person
    reason: str
    case: Case | None = None
    items: Sequence[Wanted] = ()
    approver: Officer | None = None
    approval_reason: str = ""
    # Of what was handed in on a portal: its code there.
    online: OnlineIn | None = None

    @property
    def is_guidance(self) -> bool:
        return self.kind == CounterVisit.Kind.COMPLETE

    def columns(self) -> dict[str, Any]:
        """What the visit keeps of it, and what tells it from another. One query where papers are
        asked for. Errors: those of wanted.lines(); nothing outside the list at the counter,
        whatever the basis.
        """
        of_version = self.case is not None and self.case.version_id == self.version.pk
        case_id = self.case.pk if self.case is not None and of_version else None
        return {
            "kind": self.kind,
            "agency_id": self.agency.pk,
            "version_id": self.version.pk,
            "owner_name": self.owner.name.strip(),
            "identity_number": self.owner.identity_number,
            "phone": self.owner.phone,
            "email": self.owner.email,
            "address": self.owner.address,
            "items": wanted.lines(self.items, case_id=case_id) if self.is_guidance else [],
            "reason": self.reason.strip(),
            "source_code": self.online.code if self.online is not None else "",
            "filed_at": self.online.filed_at if self.online is not None else None,
        }


def record(said: Said, *, by: Desk, at: datetime, token: UUID | None = None) -> CounterVisit:
    """Guide or refuse, and print the slip.

    Guidance is given once and completely: one more in the same matter is put before an approver with
    its reason, and has its slip when he has agreed (acts/guiding.py). Errors: those of
    wanted.lines() for guidance, DomainError("reason_missing", "owner_missing", "not_your_counter",
    "second_guidance", "approver_invalid"). Source: R-08, R-09, R-17, R-44.
    """
    if not said.reason.strip():
        raise DomainError("reason_missing", field="reason")
    if not said.owner.name.strip():
        raise DomainError("owner_missing", field="owner_name")
    require(rules.may_receive_at(by, said.agency, timezone.localdate(at)))
    again = said.is_guidance and _is_again(said, token=token, at=at)
    kept = said.columns()
    with transaction.atomic():
        row = CounterVisit.objects.create(
            **kept,
            token=token,
            officer=by.officer,
            at=at,
            approver=said.approver if again else None,
            approval_reason=said.approval_reason.strip() if again else "",
        )
        if again and guiding.put_before(row, by=by.officer, at=at).is_waiting:
            return row
        if row.source_code:
            filings.answer(row.source_code, row, by=by.officer, at=at)
        issuing.make_for_visit(SLIPS[said.kind], row, by=by.officer, at=at)
        return row


def _is_again(said: Said, *, token: UUID | None, at: datetime) -> bool:
    """Whether they were guided before in this matter, or the filing under its code, and an approver is named who may be. Errors:
    DomainError("second_guidance", "approver_invalid").
    """
    again = matters.guided_before(
        name=said.owner.name,
        identity=said.owner.identity_number,
        phone=said.owner.phone,
        agency=said.agency,
        procedure_id=said.version.procedure_id,
        at=at,
        code=said.online.code if said.online is not None else "",
        beside=token,
    )
    if again and (said.approver is None or not said.approval_reason.strip()):
        raise DomainError("second_guidance", field="guide_approver")
    if said.approver is not None and not is_approver(said.approver, said.agency, at):
        raise DomainError("approver_invalid", field="guide_approver")
    return bool(again)


def end_visit(
    draft: Draft, said: Said, *, attachment_ids: Sequence[int] = (), by: Desk, at: datetime
) -> CounterVisit:
    """Guide or refuse from the counter's page and close its draft. The draft's row is the lock: two
    clicks give one visit.

    Effects in order: visit with its slip, scans move from the draft to the visit; then the draft is
    removed. Errors: those of record(); DomainError("visit_token_used") when a visit of other
    content was made of this page. Source: R-07, R-08, R-09.
    """
    # Drafts of one page may come and go between two clicks: then the token of the visit is what
    # there can be only one of.
    used = DomainError("visit_token_used", made=said.kind.label.lower(), whose=said.owner.name)
    with once(used):
        Draft.objects.select_for_update().filter(pk=draft.pk).first()
        visit = CounterVisit.objects.filter(token=draft.token).first()
        if visit is None:
            visit = record(said, by=by, at=at, token=draft.token)
            if adopt(
                attachment_ids, from_kind=KIND, from_id=draft.pk, kind="visit", object_id=visit.pk
            ):
                noted(Attachment.objects.of("visit", visit.pk))
        elif not is_same(visit, said, by=by.officer):
            raise used_by(visit)
    forget(draft.token, officer=by.officer)
    return visit


def is_same(visit: CounterVisit, said: Said, *, by: Officer) -> bool:
    """Whether this is what the visit was made of."""
    return visit.officer_id == by.pk and all(
        getattr(visit, column) == value for column, value in said.columns().items()
    )


def used_by(visit: CounterVisit) -> DomainError:
    """What is said when a page comes again with something else."""
    return DomainError(
        "visit_token_used", made=visit.get_kind_display().lower(), whose=visit.owner_name
    )
