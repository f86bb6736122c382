"""What clerks do is what the peer holds at the end: real acts, taken back and done again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import endings, payment, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.models import Dossier, Result
from dossiers.models.money import ReceiptRequest
from dossiers.states import State
from exchange.models.outbox import Line
from exchange.outbox import level
from exchange.outbox.beside import Beside
from exchange.outbox.peers import peers
from exchange.outbox.returned import may_be_taken_back
from exchange.outbox.spelling import written
from exchange.outbox.taking import take_over
from onestop.errors import DomainError, sentence
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict
from procedures.models import ProcedureVersion
from tests.clock import MONDAY
from tests.dossiers.money.office import make_till
from tests.dossiers.test_path import declared
from tests.exchange.world import Exchange, said
from tests.samples import a_pdf
from tests.world import IN_PERSON, make_case, make_office, receive

Connected = Callable[..., Exchange]
SIGNED = endings.ResultIn(
    title="Giấy xác nhận",
    number="12/GXN",
    issued_on=date(2026, 11, 23),
    signer="Hoàng Minh Tuấn",
)


@pytest.mark.parametrize("profile", ["A", "B"])
def test_what_acts_leave_is_what_the_peer_holds(
    connected: Callable[..., Exchange], settings: Any, profile: str
) -> None:
    exchange = connected(profile, dossiers=0)
    office, case = make_office(), make_case("7 ngày làm việc")
    by = office.desk(office.clerk)
    settings.EXCHANGE_PEERS = [said(profile)]
    dossier = receive(office, case, at=MONDAY)
    hours = iter(range(1, 20))

    def at() -> datetime:
        return MONDAY + timedelta(hours=next(hours))

    def told() -> str:
        exchange.send()
        dossier.refresh_from_db()
        line = Line.objects.select_related("dossier").get()
        assert line.state == Line.State.LEVEL, line.words
        assert level.unlike(line) == []
        there = exchange.remote.store.dossiers[dossier.code]
        assert there["NgayHenTra"] == written(dossier.due_at)
        assert there["NgayKetThucXuLy"] == written(dossier.ended_at)
        state: str = there["TrangThaiHoSo"]
        assert state == str(dossier.state)
        return state

    assert told() == str(State.RECEIVED)
    seen = Seen(dossier.pk)
    supplements.ask(seen, items=declared("Họ tên người mẹ"), reason="Thiếu", by=by, at=at())
    assert told() == str(State.AWAITING_PAPERS)
    (asked,) = exchange.remote.store.dossiers[dossier.code]["DanhSachHoSoBoSung"]
    assert "Họ tên người mẹ" in asked["NoiDungBoSung"]
    assert (asked["NguoiYeuCauBoSung"], asked["NgayTiepNhanBoSung"]) == (office.clerk.full_name, "")
    supplements.complete(seen, by=by, at=at())
    told()
    (came,) = exchange.remote.store.dossiers[dossier.code]["DanhSachHoSoBoSung"]
    assert came["NgayTiepNhanBoSung"] > asked["NgayBoSung"]
    endings.withdraw(seen, EndingIn("", "Không cần nữa"), by=by, at=at())
    assert told() == str(State.WITHDRAWN)
    # An end that no longer holds goes as a reopening, over what the peer took for final.
    take_back(seen, by=by, at=at())
    assert told() not in {str(state) for state in (State.WITHDRAWN, State.FINISHED)}
    endings.record_result(seen, SIGNED, by=by, at=at(), files=[("kq.pdf", a_pdf())])
    told()
    (paper,) = exchange.remote.store.dossiers[dossier.code]["DanhSachGiayToKetQua"]
    file = Attachment.objects.get(name="kq.pdf")
    assert (paper["TenGiayTo"], paper["SoKyHieu"]) == ("Giấy xác nhận", "12/GXN")
    assert (paper["GiayToId"], paper.get("DuongDanTepTinKetQua")) == (file.sha256, None)
    # Another result stands for it, with its own files.
    other = replace(SIGNED, number="13/GXN")
    endings.record_result(seen, other, by=by, at=at())
    told()
    (paper,) = exchange.remote.store.dossiers[dossier.code]["DanhSachGiayToKetQua"]
    assert paper == {"TenGiayTo": "Giấy xác nhận", "SoKyHieu": "13/GXN"}
    endings.finish(seen, by=by, at=at(), note="Sở ký")
    assert told() == str(State.FINISHED)


def test_receipts_are_told_and_what_is_voided_is_not(connected: Connected, settings: Any) -> None:
    exchange = connected("B", dossiers=0)
    till = make_till()
    values = {"LoaiPhiLePhi.fee": "1", "LoaiPhiLePhi.charge": "2"}
    settings.EXCHANGE_PEERS = [said("B", values=values)]
    dossier = till.owing()
    with CaptureQueriesContext(connection) as asked:
        row = till.take(dossier, fee=20_000, charge=10_000)
    assert sum('INTO "outbox_fact"' in one["sql"] for one in asked) == 1
    exchange.send()

    def paid() -> Any:
        return exchange.remote.store.dossiers[dossier.code]["DanhSachLePhi"]

    number = f"{row.series.symbol} {row.digits}"
    owed = "Phí, lệ phí phải nộp"
    assert paid() == [
        {"TenPhiLePhi": f"Phí (biên lai {number})", "Gia": "20000", "LoaiPhiLePhi": "1"},
        {"TenPhiLePhi": f"Lệ phí (biên lai {number})", "Gia": "10000", "LoaiPhiLePhi": "2"},
        {"TenPhiLePhi": owed, "Gia": "20000"},
    ]
    till.answer(till.ask(row, ReceiptRequest.Kind.VOID))
    exchange.send()
    assert paid() == [{"TenPhiLePhi": owed, "Gia": "50000"}]


def test_what_is_owed_is_told_until_it_is_paid(connected: Connected, settings: Any) -> None:
    """The fee of the counter, and what another authority determined, with its last day (status 6)."""
    exchange = connected("B", dossiers=0)
    till = make_till()
    by = till.office.desk(till.office.clerk)
    values = {"LoaiPhiLePhi.owed": "9"}
    settings.EXCHANGE_PEERS = [said("B", values=values)]
    dossier = till.owing()
    tax = payment.Obligation(
        content="Thuế thu nhập cá nhân",
        amount=1_200_000,
        legal_basis="Thông báo 12/TB-CT",
        determined_by="Thuế cơ sở 3",
        pay_by=date(2026, 12, 4),
    )
    payment.ask_payment(Seen(dossier.pk), tax, by=by, at=MONDAY)

    def told() -> Any:
        exchange.send()
        there = exchange.remote.store.dossiers[dossier.code]
        return there["TrangThaiHoSo"], there["DanhSachLePhi"]

    fee = {"TenPhiLePhi": "Phí, lệ phí phải nộp", "Gia": "50000", "LoaiPhiLePhi": "9"}
    due = "Nghĩa vụ tài chính phải nộp: Thuế thu nhập cá nhân, hạn nộp 04/12/2026"
    assert told() == ("6", [fee, {"TenPhiLePhi": due, "Gia": "1200000"}])
    proof = payment.Proof("CT-1", date(2026, 11, 23), 1_200_000)
    payment.record_payment(Seen(dossier.pk), proof, by=by, at=MONDAY + timedelta(hours=1))
    assert told() == ("4", [fee])
    # Nothing is asked for what ended without anything to pay for.
    endings.withdraw(
        Seen(dossier.pk), EndingIn("", "Không cần nữa"), by=by, at=MONDAY + timedelta(hours=2)
    )
    assert told() == ("7", [])


@pytest.mark.parametrize("told", [False, True])
def test_what_the_peer_was_told_as_returned_stays_so_unless_it_can_be_told_otherwise(
    connected: Connected, settings: Any, *, told: bool
) -> None:
    exchange = connected("B", dossiers=0)
    office, case = make_office(), make_case("7 ngày làm việc")
    by = office.desk(office.clerk)
    settings.EXCHANGE_PEERS = [said("B", paths={"reopen": ""})]
    dossier = receive(office, case, at=MONDAY)
    seen = Seen(dossier.pk)
    endings.record_result(seen, SIGNED, by=by, at=MONDAY + timedelta(hours=1))
    endings.finish(seen, by=by, at=MONDAY + timedelta(hours=2), note="Sở ký")
    endings.give_back(
        seen,
        endings.Taking(name=dossier.owner_name, told=IN_PERSON),
        by=by,
        at=MONDAY + timedelta(hours=3),
    )
    if told:
        exchange.send()
    later = MONDAY + timedelta(hours=4)
    with pytest.raises(DomainError) as refused:
        take_back(seen, by=by, at=later)
    assert "không nhận thông báo mở lại" in sentence(refused.value)
    dossier.refresh_from_db()
    assert dossier.state == State.RETURNED
    # One that can be told: a message of its own kind, and the same here and there.
    settings.EXCHANGE_PEERS = [said("B")]
    take_back(seen, by=by, at=later)
    exchange.send()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == str(State.FINISHED)
    assert Line.objects.get().state == Line.State.LEVEL


def test_what_is_taken_over_while_it_is_asked_keeps_a_return_too(
    connected: Connected, settings: Any
) -> None:
    exchange = connected("B", dossiers=1, paths={"reopen": ""})
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, State.RETURNED))
    taken: list[bool] = []

    def meanwhile(execute: Any, *about: Any) -> Any:
        done = execute(*about)
        if not taken:
            taken.append(True)
            take_over(peers(), now=MONDAY)
        return done

    with connection.execute_wrapper(meanwhile):
        assert not may_be_taken_back(dossier)
    assert taken
    # And by what it became.
    assert not may_be_taken_back(dossier)


def test_of_what_was_signed_here_the_signed_file_is_told(settings: Any) -> None:
    settings.EXCHANGE_PEERS = [said("B")]
    source = Attachment(name="kq.pdf", sha256="a")
    unchecked = Attachment(name="kq-ky.pdf", sha256="b", signature=Verdict.UNCHECKED)
    whole = Attachment(name="kq-ky-2.pdf", sha256="c", signature=Verdict.UNKNOWN)

    unsaved = Dossier(pk=1, version=ProcedureVersion())

    def told(result: Result, *files: Attachment) -> list[str]:
        beside, dossier = Beside(results={1: result}, files={1: files}), unsaved
        (peer,) = peers()
        return [one["GiayToId"] for one in beside.fields(peer, dossier)["DanhSachGiayToKetQua"]]

    result = Result(kind=Result.Kind.GRANTED, number="12/GXN", electronic=True)
    assert told(result, source, unchecked, whole) == ["c"]
    assert told(result, source, unchecked) == ["b"]
    assert told(result, source) == ["a"]
    result.electronic = False
    assert told(result, source, whole) == ["a", "c"]
