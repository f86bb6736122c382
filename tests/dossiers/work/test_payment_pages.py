"""The pages of a financial obligation: notice, document, the dossier that waits, and what the
applicant reads.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.acts import endings, payment, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.acts.payment import Obligation
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.models.payment import PaymentRequest
from dossiers.states import State
from onestop.files.models import Attachment
from tests.clock import Clock
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, receive, vn

TAX = Obligation(
    "Tiền sử dụng đất", 1_234_567_890, "Thông báo 15/TB-TCS3", "Thuế cơ sở 3", date(2026, 12, 20)
)
TYPED = {
    "content": TAX.content, "amount": "1.234.567.890", "pay_by": "20/12/2026", "determined_by": TAX.determined_by,
    "legal_basis": TAX.legal_basis,
}  # fmt: skip
PROVED = {"number": "0012345", "paid_on": "30/11/2026", "paid": "1.234.567.890 đ"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def asked(office: Office, dossier: Dossier) -> Dossier:
    payment.ask_payment(Seen(dossier.pk), TAX, by=office.desk(office.clerk), at=MONDAY)
    return Dossier.objects.get(pk=dossier.pk)


def test_from_the_dossier_to_the_notice_and_on(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier, client = receive(office, make_case()), signed_in(office.clerk)
    here = dossier.get_absolute_url()
    assert f"{here}nghia-vu-tai-chinh/" in text(client.get(here))
    shown = text(client.get(f"{here}nghia-vu-tai-chinh/"))
    assert "Đang hẹn: <strong>17:00 thứ Năm 03/12/2026</strong>" in shown
    assert "<strong>không tính</strong> vào thời hạn giải quyết" in shown
    answer = client.post(f"{here}nghia-vu-tai-chinh/", TYPED)
    assert answer.status_code == 302
    assert PaymentRequest.objects.get().amount == 1_234_567_890
    assert client.get(f"{here}phieu/nghia-vu/").status_code == 200

    waiting = text(client.get(here))
    now = waiting[
        waiting.index('aria-label="Hiện nay"') : waiting.index('aria-label="Các phần của hồ sơ"')
    ]
    assert (
        "Đang chờ nghĩa vụ tài chính từ 23/11/2026 09:00, <strong>thời hạn giải quyết tạm dừng</strong>"
        in now
    )
    assert "Tiền sử dụng đất, <strong>1.234.567.890 đồng</strong>, hạn nộp 20/12/2026" in now
    assert "ngày hẹn trả lùi thêm đúng thời gian chờ" in now
    assert now.lower().count("đang chờ nghĩa vụ tài chính") == 1
    assert "bổ sung" not in now
    assert f'href="{here}da-nop/" data-enter' in now  # the next thing to do

    clock.now = vn("30/11/2026 10:00")
    client = signed_in(office.clerk)  # the session of last week is over
    shown = text(client.get(f"{here}da-nop/"))
    assert "<strong>17:00 thứ Tư 09/12/2026</strong>" in shown
    assert 'value="1.234.567.890"' in shown
    answer = client.post(
        f"{here}da-nop/", PROVED | {"file": SimpleUploadedFile("bien-lai.pdf", PDF)}
    )
    assert answer.status_code == 302
    assert Dossier.objects.get().due_at == vn("09/12/2026 17:00")
    page = text(client.get(here))
    assert "chứng từ số 0012345 ngày 30/11/2026" in page
    assert "bien-lai.pdf" in page
    client.post(f"{here}hoan-tac/", {"seen": Dossier.objects.get().row_version})
    assert Dossier.objects.get().state == State.AWAITING_PAYMENT
    assert (
        client.get(f"{here}tep/{Attachment.objects.get(name='bien-lai.pdf').pk}/").status_code
        == 404
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("content", "", "Hãy ghi khoản phải nộp và cơ quan xác định."),
        ("content", "---", "không chỉ gồm dấu"),
        ("amount", "", "Hãy nhập số tiền."),
        ("amount", "0", "lớn hơn 0"),
        ("amount", "12,5", "Hãy nhập số tiền bằng đồng"),
        ("amount", "-5", "Hãy nhập số tiền bằng đồng"),
        ("amount", "10.000.000.000.000", "Hãy nhập số tiền bằng đồng"),
        ("amount", "²", "Hãy nhập số tiền bằng đồng"),
        ("legal_basis", "", "Hãy ghi căn cứ pháp lý"),
        ("determined_by", "", "Hãy ghi khoản phải nộp và cơ quan xác định."),
        ("pay_by", "22/11/2026", "Hạn nộp không thể trước hôm nay."),
        ("pay_by", "", "Hãy nhập ngày"),
    ],
)
def test_a_notice_is_refused_beside_its_field(
    office: Office, signed_in: Callable[..., Any], field: str, value: str, says: str
) -> None:
    dossier = receive(office, make_case())
    answer = signed_in(office.clerk).post(
        f"{dossier.get_absolute_url()}nghia-vu-tai-chinh/", TYPED | {field: value}
    )
    assert answer.status_code == 422
    assert says in text(answer)
    assert not PaymentRequest.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"number": ""}, "Hãy ghi số chứng từ nộp tiền."),
        ({"paid_on": "01/12/2026"}, "Ngày nộp phải từ ngày tiếp nhận hồ sơ đến hôm nay."),
        ({"paid": "1.234.567.000"}, "khác số tiền phải nộp (1.234.567.890 đồng). Hãy ghi lý do"),
        ({"paid": "tám"}, "Hãy nhập số tiền bằng đồng"),
    ],
)
def test_a_document_is_refused_beside_its_field(
    office: Office, signed_in: Callable[..., Any], clock: Clock, changes: dict[str, str], says: str
) -> None:
    dossier = asked(office, receive(office, make_case()))
    clock.now = vn("30/11/2026 10:00")
    answer = signed_in(office.clerk).post(f"{dossier.get_absolute_url()}da-nop/", PROVED | changes)
    assert answer.status_code == 422
    assert says in text(answer)
    assert Dossier.objects.get().state == State.AWAITING_PAYMENT


def test_asked_when_already_late_the_page_says_late_and_waiting(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = at_room(term="1 ngày làm việc")
    clock.now = vn("26/11/2026 09:00")
    client = signed_in(office.clerk)
    assert "không làm thay đổi tình trạng quá hạn" in text(
        client.get(f"{dossier.get_absolute_url()}nghia-vu-tai-chinh/")
    )
    payment.ask_payment(
        Seen(dossier.pk), TAX, by=office.desk(office.clerk, clock.now), at=clock.now
    )
    page = text(client.get(dossier.get_absolute_url()))
    assert "quá 1 ngày, đang chờ nghĩa vụ tài chính" in page
    assert "Thông báo nộp tiền sau ngày hẹn trả: hồ sơ vẫn tính là quá hạn." in page


def test_who_may_not_is_told_why_and_strangers_see_nothing(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    here = at_room().get_absolute_url()
    for page in ("nghia-vu-tai-chinh/", "da-nop/"):
        answer = signed_in(office.specialist).get(f"{here}{page}")
        assert answer.status_code == 403
        assert "chưa được giao vai trò" in text(answer) or "Không thể" in text(answer)
    assert "da-nop/" not in text(signed_in(office.clerk).get(here))


def test_the_list_of_waiting_dossiers_does_not_speak_of_papers(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    asked(office, at_room())
    page = text(signed_in(office.specialist).get("/viec/", {"loai": "cho-bo-sung"}))
    assert "đang chờ nghĩa vụ tài chính" in page
    assert "đang chờ bổ sung" not in page


@pytest.mark.parametrize("waits", ["payment", "papers"])
def test_withdrawn_while_it_waited_nothing_is_waited_for_any_more(
    office: Office, signed_in: Callable[..., Any], waits: str
) -> None:
    dossier = receive(office, make_case())
    if waits == "payment":
        asked(office, dossier)
    else:
        supplements.ask(
            Seen(dossier.pk),
            items=declared("A"),
            reason="Thiếu",
            by=office.desk(office.clerk),
            at=MONDAY,
        )
    endings.withdraw(
        Seen(dossier.pk), EndingIn("Nguyễn Văn Ân", "Thôi"), by=office.desk(office.clerk), at=MONDAY
    )
    assert "Đang chờ" not in text(signed_in(office.clerk).get(dossier.get_absolute_url()))


def test_the_applicant_reads_what_to_pay_only_with_the_secret(
    office: Office, client: Client
) -> None:
    dossier = asked(office, receive(office, make_case()))
    brief = text(client.get(f"/tra-cuu/{dossier.code}/"))
    assert "Hồ sơ đang chờ Ông/Bà thực hiện nghĩa vụ tài chính." in brief
    for hidden in ("Tiền sử dụng đất", "1.234.567.890", "Thuế cơ sở 3", "20/12/2026", "TB-TCS3"):
        assert hidden not in brief
    full = text(client.get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)}))
    for words in (
        "Tiền sử dụng đất", "1.234.567.890 đồng", "Chủ nhật 20/12/2026", "Thuế cơ sở 3", "Thông báo 15/TB-TCS3",
        "thời hạn giải quyết tạm dừng", "chứng từ nộp tiền",
    ):  # fmt: skip
        assert words in full, words
    assert "bổ sung" not in full
    payment.record_payment(
        Seen(dossier.pk),
        payment.Proof("1", MONDAY.date(), TAX.amount),
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    assert "Tiền sử dụng đất" not in text(
        client.get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)})
    )


def test_late_before_the_notice_the_applicant_is_told_so(
    office: Office, client: Client, clock: Clock
) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    clock.now = vn("26/11/2026 09:00")
    payment.ask_payment(
        Seen(dossier.pk), TAX, by=office.desk(office.clerk, clock.now), at=clock.now
    )
    full = text(client.get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)}))
    assert "từ trước khi có thông báo nộp tiền" in full
    assert "thời hạn giải quyết tạm dừng; khi có" not in full
