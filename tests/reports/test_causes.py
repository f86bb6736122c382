"""Why dossiers were late: said by their office, counted by the cut, and all of them accounted for
(the sum over the causes is (10) + (13) of II.06).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.models import Dossier
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from reports import causes
from reports.figures import Scope, checks, dossiers_behind, table
from reports.form_data import form_on
from reports.models import LateCause
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province, finish, province
from tests.world import make_case, receive, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
Cause = LateCause.Cause
Late = tuple[Province, list[Dossier]]


@pytest.fixture
def late(clock: Clock) -> Late:
    """Two open ones and one that ended late, and one that is in time."""
    place, case = province(), make_case("3 ngày làm việc")
    found = [receive(place.first, case, at=vn(f"0{day}/11/2026 09:00")) for day in (2, 3, 4)]
    finish(place.first, found[0], vn("16/11/2026 09:00"))
    receive(place.first, make_case("20 ngày làm việc"), at=vn("16/11/2026 09:00"))
    clock.now = vn("23/11/2026 09:00")
    return place, found


def say(place: Province, dossier: Dossier, cause: str, at: str, **more: Any) -> LateCause:
    office = place.first
    by: Officer = more.pop("by", office.head)
    words = {"detail": "", "department": office.room} | more
    return causes.say(dossier, cause, by=office.desk(by), at=vn(at), **words)


def counted(place: Province, cut: str) -> dict[str, Any]:
    form = form_on("late-causes", PERIOD.last)
    filled = table(form, Scope.of(place.first.agency), PERIOD, vn(cut))
    assert list(checks.problems(filled)) == []
    assert filled.total is not None
    scope = Scope.of(place.first.agency)
    for number, value in filled.total.values.items():
        if value is not None:
            assert len(dossiers_behind(form, scope, PERIOD, vn(cut), "total", number)) == value
    whole = table(form_on("II.06a", PERIOD.last), scope, PERIOD, vn(cut)).total
    assert whole is not None
    assert filled.total.values["3"] == whole.values["10"] + whole.values["13"]  # type: ignore[operator]
    return {n: value for n, value in filled.total.values.items() if value}


def test_the_causes_of_a_period_by_the_cut(late: Late) -> None:
    place, (ended, first, _) = late
    say(place, ended, Cause.STAFF, "18/11/2026 09:00")
    say(place, first, Cause.TERM, "18/11/2026 09:00", detail="Luật Hộ tịch Điều 18: 3 ngày")
    say(place, ended, Cause.DELAY, "20/11/2026 09:00", by=place.first.controller)
    assert counted(place, "18/11/2026 08:59") == {"3": 3, "4": 1, "5": 2, "13": 3}
    assert counted(place, "18/11/2026 09:00") == {"3": 3, "4": 1, "5": 2, "6": 1, "11": 1, "13": 1}
    # Said anew: the old one counts for every cut before it.
    assert counted(place, "20/11/2026 09:00") == {"3": 3, "4": 1, "5": 2, "9": 1, "11": 1, "13": 1}


def test_who_may_say_what(late: Late) -> None:
    place, (ended, *_) = late
    for by in (place.first.clerk, place.second.head, place.controller):
        with pytest.raises(DomainError, match="cause_not_yours"):
            say(place, ended, Cause.STAFF, "18/11/2026 09:00", by=by)
    for cause in (Cause.RULES, Cause.TERM, Cause.OTHER):
        with pytest.raises(DomainError, match="cause_detail"):
            say(place, ended, cause, "18/11/2026 09:00", detail=" ")
    with pytest.raises(DomainError, match="cause_department"):
        say(place, ended, Cause.STAFF, "18/11/2026 09:00", department=place.second.room)
    in_time = Dossier.objects.exclude(pk__in=[one.pk for one in late[1]]).get()
    with pytest.raises(DomainError, match="cause_not_late"):
        say(place, in_time, Cause.STAFF, "18/11/2026 09:00")
    assert not LateCause.objects.exists()


def test_from_the_figure_to_the_cause_and_back(late: Late, signed_in: Callable[..., Any]) -> None:
    place, (ended, *_) = late
    client = signed_in(place.first.leader)
    found = client.get(f"/bao-cao/late-causes/{place.first.agency.code}/{PERIOD.code}/").context["found"]  # fmt: skip
    columns = [one.number for one in found.table.columns]
    address = found.total.figures[columns.index("13")].url
    listed = client.get(address)
    assert listed.context["number"] == 3
    assert listed.content.decode().count("Ghi nguyên nhân") == 3
    page = f"/bao-cao/nguyen-nhan/{ended.code}/"
    assert client.get(page).status_code == 200
    asked = {"cause": Cause.OTHER, "detail": "", "department": place.first.room.pk}
    refused = client.post(page, asked)
    assert refused.status_code == 422
    assert "Hãy nói rõ" in refused.content.decode()
    told = client.post(f"{page}?ve=/bao-cao/", asked | {"detail": "Mưa lũ"})
    assert (told.status_code, told["Location"]) == (302, "/bao-cao/")
    elsewhere = client.post(f"{page}?ve=https://la.example/", asked | {"detail": "Bão"})
    assert elsewhere["Location"] == page
    shown = client.get(page).content.decode()
    assert "Mưa lũ" in shown
    assert "Bão" in shown
    # It left the figure of those without a cause, and stands in the one of all late ones with it.
    assert client.get(address).context["number"] == 2
    assert "Bão" in client.get(found.total.figures[0].url).content.decode()
    file = client.get(found.total.figures[0].url.replace("/ho-so/", "/ho-so/tep.csv"))
    told = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert told[0].endswith(",Nguyên nhân quá hạn")
    [said] = [row for row in told if ended.code in row]
    assert said.endswith("Bão")
    assert sum(row.endswith(",") for row in told) == 2
    # The same beside the dashboard's late ones; others keep their list as it was.
    assert "Ghi nguyên nhân" in client.get("/dieu-hanh/ho-so/?muc=qua-han").content.decode()
    assert "Ghi nguyên nhân" not in client.get("/dieu-hanh/ho-so/?muc=dang-mo").content.decode()
    head = signed_in(place.first.head)
    assert head.get(page).status_code == 200
    assert signed_in(place.second.leader).get(page).status_code == 404
