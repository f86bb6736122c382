"""What lies ready at the counter for the hours without power or network: codes to be written by hand,
blank receipts that bear them, and what is due on the day of the print.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.models.elsewhere import PaperPack
from dossiers.office import office_settings
from dossiers.slips import form_on
from dossiers.slips.contexts import FormFacts
from dossiers.slips.contexts import PaperPack as Printed
from dossiers.slips.letterheads import office_of
from dossiers.slips.lines import HandOverLine
from onestop.accounts.models import Officer
from onestop.worktime import start_of_day

SLUG = "goi-giay"
MOST_DUE = 500


class _ByHand:
    """The day in a code, to be written by hand: two places each for year, month and day."""

    def __format__(self, spec: str) -> str:
        return "……" * max(spec.count("%"), 1)


def snapshot(pack: PaperPack, *, by: Officer, at: datetime) -> dict[str, Any]:
    """In: the pack with its agency. One query for what is due, one for the pattern."""
    agency = pack.agency
    pattern = office_settings(agency.pk).code_pattern
    return Printed(
        slug=SLUG,
        number=pack.pk,
        made_at=at,
        form=FormFacts.of(form_on(SLUG, timezone.localdate(at))),
        office=office_of(agency),
        officer=by.full_name,
        codes=tuple(
            pattern.format(unit=agency.dossier_code, day=_ByHand(), number=number)
            for number in pack.numbers
        ),
        lines=tuple(map(_line, due_until(pack, at))),
    ).to_dict()


def due_until(pack: PaperPack, at: datetime) -> list[Dossier]:
    """What of the office is promised for that day or was before it, the longest due first."""
    tomorrow = start_of_day(timezone.localdate(at) + timedelta(days=1))
    rows = Dossier.objects.filter(agency=pack.agency, ended_at=None, sort_due__lt=tomorrow)
    joined = rows.select_related("version", "holder", "holder_department")
    found = joined.defer("version__search_text", "secret", "salt")
    return list(found.order_by("sort_due", "pk")[:MOST_DUE])


def _line(dossier: Dossier) -> HandOverLine:
    holder = dossier.holder or dossier.holder_department
    return HandOverLine(
        code=dossier.code,
        content=dossier.version.name,
        owner=dossier.owner_name,
        received_at=dossier.received_at,
        promised_at=dossier.due_at,
        note=str(holder or ""),
    )
