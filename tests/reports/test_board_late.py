"""`/dieu-hanh/tre/` and the form of a period: every figure is the dossiers it opens and what a naive
fold adds up, for each role; the days of the rows are the days of all (R-57, R-58, R-77, R-111).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dossiers.acts import apology, handovers
from dossiers.acts.many import Seen
from dossiers.desk import late_parts
from dossiers.desk.late_parts import Late
from dossiers.models import Dossier
from onestop.accounts.models import Department, Officer
from reports.board import late as board
from reports.figures import Scope, late_shares, table
from reports.form_data import form_on, put_forms
from reports.lateness import LISTS, Asked, rows_of
from reports.periods import free
from tests.clock import Clock
from tests.reports.conftest import NOW, Province, in_room, province, work
from tests.reports.walking import listed
from tests.world import make_case, receive, vn

pytestmark = pytest.mark.django_db
PAGE = "/dieu-hanh/tre/"
AT = vn(NOW)


@pytest.fixture
def place(clock: Clock) -> Province:
    """Two communes with two late ones and one ended late each; in the first one more, of which two
    rooms were each over and one was apologised for.
    """
    clock.now = AT
    found = province()
    for office in (found.first, found.second):
        work(office)
    office = found.first
    passed = in_room(office, make_case("1 ngày làm việc", field="Hộ tịch"), owner="Lý Thị Qua")
    at = vn("26/11/2026 10:00")
    fresh, desk = Dossier.objects.get(pk=passed.pk), office.desk(office.specialist, at)
    step = handovers.NextStep(order=3, name="Xác minh", minutes=30)
    handovers.hand_over(fresh, to=office.second_room, step=step, by=desk, at=at)
    handovers.confirm(Seen(passed.pk), by=office.desk(office.second_specialist, at), at=at)
    return found


def naive(dossiers: list[Dossier]) -> list[Late]:
    """Each asked for by itself."""
    found = [late_parts.late_of([one.pk], AT).get(one.pk) for one in dossiers]
    return [one for one in found if one is not None]


def days_by(found: list[Late], name: str) -> dict[Any, Fraction]:
    """What each unit, officer or step caused, by plain loops; None: what none explains."""
    days: dict[Any, Fraction] = defaultdict(Fraction)
    for one in found:
        for part in one.shared.parts:
            days[getattr(part.step, name)] += part.minutes / one.day
        rest = one.shared.late - sum(part.minutes for part in one.shared.parts)
        if rest or not one.shared.parts:
            days[None] += rest / one.day
    return days


def called(name: str, key: Any) -> str:
    """How the page calls a row, for whoever oversees several agencies."""
    if key is None:
        return late_shares.REST
    if name == "unit":
        room = Department.objects.get(pk=key)
        return f"{room.name} ({room.agency.name})"
    return Officer.objects.get(pk=key).full_name if name == "officer" else str(key)


def lines(page: Any) -> dict[str, Any]:
    return {line.name: line for line in page.context["found"].lines}


def test_every_figure_opens_its_dossiers_and_the_days_are_those_of_the_fold(
    place: Province, signed_in: Callable[..., Any]
) -> None:
    client = signed_in(place.controller)
    late = naive(list(Dossier.objects.all()))
    ways = {
        "don-vi": "unit",
        "can-bo": "officer",
        "buoc": "name",
        "co-quan": "",
        "linh-vuc": "",
        "thu-tuc": "",
    }
    assert len(late) == 7
    whole = sum((one.shared.late / one.day for one in late), Fraction(0))
    for way, name in ways.items():
        page = client.get(f"{PAGE}?theo={way}")
        found = page.context["found"]
        assert found.total.days == sum((line.days for line in found.lines), Decimal(0))
        assert abs(found.total.days - Decimal(float(whole))) <= Decimal("0.06")
        if name:
            expected = sorted(
                (called(name, key), days) for key, days in days_by(late, name).items()
            )
            told = sorted((line.name, line.days) for line in found.lines)
            assert [label for label, _ in told] == [label for label, _ in expected]
            for (label, shown), (_, days) in zip(told, expected, strict=True):
                assert abs(shown - Decimal(float(days))) <= Decimal("0.1"), label
        for line in (*found.lines, found.total):
            for cell in line.cells:
                assert bool(cell.url) is bool(cell.number)
                if cell.url:
                    assert len(listed(client, cell.url)) == cell.number, (way, line.name, cell)
    for cell in found.cards:
        if cell.url:
            assert len(listed(client, cell.url)) == cell.number, cell


def test_what_lies_with_nobody_opens_as_many_as_it_says(
    place: Province, signed_in: Callable[..., Any]
) -> None:
    client = signed_in(place.controller)
    nobody = receive(place.second, make_case("1 ngày làm việc"))
    Dossier.objects.filter(pk=nobody.pk).update(holder=None, holder_department=None)
    for way in ("don-vi", "can-bo"):
        line = lines(client.get(f"{PAGE}?theo={way}"))[late_shares.NOBODY]
        for cell in line.cells:
            if cell.url:
                assert len(listed(client, cell.url)) == cell.number, (way, cell)
        assert any(cell.url for cell in line.cells)


def test_a_row_opens_the_page_of_itself_alone(
    place: Province, signed_in: Callable[..., Any]
) -> None:
    """A unit's page is what that unit caused, of whichever dossier."""
    client = signed_in(place.controller)
    line = lines(client.get(f"{PAGE}?theo=buoc"))["Xác minh"]
    alone = client.get(line.url)
    assert alone.context["found"].total.days == line.days
    room = lines(client.get(f"{PAGE}?theo=don-vi&coquan={place.first.agency.code}"))[
        place.first.room.name
    ]
    alone = client.get(room.url)
    assert alone.context["found"].by.slug == "can-bo"
    assert [one.name for one in alone.context["found"].lines] == [place.first.specialist.full_name]
    assert alone.context["found"].total.days == room.days


