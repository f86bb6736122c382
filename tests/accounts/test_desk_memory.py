"""What a request learns of a desk is kept for the next one, until something it is made of changes."""

from datetime import UTC, date, datetime

import pytest

from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.domain.substitutions import end_substitution
from onestop.accounts.models import Agency, Department, Officer, Role, RoleGrant, Substitution
from tests.accounts.conftest import make_agency

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def asked(someone: Officer) -> Desk:
    """The desk as a request gets it: the officer is read, then what is kept is used."""
    return desk_of(Officer.objects.get(pk=someone.pk), NOON, kept=True)


def test_the_second_request_asks_nothing_but_who_it_is(officer, django_assert_num_queries):
    someone = officer(Role.CLERK)
    first = asked(someone)
    with django_assert_num_queries(2):
        assert first.roles == {Role.CLERK}
    second = asked(someone)
    with django_assert_num_queries(0):
        assert second.roles == {Role.CLERK}
        assert second.agency == first.agency


def test_a_role_given_changed_or_taken_is_seen_by_the_next_request(tree, officer):
    someone = officer(Role.CLERK)
    assert asked(someone).roles == {Role.CLERK}
    grant = RoleGrant.objects.create(
        officer=someone, role=Role.HEAD, agency=tree.here, valid_from=date(2025, 7, 1)
    )
    assert asked(someone).roles == {Role.CLERK, Role.HEAD}
    grant.valid_to = date(2026, 11, 22)
    grant.save(update_fields=["valid_to"])
    assert asked(someone).roles == {Role.CLERK}
    held = someone.grants.filter(role=Role.CLERK).get()
    held.ended_at = NOON
    held.save(update_fields=["ended_at"])
    assert asked(someone).roles == set()


def test_an_absence_is_seen_at_once_and_so_are_new_roles_of_who_is_absent(tree, officer):
    absent, substitute = officer(Role.SPECIALIST), officer(Role.HEAD)
    assert asked(substitute).acting_for == ()
    row = Substitution.objects.create(
        absent=absent,
        substitute=substitute,
        from_date=date(2026, 11, 20),
        to_date=date(2026, 11, 30),
        reason="Nghỉ phép",
    )
    assert asked(substitute).roles == {Role.HEAD, Role.SPECIALIST}
    RoleGrant.objects.create(
        officer=absent, role=Role.LEADER, agency=tree.here, valid_from=date(2025, 7, 1)
    )
    assert Role.LEADER in asked(substitute).roles
    absent.full_name = "Nguyễn Thị Tên Mới"
    absent.save()
    assert [o.full_name for o in asked(substitute).acting_for] == ["Nguyễn Thị Tên Mới"]
    end_substitution(substitution=row, by=substitute, at=NOON)
    assert asked(substitute).roles == {Role.HEAD}


def test_a_renamed_department_has_its_new_name_on_the_next_page(tree, officer):
    someone = officer(Role.HEAD, department=tree.room)
    assert [room.name for room in asked(someone).departments] == ["Phòng Kinh tế"]
    room = Department.objects.get(pk=tree.room.pk)
    room.name = "Phòng Kinh tế, Hạ tầng"
    room.save()
    assert [room.name for room in asked(someone).departments] == ["Phòng Kinh tế, Hạ tầng"]


def test_an_agency_that_moves_takes_the_desks_below_it_along(tree, officer):
    moved = make_agency("H37.3", tree.here)
    someone = officer(Role.LEADER, agency=moved)
    assert asked(someone).subtree_paths == (f"/{tree.province.pk}/{tree.here.pk}/{moved.pk}/",)
    here = Agency.objects.get(pk=tree.here.pk)
    here.parent = tree.there
    here.save()
    assert asked(someone).subtree_paths == (
        f"/{tree.province.pk}/{tree.there.pk}/{tree.here.pk}/{moved.pk}/",
    )


def test_writing_a_whole_officer_read_long_ago_brings_no_old_roles_back(tree, officer):
    someone = officer(Role.CLERK)
    long_ago = Officer.objects.get(pk=someone.pk)
    assert asked(someone).roles == {Role.CLERK}
    RoleGrant.objects.create(
        officer=someone, role=Role.HEAD, agency=tree.here, valid_from=date(2025, 7, 1)
    )
    assert Role.HEAD in asked(someone).roles
    long_ago.phone = "0912345678"
    long_ago.save()
    assert asked(someone).roles == {Role.CLERK, Role.HEAD}


def test_what_one_request_notes_on_an_agency_the_next_does_not_see(officer):
    someone = officer(Role.CLERK)
    first = asked(someone)
    assert first.agency is not None
    first.agency.name = "Chỉ trong yêu cầu này"
    second = asked(someone)
    assert second.agency is not None
    assert second.agency.name != first.agency.name
    assert second.own_grants[0].agency is second.agency


def test_the_day_belongs_to_what_is_kept(tree, officer):
    someone = officer(Role.CLERK)
    RoleGrant.objects.create(
        officer=someone, role=Role.HEAD, agency=tree.here, valid_from=date(2026, 11, 24)
    )
    read = Officer.objects.get(pk=someone.pk)
    assert desk_of(read, NOON, kept=True).roles == {Role.CLERK}
    assert desk_of(read, datetime(2026, 11, 23, 17, 0, tzinfo=UTC), kept=True).roles == {
        Role.CLERK,
        Role.HEAD,
    }
