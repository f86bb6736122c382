"""Lists and acts on many have no object in their address: here they are handed another agency's
dossiers all the same.

The matrix (tests/matrix.py) asks for one object by its address; this file asks every address of the
tables without an object.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from dossiers.forms.handover import BY_PROCESS
from dossiers.models import Dossier, HandOver
from onestop.accounts.models import Agency, Role
from tests import matrix
from tests.dossiers.addresses import OWNER, OWNER_ELSEWHERE, finished, in_room, received
from tests.matrix import Address, World
from tests.standing import standing

pytestmark = pytest.mark.django_db


def takes_no_object(address: Address) -> bool:
    try:
        reverse(address.name)
    except NoReverseMatch:
        return False
    return True


WHOLE = [
    address for address in matrix.addresses() if not address.public and takes_no_object(address)
]
SHOWING = ("search", "work", "receive_list", "return_desk", "give")
ACTING = ("confirm_many", "confirm_scanned", "recall_many", "give", "move_desk")


def dossiers_of(world: World, agency: Agency) -> list[Dossier]:
    """One on its way to the room of `agency`, one at its counter, one whose result waits to be
    fetched.
    """
    found = [in_room(world, agency), received(world, agency), finished(world, agency)]
    for dossier in found:
        dossier.refresh_from_db()  # the row version its page would show
    return found


@pytest.fixture(scope="module")
def _standing_theirs(_standing_world: World, django_db_blocker: Any) -> Iterator[list[Dossier]]:
    with standing(
        django_db_blocker, lambda: dossiers_of(_standing_world, _standing_world.other)
    ) as made:
        yield made


@pytest.fixture
def theirs(standing_world: World, _standing_theirs: list[Dossier]) -> list[Dossier]:
    """Of the other agency, for every address the same: each act is rolled back."""
    return deepcopy(_standing_theirs)


def asked(world: World, dossiers: list[Dossier], agency: Agency) -> dict[str, Any]:
    """Every parameter that may name a dossier, an officer or a place: a page that trusts them would
    move them to our specialist or to `agency`.
    """
    picked, clerk = [f"{d.pk}.{d.row_version}" for d in dossiers], dossiers[0].received_by_id
    return {
        "chon": picked, "hang": picked, "dossier": [d.pk for d in dossiers], "codes": "\n".join(d.code for d in dossiers),
        "can-bo": clerk, "canbo": clerk, "leaver": clerk, "to": world.department(agency).pk, "giao": "1", "step": BY_PROCESS,
        "successor": world.officers[Role.SPECIALIST].pk, "reason": "Nghỉ", "basis": "1/QĐ",
    }  # fmt: skip


def state() -> list[Any]:
    return [
        list(Dossier.objects.order_by("pk").values()),
        list(HandOver.objects.order_by("pk").values()),
    ]


def answers(world: World, address: Address, data: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(who asked, the page in the end, whether a dossier changed) for every role that may ask."""
    found = []
    before = state()
    for role in sorted(address.roles):
        client = matrix.signed_in(world, role)
        with transaction.atomic():
            response = getattr(client, address.method)(reverse(address.name), data, follow=True)
            content = (
                b"".join(response.streaming_content) if response.streaming else response.content
            )
            found.append((role.label, content.decode(errors="replace"), state() != before))
            transaction.set_rollback(True)
    return found


def title(address: Address) -> str:
    return f"{address.method} {address.name}"


def asked_once(address: Address) -> Any:
    """Those of the floors below stand in a namespace, others in none."""
    why = pytest.mark.one_engine("the floors below ask for no dossier")
    return pytest.param(address, marks=why if ":" in address.name else ())


@pytest.mark.parametrize("address", [asked_once(one) for one in WHOLE], ids=title)
def test_another_agencys_dossiers_are_on_no_list_and_in_no_act(address, standing_world, theirs):
    world = standing_world
    data = asked(world, theirs, world.other)
    for who, page, changed in answers(world, address, data):
        assert not changed, f"{who} changed it"
        assert OWNER_ELSEWHERE not in page, who
        assert [d.code for d in theirs if f"/{d.code}/" in page] == [], who


@pytest.mark.parametrize("name", ["search", "return_desk"])
@pytest.mark.parametrize("words", ["a name", "a code"])
def test_nor_can_they_be_searched_for(name, words, standing_world, theirs):
    world = standing_world
    [address] = [one for one in WHOLE if one.name == name]
    for dossier in theirs:
        for who, page, _ in answers(
            world, address, {"q": OWNER_ELSEWHERE if words == "a name" else dossier.code}
        ):
            assert f"/{dossier.code}/" not in page, who
            assert (dossier.code if words == "a name" else OWNER_ELSEWHERE) not in page, who


@pytest.mark.parametrize(
    "address", [one for one in WHOLE if one.name in SHOWING and one.method == "get"], ids=title
)
def test_the_same_question_finds_the_agencys_own(address, standing_world):
    """What the tests above do not find is there to be found."""
    world = standing_world
    data = asked(world, dossiers_of(world, world.own), world.own) | {"q": OWNER, "canbo": ""}
    assert any(OWNER in page for _, page, _ in answers(world, address, data))


@pytest.mark.parametrize(
    "address", [one for one in WHOLE if one.name in ACTING and one.method == "post"], ids=title
)
def test_the_same_act_changes_the_agencys_own(address, standing_world):
    world = standing_world
    data = asked(world, dossiers_of(world, world.own), world.own)
    assert any(changed for _, _, changed in answers(world, address, data))


def test_nothing_can_be_given_to_a_room_of_another_agency(standing_world):
    world = standing_world
    [give] = [one for one in WHOLE if one.name == "give" and one.method == "post"]
    data = asked(world, dossiers_of(world, world.own), world.other)
    assert [who for who, _, changed in answers(world, give, data) if changed] == []
