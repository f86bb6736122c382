"""The pages of money: taking a fee by one form, the drawer, what is not taken, books, settlement."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dossiers.models.money import CashCount, CashHandOver, FeeReceipt, ReceiptRequest, ReceiptSeries
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role, RoleGrant
from onestop.changes.domain import update_all
from tests.dossiers.money.office import Till, fresh, make_till
from tests.world import make_officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]


@pytest.fixture
def till() -> Till:
    return make_till()


def test_a_fee_is_taken_by_one_form(till: Till, signed_in: SignIn) -> None:
    dossier, client = till.owing(), signed_in(till.office.clerk)
    where = f"{dossier.get_absolute_url()}thu-phi/"
    html = client.get(where).content.decode()
    assert 'value="50.000"' in html  # what is owed is proposed
    assert "số tiếp theo 0000008" in html
    sent = {
        "seen": dossier.row_version, "fee": "", "charge": "50.000", "way": "1", "series": till.book.pk,
        "number": "9", "payer": "Nguyễn Văn Ân",
    }  # fmt: skip
    refused = client.post(where, sent)
    assert refused.status_code == 422
    assert "Số tiếp theo của quyển là 0000008" in refused.content.decode()
    html = client.post(where, sent | {"number": "8"}, follow=True).content.decode()
    assert "Đã thu 50.000 đồng, biên lai 01BLP2-001 AB-26P số 0000008." in html
    assert "Biên lai 01BLP2-001 AB-26P số 0000008: 50.000 đồng" in html  # the timeline
    assert "Đề nghị hủy biên lai, hoàn tiền" in html
    assert fresh(dossier).fee_owed == 0


def test_forged_amounts_books_and_numbers_are_refused(till: Till, signed_in: SignIn) -> None:
    """Whatever a form sends: no receipt, no number, nothing paid back beyond what was taken."""
    stranger, dossier = make_till(), till.owing()
    client = signed_in(till.office.clerk)
    where, sent = f"{dossier.get_absolute_url()}thu-phi/", {
        "seen": dossier.row_version, "charge": "50.000", "way": "1", "series": till.book.pk, "payer": "Ân",
    }  # fmt: skip
    forged: list[dict[str, Any]] = [
        {"charge": "-50.000"}, {"charge": "0"}, {"charge": "1e3"}, {"charge": "50.000,5"}, {"charge": "9" * 30},
        {"charge": "50.001"}, {"fee": "-1"}, {"way": "9"}, {"series": stranger.book.pk}, {"series": "x"},
        {"number": "9"}, {"number": "-8"},
    ]  # fmt: skip
    for said in forged:
        assert (said, client.post(where, sent | said).status_code) == (said, 422)
    assert not FeeReceipt.objects.exists()
    assert set(ReceiptSeries.objects.values_list("given", flat=True)) == {7}
    receipt = till.take(dossier)
    back = {"receipt": receipt.pk, "kind": "2", "reason": "x", "seen": fresh(dossier).row_version}
    theirs = stranger.take(stranger.owing())
    for said in ({"amount": "50.001"}, {"amount": "-1"}, {"amount": "1", "receipt": theirs.pk}):
        page = client.post(f"{dossier.get_absolute_url()}bien-lai/de-nghi/", back | said)
        assert (said, page.status_code) == (said, 422)
    assert not ReceiptRequest.objects.exists()


def test_without_a_book_the_page_says_what_to_do(till: Till, signed_in: SignIn) -> None:
    ReceiptSeries.objects.update(given=12)
    html = signed_in(till.office.clerk).get(f"{till.owing().get_absolute_url()}thu-phi/")
    assert html.status_code == 403
    assert "Quầy chưa có quyển biên lai đang dùng" in html.content.decode()


def test_the_way_of_a_wrong_receipt(till: Till, signed_in: SignIn) -> None:
    """Asked on the dossier's page, answered from the leader's, and nobody answers the own one."""
    dossier = till.owing()
    receipt = till.take(dossier)
    sent = {
        "receipt": receipt.pk,
        "kind": "1",
        "reason": "Thu nhầm hồ sơ",
        "seen": fresh(dossier).row_version,
    }
    client = signed_in(till.office.clerk)
    client.post(f"{dossier.get_absolute_url()}bien-lai/de-nghi/", sent)
    row = ReceiptRequest.objects.get()
    where = f"{dossier.get_absolute_url()}bien-lai/{row.pk}/duyet/"
    assert client.get(where).status_code == 403
    leader = signed_in(till.office.leader)
    assert where in leader.get("/thu-tien/").content.decode()
    assert "Thu nhầm hồ sơ" in leader.get(where).content.decode()
    html = leader.post(where, {"dong-y": "", "seen": fresh(dossier).row_version}, follow=True)
    assert "trả lại 50.000 đồng cho người nộp" in html.content.decode()
    assert "đã hủy 23/11/2026" in html.content.decode()
    assert leader.get(where).status_code == 403  # answered once
    elsewhere = till.owing()
    assert leader.get(where.replace(dossier.code, elsewhere.code)).status_code == 404


def test_a_head_who_took_the_money_does_not_agree(till: Till, signed_in: SignIn) -> None:
    office = till.office
    both = make_officer(
        "Lê Hai Vai", office.agency, (Role.CLERK, office.counter), (Role.HEAD, office.counter)
    )
    dossier = till.owing()
    row = till.ask(till.take(dossier, by=both), ReceiptRequest.Kind.VOID)
    where = f"{dossier.get_absolute_url()}bien-lai/{row.pk}/duyet/"
    sent = {"dong-y": "", "seen": fresh(dossier).row_version}
    html = signed_in(both).post(where, sent)
    assert html.status_code == 422
    assert "không tự duyệt hủy biên lai" in html.content.decode()
    assert FeeReceipt.objects.standing().count() == 1


def test_the_drawer_is_counted_and_handed_over(till: Till, signed_in: SignIn) -> None:
    till.take(till.owing())
    clerk, cashier = signed_in(till.office.clerk), signed_in(till.cashier)
    html = clerk.get("/thu-tien/").content.decode()
    assert "50.000 đồng" in html
    assert "Giao tiền cho người thu khác" in html
    said = {"taker": till.cashier.pk, "amount": "20.000"}
    html = clerk.post("/thu-tien/giao/", said, follow=True).content.decode()
    assert "chờ xác nhận đã nhận" in html
    given = CashHandOver.objects.get()
    assert "Đã đếm, nhận đủ" in cashier.get("/thu-tien/").content.decode()
    cashier.post(f"/thu-tien/giao/{given.pk}/nhan/")
    refused = clerk.post("/thu-tien/", {"counted": "29.000"})
    assert refused.status_code == 422
    assert "khác số phải có (30.000 đồng)" in refused.content.decode()
    clerk.post("/thu-tien/", {"counted": "29.000", "explanation": "Thối thừa"})
    row = CashCount.objects.get()
    assert (row.expected, row.difference) == (30_000, -1_000)
    html = signed_in(till.office.leader).get("/thu-tien/").content.decode()
    assert "-1.000 đồng" in html
    assert "Thối thừa" in html
    assert "Thối thừa" not in cashier.get("/thu-tien/").content.decode()


def test_what_is_not_taken_is_a_list(till: Till, signed_in: SignIn) -> None:
    first, paid = till.owing(), till.owing()
    till.take(paid)
    free = till.owing(0)
    html = signed_in(till.cashier).get("/thu-tien/chua-thu/").content.decode()
    assert "1 hồ sơ, 50.000 đồng" in html
    assert first.code in html
    assert paid.code not in html
    assert free.code not in html
    stranger = make_till()
    assert first.code not in signed_in(stranger.cashier).get("/thu-tien/chua-thu/").content.decode()
    asked = f"/thu-tien/chua-thu/?co-quan={till.office.agency.pk}"
    assert signed_in(stranger.cashier).get(asked).status_code == 404


def test_books_are_opened_spoiled_and_ended(till: Till, signed_in: SignIn) -> None:
    client = signed_in(till.cashier)
    sent = {
        "kind": "3", "name": "Biên lai điện tử", "form_symbol": "01BLP0-001", "symbol": "AA-26E", "first": "1",
        "last": "", "tax_code": "4900123456", "provider": "Nhà cung cấp",
    }  # fmt: skip
    assert client.post("/thu-tien/quyen/", sent).status_code == 302
    assert client.post("/thu-tien/quyen/", sent).status_code == 422
    where = f"/thu-tien/quyen/{till.book.pk}/"
    spoiled = {"until": "9", "why": "2", "reason": "Rơi trên đường"}
    html = client.post(where, spoiled, follow=True).content.decode()
    assert "Đã ghi 2 số mất." in html
    assert "0000010" in html
    client.post(where, {"thoi-dung": ""})
    assert "thôi dùng" in client.get("/thu-tien/quyen/").content.decode()
    assert (
        "Nhận quyển mới"
        not in signed_in(till.office.clerk).get("/thu-tien/quyen/").content.decode()
    )


def test_the_settlement_is_a_page_a_workbook_and_a_pdf(till: Till, signed_in: SignIn) -> None:
    """R-126: by procedure, way and book; the files say the same, and who took them is written."""
    till.take(till.owing(), fee=20_000, charge=30_000)
    client = signed_in(till.office.leader)
    html = client.get("/thu-tien/quyet-toan/").content.decode()
    assert "0000008 – 0000008" in html
    asked = "/thu-tien/quyet-toan.xlsx?tu=01/11/2026&den=30/11/2026"
    book = CalamineWorkbook.from_object(BytesIO(client.get(asked).content))
    lines = book.get_sheet_by_name("Theo thủ tục").to_python()
    assert lines[-1][3:] == [1, 20_000, 30_000, 50_000]
    assert book.get_sheet_by_name("Tổng hợp").to_python()[-1] == ["Thực thu sau hủy, hoàn", 50_000]
    made = client.get("/thu-tien/quyet-toan.pdf?tu=01/11/2026&den=30/11/2026")
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
    said = AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED).values_list("detail", flat=True)
    assert [line for line in said if line.startswith("Quyết toán")] == [
        f"Quyết toán phí, lệ phí {till.office.agency.code}, 01/11/2026 – 30/11/2026"
    ] * 2


def test_who_leads_counts_for_a_cashier_who_left(till: Till, signed_in: SignIn) -> None:
    """What lies in a drawer is seen by who leads; of who takes no more money it is counted for him."""
    till.take(till.owing(), by=till.cashier)
    leader = signed_in(till.office.leader)
    assert "Đỗ Thị Thu: <strong>50.000 đồng</strong>" in leader.get("/thu-tien/").content.decode()
    sent = {"nguoi": till.cashier.pk, "counted": "50.000", "explanation": "Đã nghỉ việc"}
    refused = leader.post("/thu-tien/", sent)
    assert refused.status_code == 422  # she may count herself
    update_all(RoleGrant.objects.filter(officer=till.cashier), valid_to=date(2026, 11, 22))
    assert "không còn thu ở quầy" in leader.get("/thu-tien/").content.decode()
    assert leader.post("/thu-tien/", sent | {"explanation": ""}).status_code == 422
    assert leader.post("/thu-tien/", sent).status_code == 302
    row = CashCount.objects.get()
    assert (row.officer, row.expected, row.counted) == (till.cashier, 50_000, 50_000)
    assert row.explanation.endswith("chốt thay: Đã nghỉ việc")
    assert leader.post("/thu-tien/", sent | {"nguoi": "999999999"}).status_code == 404
