"""The first load: when a portal is connected it sends what it already knows of, and much of it is known here
too – received, listed, answered, settled. Nothing is doubled and nothing is lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command

from dossiers.models import CounterVisit, Dossier, OnlineFiling
from exchange.inbox.taking import KNOWN, SETTLED
from exchange.models import Message
from procedures.channels import Channel
from tests.dossiers.online.filed import a_filing
from tests.exchange.sent import SERVICE, a_door, code_of, data_of
from tests.world import MONDAY, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
States = OnlineFiling.State


def test_what_is_known_on_both_sides_is_one(tmp_path: Path, capsys: Any) -> None:
    office, case, door = make_office(), make_case(), a_door()
    received, listed, guided, settled, new = (code_of(office, number) for number in range(1, 6))
    dossier = receive(office, case)
    Dossier.objects.filter(pk=dossier.pk).update(code=received, channel=Channel.ONLINE_FULL)
    waits = a_filing(office, code=listed)
    visit = CounterVisit.objects.create(
        kind=CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, owner_name="Hà", reason="Thiếu",
        officer=office.clerk, at=MONDAY,
    )  # fmt: skip
    a_filing(office, code=guided, listed_in=waits.listed_in, state=States.ANSWERED, visit=visit, ended_at=MONDAY)  # fmt: skip
    a_filing(office, code=settled, listed_in=waits.listed_in, state=States.ELSEWHERE, ended_at=MONDAY, ended_by=office.clerk)  # fmt: skip
    lines = [
        orjson.dumps({"service": SERVICE, "isUpdating": False, "data": data_of(office, case, n)})
        for n in range(1, 6)
    ]
    file = tmp_path / "dau-tien.jsonl"
    file.write_bytes(b"\n".join(lines))
    for _ in range(2):
        call_command("receive_messages", str(file), "--door", door.name)
    capsys.readouterr()
    assert Message.objects.count() == 5
    became = {row.foreign_code: (row.state, row.reason) for row in Message.objects.all()}
    done, mapped, held = Message.State.DONE, Message.State.MAPPED, Message.State.QUARANTINED
    assert became == {
        received: (done, KNOWN),
        listed: (mapped, ""),
        guided: (done, SETTLED),
        # Somebody here said that it was answered there, and there it still waits: a person looks.
        settled: (held, ""),
        new: (mapped, ""),
    }
    # Not by the hours of what was filed and settled long ago.
    assert Message.objects.get(foreign_code=settled).answer_by == vn("25/11/2026 09:00")
    waiting = OnlineFiling.objects.filter(state=States.WAITING)
    assert set(waiting.values_list("code", flat=True)) == {listed, new}
    # What a list had named is filled up with what the portal knows.
    waits.refresh_from_db()
    assert waits.arrived_at is not None
    assert waits.procedure == case.version.procedure
    assert OnlineFiling.objects.filter(code=received).count() == 0
