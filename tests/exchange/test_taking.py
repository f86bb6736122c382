"""From a message to what waits for the counter: by the table, never guessed, in whatever order."""

from __future__ import annotations

import unicodedata
from datetime import date
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from dossiers.acts import filings
from dossiers.intake.brought import OnlineIn
from dossiers.intake.online import check
from dossiers.intake.said import said_of
from dossiers.models import CounterVisit, Dossier, OnlineFiling
from dossiers.models.helping import OnlineHelp, OwnAccount
from dossiers.states import State as Stands
from exchange.inbox import purging, taking, telling
from exchange.models import Door, Mapping, Message
from procedures.models import Case, Paper, Procedure
from tests.dossiers.returning.test_return_desk import finish
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import MONDAY, Office, make_case, make_office, vn

pytestmark = pytest.mark.django_db
State, Filing = Message.State, OnlineFiling.State


@pytest.fixture
def office() -> Office:
    return make_office()


def sent(office: Office, data: dict[str, Any], at: Any = MONDAY, **more: Any) -> Message:
    return came(a_door(), body_of(data, **more), at)


def lacks(message: Message) -> list[str]:
    return [one["code"] for one in message.missing]


def test_what_fits_is_a_filing_with_everything_filled_in(office: Office) -> None:
    case = make_case()
    [first, *_] = Paper.objects.filter(case=case)
    file = {"TenTep": "a.pdf", "TenGiayTo": first.name, "DuongDan": "https://cong.test/a.pdf"}
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Bình")
    message = sent(office, data_of(office, case, ChuHoSo=decomposed, TaiLieuNop=[file]))
    filing = OnlineFiling.objects.get()
    assert (message.state, message.filing) == (State.MAPPED, filing)
    assert (filing.owner_name, filing.case, filing.procedure) == (
        "Nguyễn Thị Bình", case, Procedure.objects.get(code=case.version.code),
    )  # fmt: skip
    # Friday 16:00: one hour is left of the day, seven run on Monday.
    assert (filing.filed_at, filing.accept_by) == (vn("20/11/2026 16:00"), vn("23/11/2026 16:00"))
    assert said_of(filing).papers == {first.pk: 1}


LACKING = {
    "missing_filed_at": {"NgayNopHoSo": "20/11/2026"},
    # What systems write where they have no time.
    "missing_filed_ahead": {"NgayNopHoSo": "00010101000000"},
    "missing_unit": {"MaDonVi": "H00.00"},
    "missing_procedure": {"MaTTHC": "9.999999"},
    "missing_owner": {"ChuHoSo": "---"},
    "missing_value": {"LoaiDoiTuong": "x"},
    "missing_pattern": {"MaHoSo": "123456"},
}


@pytest.mark.parametrize(("why", "wrong"), LACKING.items(), ids=LACKING)
def test_what_cannot_be_mapped_is_held_with_what_is_missing(office: Office, why: str, wrong: dict[str, str]) -> None:  # fmt: skip
    message = sent(office, data_of(office, make_case(), **wrong))
    assert message.state == State.QUARANTINED
    assert why in lacks(message)
    assert not OnlineFiling.objects.exists()


def test_a_mended_table_lets_what_was_held_through(office: Office) -> None:
    """National code → procedure and case; valid from a day on."""
    case = make_case()
    Case.objects.create(version=case.version, order=2, name="Cấp lại")
    message = sent(office, data_of(office, case, MaTTHC="2.000001"))
    assert lacks(message) == ["missing_procedure"]
    row = Mapping.objects.create(
        door=a_door(), foreign="2.000001", procedure=Procedure.objects.get(code=case.version.code),
        valid_from=date(2026, 11, 21),
    )  # fmt: skip
    assert lacks(taking.read(message.pk, at=MONDAY)) == [
        "missing_procedure"
    ]  # filed the day before
    row.valid_from = date(2026, 11, 1)
    row.save()
    assert lacks(taking.read(message.pk, at=MONDAY)) == ["missing_case"]
    row.case_name = "Cấp lại"
    row.save()
    read = taking.read(message.pk, at=MONDAY)
    assert (read.state, OnlineFiling.objects.get().case.name) == (State.MAPPED, "Cấp lại")  # type: ignore[union-attr]


