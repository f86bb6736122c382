"""One life: an office, a dossier that is received, dice that decide who does what next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

import tests.world
from dossiers.models import Dossier, OfficeSettings
from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer, Role, Substitution
from procedures.channels import Channel
from procedures.models import InternalProcess, Step, StepRole
from tests.lives import product
from tests.world import Office, an_intake, filed_online, make_case, make_office, make_officer, vn

TERMS = (
    "3 ngày làm việc", "7 ngày làm việc", "1,5 ngày làm việc", "5 ngày", "1 tháng", "8 giờ làm việc", "24 giờ", "trong ngày",
    "trong ngày (trước 10:00)", "trả ngay", "trả ngay", "không phải trả kết quả",
)  # fmt: skip
STARTS = (
    "23/11/2026 09:00", "20/11/2026 15:00", "20/11/2026 15:20", "21/11/2026 10:00", "30/12/2026 16:55", "20/12/2027 08:00",
    "23/11/2026 12:15",
)  # fmt: skip
CHANNELS = (Channel.DIRECT, Channel.DIRECT, Channel.DIRECT, Channel.ONLINE_FULL, Channel.POST)
FEES = (0, 0, 8000, 50000)
# Half of the lives follow an internal process; it takes the work of a procedure through its desks.
PROCESS = (
    (StepRole.COUNTER, None), (StepRole.SPECIALIST, 960), (StepRole.HEAD, 240), (StepRole.LEADER, 240), (StepRole.DOCUMENTS, None),
    (StepRole.COUNTER, 60),
)  # fmt: skip


@dataclass
class Place:
    """The office of all lives, the people whose names stand in what is told, the rooms."""

    office: Office
    people: dict[str, Officer]

    @property
    def names(self) -> dict[int, str]:
        return {officer.pk: officer.full_name for officer in self.people.values()}

    @property
    def rooms(self) -> dict[int, str]:
        office = self.office
        rooms = (office.counter, office.room, office.second_room, office.leadership)
        return {room.pk: room.name for room in rooms}


def make_place() -> Place:
    """The same at every recording: numbers that stand in codes begin anew."""
    tests.world._numbers = count(1)
    office = make_office()
    many = make_officer(
        "Năm Vai", office.agency, (Role.CLERK, office.counter), (Role.SPECIALIST, office.room), (Role.LEADER, office.leadership),
    )  # fmt: skip
    people = {
        "clerk": office.clerk,
        "other clerk": make_officer("Vũ Thị Lan", office.agency, (Role.CLERK, office.counter)),
        "specialist": office.specialist,
        "other specialist": office.second_specialist,
        "head": office.head,
        "leader": office.leader,
        "controller": office.controller,
        "clerk, specialist and leader": many,
        "administrator": make_officer(
            "Bùi Văn Quản", office.agency, (Role.ADMINISTRATOR, office.leadership)
        ),
    }
    return Place(office, people)


@dataclass
class Life:
    """A dossier on its way. `dice` of each attempt are its own, so that one act that goes otherwise
    does not throw all that follows.
    """

    place: Place
    seed: int
    at: datetime
    dossier: Dossier
    dice: Random
    desks: dict[tuple[int, date], Desk] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return self.place.office

    def throw(self, *of_what: object) -> None:
        self.dice = dice_of(self.seed, *of_what)

    def somebody(self) -> Desk:
        """Anybody's desk, more often that of whom it lies with or waits for."""
        people = list(self.place.people.values())[:8]
        near = [officer for officer in people if self._is_near(officer)]
        return self.desk(self.dice.choice(near if near and self.dice.random() < 0.7 else people))

    def _is_near(self, officer: Officer) -> bool:
        dossier = self.dossier
        room = dossier.pending_department_id or dossier.holder_department_id
        return officer.department_id == room or officer.pk == dossier.holder_id

    def desk(self, officer: Officer) -> Desk:
        key = officer.pk, self.at.date()
        return self.desks.setdefault(key, self.office.desk(officer, self.at))

    def seen(self) -> product.Seen:
        """As a page that says which version it shows, or one that does not ask."""
        version = self.dice.choice([None, self.dossier.row_version])
        return product.Seen(self.dossier.pk, version)


def dice_of(*of_what: object) -> Random:
    return Random(":".join(map(str, of_what)))


def begin(place: Place, seed: int) -> Life:
    """Received by the clerk, by what the dice say of term, fee, channel, process and the office."""
    tests.world._numbers = count(1000)
    dice = dice_of(seed, "begin")
    office, at, term, fee = (
        place.office,
        vn(dice.choice(STARTS)),
        dice.choice(TERMS),
        dice.choice(FEES),
    )
    if dice.random() < 0.5:
        OfficeSettings.objects.create(agency=office.agency, self_approval_decision="12/QĐ-UBND")
    if dice.random() < 0.3:
        Substitution.objects.create(
            absent=office.specialist, substitute=office.second_specialist, from_date=at.date(), to_date=at.date() + timedelta(days=9),
        )  # fmt: skip
    case = make_case(term, supplement_mode=dice.choice([1, 2]), fee=fee)
    if dice.random() < 0.5:
        _give_process(case.version.procedure.code)
    asked = an_intake(office, case, channel=dice.choice(CHANNELS), fee_amount=fee)
    if asked.channel == Channel.ONLINE_FULL:
        # An online dossier keeps the portal's code: here the one that our counter would have given.
        code = f"{office.agency.dossier_code}-{at:%y%m%d}-0001"
        asked = replace(asked, online=filed_online(at, code))
    at_once = term == "trả ngay" and dice.random() < 0.6
    receive = product.reception.receive_and_return if at_once else product.reception.receive
    dossier = receive(asked, by=office.desk(office.clerk, at), at=at)
    dossier.refresh_from_db()
    return Life(place, seed, at, dossier, dice)


def _give_process(code: str) -> None:
    process = InternalProcess.objects.create(
        procedure_code=code, decision="99/QĐ-UBND", level="Cấp xã"
    )
    for order, (role, minutes) in enumerate(PROCESS, start=1):
        Step.objects.create(
            process=process, order=order, role=role, task=f"Bước {order}", minutes=minutes
        )
