"""The figures of the public post: by agency and post office, as they stood by the cut (R-119, R-120)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dossiers.acts import post_in, post_out, taking_back
from dossiers.acts.many import Seen
from dossiers.acts.post_in import Line
from dossiers.acts.post_out import Letter, Postman, Trying
from dossiers.models import Dossier
from dossiers.models.post import PostalTry
from reports.figures import Scope, statement, table
from reports.form_data import form_on, put_forms
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province, finish, province
from tests.world import IN_PERSON, Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
CUT = vn("15/12/2026 08:00")


@pytest.fixture
def place(clock: Clock) -> Province:
    clock.now = CUT
    return province()


def rows(place: Province, cut: datetime = CUT) -> list[tuple[Any, ...]]:
    form = form_on("by-post", PERIOD.last)
    found = table(form, Scope.for_form(form, place.agency), PERIOD, cut).rows
    return [(row.label, *(row.values[str(n)] for n in range(3, 11))) for row in found]


def ready(office: Office, at: datetime) -> Dossier:
    dossier = receive(office, make_case("3 ngày làm việc"), at=at, return_by_post=True)
    finish(office, dossier, at)
    return dossier


def give(office: Office, where: str, at: datetime, *dossiers: Dossier) -> None:
    letters = [Letter(Seen(one.pk), f"EB{one.pk}") for one in dossiers]
    to = Postman(where, "Vũ Văn Thư", told=IN_PERSON)
    _, done = post_out.give(office.agency, letters, to, by=office.desk(office.clerk, at), at=at)
    assert [one.error for one in done] == [None] * len(letters)


def test_what_went_by_post(place: Province, signed_in: Callable[..., Any]) -> None:
    put_forms()
    first, second = place.first, place.second
    assert rows(place) == []
    at, later = vn("02/11/2026 09:00"), vn("04/11/2026 09:00")
    one, two, three, four, gone = (ready(first, at) for _ in range(5))
    other = ready(second, at)
    receive(first, make_case("3 ngày làm việc"), at=at)  # asked for nothing
    clerk = first.desk(first.clerk, later)
    give(first, "Bưu điện Bình Minh", later, one, two, gone)
    give(first, "Bưu cục Ga", later, three)
    give(first, "bưu cục ga", later, four)
    give(second, "Bưu điện Bình Minh", later, other)
    taking_back.take_back(Seen(gone.pk), by=clerk, at=later)
    post_out.deliver(Seen(one.pk), "Vợ", by=clerk, at=later)
    failed = Trying(PostalTry.Kind.FAILED, later.date(), "Vắng nhà")
    post_out.try_again(Seen(two.pk), failed, by=clerk, at=later)
    came = [Line(f"EC{n}", "Lò Thị Bình", make_case().version.code) for n in range(2)]
    came.append(Line("EC3", "Ân", "G99.01-261120-000017"))  # papers of what came on the portal
    note = post_in.prepare(first.agency, came, Postman("Bưu cục Ga", "Thư"), by=clerk, at=later)
    post_in.sign(note.pk, by=clerk, at=later)
    by_first, by_second = first.agency.name, second.agency.name
    expected = sorted(
        [
            (by_first, "Bưu cục Ga", 2, 0, 2, 0, 0, 0, 2),
            (by_first, "Bưu điện Bình Minh", 0, 0, 2, 1, 1, 0, 0),
            (by_first, "(đăng ký khi nộp)", 0, 5, 0, 0, 0, 0, 0),
            (by_second, "Bưu điện Bình Minh", 0, 0, 1, 0, 0, 0, 1),
            (by_second, "(đăng ký khi nộp)", 0, 1, 0, 0, 0, 0, 0),
        ]
    )
    *told, total = rows(place)
    assert sorted(told) == expected
    assert total == ("Tổng số", None, 2, 6, 5, 1, 1, 0, 3)
    # What comes after the cut changes nothing of it: the failed one is delivered after all.
    after = vn("16/12/2026 09:00")
    post_out.deliver(Seen(two.pk), "Ân", by=first.desk(first.clerk, after), at=after)
    assert rows(place) == [*told, total]
    assert rows(place, after)[-1] == ("Tổng số", None, 2, 6, 5, 2, 0, 0, 3)
    client = signed_in(first.leader)
    address = f"/bao-cao/by-post/{first.agency.code}/{PERIOD.code}/"
    page = client.get(address).content.decode()
    assert "Bưu cục Ga" in page
    assert by_second not in page
    for kind in ("pdf", "xlsx"):
        assert client.get(f"{address}tep.{kind}").status_code == 200


def test_what_was_asked_for_is_counted_by_the_database(place: Province, queries: Any) -> None:
    """Whatever was received: the page never reads a period's dossiers one by one."""
    put_forms()
    at, asked = vn("02/11/2026 09:00"), list[int]()
    for _ in range(2):
        receive(place.first, make_case("3 ngày làm việc"), at=at, return_by_post=True)
        with queries() as seen:
            assert rows(place)[-1][3] == len(asked) + 1
        asked.append(len(seen))
    assert asked[0] == asked[1]
    scope = Scope.for_form(form_on("by-post", PERIOD.last), place.agency)
    with queries() as seen:
        found = statement.of_those("received", "return_by_post", scope, PERIOD, CUT)
    assert (found, len(seen)) == ([(place.first.agency.pk, 2)], 1)
