"""The round trip to the tax authority: three clocks one after another, of which only the office's is
the term's; every act is taken back.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import endings, payment, reminding, supplements, tax_transfer
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.acts.payment import Obligation, Proof
from dossiers.acts.taking_back import take_back
from dossiers.acts.tax_transfer import Answer, Transfer
from dossiers.desk.dossier import parts_of
from dossiers.desk.excluded import PAYER, TAX, excluded_times, obligation_times
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip
from dossiers.models.outcome import Outcome
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.states import State
from onestop.errors import DomainError, sentence
from tests.clock import Clock
from tests.dossiers.pictures import picture
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
ASKED = Transfer(
    "Thuế cơ sở 3", "Lệ phí trước bạ", "Nghị định số 101/2024/NĐ-CP", date(2026, 11, 27)
)
TAXED = Obligation(
    "Lệ phí trước bạ", 500_000, "Thông báo 15/TB", "Thuế cơ sở 3", date(2026, 12, 20)
)
LONG_AFTER = vn("31/12/2026 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def send(office: Office, dossier: Dossier, at: str, **changes: Any) -> TaxTransfer:
    what, when = replace(ASKED, **changes), vn(at)
    return tax_transfer.send(Seen(dossier.pk), what, by=office.desk(office.clerk, when), at=when)


def notice(office: Office, dossier: Dossier, at: str, **changes: Any) -> Any:
    when = vn(at)
    answer = replace(Answer("15/TB-TCS3", when.date()), **changes)
    return tax_transfer.record_notice(
        Seen(dossier.pk), answer, TAXED, by=office.desk(office.clerk, when), at=when
    )


def nothing(office: Office, dossier: Dossier, at: str) -> Dossier:
    when = vn(at)
    return tax_transfer.record_nothing_due(
        Seen(dossier.pk), Answer("16/TB", when.date(), "Được miễn"), by=office.desk(office.clerk, when), at=when
    )  # fmt: skip


def pay(office: Office, dossier: Dossier, at: str) -> Dossier:
    when = vn(at)
    proof = Proof("1", when.date(), 500_000)
    return payment.record_payment(
        Seen(dossier.pk), proof, by=office.desk(office.clerk, when), at=when
    )


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    assert sentence(error.value)
    return error.value.code, error.value.field


@pytest.mark.parametrize(
    ("term", "sent", "told", "paid", "due"),
    [
        # 03/12; 26 and 27 are the authority's, 30 and 01 the payer's; 24/11 is a day off.
        ("7 ngày làm việc", "25/11/2026 09:00", "27/11/2026 10:00", "01/12/2026 10:00", "09/12/2026 17:00"),
        ("10 ngày", "25/11/2026 09:00", "27/11/2026 10:00", "01/12/2026 10:00", "09/12/2026 17:00"),
        ("1 tháng", "25/11/2026 09:00", "27/11/2026 10:00", "01/12/2026 10:00", "29/12/2026 17:00"),
        ("16 giờ làm việc", "25/11/2026 09:00", "25/11/2026 10:00", "25/11/2026 11:00", "26/11/2026 11:00"),
    ],
)  # fmt: skip
def test_only_the_offices_time_is_the_terms(
    office: Office, term: str, sent: str, told: str, paid: str, due: str
) -> None:
    dossier = receive(office, make_case(term))
    send(office, dossier, sent)
    waiting = fresh(dossier)
    assert (waiting.state, waiting.waiting_since) == (State.AWAITING_PAYMENT, vn(sent))
    assert not waiting.is_late(LONG_AFTER)
    notice(office, dossier, told)
    waiting = fresh(dossier)
    assert (waiting.state, waiting.waiting_since) == (State.AWAITING_PAYMENT, vn(sent))
    assert not waiting.is_late(LONG_AFTER)
    after = pay(office, dossier, paid)
    assert (after.due_at, after.legal_due_at, after.state) == (vn(due), vn(due), State.IN_PROGRESS)
    spans = [(TAX, vn(sent), vn(told)), (PAYER, vn(told), vn(paid))]
    assert [(o.what, o.since, o.until) for o in excluded_times(after)] == spans
    seen = obligation_times(parts_of(after).told)
    assert [(o.what, o.since, o.until) for o in seen] == spans
    assert verify(now=LONG_AFTER).misfit is None


def test_nothing_due_lets_the_clock_go_on(office: Office) -> None:
    dossier = receive(office, make_case())
    send(office, dossier, "25/11/2026 09:00")
    after = nothing(office, dossier, "30/11/2026 10:00")
    assert (after.state, after.due_at) == (State.IN_PROGRESS, vn("08/12/2026 17:00"))
    row = TaxTransfer.objects.get()
    assert (row.nothing_due, row.answer_number, row.note) == (True, "16/TB", "Được miễn")
    send(office, dossier, "30/11/2026 11:00", expected_on=None)  # asked once more
    assert verify(now=LONG_AFTER).misfit is None


def test_sent_after_the_promise_it_heals_nothing(office: Office) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    send(office, dossier, "27/11/2026 09:00")
    assert fresh(dossier).late_while_waiting
    notice(office, dossier, "30/11/2026 09:00")
    assert fresh(dossier).late_while_waiting
    after = pay(office, dossier, "01/12/2026 10:00")
    assert (after.due_at, after.is_late(vn("01/12/2026 10:00"))) == (dossier.due_at, True)
    assert verify(now=LONG_AFTER).misfit is None


def test_withdrawn_at_the_authority_it_is_judged_by_the_moment_it_was_sent(office: Office) -> None:
    dossier, at = receive(office, make_case("1 ngày làm việc")), vn("10/12/2026 09:00")
    send(office, dossier, "23/11/2026 09:00")
    ended = EndingIn("Nguyễn Văn Ân", "Không nộp nữa")
    endings.withdraw(Seen(dossier.pk), ended, by=office.desk(office.clerk), at=at)
    assert fresh(dossier).verdict != Outcome.LATE
    assert verify(now=LONG_AFTER).misfit is None


def test_every_act_is_taken_back(office: Office) -> None:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk)
    stood = [picture(dossier)]
    acts: list[Callable[[], Any]] = [
        lambda: send(office, dossier, "25/11/2026 09:00"),
        lambda: notice(office, dossier, "27/11/2026 09:00"),
        lambda: pay(office, dossier, "30/11/2026 09:00"),
    ]
    for act in acts:
        act()
        stood.append(picture(dossier))
    for before in reversed(stood[:-1]):
        take_back(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 10:00"))
        assert picture(dossier) == before
        assert verify(now=LONG_AFTER).misfit is None
    assert not Slip.objects.standing().filter(slug__in=("chuyen-thue", "nghia-vu")).exists()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"authority": " "}, "transfer_missing", "authority"),
        ({"content": ""}, "transfer_missing", "content"),
        ({"legal_basis": ""}, "payment_basis", "legal_basis"),
        ({"expected_on": date(2026, 11, 24)}, "transfer_day", "expected_on"),
    ],
)
def test_what_lacks_is_refused(
    office: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    dossier = receive(office, make_case())
    assert refused(lambda: send(office, dossier, "25/11/2026 09:00", **changes)) == (code, field)
    assert fresh(dossier).state == State.RECEIVED


def test_each_answers_only_what_is_waited_for(office: Office) -> None:
    """Papers are waited for, the authority, the payer: nobody's answer closes another's wait."""
    dossier, at = receive(office, make_case()), "25/11/2026 09:00"
    assert refused(lambda: notice(office, dossier, at))[0] == "wrong_state"
    send(office, dossier, at)
    assert refused(lambda: pay(office, dossier, at))[0] == "payment_not_asked"
    assert refused(lambda: send(office, dossier, at))[0] == "wrong_state"
    assert refused(lambda: notice(office, dossier, at, number=" ")) == ("answer_missing", "number")
    assert refused(lambda: notice(office, dossier, at, on=date(2026, 11, 24))) == (
        "answer_day",
        "on",
    )
    notice(office, dossier, "25/11/2026 10:00")
    for act in (notice, nothing):
        assert (
            refused(lambda act=act: act(office, dossier, "25/11/2026 11:00"))[0] == "nothing_sent"
        )
    pay(office, dossier, "25/11/2026 11:00")
    asked = vn("25/11/2026 14:00")
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=office.desk(office.clerk), at=asked
    )  # fmt: skip
    for act in (notice, nothing):
        assert refused(lambda act=act: act(office, dossier, "25/11/2026 15:00"))[0] == "wrong_state"
    assert verify(now=LONG_AFTER).misfit is None


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_page_look_up_slip_and_control_sheet_say_whose_time_it_is(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier, client, citizen = receive(office, make_case()), signed_in(office.clerk), Client()
    here, there = dossier.get_absolute_url(), f"/tra-cuu/{dossier.code}/"
    typed = {"authority": "Thuế cơ sở 3", "content": "Lệ phí trước bạ", "legal_basis": "Điều 19"}
    assert "thời gian của cơ quan thuế" in text(client.get(f"{here}chuyen-thue/"))
    assert client.post(f"{here}chuyen-thue/", typed).status_code == 302
    page = text(client.get(here))
    assert "Đang chờ Thuế cơ sở 3 xác định nghĩa vụ tài chính từ 23/11/2026 09:00" in page
    assert f'href="{here}thong-bao-thue/" data-enter' in page
    assert f'href="{here}khong-phai-nop/"' in page
    assert f'href="{here}da-nop/"' not in page
    assert client.get(f"{here}da-nop/").status_code == 403
    assert "Thuế cơ sở 3" in text(client.get(f"{here}phieu/chuyen-thue/"))
    assert "Ông/Bà chưa phải nộp tiền." in text(citizen.get(there))
    secret = {"k": secrets.secret_of(dossier)}
    assert "là thời gian của cơ quan thuế" in text(citizen.get(there, secret))

    noticed = {
        "number": "15/TB", "on": "23/11/2026", "content": "Lệ phí trước bạ", "amount": "500.000",
        "pay_by": "20/12/2026", "determined_by": "Thuế cơ sở 3", "legal_basis": "Điều 19",
    }  # fmt: skip
    assert 'value="Thuế cơ sở 3"' in text(client.get(f"{here}thong-bao-thue/"))
    assert client.post(f"{here}thong-bao-thue/", noticed | {"number": ""}).status_code == 422
    assert client.post(f"{here}thong-bao-thue/", noticed).status_code == 302
    page = text(client.get(here))
    assert f"{PAYER}: 23/11/2026 09:00 – <strong>đang chạy</strong>" in page
    assert f'href="{here}da-nop/" data-enter' in page
    assert f'href="{here}thong-bao-thue/"' not in page
    assert client.get(f"{here}khong-phai-nop/").status_code == 403
    assert "Hồ sơ đang chờ Ông/Bà thực hiện nghĩa vụ tài chính." in text(citizen.get(there))
    sheet = text(client.post(f"{here}phieu/kiem-soat/lap/", follow=True))
    assert f"Không tính vào thời hạn: {TAX}, từ 23/11/2026 09:00 đến 23/11/2026 09:00" in sheet
    assert f"{PAYER}, từ 23/11/2026 09:00 đến nay" in sheet


def test_nobody_is_reminded_of_what_another_authority_owes(
    office: Office, signed_in: Callable[[Any], Client], clock: Clock
) -> None:
    """From the notice on it is the applicant who is waited for."""
    dossier = receive(office, make_case())
    send(office, dossier, "25/11/2026 09:00")
    clock.now = vn("26/11/2026 09:00")
    clerk = signed_in(office.clerk)

    def offered() -> set[str]:
        return {act.name for act in clerk.get(dossier.get_absolute_url()).context["acts"]}

    def remind() -> Any:
        said = {"way": 1, "note": "Đã gọi", "by": office.desk(office.clerk, clock.now)}
        return reminding.remind(Seen(dossier.pk), at=clock.now, **said)

    assert "remind" not in offered()
    assert clerk.get(f"{dossier.get_absolute_url()}nhac/").status_code == 403
    assert refused(remind)[0] == "remind_nobody"
    notice(office, dossier, "26/11/2026 09:10")
    clock.now = vn("26/11/2026 09:15")
    assert "remind" in offered()
    assert remind().note == "Đã gọi"
