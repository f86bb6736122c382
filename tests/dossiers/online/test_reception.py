"""An online dossier keeps the portal's code and the time it was filed; nobody types a code into any
other reception (R-36, R-40).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dossiers.acts import filings, reception
from dossiers.desk.online import filed_words, late_page
from dossiers.intake import online
from dossiers.intake.brought import OnlineIn
from dossiers.ledger.verifying import verify
from dossiers.models import CodeCounter, Dossier, OnlineOrigin, OnlineSource, Slip
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from procedures.channels import Channel
from reports import periods
from reports.figures import lists
from reports.figures.scope import Scope
from tests.dossiers.online.filed import CODE, a_filing
from tests.world import MONDAY, Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def refused(code: str):
    return pytest.raises(DomainError, match=f"^{code}$")


def online_dossier(office: Office, said: OnlineIn, *, at: datetime = MONDAY, **more: object):
    channel = more.pop("channel", Channel.ONLINE_FULL)
    asked = an_intake(office, make_case(), channel=channel, online=said, **more)
    return reception.receive(asked, by=office.desk(office.clerk, at), at=at)


def test_it_keeps_the_portals_code_and_no_code_of_ours_is_issued(office: Office) -> None:
    dossier = online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))
    assert dossier.code == CODE
    assert not CodeCounter.objects.exists()
    assert dossier.register_number == 1


def test_both_instants_are_kept_sealed_and_shown(office: Office) -> None:
    dossier = online_dossier(office, OnlineIn(CODE, vn("20/11/2026 16:00")))
    row = OnlineOrigin.objects.get(dossier=dossier)
    assert (row.filed_at, dossier.received_at) == (vn("20/11/2026 16:00"), MONDAY)
    assert row.minutes == 180  # an hour of Friday, two of Monday
    assert not row.late
    assert not verify(now=MONDAY).misfits
    OnlineOrigin.objects.filter(pk=row.pk).update(filed_at=vn("23/11/2026 08:59"))
    assert verify(now=MONDAY).misfits


def test_the_slip_tells_when_it_was_filed(office: Office) -> None:
    dossier = online_dossier(office, OnlineIn(CODE, vn("20/11/2026 16:00")))
    snapshot = Slip.objects.get(dossier=dossier).snapshot
    assert (snapshot["code"], snapshot["filed_at"][:16]) == (CODE, "2026-11-20T16:00")
    of_counter = receive(office, make_case())
    assert "filed_at" not in Slip.objects.get(dossier=of_counter).snapshot


def test_the_timeline_tells_it(office: Office) -> None:
    dossier = online_dossier(office, OnlineIn(CODE, vn("20/11/2026 16:00")))
    assert filed_words(dossier) == (
        "Nộp trên Cổng lúc 16:00 20/11/2026; tiếp nhận sau 3 giờ làm việc.",
    )
    assert filed_words(receive(office, make_case())) == ()


def test_the_term_begins_at_the_reception(office: Office) -> None:
    """R-36: received is accepted; the time of filing moves no promise."""
    at_counter = receive(office, make_case())
    assert (
        online_dossier(office, OnlineIn(CODE, vn("10/11/2026 08:00"))).due_at == at_counter.due_at
    )


@pytest.mark.parametrize("channel", [Channel.ONLINE_FULL, Channel.ONLINE_PART])
def test_without_the_portals_code_nothing_is_received_on_line(
    office: Office, channel: Channel
) -> None:
    with refused("online_code_missing"):
        reception.receive(
            an_intake(office, make_case(), channel=channel), by=office.desk(office.clerk), at=MONDAY
        )
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("channel", [Channel.DIRECT, Channel.POST])
def test_no_code_is_typed_into_any_other_reception(office: Office, channel: Channel) -> None:
    with refused("online_code_other"):
        online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")), channel=channel)


@pytest.mark.parametrize(
    ("filed_at", "reason", "code"),
    [
        (None, "", "online_filed_missing"),
        ("23/11/2026 09:01", "", "online_filed_ahead"),
        ("23/10/2026 08:00", "", "online_filed_old"),
        ("31/12/2014 08:00", "Máy chủ hỏng", "online_filed_before"),
    ],
)
def test_a_time_that_cannot_be_is_refused(office, filed_at, reason, code) -> None:
    with refused(code):
        online_dossier(office, OnlineIn(CODE, vn(filed_at) if filed_at else None, reason))


def test_an_old_filing_is_received_with_a_reason(office: Office) -> None:
    dossier = online_dossier(
        office, OnlineIn(CODE, vn("01/09/2026 08:00"), "Cổng mới chuyển về ngày 22/11")
    )
    assert dossier.online.reason == "Cổng mới chuyển về ngày 22/11"
    assert dossier.online.late


# --- patterns -----------------------------------------------------------------------------------


def test_without_a_source_the_national_pattern_decides(office: Office) -> None:
    with refused("online_code_pattern"):
        online_dossier(office, OnlineIn("HS-2026-1", vn("23/11/2026 07:10")))
    assert online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10"))).online.source is None


def test_each_source_has_its_pattern(office: Office) -> None:
    land = OnlineSource.objects.create(
        agency=office.agency, name="Cổng đất đai", code_pattern="DD-####-#+"
    )
    with refused("online_code_pattern"):
        online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))
    found = online_dossier(office, OnlineIn("DD-2026-77", vn("23/11/2026 07:10")))
    assert found.online.source == land


def test_a_source_of_another_agency_holds_not_here(office: Office) -> None:
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    OnlineSource.objects.create(agency=other.agency, name="Khác", code_pattern="ZZ-#+")
    with refused("online_code_pattern"):
        online_dossier(office, OnlineIn("ZZ-1", vn("23/11/2026 07:10")))


def test_a_source_that_ended_holds_no_more(office: Office) -> None:
    OnlineSource.objects.create(name="Cũ", code_pattern="ZZ-#+", ended_at=MONDAY)
    with refused("online_code_pattern"):
        online_dossier(office, OnlineIn("ZZ-1", vn("23/11/2026 07:10")))


# --- one code, one dossier ------------------------------------------------------------------------


def test_a_code_is_received_once(office: Office) -> None:
    online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))
    with refused("code_taken"):
        online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))
    assert Dossier.objects.count() == 1


def test_the_same_page_sent_twice_is_one_dossier(office: Office) -> None:
    said = OnlineIn(CODE, vn("23/11/2026 07:10"))
    asked = an_intake(office, make_case(), channel=Channel.ONLINE_FULL, online=said)
    first = reception.receive(asked, by=office.desk(office.clerk), at=MONDAY)
    assert reception.receive(asked, by=office.desk(office.clerk), at=MONDAY) == first


# --- the clock of eight working hours ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "accept_by"),
    [
        ("23/11/2026 10:00", "25/11/2026 10:00"),  # R-34; Tuesday 24/11 is a holiday since 2026
        ("22/11/2026 20:00", "23/11/2026 17:00"),  # a Sunday evening
        ("20/11/2026 17:30", "23/11/2026 17:00"),  # after hours
        ("20/11/2026 12:00", "23/11/2026 11:30"),  # in the lunch break
    ],
)
def test_eight_working_hours_run_by_the_calendar(office, filed, accept_by) -> None:
    assert online.clock(vn(filed), calendar_of(office.agency.pk)).at == vn(accept_by)


def test_tet_is_no_working_time(office: Office) -> None:
    """Filed on the last working day before Tết 2026: the hours go on after it."""
    calendar = calendar_of(office.agency.pk)
    filed = vn("13/02/2026 15:00")
    by = online.clock(filed, calendar).at
    assert by is not None
    assert by - filed > timedelta(days=7)
    assert calendar.working_minutes_between(filed, by) == 480


@pytest.mark.parametrize(
    ("filed", "late"), [("20/11/2026 09:00", False), ("20/11/2026 08:59", True)]
)
def test_late_begins_after_the_last_minute(office, filed, late) -> None:
    at = vn("23/11/2026 09:00")
    row = online_dossier(office, OnlineIn(CODE, vn(filed)), at=at).online
    assert (row.late, row.accept_by == at) == (late, not late)


def test_late_receptions_are_listed_for_the_controller(office: Office) -> None:
    late = online_dossier(office, OnlineIn(CODE, vn("18/11/2026 08:00")))
    online_dossier(office, OnlineIn("G99.01-261123-000002", vn("23/11/2026 07:10")))
    (row,) = late_page(office.desk(office.controller)).rows
    assert (row.dossier, row.minutes) == (late, 420 + 480 + 480 + 120)
    assert not late_page(office.desk(office.clerk)).rows
    assert not late_page(make_office("Xã khác").desk(office.clerk)).rows


# --- what a list says ---------------------------------------------------------------------------


def test_the_lists_time_is_taken_and_no_other_one(office: Office) -> None:
    a_filing(office, filed_at=vn("20/11/2026 08:00"))
    with refused("online_filed_differs"):
        online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))
    row = online_dossier(office, OnlineIn(CODE)).online
    assert (row.filed_at, row.listed, row.late) == (vn("20/11/2026 08:00"), True, True)


def test_a_received_filing_waits_no_more(office: Office) -> None:
    filing = a_filing(office)
    dossier = online_dossier(office, OnlineIn(CODE))
    filing.refresh_from_db()
    assert (filing.state, filing.dossier, filing.ended_by) == (
        filing.State.RECEIVED, dossier, office.clerk,
    )  # fmt: skip
    with refused("online_cannot_undo"):
        filings.reopen(filing.pk, by=office.desk(office.clerk), at=MONDAY)


def test_what_waits_at_another_counter_is_received_there(office: Office) -> None:
    a_filing(make_office("Ủy ban nhân dân xã Tân Lập"))
    with refused("online_elsewhere"):
        online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))


def test_what_was_settled_on_the_portal_is_reopened_before_it_is_received(office: Office) -> None:
    filing, desk = a_filing(office), office.desk(office.clerk)
    with refused("online_reason"):
        filings.settle_elsewhere(filing.pk, reason=" ", by=desk, at=MONDAY)
    filings.settle_elsewhere(filing.pk, reason="Đã nhận ở hệ thống của Bộ", by=desk, at=MONDAY)
    with refused("online_not_waiting"):
        filings.settle_elsewhere(filing.pk, reason="Lần nữa", by=desk, at=MONDAY)
    with refused("online_closed"):
        online_dossier(office, OnlineIn(CODE, vn("23/11/2026 07:10")))
    filings.reopen(filing.pk, by=desk, at=MONDAY)
    assert online_dossier(office, OnlineIn(CODE)).code == CODE


def test_who_stands_elsewhere_settles_nothing(office: Office) -> None:
    filing, other = a_filing(office), make_office("Ủy ban nhân dân xã Tân Lập")
    for officer in (other.clerk, other.controller, office.specialist):
        with refused("not_your_counter"):
            filings.settle_elsewhere(filing.pk, reason="Không", by=office.desk(officer), at=MONDAY)


# --- reports ------------------------------------------------------------------------------------


def test_the_register_tells_both_instants(office: Office) -> None:
    online_dossier(office, OnlineIn(CODE, vn("20/11/2026 16:00")))
    receive(office, make_case())
    scope, cut = Scope.of(office.agency), vn("24/11/2026 09:00")
    rows = dict(lists.register(scope, periods.parse("2026Q4"), cut))
    assert sorted(values["note"] for values in rows.values()) == [
        "",
        "Nộp trực tuyến 16:00 20/11/2026",
    ]
    assert rows[CODE]["received"] == MONDAY
