"""What is owed after a cut-off: drafts for all agencies at once, each once, the controllers told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from onestop.accounts.models import Agency
from onestop.outbox.models import Message
from reports import owed
from reports.figures import Scope, table, tables
from reports.figures.brought import takes
from reports.form_data import form_on
from reports.models import Draft, ReportForm, Source
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province, Worked
from tests.world import make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
CUT = vn("15/12/2026 00:40")


def test_many_agencies_are_counted_as_each_alone(worked: Worked, queries: Any) -> None:
    """Also what was received for another office, and an office that was closed in the period."""
    place, found = worked
    taken = receive(place.second, make_case(), at=vn("25/11/2026 09:00"))
    taken.spans.update(received_by_agency=place.first.agency)
    found["later"].spans.update(received_by_agency=place.agency)
    Agency.objects.filter(pk=place.empty.agency.pk).update(closed_on=date(2026, 10, 1))
    period = parse("2026Q4")
    agencies = list(Agency.objects.order_by("path"))
    forms = ReportForm.objects.in_force(period.last).exclude(source=Source.LIST)
    for form in forms:
        scopes = [Scope.for_form(form, one) for one in agencies]
        with queries() as seen:
            together = list(tables(form, scopes, period, CUT))
        assert together == [table(form, one, period, CUT) for one in scopes], form.code
        rolled = len(scopes) if scopes[0].whole else 0
        # What was brought of other units is asked once, where there are rows for it; of the
        # catalogue its lists, records and processes are.
        if form.source == Source.FINISHED:  # dossier by dossier, agency by agency
            continue
        most = 5 if form.source == Source.CATALOGUE else 3 + rolled + takes(form)
        assert len(seen) <= most, form.code


def test_a_set_takes_no_more_statements_with_more_agencies(clock: Clock, queries: Any) -> None:
    """But for what is written: each draft with its notice."""

    def asked() -> int:
        with queries() as seen:
            assert owed.make(CUT) > 0
        return sum(one["sql"].startswith(("SELECT", "WITH")) for one in seen.captured_queries)

    make_office("Ủy ban nhân dân xã Một")
    few, drafts = asked(), Draft.objects.count()
    Draft.objects.all().delete()
    for number in range(4):
        make_office(f"Ủy ban nhân dân xã Thêm {number}")
    many = asked()
    made = Draft.objects.count() - drafts
    assert made == 4 * drafts
    # Looking for the draft before it is written, and for whom to tell.
    assert many - few <= 3 * made
    with queries() as nothing:
        assert owed.make(CUT) == 0
    assert len(nothing) <= 8


def test_a_form_that_replaces_another_after_the_period_makes_no_second_draft(
    place: Province,
) -> None:
    """The form of a period is the one in force on its last day, as its page shows it."""
    made = owed.make(CUT)
    old = form_on("II.06a", date(2026, 12, 14))
    values = {
        one.attname: getattr(old, one.attname)
        for one in ReportForm._meta.concrete_fields
        if not one.primary_key
    }
    ReportForm.objects.filter(pk=old.pk).update(effective_to=date(2026, 12, 31))
    ReportForm.objects.create(**values | {"effective_from": date(2027, 1, 1)})
    assert made > 0
    assert owed.make(vn("02/01/2027 00:40")) == 0
    assert set(Draft.objects.filter(form__code="II.06a").values_list("form", flat=True)) == {old.pk}


def test_months_are_owed_where_the_form_says_so(place: Province) -> None:
    """By the law TTHC reports are of quarters and years (legal 4.8); a province may ask for more."""
    owed.make(CUT)
    assert not Draft.objects.filter(period_code="2026M12").exists()
    ReportForm.objects.filter(code="II.06a").update(owed=["M", "Q", "H", "Y"])
    owed.make(CUT)
    codes = Draft.objects.filter(form__code="II.06a").values_list("period_code", flat=True)
    assert set(codes) == {"2026M12", "2026Q4", "2026H2", "2026Y"}


def test_lists_are_never_owed(place: Province) -> None:
    ReportForm.objects.filter(code="register").update(owed=["Q"])
    owed.make(CUT)
    assert not Draft.objects.filter(form__code="register").exists()


def test_after_the_cut_off_what_is_owed_stands_as_drafts_once(place: Province) -> None:
    made = owed.make(CUT)
    drafts = set(Draft.objects.values_list("form__code", "agency__name", "period_code"))
    assert made == len(drafts)
    assert ("II.06a", place.first.agency.name, "2026Q4") in drafts
    assert ("II.06a", place.first.agency.name, "2026Y") in drafts
    assert ("II.06b", place.agency.name, "2026Q4") in drafts
    assert ("II.06b", place.first.agency.name, "2026Q4") not in drafts
    own = Draft.objects.get(form__code="II.06a", agency=place.first.agency, period_code="2026Q4")
    assert own.figures["total"]["3"] == 3
    assert owed.make(CUT) == 0
    assert owed.make(vn("16/12/2026 00:40")) == 0
    told = Message.objects.filter(kind="report", to_officer=place.first.controller)
    assert told.count() == 2


def test_missed_nights_are_made_up_and_old_periods_are_not(place: Province) -> None:
    assert owed.make(vn("20/01/2027 00:40")) > 0
    assert set(Draft.objects.values_list("period_code", flat=True)) == {"2026Q4", "2026Y"}
    assert owed.make(vn("10/03/2027 00:40")) == 0


Enter = Callable[..., Any]


def test_what_is_owed_leads_to_its_report(place: Province, signed_in: Enter) -> None:
    owed.make(CUT)
    client = signed_in(place.first.controller)
    page = client.get("/bao-cao/")
    assert [one.form.code for one in page.context["owed"]] == ["II.06a", "II.06a"]
