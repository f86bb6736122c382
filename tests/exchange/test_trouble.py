"""What goes wrong on the way: one message that nobody can read, clocks that are wrong, content that is held
while older content stands, withdrawals that overtake, doors that speak of what is not theirs.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dossiers.acts import endings, filings
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.desk.online import standing
from dossiers.intake.brought import OnlineIn
from dossiers.intake.online import check, origin_of
from dossiers.intake.said import said_of
from dossiers.models import Dossier, OnlineFiling, OnlineSource
from exchange.inbox import arriving, closing, taking, telling
from exchange.models import Door, Mapping, Message
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from procedures.channels import Channel
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
State, Filing = Message.State, OnlineFiling.State
RECALL = "RutHoSoDVCQG"


@pytest.fixture
def office() -> Office:
    return make_office()


def sent(data: dict[str, Any], at: Any = MONDAY, door: Door | None = None, **more: Any) -> Message:
    return came(door or a_door(), body_of(data, **more), at)


def lacks(message: Message) -> list[str]:
    return [one["code"] for one in message.missing]


def test_one_that_cannot_be_read_keeps_no_other_from_being_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, as_it_is = make_case(), taking.mapped

    def mapped(door: Door, data: dict[str, Any], **more: Any) -> Any:
        if data["MaHoSo"] == code_of(office, 1):
            raise KeyError("of ours")
        return as_it_is(door, data, **more)

    monkeypatch.setattr(taking, "mapped", mapped)
    huge = {"TenTep": "a.pdf", "DuongDan": "https://cong.test/a", "DungLuong": "9" * 20}
    for number, files in ((1, []), (2, [huge])):
        data = data_of(office, case, number, TaiLieuNop=files)
        arriving.take(a_door(), body_of(data), at=MONDAY)
    assert taking.read_new(MONDAY) == 1
    bad, good = Message.objects.order_by("pk")
    assert (bad.state, bad.tries, good.state) == (State.NEW, 1, State.MAPPED)
    # Those that nobody tried yet go before it; in the end a person sees it.
    Message.objects.filter(pk=bad.pk).update(tries=taking.MOST_TRIES - 1)
    arriving.take(a_door(), body_of(data_of(office, case, 3)), at=MONDAY)
    assert list(taking.to_read())[-1] == bad.pk
    assert taking.read_new(MONDAY) == 2
    bad.refresh_from_db()
    assert lacks(bad) == ["missing_fault"]
    monkeypatch.setattr(taking, "mapped", as_it_is)
    assert taking.tried(bad.pk, at=MONDAY).state == State.MAPPED


def test_no_time_of_a_wrong_clock_is_believed(office: Office) -> None:
    case = make_case()
    ahead = sent(data_of(office, case, NgayNopHoSo="20261124090000"))
    assert lacks(ahead) == ["missing_filed_ahead"]
    first = sent(data_of(office, case, 2, NgayCapNhat="20991231000000"))
    assert first.sent_at is None
    newer = data_of(office, case, 2, ChuHoSo="Lê Mới", NgayCapNhat="20261120170000")
    assert sent(newer, updating=True).state == State.MAPPED
    assert OnlineFiling.objects.get().owner_name == "Lê Mới"


@pytest.mark.parametrize("held_first", [False, True])
def test_newer_content_that_is_held_is_told_and_not_lost(office: Office, held_first: bool) -> None:
    case = make_case()
    newer = data_of(office, case, ChuHoSo="Lê Mới", LoaiDoiTuong="x", NgayCapNhat="20261120180000")
    older = data_of(office, case, ChuHoSo="Lê Cũ", NgayCapNhat="20261120160000")
    if held_first:
        held = sent(newer, updating=True)
        sent(older)
    else:
        sent(older)
        held = sent(newer, updating=True)
        [said] = [one for one in telling.beside(OnlineFiling.objects.get()) if one.is_odd]
        assert said.text == telling.NOT_READ
        assert said.url.endswith(f"/{held.pk}/")
    held.refresh_from_db()
    assert held.state == State.QUARANTINED
    Message.objects.filter(pk=held.pk).update(raw=held.raw.replace('"x"', '"1"'))
    again = vn("24/11/2026 09:00")
    read = taking.read(held.pk, at=again)
    assert (read.state, OnlineFiling.objects.get().owner_name) == (State.MAPPED, "Lê Mới")
    assert not [one for one in telling.beside(OnlineFiling.objects.get()) if one.is_odd]
    done = Message.objects.get(state=State.DONE)
    assert done.ended_at == again


def test_what_is_odd_about_the_standing_content_stays_when_an_old_one_comes_late(
    office: Office,
) -> None:
    case = make_case()
    odd = {"SoDinhDanh": "000000001", "NgayCapNhat": "20261120180000"}
    sent(data_of(office, case, **odd), updating=True)
    sent(data_of(office, case, NgayCapNhat="20261120160000"))
    notes = [one.text for one in telling.beside(OnlineFiling.objects.get()) if one.is_odd]
    assert len(notes) == 1


def test_withdrawn_before_it_could_be_read_it_does_not_wait(office: Office) -> None:
    case = make_case()
    gone = sent({"MaHoSo": code_of(office)}, service=RECALL)
    assert gone.reason == taking.TO_COME
    late = sent(data_of(office, case))
    assert (late.state, OnlineFiling.objects.get().state) == (State.DONE, Filing.ELSEWHERE)
    # Held, withdrawn, mended.
    held = sent(data_of(office, case, 2, LoaiDoiTuong="x"))
    sent({"MaHoSo": code_of(office, 2)}, service=RECALL)
    Message.objects.filter(pk=held.pk).update(raw=held.raw.replace('"x"', '"1"'))
    at = vn("24/11/2026 09:00")
    read = taking.read(held.pk, at=at)
    assert (read.state, read.ended_at) == (State.DONE, at)
    assert OnlineFiling.objects.get(code=code_of(office, 2)).state == Filing.ELSEWHERE
    with pytest.raises(DomainError, match="online_taken_back"):
        check(OnlineIn(code_of(office, 2)), agency=office.agency, at=at)
    # Withdrawn, then filed once more: it waits.
    sent({"MaHoSo": code_of(office, 3), "NgayCapNhat": "20261120150000"}, service=RECALL)
    anew = sent(data_of(office, case, 3, NgayCapNhat="20261120160000"))
    assert anew.state == State.MAPPED
    # Also where a withdrawal is just a code: it took back what was held by then.
    for more in ({}, {"NgayCapNhat": "20261120160000"}):
        number = 4 + len(more)
        sent(data_of(office, case, number, ChuHoSo=None))
        sent({"MaHoSo": code_of(office, number)}, service=RECALL)
        still = sent(data_of(office, case, number, ChuHoSo=None, SoDienThoai="0987654321"))
        assert (lacks(still), still.answer_by is None) == (["missing_owner"], False)
        assert sent(data_of(office, case, number, **more), updating=True).state == State.MAPPED


def test_a_door_speaks_of_what_is_its_sources_only(office: Office) -> None:
    case, other = make_case(), make_office("Ủy ban nhân dân xã Tân Lập")
    source = OnlineSource.objects.create(
        name="Cổng của xã", code_pattern="*-######-####+", agency=other.agency
    )
    own = Door.objects.create(name="xa", source=source)
    sent(data_of(office, case))
    filing = OnlineFiling.objects.get()
    away = sent(data_of(office, case, 2), door=own)
    assert "missing_unit_scope" in lacks(away)
    theirs = data_of(office, case, MaDonVi=other.agency.code, ChuHoSo="Khác")
    assert lacks(sent(theirs, door=own, updating=True)) == ["missing_other_source"]
    assert lacks(sent({"MaHoSo": filing.code}, door=own, service=RECALL)) == [
        "missing_other_source"
    ]
    filing.refresh_from_db()
    assert (filing.is_waiting, filing.owner_name) == (True, "Nguyễn Thị Bình")


def test_handed_in_again_without_saying_so_it_waits_anew(office: Office) -> None:
    case = make_case()
    sent(data_of(office, case))
    OnlineFiling.objects.update(state=Filing.ANSWERED, ended_at=MONDAY)
    assert sent(data_of(office, case, ChuHoSo="Lê Khác")).reason == taking.SETTLED
    again = vn("23/11/2026 14:00")
    anew = data_of(office, case, NgayCapNhat="20261123140000")
    assert sent(anew, again).state == State.MAPPED
    # Settled here because it belongs elsewhere, then sent there.
    other = make_office("Ủy ban nhân dân xã Tân Lập", parent=office.agency)
    OnlineFiling.objects.update(state=Filing.ELSEWHERE, ended_at=again)
    moved = data_of(office, case, MaDonVi=other.agency.code, NgayCapNhat="20261123150000")
    assert sent(moved, vn("23/11/2026 15:00"), updating=True).state == State.MAPPED
    assert OnlineFiling.objects.get().agency == other.agency


def test_each_round_has_hours_of_its_own(office: Office) -> None:
    """R-40: the last hour's policy of the first filing says nothing of the second."""
    case = make_case()
    Mapping.objects.create(
        door=a_door(),
        foreign=case.version.code,
        last_hour_waits=True,
        valid_from=date(2026, 1, 1),
    )
    sent(data_of(office, case, NgayNopHoSo="20261120163000"))
    filing = OnlineFiling.objects.get()
    assert said_of(filing).counts_from == vn("23/11/2026 07:00")
    calendar = calendar_of(office.agency.pk)
    shown = standing(filing.code, None, agency=office.agency, now=MONDAY, calendar=calendar)
    assert shown is not None
    assert shown.accept_by == filing.accept_by
    OnlineFiling.objects.update(state=Filing.ANSWERED, ended_at=MONDAY)
    again = vn("23/11/2026 14:00")
    anew = data_of(office, case, NgayNopHoSo="20261120163000", NgayCapNhat="20261123140000")
    sent(anew, again, updating=True)
    filing.refresh_from_db()
    assert (filing.filed_at, said_of(filing).counts_from) == (again, None)
    at = vn("25/11/2026 13:30")
    filed = check(OnlineIn(filing.code), agency=office.agency, at=at)
    origin = origin_of(filed, at=at, calendar=calendar)
    assert (origin.late, origin.accept_by) == (False, filing.accept_by)


