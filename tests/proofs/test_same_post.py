"""Eight equal POSTs at once (C3): one row, and whoever was second is told; never a server error."""

import os
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from dossiers.models import CounterVisit, Draft, Slip
from onestop.accounts.models import (
    Agency,
    CalendarDay,
    Department,
    Officer,
    Role,
    RoleGrant,
    Substitution,
    WorkingWeek,
)
from onestop.outbox.models import Message
from reports import frozen
from reports.duties import acts, reminding
from reports.duties.acts import Report
from reports.entering import acts as entering
from reports.figures.entered import Line
from reports.form_data import form_on
from reports.models import Duty, DutyAct, LateCause, SignedReport
from reports.periods import parse
from tests import matrix
from tests.dossiers import addresses
from tests.pages import PageClient
from tests.proofs.forks import fork, somebody_waits, wait
from tests.reports.conftest import province
from tests.world import make_case, receive, vn

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8
OFFICER = {"full_name": "Nguyễn Văn Ân", "username": "nguyenvanan"}


def together(
    client_of: Callable[[], Client], address: str, sent: dict[str, Any] | None
) -> list[int]:
    """The worst status that each of eight processes saw, all sending at one instant: when all are
    there and the parent closes the gate.
    """
    gate, open_end = os.pipe()

    def work() -> None:
        os.close(open_end)
        client = client_of()
        client.raise_request_exception = False
        connection.ensure_connection()
        os.read(gate, 1)  # nothing is written: it ends when the parent closes the other end
        response = client.get(address) if sent is None else client.post(address, sent)
        if response.status_code >= 500:
            raise SystemExit(3)

    children = [fork(work) for _ in range(AT_ONCE)]
    os.close(open_end)
    os.close(gate)
    return [wait(pid) for pid in children]


def signed_in(officer: Officer) -> Callable[[], Client]:
    client = PageClient()
    client.force_login(officer)
    return lambda: client


def test_accounts_departments_and_days_are_made_once() -> None:
    world = matrix.make_world()
    administrator = signed_in(world.officers[Role.ADMINISTRATOR])
    own = world.own.pk
    kind = world.department(world.own).kind
    clerk, other = world.officers[Role.CLERK], world.officers[Role.SPECIALIST]
    grants = RoleGrant.objects.count()
    for address, sent in (
        ("/quan-tri/can-bo/moi/", OFFICER),
        (
            f"/quan-tri/co-quan/{own}/phong-ban/moi/",
            {"name": "Phòng Mới", "kind": kind, "order": "1", "is_active": "on"},
        ),
        ("/quan-tri/lich/ngay/moi/", _day(own)),
        ("/quan-tri/lich/tuan/moi/", _week(own)),
        ("/quan-tri/lam-thay/", _away(clerk, other)),
        (reverse("accounts:grant_role", args=[clerk.pk]), _role(world)),
    ):
        assert together(administrator, address, sent) == [0] * AT_ONCE, address
    assert Officer.objects.filter(username="nguyenvanan").count() == 1
    assert Department.objects.filter(agency=own, name="Phòng Mới").count() <= 1
    assert CalendarDay.objects.filter(agency=own).count() <= 1
    assert WorkingWeek.objects.filter(agency=own).count() <= 1
    assert Substitution.objects.count() <= 1
    assert RoleGrant.objects.count() <= grants + 1
    assert Agency.objects.count() == 3


