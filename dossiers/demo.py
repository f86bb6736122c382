"""The demo province with the worked dossiers of the last eighteen months: organisation, catalogue,
calendar, then invented and really worked ones.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dossiers.acts import endings, handovers, payment, reception, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import flags, online_flags
from dossiers.demo_online import filings_that_wait
from dossiers.generating import generate, holds_real_dossiers
from dossiers.generating.lives import TOKEN
from dossiers.generating.offices import place_name, working_hours
from dossiers.generating.people import somebody
from dossiers.intake import brought
from dossiers.intake.online import national_source
from dossiers.intake.wanted import Wanted, What, declared
from dossiers.models import Dossier, OfficeSettings
from dossiers.models.handover import Purpose
from onestop.accounts.calendars import calendar_of
from onestop.accounts.demo import OPENED, make_demo_organisation
from onestop.accounts.desk import desk_of
from onestop.accounts.hooks import demo_made
from onestop.accounts.models import Agency, Department, Officer
from onestop.errors import DomainError
from onestop.worktime import VN
from procedures.channels import Channel
from procedures.conditions import everybodys_papers
from procedures.demo import load_demo_catalogue
from procedures.models import Case, Paper, ProcedureVersion, Status

# The catalogue of the demo is in force from the first day of the two-level government.
CATALOGUE_FROM = datetime(2025, 7, 1, 1, 0, tzinfo=UTC)
# Invented dossiers of the last eighteen months (days), over three communes and the centre with its
# two departments, but none from before 01/7/2025: no office of these existed and no version of the
# catalogue was in force, what was received then belongs to earlier agencies. So until the end of
# 2026 the demo has fewer months: all there can be.
DAYS, COUNT = 548, 3000
PAY_DAYS = 30
ACCOUNTS = (
    ("tiepnhan", "cán bộ tiếp nhận, phường Tam Thanh"),
    ("chuyenvien", "chuyên viên, phường"),
    ("truongphong", "trưởng phòng, phường"),
    ("lanhdao", "lãnh đạo phường"),
    ("kiemsoat", "kiểm soát thủ tục hành chính, phường"),
    ("quantri", "quản trị, phường"),
    ("tinh.tiepnhan", "tiếp nhận, Trung tâm tỉnh"),
    ("tinh.lanhdao", "lãnh đạo tỉnh"),
    ("tinh.kiemsoat", "kiểm soát, tỉnh"),
)


@dataclass(slots=True)
class Demo:
    """What was made, and how to get in."""

    password: str
    made: bool
    dossiers: int = 0
    open: int = 0
    accounts: tuple[tuple[str, str], ...] = field(default=ACCOUNTS)


def password_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-password.txt"


def demo_password() -> str:
    """The one password of this installation's demo: from DEMO_PASSWORD, else made once and kept in
    var/ for its owner only.
    """
    given = os.environ.get("DEMO_PASSWORD", "")
    file = password_file()
    if not given and file.exists():
        given = file.read_text(encoding="utf-8").strip()
    password = given or f"Demo-{secrets.token_hex(3)}@{secrets.randbelow(90) + 10}"
    if not file.exists() or file.read_text(encoding="utf-8").strip() != password:
        with open(
            file, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)
        ) as out:
            out.write(password + "\n")
    return password


def ensure_organisation(*, now: datetime) -> dict[str, Any] | None:
    """Agencies, officers, calendar and catalogue of the demo where the database has none; None when
    it has its own.
    """
    if Agency.objects.exists():
        return None
    return _organisation(now)


def _organisation(now: datetime) -> dict[str, Any]:
    made = make_demo_organisation(
        password=demo_password(), at=min(CATALOGUE_FROM, now), seen_at=now
    )
    if not ProcedureVersion.objects.exists():
        load_demo_catalogue(at=min(CATALOGUE_FROM, now), by=made["officers"]["kiemsoat"])
    return made


def make_demo(*, now: datetime, if_empty: bool = False, organisation_only: bool = False) -> Demo:
    """The whole demo. `if_empty`: leave a database that has agencies or dossiers as it is.

    Errors: DomainError("demo_not_empty") on a database with an organisation or dossiers of its own.
    """
    own = Agency.objects.exists() or Dossier.objects.exists()
    if own and if_empty:
        return Demo(
            demo_password(),
            made=False,
            dossiers=Dossier.objects.count(),
            open=Dossier.objects.filter(ended_at=None).count(),
        )
    if (
        Dossier.objects.exists()
        or (own and not Agency.objects.filter(code="H37").exists())
        or holds_real_dossiers()
    ):
        raise DomainError("demo_not_empty")
    made = _organisation(now)
    for commune in made["communes"]:
        OfficeSettings.objects.get_or_create(
            agency=commune,
            defaults={"self_approval_decision": "Quyết định 12/QĐ-UBND ngày 02/7/2025"},
        )
    if not organisation_only:
        national_source()
        generate(
            count=COUNT,
            now=now - timedelta(minutes=30),
            seed=2026,
            first=first_day(now),
        )
        work_a_morning(made["communes"][0], made["officers"], now=now)
        filings_that_wait(made["communes"][0], made["officers"], now=now)
        flags.flag_overdue(now)
        online_flags.flag(now)
        demo_made.send(sender=Demo, agencies=[*made["communes"], *made["departments"]], at=now)
    return Demo(
        demo_password(),
        made=True,
        dossiers=Dossier.objects.count(),
        open=Dossier.objects.filter(ended_at=None).count(),
    )


def first_day(now: datetime) -> date:
    """From when on the demo has dossiers."""
    return max(OPENED, timezone.localdate(now - timedelta(days=DAYS)))


class _Morning:
    """Dossiers of the first commune worked through the real verbs, with their slips, one for every
    queue.
    """

    def __init__(self, agency: Agency, officers: dict[str, Officer], now: datetime) -> None:
        self.agency, self.officers, self.now = agency, officers, now
        self.calendar = working_hours(calendar_of(agency.pk), timezone.localdate(now))
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

    def receive(self, code: str, at: datetime, **changes: Any) -> Dossier:
        case = _case(code, timezone.localdate(at))
        method = case.method_for(Channel.DIRECT)
        assert method is not None
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
            fee_amount=method.fee_amount if method.fee_amount is not None else 0,
            fee_reason="" if method.fee_amount is not None else "Theo biểu phí niêm yết",
            no_scan_reason="Dữ liệu minh họa",
            **changes,
        )
        return reception.receive(data, by=desk_of(self.officers["tiepnhan"], at), at=at)

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
            by=desk_of(self.officers[giver], at),
            at=at,
        )

    def confirm(self, dossier: Dossier, who: str, at: datetime) -> None:
        handovers.confirm(Seen(dossier.pk), by=desk_of(self.officers[who], at), at=at)

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
        endings.record_result(
            Seen(dossier.pk), data, by=desk_of(self.officers["chuyenvien"], signed), at=signed
        )
        return dossier


HANDLE = NextStep(order=2, name="Thẩm định hồ sơ", minutes=960)
APPROVE = NextStep(order=3, name="Duyệt, ký kết quả", minutes=240, purpose=Purpose.APPROVE)
BRING_BACK = NextStep(order=4, name="Trả kết quả tại Bộ phận Một cửa", purpose=Purpose.RETURN)
MARITAL, RECOGNITION, BIRTH, COPY = "1.004873", "1.001022", "1.001193", "2.000635"
# A boat or ship that changes hands: its registration fee is determined by the tax office.
BOAT = "1.004002"


def work_a_morning(agency: Agency, officers: dict[str, Officer], *, now: datetime) -> None:
    """One dossier for every queue of the first commune: just received, given and not confirmed, in
    hand, due soon, late, waiting, before the leader, brought back, finished, returned.
    """
    day = _Morning(agency, officers, now)
    counter, leadership = day.rooms["one_stop"], day.rooms["leadership"]
    at = day.ago
    day.receive(MARITAL, at(0, 7, 20))
    day.receive(BIRTH, at(0, 7, 45))
    day.give(
        day.receive(RECOGNITION, at(0, 8, 5)), "tiepnhan", day.office, "", HANDLE, at(0, 8, 30)
    )
    day.give(
        day.receive(MARITAL, at(0, 8, 10)),
        "tiepnhan",
        day.office,
        "chuyenvien",
        HANDLE,
        at(0, 8, 31),
    )
    day.in_the_room(MARITAL, at(1, 9))
    day.in_the_room(RECOGNITION, at(1, 14))
    day.in_the_room(MARITAL, at(3, 8))  # due today
    day.in_the_room(RECOGNITION, at(6, 9))  # late
    waiting = day.in_the_room(RECOGNITION, at(2, 8))
    supplements.ask(
        Seen(waiting.pk),
        items=[
            Wanted(What.PAPER, "bản chụp mờ, nộp lại 1 bản", _papers_of(waiting)[0]),
            *declared("Tờ khai chưa ghi ngày sinh của người con"),
        ],
        reason="Hồ sơ chưa đủ thành phần",
        by=desk_of(officers["tiepnhan"], at(1, 15)),
        at=at(1, 15),
    )
    _ask_payment(day, day.in_the_room(BOAT, at(2, 9)), at(1, 16))
    before_leader = day.with_result(MARITAL, at(2, 8, 30), at(1, 10))
    day.give(before_leader, "chuyenvien", leadership, "lanhdao", APPROVE, at(1, 10, 10))
    for taken_back in (False, True, True):
        done = day.with_result(MARITAL, at(4, 9), at(3, 9))
        day.give(done, "chuyenvien", leadership, "lanhdao", APPROVE, at(3, 9, 10))
        day.confirm(done, "lanhdao", at(3, 10))
        day.give(done, "lanhdao", counter, "", BRING_BACK, at(2, 9))
        if taken_back:
            day.confirm(done, "tiepnhan", at(2, 10))
    taking = endings.Taking(name=done.owner_name, identity=done.identity_number)
    endings.give_back(
        Seen(done.pk), taking, by=desk_of(officers["tiepnhan"], at(1, 8)), at=at(1, 8)
    )


def _ask_payment(day: _Morning, dossier: Dossier, at: datetime) -> None:
    """The counter gives the notice of what the tax office determined (status 6)."""
    obligation = payment.Obligation(
        content="Lệ phí trước bạ phương tiện thủy nội địa",
        amount=1_250_000,
        legal_basis="Thông báo nộp lệ phí trước bạ số 15/TB-TCS3",
        determined_by="Thuế cơ sở 3",
        pay_by=timezone.localdate(day.now) + timedelta(days=PAY_DAYS),
    )
    desk = desk_of(day.officers["tiepnhan"], at)
    payment.ask_payment(Seen(dossier.pk), obligation, by=desk, at=at)


def _papers_of(dossier: Dossier) -> list[int]:
    """Ids of the published papers of its case, in the order of the list."""
    return list(
        Paper.objects.filter(case=dossier.case_id, is_note=False)
        .order_by("order")
        .values_list("pk", flat=True)
    )


def _case(code: str, on: date) -> Case:
    version = (
        ProcedureVersion.objects.in_force(on)
        .filter(procedure__code=code, status=Status.READY)
        .latest("number")
    )
    return version.cases.prefetch_related("methods", "papers").earliest("order")
