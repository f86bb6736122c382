"""The demo's catalogue: everything imported, the journeys' terms confirmed the way a controller
would.
"""

from procedures.demo import READINGS, load_demo_catalogue
from procedures.models import CatalogueAct, Method, Status
from procedures.rules import receivable
from tests.procedures.conftest import version_of
from tests.world import MONDAY


def test_the_journeys_procedures_can_receive(controller) -> None:
    load_demo_catalogue(at=MONDAY, by=controller)
    for code, reading in READINGS.items():
        version = version_of(code)
        assert receivable(version, MONDAY.date()), code
        terms = set(Method.objects.filter(case__version=version).values_list("term", flat=True))
        assert terms == {reading.term}
    assert CatalogueAct.objects.filter(by=controller).count() == len(READINGS)
    copies = version_of("2.000815")
    assert [
        (m.channel, m.term, m.fee_amount, m.fee_per)
        for m in Method.objects.filter(case__version=copies)
    ] == [(1, "trả ngay", 2000, "trang")]


def test_a_second_run_keeps_everything(controller) -> None:
    load_demo_catalogue(at=MONDAY, by=controller)
    report = load_demo_catalogue(at=MONDAY, by=controller)
    assert report.unchanged == 330
    assert CatalogueAct.objects.count() == len(READINGS)
    assert version_of("1.001193").status == Status.READY
