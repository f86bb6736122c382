"""Who looked at a dossier is written down, whatever address it was (R-137, R-144); strangers learn
nothing and get 404.

Runs over the table of tests/dossiers/addresses.py: an address added there is asked here too.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.acts import handovers
from dossiers.acts.many import Seen
from dossiers.desk.dossier import access_lines
from dossiers.models import Dossier, HandOver
from dossiers.models.legs import Leg
from onestop.accounts.models import AccessEvent, AccessKind
from tests import matrix
from tests.dossiers.addresses import ADDRESSES
from tests.dossiers.legs.addresses import ADDRESSES as OF_LEGS
from tests.dossiers.money.addresses import ADDRESSES as OF_MONEY
from tests.world import Office, make_case, make_office, receive

# Pages of many dossiers: each of them has a line of its own (calls of a move, dossiers of a version).
MANY = {"calendar_calls", "open_of_version"}
# An argument `code` is a dossier's; `pk` a visit's, a hand-over list's or an online filing's.
OF_ONE = [
    a
    for a in [*ADDRESSES, *OF_LEGS, *(one for one in OF_MONEY if one.name.startswith("act_"))]
    if a.other is not None and a.method == "get" and a.name not in {"intake_draft_file"} | MANY
]
KINDS = (
    "visit", "consultation", "import", "online_filing", "online_list", "envelope", "paper_outage", "paper_pack",
)  # fmt: skip


def subject(address: matrix.Address, arguments: dict[str, Any]) -> tuple[str, int]:
    if "code" in arguments:
        return "dossier", Dossier.objects.get(code=arguments["code"]).pk
    if address.name.startswith("leg"):
        return "dossier", Leg.objects.get(pk=arguments["pk"]).dossier_id
    kind = next((one for one in KINDS if one in address.name), "batch")
    return kind, arguments["pk"]


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.mark.django_db
@pytest.mark.parametrize("address", OF_ONE, ids=lambda address: address.name)
def test_every_reading_leaves_one_line_and_a_stranger_none(
    address: matrix.Address, standing_world: matrix.World
) -> None:
    """One object of each agency for all roles: each reader's line is his own."""
    world = standing_world
    assert address.other is not None
    arguments, hidden = address.own(world), address.other(world)
    for number, role in enumerate(sorted(address.roles), 1):
        client, officer = matrix.signed_in(world, role), world.officers[role]
        kind, pk = subject(address, arguments)
        answer = client.get(reverse(address.name, kwargs=arguments))
        if answer.streaming:
            b"".join(answer.streaming_content)
        lines = AccessEvent.objects.filter(object_kind=kind, object_id=pk, officer=officer)
        assert lines.count() == 1, (address.name, role, answer.status_code)
        assert lines.get().address
        kind, pk = subject(address, hidden)
        assert client.get(reverse(address.name, kwargs=hidden)).status_code == 404
        # That a stranger asked is a line of its own.
        refused = AccessEvent.objects.filter(object_kind=kind, object_id=pk)
        assert refused.get(officer=officer).kind == AccessKind.DENIED
        assert refused.count() == number


def test_the_log_of_a_dossier_names_who_read_a_list_with_it(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    case = make_case()
    one, two = receive(office, case), receive(office, case)
    seen = [Seen(d.pk) for d in (one, two)]
    signed_in(office.clerk).post(
        "/ban-giao/giao/", {"chon": [f"{d.pk}." for d in (one, two)]}
    )  # the page before giving: both shown
    handovers.hand_over_many(
        seen,
        to=office.room,
        receiver=None,
        step=None,
        by=office.desk(office.clerk),
        at=timezone.now(),
    )
    batch = HandOver.objects.earliest("pk").batch_id
    signed_in(office.specialist).get(f"/ban-giao/{batch}/")
    for dossier in (one, two):
        lines = [(line.officer, line.object_kind, line.detail) for line in access_lines(dossier)]
        assert (office.clerk, "dossier", "giao 2 hồ sơ") in lines
        assert (office.specialist, "batch", "") in lines
        assert (
            "phiếu bàn giao số 1/2026"
            in signed_in(office.head).get(f"{dossier.get_absolute_url()}nhat-ky/").content.decode()
        )
    stranger = receive(office, case)
    assert not access_lines(stranger)
