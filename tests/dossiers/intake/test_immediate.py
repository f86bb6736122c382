"""The short path: one line a person, received, finished and given back with Enter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine

from dossiers.intake.copy_fees import Copied, fee_of, price_of
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, Return, Slip
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.changes.domain import update_all
from procedures.models import Case, Status
from tests.dossiers.intake.pages import errors
from tests.world import MONDAY, Office, make_case, make_officer, receive, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = "/tiep-nhan/tra-ngay/"
NOTE = "2.000 đồng/trang; từ trang thứ 3 trở lên thu 1.000 đồng/trang, tối đa thu không quá 200.000 đồng/bản."


def a_line(case: Case, who: str = "Lò Thị Mai", **changes: str) -> dict[str, str]:
    return {
        "token": str(uuid4()),
        "case": str(case.pk),
        "who": who,
        "pages": "1",
        "copies": "1",
        "fee": "",
        "signer": "Phan Văn Lộc, Chủ tịch UBND",
        "viec": "tra",
    } | changes


def copies(fee: int | None = 2000, note: str = NOTE) -> Case:
    """Certified copies: given back at once, a price a page that falls from the third."""
    case = make_case(
        "trả ngay",
        name="Chứng thực bản sao từ bản chính",
        papers=1,
        fee=fee,
        field="Chứng thực",
        status=Status.NEEDS_TERM,
    )
    update_all(case.methods.all(), fee_per="trang", note=note)
    update_all(type(case.version).objects.filter(pk=case.version_id), status=2)
    return case


@pytest.mark.parametrize(
    ("pages", "number", "fee"),
    [(1, 1, 2000), (2, 3, 12000), (3, 2, 10000), (12, 1, 14000), (500, 2, 400000)],
)
def test_the_published_steps_and_the_cap_make_the_fee(pages: int, number: int, fee: int) -> None:
    price = price_of(2000, "trang", NOTE)
    assert price is not None
    assert fee_of(price, pages, number) == fee


def test_a_price_without_steps_and_one_a_copy() -> None:
    flat, piece = price_of(2000, "trang", ""), price_of(8000, "bản", "")
    assert flat is not None
    assert piece is not None
    assert fee_of(flat, 10, 2) == 40000
    assert fee_of(piece, 10, 2) == 16000
    assert Copied(10, 2).counts(by_page=piece.by_page) == "2 bản"
    assert price_of(None, "", NOTE) is None


def test_enter_receives_finishes_and_returns(clerk: Client, office: Office) -> None:
    case = copies()
    answer = clerk.post(PAGE, a_line(case, "Lò Thị Mai 001187000125", pages="3", copies="2"))
    assert answer.status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.owner_name, dossier.identity_number) == (
        State.RETURNED,
        "Lò Thị Mai",
        "001187000125",
    )
    assert (dossier.fee_amount, dossier.summary, dossier.no_scan_reason) == (
        10000,
        "3 trang × 2 bản",
        "Trả kết quả ngay, không lưu bản quét",
    )
    assert not Slip.objects.exists()  # only on request
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert "Lò Thị Mai" in page
    assert "10.000 đồng" in page
    assert 'data-focus="1"' in page  # the next line has the focus


def test_a_number_alone_finds_the_name_of_somebody_known(clerk: Client, office: Office) -> None:
    case = copies()
    receive(office, make_case())
    clerk.post(PAGE, a_line(case, "001087000123"))
    dossier = Dossier.objects.get(case=case)
    assert (dossier.owner_name, dossier.phone) == ("Nguyễn Văn Ân", "0912345678")
    page = clerk.post(PAGE, a_line(case, "001187000999"))
    assert "Hãy ghi thêm họ tên" in errors(page)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"who": " "}, "Hãy nhập họ tên"),
        ({"who": "Lò Thị Mai 1087000124"}, "Có phải thiếu số 0 ở đầu"),
        ({"pages": "0"}, "Số trang phải là số nguyên"),
        ({"copies": "nhiều"}, "Số bản phải là số nguyên"),
        ({"fee": "2 nghìn"}, "Số tiền phải là số đồng"),
    ],
)
def test_bad_lines_say_what_to_do(clerk: Client, changes: dict[str, str], sentence: str) -> None:
    page = clerk.post(PAGE, a_line(copies(), **changes))
    assert sentence in errors(page)
    assert not Dossier.objects.exists()


def test_a_fee_that_nobody_pays_is_told_beside_the_amount(clerk: Client) -> None:
    """The rule of every door (intake/assessing.py), at the place where the line shows it."""
    case = copies(fee=9000, note="")
    page = clerk.post(PAGE, a_line(case, pages="999", copies="999"))
    assert page.status_code == 422
    assert page.context["form"].errors["fee"] == ["Số tiền phải là số đồng, ví dụ 70.000."]
    assert not Dossier.objects.exists()


def test_an_unreadable_price_is_typed_on_the_line(clerk: Client) -> None:
    case = copies(fee=None)
    assert "Hãy nhập số tiền đã thu" in errors(clerk.post(PAGE, a_line(case)))
    clerk.post(PAGE, a_line(case, fee="6.000"))
    assert Dossier.objects.get().fee_amount == 6000


def test_a_line_sent_twice_is_one_dossier(clerk: Client) -> None:
    case = copies()
    line = a_line(case)
    clerk.post(PAGE, line)
    clerk.post(PAGE, line)
    assert Dossier.objects.count() == 1


def test_what_is_not_given_back_at_once_is_promised_with_hour_and_day(
    office: Office, signed_in: Any
) -> None:
    case = copies()
    with time_machine.travel(vn("23/11/2026 15:20"), tick=False):
        clerk = signed_in(office.clerk)
        clerk.post(PAGE, a_line(case, viec="hen"))
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.due_at) == (
        State.RECEIVED,
        vn("25/11/2026 17:00"),
    )  # after 15:00, 24/11 is a holiday
    assert Slip.objects.get().dossier == dossier


def test_a_returned_line_can_still_be_promised_and_given_back_later(
    clerk: Client, office: Office
) -> None:
    case = copies()
    clerk.post(PAGE, a_line(case))
    dossier = Dossier.objects.get()
    answer = clerk.post(f"{PAGE}{dossier.code}/hen/")
    assert answer.headers["Location"].startswith(PAGE)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.due_at, dossier.returned_at, dossier.verdict) == (
        State.RECEIVED,
        vn("23/11/2026 17:00"),
        None,
        None,
    )
    assert Return.objects.get().undone_at is not None
    assert Slip.objects.get().slug == "tiep-nhan"
    assert (
        "không"
        not in clerk.post(f"{PAGE}{dossier.code}/tra/", follow=True)
        .content.decode()
        .split("toast-line")[1][:200]
        .lower()
    )
    dossier.refresh_from_db()
    assert dossier.state == State.RETURNED
    kinds = Event.objects.filter(dossier=dossier).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["receive", "finish", "give_back", "take_back", "finish", "give_back"]
    assert verify(now=MONDAY).misfit is None
    again = clerk.post(f"{PAGE}{dossier.code}/hen/", follow=True).content.decode()
    assert "Không hoàn tác được" in again


def test_a_slip_is_made_on_request_only(clerk: Client) -> None:
    case = copies()
    clerk.post(PAGE, a_line(case))
    dossier = Dossier.objects.get()
    assert clerk.get(f"/ho-so/{dossier.code}/phieu/tiep-nhan/").status_code == 404
    answer = clerk.post(f"{PAGE}{dossier.code}/phieu/")
    assert answer.headers["Location"] == f"/ho-so/{dossier.code}/phieu/tiep-nhan/?in=1"
    clerk.post(f"{PAGE}{dossier.code}/phieu/")
    assert Slip.objects.count() == 1


def test_only_ones_own_lines_of_this_path(clerk: Client, office: Office, signed_in: Any) -> None:
    case = copies()
    clerk.post(PAGE, a_line(case))
    code = Dossier.objects.get().code
    colleague = signed_in(make_officer("Lý Thị Nga", office.agency, (Role.CLERK, office.counter)))
    for verb in ("hen", "tra", "phieu"):
        assert colleague.post(f"{PAGE}{code}/{verb}/").status_code == 404
    ordinary = receive(office, make_case())
    assert clerk.post(f"{PAGE}{ordinary.code}/tra/").status_code == 404


def test_the_page_lists_the_day_with_its_sums(clerk: Client, office: Office) -> None:
    case, other = copies(), copies()
    for who in ("Lò Thị Mai", "Trần Văn Bình"):
        clerk.post(PAGE, a_line(case, who))
    with time_machine.travel(MONDAY - timedelta(days=3), tick=False):
        receive(
            office, case, at=MONDAY - timedelta(days=3), owner="Người hôm trước", fee_amount=2000
        )
    page = clerk.get(f"{PAGE}?thu-tuc={other.version.procedure.code}").content.decode()
    assert "4.000 đồng" in page
    # Promised then: still here with its day, and not in the sums of this one.
    assert "Người hôm trước" in page
    assert '<td class="nowrap">20/11/2026 09:00</td>' in page
    assert other.version.procedure.code in page
    assert clerk.get(f"{PAGE}?thu-tuc=9.999999").status_code == 404


def test_without_such_procedures_the_page_says_who_makes_them(clerk: Client) -> None:
    make_case()
    assert "Chưa có thủ tục nào trả kết quả ngay" in clerk.get(PAGE).content.decode()


def test_a_number_with_a_sign_that_only_looks_like_a_figure_is_no_name(clerk: Client) -> None:
    page = clerk.post(PAGE, a_line(copies(), who="Nguyễn Văn Ân 020²90123456"))
    assert "Ký tự “²” không phải chữ số." in errors(page)
    assert not Dossier.objects.exists()


def test_a_number_of_a_full_width_keyboard_is_read(clerk: Client) -> None:
    clerk.post(PAGE, a_line(copies(), who="Nguyễn Văn Ân ００１０８７０００１２３"))
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.identity_number) == ("Nguyễn Văn Ân", "001087000123")