def test_said_again_after_its_effect_is_gone_a_person_sees_it(office: Office) -> None:
    """A withdrawal is often just a code: the second one is no repetition once the first was closed, or
    the filing waits again. What a retry repeats stays one, and content of an hour of its own.
    """
    case, back = make_case(), {"MaHoSo": code_of(office)}
    later, last = vn("25/11/2026 09:00"), vn("26/11/2026 09:00")
    sent(data_of(office, case))
    first = sent(back, service=RECALL)
    assert sent(back, later, service=RECALL).pk == first.pk
    filing = OnlineFiling.objects.get()
    filings.reopen(filing.pk, by=office.desk(office.clerk), at=MONDAY)
    again = sent(back, later, service=RECALL)
    assert (lacks(again), again.received_at) == (["missing_recalled_again"], later)
    # Neither a retry nor a second look decides anything.
    assert sent(back, last, service=RECALL).pk == again.pk
    assert lacks(taking.read(again.pk, at=last)) == ["missing_recalled_again"]
    filing.refresh_from_db()
    assert filing.is_waiting
    assert [one.text for one in telling.beside(filing) if one.is_odd] == [telling.NOT_READ]
    receive(office, case, channel=Channel.ONLINE_FULL, online=OnlineIn(filing.code))
    # Closed, and withdrawn once more: each closing by itself is kept.
    for _ in range(2):
        closing.close(again.pk, reason="Xin giải quyết tiếp", by=office.clerk, at=MONDAY)
        then, again = again, sent(back, last, service=RECALL)
        assert lacks(again) == ["missing_recalled"]
        assert again.answer_by is not None
        then.refresh_from_db()
        assert (then.state, then.reason) == (State.REFUSED, "Xin giải quyết tiếp")
    seen, by = Seen(Dossier.objects.get().pk), office.desk(office.clerk)
    endings.withdraw(seen, EndingIn("", "Không cần nữa"), by=by, at=MONDAY)
    closing.close(again.pk, reason="Đã rút", by=office.clerk, at=MONDAY)
    assert sent(back, last, service=RECALL).pk == again.pk
    # Withdrawn, filed anew, guided, withdrawn: the look-up has to know of the second.
    third = {"MaHoSo": code_of(office, 3)}
    sent(data_of(office, case, 3))
    first = sent(third, service=RECALL)
    OnlineFiling.objects.filter(code=third["MaHoSo"]).update(state=Filing.ANSWERED, ended_at=later)
    again = sent(third, last, service=RECALL)
    assert (again.pk > first.pk, again.reason) == (True, taking.SETTLED)
    assert sent(third, last, service=RECALL).pk == again.pk


