"""The slips of docs/slips: one of each kind as an office would make it. Everything is invented and
fixed: the pictures follow from here.

`make pictures` draws them (tools/pictures.py); tests/dossiers/slips/test_pictures.py finds one that
was not drawn again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from dossiers.slips import form_on, render_html, slip_stylesheet
from dossiers.slips.contexts import (
    Apology,
    ControlSheet,
    EarlierRequest,
    EnvelopeReceipt,
    FormFacts,
    HandOverBlock,
    HandOverList,
    Office,
    PaperLine,
    PaperPack,
    Person,
    Receipt,
    Refusal,
    Signer,
    SlipContext,
    StopNotice,
    SupplementRequest,
    WantedLine,
)
from dossiers.slips.lines import Appointment, HandOverLine

VN = timezone(timedelta(hours=7))
CODE, LAND_CODE = "H37.05986-261123-0007", "H37.01-261102-0031"
SECRET = "3K7QM8XW4DAS0EE1WYDD9Z35GH"
COMMITTEE = "Ủy ban nhân dân phường Tam Thanh"
CENTRE = "Trung tâm Phục vụ hành chính công phường Tam Thanh"
PHONE = "0205 0000 986"
COUNTER = Office(
    agency=COMMITTEE,
    place="Tam Thanh",
    desk=CENTRE,
    address="Số 12 đường Tam Thanh, tỉnh Lạng Sơn",
    phone=PHONE,
)
OFFICE = Office(agency=COMMITTEE, place="Tam Thanh", desk=COMMITTEE)
DEPARTMENT = Office(
    agency="Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn",
    place="Lạng Sơn",
    desk="Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn",
    superior="Ủy ban nhân dân tỉnh Lạng Sơn",
)
WOMAN = Person(
    name="Nguyễn Thị Thùy Dung",
    address="Số 27, Khối 5, phường Tam Thanh, tỉnh Lạng Sơn",
    phone="0912 345 678",
    identity="020187000123",
)
COMPANY = Person(
    name="Công ty TNHH Bình Minh", address="Số 8 đường Lê Lợi, phường Lương Văn Tri, tỉnh Lạng Sơn", phone="0205 3 812 345",
    identity="4900000012", identity_label="Mã số thuế/Mã số doanh nghiệp", addressed="Quý Công ty",
)  # fmt: skip
BIRTH = "Thủ tục đăng ký khai sinh"
FEW = (
    PaperLine(name="Tờ khai đăng ký khai sinh", originals=1),
    PaperLine(name="Giấy chứng sinh", originals=1),
    PaperLine(name="Giấy chứng nhận kết hôn", certified=1),
    PaperLine(name="Thẻ căn cước của cha, mẹ", copies=2),
)
LONG = (
    PaperLine(
        name="Giấy chứng sinh; trường hợp không có Giấy chứng sinh thì nộp văn bản của người làm chứng xác nhận về việc sinh; nếu không có "
        "người làm chứng thì phải có giấy cam đoan về việc sinh",
        originals=1,
    ),
    PaperLine(name="Giấy tờ có giá trị chứng minh thông tin về cư trú trong trường hợp cơ quan đăng ký hộ tịch không thể khai thác được", copies=1),
    PaperLine(
        name="Hộ chiếu/Thẻ căn cước công dân/Thẻ căn cước/Căn cước điện tử hoặc các giấy tờ khác có dán ảnh và thông tin cá nhân do cơ quan có "
        "thẩm quyền cấp, còn giá trị sử dụng để chứng minh về nhân thân",
        originals=1,
    ),
    PaperLine(name="Tờ khai đăng ký khai sinh theo mẫu (nếu người yêu cầu lựa chọn nộp hồ sơ theo hình thức trực tiếp)", originals=1),
    PaperLine(name="Giấy chứng nhận kết hôn của cha, mẹ", certified=1),
)  # fmt: skip


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VN)


def about(slug: str, office: Office, made_at: datetime, number: int, **more: Any) -> dict[str, Any]:
    form = FormFacts.of(form_on(slug, made_at.date()))
    values = {
        "slug": slug,
        "number": number,
        "made_at": made_at,
        "form": form,
        "office": office,
        "officer": "Hoàng Thị Bích Liên",
        "code": CODE,
    }
    return values | more


def receipt(papers: tuple[PaperLine, ...], **changes: Any) -> Receipt:
    values: dict[str, Any] = {
        "owner": WOMAN, "content": BIRTH, "received_at": at(23), "term": "7 ngày làm việc", "promised_at": at(3, 17, 0, 12), "papers": papers,
        "result_at": f"{CENTRE}, Số 12 đường Tam Thanh", "fee": "50.000 đồng", "volume": 1, "register_number": 1284,
    }  # fmt: skip
    return Receipt(**about("tiep-nhan", COUNTER, at(23), 128), **(values | changes))


def request() -> SupplementRequest:
    return SupplementRequest(
        **about("bo-sung", COUNTER, at(24, 10), 31),
        owner=WOMAN,
        content=BIRTH,
        items=(
            WantedLine(name="Giấy chứng sinh", note="thiếu bản chính"),
            WantedLine(name="Nội dung kê khai", note="Tờ khai chưa ghi ngày sinh của mẹ"),
        ),
        reason="Giấy chứng sinh nộp kèm là bản sao, không đọc được.",
        contact="Hoàng Thị Bích Liên",
        contact_phone=PHONE,
        respond_by=at(8, 17, 0, 12),
    )


def both_appointments() -> Receipt:
    anew = receipt(
        FEW,
        promised_at=at(10, 17, 0, 12),
        first=Appointment(
            what="Có mặt khi đo đạc, kiểm tra thực địa",
            meet_at=at(27, 8, 30),
            place="Thửa đất số 118, tờ bản đồ số 27, khối 5, phường Tam Thanh, cạnh nhà văn hóa của khối; mang theo sơ đồ",
        ),
        replaces="Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 128/TNHS ngày 23 tháng 11 năm 2026",
    )
    return replace(anew, number=133, made_at=at(25, 10))


def second_request() -> SupplementRequest:
    """Once more, with the approver's yes: what was asked for before stands in full (R-44, R-50)."""
    first = request()
    return replace(
        first,
        number=40,
        made_at=at(1, 9, 0, 12),
        items=(WantedLine(name="Giấy chứng nhận kết hôn", note="bản sao chứng thực đã quá cũ"),),
        reason="Cơ quan đăng ký nơi kết hôn báo đã cấp lại bản chính.",
        respond_by=at(15, 17, 0, 12),
        earlier=(
            EarlierRequest(
                asked_at=first.made_at,
                items=first.items,
                reason=first.reason,
                completed_at=at(27, 14, 20),
            ),
        ),
    )


