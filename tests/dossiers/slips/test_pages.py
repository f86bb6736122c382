"""The pages carry the official labels in their order, escape what people wrote, and never change."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
import segno

from dossiers.slips import form_on, render_html, render_page
from dossiers.slips.contexts import Person, Signer, SlipContext, contexts
from dossiers.slips.forms import Circular
from dossiers.slips.qr import qr_data_uri
from dossiers.slips.words import day_words
from tests.dossiers.slips import samples
from tests.dossiers.slips.samples import NEW, OLD, snapshot

HEADS = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
RECEIPT_BODY = [
    "Mã hồ sơ:",
    "Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả:",
    "Tiếp nhận hồ sơ của:",
    "Địa chỉ:",
    "Số điện thoại:",
    "Email:",
]
RECEIPT_END = [
    "Nội dung yêu cầu giải quyết:",
    "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:",
    "2. Số lượng hồ sơ: 01 (bộ)",
    "3. Thời gian giải quyết hồ sơ theo quy định là: 5 ngày làm việc",
    "4. Thời gian nhận hồ sơ: 14 giờ 00 phút, ngày 20 tháng 11 năm 2026",
    "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 30 tháng 11 năm 2026",
    "6. Đăng ký nhận kết quả tại:",
    "Vào Sổ theo dõi hồ sơ, Quyển số: 01 Số thứ tự 1204",
    "NGƯỜI NỘP HỒ SƠ",
    "(Ký và ghi rõ họ tên)",
    "NGƯỜI TIẾP NHẬN HỒ SƠ",
    "được lập thành 2 liên; một liên chuyển kèm theo Hồ sơ giải quyết/lưu, một liên giao cho tổ chức, cá nhân nộp hồ sơ",
]


def text(html: str) -> str:
    body = html.partition("<body")[2].partition(">")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", body)))


def in_order(page: str, labels: list[str]) -> None:
    place = 0
    for label in labels:
        found = page.find(label, place)
        assert found >= 0, f"{label!r} is missing after {page[max(0, place - 60) : place]!r}"
        place = found + len(label)


@pytest.mark.parametrize(
    ("day", "identity", "circular"),
    [
        (OLD, "Số CMND/Thẻ căn cước/Hộ chiếu:", "01/2018/TT-VPCP"),
        (NEW, "Số căn cước/Hộ chiếu:", "03/2025/TT-VPCP"),
    ],
)
def test_form_01_has_the_official_fields_in_order_in_both_sets(
    day: date, identity: str, circular: str
) -> None:
    page = text(render_html(snapshot(samples.receipt(day=day)), copies=1))
    head = [
        *HEADS,
        "Số: 123/TNHS",
        "Hòa Bình, ngày",
        "Quyển số: 01, Số thứ tự: 1204",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        f"(Mẫu số 01, ban hành kèm theo Thông tư số {circular}",
    ]
    in_order(page, [*head, *RECEIPT_BODY, identity, *RECEIPT_END])


@pytest.mark.parametrize("day", [OLD, NEW])
def test_form_02_has_the_official_fields_in_order(day: date) -> None:
    labels = [
        *HEADS, "Số: 123/HDHS", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Mẫu số 02", "Hồ sơ của:", "Nội dung yêu cầu giải quyết:", "Địa chỉ:", "Số điện thoại:", "Email:",
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:", "Giấy chứng sinh: thiếu bản chính", "Nội dung kê khai: Họ tên người làm chứng", "Lý do:",
        "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với", "số điện thoại", "để được hướng dẫn./.", "NGƯỜI HƯỚNG DẪN", "(Ký và ghi rõ họ tên)",
    ]  # fmt: skip
    in_order(text(render_html(snapshot(samples.supplement(day)), copies=1)), labels)


@pytest.mark.parametrize("day", [OLD, NEW])
def test_form_03_has_the_official_fields_in_order(day: date) -> None:
    labels = [
        *HEADS, "Số: 123", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả:", "Tiếp nhận hồ sơ của:", "Địa chỉ:", "Số điện thoại:", "Email:",
        "Nội dung yêu cầu giải quyết:", "Qua xem xét, Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
        "Không thuộc thẩm quyền.", "Nộp tại nơi cư trú.", "Xin thông báo cho Ông/Bà được biết và thực hiện./.", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ]  # fmt: skip
    in_order(text(render_html(snapshot(samples.refusal(day)), copies=1)), labels)


@pytest.mark.parametrize("day", [OLD, NEW])
def test_form_04_says_sorry_with_old_and_new_time(day: date) -> None:
    labels = [
        *HEADS, "Kính gửi: Ông/Bà Trần Văn Bình", "đã tiếp nhận hồ sơ của Ông/Bà vào 08 giờ 15 phút, ngày 02 tháng 11 năm 2026", "mã hồ sơ: H26.12.03-261120-0042",
        "Thời gian hẹn trả kết quả là 17 giờ 00 phút, ngày 20 tháng 11 năm 2026", "Tuy nhiên đến nay,", "đúng thời gian quy định với lý do",
        "chân thành xin lỗi Ông/Bà", "Rất mong nhận được sự thông cảm của Ông/Bà.",
        "Hồ sơ của Ông/Bà được trả kết quả vào 17 giờ 00 phút, ngày 27 tháng 11 năm 2026, tại", "Nơi nhận:", "- Như trên;", "Phạm Quốc Hùng",
    ]  # fmt: skip
    in_order(text(render_html(snapshot(replace(samples.apology(day), late=True)))), labels)


def test_an_apology_before_the_promise_says_that_it_will_be_late_and_asks_for_more_time() -> None:
    """R-53: made in time, nothing is late yet; the 2025 document asks for the further time that its
    title speaks of.
    """
    page = text(render_html(snapshot(samples.apology())))
    in_order(page, [
        "Do chưa có ý kiến của cơ quan phối hợp, Ủy ban nhân dân xã Hòa Bình chưa thể trả kết quả giải quyết hồ sơ của Ông/Bà đúng thời gian đã hẹn.",
        "chân thành xin lỗi Ông/Bà và đề nghị gia hạn thời gian giải quyết hồ sơ đến 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
    ])  # fmt: skip
    assert "đến nay" not in page
    assert "quá hạn" not in page
    assert "Do Sở Xây dựng chưa trả lời, Ủy ban" in text(
        render_html(snapshot(replace(samples.apology(), reason="Sở Xây dựng chưa trả lời.")))
    )
    assert "Do hệ thống hỏng, Ủy ban" in text(
        render_html(snapshot(replace(samples.apology(), reason="do hệ thống hỏng")))
    )
    old = text(render_html(snapshot(samples.apology(OLD))))
    assert "đề nghị gia hạn" not in old
    assert "vì sự quá hạn" not in old
    # A snapshot that does not say whether it was late tells it by its days.
    assert "Tuy nhiên đến nay" in text(
        render_html(snapshot(replace(samples.apology(), promised_at=samples.at(19, 17, 0))))
    )


def test_a_document_carries_the_head_of_its_agency_its_signers_capacity_and_who_gets_it() -> None:
    """NĐ 30/2020: the agency above in plain capitals, the issuing one in bold; number beside place
    and day; TM., KT. above the name.
    """
    slip = samples.apology()
    page = text(render_html(snapshot(slip)))
    head = ["Ủy ban nhân dân", *HEADS, "Số: ……", "Hòa Bình, ngày 20 tháng 11 năm 2026"]
    in_order(
        page,
        [
            *head,
            "Nơi nhận:",
            "- Như trên;",
            "(để b/c);",
            "- Lưu: VT, Phòng Kinh tế.",
            "KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Phạm Quốc Hùng",
        ],
    )
    assert "THỦ TRƯỞNG" not in page
    centre = replace(
        slip.office, agency="Sở Tư pháp", desk="Sở Tư pháp", superior="Ủy ban nhân dân tỉnh Hạ Long"
    )
    html = render_html(snapshot(replace(slip, office=centre)))
    assert re.search(
        r'head-agency">Ủy ban nhân dân <br />tỉnh Hạ Long</p>\s*<p class="head-desk">Sở Tư pháp</p>',
        html,
    )
    assert (
        text(html).count("Sở Tư pháp") == 3
    )  # in the head, as the one that is late, as the one that apologises


def test_an_organisation_is_addressed_as_what_it_is() -> None:
    company = Person(name="Công ty TNHH Bình Minh", address="Thôn 3", addressed="Quý Công ty")
    for slip in (samples.apology(), samples.stop(), samples.supplement(), samples.refusal()):
        page = text(render_html(snapshot(replace(slip, owner=company))))
        assert "Ông/Bà" not in page
        assert "Quý Công ty" in page
    assert "Kính gửi: Công ty TNHH Bình Minh" in text(
        render_html(snapshot(replace(samples.stop(), owner=company)))
    )


def test_a_refusal_after_appraisal_is_the_offices_not_the_counters() -> None:
    """R-65: nothing is refused at reception any more, and the specialist who wrote it receives
    nothing.
    """
    signed = Signer(name="Lê Thị Mai", capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))
    slip = replace(samples.refusal(), signed=signed)
    page = text(render_html(snapshot(slip)))
    in_order(
        page,
        [
            "Hồ sơ của: Trần Văn Bình",
            "Ủy ban nhân dân xã Hòa Bình thông báo không giải quyết hồ sơ này",
            "TM. ỦY BAN NHÂN DÂN",
            "CHỦ TỊCH",
            "Lê Thị Mai",
        ],
    )
    for words in ("không tiếp nhận", "NGƯỜI TIẾP NHẬN", "Nguyễn Thị Hoa", "Tiếp nhận hồ sơ của"):
        assert words not in page


def test_after_a_restart_form_01_says_when_everything_was_there_and_what_it_replaces() -> None:
    """R-36, R-47: the term counts from there."""
    slip = samples.receipt(
        completed_at=samples.at(25, 9, 0),
        replaces="Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 1/TNHS ngày 20 tháng 11 năm 2026",
    )
    page = text(render_html(snapshot(slip), copies=1))
    in_order(page, [
        "4. Thời gian nhận đủ hồ sơ: 09 giờ 00 phút, ngày 25 tháng 11 năm 2026", "5. Thời gian trả kết quả",
        "Giấy này thay thế Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 1/TNHS ngày 20 tháng 11 năm 2026.",
    ])  # fmt: skip
    assert "Giấy này thay thế Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 1/2026." in text(
        render_html(snapshot(samples.receipt(replaces="1/2026")))
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 6, 30), "ngày 30 tháng 6 năm 2025"), (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"), (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
    ],
)  # fmt: skip
def test_days_are_written_as_administrative_documents_write_them(day: date, words: str) -> None:
    """NĐ 30/2020, Phụ lục I: 0 only before days below ten and before months one and two."""
    assert day_words(day) == words
    at = samples.at(1).replace(year=day.year, month=day.month, day=day.day)
    page = text(
        render_html(
            snapshot(replace(samples.receipt(), made_at=at, received_at=at, promised_at=at)),
            copies=1,
        )
    )
    assert page.count(words) == 3
    assert not re.search(r"tháng 0[3-9]", page)


def test_the_legal_line_keeps_a_blank_for_a_day_that_is_not_known() -> None:
    assert (
        form_on("dung", NEW).legal
        == "Ban hành kèm theo Thông tư số 03/2025/TT-VPCP ngày … tháng … năm 2025 của Văn phòng Chính phủ"
    )
    assert "ngày 23 tháng 11 năm 2018" in form_on("bo-sung", OLD).legal
    assert "ngày 09 tháng 9 năm 2025" in Circular("03/2025/TT-VPCP", 2025, date(2025, 9, 9)).line


def test_nobody_is_said_to_take_no_part_when_nobody_said_so() -> None:
    sheet = samples.control_sheet()
    assert "phối hợp giải quyết hồ sơ: ……" in text(render_html(snapshot(sheet)))
    assert "phối hợp giải quyết hồ sơ: Không có" in text(
        render_html(snapshot(replace(sheet, partners="Không có")))
    )


def test_the_documents_of_the_2025_set_wait_for_the_clerks_number() -> None:
    for slip in (samples.apology(), samples.stop()):
        assert "Số: ……" in text(render_html(snapshot(slip)))
        assert "Số: 45/UBND" in text(
            render_html(snapshot(replace(slip, document_number="45/UBND")))
        )


def test_the_stop_notice_says_who_when_where_why_and_the_fee() -> None:
    in_order(
        text(render_html(snapshot(samples.stop()))),
        [
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
            "Người đề nghị dừng: Trần Văn Bình",
            "Giai đoạn",
            "Thẩm định",
            "Lý do:",
            "dừng giải quyết hồ sơ nêu trên theo Quyết định số 12/QĐ-UBND ngày 20 tháng 11 năm 2026.",
            "Phí, lệ phí: Chưa thu.",
        ],
    )


@pytest.mark.parametrize("day", [OLD, NEW])
def test_the_control_sheet_has_its_columns_blocks_and_notes_word_for_word(day: date) -> None:
    page = text(render_html(snapshot(samples.control_sheet(day))))
    in_order(
        page,
        [
            *HEADS, "Quyển số: 01, Số thứ tự: 07", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "Kèm theo hồ sơ của:", "Mã hồ sơ:", "Ngày nhận:", "Ngày, giờ hẹn trả kết quả:",
            "Cơ quan (bộ phận) giải quyết hồ sơ:", "Cơ quan phối hợp giải quyết hồ sơ:", "TÊN CƠ QUAN", "THỜI GIAN GIAO, NHẬN HỒ SƠ", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
            "(Trước hạn/đúng hạn/quá hạn)", "GHI CHÚ", "1. Giao: Bộ phận TN&TKQ", "2. Nhận: Phòng Tư pháp", "15 giờ 00 phút, ngày 20 tháng 11 năm 2026", "Trước hạn", "Người giao", "Người nhận",
            "2. Nhận: Bộ phận TN&TKQ", "Quá hạn", "theo Quyết định số 45/2016/QĐ-TTg", "thể hiện trong hóa đơn của cơ quan Bưu chính;", "khi nhận bàn giao hồ sơ.",
            "Khi Hệ thống thông tin một cửa điện tử đã vận hành, việc lưu vết được thực hiện tự động và thể hiện trên mẫu phiếu điện tử.",
        ],
    )  # fmt: skip


def test_certified_copies_show_pages_copies_and_fees_with_hour_and_day() -> None:
    in_order(
        text(render_html(snapshot(samples.certified_receipt()), copies=1)),
        [
            "Số trang",
            "Số bản giấy",
            "Lệ phí",
            "Thẻ căn cước",
            "6.000 đồng",
            "20.000 đồng",
            "Tổng lệ phí",
            "26.000 đồng",
            "trong ngày",
            "17 giờ 00 phút, ngày 23 tháng 11 năm 2026",
        ],
    )


def test_a_promise_may_be_provisional_unknown_or_none() -> None:
    provisional = text(render_html(snapshot(samples.receipt(provisional=True)), copies=1))
    assert "năm 2026 (tạm tính)" in provisional
    unknown = text(
        render_html(snapshot(samples.receipt(promised_at=None, undetermined=True)), copies=1)
    )
    assert "trả kết quả giải quyết hồ sơ: chưa xác định" in unknown
    assert "tạm tính" not in unknown
    assert "trả kết quả giải quyết hồ sơ: không phải trả kết quả" in text(
        render_html(snapshot(samples.receipt(promised_at=None)), copies=1)
    )


def test_the_submitter_stands_beside_the_owner_when_they_differ() -> None:
    someone = Person(name="Lê Thị Mai", identity="022190004321", phone="0987 654 321")
    page = text(
        render_html(
            snapshot(samples.receipt(submitter=someone, authorisation="Giấy ủy quyền 12")), copies=1
        )
    )
    in_order(
        page,
        [
            "Tiếp nhận hồ sơ của: Trần Văn Bình",
            "Người nộp: Lê Thị Mai",
            "(ủy quyền: Giấy ủy quyền 12)",
            "Địa chỉ:",
        ],
    )
    assert "Người nộp:" not in text(render_html(snapshot(samples.receipt()), copies=1))


def test_two_copies_say_which_is_which_and_can_share_a_sheet() -> None:
    for layout in ("a5", "a4x2"):
        in_order(
            text(render_html(snapshot(samples.receipt()), copies=2, layout=layout)),
            ["(Liên 1: Lưu)", "(Liên 2: Giao tổ chức, cá nhân nộp hồ sơ)"],
        )
    single = render_html(snapshot(samples.receipt()), copies=1)
    assert single.count("<article") == 1
    assert 'class="pair"' not in single
    assert 'class="pair"' in render_html(snapshot(samples.receipt()), copies=2, layout="a4x2")


def test_what_the_margins_repeat_is_no_text_of_the_page() -> None:
    """Hidden text is laid out and stands in the PDF like any other."""
    page = render_html(snapshot(samples.receipt()), copies=1)
    assert f'data-code="Mã hồ sơ {samples.CODE} · Phiếu số 123/TNHS"' in page
    assert 'data-title="GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ (tiếp theo)"' in page
    assert "Phiếu số" not in text(page)
    assert "(tiếp theo)" not in text(page)


def test_a_document_of_a4_ignores_copies_and_paper() -> None:
    assert render_html(snapshot(samples.stop()), copies=2, layout="a4x2") == render_html(
        snapshot(samples.stop()), copies=1
    )


@pytest.mark.parametrize("slip", samples.everything(), ids=lambda slip: slip.slug)
def test_every_slip_survives_its_snapshot_and_reprints_byte_for_byte(slip: SlipContext) -> None:
    stored = snapshot(slip)
    assert contexts()[slip.slug].from_dict(stored) == replace(slip, lookup_url=samples.URL)
    assert "lookup_url" not in slip.to_dict(), "the secret is not stored"
    assert render_html(stored) == render_html(snapshot(slip))
    assert "None" not in text(render_html(stored))


def test_a_snapshot_made_before_a_field_was_added_still_prints() -> None:
    stored = snapshot(samples.receipt())
    for later in ("replaces", "provisional", "certified", "authorisation"):
        del stored[later]
    stored["of_tomorrow"] = 1
    assert render_html(stored) == render_html(snapshot(samples.receipt()))


def test_what_people_wrote_is_escaped() -> None:
    evil = "<img src=x onerror=1>"
    page = render_html(
        snapshot(samples.receipt(content=evil, owner=Person(name=evil, address=evil)))
    )
    assert "<img src=x" not in page


def test_the_pdf_document_asks_for_nothing_and_the_page_links_its_style() -> None:
    document = render_html(snapshot(samples.receipt()))
    assert "<link" not in document
    assert "<script" not in document
    assert "style=" not in document
    page = render_page(
        snapshot(samples.receipt()), back_url="/ho-so/1/", pdf_url="/x.pdf", autoprint=True
    )
    assert "slips.css" in page
    assert "data-autoprint" in page
    assert text(document) in text(page), "the sheet itself is the same"


def test_the_qr_carries_the_look_up_address_at_25_mm_with_a_quiet_zone() -> None:
    from base64 import b64decode
    from urllib.parse import unquote

    code = segno.make(samples.URL, error="m", micro=False, boost_error=False)
    modules = code.symbol_size(scale=1, border=0)[0]
    uri = qr_data_uri(samples.URL)
    head, _, body = uri.partition(",")
    svg = b64decode(body).decode() if "base64" in head else unquote(body)
    width = float(re.search(r'width=[\'"]([\d.]+)mm', svg)[1])  # type: ignore[index]
    assert width == pytest.approx(25 * (modules + 8) / modules, abs=0.01)
    assert uri == code.svg_data_uri(
        border=4, scale=25 / modules, unit="mm", svgclass=None, lineclass=None
    )
    assert unescape(render_html(snapshot(samples.receipt()), copies=2)).count(uri) == 2
    assert "<img" not in render_html(snapshot(samples.receipt(), url=""))
