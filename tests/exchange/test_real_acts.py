"""What clerks do is what the peer holds at the end: real acts, taken back and done again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dossiers.acts import endings, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.states import State
from exchange.models.outbox import Line
from exchange.outbox import level
from exchange.outbox.content import written
from tests.clock import MONDAY
from tests.dossiers.test_path import declared
from tests.exchange.world import Exchange, said
from tests.world import make_case, make_office, receive


@pytest.mark.parametrize("profile", ["A", "B"])
def test_what_acts_leave_is_what_the_peer_holds(
    connected: Callable[..., Exchange], settings: Any, profile: str
) -> None:
    exchange = connected(profile, dossiers=0)
    office, case = make_office(), make_case("7 ngày làm việc")
    by = office.desk(office.clerk)
    settings.EXCHANGE_PEERS = [said(profile)]
    dossier = receive(office, case, at=MONDAY)
    hours = iter(range(1, 20))

    def at() -> datetime:
        return MONDAY + timedelta(hours=next(hours))

    def told() -> str:
        exchange.send()
        dossier.refresh_from_db()
        line = Line.objects.select_related("dossier").get()
        assert line.state == Line.State.LEVEL, line.words
        assert level.unlike(line) == []
        there = exchange.remote.store.dossiers[dossier.code]
        assert there["NgayHenTra"] == written(dossier.due_at)
        assert there["NgayKetThucXuLy"] == written(dossier.ended_at)
        state: str = there["TrangThaiHoSo"]
        assert state == str(dossier.state)
        return state

    assert told() == str(State.RECEIVED)
    seen = Seen(dossier.pk)
    supplements.ask(seen, items=declared("Họ tên người mẹ"), reason="Thiếu", by=by, at=at())
    assert told() == str(State.AWAITING_PAPERS)
    supplements.complete(seen, by=by, at=at())
    endings.withdraw(seen, EndingIn("", "Không cần nữa"), by=by, at=at())
    assert told() == str(State.WITHDRAWN)
    # An end that no longer holds goes as a reopening, over what the peer took for final.
    take_back(seen, by=by, at=at())
    assert told() not in {str(state) for state in (State.WITHDRAWN, State.FINISHED)}
    result = endings.ResultIn(
        title="Giấy xác nhận",
        number="12/GXN",
        issued_on=date(2026, 11, 23),
        signer="Hoàng Minh Tuấn",
    )
    endings.record_result(seen, result, by=by, at=at())
    endings.finish(seen, by=by, at=at(), note="Sở ký")
    assert told() == str(State.FINISHED)