def guidance() -> SupplementRequest:
    return SupplementRequest(
        **about("bo-sung", COUNTER, at(24, 8, 30), 30, code=""),
        owner=WOMAN,
        content=BIRTH,
        items=(WantedLine(name="Giấy chứng nhận kết hôn", note="thiếu 01 bản sao chứng thực"),),
        reason="Chưa đủ thành phần hồ sơ.",
        contact="Hoàng Thị Bích Liên",
        contact_phone=PHONE,
    )


def refused_at_counter() -> Refusal:
    values = about("tu-choi", COUNTER, at(24, 9, 15), 4, code="")
    return Refusal(
        **values,
        owner=WOMAN,
        content=BIRTH,
        reason="Không thuộc thẩm quyền giải quyết. Đề nghị nộp tại xã Đồng Đăng, nơi cư trú của mẹ.",
    )


def refused_after_appraisal() -> Refusal:
    values = about("tu-choi", OFFICE, at(27, 15), 5)
    values["form"] = FormFacts(
        title="PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ", number="03", legal=values["form"].legal
    )
    signed = Signer(name="Nguyễn Hữu Phúc", capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))
    return Refusal(
        **values,
        owner=WOMAN,
        content=BIRTH,
        reason="Thông tin trong Giấy chứng sinh không đúng với hồ sơ của bệnh viện.",
        signed=signed,
    )


def _recipients(room: str) -> tuple[str, ...]:
    centre = "Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn"
    return (
        "Như trên;",
        "Ủy ban nhân dân tỉnh Lạng Sơn (để b/c);",
        f"{centre} (để trả kết quả);",
        f"Lưu: VT, {room}.",
    )


def apology() -> Apology:
    return Apology(
        **about("xin-loi", DEPARTMENT, at(23, 14), 2, code=LAND_CODE),
        owner=COMPANY,
        content="Thủ tục gia hạn sử dụng đất khi hết thời hạn sử dụng đất",
        received_at=at(2, 8, 15),
        promised_at=at(27, 17),
        new_promise_at=at(4, 17, 0, 12),
        reason="Chưa có ý kiến của cơ quan thuế.",
        unit=DEPARTMENT.agency,
        result_at="Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn, Phố Dã Tượng, phường Lương Văn Tri",
        received_by="Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn",
        signer="Nguyễn Trọng Nghĩa",
        capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        recipients=_recipients("Phòng Quản lý đất đai"),
        late=False,
    )


