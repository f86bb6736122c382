"""Changing the tree of agencies and their departments."""

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Department, Officer
from onestop.errors import DomainError
from onestop.once import once


def save_agency(*, agency: Agency, changed: list[str], by: Officer | None) -> Agency:
    """Saves a checked agency (a new parent moves everything below it along) and logs what changed."""
    what = "; ".join(changed) or "tạo mới"
    with once(DomainError("agency_twice", field="code", number=agency.code)):
        agency.save()
        access(
            by,
            AccessKind.AGENCY_CHANGED,
            "agency",
            agency.pk,
            f"{agency.code}: {what}",
            about=agency.pk,
        )
    return agency


def save_department(
    *, department: Department, changed: list[str], by: Officer | None
) -> Department:
    what = "; ".join(changed) or "tạo mới"
    with once(DomainError("department_twice", field="name", name=department.name)):
        department.save()
        access(
            by,
            AccessKind.DEPARTMENT_CHANGED,
            "department",
            department.pk,
            f"{department.agency.code} {department.name}: {what}",
            about=department.agency_id,
        )
    return department
