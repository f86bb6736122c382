"""A page that does not say which version of a dossier it showed is refused like an old one: no act
goes through without it.
"""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier, Event
from onestop.accounts.models import Role
from tests import matrix
from tests.dossiers import addresses

pytestmark = pytest.mark.django_db
LINES = ["intake_promise", "intake_give_back"]
ACTS = [
    a
    for a in addresses.ADDRESSES
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
@pytest.mark.parametrize("seen", [None, "", "²", "-1", "9" * 30])
def test_an_act_without_the_version_of_its_page_changes_nothing(
    address: matrix.Address, seen: str | None
) -> None:
    world = matrix.make_world()
    own = address.own(world)
    before = Event.objects.count()
    for role in sorted(address.roles & {Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER}):
        client = Client()
        client.force_login(world.officers[role])
        with transaction.atomic():
            client.post(
                reverse(address.name, kwargs=own), FILLED | ({} if seen is None else {"seen": seen})
            )
            assert Event.objects.count() == before, role
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_does_not_name_the_version_of_its_rows_changes_nothing(name: str) -> None:
    world = matrix.make_world()
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
        client = Client()
        client.force_login(world.officers[role])
        client.post(reverse(name), sent)
        assert Event.objects.count() == before


def test_the_same_act_with_its_version_goes_through() -> None:
    """So that the tests above fail for the guard's sake alone."""
    world = matrix.make_world()
    dossier = addresses.received(world, world.own)
    client = Client()
    client.force_login(world.officers[Role.CLERK])
    today = {"requested_on": f"{dossier.received_at:%d/%m/%Y}"}
    client.post(
        reverse("act_withdraw", args=[dossier.code]),
        FILLED | today | {"seen": str(dossier.row_version)},
    )
    assert Dossier.objects.get().row_version == dossier.row_version + 1