def stop() -> StopNotice:
    return StopNotice(
        **about("dung", OFFICE, at(25, 14), 1),
        owner=WOMAN,
        content=BIRTH,
        received_at=at(23),
        requested_by="Nguyễn Thị Thùy Dung",
        requested_at=at(25, 8),
        reason="Người nộp hồ sơ đề nghị dừng để nộp tại nơi cư trú mới.",
        stage="Thẩm định hồ sơ",
        decision="12/QĐ-UBND ngày 25 tháng 11 năm 2026",
        fee_consequence="Hoàn trả 50.000 đồng đã thu.",
        received_by=CENTRE,
        signer="Nguyễn Hữu Phúc",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=(
            "Như trên;",
            "Ủy ban nhân dân tỉnh Lạng Sơn (để b/c);",
            f"{CENTRE} (để trả kết quả);",
            "Lưu: VT, Văn phòng HĐND và UBND.",
        ),
    )


def control_sheet() -> ControlSheet:
    clerk, worker, leader = (
        "Hoàng Thị Bích Liên (công chức tiếp nhận)",
        "Nông Văn Thắng (chuyên viên)",
        "Nguyễn Hữu Phúc (Chủ tịch UBND phường)",
    )
    room = "Văn phòng HĐND và UBND"
    rounds = (
        (CENTRE, room, at(23, 14, 30), clerk, worker, at(23, 15, 10), "Đúng hạn"),
        (room, "Lãnh đạo", at(27, 9), worker, leader, at(27, 9, 20), "Trước hạn"),
        ("Lãnh đạo", CENTRE, at(30, 10), leader, clerk, at(30, 10, 15), "Đúng hạn"),
    )
    blocks = tuple(
        HandOverBlock(
            giver_unit=a,
            receiver_unit=b,
            given_at=given,
            giver=one,
            receiver=other,
            confirmed_at=taken,
            outcome=said,
        )
        for a, b, given, one, other, taken, said in rounds
    )
    return ControlSheet(
        **about("kiem-soat", COUNTER, at(30, 11), 9),
        owner=WOMAN,
        content=BIRTH,
        received_at=at(23),
        promised_at=at(3, 17, 0, 12),
        handler=COMMITTEE,
        blocks=blocks,
        volume=1,
        register_number=1284,
    )


def hand_over_list() -> HandOverList:
    people = ("Nguyễn Thị Thùy Dung", "Lương Văn Hòa", "Hoàng Thị Nguyệt")
    names = (
        BIRTH,
        "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
        "Thủ tục đăng ký nhận cha, mẹ, con",
    )
    lines = tuple(
        HandOverLine(
            code=f"H37.05986-261123-{7 + i:04d}", content=name, owner=person, received_at=at(23, 9 + i), promised_at=at(3, 17, 0, 12),
            papers="3 loại (2 bản chính, 1 bản sao)",
        )
        for i, (name, person) in enumerate(zip(names, people, strict=True))
    )  # fmt: skip
    return HandOverList(
        **about("ban-giao", COUNTER, at(23, 14, 30), 45, code=""),
        giver_unit=CENTRE,
        receiver_unit="Văn phòng HĐND và UBND",
        given_at=at(23, 14, 30),
        giver="Hoàng Thị Bích Liên",
        receiver="Nông Văn Thắng",
        lines=lines,
    )


def paper_pack() -> PaperPack:
    codes = tuple(f"H37.05986-………………-{number}" for number in range(9_001, 9_021))
    rows = tuple(replace(line, note="Nông Văn Thắng") for line in hand_over_list().lines)
    return PaperPack(
        **about("goi-giay", COUNTER, at(23, 7, 30), 3, code=""), codes=codes, lines=rows
    )


