"""What the desk tests share: an office and a dossier that lies in a room of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dossiers.acts import endings, handovers
from dossiers.acts.endings import ResultIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.handover import Purpose
from tests.world import MONDAY, Office, make_case, make_office, receive


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


@pytest.fixture
def at_room(office: Office) -> Callable[..., Dossier]:
    """`at_room()`: a dossier received, given to the room and confirmed by the specialist."""
    return in_room_of(office)


def in_room_of(office: Office) -> Callable[..., Dossier]:
    cases: dict[str, Any] = {}

    def make(
        *, at: datetime = MONDAY, term: str = "7 ngày làm việc", owner: str = "Nguyễn Văn Ân"
    ) -> Dossier:
        case = cases.setdefault(term, None) or make_case(term)
        cases[term] = case
        dossier = receive(office, case, at=at, owner=owner)
        step = NextStep(order=2, name="Xử lý hồ sơ", minutes=480)
        handovers.hand_over(
            dossier, to=office.room, step=step, by=office.desk(office.clerk, at), at=at
        )
        return handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist, at), at=at)

    return make


def approved_by(office: Office, dossier: Dossier, at: datetime) -> None:
    """The leader's turn: given for approval, with a draft at least, and confirmed."""
    if not dossier.results.exists():
        draft = ResultIn(title="Giấy xác nhận")
        desk = office.desk(office.specialist, at)
        endings.record_result(Seen(dossier.pk), draft, by=desk, at=at)
        dossier.refresh_from_db()
    step = NextStep(name="Duyệt", purpose=Purpose.APPROVE)
    handovers.hand_over(
        dossier,
        to=office.leadership,
        receiver=office.leader,
        step=step,
        by=office.desk(office.specialist, at),
        at=at,
    )
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader, at), at=at)