def test_whose_account_filed_it_is_read_by_the_table_and_kept(office: Office) -> None:
    """S1: an officer's own account, wherever the source says it; what a later message leaves out stays;
    a help at the counter on the same day is tied.
    """
    case, filed = make_case(), {"NgayNopHoSo": "20261123080000"}
    procedure = Procedure.objects.get(code=case.version.code)
    help_ = OnlineHelp.objects.create(
        token=uuid4(), agency=office.agency, officer=office.clerk, at=MONDAY, procedure=procedure, identity_number="001187000123",
    )  # fmt: skip
    OwnAccount.objects.create(
        agency=office.agency, kind=1, number="001187000999", holder="Lý Văn Sơn", from_day=MONDAY.date(),
        made_by=office.leader, made_at=MONDAY,
    )  # fmt: skip
    Mapping.objects.create(
        door=a_door(), foreign="", fields={"filer_identity": "TaiKhoan.So"}, valid_from=date(2026, 11, 1)
    )  # fmt: skip
    for number, account, wanted in (
        (1, "001187000999", OnlineFiling.Filer.OWN),
        (2, "001187000123", OnlineFiling.Filer.CITIZEN),
        (3, None, OnlineFiling.Filer.UNSAID),
        (4, "000000000000", OnlineFiling.Filer.UNSAID),
        (5, "123456789", OnlineFiling.Filer.UNSAID),
        (6, "Không có", OnlineFiling.Filer.UNSAID),
    ):
        data = data_of(office, case, number, TaiKhoan={"So": account}, **filed)
        sent(office, data)
        assert OnlineFiling.objects.get(code=code_of(office, number)).filer == wanted
    for more in ({}, {"TaiKhoan": {"So": "000000000000"}}):
        later = data_of(office, case, 1, TrichYeuHoSo="Bổ sung", **filed, **more)
        sent(office, later, updating=True)
    assert OnlineFiling.objects.get(code=code_of(office, 1)).filer == OnlineFiling.Filer.OWN
    help_.refresh_from_db()
    assert help_.source_code == code_of(office, 1)


def test_a_source_may_place_things_elsewhere(office: Office) -> None:
    fields = {"owner": "NguoiNop.Ten", "code": "SoHoSo"}
    Mapping.objects.create(door=a_door(), fields=fields, valid_from=date(2026, 1, 1))
    data = data_of(office, make_case(), MaHoSo=None, ChuHoSo=None) | {
        "SoHoSo": code_of(office), "NguoiNop": {"Ten": "Trần Văn Tám"},
    }  # fmt: skip
    assert sent(office, data).state == State.MAPPED
    assert OnlineFiling.objects.get().owner_name == "Trần Văn Tám"


def test_placeholders_and_old_districts_are_told_not_kept(office: Office) -> None:
    """Case 52: a number that systems write where they have none is none."""
    odd = data_of(office, make_case(), SoDinhDanh="000000001", DiaChi={"DiaChiChiTiet": "Thôn 3", "MaHuyen": "268"})  # fmt: skip
    message = sent(office, odd)
    assert [one["code"] for one in message.notes] == ["note_placeholder", "note_district"]
    assert OnlineFiling.objects.get().identity_number == ""


def test_policies_of_a_procedure_move_the_hours(office: Office) -> None:
    """Case 58: paid = filed, both times kept; the last hour counts from the next working day."""
    case = make_case()
    row = Mapping.objects.create(
        door=a_door(), foreign=case.version.code, paid_is_filed=True, valid_from=date(2026, 1, 1)
    )
    unpaid = sent(office, data_of(office, case))
    assert lacks(unpaid) == ["missing_paid"]
    paid = data_of(office, case, NgayThanhToan="20261121100000")  # Saturday
    assert sent(office, paid, updating=True).state == State.MAPPED
    filing = OnlineFiling.objects.get()
    assert (filing.filed_at, said_of(filing).handed_in_at) == (
        vn("21/11/2026 10:00"), vn("20/11/2026 16:00"),
    )  # fmt: skip
    assert filing.accept_by == vn("23/11/2026 17:00")
    unpaid.refresh_from_db()
    assert unpaid.state == State.DONE
    row.paid_is_filed, row.last_hour_waits = False, True
    row.save()
    sent(office, data_of(office, case, 2, NgayNopHoSo="20261120163000"))
    late = OnlineFiling.objects.get(code=code_of(office, 2))
    assert late.accept_by == vn("23/11/2026 17:00")
    filed = check(OnlineIn(late.code), agency=office.agency, at=MONDAY)
    assert (filed.filed_at, filed.listed) == (vn("20/11/2026 16:30"), True)


