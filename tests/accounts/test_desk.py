"""What an officer may do today, where, and for whom — in two queries."""

from datetime import UTC, date, datetime

import pytest

from onestop.accounts.desk import desk_of
from onestop.accounts.models import Role, RoleGrant, Substitution

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def stand_in(absent, substitute, first=date(2026, 11, 20), last=date(2026, 11, 30), **more):
    return Substitution.objects.create(
        absent=absent,
        substitute=substitute,
        from_date=first,
        to_date=last,
        reason="Nghỉ phép",
        **more,
    )


def test_several_roles_in_one_person(tree, officer):
    desk = desk_of(officer(Role.CLERK, Role.CASHIER, department=tree.counter), NOON)
    assert desk.roles == {Role.CLERK, Role.CASHIER}
    assert desk.has(Role.CLERK, agency_id=tree.here.pk)
    assert not desk.has(Role.CLERK, agency_id=tree.there.pk)
    assert not desk.has(Role.LEADER)
    assert desk.department_ids == (tree.counter.pk,)


def test_a_role_counts_from_its_first_to_its_last_day_in_vietnam(tree, officer):
    someone = officer()
    RoleGrant.objects.create(
        officer=someone,
        role=Role.HEAD,
        agency=tree.here,
        valid_from=date(2026, 11, 23),
        valid_to=date(2026, 11, 23),
    )
    held = [
        desk_of(someone, at).has(Role.HEAD)
        for at in (
            datetime(2026, 11, 22, 16, 59, tzinfo=UTC),
            datetime(2026, 11, 22, 17, 0, tzinfo=UTC),
            datetime(2026, 11, 23, 16, 59, tzinfo=UTC),
            datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
        )
    ]
    assert held == [False, True, True, False]


def test_a_substitute_gets_roles_and_work_of_the_absent_officer_but_no_personal_role(tree, officer):
    absent = officer(Role.LEADER, Role.ADMINISTRATOR, Role.CONTROLLER)
    substitute = officer(Role.HEAD, department=tree.room)
    stand_in(absent, substitute)
    desk = desk_of(substitute, NOON)
    assert desk.roles == {Role.HEAD, Role.LEADER}
    assert desk.acting_for == (absent,)
    assert desk.officer_ids == (substitute.pk, absent.pk)
    assert desk.holders(Role.LEADER, tree.here.pk) == (absent.pk,)
    assert desk.administered_paths == ()


def test_a_substitution_ends_with_its_last_day_or_when_it_is_ended(officer):
    absent, one, two = officer(Role.LEADER), officer(Role.HEAD), officer(Role.HEAD)
    stand_in(absent, one, last=date(2026, 11, 22))
    stand_in(absent, two, ended_at=NOON)
    assert desk_of(one, NOON).roles == desk_of(two, NOON).roles == {Role.HEAD}


def test_who_stands_in_does_not_pass_it_on(officer):
    first, second, third = officer(Role.LEADER), officer(Role.HEAD), officer(Role.SPECIALIST)
    stand_in(first, second)
    stand_in(second, third)
    assert desk_of(third, NOON).roles == {Role.SPECIALIST, Role.HEAD}


def test_controllers_of_the_province_see_below_it(tree, officer):
    desk = desk_of(officer(Role.CONTROLLER, agency=tree.province), NOON)
    assert desk.subtree_paths == (tree.province.path,)
    assert desk.oversees(tree.here)
    assert not desk.administers(tree.here)


def test_paths_below_another_path_are_not_repeated(tree, officer):
    someone = officer(Role.CONTROLLER, agency=tree.here)
    RoleGrant.objects.create(
        officer=someone, role=Role.LEADER, agency=tree.province, valid_from=date(2025, 7, 1)
    )
    assert desk_of(someone, NOON).subtree_paths == (tree.province.path,)


def test_the_home_agency_comes_first(tree, officer):
    someone = officer()
    for agency in (tree.province, tree.here):
        RoleGrant.objects.create(
            officer=someone, role=Role.SUPPORT, agency=agency, valid_from=date(2025, 7, 1)
        )
    desk = desk_of(someone, NOON)
    assert desk.agency == tree.here
    assert desk.agency_ids == (tree.here.pk, tree.province.pk)


def test_nobody_without_a_role_has_an_agency(officer):
    desk = desk_of(officer(), NOON)
    assert desk.agency is None
    assert desk.roles == frozenset()


@pytest.mark.parametrize("absences", [1, 3])
def test_the_whole_desk_costs_two_queries(officer, queries, absences):
    someone = officer(Role.CLERK, Role.CASHIER)
    for _ in range(absences):
        stand_in(officer(Role.SPECIALIST, Role.HEAD), someone)
    with queries() as seen:
        desk = desk_of(someone, NOON)
        assert desk.agency is not None
        assert len(desk.acting_for) == absences
        assert desk.departments == ()
        assert desk.subtree_paths == ()
    assert len(seen) == 2


def test_the_agencies_of_a_branch_are_asked_for_once(tree, officer, queries):
    desk = desk_of(officer(Role.CONTROLLER, agency=tree.province), NOON)
    assert desk.roles == {Role.CONTROLLER}
    with queries() as asked:
        assert desk.branch_ids_as(Role.CONTROLLER) == {
            tree.province.pk,
            tree.here.pk,
            tree.there.pk,
        }
        assert desk.branch_ids_as(Role.CONTROLLER) == desk.branch_ids_as(
            Role.CONTROLLER, Role.LEADER
        )
        assert desk.branch_ids_as(Role.LEADER) == frozenset()
    assert len(asked) == 1
