"""Which reports are owed after a period's end, made as drafts for the controllers.

Several schedulers, or one that was killed in the middle, make no report twice: a draft is unique by
form, agency and period, and its notice is written with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from onestop.accounts.models import Agency, Role, RoleGrant
from reports import signing
from reports.figures import Scope, Table, tables
from reports.models import Draft, ReportForm
from reports.models.form import Reach
from reports.periods import Kind, Period, newest_over
from reports.rendering import as_dict

# A draft is made up for this long after the period's end; older ones are opened by hand.
MADE_UP_DAYS = 45
# Agencies whose tables one statement counts.
AT_ONCE = 200


def due(on: date) -> Iterator[tuple[ReportForm, Period]]:
    """The forms that are owed for the periods that ended lately: of each code the one that was in
    force on the period's last day, as its page shows it. One statement.
    """
    forms = list(ReportForm.objects.order_by("code", "-effective_from"))
    for kind in (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR):
        period = newest_over(on, kind)
        if (on - period.last).days > MADE_UP_DAYS:
            continue
        in_force: dict[str, ReportForm] = {}
        for form in forms:
            if form.is_in_force(period.last):
                in_force.setdefault(form.code, form)
        for form in in_force.values():
            if kind in form.owed and form.is_signed_form:
                yield form, period


def make(now: datetime) -> int:
    """Draft what is owed and not there yet, and tell the controllers. Out: how many drafts.

    One statement a form and period where all is done. Else three more for all its agencies
    together, one for each that stands above others, and the writing of each draft and its notices.
    """
    on, made = timezone.localdate(now), 0
    agencies = list(_reporting(on))
    for form, period in due(on):
        there = Draft.objects.filter(form__code=form.code, period_code=period.code)
        done = set(there.values_list("agency_id", flat=True))
        owing = [
            one
            for one in agencies
            if one.pk not in done and not one.has_ended(period.first) and _owes(form, one, agencies)
        ]
        for begin in range(0, len(owing), AT_ONCE):
            made += _drafts(form, owing[begin : begin + AT_ONCE], period, now)
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


def _drafts(form: ReportForm, owing: Sequence[Agency], period: Period, now: datetime) -> int:
    """Counted for all before anything is written: SQLite has one writer."""
    scopes = [Scope.for_form(form, agency) for agency in owing]
    filled = list(tables(form, scopes, period, now))
    return sum(_draft(agency, table) for agency, table in zip(owing, filled, strict=True))


def _draft(agency: Agency, table: Table) -> int:
    """Somebody who was faster leaves nothing to do."""
    period, now = table.period, table.cut
    with transaction.atomic():
        draft, is_new = Draft.objects.get_or_create(
            form=table.form,
            agency=agency,
            period_code=period.code,
            defaults={"last": period.last, "made_at": now, "figures": as_dict(table)},
        )
        if is_new:
            signing.tell_due(draft, at=now)
    return int(is_new)