def test_an_update_changes_what_waits_and_an_older_one_does_not(office: Office) -> None:
    """Cases 49, 50: whatever order they come in, the newest content stands."""
    case = make_case()
    newest = data_of(office, case, ChuHoSo="Lê Mới", NgayCapNhat="20261120170000")
    oldest = data_of(office, case, ChuHoSo="Lê Cũ", NgayCapNhat="20261120160000")
    sent(office, newest, updating=True)
    late = sent(office, oldest)
    assert (late.state, late.filing.owner_name) == (State.DONE, "Lê Mới")  # type: ignore[union-attr]
    newer = sent(office, newest | {"ChuHoSo": "Lê Mới Nhất", "NgayCapNhat": "20261120180000"}, updating=True)  # fmt: skip
    filing = OnlineFiling.objects.get()
    assert (filing.owner_name, newer.state) == ("Lê Mới Nhất", State.MAPPED)
    assert Message.objects.filter(state=State.MAPPED).count() == 1


def test_what_was_guided_is_sent_again_with_hours_of_its_own(office: Office) -> None:
    case = make_case()
    sent(office, data_of(office, case))
    filing = OnlineFiling.objects.get()
    OnlineFiling.objects.update(state=Filing.ANSWERED, ended_at=MONDAY)
    again = vn("23/11/2026 14:00")
    sent(office, data_of(office, case, NgayCapNhat="20261123140000"), again, updating=True)
    filing.refresh_from_db()
    assert (filing.is_waiting, filing.filed_at) == (True, again)
    # Tuesday 24/11 is a holiday since 2026.
    assert filing.accept_by == vn("25/11/2026 14:00")
    # Changed while it waits, it keeps them; handed in later, it counts from then.
    changed = data_of(office, case, NgayCapNhat="20261123150000", SoDienThoai="0987654321")
    sent(office, changed, vn("23/11/2026 15:00"), updating=True)
    filing.refresh_from_db()
    assert (filing.phone, filing.filed_at) == ("0987654321", again)
    assert filing.accept_by == vn("25/11/2026 14:00")
    later = changed | {"NgayNopHoSo": "20261123153000", "NgayCapNhat": "20261123153000"}
    sent(office, later, vn("23/11/2026 15:30"), updating=True)
    filing.refresh_from_db()
    assert filing.filed_at == vn("23/11/2026 15:30")


def test_what_comes_after_reception_is_held_for_a_person(office: Office, signed_in: Any) -> None:
    case = make_case()
    sent(office, data_of(office, case))
    filing = OnlineFiling.objects.get()
    client = signed_in(office.clerk)
    typed = data_of(office, case, NgayCapNhat="20261123140000")
    dossier = _received(office, filing)
    assert sent(office, data_of(office, case, ChuHoSo="Khác")).reason == taking.KNOWN
    held = sent(office, typed, updating=True)
    assert lacks(held) == ["missing_received"]
    gone = sent(office, {"MaHoSo": filing.code}, service="RutHoSoDVCQG")
    assert lacks(gone) == ["missing_recalled"]
    assert gone.agency == dossier.received_by_agency
    close = reverse("exchange_message_close", args=[held.pk])
    assert client.post(close, {"reason": ""}).status_code == 422
    client.post(close, {"reason": "Đã đối chiếu, không khác."})
    held.refresh_from_db()
    assert (held.state, held.ended_by) == (State.REFUSED, office.clerk)


