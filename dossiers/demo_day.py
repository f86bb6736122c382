"""A working day of the demo's first commune, worked through the real verbs: who does what, at which
hour of which working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from dossiers.acts import endings, handovers, reception
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.generating.lives import TOKEN
from dossiers.generating.offices import place_name, working_hours
from dossiers.generating.people import somebody
from dossiers.intake import brought
from dossiers.models import Dossier
from dossiers.models.handover import Purpose
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Agency, Department, Officer
from onestop.worktime import VN
from procedures.channels import Channel
from procedures.conditions import everybodys_papers
from procedures.models import Case, Paper, ProcedureVersion, Status

HANDLE = NextStep(order=2, name="Thẩm định hồ sơ", minutes=960)
APPROVE = NextStep(order=3, name="Duyệt, ký kết quả", minutes=240, purpose=Purpose.APPROVE)
# How near a year without calendar rows is felt by promises of these days.
NEAR_DAYS = 30
STAMP = NextStep(order=4, name="Vào sổ, đóng dấu", minutes=120, purpose=Purpose.STAMP)
BRING_BACK = NextStep(order=4, name="Trả kết quả tại Bộ phận Một cửa", purpose=Purpose.RETURN)
MARITAL, RECOGNITION, BIRTH = "1.004873", "1.001022", "1.001193"
# A boat or ship that changes hands: its registration fee is determined by the tax office.
BOAT = "1.004002"


class Day:
    """Dossiers of the first commune worked through the real verbs, with their slips, one for every
    queue.
    """

    def __init__(self, agency: Agency, officers: dict[str, Officer], now: datetime) -> None:
        self.agency, self.officers, self.now = agency, officers, now
        own, today = calendar_of(agency.pk), timezone.localdate(now)
        self.calendar = working_hours(own, today)
        # Whether a promise made these days can move: no year without calendar rows is near.
        month = timedelta(days=NEAR_DAYS)
        near = {(today - month).year, (today + month).year}
        self.moves_promises = near <= own.known_years
        self.rng = Random(11)
        self.rooms = {
            d.kind: d for d in Department.objects.filter(agency=agency).order_by("-order")
        }
        self.office = Department.objects.get(agency=agency, name="Văn phòng HĐND và UBND")
        self.number = 0

    def ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """An hour of the working day so many working days ago, never after now."""
        day = timezone.localdate(self.now)
        while not self.calendar.is_working_day(day) or days > 0:
            days -= self.calendar.is_working_day(day)
            day -= timedelta(days=1)
        at = datetime.combine(day, time(hour, minute, self.rng.randrange(60)), VN)
        return min(at, self.now - timedelta(minutes=5))

    def desk(self, who: str, at: datetime) -> Desk:
        return desk_of(self.officers[who], at)

    def receive(
        self,
        code: str,
        at: datetime,
        *,
        recorded_at: datetime | None = None,
        fee: int | None = None,
        **changes: Any,
    ) -> Dossier:
        case = case_of(code, timezone.localdate(at))
        method = case.method_for(Channel.DIRECT)
        assert method is not None
        fee = method.fee_amount if fee is None else fee
        self.number += 1
        person = somebody(self.rng, place_name(self.agency), at.year)
        data = brought.Intake(
            token=UUID(bytes=TOKEN + self.number.to_bytes(12, "big")),
            agency=self.agency,
            case_id=case.pk,
            channel=Channel.DIRECT,
            owner=brought.Person(
                name=person.name,
                kind=person.owner_kind,
                identity_kind=person.identity_kind,
                identity_number=person.identity_number,
                phone=person.phone,
                address=person.address,
            ),
            papers=tuple(
                brought.PaperIn(p.pk, p.originals or 1, p.certified, p.copies)
                for p in everybodys_papers(case)
            )[:6],
            fee_amount=fee or 0,
            fee_reason="" if fee == method.fee_amount is not None else "Theo biểu phí niêm yết",
            no_scan_reason="Dữ liệu minh họa",
            **changes,
        )
        by = self.desk("tiepnhan", recorded_at or at)
        return reception.receive(data, by=by, at=at, recorded_at=recorded_at)

    def give(
        self,
        dossier: Dossier,
        giver: str,
        to: Department,
        receiver: str,
        step: NextStep,
        at: datetime,
    ) -> None:
        dossier.refresh_from_db()
        handovers.hand_over(
            dossier,
            to=to,
            receiver=self.officers[receiver] if receiver else None,
            step=step,
            by=self.desk(giver, at),
            at=at,
        )

    def confirm(self, dossier: Dossier, who: str, at: datetime) -> None:
        handovers.confirm(Seen(dossier.pk), by=self.desk(who, at), at=at)

    def in_the_room(self, code: str, at: datetime) -> Dossier:
        """Received, given to the room and taken up by the specialist."""
        dossier = self.receive(code, at)
        self.give(
            dossier, "tiepnhan", self.office, "chuyenvien", HANDLE, at + timedelta(minutes=12)
        )
        self.confirm(dossier, "chuyenvien", at + timedelta(minutes=25))
        return dossier

    def with_result(self, code: str, at: datetime, signed: datetime) -> Dossier:
        dossier = self.in_the_room(code, at)
        self.number += 1
        data = endings.ResultIn(
            title="Giấy xác nhận",
            number=f"{self.number}/UBND-XN",
            issued_on=timezone.localdate(signed),
            signer=self.officers["lanhdao"].full_name,
        )
        endings.record_result(Seen(dossier.pk), data, by=self.desk("chuyenvien", signed), at=signed)
        return dossier


def papers_of(dossier: Dossier) -> list[int]:
    """Ids of the published papers of its case, in the order of the list."""
    return list(
        Paper.objects.filter(case=dossier.case_id, is_note=False)
        .order_by("order")
        .values_list("pk", flat=True)
    )


def case_of(code: str, on: date) -> Case:
    version = (
        ProcedureVersion.objects.in_force(on)
        .filter(procedure__code=code, status=Status.READY)
        .latest("number")
    )
    return version.cases.prefetch_related("methods", "papers").earliest("order")
