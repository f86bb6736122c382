"""What a message says is taken as it says it, or it is held, or told: never guessed, never dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from exchange.inbox import taking
from exchange.models import Mapping, Message
from procedures.models import Case
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.world import MONDAY, Office, make_case, make_office

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def office() -> Office:
    return make_office()


def sent(data: dict[str, Any], **more: Any) -> Message:
    return came(a_door(), body_of(data, **more), MONDAY)


def lacks(message: Message) -> list[str]:
    return [one["code"] for one in message.missing]


def case_of(message: Message) -> str:
    assert message.filing is not None
    assert message.filing.case is not None
    return message.filing.case.name


def test_the_case_is_the_one_that_the_message_names(office: Office) -> None:
    case = make_case()
    for number, name in enumerate(("Cấp lại", "Cấp đổi"), start=2):
        Case.objects.create(version=case.version, order=number, name=name)
    row = Mapping.objects.create(
        door=a_door(), foreign=case.version.code, case_name="Cấp lại", valid_from=date(2026, 11, 1)
    )
    # By the name of the catalogue, whatever the table says of those that name none.
    assert case_of(sent(data_of(office, case, 1))) == "Cấp lại"
    assert case_of(sent(data_of(office, case, 2, MaTruongHop="CẤP ĐỔI"))) == "Cấp đổi"
    held = sent(data_of(office, case, 3, MaTruongHop="TH3"))
    assert lacks(held) == ["missing_case_unknown"]
    assert lacks(sent(data_of(office, case, 4, MaTruongHop=["TH3"]))) == ["missing_value"]
    row.cases = {"TH3": "Cấp đổi"}
    row.save()
    assert case_of(taking.read(held.pk, at=MONDAY)) == "Cấp đổi"
    row.cases = {"TH3": "Cấp mới"}
    row.save()
    gone = sent(data_of(office, case, 5, MaTruongHop="TH3"))
    assert lacks(gone) == ["missing_case_gone"]
    # A procedure that has no cases is the same whatever is named.
    assert sent(data_of(office, make_case(), 6, MaTruongHop="TH1")).state == State.MAPPED
