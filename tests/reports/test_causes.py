"""Why dossiers were late: said by their office, counted by the cut, and all of them accounted for
(the sum over the causes is (10) + (13) of II.06).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers.models import Dossier
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports import causes, reminding
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


def unsaid(client: Any) -> list[Any]:
    return list(client.get("/qua-han/?muc=chua-ghi").context["rows"])


def test_causes_of_many_as_their_events_tell(late: Late, signed_in: Callable[..., Any]) -> None:
    """R-58: listed while missing, each confirmed as proposed; what was said stays."""
    place, (ended, first, second) = late
    client = signed_in(place.first.leader)
    rows = unsaid(client)
    assert {row.line.code for row in rows} == {ended.code, first.code, second.code}
    page = client.get("/qua-han/?muc=chua-ghi").content.decode()
    assert page.count("Cơ quan, đơn vị: chậm trễ – ") == 3
    say(place, first, Cause.STAFF, "20/11/2026 09:00")
    sent = {"chon": [row.chosen for row in rows], "de-xuat": "1", "ve": "/qua-han/?muc=chua-ghi"}
    told = client.post("/qua-han/nguyen-nhan/", sent, follow=True).content.decode()
    assert "Đã ghi nguyên nhân của 2 hồ sơ." in told
    assert f"{first.code}: Đã ghi nguyên nhân." in told
    assert unsaid(client) == []
    said = LateCause.objects.filter(replaced_at=None).values_list("dossier", "cause")
    assert dict(said) == {
        ended.pk: Cause.DELAY, first.pk: Cause.STAFF, second.pk: Cause.DELAY,
    }  # fmt: skip
    # The list and the table of the same moment agree.
    assert counted(place, "23/11/2026 09:00")["9"] == 2
    shown = client.get("/qua-han/?muc=da-ghi")
    assert shown.context["number"] == 3
    assert place.first.counter.name in shown.content.decode()


def test_whoever_oversees_an_office_is_offered_nothing_that_is_the_offices_own(
    late: Late, signed_in: Callable[..., Any]
) -> None:
    """The province reads the communes' lists; causes are said and letters made by the commune."""
    place, found = late
    for officer, may in ((place.controller, False), (place.first.controller, True)):
        page = signed_in(officer).get("/qua-han/?muc=chua-ghi")
        assert page.context["number"] == len(found)
        assert page.context["may_choose"] is may
        text = page.content.decode()
        assert ("Ghi theo đề xuất" in text, 'action="/qua-han/nguyen-nhan/"' in text) == (may, may)
    RoleGrant.objects.create(
        officer=place.controller, agency=place.agency, role=Role.LEADER, valid_from=date(2026, 1, 1)
    )
    for officer, may in ((place.controller, False), (place.first.leader, True)):
        page = signed_in(officer).get("/qua-han/?muc=chua-xin-loi")
        assert (page.context["number"], page.context["may_choose"]) == (len(found), may)


def test_causes_of_many_all_the_same(late: Late, signed_in: Callable[..., Any]) -> None:
    place, found = late
    client = signed_in(place.first.head)
    sent = {"chon": [f"{one.pk}.1" for one in found], "cause": Cause.OTHER, "detail": "", "department": place.first.room.pk}  # fmt: skip
    told = client.post("/qua-han/nguyen-nhan/", sent, follow=True).content.decode()
    assert "Hãy nói rõ" in told
    assert not LateCause.objects.exists()
    client.post("/qua-han/nguyen-nhan/", sent | {"detail": "Mưa lũ"})
    assert LateCause.objects.filter(cause=Cause.OTHER, detail="Mưa lũ").count() == 3
    # Nobody says it for others: neither of their dossiers, nor of a room of theirs.
    other = signed_in(place.second.head)
    other.post("/qua-han/nguyen-nhan/", sent | {"detail": "Khác"})
    other.post("/qua-han/nguyen-nhan/", sent | {"de-xuat": "1"})
    assert LateCause.objects.count() == 3
    assert signed_in(place.first.clerk).post("/qua-han/nguyen-nhan/", sent).status_code == 403


