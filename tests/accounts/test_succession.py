"""An agency that was merged into another: who acts for it, from which day on."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Agency, Level, Officer, Role, RoleGrant, Takeover
from onestop.accounts.succession import renew, steps_around, taken_over
from onestop.changes.verifying import faults
from onestop.worktime.zone import VN
from tests.accounts.conftest import make_agency
from tests.world import vn

pytestmark = pytest.mark.django_db
LAST, AFTER = datetime(2026, 11, 20, 5, tzinfo=UTC), datetime(2026, 11, 21, 5, tzinfo=UTC)
LAST_DAY, NEXT_DAY = LAST.date(), AFTER.date()


def merge(one: Agency, into: Agency, last: date = LAST_DAY) -> None:
    one.closed_on, one.successor = last, into
    one.save()


def remembered(someone: Officer, at: datetime) -> Desk:
    return desk_of(Officer.objects.get(pk=someone.pk), at, kept=True)


def test_a_role_counts_at_the_merged_agency_from_the_day_after(tree, officer):
    merge(tree.there, tree.here)
    clerk = officer(Role.CLERK)
    for at, counts in ((LAST, False), (AFTER, True)):
        desk = desk_of(clerk, at)
        assert desk.has(Role.CLERK, agency_id=tree.there.pk) is counts
        assert not desk.has(Role.HEAD, agency_id=tree.there.pk)
        assert (tree.there.pk in desk.agency_ids_as(Role.CLERK)) is counts
        assert (tree.there.pk in desk.agency_ids) is counts
        assert (desk.holders(Role.CLERK, tree.there.pk) == (clerk.pk,)) is counts
        # Nobody receives there any more.
        assert [agency.pk for agency in desk.agencies] == [tree.here.pk]


def test_the_other_way_round_nothing_counts(tree, officer):
    merge(tree.there, tree.here)
    desk = desk_of(officer(Role.CLERK, agency=tree.there), AFTER)
    assert not desk.has(Role.CLERK, agency_id=tree.here.pk)
    assert desk.agency_ids_as(Role.CLERK) == (tree.there.pk,)


def test_who_oversees_the_successor_oversees_what_was_merged_from_elsewhere(tree, officer):
    other = make_agency("H40", level=Level.PROVINCE)
    far = make_agency("H40.1", other)
    controller = officer(Role.CONTROLLER, agency=tree.province)
    assert not desk_of(controller, AFTER).oversees(far)
    merge(far, tree.here)
    assert desk_of(controller, AFTER).oversees(far)
    assert not desk_of(controller, LAST).oversees(far)
    assert not desk_of(controller, AFTER).oversees(other)


def test_a_successor_that_was_merged_too_hands_on_what_it_took_over(tree, officer):
    third = make_agency("H37.3", tree.province)
    merge(tree.there, tree.here, date(2026, 10, 31))
    merge(tree.here, third)
    desk = desk_of(officer(Role.CLERK, agency=third), AFTER)
    assert set(desk.agency_ids) == {third.pk, tree.here.pk, tree.there.pk}
    assert desk_of(officer(Role.CLERK), LAST).has(Role.CLERK, agency_id=tree.there.pk)
    assert taken_over(Agency.objects.get(pk=tree.here.pk), LAST_DAY) == (tree.there.pk,)
    assert taken_over(Agency.objects.get(pk=tree.here.pk), NEXT_DAY) == ()
    third.refresh_from_db()
    assert set(taken_over(third, NEXT_DAY)) == {tree.here.pk, tree.there.pk}
    there = Agency.objects.get(pk=tree.there.pk)
    assert [there.in_charge(day).code for day in (date(2026, 10, 31), LAST_DAY, NEXT_DAY)] == [
        "H37.2", "H37.1", "H37.3",
    ]  # fmt: skip


def test_agencies_that_nobody_merged_ask_nothing(tree, officer, queries):
    with queries() as seen:
        assert tree.here.in_charge(NEXT_DAY) == tree.here
        assert taken_over(tree.here, NEXT_DAY) == ()
        assert steps_around(tree.province) == ()
    assert len(seen) == 0


def test_the_memory_of_a_desk_learns_of_a_merger_and_of_its_end(tree, officer):
    clerk, above = officer(Role.CLERK), officer(Role.LEADER, agency=tree.province)
    assert tree.there.pk not in remembered(clerk, AFTER).agency_ids
    assert remembered(above, AFTER).oversees(tree.there)
    merge(tree.there, tree.here)
    assert tree.there.pk in remembered(clerk, AFTER).agency_ids
    # A row that was read before the merger does not hide it.
    tree.here.phone = "0205 1"
    tree.here.save()
    assert tree.there.pk in remembered(clerk, AFTER).agency_ids
    tree.there.successor = None
    tree.there.save()
    assert tree.there.pk not in remembered(clerk, AFTER).agency_ids


def test_who_is_told_of_its_matters_is_of_the_successor(tree, officer):
    officer(Role.CONTROLLER, agency=tree.there)
    heir = officer(Role.CONTROLLER)
    merge(tree.there, tree.here)
    assert RoleGrant.objects.nearest_holders(Role.CONTROLLER, tree.there, NEXT_DAY) == [heir]
    assert RoleGrant.objects.nearest_holders(Role.CONTROLLER, tree.there, LAST_DAY) != [heir]


def test_nobody_succeeds_himself(tree):
    merge(tree.there, tree.here)
    tree.here.successor = tree.there
    with pytest.raises(ValidationError, match="kế thừa chính mình"):
        tree.here.clean()


def known() -> list[tuple[str, str, str, str]]:
    """Whose, whose heir, known from, gone from: minutes of the clock."""

    def minute(at: datetime | None) -> str:
        return f"{at.astimezone(VN):%H:%M}" if at is not None else "-"

    return [
        (one.agency.code, one.heir.code, minute(one.from_known), minute(one.gone_known))
        for one in Takeover.objects.select_related("agency", "heir").order_by("pk")
    ]


def test_what_is_known_of_a_merger_is_kept_with_its_instants(tree, clock):
    """Whichever of a chain is entered first, a successor's successor has a row of its own."""
    third = make_agency("H37.3", tree.province)
    merge(tree.here, third)
    clock.now = vn("23/11/2026 09:05")
    merge(tree.there, tree.here, date(2026, 10, 31))
    assert known() == [
        ("H37.1", "H37.3", "09:00", "-"),
        ("H37.2", "H37.1", "09:05", "-"),
        ("H37.2", "H37.3", "09:05", "-"),
    ]
    tree.here.phone = "0205 1"
    tree.here.save()
    assert len(known()) == 3  # nothing new, nothing written
    clock.now = vn("23/11/2026 09:10")
    merge(tree.here, third, date(2026, 11, 22))
    assert known()[0] == ("H37.1", "H37.3", "09:00", "09:10")
    assert len([row for row in known() if row[3] == "-"]) == 3


