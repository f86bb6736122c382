"""The form sets as data: number, title, legal line and size, each with the days it is in force
(R-18, R-20, R-90).

The register (sổ theo dõi hồ sơ) is a list of the reports, with its numbers and days there. A new
circular is a new row here; templates only read what stands in the snapshot. What has no
official form gets its title from the act that prints it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dossiers import registry
from dossiers.slips.words import day_words

Size = Literal["a5", "a4"]


@dataclass(frozen=True, slots=True)
class Circular:
    """What a form set is issued with. `issued` None: the day is not known here; it is printed as a
    blank until it is entered.
    """

    number: str
    year: int
    issued: date | None = None
    by: str = "Văn phòng Chính phủ"

    @property
    def line(self) -> str:
        day = day_words(self.issued) if self.issued else f"ngày … tháng … năm {self.year}"
        return f"Ban hành kèm theo Thông tư số {self.number} {day} của {self.by}"


TT_2018 = Circular("01/2018/TT-VPCP", 2018, date(2018, 11, 23)).line
TT_2025 = Circular("03/2025/TT-VPCP", 2025).line
LAST_DAY_OF_2018_SET = date(2025, 6, 30)
FIRST_DAY_OF_2025_SET = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one set. `number` is empty for slips without an official form; `serial` is how
    its number is written.
    """

    slug: str
    title: str
    number: str = ""
    legal: str = ""
    size: Size = "a5"
    serial: str = "{n}"
    identity_label: str = "Số căn cước/Hộ chiếu"
    since: date = date.min
    until: date = date.max


def _set_2018(slug: str, number: str, title: str, serial: str = "{n}", size: Size = "a5") -> Form:
    identity = "Số CMND/Thẻ căn cước/Hộ chiếu"
    return Form(
        slug,
        title,
        number,
        TT_2018,
        size,
        serial,
        identity_label=identity,
        until=LAST_DAY_OF_2018_SET,
    )


def _set_2025(slug: str, number: str, title: str, serial: str = "{n}", size: Size = "a5") -> Form:
    return Form(slug, title, number, TT_2025, size, serial, since=FIRST_DAY_OF_2025_SET)


FORMS: tuple[Form, ...] = (
    _set_2018("tiep-nhan", "01", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "{n}/TNHS"),
    _set_2018("bo-sung", "02", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "{n}/HDHS"),
    _set_2018("tu-choi", "03", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"),
    _set_2018("xin-loi", "04", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "{n}/PXL"),
    _set_2018("kiem-soat", "05", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"),
    _set_2025("tiep-nhan", "01", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "{n}/TNHS"),
    _set_2025("bo-sung", "02", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "{n}/HDHS"),
    _set_2025("tu-choi", "03", "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ"),
    _set_2025(
        "xin-loi", "04", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", size="a4"
    ),
    _set_2025("dung", "05", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", size="a4"),
    _set_2025("kiem-soat", "06", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"),
    # The 2018 set had no notice of stopping; the slips below have no official form in any set.
    Form("dung", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", size="a4", until=LAST_DAY_OF_2018_SET),
    Form("thu-xin-loi", "THƯ XIN LỖI", size="a4"),
    Form("ban-giao", "PHIẾU BÀN GIAO HỒ SƠ", size="a4"),
    Form("tiep-nhan-tap-the", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", size="a4"),
    Form("goi-giay", "BIỂU MẪU TIẾP NHẬN TRÊN GIẤY", size="a4"),
    Form("ban-giao-ket-qua", "PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH", size="a4"),
)


def forms_of(slug: str) -> list[Form]:
    """Every form a slip has had: those of the sets, else the one with the title its act gives it."""
    own = registry.slip_kinds().get(slug)
    if own is not None and own.title:
        return [Form(slug, own.title, size=own.size)]
    return [form for form in FORMS if form.slug == slug]


def form_on(slug: str, day: date) -> Form:
    """The form in force on the day of the act. Errors: KeyError for a slug without a form on that
    day.
    """
    for form in forms_of(slug):
        if form.since <= day <= form.until:
            return form
    raise KeyError(f"{slug} {day:%Y-%m-%d}")
