"""Changing the tree of agencies and their departments."""

from django.db import transaction

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Department, Officer


def save_agency(*, agency: Agency, changed: list[str], by: Officer | None) -> Agency:
    """Saves a checked agency (a new parent moves everything below it along) and logs what changed."""
    what = "; ".join(changed) or "tạo mới"
    with transaction.atomic():
        agency.save()
        access(by, AccessKind.AGENCY_CHANGED, "agency", agency.pk, f"{agency.code}: {what}", about=agency.pk)
    return agency


def save_department(*, department: Department, changed: list[str], by: Officer | None) -> Department:
    what = "; ".join(changed) or "tạo mới"
    with transaction.atomic():
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
