"""The forms that the product brings (`FILES`), put into the database once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from onestop.errors import DomainError
from reports.models import ReportForm

# Those that are counted; those that are entered by hand.
FILES = ("report-forms.json", "report-forms-entered.json")


def shipped() -> list[dict[str, Any]]:
    data = Path(settings.BASE_DIR) / "data"
    return [row for name in FILES for row in json.loads((data / name).read_text("utf-8"))]


def form_of(row: dict[str, Any]) -> ReportForm:
    """A shipped form, not saved."""
    days = {
        name: date.fromisoformat(row[name])
        for name in ("effective_from", "effective_to")
        if name in row
    }
    return ReportForm(**row | days)


def put_forms() -> int:
    """Add the forms that are not there yet, and the variants that a newer release knows of those
    that are; what an office edited stays. Out: how many forms.
    """
    known = {(one.code, one.effective_from): one for one in ReportForm.objects.all()}
    made = []
    for row in shipped():
        form = form_of(row)
        there = known.get((form.code, form.effective_from))
        if there is None:
            made.append(form)
        elif there.variants != form.variants:
            there.variants = form.variants
            there.save(update_fields=["variants"])
    ReportForm.objects.bulk_create(made)
    return len(made)


def form_on(code: str, day: date) -> ReportForm:
    """The form of a code in force on a day (the period's last). Errors: DomainError("form_unknown")."""
    forms = ReportForm.objects.in_force(day).order_by("code", "-effective_from")
    found = forms.filter(code=code).first()
    if found is None:
        known = ", ".join(dict.fromkeys(forms.values_list("code", flat=True)))
        raise DomainError("form_unknown", form=code, known=known or "chưa có biểu nào")
    return found


def form_of_slug(slug: str, day: date) -> ReportForm:
    """The form of an address. Errors: DomainError("form_unknown")."""
    forms = ReportForm.objects.in_force(day)
    code = next((one.code for one in forms if one.slug == slug), slug)
    return form_on(code, day)