@pytest.mark.parametrize("updating", [False, True])
def test_the_same_content_after_another_is_held_not_taken_for_the_first(
    office: Office, updating: bool
) -> None:
    case = make_case()
    one = data_of(office, case)
    other = data_of(office, case, SoDienThoai="0987654321")
    first = sent(one, updating=updating)
    sent(other, updating=updating)
    # Said to be none, after one that said it was an update: it came late.
    again = sent(one, vn("25/11/2026 09:00"), updating=updating)
    assert again.pk != first.pk
    assert (lacks(again), again.filing) == (["missing_again"], OnlineFiling.objects.get())
    assert sent(one, updating=updating).pk == again.pk
    assert lacks(taking.read(again.pk, at=MONDAY)) == ["missing_again"]
    assert OnlineFiling.objects.get().phone == "0987654321"
    # Closed, it was looked at; what comes after goes over all of them.
    closing.close(again.pk, reason="Đã đối chiếu", by=office.clerk, at=MONDAY)
    assert sent(one, updating=updating).pk == again.pk
    # Not received here and filed once more: it is one that came, not one that was closed.
    lacking = data_of(office, case, 2, ChuHoSo=None)
    held = sent(lacking, updating=updating)
    closing.close(held.pk, reason="Nộp nhầm nơi", by=office.clerk, at=MONDAY)
    anew = sent(lacking, updating=updating)
    assert (anew.pk > held.pk, lacks(anew)) == (True, ["missing_owner"])
