"""R-93: what is told of each change names the agency, who acted and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange.outbox import content, taking
from exchange.outbox.peers import LENGTHS
from exchange.peer.store import Store
from tests.clock import MONDAY
from tests.exchange.world import Exchange
from tests.world import make_case, make_office, receive


def test_each_message_names_the_agency_and_who_acted(
    connected: Callable[..., Exchange], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[dict[str, Any]] = []
    statuses: list[dict[str, Any]] = []
    monkeypatch.setattr(Store, "progress", lambda _, items: steps.extend(items))
    monkeypatch.setattr(Store, "status", lambda _, items: statuses.extend(items))
    exchange = connected("B", dossiers=0)
    office = make_office("Ủy ban nhân dân xã Ba")
    dossier = receive(office, make_case(), at=MONDAY)
    agency, clerk = dossier.received_by_agency.name, office.clerk.full_name
    told: dict[str, Any] = {"state": 3, "words": "Không đúng thẩm quyền", "at": MONDAY}
    taking.say_filing("G01-1", **told, agency=office.agency.pk, officer=office.clerk.pk)
    taking.say_filing("G01-2", **told, agency=office.agency.pk)
    taking.say_filing("G01-3", **told | {"words": "Dài " * 600}, agency=office.agency.pk)
    exchange.send()
    room = dossier.holder_department
    place = f"{room.name}, {agency}" if room else agency
    (step,) = steps
    assert (step["PhongBanXuLy"], step["NguoiXuLy"]) == (place, clerk)
    said = {one["MaHoSo"]: one["NoiDung"] for one in statuses}
    assert said["G01-1"] == f"Không đúng thẩm quyền ({agency}, {clerk})"
    assert said["G01-2"] == f"Không đúng thẩm quyền ({agency})"
    assert said["G01-3"].endswith(f"({agency})")
    assert len(said["G01-3"]) <= LENGTHS["NoiDung"]


def test_a_dossier_in_no_room_is_with_its_agency(db: None) -> None:
    office = make_office()
    people = content.People(agencies={office.agency.pk: office.agency})
    told = {"department": None, "agency": office.agency.pk, "officer": None}
    assert people.place(told) == office.agency.name
    assert people.who({}) == ""