def test_one_that_is_added_as_merged_has_been_so_for_ever(tree):
    make_agency("H37.9", tree.province, closed_on=LAST_DAY, successor=tree.here)
    assert known() == [("H37.9", "H37.1", "-", "-")]


def test_a_clock_set_back_lets_no_two_answers_stand_for_one_cut(tree, clock):
    merge(tree.there, tree.here)
    clock.now = vn("23/11/2026 08:00")
    merge(tree.there, tree.here, date(2026, 11, 10))
    assert [row[2:] for row in known()] == [("09:00", "09:00"), ("09:00", "-")]


def test_a_kept_row_is_never_rewritten(tree):
    merge(tree.there, tree.here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Takeover.objects.update(from_known=None)


def test_mergers_that_stood_before_are_worked_out_as_today_and_noted(tree):
    """What the migration found in a filled database: nothing for `renew` to mend, nothing that
    verification takes for smuggled in.
    """
    third, fourth = make_agency("H37.3", tree.province), make_agency("H37.4", tree.province)
    for one, into, last in (
        (tree.there, tree.here, date(2026, 10, 31)),
        (tree.here, third, LAST_DAY),
        # Ended before it took over: takes over nothing, and hands on.
        (third, fourth, date(2026, 11, 10)),
    ):
        Agency.objects.filter(pk=one.pk).update(closed_on=last, successor=into)
    import_module("onestop.accounts.migrations.0008_takeovers").work_out(apps, None)
    found = known()
    assert set(found) == {
        ("H37.2", "H37.1", "-", "-"), ("H37.2", "H37.4", "-", "-"),
        ("H37.1", "H37.4", "-", "-"), ("H37.3", "H37.4", "-", "-"),
    }  # fmt: skip
    renew(AFTER)
    assert known() == found
    assert [one for one in faults() if "tiếp nối" in one.row] == []
