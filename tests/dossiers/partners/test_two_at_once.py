"""Two administrators add days of one partner office at the same instant: one row, one refusal."""

from __future__ import annotations

from datetime import date

import pytest

from dossiers.acts import partner_offices
from dossiers.models import PartnerCounter
from tests.dossiers.partners.office import make_partner
from tests.procedures.test_two_controllers import at_once
from tests.world import MONDAY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_days_that_meet_are_added_once() -> None:
    partner = make_partner()
    keeper, agency = partner.office.desk(partner.administrator), partner.office.agency
    partner_offices.end_row(partner.partner.counters.get(), by=keeper, at=MONDAY)

    def add(day: int, year: int) -> None:
        days = date(year, 1, day), date(year, 12, 31)
        partner_offices.add_counter(partner.partner, agency, *days, by=keeper)

    for year in (2027, 2028, 2029):
        codes = at_once(lambda y=year: add(1, y), lambda y=year: add(2, y))  # type: ignore[misc]
        assert codes == [0, 1]
    assert PartnerCounter.objects.filter(ended_at=None).count() == 3
