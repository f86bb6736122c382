"""Which reports are owed after a period's end, made as drafts for the controllers.

Several schedulers, or one that was killed in the middle, make no report twice: a draft is unique by
form, agency and period, and its notice is written with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from onestop.accounts.models import Agency, Role, RoleGrant
from reports import signing
from reports.figures import Scope, table
from reports.models import Draft, ReportForm
from reports.models.form import Reach
from reports.periods import Kind, Period, newest_over
from reports.rendering import as_dict

# A draft is made up for this long after the period's end; older ones are opened by hand.
MADE_UP_DAYS = 45


def due(on: date) -> Iterator[tuple[ReportForm, Period]]:
    """The forms that are owed for the periods that ended lately. One statement."""
    for form in ReportForm.objects.in_force(on).order_by("code"):
        for letter in form.owed:
            period = newest_over(on, Kind(letter))
            if (on - period.last).days <= MADE_UP_DAYS:
                yield form, period


def make(now: datetime) -> int:
    """Draft what is owed and not there yet, and tell the controllers. Out: how many drafts.

    Two statements a form and period where all is done; five for each draft.
    """
    on, made = timezone.localdate(now), 0
    agencies = list(_reporting(on))
    for form, period in due(on):
        there = Draft.objects.filter(form=form, period_code=period.code)
        done = set(there.values_list("agency_id", flat=True))
        for agency in agencies:
            if agency.pk not in done and _owes(form, agency, agencies):
                made += _draft(form, agency, period, now)
    return made


def _reporting(on: date) -> Iterator[Agency]:
    """Agencies with somebody who prepares reports on that day."""
    grants = RoleGrant.objects.valid_on(on).filter(role=Role.CONTROLLER)
    ids = grants.values_list("agency_id", flat=True)
    return Agency.objects.filter(pk__in=ids).order_by("path").iterator()


def _owes(form: ReportForm, agency: Agency, agencies: list[Agency]) -> bool:
    """What rolls agencies up is owed by those that stand above others."""
    return form.reach == Reach.OWN or any(
        one.pk != agency.pk and one.path.startswith(agency.path) for one in agencies
    )


def _draft(form: ReportForm, agency: Agency, period: Period, now: datetime) -> int:
    """Counted before the transaction; somebody who was faster leaves nothing to do."""
    counted = as_dict(table(form, Scope.for_form(form, agency), period, now))
    with transaction.atomic():
        draft, is_new = Draft.objects.get_or_create(
            form=form,
            agency=agency,
            period_code=period.code,
            defaults={"last": period.last, "made_at": now, "figures": counted},
        )
        if is_new:
            signing.tell_due(draft, at=now)
    return int(is_new)
