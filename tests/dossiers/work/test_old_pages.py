"""A page that does not say which version of a dossier it showed is refused like an old one: no act
goes through without it.
"""

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from dossiers.models import Dossier, Event
from onestop.accounts.models import Role
from tests import matrix
from tests.dossiers import addresses
from tests.dossiers.legs import addresses as of_legs
from tests.dossiers.money import addresses as of_money

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("the guard reads what was sent, before any statement of the act"),
]
LINES = ["intake_promise", "intake_give_back"]
ACTS = [
    a
    for a in [*addresses.ADDRESSES, *of_money.ADDRESSES, *of_legs.ADDRESSES]
    if (a.name.startswith("act_") or a.name in ("give_back", "undo_give_back", *LINES))
    and a.other is not None
]
LISTS = ["give", "confirm_many", "recall_many"]
# What makes each form valid: the guard alone is what refuses.
FILLED = {
    "reason": "Lý do", "requested_by": "Ân", "requested_on": "01/01/2026", "fee_consequence": "Không thu", "stage": "Thụ lý",
    "decision_number": "1/QĐ", "decision_on": "20/11/2026", "signer": "Tuấn", "number": "1", "issued_on": "01/01/2026", "kind": "1",
    "declared": "Ngày sinh", "quantity": "1", "unit": "ngay", "taker": "1", "name": "Ân", "authorisation": "Giấy ủy quyền số 5",
    "way": "1", "note": "Sở ký",
}  # fmt: skip


@pytest.mark.parametrize("address", ACTS, ids=lambda a: f"{a.method} {a.name}")
def test_an_act_without_the_version_of_its_page_changes_nothing(
    address: matrix.Address, standing_world: matrix.World
) -> None:
    world = standing_world
    page = reverse(address.name, kwargs=address.own(world))
    before = Event.objects.count()
    first, *others = sorted(address.roles & {Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER})
    # Who may act is asked before what was sent is read: the odd ones of one role are those of all.
    asked = [*product([first], (None, "", "²", "-1", "9" * 30)), *product(others, (None, "x"))]
    for role, seen in asked:
        client = matrix.signed_in(world, role)
        with transaction.atomic():
            client.post(page, FILLED | ({} if seen is None else {"seen": seen}))
            assert Event.objects.count() == before, (role, seen)
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_does_not_name_the_version_of_its_rows_changes_nothing(
    name: str, standing_world: matrix.World
) -> None:
    world = standing_world
    dossier = (
        addresses.in_room(world, world.own)
        if name != "give"
        else addresses.received(world, world.own)
    )
    before, pk = Event.objects.count(), str(dossier.pk)
    sent: dict[str, Any] = {
        "chon": pk,
        "hang": pk,
        "giao": "1",
        "to": str(world.department(world.own).pk),
        "step": "quy-trinh",
    }
    for role in (Role.CLERK, Role.SPECIALIST):
        matrix.signed_in(world, role).post(reverse(name), sent)
        assert Event.objects.count() == before


def test_the_same_act_with_its_version_goes_through(standing_world: matrix.World) -> None:
    """So that the tests above fail for the guard's sake alone."""
    dossier = addresses.received(standing_world, standing_world.own)
    client = matrix.signed_in(standing_world, Role.CLERK)
    today = {"requested_on": f"{dossier.received_at:%d/%m/%Y}"}
    client.post(
        reverse("act_withdraw", args=[dossier.code]),
        FILLED | today | {"seen": str(dossier.row_version)},
    )
    assert Dossier.objects.get().row_version == dossier.row_version + 1