def test_by_name_a_marked_letter_stands_with_its_plain_one(
    place: Province, signed_in: Callable[..., Any]
) -> None:
    first = place.first
    Department.objects.filter(pk=first.second_room.pk).update(name="Đo đạc")
    Department.objects.filter(pk=first.room.pk).update(name="Tư pháp")
    page = signed_in(first.leader).get(f"{PAGE}?theo=don-vi&xep=ten")
    names = [line.name for line in page.context["found"].lines if line.name != late_shares.REST]
    assert names.index("Đo đạc") < names.index("Tư pháp")


def test_apologies_due_made_and_missing(place: Province, signed_in: Callable[..., Any]) -> None:
    """The same sets as the lists of late dossiers."""
    office = place.first
    sorry = Dossier.objects.get(owner_name="Lý Thị Qua")
    apology.apologise(Seen(sorry.pk), reason="Chậm", by=office.desk(office.leader, AT), at=AT)
    client = signed_in(place.controller)
    cards = {cell.figure.key: cell.number for cell in client.get(PAGE).context["found"].cards}
    agencies = [place.agency.pk, place.first.agency.pk, place.second.agency.pk]
    asked = Asked(agencies, AT, vn("01/11/2026 00:00").date(), AT.date())
    missing = Dossier.objects.filter(rows_of(LISTS["chua-xin-loi"], asked))
    assert cards["chua-xin-loi"] == missing.count() == 6
    assert (cards["xin-loi-muon"], cards["xin-loi-dung-han"], cards["tat-ca"]) == (1, 0, 7)
    assert listed(client, f"{PAGE}ho-so/?muc=xin-loi-muon") == [sorry.code]


def test_each_role_sees_its_own(place: Province, signed_in: Callable[..., Any]) -> None:
    first = place.first
    leader = signed_in(first.leader).get(PAGE).context["found"]
    assert leader.by.slug == "don-vi"
    assert leader.total.cells[0].number + leader.total.cells[1].number == 4
    head = signed_in(first.head)
    found = head.get(PAGE).context["found"]
    own = {one.full_name for one in (first.specialist, first.head)}
    assert {line.name for line in found.lines} <= own
    assert head.get(f"{PAGE}?phong={first.second_room.pk}").status_code == 404
    assert head.get(f"{PAGE}?coquan={place.second.agency.code}").status_code == 404
    for cell in found.total.cells:
        if cell.url:
            assert len(listed(head, cell.url)) == cell.number
    for officer in (first.clerk, first.specialist):
        assert signed_in(officer).get(PAGE).status_code == 403
    assert head.get(f"{PAGE}ho-so/?muc=khong-co").status_code == 404
    for days in ("tu=hom-qua", "tu=02/11/2026&den=01/11/2026", "tu=01/11/2025"):
        assert head.get(f"{PAGE}?{days}").status_code == 422
    assert head.get(f"{PAGE}?tu=28/11/2025").status_code == 200
    # What a head has no choice of is not asked for.
    assert head.get(f"{PAGE}?theo=co-quan").context["found"].by is found.by


def test_as_many_queries_for_many_as_for_few(
    place: Province, signed_in: Callable[..., Any], queries: Callable[..., Any]
) -> None:
    client = signed_in(place.controller)
    counts = []
    for more in (0, 5):
        for _ in range(more):
            in_room(place.second, make_case("1 ngày làm việc"))
        asked = []
        for way in board.WAYS:
            client.get(f"{PAGE}?theo={way}")
            with queries() as seen:
                client.get(f"{PAGE}?theo={way}")
            asked.append(len(seen))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15, counts


def test_the_form_of_a_period_adds_up_and_stays_as_it_was(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """As (10) and (13) of II.06 count, by the cut: what happens later changes nothing (R-108)."""
    put_forms()
    first = place.first
    period, scope = free(date(2026, 11, 1), date(2026, 11, 27)), Scope.of(first.agency)
    form = form_on("late-shares", period.last)
    cut = AT
    found = [dict(row.values) | {"unit": row.label} for row in table(form, scope, period, cut).rows]
    assert found[-1]["unit"] == "Tổng số"
    late = late_shares.late_of(scope, period, cut)
    assert found[-1]["5"] == len(late) == len(late_shares.late_ids(scope, period, cut)) == 4
    tenths = [Decimal(str(row["8"]).replace(",", ".")) for row in found]
    assert sum(tenths[:-1]) == tenths[-1]
    expected: dict[Any, Fraction] = defaultdict(Fraction)
    for one in late:
        for part in one.shared.parts:
            expected[part.step] += part.minutes / one.day
        if one.shared.rest or not one.shared.parts:
            expected[None] += one.shared.rest / one.day
    assert len(found) == len(expected) + 1
    client = signed_in(first.leader)
    address = f"/bao-cao/late-shares/{first.agency.code}/{period.code}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "Xác minh" in page.content.decode()
    for kind in ("pdf", "xlsx"):
        assert client.get(f"{address}tep.{kind}").status_code == 200
    for dossier in Dossier.objects.filter(agency=first.agency, owner_name="Lý Thị Qua"):
        at = vn("27/11/2026 10:00")
        desk = first.desk(first.second_specialist, at)
        handovers.hand_over(dossier, to=first.room, by=desk, at=at)
        handovers.confirm(Seen(dossier.pk), by=first.desk(first.specialist, at), at=at)
    again = [dict(row.values) | {"unit": row.label} for row in table(form, scope, period, cut).rows]
    assert again == found