def envelope_receipt() -> EnvelopeReceipt:
    rows = tuple(
        replace(line, note="001087000123", content=f"Q.01, số {number}")
        for number, line in enumerate(hand_over_list().lines, start=1284)
    )
    return EnvelopeReceipt(
        **about("tiep-nhan-tap-the", COUNTER, at(23, 9), 2, code=""),
        submitter=Person(name="Lý Văn Sơn", identity="020075001234", phone="0912 345 678"),
        authorisation="Khối trưởng khối 5, danh sách có chữ ký các hộ ngày 20/11/2026",
        content=BIRTH,
        received_at=at(23, 9),
        term="5 ngày làm việc",
        papers=("Tờ khai đăng ký khai sinh", "Giấy chứng sinh"),
        lines=rows,
        result_at=CENTRE,
        fee="Miễn phí",
        replaces="Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 1 ngày 23 tháng 11 năm 2026",
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One document of docs/slips: what its pictures are called, what they show, how it is printed."""

    name: str
    title: str
    slip: SlipContext
    copies: int = 1
    layout: str = "a5"

    @property
    def html(self) -> str:
        url = ""
        if self.slip.code:
            url = f"http://127.0.0.1:8000/tra-cuu/{self.slip.code}/?k={SECRET}"
        elif isinstance(self.slip, EnvelopeReceipt):
            url = "http://127.0.0.1:8000/tra-cuu/"
        return render_html(
            {**self.slip.to_dict(), "lookup_url": url}, copies=self.copies, layout=self.layout
        )

    @property
    def made_from(self) -> str:
        """What the pictures follow from: the page and its style sheet."""
        return hashlib.sha256(
            (self.html + slip_stylesheet().read_text("utf-8")).encode()
        ).hexdigest()


def of_2018(slip: SlipContext) -> SlipContext:
    """The same two years before, on the form that was in force then (R-18)."""
    said = json.dumps(slip.to_dict()).replace("2026", "2024").replace("-26", "-24")
    form = FormFacts.of(form_on(slip.slug, date(2024, 11, 23)))
    return replace(type(slip).from_dict(json.loads(said)), form=form)


def everything() -> list[Shown]:
    from tests.dossiers import own

    many = tuple(
        PaperLine(
            name=f"Giấy tờ thứ {i} theo danh mục đã công bố của thủ tục", originals=1, copies=i % 2
        )
        for i in range(1, 33)
    )
    return [
        Shown("mau-01-a5", "Mẫu 01, A5", receipt(FEW)),
        Shown("mau-01-a5-nhieu-giay-to", "Mẫu 01, A5, hai trang khi nhiều giấy tờ", receipt(many)),
        Shown("mau-01-hai-lien-a4", "Mẫu 01, hai liên trên tờ A4", receipt(LONG), 2, "a4x2"),
        Shown(
            "mau-01-sau-bo-sung",
            "Mẫu 01, lập lại khi nhận đủ giấy tờ bổ sung",
            receipt(
                FEW,
                completed_at=at(27),
                promised_at=at(8, 17, 0, 12),
                replaces="Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 128/TNHS ngày 23 tháng 11 năm 2026",
            ),
        ),
        Shown("mau-01-hai-lan-hen", "Mẫu 01, lập lại với cả hai lần hẹn", both_appointments()),
        Shown("mau-02-yeu-cau-bo-sung", "Mẫu 02, sau khi tiếp nhận", request()),
        Shown("mau-02-lan-hai", "Mẫu 02, có các lần yêu cầu trước", second_request()),
        Shown(
            "mau-02-huong-dan-tai-quay", "Mẫu 02, hướng dẫn tại quầy, chưa có mã hồ sơ", guidance()
        ),
        Shown("mau-03-tu-choi-tiep-nhan", "Mẫu 03, từ chối tiếp nhận", refused_at_counter()),
        Shown(
            "mau-03-tu-choi-giai-quyet",
            "Mẫu 03, từ chối giải quyết sau thẩm định",
            refused_after_appraisal(),
        ),
        Shown("mau-04-xin-loi", "Mẫu 04, xin lỗi và đề nghị gia hạn, A4", apology(), 1, "a4"),
        Shown("mau-05-dung-giai-quyet", "Mẫu 05, thông báo dừng, A4", stop(), 1, "a4"),
        Shown("mau-06-phieu-kiem-soat", "Mẫu 06, phiếu kiểm soát", control_sheet()),
        Shown("bo-2018-mau-01", "Bộ mẫu 2018, mẫu 01", of_2018(receipt(FEW))),
        Shown("bo-2018-mau-02", "Bộ mẫu 2018, mẫu 02", of_2018(request())),
        Shown("bo-2018-mau-03", "Bộ mẫu 2018, mẫu 03", of_2018(refused_at_counter())),
        Shown("bo-2018-mau-04", "Bộ mẫu 2018, mẫu 04, phiếu xin lỗi A5", of_2018(apology())),
        Shown("bo-2018-mau-05", "Bộ mẫu 2018, mẫu 05, phiếu kiểm soát", of_2018(control_sheet())),
        Shown("nop-tap-the", "Giấy tiếp nhận của nhiều hồ sơ, A4", envelope_receipt(), 1, "a4"),
        Shown("ngay-giay", "Gói biểu mẫu ngày giấy, A4", paper_pack(), 1, "a4"),
        Shown("phieu-ban-giao", "Phiếu bàn giao hồ sơ, A4", hand_over_list(), 1, "a4"),
        *(shown for module in own.printing() for shown in module.pictures()),
    ]
