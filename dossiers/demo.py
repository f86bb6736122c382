"""The demo province with the worked dossiers of the last eighteen months: organisation, catalogue,
calendar, then invented and really worked ones.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from dossiers.acts import endings, payment, supplements
from dossiers.acts.many import Seen
from dossiers.clock import flags, online_flags
from dossiers.demo_day import (
    APPROVE,
    BIRTH,
    BOAT,
    BRING_BACK,
    HANDLE,
    MARITAL,
    RECOGNITION,
    Day,
    papers_of,
)
from dossiers.demo_money import take_fees
from dossiers.demo_online import filings_that_wait
from dossiers.demo_partners import partner_hands_in
from dossiers.demo_post import go_by_post
from dossiers.demo_together import work_together
from dossiers.demo_turns import apologise_for_delays, take_other_turns
from dossiers.generating import generate, holds_real_dossiers
from dossiers.intake.online import national_source
from dossiers.intake.wanted import Wanted, What, declared
from dossiers.models import Dossier, OfficeSettings
from dossiers.models.collecting import ResultNotice
from onestop.accounts.demo import OPENED, make_demo_organisation
from onestop.accounts.desk import desk_of
from onestop.accounts.hooks import demo_made
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from procedures.demo import load_demo_catalogue, publish_demo_lists
from procedures.demo_received import name_focal_points, receive_before_publication
from procedures.models import ProcedureVersion

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
    ("vanthu", "văn thư, phường"),
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


def is_here() -> bool:
    """Whether the organisation of this database is the demo's."""
    names = [name for name, _ in ACCOUNTS]
    accounts = Officer.objects.filter(username__in=names).count()
    return accounts == len(names) and Agency.objects.filter(code="H37").exists()


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
        publish_demo_lists(
            agency=made["province"],
            drafter=made["officers"]["tinh.kiemsoat"],
            checker=made["officers"]["tinh.lanhdao"],
            at=min(CATALOGUE_FROM, now),
        )
        generate(
            count=COUNT,
            now=now - timedelta(minutes=30),
            seed=2026,
            first=first_day(now),
        )
        day = Day(made["communes"][0], made["officers"], now)
        work_a_morning(day)
        take_other_turns(day)
        take_fees(day)
        go_by_post(day)
        work_together(day, made["communes"][1])
        apologise_for_delays([*made["communes"], *made["departments"]], now=now)
        filings_that_wait(made["communes"][0], made["officers"], now=now)
        partner_hands_in(made["communes"][0], made["officers"], password=demo_password(), now=now)
        receive_before_publication(
            agency=made["province"], by=made["officers"]["tinh.kiemsoat"], now=now
        )
        name_focal_points(
            province=made["province"], communes=made["communes"], officers=made["officers"], now=now
        )
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


def work_a_morning(day: Day) -> None:
    """One dossier for every queue of the first commune: just received, given and not confirmed, in
    hand, due soon, late, waiting, before the leader, brought back, finished, returned.
    """
    officers = day.officers
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
            Wanted(What.PAPER, "bản chụp mờ, nộp lại 1 bản", papers_of(waiting)[0]),
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
    taking = endings.Taking(
        name=done.owner_name, identity=done.identity_number, told=ResultNotice.Way.SPOKEN
    )
    endings.give_back(
        Seen(done.pk), taking, by=desk_of(officers["tiepnhan"], at(1, 8)), at=at(1, 8)
    )


def _ask_payment(day: Day, dossier: Dossier, at: datetime) -> None:
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