def test_withdrawn_on_the_portal_waits_no_longer(office: Office) -> None:
    sent(office, data_of(office, make_case()))
    message = sent(office, {"MaHoSo": code_of(office)}, service="RutHoSoDVCQG")
    filing = OnlineFiling.objects.get()
    assert (filing.state, filing.ended_by, message.state) == (Filing.ELSEWHERE, None, State.DONE)


def test_withdrawn_while_the_result_lies_here_a_person_sees_it(office: Office) -> None:
    """Finished and not handed over yet: state 9 here, 7 at the portal, which refuses the 10 to come."""
    case = make_case()
    sent(office, data_of(office, case))
    dossier = _received(office, OnlineFiling.objects.get())
    finish(office, dossier, MONDAY)
    back = {"MaHoSo": dossier.code, "NgayCapNhat": "20261123090000"}
    held = sent(office, back, vn("23/11/2026 14:00"), service="RutHoSoDVCQG")
    assert (lacks(held), held.agency) == (["missing_recalled_done"], office.agency)
    assert held.answer_by is not None
    # Once it was collected there is nothing to do; that is said.
    Dossier.objects.update(state=Stands.RETURNED)
    assert taking.read(held.pk, at=MONDAY).reason == taking.SETTLED


def _received(office: Office, filing: OnlineFiling) -> Dossier:
    from procedures.channels import Channel
    from tests.world import receive

    return receive(
        office,
        filing.case,
        channel=Channel.ONLINE_FULL,
        online=OnlineIn(filing.code),  # type: ignore[arg-type]
    )


def test_the_text_goes_when_its_time_is_over_and_what_came_of_it_stays(office: Office, settings: Any) -> None:  # fmt: skip
    settings.EXCHANGE_RAW_DAYS = 30
    message = sent(office, data_of(office, make_case()))
    held = sent(office, data_of(office, make_case(), 2, ChuHoSo=None))
    filings.settle_elsewhere(
        OnlineFiling.objects.get().pk, reason="Nộp trùng", by=office.desk(office.clerk), at=MONDAY
    )
    assert purging.purge(vn("22/12/2026 09:00")) == 0
    assert purging.purge(vn("24/12/2026 09:00")) == 1
    for row in (message, held):
        row.refresh_from_db()
    assert (message.raw, message.state, bool(held.raw)) == ("", State.DONE, True)
    # The same message after that is still the same.
    again = sent(office, data_of(office, _case_of(message)))
    assert again.pk == message.pk


def _case_of(message: Message) -> Case:
    assert message.filing is not None
    assert message.filing.case is not None
    return message.filing.case


def test_a_file_of_messages_is_taken_line_by_line(
    office: Office, tmp_path: Any, capsys: Any
) -> None:
    a_door()
    path = tmp_path / "thong-diep.jsonl"
    path.write_bytes(body_of(data_of(office, make_case())) + b"\n\n{}\n")
    with pytest.raises(SystemExit):
        call_command("receive_messages", str(path), door="cong")
    said = capsys.readouterr().out
    assert "Dòng 1" in said
    assert "Đã đọc 2 dòng, 1 dòng không nhận." in said
    assert OnlineFiling.objects.count() == 1


