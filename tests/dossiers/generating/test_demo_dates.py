"""The demo is made on every date and at every hour, in years of which no calendar row is known yet
too (R-21, "chưa xác định").
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from dossiers import demo
from dossiers.demo import make_demo
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.states import State
from onestop.accounts.models import Officer
from tests.clock import Clock, vn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.one_engine("other dates, the same statements: test_demo.py runs them on both"),
]
COMMUNE = "H37.05986"
LONG = bool(os.environ.get("LONG"))
HOURS = ["22/11/2026 23:00", "23/11/2026 06:30", "31/12/2026 17:30", "04/01/2027 08:00"]
TET_2027 = ["05/02/2027 23:59", "07/02/2027 09:00"]
WITHOUT_ROWS = [
    "05/12/2027 10:00",
    "31/12/2027 23:50",
    "01/01/2028 08:00",
    "01/03/2028 06:30",
    "15/07/2028 10:00",
    "12/03/2030 09:00",
]
FEW = [
    "22/11/2026 23:00",
    "07/02/2027 09:00",
    "05/12/2027 10:00",
    "31/12/2027 23:50",
    "01/03/2028 06:30",
    "12/03/2030 09:00",
]
DATES = [*HOURS, *TET_2027, *WITHOUT_ROWS] if LONG else FEW


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Organisation and catalogue, the same whatever the date: made once for the module, rolled back
    after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        point = transaction.savepoint()
        call_command("demo", "--organisation-only")
        yield
        transaction.savepoint_rollback(point)


@pytest.fixture(autouse=True)
def _small(province: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if not LONG:
        monkeypatch.setattr(demo, "COUNT", 60)
        monkeypatch.setattr(demo, "DAYS", 31)


@pytest.mark.parametrize("now", DATES)
def test_it_is_made_at_any_hour_of_any_year(now: str, clock: Clock) -> None:
    clock.now = vn(now)
    assert make_demo(now=clock.now).open > 10
    assert verify(now=clock.now).misfit is None
    assert not Dossier.objects.filter(received_at__gt=clock.now).exists()


@pytest.mark.parametrize("now", WITHOUT_ROWS if LONG else ["31/12/2027 23:50", "15/07/2028 10:00"])
def test_its_pages_open_in_a_year_without_rows(
    now: str, clock: Clock, signed_in: Callable[..., Any]
) -> None:
    clock.now = vn(now)
    make_demo(now=clock.now)
    pages = {
        "tiepnhan": ["/tiep-nhan/", "/ban-giao/", "/tra-ket-qua/"],
        "chuyenvien": ["/viec/"],
        "lanhdao": ["/viec/?loai=co-quan"],
        "quantri": ["/quan-tri/", "/quan-tri/lich/"],
        "kiemsoat": [
            dossier.get_absolute_url()
            for state in State
            for dossier in Dossier.objects.filter(agency__code=COMMUNE, state=state)[:1]
        ],
    }
    for username, addresses in pages.items():
        client = signed_in(Officer.objects.get(username=username))
        for address in addresses:
            assert client.get(address).status_code == 200, address


def test_a_promise_into_a_year_without_rows_is_undetermined_and_the_story_goes_on(
    clock: Clock,
) -> None:
    clock.now = vn("15/07/2028 10:00")
    make_demo(now=clock.now)
    received = Dossier.objects.filter(
        received_at__gt=vn("15/06/2028 00:00"), case__isnull=False
    ).exclude(term="trả ngay")
    assert (
        received.filter(undetermined=True, due_at=None, late_from=None).count()
        == received.count()
        > 20
    )
    assert received.filter(ended_at__isnull=False).exists()


def test_an_archive_is_generated_into_a_year_without_rows(clock: Clock) -> None:
    clock.now = vn("15/07/2028 10:00")
    call_command("generate_dossiers", "--count", "40", "--years", "2027-2028")
    years = {at.year for at in Dossier.objects.values_list("received_at", flat=True)}
    assert years == {2027, 2028}
    assert verify(now=clock.now + timedelta(hours=1)).misfit is None