def test_a_refusal_is_one_visit_with_one_slip_and_no_draft_left() -> None:
    world = matrix.make_world()
    version = make_case().version
    sent = {
        "token": str(UUID(int=7)), "viec": "tu-choi", "owner_name": "Nguyễn Văn Ân", "identity_kind": "1", "owner_kind": "1",
        "identity_number": "", "refuse_reason": "Không thuộc thẩm quyền",
    }  # fmt: skip
    assert (
        together(
            signed_in(world.officers[Role.CLERK]), reverse("intake_form", args=[version.code]), sent
        )
        == [0] * AT_ONCE
    )
    assert (CounterVisit.objects.count(), Slip.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_a_control_sheet_drawn_by_eight_has_one_number() -> None:
    world = matrix.make_world()
    dossier = addresses.in_room(world, world.own)
    address = reverse("make_sheet", args=[dossier.code])
    assert together(signed_in(world.officers[Role.CLERK]), address, {}) == [0] * AT_ONCE
    assert Slip.objects.filter(dossier=dossier, slug="kiem-soat").count() == 1


def test_a_draft_saved_by_two_of_one_token_is_one_draft() -> None:
    world = matrix.make_world()
    sent = {"thu-tuc": make_case().version.code, "owner_name": "Ân"}
    assert (
        together(
            signed_in(world.officers[Role.CLERK]),
            reverse("intake_autosave", args=[UUID(int=9)]),
            sent,
        )
        == [0] * AT_ONCE
    )
    assert Draft.objects.count() == 1


def test_a_cause_said_by_two_at_once_stands_once() -> None:
    place = province()
    dossier = receive(place.first, make_case("3 ngày làm việc"), at=vn("02/11/2026 09:00"))
    address = reverse("report_cause", args=[dossier.code])
    sent = {"cause": "staff", "detail": "", "department": str(place.first.room.pk)}
    assert together(signed_in(place.first.head), address, sent) == [0] * AT_ONCE
    assert LateCause.objects.filter(replaced_at=None).count() == 1


@pytest.mark.parametrize("returned", [False, True])
def test_a_report_put_before_the_head_twice_at_once_waits_once(returned: bool) -> None:
    office = province().first
    period = parse("2026M10")
    form, at = form_on("II.06a", period.last), vn("16/10/2026 09:00")
    if returned:
        first = frozen.prepare(form, office.agency, period, at, by=office.controller, at=at)
        frozen.send_back(first.pk, reason="Thiếu", by=office.leader, at=at)
    address = reverse("report_act", args=[form.slug, office.agency.code, period.code, "trinh"])
    assert together(signed_in(office.controller), address, {}) == [0] * AT_ONCE
    waiting = SignedReport.objects.filter(state=SignedReport.State.PREPARED)
    assert [one.version for one in waiting] == [1 + returned]


def test_who_presents_figures_waits_for_who_is_saving_them() -> None:
    """What is put before the head is what was saved last, also where that was a blink ago."""
    office, period = province().first, parse("2026Q4")
    form, at = form_on("II.05a", period.last), vn("15/12/2026 09:00")
    by = office.desk(office.controller, at)
    numbers = [one.number for one in form.columns_of()]

    def save(number: int, seen: int) -> None:
        line = Line("field:1", "Đất đai", dict.fromkeys(numbers, 0) | {"14": number})
        entering.save(form, office.agency, period, [line], seen=seen, by=by, at=at)

    save(1, 0)
    gate, open_end = os.pipe()

    def present() -> None:
        os.close(open_end)
        os.read(gate, 1)
        frozen.prepare(form, office.agency, period, at, by=office.controller, at=at)

    child = fork(present)
    with transaction.atomic():
        save(2, 1)
        os.close(open_end)
        while not somebody_waits():
            assert os.waitpid(child, os.WNOHANG) == (0, 0), "it did not wait"
            time.sleep(0.02)
    assert wait(child) == 0
    os.close(gate)
    assert SignedReport.objects.get().figures["total"]["14"] == 2


def test_a_report_that_is_owed_is_returned_by_eight_at_once_once() -> None:
    place, at = province(), vn("23/11/2026 09:00")
    duty = Duty.objects.get(whose="commune", every="Q")
    report = Report(place.first.agency, duty, parse("2026Q4"))
    own = place.first.desk(place.first.controller, at)
    acts.send_document(report, on=at.date(), number="1", with_form=True, by=own, at=at)
    where = [report.agency.code, duty.pk, "2026Q4", "tra-lai"]
    sent = {"reason": "Thiếu mục III", "is_poor": "on"}
    answers = together(signed_in(place.controller), reverse("duty_do", args=where), sent)
    assert answers == [0] * AT_ONCE
    kinds = DutyAct.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["document", "poor", "returned"]
    assert Message.objects.filter(kind="report").count() == 1


def test_eight_schedulers_remind_once() -> None:
    """Of the quarter and the year of four agencies, each with a controller."""
    province()

    def work() -> None:
        reminding.remind(vn("18/12/2026 08:10"))

    assert [wait(pid) for pid in [fork(work) for _ in range(AT_ONCE)]] == [0] * AT_ONCE
    told = Message.objects.filter(kind="duty_due").values_list("to_officer", "link")
    assert len(told) == len(set(told)) == 8


def _day(agency: int) -> dict[str, str]:
    return {
        "co-quan": str(agency),
        "date": "07/12/2026",
        "kind": "closed",
        "name": "Mất điện",
        "source": "TB 1",
        "confidence": "high",
    }


def _week(agency: int) -> dict[str, str]:
    days = {f"day_{n}": "07:00-11:30" if n < 5 else "" for n in range(7)}
    return {"co-quan": str(agency), "effective_from": "07/12/2026", "source": "QĐ 1"} | days


def _away(absent: Officer, substitute: Officer) -> dict[str, str]:
    return {
        "absent": str(absent.pk), "substitute": str(substitute.pk), "from_date": "01/12/2027", "to_date": "02/12/2027", "reason": "Nghỉ phép",
    }  # fmt: skip


def _role(world: matrix.World) -> dict[str, str]:
    return {
        "role": "documents",
        "department": str(world.department(world.own).pk),
        "valid_from": "01/12/2026",
    }
