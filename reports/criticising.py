"""Drafting, signing and withdrawing a criticism (phê bình): the one who leads or controls the agency
drafts it, its leader signs and thereby numbers it, whom it concerns is told.

Numbers are those of a register of its own, by agency and year.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dossiers.slips import numbering
from dossiers.slips.letterheads import office_of_document, signer_of
from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Department, Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.domain import post
from onestop.outbox.told import told
from reports.models import Criticism

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Number and symbol: 01/PB-UBND.
PATTERN = "{number:02d}/PB-{agency}"
# So many urgings at most stand on one document.
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class About:
    """`officer` None: the room as a whole. `lines`: the urgings, as rows of plain values."""

    department: Department
    officer: Officer | None
    lines: list[dict[str, Any]]


def cut(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many as stand on one document; the last line says how many more there are."""
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], {"more": more}] if more > 0 else lines


def paper_of(row: Criticism) -> dict[str, Any]:
    """The names and titles that stand on the document, as of now."""
    signed = signer_of(row.signed_by, row.agency) if row.signed_by is not None else None
    above = row.agency.parent
    return {
        "office": asdict(office_of_document(row.agency)),
        "whom": row.whom,
        "signer": signed.name if signed else "",
        "capacity": list(signed.capacity) if signed else [],
        "recipients": [
            f"{row.whom};",
            *([f"{above.name} (để b/c);"] if above is not None else []),
            "Lưu: VT.",
        ],
    }


def may_draft(desk: Desk, agency_id: int) -> bool:
    return desk.has(Role.LEADER, Role.CONTROLLER, agency_id=agency_id)


def may_sign(desk: Desk, row: Criticism) -> bool:
    leads = desk.has(Role.LEADER, agency_id=row.agency_id)
    return leads and row.officer_id != desk.officer.pk


def may_close(desk: Desk, row: Criticism) -> bool:
    """Drop a draft, or withdraw what is in force."""
    if row.is_draft:
        return may_draft(desk, row.agency_id)
    return row.is_in_force and may_sign(desk, row)


def draft(
    about: About, *, subject: str, content: str, demand: str, by: Desk, at: datetime
) -> Criticism:
    """Write a draft: nobody is told, it has no number.

    Errors: DomainError("not_allowed", "criticism_own").
    """
    agency = about.department.agency
    if not may_draft(by, agency.pk):
        raise DomainError("not_allowed")
    if about.officer == by.officer:
        raise DomainError("criticism_own")
    with transaction.atomic():
        row = Criticism.objects.create(
            agency=agency,
            department=about.department,
            officer=about.officer,
            subject=subject.strip(),
            content=content.strip(),
            demand=demand.strip(),
            lines=cut(about.lines),
            prepared_by=by.officer,
            prepared_at=at,
        )
        _trace(row, "soạn", by)
    return row


def sign(pk: int, *, by: Desk, at: datetime) -> Criticism:
    """It gets the next number of its agency and year; officer and heads of the room are told. In one
    transaction, with the agency's row locked while the number is given.

    Errors: DomainError("criticism_leader", "criticism_own", "criticism_over").
    """
    with transaction.atomic():
        row = _locked(pk)
        if not by.has(Role.LEADER, agency_id=row.agency_id):
            raise DomainError("criticism_leader")
        if row.officer_id == by.officer.pk:
            raise DomainError("criticism_own")
        if not row.is_draft:
            raise DomainError("criticism_over")
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=row.agency_id)
        row.year = timezone.localdate(at).year
        before = Criticism.objects.filter(agency=agency, year=row.year)
        row.number = (before.aggregate(last=Max("number"))["last"] or 0) + 1
        row.symbol = PATTERN.format(number=row.number, agency=numbering.sign_of(agency))
        row.signed_by, row.signed_at = by.officer, at
        row.paper = paper_of(row)
        row.save(update_fields=["year", "number", "symbol", "signed_by", "signed_at", "paper"])
        _trace(row, "ký", by)
        _tell(row, "criticised", at)
    return row


def close(pk: int, *, reason: str, by: Desk, at: datetime) -> Criticism:
    """Drop a draft, by whoever may draft; withdraw a signed one, by its leader: it keeps its number, and
    whom it concerns is told.

    Errors: DomainError("criticism_reason", "criticism_leader", "criticism_over", "criticism_own",
    "not_allowed").
    """
    if not reason.strip():
        raise DomainError("criticism_reason", field="reason")
    with transaction.atomic():
        row = _locked(pk)
        if row.closed_at is not None:
            raise DomainError("criticism_over")
        if not may_draft(by, row.agency_id):
            raise DomainError("not_allowed")
        if row.officer_id == by.officer.pk:
            raise DomainError("criticism_own")
        if not may_close(by, row):
            raise DomainError("criticism_leader")
        row.closed_by, row.closed_at, row.reason = by.officer, at, reason.strip()
        row.save(update_fields=["closed_by", "closed_at", "reason"])
        _trace(row, "thu hồi" if row.signed_at else "bỏ", by)
        if row.signed_at is not None:
            _tell(row, "criticism_withdrawn", at)
    return row


def _locked(pk: int) -> Criticism:
    joined = Criticism.objects.select_related("agency", "department", "officer")
    return joined.select_for_update(of=("self",)).get(pk=pk)


def _trace(row: Criticism, words: str, by: Desk) -> None:
    detail, who = f"{words} văn bản phê bình, {row}", by.officer
    access(who, AccessKind.REPORT_ACT, "criticism", row.pk, detail, about=row.agency_id)


def _tell(row: Criticism, event: str, at: datetime) -> None:
    """The officer, and the heads of the room."""
    heads = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        role=Role.HEAD, department=row.department_id, officer__is_active=True
    )
    people = {one.officer_id: one.officer for one in heads.select_related("officer")}
    if row.officer is not None:
        people[row.officer.pk] = row.officer
    for officer in people.values():
        post(
            kind="criticism",
            dedupe=f"{event}:{row.pk}:{officer.pk}",
            **told(f"reports/told/{event}", row=row),
            at=at,
            to_officer=officer,
            object_kind="criticism",
            object_id=row.pk,
            link=row.get_absolute_url(),
            mail=False,
        )