def test_what_the_office_is_not_to_blame_for_is_counted_as_other(late: Late) -> None:
    place, (ended, first, second) = late
    say(place, ended, Cause.APPLICANT, "18/11/2026 09:00")
    say(place, first, Cause.MONEY, "18/11/2026 09:00")
    say(place, second, Cause.SYNC, "18/11/2026 09:00")
    assert counted(place, "18/11/2026 09:00") == {"3": 3, "4": 1, "5": 2, "12": 3}


def test_the_proposal_is_confirmed_on_the_page_of_one(
    late: Late, signed_in: Callable[..., Any]
) -> None:
    place, (ended, *_) = late
    client, here = signed_in(place.first.leader), f"/bao-cao/nguyen-nhan/{ended.code}/"
    page = client.get(here)
    assert "Xác nhận đề xuất" in page.content.decode()
    proposal = page.context["proposal"]
    sent = {"cause": proposal.cause, "department": proposal.department.pk, "detail": proposal.detail}  # fmt: skip
    assert client.post(here, sent).status_code == 302
    assert LateCause.objects.get(dossier=ended).department == place.first.counter
    assert "Xác nhận đề xuất" not in client.get(here).content.decode()


def test_the_page_of_a_late_dossier_tells_its_cause(
    late: Late, signed_in: Callable[..., Any]
) -> None:
    place, (_, open_, _) = late
    here = open_.get_absolute_url()
    leader, clerk = signed_in(place.first.leader), signed_in(place.first.clerk)
    page = leader.get(here).content.decode()
    assert "Đề xuất từ quá trình: <strong>Cơ quan, đơn vị: chậm trễ" in page
    assert "nguyên nhân quá hạn" not in clerk.get(here).content.decode()
    say(place, open_, Cause.OTHER, "23/11/2026 08:00", detail="Mưa lũ")
    assert "Nguyên nhân khác</strong>. Mưa lũ." in clerk.get(here).content.decode()
    assert "Ghi khác" in leader.get(here).content.decode()
    in_time = Dossier.objects.exclude(pk__in=[one.pk for one in late[1]]).get()
    assert "guyên nhân quá hạn" not in leader.get(in_time.get_absolute_url()).content.decode()


def test_who_may_say_is_reminded_once_a_week(late: Late) -> None:
    place, (ended, *_) = late
    office = place.first
    say(place, ended, Cause.STAFF, "20/11/2026 09:00")
    assert reminding.remind_causes(vn("23/11/2026 08:20")) == 3
    assert reminding.remind_causes(vn("27/11/2026 08:20")) == 0
    assert reminding.remind_causes(vn("30/11/2026 08:20")) == 3
    told = Message.objects.filter(kind="cause_missing").order_by("pk")
    assert {one.to_officer for one in told} == {office.head, office.leader, office.controller}
    assert told[0].subject == "Chưa ghi nguyên nhân quá hạn: 2 hồ sơ"
    assert told[0].link == "/qua-han/?muc=chua-ghi"


def test_what_somebody_said_meanwhile_is_not_replaced_unread(
    late: Late, signed_in: Callable[..., Any]
) -> None:
    """Two open the same page: the second reads what the first one said before saying otherwise."""
    place, (ended, *_) = late
    head, controller = signed_in(place.first.head), signed_in(place.first.controller)
    here = f"/bao-cao/nguyen-nhan/{ended.code}/"
    page = head.get(here)
    assert 'name="seen" value="0"' in head.get(ended.get_absolute_url()).content.decode()
    sent = {"cause": Cause.STAFF, "detail": "", "department": place.first.room.pk, "seen": "0"}
    assert page.context["seen"] == 0
    assert controller.post(here, sent).status_code == 302
    refused = head.post(here, sent | {"cause": Cause.DELAY})
    assert (refused.status_code, "Vừa có người ghi" in refused.content.decode()) == (422, True)
    [said] = LateCause.objects.all()
    assert (said.cause, said.recorded_by) == (Cause.STAFF, place.first.controller)
    assert head.post(here, sent | {"cause": Cause.DELAY, "seen": said.pk}).status_code == 302
    assert LateCause.objects.get(replaced_at=None).cause == Cause.DELAY
