"""How accounts are used: each account and role held against a plain look at every row (R-144)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from onestop.accounts.models import (
    AccessEvent,
    Agency,
    Department,
    DepartmentKind,
    Officer,
    Role,
    RoleGrant,
)
from reports import using
from reports.using import Why
from tests.clock import Clock
from tests.reports.conftest import Province, province
from tests.reports.workbooks import sheet
from tests.world import make_agency, make_officer, vn

pytestmark = pytest.mark.django_db
NOW = vn("23/11/2026 09:00")
PAGE = "/bao-cao/tai-khoan/"


@pytest.fixture
def place(clock: Clock) -> Province:
    clock.now = NOW
    found = province()
    Officer.objects.update(last_seen_at=NOW - timedelta(days=1))
    return found


def plain(agency: Agency) -> tuple[list[tuple[str, Why]], set[Role]]:
    """Accounts with what is to be said of them, and the roles that open accounts hold there."""
    today, told, held = timezone.localdate(NOW), [], set()
    for officer in Officer.objects.filter(closed_at=None):
        grants = [
            one
            for one in officer.grants.all()
            if one.valid_from <= today and (one.valid_to is None or one.valid_to >= today)
        ]
        if officer.is_active:
            held |= {Role(one.role) for one in grants if one.agency_id == agency.pk}
        if officer.agency_id != agency.pk:
            continue
        if not officer.is_active:
            told.append((officer.username, Why.OFF))
        elif not grants:
            told.append((officer.username, Why.NO_ROLE))
        elif officer.last_seen_at is None:
            told.append((officer.username, Why.NEVER))
        elif officer.last_seen_at < NOW - timedelta(days=45):
            told.append((officer.username, Why.IDLE))
    return sorted(told), held


def test_each_account_and_role_is_told(place: Province, queries: Any) -> None:
    first, second = place.first, place.second
    Officer.objects.filter(pk=first.head.pk).update(last_seen_at=NOW - timedelta(days=45))
    Officer.objects.filter(pk=first.clerk.pk).update(last_seen_at=NOW - timedelta(days=45, seconds=1))  # fmt: skip
    Officer.objects.filter(pk=first.leader.pk).update(last_seen_at=None)
    Officer.objects.filter(pk=second.clerk.pk).update(is_active=False)
    Officer.objects.filter(pk=second.controller.pk).update(is_active=False, closed_at=NOW)
    RoleGrant.objects.filter(officer=second.specialist).update(valid_to=date(2026, 11, 22))
    bare = make_agency("Ủy ban nhân dân xã Mới", parent=place.agency)
    ended = make_agency("Ủy ban nhân dân xã Cũ", parent=place.agency)
    Agency.objects.filter(pk=ended.pk).update(closed_on=date(2026, 11, 22))
    agencies = list(Agency.objects.order_by("path"))
    with queries() as seen:
        use = using.of(agencies, 45, NOW)
    assert len(seen) == 3
    lines = {line.agency.pk: line for line in use.lines}
    assert ended.pk not in lines
    for pk, line in lines.items():
        told, held = plain(line.agency)
        found = sorted((one.officer.username, one.why) for one in use.people_of(line.agency))
        assert found == told, line.agency
        assert line.accounts == Officer.objects.filter(agency=pk, closed_at=None).count()
        wanted = {Role.CLERK, Role.SPECIALIST, Role.CONTROLLER} - held
        if not line.agency.departments.filter(kind=DepartmentKind.PROFESSIONAL).exists():
            wanted.discard(Role.SPECIALIST)
        assert len(line.lacks) == len(wanted) + (not held & {Role.HEAD, Role.LEADER}), line.lacks
    # On the day itself nobody is late, a second later he is.
    assert {one.officer.pk: one.why for one in use.people_of(first.agency)} == {
        first.leader.pk: Why.NEVER,
        first.clerk.pk: Why.IDLE,
    }
    assert lines[second.agency.pk].lacks == ("Chưa có cán bộ tiếp nhận", "Chưa có đầu mối kiểm soát")  # fmt: skip
    assert not lines[bare.pk].accounts
    assert lines[bare.pk].to_do


def test_a_room_without_the_role_of_its_work(place: Province) -> None:
    office = place.first
    room = Department.objects.create(
        agency=office.agency, name="Phòng Y tế", kind=DepartmentKind.PROFESSIONAL
    )
    Department.objects.create(
        agency=office.agency, name="Phòng cũ", kind=DepartmentKind.PROFESSIONAL, is_active=False
    )
    [line] = using.of([office.agency], 45, NOW).lines
    assert line.lacks == ()
    assert line.rooms == ("Phòng Y tế: chưa có chuyên viên",)
    make_officer("Vi Thị Lan", office.agency, (Role.HEAD, room))
    [line] = using.of([office.agency], 45, NOW).lines
    assert line.missing == ""


def test_a_controller_sees_what_he_controls(place: Province, signed_in: Callable[..., Any]) -> None:
    """The province all agencies, an agency itself with its people; the workbook says the same."""
    office = place.first
    Officer.objects.filter(pk=office.leader.pk).update(last_seen_at=None)
    page = signed_in(place.controller).get(PAGE)
    assert page.status_code == 200
    assert {line.agency for line in page.context["use"].lines} >= {office.agency, place.agency}
    assert page.context["people"] == []
    client = signed_in(office.controller)
    page = client.get(PAGE)
    assert [line.agency for line in page.context["use"].lines] == [office.agency]
    assert [one.officer for one in page.context["people"]] == [office.leader]
    assert "Chưa đăng nhập lần nào" in page.content.decode()
    assert client.get(PAGE, {"coquan": place.second.agency.code}).status_code == 404
    assert client.get(PAGE, {"ngay": "7"}).status_code == 404
    assert client.get(PAGE, {"ngay": "90"}).context["use"].days == 90
    content = client.get(f"{PAGE}tep.xlsx").content
    agencies, people = sheet(content, 1), sheet(content, 2)
    assert [row["A"][1] for row in agencies[1:]] == [office.agency.name]
    assert [row["B"][1] for row in people[1:]] == [office.leader.username]
    details = AccessEvent.objects.filter(officer=office.controller, object_kind="report")
    assert any(one.detail.endswith(f", tài khoản của {office.agency.code}") for one in details)
    assert signed_in(office.leader).get(PAGE).status_code == 403
