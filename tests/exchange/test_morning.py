"""A morning of the portal: thousands of dossiers arrive in an hour, sent twice, in any order, some of them
unreadable, while workers die; each is a filing once, or held, or refused with why. None is lost.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from django.test import Client

from dossiers.models import OnlineFiling
from exchange.inbox import taking
from exchange.models import IncomingFile, Message
from tests.clock import MONDAY
from tests.exchange.sent import SECRET, a_door, body_of, data_of, send
from tests.exchange.world import killed_at
from tests.world import make_case, make_office

COUNT = 5_000 if os.environ.get("LONG") == "1" else 120
A_LIST = 50
pytestmark = [pytest.mark.django_db, pytest.mark.heavy]
State = Message.State


def sent(office: Any, case: Any, number: int) -> dict[str, Any]:
    """One in twenty names nobody, one in thirty has no code, each has a file."""
    wrong: dict[str, Any] = {"TaiLieuNop": [{"TenTep": "a.pdf", "DuongDan": f"https://cong.example/{number}"}]}  # fmt: skip
    if number % 20 == 0:
        wrong["ChuHoSo"] = ""
    if number % 30 == 7:
        wrong["MaHoSo"] = None
        wrong["SoThuTu"] = number
    return data_of(office, case, number, **wrong)


def test_of_a_morning_none_is_lost(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EXCHANGE_SECRETS = {"cong": SECRET}
    # Workers of this test's own read, where it lets them.
    monkeypatch.setattr("exchange.inbox.arriving.nudge", lambda task: None)
    monkeypatch.setattr("exchange.inbox.taking.nudge", lambda task: None)
    # Killed workers say so, thousands of times.
    monkeypatch.setattr(taking.logger, "exception", lambda *said, **more: None)
    a_door()
    office, case = make_office(), make_case()
    chance = random.Random(7)
    numbers = list(range(1, COUNT + 1))
    # The answer of one in five was lost on its way: it is sent once more, much later.
    numbers += chance.sample(numbers, COUNT // 5)
    chance.shuffle(numbers)
    for begin in range(0, len(numbers), A_LIST):
        lot = [sent(office, case, number) for number in numbers[begin : begin + A_LIST]]
        assert send(client, body_of(lot)).json()["error_code"] == 0
        with killed_at(chance.randint(1, 400)):
            taking.read_new(MONDAY)
    while Message.objects.filter(state=State.NEW).exists():
        taking.read_new(MONDAY)

    without = {number for number in range(1, COUNT + 1) if number % 30 == 7}
    nobodys = {number for number in range(1, COUNT + 1) if number % 20 == 0} - without
    waiting = set(OnlineFiling.objects.values_list("code", flat=True))
    fits = [
        number for number in range(1, COUNT + 1) if number not in without and number not in nobodys
    ]
    assert waiting == {data_of(office, case, number)["MaHoSo"] for number in fits}
    assert IncomingFile.objects.count() == len(fits)
    # Each message once, and of each it is known what came of it.
    assert Message.objects.count() == COUNT
    assert Message.objects.filter(state=State.MAPPED).count() == len(fits)
    held = Message.objects.filter(state=State.QUARANTINED).exclude(foreign_code="")
    assert held.count() == len(nobodys)
    assert {one["code"] for row in held for one in row.missing} == {"missing_owner"}
    # What bears no code was refused to its sender, and waits for a person here.
    nameless = Message.objects.filter(state=State.QUARANTINED, foreign_code="").exclude(reason="")
    assert nameless.count() == len(without)
