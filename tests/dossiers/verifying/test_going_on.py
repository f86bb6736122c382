"""Verification goes on after a misfit and names all of them; what only a wrong clock did is told and
judged by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import handovers
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.ledger import digests
from dossiers.ledger.verifying import verify
from dossiers.models import AgencyDigest, Dossier, Event, Slip, SlipPrint, WordsBefore
from onestop.guards import unguarded
from tests.dossiers.verifying.test_verifying import remove
from tests.world import MONDAY, Office, make_agency, make_case, make_office, receive, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
NIGHT = timedelta(days=1) - timedelta(hours=8, minutes=50)  # from the morning to ten past midnight


@pytest.fixture
def office() -> Office:
    return make_office()


# --- it goes on -----------------------------------------------------------------------------------


def tampered(office: Office) -> list[Dossier]:
    case = make_case()
    dossiers = [receive(office, case) for _ in range(3)]
    for dossier in dossiers[1:]:
        Dossier.objects.filter(pk=dossier.pk).update(summary="Khác")
    return dossiers


def test_every_dossier_that_does_not_fit_is_named_in_order(office: Office) -> None:
    _, second, third = tampered(office)
    assert [one.dossier for one in verify(now=MONDAY).misfits] == [second.code, third.code]


def test_registers_and_days_are_walked_though_a_dossier_did_not_fit(office: Office) -> None:
    first, second, _ = tampered(office)
    remove(first)
    found = verify(now=MONDAY).misfits
    assert found[0].dossier == second.code
    assert any("thiếu hồ sơ số 1" in one.what for one in found)
    assert any("Giấy tiếp nhận" in one.what and "thiếu số 1" in one.what for one in found)


def test_the_command_lists_them_all_and_the_first_one_first(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    _, second, third = tampered(office)
    with pytest.raises(CommandError) as refused:
        call_command("verify_events")
    lines = str(refused.value).splitlines()
    assert second.code in lines[0]
    assert third.code in lines[1]
    with pytest.raises(CommandError):
        call_command("verify_events", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["misfit"]["dossier"] == second.code
    assert [one["dossier"] for one in said["misfits"]] == [second.code, third.code]


# --- slips ----------------------------------------------------------------------------------------


def changed_slip(office: Office) -> tuple[Dossier, Slip]:
    dossier = receive(office, make_case())
    slip = Slip.objects.get(dossier=dossier)
    snapshot = slip.snapshot | {"owner": "Người khác"}
    Slip.objects.filter(pk=slip.pk).update(snapshot=snapshot)
    return dossier, slip


def test_a_slip_that_was_changed_is_found(office: Office) -> None:
    dossier, slip = changed_slip(office)
    found = verify(now=MONDAY).misfit
    assert found is not None
    assert (found.dossier, found.what) == (
        dossier.code,
        f"phiếu đã lập: nội dung in của dòng số {slip.pk} bị sửa",
    )


def test_a_slip_that_was_changed_is_not_drawn(
    signed_in: Callable[[object], Client], office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    dossier, slip = changed_slip(office)
    answer = signed_in(office.clerk).get(f"/ho-so/{dossier.code}/phieu/tiep-nhan/")
    assert answer.status_code == 409
    assert f"Nội dung phiếu số {slip.number}/{slip.year}" in answer.content.decode()
    assert "slip changed" in caplog.messages
    assert not SlipPrint.objects.exists()


# --- words before ---------------------------------------------------------------------------------


@pytest.fixture
def words(office: Office) -> WordsBefore:
    """The note of a giving, as it stood before the receiver wrote a difference beside it."""
    dossier = receive(office, make_case())
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(dossier, to=office.room, step=step, by=clerk, at=MONDAY, note="Gấp")
    handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY, difference="Thiếu một bản")
    return WordsBefore.objects.get()


def faults() -> list[str]:
    return [one.what for one in verify(now=MONDAY).misfits]


def test_words_before_a_change_that_were_changed_are_found(words: WordsBefore) -> None:
    assert faults() == []
    WordsBefore.objects.update(text=words.text.replace("Gấp", "Chậm"))
    assert faults() == ["nội dung bằng chữ trước khi sửa không khớp với sự kiện"]
    WordsBefore.objects.update(text="không đọc được")
    assert faults() == ["nội dung bằng chữ trước khi sửa không khớp với sự kiện"]


def test_words_before_a_change_that_were_moved_or_removed_are_found(words: WordsBefore) -> None:
    other = Event.objects.exclude(pk=words.event_id).order_by("pk")[0]
    WordsBefore.objects.update(event=other)
    assert sorted(faults()) == [
        "nội dung bằng chữ trước khi sửa không khớp với sự kiện",
        "nội dung bằng chữ trước khi sửa đã bị xóa khỏi cơ sở dữ liệu",
    ]
    words.delete()
    assert faults() == ["nội dung bằng chữ trước khi sửa đã bị xóa khỏi cơ sở dữ liệu"]


def test_words_that_the_law_had_erased_fit(words: WordsBefore) -> None:
    WordsBefore.objects.update(text="", erased_at=MONDAY)
    assert faults() == []


# --- a clock that ran ahead -----------------------------------------------------------------------

AHEAD = vn("05/01/2027 09:00")


def told(now: datetime) -> list[str]:
    done = verify(now=now)
    assert done.misfits == []
    return [str(one) for one in done.remarks]


def test_an_event_recorded_before_the_one_it_follows_is_told_and_not_judged(
    office: Office,
) -> None:
    dossier = receive(office, make_case(), at=AHEAD)
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(dossier, to=office.room, step=step, by=office.desk(office.clerk), at=MONDAY)
    (remark,) = told(MONDAY)
    assert f"hồ sơ {dossier.code}, sự kiện số 2: ghi trước" in remark
    assert told(vn("01/06/2028 09:00")) == [remark]


def test_the_command_tells_it_and_exits_with_zero(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = receive(office, make_case(), at=AHEAD)
    step = NextStep(order=2, name="Xử lý")
    handovers.hand_over(dossier, to=office.room, step=step, by=office.desk(office.clerk), at=MONDAY)
    call_command("verify_events")
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Khớp: 1 hồ sơ, 2 sự kiện")
    assert said[1].startswith(f"Lưu ý hồ sơ {dossier.code}, sự kiện số 2: ghi trước")
    call_command("verify_events", "--json")
    (remark,) = json.loads(capsys.readouterr().out)["remarks"]
    assert (remark["dossier"], remark["event"]) == (dossier.code, 2)


def test_days_closed_by_a_clock_that_ran_ahead_fit_for_ever(office: Office) -> None:
    """The clock ran six weeks ahead over one night and was put back; the days that follow, those
    that had been closed too early and those that had not yet come have their digests.
    """
    case = make_case()
    receive(office, case)
    receive(office, case, at=AHEAD)
    # Monday, before it is over, and the 5th; Monday of what is no dossier's.
    assert digests.daily_digest(AHEAD + NIGHT) == 3
    receive(office, case, at=MONDAY + timedelta(hours=1))
    assert len(told(MONDAY + timedelta(hours=2))) == 1

    assert digests.daily_digest(MONDAY + NIGHT) == 1  # what Monday brought after
    for day in (1, 2):
        receive(office, case, at=MONDAY + timedelta(days=day))
        assert digests.daily_digest(MONDAY + timedelta(days=day) + NIGHT) == 1
        assert len(told(MONDAY + timedelta(days=day) + NIGHT)) == 1

    receive(office, case, at=AHEAD + timedelta(hours=3))  # the day comes at last
    assert digests.daily_digest(AHEAD + NIGHT) == 1
    assert digests.daily_digest(AHEAD + NIGHT) == 0
    assert len(told(AHEAD + timedelta(days=30))) == 1

    # Mended long ago: the nights look at it no more, verification still tells it.
    later = AHEAD + digests.LOOKED_BACK + timedelta(days=2)
    assert digests.wrong_nights(later, since=later - digests.LOOKED_BACK) == set()
    receive(office, case, at=later)
    assert digests.daily_digest(later + NIGHT) == 1
    assert len(told(later + NIGHT)) == 1


def test_an_event_put_into_a_closed_day_is_found_though_nights_went_on(office: Office) -> None:
    case = make_case()
    receive(office, case)
    digests.daily_digest(MONDAY + NIGHT)
    receive(office, case, at=MONDAY + timedelta(days=1))
    receive(office, case, at=MONDAY + timedelta(hours=3))
    digests.daily_digest(MONDAY + timedelta(days=1) + NIGHT)
    (found,) = verify(now=MONDAY + timedelta(days=2)).misfits
    assert (found.day, found.what) == (
        "23/11/2026",
        "mã băm của ngày không khớp: lúc chốt có 1 sự kiện, nay có 2",
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("events", 7),
        ("through", 1_000_000),
        ("previous", "1" * 64),
        ("hash", "2" * 64),
        ("made_at", MONDAY + timedelta(days=1)),
        ("agency", ...),
        ("day", vn("22/11/2026 09:00").date()),
    ],
)
def test_every_changed_column_of_a_digest_is_found(
    office: Office, column: str, value: object
) -> None:
    receive(office, make_case())
    digests.daily_digest(MONDAY + NIGHT)
    if column == "agency":
        value = make_agency("Ủy ban nhân dân xã Tân Lập")
    with unguarded():
        AgencyDigest.objects.filter(agency=office.agency).update(**{column: value})
    assert verify(now=MONDAY + timedelta(days=2)).misfits != []


def test_a_night_with_nothing_new_asks_little_whoever_there_is(office: Office) -> None:
    receive(office, make_case())
    tomorrow = MONDAY + timedelta(days=1)
    assert digests.daily_digest(tomorrow) > 0
    asked = []
    for number in range(3):
        with CaptureQueriesContext(connection) as seen:
            assert digests.daily_digest(tomorrow) == 0
        asked.append(len(seen))
        make_agency(f"Ủy ban nhân dân xã Mới {number}")
    assert asked[0] == asked[1] == asked[2] <= 5


def test_only_who_recorded_something_since_gets_a_digest(office: Office) -> None:
    receive(office, make_case())
    digests.daily_digest(MONDAY + timedelta(days=1))
    receive(office, make_case(), at=MONDAY + timedelta(days=2))
    assert digests._waiting(MONDAY + timedelta(days=2, hours=2), set()) == []
    later = MONDAY + timedelta(days=3)
    assert [a.pk for a in digests._waiting(later, set()) if a is not None] == [office.agency.pk]
    assert digests.daily_digest(later) == 1
