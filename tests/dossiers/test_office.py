"""`/quan-tri/mot-cua/`: the office's own decisions."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from dossiers.models import OfficeDecision, OfficeSettings
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role
from onestop.outbox.models import Message
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db


PATTERN = "{unit}-{day:%y%m%d}-{number:06d}"
USUAL = "{unit}-{day:%y%m%d}-{number:04d}"
GIVEN = {"code_pattern": USUAL, "self_approval_decision": ""}


def administrator_of(office: Office, *more: Role) -> Officer:
    places = [(role, office.room) for role in more]
    return make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None), *places)


def the_one() -> OfficeDecision:
    return OfficeDecision.objects.latest("pk")


def confirm(client: Client, decision: OfficeDecision) -> None:
    client.post(f"/quan-tri/mot-cua/quyet-dinh/{decision.pk}/xac-nhan/")


def test_a_code_pattern_holds_when_a_second_person_confirms_it(client: Client) -> None:
    office = make_office()
    client.force_login(administrator_of(office))
    assert client.post("/quan-tri/mot-cua/", GIVEN | {"code_pattern": PATTERN}).status_code == 302
    assert receive(office, make_case(), at=MONDAY).code.endswith("-261123-0001")
    client.force_login(office.controller)
    confirm(client, the_one())
    assert receive(office, make_case(), at=MONDAY).code.endswith("-261123-000002")


def test_the_first_day_weakens_nothing_and_holds_at_once(client: Client) -> None:
    office = make_office()
    client.force_login(administrator_of(office))
    client.post("/quan-tri/mot-cua/", GIVEN | {"live_from": "01/07/2026"})
    assert OfficeSettings.objects.get().live_from == date(2026, 7, 1)
    said = AccessEvent.objects.latest("pk").detail
    assert said == "Ngày bắt đầu dùng phần mềm: “” → “01/07/2026”"
    assert not OfficeDecision.objects.exists()


def test_opening_hours_are_the_calendars_and_typed_nowhere_else(client: Client) -> None:
    office = make_office()
    client.force_login(administrator_of(office))
    page = client.get("/quan-tri/mot-cua/").content.decode()
    assert "opening_hours" not in page
    assert 'lấy từ <a href="/quan-tri/lich/">lịch làm việc</a>' in page


def test_whoever_only_reads_sees_a_code_and_no_pattern(client: Client) -> None:
    office = make_office()
    client.force_login(office.controller)
    page = client.get("/quan-tri/mot-cua/").content.decode()
    assert f"{office.agency.dossier_code}-261123-0001</span>: hồ sơ đầu tiên của hôm nay" in page
    assert "{unit}" not in page


@pytest.mark.parametrize("who", ["administrator", "head", "leader", "other"])
def test_who_proposed_who_profits_and_a_stranger_do_not_confirm(client: Client, who: str) -> None:
    office, other = make_office(), make_office("Ủy ban nhân dân xã Tân Lập")
    people = {
        "administrator": administrator_of(office),
        "head": office.head,
        "leader": office.leader,
        "other": other.controller,
    }
    client.force_login(people["administrator"])
    client.post("/quan-tri/mot-cua/", GIVEN | {"self_approval_decision": "12/QĐ"})
    client.force_login(people[who])
    confirm(client, the_one())
    assert the_one().is_pending
    assert not OfficeSettings.objects.exclude(self_approval_decision="").exists()


def test_an_administrator_who_is_controller_too_does_not_confirm_the_own_proposal(
    client: Client,
) -> None:
    office = make_office()
    client.force_login(administrator_of(office, Role.CONTROLLER))
    client.post("/quan-tri/mot-cua/", GIVEN | {"self_approval_decision": "12/QĐ"})
    page = client.post(
        f"/quan-tri/mot-cua/quyet-dinh/{the_one().pk}/xac-nhan/", follow=True
    ).content.decode()
    assert "không tự xác nhận được" in page
    assert the_one().is_pending


@pytest.mark.parametrize("role", [Role.HEAD, Role.LEADER])
def test_who_would_profit_does_not_even_propose(client: Client, role: Role) -> None:
    office = make_office()
    client.force_login(administrator_of(office, role))
    page = client.post("/quan-tri/mot-cua/", GIVEN | {"self_approval_decision": "12/QĐ"})
    assert page.status_code == 422
    assert "hưởng lợi" in page.content.decode()
    assert not OfficeDecision.objects.exists()


def test_a_decision_ends_and_keeps_its_place_in_the_history(client: Client) -> None:
    office = make_office()
    administrator = administrator_of(office)
    for decision in ("12/QĐ", "15/QĐ"):
        client.force_login(administrator)
        client.post("/quan-tri/mot-cua/", GIVEN | {"self_approval_decision": decision})
        client.force_login(office.controller)
        confirm(client, the_one())
    client.force_login(administrator)
    client.post("/quan-tri/mot-cua/", GIVEN)  # left blank
    assert OfficeSettings.objects.get().self_approval_decision == ""
    rows = list(OfficeDecision.objects.order_by("pk"))
    assert [row.value for row in rows] == ["12/QĐ", "15/QĐ"]
    assert all(row.confirmed_by == office.controller and row.ended_at for row in rows)
    page = client.get("/quan-tri/mot-cua/").content.decode()
    assert "12/QĐ" in page
    assert "15/QĐ" in page
    assert (
        "“15/QĐ” → theo quy định chung"
        in AccessEvent.objects.filter(kind=AccessKind.AGENCY_CHANGED).latest("pk").detail
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeDecision.objects.filter(pk=rows[0].pk).update(value="99/QĐ")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows[0].delete()


def test_one_that_was_there_before_gets_its_row_when_it_ends(client: Client) -> None:
    office = make_office()
    OfficeSettings.objects.create(agency=office.agency, self_approval_decision="3/QĐ")
    client.force_login(administrator_of(office))
    client.post("/quan-tri/mot-cua/", GIVEN)
    assert (the_one().value, the_one().proposed_by, bool(the_one().ended_at)) == (
        "3/QĐ",
        None,
        True,
    )


def test_proposal_and_confirmation_are_told(client: Client) -> None:
    office = make_office()
    administrator = administrator_of(office)
    client.force_login(administrator)
    client.post("/quan-tri/mot-cua/", GIVEN | {"lookup_shows_promise": "on"})
    assert {m.to_officer for m in Message.objects.all()} == {office.controller, office.leader}
    client.force_login(office.leader)
    assert "Xác nhận</button>" in client.get("/quan-tri/mot-cua/").content.decode()
    confirm(client, the_one())
    assert OfficeSettings.objects.get().lookup_shows_promise
    assert {m.to_officer for m in Message.objects.filter(subject__contains="xác nhận (")} == {
        administrator,
        office.controller,
    }


def test_a_refused_proposal_changes_nothing(client: Client) -> None:
    office = make_office()
    client.force_login(administrator_of(office))
    client.post("/quan-tri/mot-cua/", GIVEN | {"self_approval_decision": "12/QĐ"})
    client.force_login(office.controller)
    client.post(f"/quan-tri/mot-cua/quyet-dinh/{the_one().pk}/ket-thuc/")
    confirm(client, the_one())
    assert the_one().confirmed_at is None
    assert not OfficeSettings.objects.exists()


@pytest.mark.parametrize(
    "pattern",
    ["{unit}", "{unit}-{day:%y%m%d}-{number}", "{x}", "{unit.pk}-{day:%y%m%d}-{number:04d}", "abc"],
)
def test_a_pattern_that_makes_no_lawful_code_is_refused_beside_the_field(
    client: Client, pattern: str
) -> None:
    office = make_office()
    client.force_login(make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None)))
    page = client.post("/quan-tri/mot-cua/", {"code_pattern": pattern})
    assert page.status_code == 422
    assert "Mẫu này không cho ra mã đúng quy định" in page.content.decode()
    assert not OfficeSettings.objects.exists()


def test_another_agency_and_another_role_are_strangers_here(client: Client) -> None:
    office, other = make_office(), make_office("Ủy ban nhân dân xã Tân Lập")
    client.force_login(make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None)))
    assert client.get(f"/quan-tri/mot-cua/?co-quan={other.agency.pk}").status_code == 404
    client.force_login(office.clerk)
    assert client.get("/quan-tri/mot-cua/").status_code == 403
