"""The demo province: real places, every role, and it is made once."""

import pytest
from django.utils import timezone

from onestop.accounts.demo import make_demo_organisation
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, Officer, Role, RoleGrant

pytestmark = pytest.mark.django_db
PROMISED = {
    "tiepnhan": Role.CLERK,
    "chuyenvien": Role.SPECIALIST,
    "chuyenvien2": Role.SPECIALIST,
    "truongphong": Role.HEAD,
    "lanhdao": Role.LEADER,
    "kiemsoat": Role.CONTROLLER,
    "quantri": Role.ADMINISTRATOR,
    "vanthu": Role.DOCUMENTS,
}


@pytest.fixture
def demo(db):
    return make_demo_organisation(password="Một-cửa-2026", at=timezone.now())


def test_the_promised_accounts_work_in_the_first_commune(demo):
    for username, role in PROMISED.items():
        desk = desk_of(demo["officers"][username], timezone.now())
        assert desk.has(role, agency_id=demo["communes"][0].pk), username
        assert desk.officer.check_password("Một-cửa-2026")
        assert not desk.officer.must_change_password


def test_the_province_sees_below_itself(demo):
    for username in ("tinh.kiemsoat", "tinh.lanhdao"):
        desk = desk_of(demo["officers"][username], timezone.now())
        assert all(desk.oversees(commune) for commune in demo["communes"])
    assert desk_of(demo["officers"]["tinh.tiepnhan"], timezone.now()).agency == demo["centre"]


def test_every_agency_that_receives_has_counter_leader_and_a_valid_code(demo):
    for agency in Agency.objects.exclude(dossier_code=""):
        agency.full_clean()
        held = set(RoleGrant.objects.filter(agency=agency).values_list("role", flat=True))
        assert {Role.CLERK, Role.LEADER} <= held
        assert agency.departments.filter(kind="one_stop").exists()


def test_a_small_commune_has_several_roles_in_one_person(demo):
    office = demo["communes"][1]
    assert Officer.objects.filter(agency=office).count() == 5
    held = set(RoleGrant.objects.filter(agency=office).values_list("role", flat=True))
    assert held >= {
        Role.CLERK,
        Role.SPECIALIST,
        Role.HEAD,
        Role.LEADER,
        Role.CONTROLLER,
        Role.DOCUMENTS,
        Role.ADMINISTRATOR,
    }


def test_making_it_again_changes_nothing(demo):
    before = (Agency.objects.count(), Officer.objects.count(), RoleGrant.objects.count())
    again = make_demo_organisation(password="Khác-2026", at=timezone.now())
    assert (Agency.objects.count(), Officer.objects.count(), RoleGrant.objects.count()) == before
    assert again["officers"].keys() == demo["officers"].keys()
