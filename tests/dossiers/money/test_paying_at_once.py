"""The fee taken in the form of the reception itself: one transaction receives the dossier and gives
the receipt, or neither (R-123, R-125).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Draft, Event, Slip
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries, Way
from dossiers.slips import issuing
from dossiers.states import State
from procedures.models import Case
from tests.dossiers.intake.pages import address, errors, typed
from tests.dossiers.intake.test_counts import statements
from tests.dossiers.intake.test_immediate import PAGE, a_line, copies
from tests.dossiers.money.office import Till, make_till
from tests.dossiers.money.paid import with_account
from tests.world import MONDAY, make_case

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
CASH, TRANSFER = {"thu-way": "1"}, {"thu-way": "2", "thu-reference": "FT26328"}


@pytest.fixture
def till() -> Till:
    return make_till()


@pytest.fixture
def clerk(till: Till, signed_in: Callable[[Any], Client]) -> Iterator[Client]:
    with time_machine.travel(MONDAY, tick=False):
        yield signed_in(till.office.clerk)


def paying(till: Till, case: Case, **changes: Any) -> dict[str, Any]:
    return typed(case, **({"thu-series": str(till.book.pk)} | CASH | changes))


def given(till: Till) -> int:
    return ReceiptSeries.objects.get(pk=till.book.pk).given


def test_one_press_receives_and_gives_the_receipt(clerk: Client, till: Till) -> None:
    case = make_case(fee=15_000)
    fresh = clerk.get(address(case)).content.decode()
    assert "Số tiếp theo 0000008" in fresh
    data = paying(till, case, **{"thu-fee": "5.000", "thu-number": "8"})
    answer = clerk.post(address(case), data)
    dossier, row = Dossier.objects.get(), FeeReceipt.objects.get()
    assert (row.digits, row.fee, row.charge, row.payer) == (
        "0000008",
        5_000,
        10_000,
        "Nguyễn Văn Ân",
    )
    assert (dossier.fee_owed, row.taken_at, row.taken_by) == (0, MONDAY, till.office.clerk)
    assert list(Event.objects.values_list("kind", flat=True)) == ["receive", "take_fee"]
    done = clerk.get(answer.headers["Location"]).content.decode()
    assert "0000008" in done
    assert clerk.post(address(case), data).headers["Location"] == answer.headers["Location"]
    assert FeeReceipt.objects.count() == 1  # a second click is the same dossier and receipt
    other = clerk.post(address(case), data | {"thu-way": "0"})
    assert "đã" in errors(other)  # the same page saying otherwise is not
    assert verify(now=MONDAY).misfit is None


def test_a_reduced_amount_is_taken_as_it_is_owed(clerk: Client, till: Till) -> None:
    case = make_case(fee=15_000)
    reduced = {"fee_amount": "7.500", "fee_reason": "Giảm 50 %: hộ nghèo, giấy số 12"}
    clerk.post(address(case), paying(till, case, **reduced, **TRANSFER))
    row = FeeReceipt.objects.get()
    assert (row.amount, row.way, row.reference) == (7_500, Way.TRANSFER, "FT26328")
    assert Dossier.objects.get().fee_reason == reduced["fee_reason"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"thu-series": "999999"}, "Quyển biên lai này không còn dùng."),
        ({"thu-series": ""}, "Hãy chọn quyển biên lai."),
        ({"thu-number": "9"}, "Số tiếp theo của quyển là 0000008."),
        ({"thu-way": "2"}, "Chuyển khoản thì hãy ghi mã giao dịch."),
        ({"thu-way": "3"}, "Hãy chọn một mục trong danh sách."),
        ({"thu-fee": "15.001"}, "Phần phí không được nhiều hơn số phải thu (15.000 đồng)."),
        ({"thu-fee": "-1"}, "Hãy nhập số tiền bằng đồng"),
        ({"fee_amount": "0", "fee_reason": "Miễn: trẻ em"}, "Hãy chọn “Chưa thu”."),
    ],
)
def test_a_refused_receipt_receives_nothing_and_keeps_what_was_typed(
    clerk: Client, till: Till, changes: dict[str, str], sentence: str
) -> None:
    case = make_case(fee=15_000)
    page = clerk.post(address(case), paying(till, case, **changes))
    assert page.status_code == 422
    assert sentence in errors(page)
    assert 'value="Nguyễn  Văn Ân"' in page.content.decode()
    for model in (Dossier, FeeReceipt, Slip):
        assert not model.objects.exists()
    assert given(till) == 7


def test_another_counters_book_and_an_ended_one_are_refused(clerk: Client, till: Till) -> None:
    case, other = make_case(fee=15_000), make_till()
    page = clerk.post(address(case), paying(other, case))
    assert "không còn dùng" in errors(page)
    ReceiptSeries.objects.filter(pk=till.book.pk).update(given=12)
    page = clerk.post(address(case), paying(till, case))
    assert "đã hết số" in errors(page)
    assert not Dossier.objects.exists()


def test_a_draft_keeps_how_it_is_paid(clerk: Client, till: Till) -> None:
    case = make_case(fee=15_000)
    data = paying(till, case, viec="luu", **{"thu-fee": "5.000"})
    clerk.post(address(case), data)
    draft = Draft.objects.get()
    page = clerk.get(f"{address(case)}?nhap={draft.token}").content.decode()
    part = page.split('id="thu-ngay"')[1].split("</details>")[0]
    assert part.lstrip().startswith("open")
    assert 'value="5.000"' in part
    assert given(till) == 7


def test_what_counts_from_another_hour_is_paid_afterwards(clerk: Client, till: Till) -> None:
    """R-38: the hand-over of the post was signed earlier, perhaps before the drawer was counted."""
    case = make_case(fee=15_000)
    data = paying(till, case, channel="3", post_at="08:30")
    page = clerk.post(address(case), data)
    assert "sau khi tiếp nhận" in errors(page)
    assert not Dossier.objects.exists()


def test_the_counter_without_books_offers_nothing(clerk: Client, till: Till) -> None:
    ReceiptSeries.objects.update(ended_at=MONDAY)
    assert 'id="thu-ngay"' not in clerk.get(address(make_case(fee=1))).content.decode()


def test_payment_and_receipt_cost_three_statements_beside_the_reception(
    clerk: Client, till: Till, queries: Callable[[], Any]
) -> None:
    case = make_case(fee=15_000)
    clerk.post(address(case), paying(till, case))  # the cashier's drawer is made once
    counts = []
    for number, way in ((1, {"thu-way": "0"}), (2, CASH), (3, TRANSFER)):
        data = paying(till, case, identity_number=f"00108700020{number}", **way)
        with queries() as seen:
            assert clerk.post(address(case), data).status_code == 302
        counts.append(statements(seen))
    assert [count - counts[0] for count in counts] == [0, 2, 1]  # without the account to pay to


def test_the_printed_receipt_comes_with_the_slip(
    signed_in: Callable[[Any], Client],
) -> None:
    """R-124: one print run of slip and receipt, each of which says that it was printed."""
    till = make_till(kind=ReceiptSeries.Kind.PRINTED)
    with time_machine.travel(MONDAY, tick=False):
        clerk, case = signed_in(till.office.clerk), make_case(fee=15_000)
        answer = clerk.post(address(case), paying(till, case))
        done = clerk.get(answer.headers["Location"]).content.decode()
        assert "In giấy tiếp nhận và biên lai" in done
        code = Dossier.objects.get().code
        page = clerk.get(f"/ho-so/{code}/phieu/tiep-nhan/?lien=1&in=1&kem=bien-lai")
    text = page.content.decode()
    assert "BIÊN LAI THU TIỀN PHÍ, LỆ PHÍ" in text
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in text
    assert [slip.prints.count() for slip in Slip.objects.order_by("id")] == [1, 1]


def test_a_line_of_the_short_path_is_paid_with_it(clerk: Client, till: Till) -> None:
    """The next line goes on the same way; a line that is promised instead keeps its receipt."""
    case = copies()
    said = CASH | {"thu-series": str(till.book.pk)}
    answer = clerk.post(PAGE, a_line(case, **said))
    dossier, row = Dossier.objects.get(), FeeReceipt.objects.get()
    assert (dossier.state, dossier.fee_owed, row.amount) == (State.RETURNED, 0, 2_000)
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert 'value="1"' in page.split('name="thu-way"')[1].split(">")[0]
    assert "checked" in page.split('name="thu-way"')[1].split(">")[0]
    assert "số 0000008" in page
    where = reverse("intake_promise", args=[dossier.code])
    assert where in page
    clerk.post(where, {"seen": dossier.row_version})
    dossier.refresh_from_db()
    row.refresh_from_db()
    assert (dossier.state, dossier.fee_owed, row.is_standing) == (State.RECEIVED, 0, True)
    assert verify(now=MONDAY).misfit is None
    refused = clerk.post(PAGE, a_line(case, "Vàng A Páo", **(said | {"thu-number": "20"})))
    assert "Số tiếp theo của quyển là 0000009" in errors(refused)
    assert Dossier.objects.count() == 1


def test_the_slip_of_what_was_paid_asks_for_nothing(clerk: Client, till: Till) -> None:
    """Not even where the counter shows its account: who has paid would pay again."""
    with_account(till)
    case = make_case(fee=15_000)
    pays = []
    for number, way in ((1, {"thu-way": "0"}), (2, CASH), (3, TRANSFER)):
        clerk.post(address(case), paying(till, case, identity_number=f"00108700020{number}", **way))
        slip = Slip.objects.order_by("-id")[0]
        pays.append(("Còn phải nộp" in issuing.html(slip), bool(slip.snapshot.get("pay"))))
    assert pays == [(True, True), (False, False), (False, False)]


def test_a_line_prints_its_receipt_and_the_next_may_owe_nothing(
    signed_in: Callable[[Any], Client],
) -> None:
    """A line that is sent again when its receipt is void meanwhile is the same line still."""
    till = make_till(kind=ReceiptSeries.Kind.PRINTED)
    said = CASH | {"thu-series": str(till.book.pk)}
    with time_machine.travel(MONDAY, tick=False):
        clerk, case = signed_in(till.office.clerk), copies()
        line = a_line(case, **said)
        html = clerk.post(PAGE, line, follow=True).content.decode()
        assert "phieu/bien-lai/?in=1" in html
        row = FeeReceipt.objects.get()
        till.answer(till.ask(row, ReceiptRequest.Kind.VOID))
        assert clerk.post(PAGE, line).status_code == 302
        promised = a_line(case, "Vàng A Páo", viec="hen", **said)
        assert "kem=bien-lai" in clerk.post(PAGE, promised, follow=True).content.decode()
        free = clerk.post(PAGE, a_line(case, "Lò Thị Mẩy", fee="0", **said))
    assert (free.status_code, "thu=1" in free.headers["Location"]) == (302, True)
    assert (Dossier.objects.count(), FeeReceipt.objects.count()) == (3, 2)
