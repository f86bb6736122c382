"""The register of apologies (R-53, R-54, R-57): made in time, late, missing, and who is told in time."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dossiers.acts import apology, re_appointment
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.clock import flags
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip
from onestop.outbox.models import Message
from onestop.worktime import parse_term
from reports.figures import Scope, checks, table
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province, finish, province
from tests.world import Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
NOW = vn("23/11/2026 09:00")


@pytest.fixture
def place() -> Province:
    return province()


def sorry(office: Office, dossier: Dossier, at: str) -> None:
    by = office.desk(office.leader)
    apology.apologise(Seen(dossier.pk), reason="Chờ xác minh", by=by, at=vn(at))


def again(office: Office, dossier: Dossier, at: str) -> None:
    by, term = office.desk(office.leader), parse_term("20 ngày làm việc")
    re_appointment.re_appoint(Seen(dossier.pk), extra=term, reason="Chờ Sở", by=by, at=vn(at))


def codes(client: Any, key: str, **more: str) -> set[str]:
    page = client.get("/qua-han/", {"muc": key} | more)
    assert page.status_code == 200
    found = {row.line.code for row in page.context["rows"]}
    assert page.context["number"] == len(found)
    return found


def test_each_late_dossier_stands_in_one_list(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """Received on 2/11 with three working days: promised for 5/11."""
    office, case = place.first, make_case("3 ngày làm việc")
    open_, ended, in_time, moved, late, moved_late, evening = (
        receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(7)
    )
    sorry(office, in_time, "04/11/2026 09:00")
    sorry(office, in_time, "09/11/2026 09:00")
    again(office, moved, "04/11/2026 09:00")
    sorry(office, late, "06/11/2026 00:00")
    again(office, moved_late, "09/11/2026 09:00")
    # Between the last session and midnight a day is not late yet.
    again(office, evening, "05/11/2026 23:00")
    finish(office, ended, vn("16/11/2026 09:00"))
    receive(office, make_case("20 ngày làm việc"), at=vn("16/11/2026 09:00"))
    soon = receive(office, case, at=vn("20/11/2026 09:00"))
    clock.now = vn("25/11/2026 09:00")
    client = signed_in(office.controller)
    assert codes(client, "chua-xin-loi") == {open_.code, ended.code}
    assert codes(client, "xin-loi-muon") == {late.code, moved_late.code}
    assert codes(client, "xin-loi-dung-han") == {in_time.code, moved.code, evening.code}
    assert codes(client, "sap-den-han") == {soon.code}
    # What ended, or was apologised for, in other days.
    assert codes(client, "chua-xin-loi", tu="2026-11-17") == {open_.code}
    assert codes(client, "xin-loi-muon", tu="2026-11-07") == {moved_late.code}
    # Overdue with and without apology make up what the tables count as late.
    sheet = table(form_on("II.06a", parse("2026Q4").last), Scope.of(office.agency), parse("2026Q4"), clock.now)  # fmt: skip
    assert sheet.total is not None
    assert sheet.total.values["10"] + sheet.total.values["13"] == 7  # type: ignore[operator]
    take_back(Seen(late.pk), by=office.desk(office.leader), at=clock.now)
    assert codes(client, "chua-xin-loi") == {open_.code, ended.code, late.code}


def test_days_are_shown_day_first_and_one_that_is_none_is_told(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    client = signed_in(place.first.controller)
    page = client.get("/qua-han/", {"tu": "1/11/2026", "den": "20/11/2026"}).content.decode()
    assert 'value="01/11/2026"' in page
    assert 'value="20/11/2026"' in page
    wrong = client.get("/qua-han/", {"tu": "31/11/2026"})
    assert wrong.status_code == 422
    assert "Hãy nhập ngày có thật" in wrong.content.decode()


def test_an_hour_is_late_from_its_minute_on(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office, case = place.first, make_case("8 giờ làm việc")
    first, second = (receive(office, case, at=vn("16/11/2026 07:00")) for _ in range(2))
    again_term = parse_term("16 giờ làm việc")
    for dossier, at in ((first, "16/11/2026 16:00"), (second, "16/11/2026 17:30")):
        re_appointment.re_appoint(
            Seen(dossier.pk), extra=again_term, reason="Chờ", by=office.desk(office.leader), at=vn(at)
        )  # fmt: skip
    clock.now = NOW
    client = signed_in(office.leader)
    assert codes(client, "xin-loi-dung-han") == {first.code}
    assert codes(client, "xin-loi-muon") == {second.code}


def test_the_words_and_the_file(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office = place.first
    dossier = receive(office, make_case("3 ngày làm việc"), at=vn("02/11/2026 09:00"))
    again(office, dossier, "04/11/2026 09:00")
    sorry(office, dossier, "09/11/2026 09:00")
    clock.now = NOW
    client = signed_in(office.leader)
    words = "04/11/2026 09:00 xin lỗi và hẹn lại; 09/11/2026 09:00 xin lỗi, muộn"
    assert words in client.get("/qua-han/?muc=xin-loi-dung-han").content.decode()
    file = client.get("/qua-han/tep.csv?muc=xin-loi-dung-han")
    told = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert told[0].endswith(",Xin lỗi")
    assert dossier.code in told[1]
    assert words in told[1]
    assert client.get("/qua-han/?muc=la").status_code == 404
    book = client.get("/qua-han/tep.xlsx?muc=xin-loi-dung-han")
    assert book["Content-Disposition"].startswith('attachment; filename="xin-loi-dung-han-')
    assert b"".join(book.streaming_content).startswith(b"PK")


def test_it_shows_nobody_elses(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = receive(place.first, make_case("3 ngày làm việc"), at=vn("02/11/2026 09:00"))
    clock.now = NOW
    assert codes(signed_in(place.controller), "chua-xin-loi") == {dossier.code}
    other = signed_in(place.second.leader)
    assert codes(other, "chua-xin-loi") == set()
    narrowed = other.get("/qua-han/", {"muc": "chua-xin-loi", "coquan": place.first.agency.code})
    assert narrowed.status_code == 404
    assert signed_in(place.first.clerk).get("/qua-han/").status_code == 403


def test_leaders_are_told_once_of_what_may_still_be_apologised_for(place: Province) -> None:
    """R-53: on the working day before the promise at the latest; nothing of what was apologised."""
    office, case = place.first, make_case("7 ngày làm việc")  # promised for 11/11
    first, second, third = (receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(3))
    sorry(office, third, "09/11/2026 09:00")
    flags.flag_overdue(vn("10/11/2026 07:00"))
    flags.flag_overdue(vn("10/11/2026 07:05"))
    notice = Message.objects.get(kind="apology_due")
    assert notice.to_officer == office.leader
    assert notice.subject == "Sắp đến hạn, chưa xin lỗi: 2 hồ sơ"
    assert notice.link == "/qua-han/?muc=sap-den-han"
    assert first.code in notice.body
    assert second.code in notice.body
    assert third.code not in notice.body
    # The holder reads until when.
    bell = Message.objects.filter(kind="soon", object_id=first.pk).first()
    assert bell is not None
    assert "xin lỗi, hẹn lại chậm nhất hết ngày 10/11/2026." in bell.body


def test_overdue_with_and_without_apology_by_the_cut(place: Province) -> None:
    """R-57: the form of its own; an apology that was taken back counts until then."""
    office, case = place.first, make_case("3 ngày làm việc")
    without, with_one, moved = (receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(3))
    sorry(office, with_one, "10/11/2026 09:00")
    again(office, moved, "10/11/2026 09:00")
    finish(office, without, vn("12/11/2026 09:00"))
    take_back(Seen(with_one.pk), by=office.desk(office.leader), at=vn("16/11/2026 09:00"))
    period = parse("2026Q4")
    form, scope = form_on("late-apologies", period.last), Scope.of(office.agency)
    for cut, figures in (
        ("09/11/2026 09:00", (0, 3)),
        ("10/11/2026 09:00", (2, 1)),
        ("16/11/2026 09:00", (1, 2)),
    ):
        sheet = table(form, scope, period, vn(cut))
        assert list(checks.problems(sheet)) == []
        assert sheet.total is not None
        assert (sheet.total.values["6"] or 0, sheet.total.values["7"] or 0) == figures, cut


def test_many_are_apologised_for_at_once(
    place: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """One reason, a letter each; one that was changed since is named and the others are done
    (dossiers/acts/pressing.py).
    """
    office, case = place.first, make_case("3 ngày làm việc")
    late = [receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(3)]
    clock.now = NOW
    client = signed_in(office.leader)
    rows = client.get("/qua-han/?muc=chua-xin-loi").context["rows"]
    sorry(office, late[0], "23/11/2026 08:00")
    sent = {"chon": [row.chosen for row in rows], "ve": "/qua-han/?muc=chua-xin-loi"}
    there = "/viec/lam/xin-loi/"
    sent |= {"lam": "1"}
    refused = client.post(there, sent | {"reason": " "})
    assert "Hãy ghi lý do." in refused.content.decode()
    told = client.post(there, sent | {"reason": "Chờ Sở"}, follow=True).content.decode()
    assert "Đã xong 2 / 3; 1 hồ sơ không làm được" in told
    assert late[0].code in told
    assert codes(client, "chua-xin-loi") == set()
    assert Slip.objects.filter(slug="thu-xin-loi").count() == 3
    # The controller reads the list and apologises for nobody.
    controller = signed_in(office.controller)
    assert not controller.get("/qua-han/?muc=chua-xin-loi").context["may_choose"]
    assert controller.post(there, sent | {"reason": "A"}).status_code == 403
    # One press back takes all of it back.
    back = re.search(r'action="([^"]*hoan-tac[^"]*)"', told)
    assert back is not None
    client.post(unescape(back[1]))
    assert codes(client, "chua-xin-loi") == {late[1].code, late[2].code}
    assert verify(now=NOW).misfit is None
