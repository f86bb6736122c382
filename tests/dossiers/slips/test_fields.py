"""Every form of both sets as a PDF: the fields of the law, in its order (R-89, R-90), in letters that
can be read, signed where the law wants it.

The order of fields follows the official forms of TT 01/2018/TT-VPCP and TT 03/2025/TT-VPCP.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from dossiers.slips import render_html, slip_stylesheet
from dossiers.slips.contexts import PaperLine, SlipContext
from onestop import pdf
from tests.dossiers.slips import samples
from tests.dossiers.slips.samples import NEW, OLD, snapshot

pytestmark = [pytest.mark.slow, pytest.mark.pdf]
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
LEGAL = {
    OLD: "ban hành kèm theo Thông tư số 01/2018/TT-VPCP ngày 23 tháng 11 năm 2018",
    NEW: "ban hành kèm theo Thông tư số 03/2025/TT-VPCP",
}
IDENTITY = {OLD: "Số CMND/Thẻ căn cước/Hộ chiếu:", NEW: "Số căn cước/Hộ chiếu:"}
Made = Callable[[date], SlipContext]


def receipt(day: date) -> SlipContext:
    return samples.receipt(day=day)


def apology(day: date) -> SlipContext:
    return replace(samples.apology(day), late=True)


# Slip, day, number of the form, fields in order.
FORMS: list[tuple[str, Made, date, str, tuple[str, ...]]] = [
    *(
        (
            "tiep-nhan", receipt, day, "01",
            (
                "Quyển số: 01, Số thứ tự: 1204", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mẫu số 01", LEGAL[day],
                "Mã hồ sơ:", "Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả:", "Tiếp nhận hồ sơ của:", "Địa chỉ:",
                "Số điện thoại:", "Email:", IDENTITY[day], "Nội dung yêu cầu giải quyết:",
                "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:", "2. Số lượng hồ sơ: 01 (bộ)",
                "3. Thời gian giải quyết hồ sơ theo quy định là:", "4. Thời gian nhận hồ sơ:",
                "5. Thời gian trả kết quả giải quyết hồ sơ:", "6. Đăng ký nhận kết quả tại:",
                "Vào Sổ theo dõi hồ sơ, Quyển số: 01 Số thứ tự 1204", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ",
                "được lập thành 2 liên",
            ),
        )
        for day in (OLD, NEW)
    ),
    *(
        (
            "bo-sung", samples.supplement, day, "02",
            (
                "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Mẫu số 02", LEGAL[day], "Hồ sơ của:",
                "Nội dung yêu cầu giải quyết:", "Địa chỉ:", "Số điện thoại:", "Email:",
                "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:", "Giấy chứng sinh", "Lý do:",
                "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc", "để được hướng dẫn./.", "NGƯỜI HƯỚNG DẪN",
            ),
        )
        for day in (OLD, NEW)
    ),
    *(
        (
            "tu-choi", samples.refusal, day, "03",
            (
                "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "Mẫu số 03", LEGAL[day],
                "Bộ phận (Trung tâm) Tiếp nhận và Trả kết quả:", "Tiếp nhận hồ sơ của:", "Địa chỉ:", "Số điện thoại:",
                "Email:", "Nội dung yêu cầu giải quyết:", "Qua xem xét,", "thông báo không tiếp nhận, giải quyết hồ sơ này",
                "Xin thông báo cho Ông/Bà được biết và thực hiện./.", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ",
            ),
        )
        for day in (OLD, NEW)
    ),
    *(
        (
            "xin-loi", apology, day, "04",
            (
                title, "Mẫu số 04", LEGAL[day], "Kính gửi: Ông/Bà", "đã tiếp nhận hồ sơ của Ông/Bà vào", "mã hồ sơ:",
                "Thời gian hẹn trả kết quả là", "Tuy nhiên đến nay,", "chân thành xin lỗi",
                "Rất mong nhận được sự thông cảm", "Hồ sơ của Ông/Bà được trả kết quả vào", "Nơi nhận:", "- Như trên;",
                "Phạm Quốc Hùng",
            ),
        )
        for day, title in (
            (OLD, "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"),
            (NEW, "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"),
        )
    ),
    (
        "dung", samples.stop, NEW, "05",
        (
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Mẫu số 05", LEGAL[NEW], "Kính gửi:", "mã hồ sơ:", "Người đề nghị dừng:",
            "Giai đoạn xử lý khi đề nghị:", "Lý do:", "Sau khi xem xét đề nghị,", "Phí, lệ phí:", "Nơi nhận:",
        ),
    ),
    *(
        (
            "kiem-soat", samples.control_sheet, day, number,
            (
                "Quyển số: 01, Số thứ tự: 07", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", f"Mẫu số {number}", LEGAL[day],
                "Kèm theo hồ sơ của:", "Mã hồ sơ:", "Ngày nhận:", "Ngày, giờ hẹn trả kết quả:",
                "Cơ quan (bộ phận) giải quyết hồ sơ:", "Cơ quan phối hợp giải quyết hồ sơ:", "TÊN CƠ QUAN",
                "THỜI GIAN GIAO, NHẬN HỒ SƠ", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ", "GHI CHÚ", "1. Giao:", "2. Nhận:", "Người giao",
                "Người nhận", "- Trường hợp hồ sơ được chuyển qua dịch vụ bưu chính công ích",
                "- Kết quả giải quyết hồ sơ do bên nhận nhập thông tin/ghi khi nhận bàn giao hồ sơ.",
                "- Trường hợp Hệ thống thông tin một cửa điện tử chưa vận hành",
            ),
        )
        for day, number in ((OLD, "05"), (NEW, "06"))
    ),
]  # fmt: skip


def made(slip: SlipContext, **options: Any) -> PdfReader:
    layout = {"layout": "a4"} if slip.form.size == "a4" else {}
    html = render_html(snapshot(slip), copies=1, **(layout | options))
    return PdfReader(io.BytesIO(pdf.render(html, stylesheets=(slip_stylesheet(),))))


def said(reader: PdfReader) -> str:
    """The text as it is drawn; words that a line breaks at a hyphen or comma stand together."""
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    return re.sub(r"(?<=TT-) (?=VPCP)", "", text)


@pytest.mark.parametrize(
    ("slug", "sample", "day", "number", "fields"),
    FORMS,
    ids=[f"{slug}-{day.year}" for slug, _, day, *_ in FORMS],
)
def test_the_fields_stand_in_the_order_of_the_form(
    slug: str, sample: Made, day: date, number: str, fields: tuple[str, ...]
) -> None:
    slip = sample(day)
    assert (slip.slug, slip.form.number) == (slug, number)
    text, place = said(made(slip)), 0
    for field in (*NATION, *fields):
        found = text.find(field, place)
        assert found >= 0, f"{field!r} is missing after {text[max(0, place - 80) : place]!r}"
        place = found + len(field)


HEAD = re.compile(
    "CỘNG HÒA|ỦY BAN NHÂN DÂN|BỘ PHẬN TIẾP|VÀ TRẢ KẾT QUẢ|TRUNG TÂM|HÀNH CHÍNH CÔNG|XÃ |TỈNH |PHƯỜNG ", re.IGNORECASE
)  # fmt: skip
# Of all that is printed only the names in the head may be smaller.
SMALLEST = 9


def letters(reader: PdfReader) -> list[tuple[float, str]]:
    """Each run of letters with its height in points."""
    found: list[tuple[float, str]] = []

    def look(text: str, matrix: list[float], own: list[float], _font: Any, size: float) -> None:
        if text.strip():
            found.append((round(abs(size * own[3] * matrix[3]), 2), text.strip()))

    for page in reader.pages:
        page.extract_text(visitor_text=look)
    return found


@pytest.mark.parametrize("slip", samples.everything(), ids=lambda slip: slip.slug)
def test_nothing_is_printed_below_nine_points(slip: SlipContext) -> None:
    """But the names in the head, which stand in capitals."""
    small = [
        (size, text)
        for size, text in letters(made(slip))
        if size < SMALLEST and not (size >= 7 and text.upper() == text)
    ]
    assert small == []


@pytest.mark.parametrize("papers", [13, 17, 18, 19, 20, 24, 32, 40])
def test_the_signatures_never_stand_on_a_second_page_alone(papers: int) -> None:
    """Form 01: what is promised goes with them."""
    lines = tuple(
        PaperLine(name=f"Giấy tờ thứ {i} của thủ tục", originals=1) for i in range(papers)
    )
    pages = made(replace(samples.receipt(0), papers=lines)).pages
    last = " ".join(pages[-1].extract_text().split())
    for words in ("2. Số lượng hồ sơ", "5. Thời gian trả kết quả", "NGƯỜI NỘP HỒ SƠ", "Ghi chú:"):
        assert words in last
