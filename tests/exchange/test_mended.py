"""Case E52: what our own data lacked keeps a dossier from being told, and only until it is mended; what a
person has to look at first waits for that person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dossiers.models import Dossier
from exchange.models.outbox import Line
from exchange.outbox import messages

if TYPE_CHECKING:
    from tests.exchange.world import Exchange

pytestmark = pytest.mark.django_db
State = Line.State


def without_number(exchange: Exchange) -> str:
    """Told without the number of its owner, it is held; that number."""
    (dossier,) = exchange.dossiers
    number = dossier.identity_number
    Dossier.objects.filter(pk=dossier.pk).update(identity_number="")
    exchange.tell((dossier, 2))
    exchange.send()
    assert line().words == messages.NO_IDENTITY
    return number


def line() -> Line:
    return Line.objects.get()


@pytest.mark.parametrize("profile", ["A", "B"])
def test_the_next_act_tells_what_was_mended(connected: Any, profile: str) -> None:
    exchange = connected(profile, dossiers=1)
    number = without_number(exchange)
    (dossier,) = exchange.dossiers
    Dossier.objects.filter(pk=dossier.pk).update(identity_number=number)
    exchange.tell((dossier, 4))
    exchange.send()
    assert (line().state, line().words, line().accepted_state) == (State.LEVEL, "", 4)
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "4"


def test_what_was_not_mended_is_held_again(connected: Any) -> None:
    exchange = connected("B", dossiers=1)
    without_number(exchange)
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 4))
    exchange.send()
    assert (line().state, line().words) == (State.STOPPED, messages.NO_IDENTITY)
    assert dossier.code not in exchange.remote.store.dossiers


@pytest.mark.parametrize("words", messages.DECIDED)
def test_what_a_person_has_to_look_at_waits_for_that_person(connected: Any, words: str) -> None:
    exchange = connected("B", dossiers=1)
    number = without_number(exchange)
    (dossier,) = exchange.dossiers
    Dossier.objects.filter(pk=dossier.pk).update(identity_number=number)
    Line.objects.update(words=words)
    exchange.tell((dossier, 4))
    exchange.send()
    assert (line().state, line().words) == (State.STOPPED, words)


def test_what_a_peer_refused_for_good_waits_for_a_person(connected: Any) -> None:
    exchange = connected("B", dossiers=1)
    without_number(exchange)
    (dossier,) = exchange.dossiers
    Line.objects.update(trouble=Line.Trouble.REFUSED)
    exchange.tell((dossier, 4))
    exchange.send()
    assert line().state == State.STOPPED
