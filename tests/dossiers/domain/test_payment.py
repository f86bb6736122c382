"""A financial obligation (status 6): its time does not count, asked after the promise it heals
nothing, both acts are taken back.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import endings, handovers, payment, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.payment import Obligation, Proof
from dossiers.acts.taking_back import take_back
from dossiers.clock import deadlines
from dossiers.desk import timeline
from dossiers.desk.dossier import parts_of
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import ClockChange, ClockKind, Dossier, Event, Slip
from dossiers.models.outcome import Outcome
from dossiers.models.payment import PaymentRequest
from dossiers.slips import issuing
from dossiers.states import State
from onestop.accounts.calendars import calendar_of
from onestop.errors import Conflict, DomainError, sentence
from onestop.files.models import Attachment
from onestop.worktime import PauseKind, fold, parse_term
from tests.dossiers.pictures import picture
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
TAX = Obligation(
    content="Lệ phí trước bạ nhà, đất", amount=12_500_000, legal_basis="Thông báo 15/TB-TCS3; khoản 3 Điều 19",
    determined_by="Thuế cơ sở 3", pay_by=date(2026, 12, 20),
)  # fmt: skip
LONG_AFTER = vn("31/12/2026 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def ask(office: Office, dossier: Dossier, at: datetime, **changes: Any) -> PaymentRequest:
    return payment.ask_payment(
        Seen(dossier.pk), replace(TAX, **changes), by=office.desk(office.clerk, at), at=at
    )


def record(
    office: Office, dossier: Dossier, at: datetime, scan: Any = None, **changes: Any
) -> Dossier:
    proof = replace(Proof(number="0012345", paid_on=at.date(), paid=12_500_000), **changes)
    return payment.record_payment(
        Seen(dossier.pk), proof, by=office.desk(office.clerk, at), at=at, scan=scan
    )


def paid(office: Office, term: str, asked: str, done: str, *, mode: int = 1) -> Dossier:
    dossier = receive(office, make_case(term, supplement_mode=mode))
    ask(office, dossier, vn(asked))
    return record(office, dossier, vn(done))


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    assert sentence(error.value)
    return error.value.code, error.value.field


# --- the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [1, 2], ids=["restart", "pause"])
@pytest.mark.parametrize(
    ("term", "asked", "done", "due"),
    [
        # Promised for 03/12; 26, 27 and 30 were waited. 24/11 is a day off.
        ("7 ngày làm việc", "25/11/2026 09:00", "30/11/2026 10:00", "08/12/2026 17:00"),
        ("7 ngày làm việc", "25/11/2026 09:00", "25/11/2026 16:00", "03/12/2026 17:00"),
        # 03/12 and the five days 26 to 30.
        ("10 ngày", "25/11/2026 09:00", "30/11/2026 10:00", "08/12/2026 17:00"),
        ("1 tháng", "25/11/2026 09:00", "30/11/2026 10:00", "28/12/2026 17:00"),
        # 09:00 on 26/11 and four hours of sessions.
        ("16 giờ làm việc", "25/11/2026 09:00", "25/11/2026 15:00", "26/11/2026 15:00"),
        ("trong ngày", "23/11/2026 10:00", "26/11/2026 10:00", "26/11/2026 17:00"),
    ],
)
def test_the_promise_moves_by_the_wait_in_the_terms_own_unit(
    office: Office, term: str, asked: str, done: str, due: str, mode: int
) -> None:
    """Excluded time is counted alike whatever a completion would do to the term of this procedure."""
    dossier = paid(office, term, asked, done, mode=mode)
    assert (dossier.due_at, dossier.legal_due_at) == (vn(due), vn(due))
    assert (dossier.state, dossier.waiting_since) == (State.IN_PROGRESS, None)
    row = ClockChange.objects.get(dossier=dossier)
    assert (row.kind, row.excluded, row.basis) == (
        ClockKind.EXCLUDE,
        PauseKind.FINANCIAL,
        TAX.legal_basis,
    )
    assert (row.due_before, row.due_after) == (dossier.first_due_at, vn(due))
    assert verify(now=LONG_AFTER).misfit is None


def test_while_it_waits_it_is_not_late_and_says_what_for(office: Office) -> None:
    dossier = receive(office, make_case())
    ask(office, dossier, vn("25/11/2026 09:00"))
    waiting, calendar = fresh(dossier), calendar_of(office.agency.pk)
    assert (waiting.state, waiting.waiting_since, waiting.due_at) == (
        State.AWAITING_PAYMENT,
        vn("25/11/2026 09:00"),
        dossier.due_at,
    )
    assert not waiting.is_late(LONG_AFTER)
    assert Dossier.objects.open().count() == 1
    assert deadlines.left(waiting, LONG_AFTER, calendar).text == "đang chờ nghĩa vụ tài chính"
    lines = deadlines.explain(waiting, calendar)
    assert any(
        line.startswith("Thực hiện nghĩa vụ tài chính từ 09:00 thứ Tư 25/11/2026") for line in lines
    )
    assert (
        "Hồ sơ đang chờ nghĩa vụ tài chính: ngày hẹn trả được tính tiếp khi nhận được chứng từ nộp tiền."
        in lines
    )
    assert not [line for line in lines if "bổ sung" in line]
    assert verify(now=LONG_AFTER).misfit is None


@pytest.mark.parametrize(
    ("term", "asked", "late"),
    [
        ("1 ngày làm việc", "25/11/2026 18:00", False),  # hết giờ hôm nay: the day is not over
        ("1 ngày làm việc", "26/11/2026 09:00", True),
        ("8 giờ làm việc", "25/11/2026 08:59", False),
        ("8 giờ làm việc", "25/11/2026 09:01", True),
    ],
)
def test_what_is_asked_after_the_promise_heals_nothing(
    office: Office, term: str, asked: str, late: bool
) -> None:
    dossier = receive(office, make_case(term))
    promised = dossier.due_at
    ask(office, dossier, vn(asked))
    assert (fresh(dossier).late_while_waiting, fresh(dossier).is_late(vn(asked))) == (late, late)
    after = record(office, dossier, vn("30/11/2026 10:00"))
    assert (after.due_at == promised) == late
    assert after.is_late(vn("30/11/2026 10:00")) == late
    assert verify(now=LONG_AFTER).misfit is None


@pytest.mark.parametrize(
    ("mode", "supplement", "wait", "due"),
    [
        # Restarted on 25/11: 04/12; then 26 and 27 are waited.
        (
            1,
            ("23/11/2026 10:00", "25/11/2026 10:00"),
            ("25/11/2026 11:00", "27/11/2026 10:00"),
            "08/12/2026 17:00",
        ),
        # 25 and 26 waited for papers, 27 and 30 for the payment: no day twice.
        (
            2,
            ("23/11/2026 10:00", "26/11/2026 10:00"),
            ("26/11/2026 14:00", "30/11/2026 10:00"),
            "09/12/2026 17:00",
        ),
    ],
)
def test_a_wait_for_papers_and_one_for_the_payment_on_the_same_day(
    office: Office, mode: int, supplement: tuple[str, str], wait: tuple[str, str], due: str
) -> None:
    dossier = receive(office, make_case(supplement_mode=mode))
    asked, there = vn(supplement[0]), vn(supplement[1])
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk, asked),
        at=asked,
    )
    assert refused(lambda: ask(office, dossier, asked))[0] == "wrong_state"
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, there), at=there)
    ask(office, dossier, vn(wait[0]))
    assert record(office, dossier, vn(wait[1])).due_at == vn(due)
    assert verify(now=LONG_AFTER).misfit is None


def test_papers_that_restart_the_term_leave_the_payment_behind(office: Office) -> None:
    dossier = paid(office, "7 ngày làm việc", "23/11/2026 10:00", "25/11/2026 10:00")
    asked, there = vn("26/11/2026 09:00"), vn("30/11/2026 09:00")
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk, asked),
        at=asked,
    )
    assert supplements.complete(
        Seen(dossier.pk), by=office.desk(office.clerk, there), at=there
    ).due_at == vn("09/12/2026 17:00")


def test_overlapping_lines_of_the_ledger_count_once(office: Office) -> None:
    """Should both stand at once (a taken-over dossier), the days of both are waited once."""
    rows = [
        ClockChange(
            kind=ClockKind.EXCLUDE,
            excluded=PauseKind.FINANCIAL,
            start=vn("25/11/2026 09:00"),
            end=vn("30/11/2026 10:00"),
        ),
        ClockChange(kind=ClockKind.PAUSE, start=vn("26/11/2026 09:00"), end=vn("01/12/2026 10:00")),
    ]
    term = parse_term("7 ngày làm việc")
    due = fold(MONDAY, term, calendar_of(office.agency.pk), deadlines.changes_of(rows)).promise.at
    assert due == vn("09/12/2026 17:00")  # 26, 27, 30, 01


def test_the_step_stood_still_too(office: Office) -> None:
    dossier = receive(office, make_case())
    at = vn("23/11/2026 10:00")
    step = NextStep(order=2, name="Thẩm định", minutes=480)
    handovers.hand_over(dossier, to=office.room, step=step, by=office.desk(office.clerk, at), at=at)
    stood = handovers.confirm(
        Seen(dossier.pk), by=office.desk(office.specialist, at), at=at
    ).step_due_at
    assert stood == vn("25/11/2026 10:00")
    ask(office, dossier, vn("25/11/2026 08:00"))
    assert record(office, dossier, vn("26/11/2026 08:00")).step_due_at == vn("26/11/2026 10:00")


def test_withdrawn_while_it_waits_it_is_judged_by_the_moment_of_the_notice(office: Office) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    ask(office, dossier, MONDAY)
    at = vn("10/12/2026 09:00")
    stood = picture(dossier)
    endings.withdraw(
        Seen(dossier.pk),
        EndingIn("Nguyễn Văn Ân", "Không nộp nữa"),
        by=office.desk(office.clerk, at),
        at=at,
    )
    assert fresh(dossier).verdict != Outcome.LATE
    take_back(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)
    assert picture(dossier) == stood
    assert record(office, dossier, vn("11/12/2026 09:00")).state == State.IN_PROGRESS
    assert verify(now=LONG_AFTER).misfit is None


# --- taking back ----------------------------------------------------------------------------------


def test_both_acts_are_taken_back_and_done_again(office: Office) -> None:
    dossier = receive(office, make_case())
    clerk, later = office.desk(office.clerk), vn("30/11/2026 10:00")
    pictures = [picture(dossier)]
    ask(office, dossier, vn("25/11/2026 09:00"))
    pictures.append(picture(dossier))
    record(office, dossier, later, SimpleUploadedFile("bien-lai.pdf", PDF))
    assert Attachment.objects.of("dossier", dossier.pk).count() == 1
    for stood in reversed(pictures):
        take_back(Seen(dossier.pk), by=clerk, at=later)
        assert picture(dossier) == stood
        assert verify(now=LONG_AFTER).misfit is None
    assert [(row.undone_at, row.paid) for row in PaymentRequest.objects.all()] == [(later, None)]
    # The scan is set aside: no file of the dossier's page any more, and none that verification
    # misses.
    assert [
        Attachment.objects.of(kind, dossier.pk).count() for kind in ("dossier", "dossier-undone")
    ] == [0, 1]
    assert {
        slip.slug: slip.undone_at for slip in Slip.objects.filter(dossier=dossier).order_by("-pk")
    } == {
        "nghia-vu": later,
        "tiep-nhan": None,
    }
    ask(office, dossier, later, amount=9_000_000)
    assert record(office, dossier, later, paid=9_000_000).state == State.IN_PROGRESS
    assert verify(now=LONG_AFTER).misfit is None


def test_taking_back_the_document_lets_the_dossier_wait_on(office: Office) -> None:
    dossier = paid(office, "7 ngày làm việc", "25/11/2026 09:00", "30/11/2026 10:00")
    take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=vn("30/11/2026 10:05"))
    after = record(office, dossier, vn("01/12/2026 10:00"))
    assert after.due_at == vn("09/12/2026 17:00")  # 26, 27, 30, 01
    assert verify(now=LONG_AFTER).misfit is None


def test_what_was_written_past_the_ledger_is_found(office: Office) -> None:
    dossier = receive(office, make_case())
    ask(office, dossier, MONDAY)
    PaymentRequest.objects.update(amount=1)
    found = verify(now=LONG_AFTER).misfit
    assert found is not None
    assert "các lần yêu cầu nghĩa vụ tài chính" in found.what
    assert "số tiền phải nộp" in found.what
    assert (
        refused(lambda: take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY))[0]
        == "changed_since"
    )


# --- papers and words -----------------------------------------------------------------------------


def test_the_notice_says_what_to_pay_and_the_new_slip_when_the_result_comes(office: Office) -> None:
    dossier = receive(office, make_case())
    ask(office, dossier, vn("25/11/2026 09:00"))
    notice = Slip.objects.get(dossier=dossier, slug="nghia-vu")
    page = " ".join(issuing.html(notice).split())
    for words in (
        "THÔNG BÁO THỰC HIỆN NGHĨA VỤ TÀI CHÍNH", "Lệ phí trước bạ nhà, đất", "12.500.000 đồng", "Thuế cơ sở 3", "Thông báo 15/TB-TCS3",
        "ngày 20 tháng 12 năm 2026", "không tính vào thời hạn giải quyết", dossier.code, "Kính gửi: Ông/Bà Nguyễn Văn Ân",
    ):  # fmt: skip
        assert words in page, words
    assert "Mẫu số" not in page
    record(office, dossier, vn("30/11/2026 10:00"))
    first, second = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").order_by("pk")
    assert second.snapshot["promised_at"] > first.snapshot["promised_at"]
    assert f"số {first.number}/TNHS" in second.snapshot["replaces"]
    assert second.snapshot["completed_at"] is None  # the papers were complete from the first


def test_the_timeline_tells_both(office: Office) -> None:
    dossier = paid(office, "7 ngày làm việc", "25/11/2026 09:00", "30/11/2026 10:00")
    events = list(Event.objects.filter(dossier=dossier).order_by("seq"))
    rows = {"payments": {row["id"]: row for row in parts_of(dossier).told["payments"]}}
    done, asked = timeline.timeline(events, rows)[:2]
    assert (asked.title, asked.lines, asked.tone) == (
        "Yêu cầu nghĩa vụ tài chính",
        (
            "Lệ phí trước bạ nhà, đất: 12.500.000 đồng, hạn nộp 20/12/2026",
            "Thuế cơ sở 3 xác định; căn cứ Thông báo 15/TB-TCS3; khoản 3 Điều 19",
        ),
        "wait",
    )
    assert (done.title, done.lines) == (
        "Đã thực hiện nghĩa vụ tài chính",
        ("12.500.000 đồng, chứng từ số 0012345 ngày 30/11/2026",),
    )


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"content": " "}, "payment_missing", "content"),
        ({"determined_by": " "}, "payment_missing", "determined_by"),
        ({"amount": 0}, "payment_amount", "amount"),
        ({"amount": -1}, "payment_amount", "amount"),
        ({"legal_basis": "\t"}, "payment_basis", "legal_basis"),
        ({"pay_by": date(2026, 11, 22)}, "pay_by_past", "pay_by"),
    ],
)
def test_a_notice_that_does_not_say_enough_is_refused(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    dossier = receive(office, make_case())
    assert refused(lambda: ask(office, dossier, MONDAY, **changes)) == (code, field)
    assert not PaymentRequest.objects.exists()
    assert not ClockChange.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"number": " "}, "proof_missing", "number"),
        ({"paid_on": date(2026, 12, 1)}, "paid_day", "paid_on"),
        ({"paid_on": date(2026, 11, 22)}, "paid_day", "paid_on"),
        ({"paid": 12_499_999}, "paid_other", "note"),
        ({"paid": 12_500_001}, "paid_other", "note"),
    ],
)
def test_a_document_that_does_not_fit_is_refused(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    dossier = receive(office, make_case())
    ask(office, dossier, MONDAY)
    assert refused(lambda: record(office, dossier, vn("30/11/2026 10:00"), **changes)) == (
        code,
        field,
    )
    assert fresh(dossier).state == State.AWAITING_PAYMENT


def test_another_amount_with_its_reason_is_taken(office: Office) -> None:
    dossier = receive(office, make_case())
    ask(office, dossier, MONDAY)
    record(
        office, dossier, vn("30/11/2026 10:00"), paid=0, note="Được miễn theo Quyết định 7/QĐ-TCS3"
    )
    assert PaymentRequest.objects.get().paid == 0


def test_who_and_from_where(office: Office) -> None:
    dossier, proof = (
        receive(office, make_case()),
        Proof(number="1", paid_on=MONDAY.date(), paid=TAX.amount),
    )
    for officer in (office.specialist, office.head, office.leader, office.controller):
        assert (
            refused(
                lambda who=officer: payment.ask_payment(
                    Seen(dossier.pk), TAX, by=office.desk(who), at=MONDAY
                )
            )[0]
            == "role_missing"
        )
    other = make_office("Ủy ban nhân dân xã Hòa Bình")
    assert (
        refused(
            lambda: payment.ask_payment(
                Seen(dossier.pk), TAX, by=other.desk(other.clerk), at=MONDAY
            )
        )[0]
        == "not_your_counter"
    )
    assert refused(lambda: record(office, dossier, MONDAY))[0] == "wrong_state"
    ask(office, dossier, MONDAY)
    assert refused(lambda: ask(office, dossier, MONDAY))[0] == "wrong_state"
    assert (
        refused(
            lambda: payment.record_payment(
                Seen(dossier.pk), proof, by=other.desk(other.clerk), at=MONDAY
            )
        )[0]
        == "not_your_counter"
    )
    with pytest.raises(Conflict):
        payment.record_payment(Seen(dossier.pk, 0), proof, by=office.desk(office.clerk), at=MONDAY)
