"""A province with two communes, each with dossiers of every kind the dashboard tells apart."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from dossiers.acts import endings, handovers, payment, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from onestop.accounts.models import Agency, Department, DepartmentKind, Officer, Role
from procedures.models import Case
from tests.clock import Clock
from tests.standing import standing
from tests.world import (
    MONDAY,
    Office,
    make_agency,
    make_case,
    make_office,
    make_officer,
    receive,
    vn,
)

# The morning on which the province below is looked at.
NOW = "27/11/2026 09:00"


@dataclass
class Province:
    agency: Agency
    first: Office
    second: Office
    empty: Office
    leader: Officer
    controller: Officer


def province() -> Province:
    agency = make_agency("Ủy ban nhân dân tỉnh Lạng Sơn")
    room = Department.objects.create(
        agency=agency, name="Lãnh đạo tỉnh", kind=DepartmentKind.LEADERSHIP
    )
    return Province(
        agency,
        make_office("Ủy ban nhân dân xã Bình Minh", parent=agency),
        make_office("Ủy ban nhân dân xã An Hòa", parent=agency),
        make_office("Ủy ban nhân dân xã Xa Vắng", parent=agency),
        make_officer("Vũ Thị Tỉnh", agency, (Role.LEADER, room)),
        make_officer("Ngô Kiểm Soát", agency, (Role.CONTROLLER, None)),
    )


def in_room(
    office: Office, case: Case, *, at: datetime = MONDAY, owner: str = "Nguyễn Văn Ân", **more: Any
) -> Dossier:
    """Received, given to the room and confirmed by the specialist."""
    dossier = receive(office, case, at=at, owner=owner, **more)
    step = NextStep(order=2, name="Xử lý hồ sơ", minutes=480)
    handovers.hand_over(dossier, to=office.room, step=step, by=office.desk(office.clerk, at), at=at)
    return handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist, at), at=at)


def ask_papers(office: Office, dossier: Dossier, at: datetime, **more: Any) -> None:
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk, at),
        at=at,
        **more,
    )


def ask_payment(office: Office, dossier: Dossier, at: datetime) -> None:
    asked = payment.Obligation(
        content="Tiền sử dụng đất",
        amount=1000,
        legal_basis="NĐ 103",
        determined_by="Thuế",
        pay_by=at.date(),
    )
    payment.ask_payment(Seen(dossier.pk), asked, by=office.desk(office.clerk, at), at=at)


def finish(office: Office, dossier: Dossier, at: datetime) -> None:
    desk = office.desk(office.clerk, at)
    result = endings.ResultIn(number="1", issued_on=at.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), result, by=desk, at=at)
    endings.finish(Seen(dossier.pk), by=desk, at=at, note="Sở ký")


def work(office: Office, at: datetime = MONDAY) -> dict[str, Dossier]:
    """One dossier of each kind, received on Monday 23/11/2026 09:00; looked at from the 27th."""
    cases = {days: make_case(f"{days} ngày làm việc") for days in (1, 3, 4, 7, 20)}
    land = make_case("20 ngày làm việc", field="Đất đai", name="Thủ tục đăng ký đất đai")
    found = {
        "late": in_room(office, cases[1], at=at),
        "today": in_room(office, cases[3], at=at),
        "ahead": in_room(office, cases[4], at=at),
        "later": in_room(office, cases[20], at=at),
        "land": in_room(office, land, at=at),
        "papers": in_room(office, cases[20], at=at),
        "money": in_room(office, cases[20], at=at),
        "late_waiting": in_room(office, cases[1], at=at),
        "counter": receive(office, cases[7], at=at),
        "given": receive(office, cases[7], at=at),
        "finished": receive(office, cases[7], at=at),
        "late_end": receive(office, cases[1], at=at),
    }
    handovers.hand_over(
        found["given"], to=office.room, by=office.desk(office.clerk, at), at=vn("27/11/2026 08:00")
    )
    ask_papers(office, found["papers"], vn("23/11/2026 15:00"))
    ask_payment(office, found["money"], vn("23/11/2026 15:00"))
    ask_payment(office, found["late_waiting"], vn("26/11/2026 15:00"))
    finish(office, found["finished"], vn("26/11/2026 15:00"))
    finish(office, found["late_end"], vn("27/11/2026 08:30"))
    found["new"] = receive(office, cases[7], at=vn("27/11/2026 08:45"))
    return found


@pytest.fixture
def now(clock: Clock) -> Clock:
    clock.now = vn(NOW)
    return clock


def make_worked() -> tuple[Province, dict[str, Dossier]]:
    place = province()
    work(place.second)
    return place, work(place.first)


@pytest.fixture
def worked(db: None) -> tuple[Province, dict[str, Dossier]]:
    return make_worked()


@pytest.fixture(scope="module")
def _standing_worked(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Province, dict[str, Dossier]]]:
    with standing(django_db_blocker, make_worked) as made:
        yield made


@pytest.fixture
def standing_worked(
    _standing_worked: tuple[Province, dict[str, Dossier]], db: None
) -> tuple[Province, dict[str, Dossier]]:
    """`worked`, made once a module: for modules all of whose tests look at it."""
    return deepcopy(_standing_worked)


@pytest.fixture
def place(db: None, clock: Clock) -> Province:
    """Three dossiers of the first commune, one of them finished; the year has just ended."""
    found = province()
    case = make_case("3 ngày làm việc")
    for day in (2, 3, 4):
        dossier = receive(found.first, case, at=vn(f"0{day}/11/2026 09:00"))
    finish(found.first, dossier, vn("05/11/2026 09:00"))
    clock.now = vn("15/12/2026 08:00")
    return found


Worked = tuple[Province, dict[str, Dossier]]
Enter = Callable[[Officer], Any]
