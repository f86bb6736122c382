"""Which of the procedures that an agency receives have an internal process, and what the office says
of each (R-77).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import AccessEvent, AccessKind, Agency, Role
from procedures.domain.own_processes import describe, overview, state_of
from procedures.domain.process_hours import misfits
from procedures.domain.processes import default_process, import_processes
from procedures.models import InternalProcess, Status
from tests.procedures.conftest import source
from tests.procedures.test_processes import process
from tests.world import MONDAY, Office, make_agency, make_case, make_office, make_officer, vn

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def top() -> Agency:
    return make_agency("Ủy ban nhân dân tỉnh")


@pytest.fixture
def office(top: Agency) -> Office:
    return make_office(parent=top)


def of(code: str, **parts: Any) -> dict[str, Any]:
    return process(code, **parts)


def test_an_agency_sees_what_it_receives_with_the_processes_of_its_level(
    office: Office, queries: Callable[[], Any]
) -> None:
    mine, away, none = make_case(), make_case(), make_case()
    import_processes(
        source(of(mine.version.code), of(away.version.code, level="Cấp tỉnh")), at=MONDAY
    )
    for _ in range(3):
        make_case()
    with queries() as seen:
        found = overview(office.agency, TODAY)
    assert len(seen) == 7
    assert (found.received, found.without) == (6, 5)
    having = {line.version.code for line in found.lines if line.processes}
    assert having == {mine.version.code}
    without = overview(office.agency, TODAY, only_without=True)
    codes = {line.version.code for line in without.lines}
    assert {away.version.code, none.version.code} <= codes
    assert mine.version.code not in codes


def test_what_is_not_received_here_is_not_counted(office: Office) -> None:
    case = make_case()
    make_case(effective_to=TODAY)
    make_case(status=Status.NEEDS_TERM)
    found = overview(office.agency, TODAY)
    assert [line.version.code for line in found.lines] == [case.version.code]
    assert (found.received, found.without) == (1, 1)


def test_hours_that_do_not_fit_are_told_and_kept(office: Office) -> None:
    assert misfits(480, [240, 240, None], ["1 ngày làm việc"]) == []
    assert misfits(960, [240, 240], ["5 ngày làm việc"]) == ["các bước cộng 8 giờ, tổng ghi 16 giờ"]
    [late] = misfits(960, [960], ["1 ngày làm việc", "8 giờ làm việc"])
    assert "quá thời hạn của thủ tục (8 giờ)" in late
    assert misfits(None, [None], [""]) == []
    case = make_case("1 ngày làm việc")
    report = import_processes(
        source(of(case.version.code, sum_hours=24.0), of("1.999998")), at=MONDAY
    )
    told = {(one.place, one.kind) for one in report.problems}
    assert told == {
        (1, "hours"),
        (2, "unattached"),
    }
    assert report.new == 2
    kept = InternalProcess.objects.get(procedure_code=case.version.code)
    assert kept.total_minutes == 24 * 60


def test_the_controller_on_top_says_decision_edition_and_quality_system(
    top: Agency, office: Office, signed_in: Callable[[Any], Client]
) -> None:
    import_processes(source(of(make_case().version.code)), at=MONDAY)
    row = InternalProcess.objects.get(is_default=False)
    address = reverse("procedures:process", args=[row.pk])
    write = reverse("procedures:describe_process", args=[row.pk])
    above = signed_in(make_officer("Lò Văn Soạn", top, (Role.CONTROLLER, None)))
    seen = {"seen": state_of(row)}
    said = seen | {
        "decided_on": "20/11/2026",
        "edition": "02",
        "iso_link": "https://iso.example/qt",
    }
    assert above.post(write, said | {"iso_link": "không phải địa chỉ"}).status_code == 422
    assert above.post(write, said | {"decided_on": "24/11/2026"}).status_code == 422
    assert above.post(write, said).status_code == 302
    page = above.get(address).content.decode()
    for words in ("20/11/2026", "https://iso.example/qt", "Quyết định 530/QĐ-UBND"):
        assert words in page
    # Who saw the page before overwrites nothing, also when he presses again.
    for _ in range(2):
        stale = above.post(write, said | seen | {"edition": "03"})
        assert (stale.status_code, "vừa có người khác ghi" in stale.content.decode()) == (422, True)
        seen = {"seen": re.findall(r'name="seen" value="(\w+)"', stale.content.decode())[0]}
    row.refresh_from_db()
    assert row.edition == "02"
    trace = AccessEvent.objects.get(kind=AccessKind.CATALOGUE_CHANGED)
    assert (trace.object_kind, trace.object_id) == ("internal_process", row.pk)
    assert "chưa ghi gì → phê duyệt 20/11/2026, lần ban hành 02" in trace.detail
    below = signed_in(make_officer("Kiểm Soát Xã", office.agency, (Role.CONTROLLER, None)))
    assert "Thông tin của quy trình" not in below.get(address).content.decode()
    assert below.post(write, said).status_code == 403
    default = reverse("procedures:process", args=[default_process().pk])
    page = above.get(default).content.decode()
    assert "Quy trình mặc định" in page
    assert "Thông tin của quy trình" not in page


def test_it_was_decided_by_the_day_here_not_in_greenwich(top: Agency) -> None:
    import_processes(source(of(make_case().version.code)), at=MONDAY)
    row = InternalProcess.objects.get(is_default=False)
    by = make_officer("Lò Văn Soạn", top, (Role.CONTROLLER, None))
    made = describe(
        row, decided_on=TODAY, edition="", iso_link="", published_by=None, seen=state_of(row), by=by,
        at=vn("23/11/2026 06:00"),
    )  # fmt: skip
    assert made.decided_on == TODAY


def test_changed_steps_keep_what_the_office_says_of_the_process(office: Office) -> None:
    code = make_case().version.code
    import_processes(source(of(code)), at=MONDAY)
    InternalProcess.objects.filter(procedure_code=code).update(
        decided_on=TODAY, edition="02", iso_link="https://iso.example/qt"
    )
    assert import_processes(source(of(code, sum_hours=9.0)), at=MONDAY).changed == 1
    row = InternalProcess.objects.get(procedure_code=code, replaced=False)
    assert (row.total_minutes, row.decided_on, row.edition) == (540, TODAY, "02")
    assert row.iso_link == "https://iso.example/qt"


def test_the_page_names_the_agency_and_those_below_it(
    top: Agency, office: Office, signed_in: Callable[[Any], Client]
) -> None:
    make_case(name="Cấp giấy")
    above = signed_in(make_officer("Lò Văn Soạn", top, (Role.CONTROLLER, None)))
    asked: dict[str, Any] = {"co-quan": office.agency.pk, "loai": "chua-co"}
    page = above.get(reverse("procedures:processes"), asked).content.decode()
    assert f"{office.agency.name} tiếp nhận 1 thủ tục, 1 thủ tục chưa có" in page
    assert "Cấp giấy" in page
    other = make_office("Xã tỉnh khác")
    stranger = signed_in(make_officer("Người Ngoài", other.agency, (Role.CONTROLLER, None)))
    elsewhere = stranger.get(reverse("procedures:processes"), {"co-quan": office.agency.pk})
    assert f"{other.agency.name} tiếp nhận" in elsewhere.content.decode()
