"""`/quan-tri/mot-cua/`: the office's own decisions."""

import pytest
from django.test import Client

from dossiers.models import OfficeSettings
from onestop.accounts.models import Role
from tests.world import MONDAY, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db


def test_an_administrator_sets_the_code_pattern_and_the_next_dossier_follows_it(client: Client) -> None:
    office = make_office()
    client.force_login(make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None)))
    given = {"code_pattern": "{unit}-{day:%y%m%d}-{number:06d}", "opening_hours": "7:00–11:30", "self_approval_decision": ""}
    assert client.post("/quan-tri/mot-cua/", given).status_code == 302
    assert receive(office, make_case(), at=MONDAY).code.endswith("-261123-000001")


@pytest.mark.parametrize("pattern", ["{unit}", "{unit}-{day:%y%m%d}-{number}", "{x}", "{unit.pk}-{day:%y%m%d}-{number:04d}", "abc"])
def test_a_pattern_that_makes_no_lawful_code_is_refused_beside_the_field(client: Client, pattern: str) -> None:
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
