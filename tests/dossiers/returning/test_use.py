"""How often and how fast a procedure is done: counted each night, of at least ten dossiers."""

from datetime import timedelta

import pytest
from django.test import Client

from dossiers.desk import published
from dossiers.models import Dossier
from procedures.domain import using
from procedures.models import ProcedureUse
from tests.dossiers.returning.test_return_desk import finish
from tests.world import MONDAY, make_case, make_office, receive

pytestmark = pytest.mark.django_db
NIGHT = MONDAY + timedelta(hours=24 * 3)


def test_the_usual_time_is_the_median_of_working_time_and_hidden_under_ten(
    client: Client, queries, time_machine
) -> None:
    office, case = make_office(), make_case()
    procedure, code = case.version.procedure, case.version.code
    for _ in range(9):
        finish(office, receive(office, case), MONDAY)
    receive(office, case)
    # The calendar is read once and kept.
    published.use(NIGHT - using.YEAR, NIGHT)
    with queries() as seen:
        [use] = published.use(NIGHT - using.YEAR, NIGHT).values()
    # Of nine dossiers as of one: what was received, what was worked, whether the calendar stands.
    assert len(seen) == 3
    # From nine to eleven of the morning of one working day.
    assert (use.received, use.minutes) == (10, [120] * 9)
    assert using.count(NIGHT) == 2
    assert using.usual(procedure.pk) is None
    time_machine.move_to(NIGHT, tick=False)
    assert "thường mất" not in client.get(f"/thu-tuc/{code}/").content.decode()

    finish(office, Dossier.objects.open().get(), MONDAY)
    assert using.count(NIGHT) == 2
    rows = ProcedureUse.objects.order_by("agency")
    assert [(row.received, row.finished, row.minutes) for row in rows] == [(10, 10, 120)] * 2
    assert {row.agency for row in rows} == {None, office.agency}
    page = client.get(f"/thu-tuc/{code}/").content.decode()
    assert "thường mất <strong>khoảng 2 giờ làm việc</strong>" in page
    assert "10 hồ sơ" in page
    # A year later nothing is left of it.
    assert using.count(NIGHT + using.YEAR * 2) == 0
    assert not ProcedureUse.objects.exists()


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "dưới 1 giờ làm việc"),
        (60, "khoảng 1 giờ làm việc"),
        (61, "khoảng 2 giờ làm việc"),
        (480, "khoảng 1 ngày làm việc"),
        (481, "khoảng 2 ngày làm việc"),
    ],
)
def test_working_minutes_are_said_as_people_say_them(minutes: int, words: str) -> None:
    assert using.in_words(minutes) == words
