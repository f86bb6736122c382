"""The counter's form, as a browser without script sends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from dossiers.models import CounterVisit, Dossier, Draft, Slip
from onestop.accounts.models import Role
from procedures.channels import Channel
from procedures.models import Case, Method
from tests.dossiers.intake.pages import address, errors, typed
from tests.dossiers.intake.test_drafts import a_file
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], "Client"]
SUBMITTER = {"submitter_name": "Lê Thị Hoa", "authorisation": "Giấy ủy quyền 12/2026"}


def test_a_dossier_is_received_from_the_plain_form(clerk: Client, office: Office) -> None:
    case = make_case("7 ngày làm việc", papers=3, fee=15000)
    page = clerk.get(address(case))
    assert page.status_code == 200
    assert (
        "17:00 thứ Năm 03/12/2026" in page.content.decode()
    )  # the promise stands there before anything is typed
    answer = clerk.post(address(case), typed(case))
    dossier = Dossier.objects.get()
    assert answer.headers["Location"] == f"/tiep-nhan/xong/{dossier.code}/"
    assert (dossier.owner_name, dossier.phone, dossier.fee_amount) == (
        "Nguyễn Văn Ân",
        "0912345678",
        15000,
    )
    assert [p.originals for p in dossier.papers.all()] == [1, 1, 1]
    done = clerk.get(answer.headers["Location"]).content.decode()
    assert dossier.code in done
    assert "17:00 thứ Năm 03/12/2026" in done


def proposed_reason(clerk: Client, case: Case) -> str:
    """What a fresh page has in the box of the reason for not scanning."""
    page = clerk.get(address(case)).content.decode()
    box = page.split('name="no_scan_reason"')[1].split(">")[0]
    found = re.search(r'value="([^"]*)"', box)
    return found[1] if found else ""


def test_the_reason_for_not_scanning_is_proposed_to_the_same_clerk_for_the_same_procedure(
    clerk: Client, office: Office, signed_in: SignIn
) -> None:
    case, other = make_case(), make_case()
    assert proposed_reason(clerk, case) == ""
    clerk.post(address(case), typed(case, no_scan_reason="Khổ giấy lớn"))
    assert proposed_reason(clerk, case) == "Khổ giấy lớn"
    assert "Theo lý do bạn ghi ở hồ sơ trước" in clerk.get(address(case)).content.decode()
    assert proposed_reason(clerk, other) == ""
    colleague = make_officer("Phạm Thị Dung", office.agency, (Role.CLERK, None))
    assert proposed_reason(signed_in(colleague), case) == ""


def test_what_was_scanned_the_last_time_proposes_no_reason(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, no_scan_reason="Khổ giấy lớn"))
    other = typed(case, identity_number="001087000456", tep=[a_file()], no_scan_reason="")
    clerk.post(address(case), other)
    assert Dossier.objects.count() == 2
    assert proposed_reason(clerk, case) == ""


def test_a_second_click_of_the_same_page_is_the_same_dossier(clerk: Client, office: Office) -> None:
    case = make_case()
    data = typed(case)
    first, second = clerk.post(address(case), data), clerk.post(address(case), data)
    assert Dossier.objects.count() == Slip.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"owner_name": " "}, "Hãy nhập họ tên chủ hồ sơ."),
        ({"identity_number": "1087000123"}, "Có phải thiếu số 0 ở đầu: 001087000123?"),
        ({"identity_number": ""}, "Chưa có số giấy tờ của chủ hồ sơ."),
        ({"identity_kind": "3", "identity_number": "0100109107"}, "sai số kiểm tra"),
        ({"identity_kind": "77"}, "Hãy chọn một mục trong danh sách."),
        ({"phone": "01681234567"}, "đầu số 11 số đã bỏ từ năm 2018"),
        ({"email": "an@"}, "Thư điện tử không đúng dạng"),
        ({"address": "x" * 301}, "Dài quá 300 ký tự"),
        (
            {"submitter_name": "Lê Thị Hoa"},
            "Người nộp không phải chủ hồ sơ: hãy ghi văn bản ủy quyền.",
        ),
        ({"authorisation": "Giấy ủy quyền số 5"}, "hãy nhập cả họ tên người đó"),
        ({"no_scan_reason": ""}, "Chưa có bản quét nào."),
        ({"sets": "không"}, "Số bộ hồ sơ phải là số nguyên"),
        ({"sets": "²"}, "Số bộ hồ sơ phải là số nguyên"),
        ({"identity_number": "020²90123456"}, "Ký tự “²” không phải chữ số."),
        (
            {"identity_number": "020²90123456", "identity_note": "Giấy tờ cũ"},
            "Ký tự “²” không phải chữ số.",
        ),
        ({"identity_kind": "9", "identity_number": "12²"}, "Ký tự “²” không phải chữ số."),
        ({"phone": "091³111222"}, "Ký tự “³” không phải chữ số."),
        (
            SUBMITTER | {"submitter_identity": "abc"},
            "Số hộ chiếu gồm 6 đến 9 chữ và số, “ABC” không đúng.",
        ),
        (
            SUBMITTER | {"submitter_identity": "02019077777"},
            "Có phải thiếu số 0 ở đầu: 002019077777?",
        ),
        (SUBMITTER | {"submitter_identity": "²"}, "Ký tự “²” không phải chữ số."),
        (SUBMITTER | {"submitter_phone": "x y z"}, "không phải số điện thoại: chỉ gồm chữ số"),
        (SUBMITTER | {"submitter_phone": "²"}, "Ký tự “²” không phải chữ số."),
        ({"fee_amount": "mười nghìn"}, "Số tiền phải là số đồng"),
        ({"fee_amount": "5.000"}, "Số tiền khác mức công bố. Hãy ghi lý do"),
        (
            {"return_by_post": "on", "address": ""},
            "Trả kết quả qua bưu chính: hãy nhập địa chỉ nhận.",
        ),
        ({"return_by_post": "on", "phone": ""}, "hãy nhập số điện thoại để bưu tá liên hệ"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    clerk: Client, changes: dict[str, str], sentence: str
) -> None:
    case = make_case(fee=15000)
    page = clerk.post(address(case), typed(case, summary="Để vay vốn ngân hàng", **changes))
    assert page.status_code == 422
    assert sentence in errors(page)
    assert 'value="Để vay vốn ngân hàng"' in page.content.decode()
    assert Dossier.objects.count() == Slip.objects.count() == 0


@pytest.mark.parametrize(
    "changes", [{"identity_number": "AB12"}, {"identity_number": ""}, {"phone": "+4915112345678"}]
)
def test_odd_numbers_are_taken_with_a_recorded_reason(
    clerk: Client, changes: dict[str, str]
) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, identity_note="Người nước ngoài", **changes))
    assert Dossier.objects.get().identity_note == "Người nước ngoài"


def test_a_company_is_received_by_its_tax_code(clerk: Client) -> None:
    case = make_case()
    data = typed(
        case,
        owner_kind="2",
        identity_kind="3",
        identity_number="0301464830001",
        owner_name="Công ty TNHH Bình Minh",
    )
    clerk.post(address(case), data)
    dossier = Dossier.objects.get()
    assert (dossier.owner_kind, dossier.identity_number) == (2, "0301464830-001")


def test_names_typed_with_separate_marks_are_stored_composed(clerk: Client) -> None:
    case = make_case()
    clerk.post(address(case), typed(case, owner_name="Nguyễn Văn Ân"))
    assert Dossier.objects.get().owner_name == "Nguyễn Văn Ân"


@pytest.mark.parametrize(
    "typed_name", ["\u00d0ặng Thị \u00d0ào", "\u0189ặng Thị \u0189ào", "D\u0335ặng  Thị Đào"]
)
def test_a_letter_that_only_looks_like_d_with_a_stroke_is_received_as_it(
    clerk: Client, typed_name: str
) -> None:
    case = make_case()
    more = {
        "submitter_name": f"{typed_name} Em",
        "authorisation": "Giấy ủy quyền",
        "address": "\u00d0ồng \u00d0ăng",
    }
    assert clerk.post(address(case), typed(case, owner_name=typed_name, **more)).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.submitter.name, dossier.address) == (
        "Đặng Thị Đào",
        "Đặng Thị Đào Em",
        "Đồng Đăng",
    )


def test_the_submitters_numbers_are_stored_as_the_owners_are(clerk: Client) -> None:
    """R-19."""
    case = make_case()
    numbers = {"submitter_identity": "020 190 777 777", "submitter_phone": "+84 913 111 222"}
    assert clerk.post(address(case), typed(case, **SUBMITTER, **numbers)).status_code == 302
    submitter = Dossier.objects.get().submitter
    assert (submitter.identity_number, submitter.phone) == ("020190777777", "0913111222")


def test_an_odd_number_of_the_submitter_is_taken_with_a_reason_and_the_page_opens_where_it_is_written(
    clerk: Client,
) -> None:
    case = make_case()
    odd = SUBMITTER | {"submitter_identity": "12345", "submitter_phone": "+4915112345678"}
    refused = clerk.post(address(case), typed(case, **odd))
    assert "hãy ghi lý do ở ô “Lý do chấp nhận số giấy tờ không đúng định dạng”" in errors(refused)
    assert (
        refused.content.decode().count("<details open>") + refused.content.decode().count("open>")
        >= 2
    )
    assert (
        clerk.post(address(case), typed(case, **odd, identity_note="Người nước ngoài")).status_code
        == 302
    )


@pytest.mark.parametrize("verb", ["tim", "xem", "tep", "luu", "nhan"])
def test_no_button_of_the_page_breaks_on_a_sign_that_only_looks_like_a_figure(
    clerk: Client, verb: str
) -> None:
    case = make_case()
    odd = dict.fromkeys(
        (
            "identity_number",
            "phone",
            "submitter_identity",
            "submitter_phone",
            "sets",
            "fee_amount",
            "post_at",
        ),
        "02²",
    )
    assert clerk.post(address(case), typed(case, **odd, viec=verb)).status_code in (200, 302, 422)


def test_the_warning_of_a_repeat_knows_the_number_in_any_writing(
    clerk: Client, office: Office
) -> None:
    case = make_case()
    company = {"identity_kind": "3", "owner_kind": "2", "owner_name": "Công ty A"}
    assert (
        clerk.post(
            address(case), typed(case, **company, identity_number="4999999902-001")
        ).status_code
        == 302
    )
    again = clerk.post(
        address(case), typed(case, **company, identity_number="４９９９９９９９０２ 001")
    )
    assert "hồ sơ cùng thủ tục chưa xong" in errors(again)


def test_submitter_post_and_flags_reach_the_dossier(clerk: Client) -> None:
    case = make_case()
    more = {
        "submitter_name": "Lê Thị Hoa",
        "authorisation": "Giấy ủy quyền 12/2026",
        "submitter_identity": "001187000125",
    }
    clerk.post(
        address(case),
        typed(
            case, channel="3", return_by_post="on", out_of_area="on", kiosk="on", sets="2", **more
        ),
    )
    dossier = Dossier.objects.get()
    assert dossier.submitter.name == "Lê Thị Hoa"
    assert (
        dossier.channel,
        dossier.return_by_post,
        dossier.out_of_area,
        dossier.kiosk,
        dossier.sets,
    ) == (
        Channel.POST,
        True,
        True,
        True,
        2,
    )


def test_a_dossier_by_post_is_received_when_the_post_handed_it_over(clerk: Client) -> None:
    case = make_case("3 ngày làm việc")
    seen = clerk.post(
        address(case), typed(case, channel="3", post_at="20/11/2026 16:45", viec="xem")
    ).content.decode()
    assert "17:00 thứ Năm 26/11/2026" in seen
    for text, sentence in (
        ("sáng nay", "Không đọc được giờ ký"),
        ("23:00", "phải trước lúc này"),
        ("01/11/2026 08:00", "trong vòng 14 ngày"),
    ):
        assert sentence in errors(clerk.post(address(case), typed(case, channel="3", post_at=text)))
    clerk.post(address(case), typed(case, channel="3", post_at="20/11/2026 16:45"))
    dossier = Dossier.objects.get()
    assert (dossier.received_at, dossier.recorded_at, dossier.due_at) == (
        vn("20/11/2026 16:45"),
        MONDAY,
        vn("26/11/2026 17:00"),
    )
    assert "-261120-" in dossier.code
    clerk.post(
        address(case), typed(case, channel="1", post_at="08:00", identity_number="001087000125")
    )
    assert Dossier.objects.latest("id").received_at == MONDAY  # only the post has such an hour


# --- papers ---------------------------------------------------------------------------------------


def test_counts_are_kept_and_data_from_a_database_need_no_paper(clerk: Client) -> None:
    case = make_case(papers=3)
    one, two, three = case.papers.all()
    changes = {
        f"g{one.pk}-o": "0",
        f"g{one.pk}-c": "2",
        f"g{two.pk}-o": "",
        f"g{two.pk}-d": "on",
        f"g{three.pk}-o": "",
    }
    clerk.post(address(case), typed(case, **changes))
    kept = [
        (p.paper_id, p.originals, p.certified, p.copies, p.from_database)
        for p in Dossier.objects.get().papers.all()
    ]
    assert kept == [(one.pk, 0, 2, 0, False), (two.pk, 0, 0, 0, True)]


def test_a_count_that_is_no_number_is_said_beside_its_paper(clerk: Client) -> None:
    case = make_case()
    paper = case.papers.all()[0]
    page = clerk.post(address(case), typed(case, **{f"g{paper.pk}-o": "hai"}))
    assert "Giấy tờ đã nộp: Số lượng phải là số nguyên" in errors(page)
    assert f'id="g{paper.pk}-error"' in page.content.decode()
    assert 'value="hai"' in page.content.decode()


def test_no_paper_at_all_is_no_reception(clerk: Client) -> None:
    case = make_case(papers=2)
    page = clerk.post(address(case), typed(case, **{f"g{p.pk}-o": "" for p in case.papers.all()}))
    assert "Chưa có giấy tờ nào được nộp." in errors(page)


def test_the_errors_stand_in_the_order_of_the_page(clerk: Client) -> None:
    case = make_case(fee=None)
    paper = case.papers.all()[0]
    empty = {
        "identity_number": "",
        "owner_name": "",
        "email": "x",
        "no_scan_reason": "",
        "sets": "0",
        f"g{paper.pk}-o": "hai",
    }
    page = clerk.post(
        address(case),
        typed(case, submitter_phone="0912345678", return_by_post="on", phone="", **empty),
    )
    said = errors(page)
    order = ["Số giấy tờ:", "Họ tên chủ hồ sơ:", "Điện thoại:", "Thư điện tử:", "Họ tên người nộp thay:", "Giấy tờ đã nộp:",
             "Lý do chưa quét:", "Số tiền thu", "Số bộ hồ sơ:"]  # fmt: skip
    assert [words for words in order if words not in said] == []
    assert sorted(order, key=said.index) == order
    html = page.content.decode()
    targets = [html.index(f'id="{ident}"') for ident in re.findall(r'<li><a href="#([^"]+)"', html)]
    assert targets == sorted(targets), "the fields themselves stand in this order"


def test_papers_outside_the_published_list_cannot_come_in(clerk: Client) -> None:
    case, other = make_case(), make_case()
    stranger = other.papers.all()[0]
    page = clerk.post(address(case), typed(case, **{f"g{stranger.pk}-o": "1"}))
    assert "danh sách giấy tờ đã đổi" in errors(page)
    assert not Dossier.objects.exists()


def test_notes_are_shown_and_never_asked_for(clerk: Client) -> None:
    case = make_case(status=1)
    note = case.papers.create(
        order=9, name="Cơ quan tiếp nhận tự khai thác dữ liệu cư trú", is_note=True
    )
    type(case.version).objects.filter(pk=case.version_id).update(status=2)
    page = clerk.get(address(case)).content.decode()
    assert note.name in page
    assert f"g{note.pk}-o" not in page


def test_several_cases_ask_for_a_choice_and_show_its_papers(clerk: Client) -> None:
    case = make_case("3 ngày làm việc", papers=1, status=1)
    second = Case.objects.create(version=case.version, order=2, name="Đăng ký lại")
    Method.objects.create(
        case=second,
        channel=1,
        term="10 ngày làm việc",
        fee_amount=None,
        fee_text="Theo nghị quyết của tỉnh",
    )
    paper = second.papers.create(order=1, name="Bản sao Giấy khai sinh", copies=1)
    type(case.version).objects.filter(pk=case.version_id).update(status=2)
    assert "Chọn trường hợp" in clerk.get(address(case)).content.decode()

    page = clerk.post(address(case), typed(case, viec="nhan") | {"case": ""})
    assert "Hãy chọn trường hợp" in errors(page)
    parts = clerk.post(
        address(case),
        typed(case, viec="xem") | {"case": second.pk},
        headers={"HX-Request": "true", "HX-Trigger-Name": "case"},
    ).content.decode()
    assert "17:00 thứ Ba 08/12/2026" in parts  # nothing but the parts that change
    assert paper.name in parts
    assert "chưa ghi rõ mức phí, lệ phí" in parts
    assert "<html" not in parts

    data = {
        "fee_amount": "30.000",
        "fee_reason": "Nghị quyết 12/2026/NQ-HĐND",
        f"g{paper.pk}-s": "1",
        f"g{paper.pk}-o": "",
        "case": second.pk,
    }
    unseen = clerk.post(
        address(case), typed(case) | data
    )  # the checklist of the first case was on the page
    assert "Trường hợp vừa đổi" in errors(unseen)
    data = {
        key: value
        for key, value in (typed(case) | data).items()
        if not key.startswith("g") or key.startswith(f"g{paper.pk}")
    }
    refused = clerk.post(address(case), data | {"channel": "3"})
    assert "không có hình thức nộp “Bưu chính công ích”" in errors(
        refused
    )  # this case knows one channel only
    clerk.post(address(case), data)
    dossier = Dossier.objects.get()
    assert (dossier.case, dossier.fee_amount, dossier.papers.get().copies) == (second, 30000, 1)


# --- fee ------------------------------------------------------------------------------------------


def test_another_fee_needs_its_reason_and_keeps_it(clerk: Client) -> None:
    case = make_case(fee=15000)
    clerk.post(address(case), typed(case, fee_amount="0", fee_reason="Hộ nghèo, miễn phí"))
    dossier = Dossier.objects.get()
    assert (dossier.fee_amount, dossier.fee_reason) == (0, "Hộ nghèo, miễn phí")


def test_an_unreadable_fee_is_entered_with_its_basis(clerk: Client) -> None:
    case = make_case(fee=None)
    assert "chưa ghi rõ mức phí, lệ phí" in errors(clerk.post(address(case), typed(case)))
    assert "chưa ghi rõ mức phí, lệ phí" in errors(
        clerk.post(address(case), typed(case, fee_amount="8000"))
    )
    clerk.post(address(case), typed(case, fee_amount="8000", fee_reason="Nghị quyết tỉnh"))
    assert Dossier.objects.get().fee_amount == 8000


def test_a_fee_by_the_piece_is_multiplied(clerk: Client) -> None:
    case = make_case(fee=2000, status=1)
    case.methods.filter(channel=1).update(fee_per="bản sao")
    type(case.version).objects.filter(pk=case.version_id).update(status=2)
    clerk.post(address(case), typed(case, fee_units="5"))
    dossier = Dossier.objects.get()
    assert (dossier.fee_amount, dossier.fee_reason) == (10000, "5 bản sao × 2.000 đồng")


# --- without script, and what cannot be chosen ----------------------------------------------------


def test_the_preview_button_does_what_the_script_does(clerk: Client) -> None:
    case = make_case("5 ngày làm việc", fee=15000)
    page = clerk.post(
        address(case), typed(case, viec="xem", owner_name="", fee_amount="9.000")
    ).content.decode()
    assert "17:00 thứ Ba 01/12/2026" in page
    assert "Vì sao ngày này?" in page
    assert "9.000 đồng" in page
    assert "error-summary" not in page


def test_provisional_and_unknown_years_say_so(office: Office, signed_in: SignIn) -> None:
    case = make_case("60 ngày làm việc")
    with time_machine.travel(MONDAY, tick=False):
        assert "(tạm tính)" in signed_in(office.clerk).get(address(case)).content.decode()
    far = make_case("10 năm")
    with time_machine.travel(MONDAY, tick=False):
        clerk = signed_in(office.clerk)
        assert "Chưa xác định" in clerk.get(address(far)).content.decode()
        done = clerk.post(address(far), typed(far), follow=True).content.decode()
        assert "chưa xác định" in done


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"status": 1}, "đang chờ xác nhận thời hạn"),
        ({"effective_from": "2027-01-01"}, "không có hiệu lực vào ngày 23/11/2026"),
    ],
)
def test_what_cannot_be_chosen_says_why_and_keeps_what_was_typed(
    clerk: Client, made: dict[str, Any], why: str
) -> None:
    case = make_case(**made)
    page = clerk.get(address(case), follow=True)
    assert why in page.content.decode()
    assert "choice-off" in page.content.decode()
    clerk.post(address(case), typed(case))
    assert Draft.objects.get().data["owner_name"] == ["Nguyễn  Văn Ân"]
    assert not Dossier.objects.exists()


def test_an_unknown_code_is_not_found(clerk: Client) -> None:
    assert clerk.get("/tiep-nhan/lap/9.999999/").status_code == 404


# --- people known from before ---------------------------------------------------------------------


def test_a_number_fills_in_the_owner_and_warns_of_the_same_procedure(
    clerk: Client, office: Office
) -> None:
    case = make_case()
    old = receive(office, case)
    data = typed(case, viec="tim", owner_name="", phone="", address="")
    part = clerk.post(address(case), data, headers={"HX-Request": "true"}).content.decode()
    assert 'value="Nguyễn Văn Ân" data-fill="owner_name"' in part
    assert f"/ho-so/{old.code}/" in part
    assert "đang có hồ sơ cùng thủ tục chưa xong" in part
    assert "Nam, sinh năm 1987, đăng ký khai sinh tại Hà Nội" in part

    page = clerk.post(
        address(case), data
    ).content.decode()  # the same without script: fields filled by the server
    assert 'value="Nguyễn Văn Ân"' in page
    assert 'value="0912345678"' in page
    kept = clerk.post(
        address(case), typed(case, viec="tim", owner_name="Nguyễn Văn Ấn", phone="")
    ).content.decode()
    assert 'value="Nguyễn Văn Ấn"' in kept  # what was typed stays
    over = clerk.post(
        address(case), typed(case, viec="tim:ca", owner_name="Nguyễn Văn Ấn")
    ).content.decode()
    assert 'name="owner_name" value="Nguyễn Văn Ân"' in over


def test_the_same_procedure_again_is_warned_of_even_when_nobody_looked(
    clerk: Client, office: Office
) -> None:
    case = make_case()
    old = receive(office, case)
    data = typed(case)
    warned = clerk.post(address(case), data)
    assert warned.status_code == 422
    assert f"cùng thủ tục chưa xong hoặc vừa xong: {old.code}" in errors(warned)
    assert f'name="trung" value="{old.code}"' in warned.content.decode()
    assert Dossier.objects.count() == 1
    assert (
        clerk.post(address(case), data | {"trung": old.code}).status_code == 302
    )  # a warning seen never blocks
    assert (
        clerk.post(address(case), data).status_code == 302
    )  # the same page sent twice is one dossier
    assert Dossier.objects.count() == 2


@pytest.mark.parametrize(
    "changes", [{"channel": ""}, {"channel": "9"}, {"channel": "1" * 5000}, {"channel": "x"}]
)
def test_a_channel_that_is_none_is_asked_for(clerk: Client, changes: dict[str, str]) -> None:
    case = make_case()
    assert "Hãy chọn hình thức nộp hồ sơ" in errors(
        clerk.post(address(case), typed(case, **changes))
    )
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("name", ["identity_kind", "fee_units", "sets", "owner_kind", "case"])
def test_numbers_of_five_thousand_digits_break_nothing(clerk: Client, name: str) -> None:
    case = make_case()
    for act in ("xem", "tim", "nhan"):
        assert (
            clerk.post(address(case), typed(case, viec=act) | {name: "9" * 5000}).status_code < 500
        )
    paper = case.papers.all()[0]
    assert (
        clerk.post(address(case), typed(case, **{f"g{paper.pk}-o": "9" * 5000})).status_code == 422
    )
    assert clerk.post(address(case), typed(case, viec="bo-tep:" + "9" * 5000)).status_code < 500


def test_people_of_another_agency_stay_unknown(clerk: Client, office: Office) -> None:
    case = make_case()
    receive(make_office("Ủy ban nhân dân xã Tân Lập"), case)
    part = clerk.post(
        address(case), typed(case, viec="tim", owner_name=""), headers={"HX-Request": "true"}
    ).content.decode()
    assert "Nguyễn Văn Ân" not in part


# --- visits that end without a dossier ------------------------------------------------------------


def test_guidance_is_recorded_once_with_its_slip_and_seen_at_the_next_visit(
    clerk: Client, office: Office
) -> None:
    case = make_case(papers=2)
    paper = case.papers.all()[1]
    short = {f"g{paper.pk}-o": "", "viec": "bo-sung"}
    page = clerk.post(address(case), typed(case, **short))
    assert paper.name in page.content.decode()  # proposed: the paper that is short
    assert "Hãy ghi lý do phải bổ sung" in errors(page)
    data = typed(
        case, **short, guide_reason="Chưa mang theo", **{f"b{paper.pk}-n": "thiếu 1 bản chính"}
    )
    first, second = clerk.post(address(case), data), clerk.post(address(case), data)
    visit = CounterVisit.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/tiep-nhan/luot/{visit.pk}/"
    assert visit.entries == [f"{paper.name}: thiếu 1 bản chính"]
    assert (visit.reason, visit.officer) == ("Chưa mang theo", office.clerk)
    assert Slip.objects.get().slug == "bo-sung"
    assert not Draft.objects.exists()
    assert not Dossier.objects.exists()  # exactly one of the three
    slip = clerk.get(f"/tiep-nhan/luot/{visit.pk}/phieu/").content.decode()
    assert "Chưa mang theo" in slip
    again = clerk.post(
        address(case), typed(case, viec="tim"), headers={"HX-Request": "true"}
    ).content.decode()
    assert f"/tiep-nhan/luot/{visit.pk}/phieu/" in again


def test_refusal_wants_a_reason_and_prints_form_03(clerk: Client) -> None:
    case = make_case()
    assert "Hãy ghi lý do từ chối" in errors(clerk.post(address(case), typed(case, viec="tu-choi")))
    done = clerk.post(
        address(case),
        typed(case, viec="tu-choi", refuse_reason="Không thuộc thẩm quyền"),
        follow=True,
    )
    assert "phiếu từ chối tiếp nhận" in done.content.decode()
    assert (CounterVisit.objects.get().kind, Slip.objects.get().slug) == (2, "tu-choi")


def test_papers_of_the_other_channel_start_uncounted(db: None) -> None:
    from dossiers.forms.intake_papers import default_rows
    from procedures.models import Paper

    case = make_case(papers=0)
    rows = [
        (
            "",
            "Tờ khai đăng ký khai sinh theo mẫu (nếu người có yêu cầu lựa chọn nộp hồ sơ theo hình thức trực tiếp)",
        ),
        (
            "",
            "Mẫu hộ tịch điện tử tương tác đăng ký khai sinh (nếu người có yêu cầu lựa chọn nộp hồ sơ theo hình thức trực tuyến)",
        ),
        ("Nộp trực tiếp", "Đơn đề nghị"),
        ("Nộp theo phương thức điện tử", "Đơn đề nghị điện tử"),
        ("", "Giấy chứng sinh"),
    ]
    Paper.objects.bulk_create(
        [
            Paper(case=case, order=n, group=group, name=name, originals=1)
            for n, (group, name) in enumerate(rows, start=1)
        ]
    )
    by_hand, on_line = default_rows(case, Channel.DIRECT), default_rows(case, Channel.ONLINE_FULL)
    assert [row.typed[0] for row in by_hand] == ["1", "", "1", "", "1"]
    assert [row.typed[0] for row in on_line] == ["", "1", "", "1", "1"]
    assert not any(row.is_short for row in [*by_hand, *on_line])


def test_papers_of_special_cases_start_uncounted_and_are_not_missed(db: None) -> None:
    from dossiers.forms.intake_papers import default_rows
    from procedures.models import Paper

    case = make_case(papers=0)
    names = [
        "Trường hợp trẻ em bị bỏ rơi thì phải có biên bản",
        "- Văn bản ủy quyền trong trường hợp ủy quyền thực hiện",
        "Giấy chứng sinh",
    ]
    Paper.objects.bulk_create(
        [Paper(case=case, order=n, name=name, originals=1) for n, name in enumerate(names, start=1)]
    )
    rows = default_rows(case)
    assert [row.typed for row in rows] == [("", "", ""), ("", "", ""), ("1", "", "")]
    assert [row.is_short for row in rows] == [False, False, False]