def test_what_was_guided_or_refused_is_told_to_the_portal(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Its statuses 1 and 3, once, in the transaction of the slip; not what was taken back there."""
    told: list[tuple[str, int, str]] = []
    monkeypatch.setattr(
        "exchange.shell.say_filing", lambda code, **said: told.append((code, said["state"], said["words"]))
    )  # fmt: skip
    case, kinds = make_case(), CounterVisit.Kind
    for number, kind in ((1, kinds.COMPLETE), (2, kinds.REFUSE)):
        sent(office, data_of(office, case, number))
        visit = CounterVisit.objects.create(
            kind=kind, agency=office.agency, version=case.version, owner_name="Hà", reason="Thiếu tờ khai",
            officer=office.clerk, at=MONDAY,
        )  # fmt: skip
        filings.answer(code_of(office, number), visit, by=office.clerk, at=MONDAY)
    sent(office, data_of(office, case, 3))
    sent(office, {"MaHoSo": code_of(office, 3)}, service="RutHoSoDVCQG")
    assert told == [(code_of(office, n), n if n == 1 else 3, "Thiếu tờ khai") for n in (1, 2)]


def test_what_was_asked_for_is_told_whole_and_read_when_the_answer_comes(
    office: Office, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Form 02 by way of the portal and back: asked once and completely (R-44)."""
    told: list[str] = []
    monkeypatch.setattr("exchange.shell.say_filing", lambda code, **said: told.append(said["words"]))  # fmt: skip
    case = make_case()
    sent(office, data_of(office, case))
    filing = OnlineFiling.objects.get()
    items = [{"what": "declared", "name": "Họ tên người mẹ", "note": "như giấy khai sinh"}]
    visit = CounterVisit.objects.create(
        kind=CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, owner_name=filing.owner_name,
        identity_number=filing.identity_number, phone=filing.phone, reason="Tờ khai thiếu.", items=items,
        officer=office.clerk, at=MONDAY, source_code=filing.code,
    )  # fmt: skip
    # Of the same person, in another matter.
    CounterVisit.objects.create(
        kind=CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, owner_name=filing.owner_name,
        identity_number=filing.identity_number, reason="Việc khác", officer=office.clerk, at=MONDAY,
    )  # fmt: skip
    filings.answer(filing.code, visit, by=office.clerk, at=MONDAY)
    assert told == ["Tờ khai thiếu. Cần bổ sung: Họ tên người mẹ: như giấy khai sinh."]
    page = reverse("online_filing", args=[filing.pk])
    assert "Đã hướng dẫn bổ sung" not in signed_in(office.clerk).get(page).content.decode()
    sent(office, data_of(office, case, NgayCapNhat="20261123093000"), updating=True)
    shown = " ".join(signed_in(office.clerk).get(page).content.decode().split())
    assert f"{office.clerk}: Tờ khai thiếu." in shown
    assert "– Họ tên người mẹ: như giấy khai sinh" in shown
    assert "Việc khác" not in shown


def test_where_there_is_no_room_for_all_names_give_way_and_no_note_does(office: Office) -> None:
    items = [{"name": "Giấy tờ " * 80, "note": f"thiếu trang {n}"} for n in range(8)]
    visit = CounterVisit(reason="Thiếu.", items=items, at=MONDAY)
    said = telling.answer_in(visit)
    assert all(f"thiếu trang {n}" in said for n in range(8))
    visit.items = items * 8
    said = telling.answer_in(visit)
    assert len(said) <= telling.ROOM
    assert said.endswith("(đủ nội dung ở phiếu hướng dẫn)")


def test_whatever_order_and_however_often_they_come_the_newest_stands(office: Office) -> None:
    """Cases 46, 49, 50: each order of three messages, each sent twice."""
    case = make_case()
    said = [("Lê Một", "20261120160000"), ("Lê Hai", "20261120170000"), ("Lê Ba", "20261120180000")]
    for number, order in enumerate(permutations(range(3)), start=1):
        bodies = [
            body_of(data_of(office, case, number, ChuHoSo=name, NgayCapNhat=at), updating=place > 0)
            for place, (name, at) in enumerate(said)
        ]
        for place in [*order, *order]:
            came(a_door(), bodies[place], MONDAY)
        filing = OnlineFiling.objects.get(code=code_of(office, number))
        assert filing.owner_name == "Lê Ba", order
        states = Message.objects.filter(foreign_code=filing.code).values_list("state", flat=True)
        assert sorted(states) == [State.MAPPED, State.DONE, State.DONE], order


def test_a_door_is_opened_for_a_source_and_shut(capsys: Any, settings: Any) -> None:
    settings.EXCHANGE_SECRETS = {}
    source = a_door("khac").source
    call_command("exchange_door", "cong", source=source.name)
    said = capsys.readouterr().out
    assert "chưa nhận gì" in said  # no secret yet
    assert Door.objects.get(name="cong").ended_at is None
    call_command("exchange_door", "cong", close=True)
    assert Door.objects.get(name="cong").ended_at is not None
    with pytest.raises(CommandError, match="Không có nguồn"):
        call_command("exchange_door", "cong", source="Không có")
    with pytest.raises(CommandError, match="không quá 40 ký tự"):
        call_command("exchange_door", "c" * 41, source=source.name)
