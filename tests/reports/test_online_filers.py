"""S1: of what came on line, how much was filed by citizens themselves, with help at the counter, and by
accounts of officers and offices; by the cut, once each.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts import helping
from dossiers.acts.helping import Helped, help_online
from dossiers.intake.brought import OnlineIn
from dossiers.intake.filers import filer_of
from dossiers.models import Dossier, OnlineFiling
from dossiers.models.helping import OwnAccount
from procedures.models import Procedure
from reports.figures import Scope, checks, dossiers_behind, table
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.dossiers.online.filed import a_filing
from tests.reports.conftest import Province, province
from tests.world import Office, filed_online, make_case, receive, vn

pytestmark = pytest.mark.django_db
PERIOD, CODE = parse("2026-11"), "online-filers"
AT, CUT = vn("23/11/2026 10:00"), vn("15/12/2026 08:00")
Filer = OnlineFiling.Filer


@pytest.fixture
def place(clock: Clock) -> Province:
    clock.now = CUT
    return province()


def received(office: Office, number: int, filer: Any = None) -> Dossier:
    """On line; `filer`: what was derived when the portal sent it."""
    code = f"G99.01-261123-{number:06d}"
    filed_at = vn("23/11/2026 08:00")
    case = make_case("3 ngày làm việc")
    if filer is not None:
        a_filing(office, code, filed_at, filer=filer, accept_by=None)
    online = OnlineIn(code) if filer is not None else filed_online(AT, code)
    return receive(office, case, at=AT, channel=2, online=online)


def figures(place: Province, cut: Any = CUT) -> dict[str, list[Any]]:
    form = form_on(CODE, PERIOD.last)
    found = table(form, Scope.for_form(form, place.agency), PERIOD, cut)
    assert list(checks.problems(found)) == []
    assert found.total is not None
    rows = [*found.rows, found.total]
    return {row.key: [row.values[str(n)] for n in range(3, 12)] for row in rows}


def helped(office: Office, code: str, at: Any = AT) -> Any:
    procedure = Procedure.objects.get(code=make_case("3 ngày làm việc").version.code)
    said = Helped(office.agency, procedure, "Lò Thị Khuyên", code=code)
    return help_online(said, token=uuid4(), by=office.desk(office.clerk, at), at=at)


def test_each_online_dossier_is_counted_once_by_the_cut(place: Province, signed_in: Any) -> None:
    """Help goes before whose account it was; a help that was taken back since counts in an earlier cut;
    shares stand in every row; what an office helped with is counted where it helped.
    """
    first, second = place.first, place.second
    made = [
        received(first, n, filer) for n, filer in enumerate((Filer.CITIZEN, Filer.OWN, Filer.OWN, Filer.UNSAID, None), start=1)
    ]  # fmt: skip
    received(second, 9, Filer.CITIZEN)
    receive(first, make_case("3 ngày làm việc"), at=AT)
    aid = helped(second, made[2].code)
    helped(first, made[4].code)
    helped(first, "G99.01-261123-000077")  # not come yet
    key, other = f"agency:{first.agency.pk}", f"agency:{second.agency.pk}"
    found = figures(place)
    assert found[key] == [5, 1, 2, 1, 1, "20,00", "40,00", "20,00", 2]
    assert found[other] == [1, 1, 0, 0, 0, "100,00", "0,00", "0,00", 1]
    assert found["total"] == [6, 2, 2, 1, 1, "33,33", "33,33", "16,67", 3]
    assert figures(place, AT - timedelta(minutes=1))["total"] == [0, 0, 0, 0, 0, None, None, None, 0]  # fmt: skip
    helping.take_back(aid.pk, by=second.desk(second.clerk, CUT), at=CUT)
    assert figures(place, CUT - timedelta(minutes=1)) == found
    later = figures(place, CUT)
    assert later[key][:5] == [5, 1, 1, 2, 1]
    assert later[other][-1] == 0
    form = form_on(CODE, PERIOD.last)
    scope = Scope.for_form(form, place.agency)
    behind = dossiers_behind(form, scope, PERIOD, CUT, key, "6")
    assert sorted(behind) == sorted([made[1].pk, made[2].pk])
    # Nobody's number or name stands in the figures.
    client = signed_in(place.controller)
    page = client.get(f"/bao-cao/{CODE}/{place.agency.code}/{PERIOD.code}/").content.decode()
    assert "40,00" in page
    assert "20,00" in page
    assert "Khuyên" not in page


def test_whose_account_it_was_is_derived_when_it_comes(place: Province) -> None:
    """By an officer's number, an office's tax code, an agency's code; later changes change nothing."""
    office = place.first
    for kind, number in ((1, "001187000123"), (2, "0100109106-001")):
        OwnAccount.objects.create(
            agency=office.agency, kind=kind, number=number, holder="Ai đó", from_day=date(2026, 11, 2),
            made_by=office.leader, made_at=AT,
        )  # fmt: skip

    def whose(identity: str = "", tax_code: str = "", unit: str = "", on: Any = AT) -> Any:
        return filer_of(identity=identity, tax_code=tax_code, unit=unit, on=on.date())

    assert whose() == Filer.UNSAID
    assert whose("001 187 000 123") == Filer.OWN
    assert whose("001187000123", on=vn("01/11/2026 09:00")) == Filer.CITIZEN
    assert whose(tax_code="0100109106001") == Filer.OWN
    assert whose(unit=office.agency.code.lower()) == Filer.OWN
    assert whose(unit=office.agency.dossier_code) == Filer.OWN
    assert whose("001187000124", unit="H00.99") == Filer.CITIZEN
    dossier = received(office, 1, whose("001187000123"))
    before = figures(place)
    OwnAccount.objects.update(ended_at=CUT)
    assert figures(place) == before
    assert OnlineFiling.objects.get().dossier_id == dossier.pk
