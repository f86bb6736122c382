"""Slips of one made-up office, one of each kind."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from dossiers.slips import form_on
from dossiers.slips.contexts import (
    Apology,
    ControlSheet,
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
    SlipContext,
    StopNotice,
    SupplementRequest,
    WantedLine,
)
from dossiers.slips.lines import CertifiedLine, HandOverLine

VN = timezone(timedelta(hours=7))
NEW = date(2026, 11, 20)
OLD = date(2025, 6, 30)
CODE = "H26.12.03-261120-0042"
URL = f"http://testserver/tra-cuu/{CODE}/?k=3K7QM8XW4DAS0EE1WYDD9Z35GH"
OWNER = Person(
    name="Trần Văn Bình",
    address="Thôn 3, xã Hòa Bình",
    phone="0912 345 678",
    email="binh@example.vn",
    identity="022090001234",
)
RECIPIENTS = (
    "Như trên;",
    "Ủy ban nhân dân tỉnh Hạ Long (để b/c);",
    "Bộ phận Tiếp nhận và Trả kết quả (để trả kết quả);",
    "Lưu: VT, Phòng Kinh tế.",
)


def at(day: int, hour: int = 9, minute: int = 5) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VN)


def common(slug: str, day: date = NEW) -> dict[str, Any]:
    return {
        "slug": slug,
        "number": 123,
        "made_at": datetime(day.year, day.month, day.day, 14, 3, tzinfo=VN),
        "form": FormFacts.of(form_on(slug, day)),
        "office": Office(
            agency="Ủy ban nhân dân xã Hòa Bình", place="Hòa Bình", phone="0203 3 456 789"
        ),
        "officer": "Nguyễn Thị Hoa",
        "code": CODE,
    }


def of_the_office(values: dict[str, Any]) -> dict[str, Any]:
    """The head of what the agency itself signs."""
    return values | {"office": replace(values["office"], desk=values["office"].agency)}


def receipt(papers: int = 5, day: date = NEW, **changes: Any) -> Receipt:
    lines = tuple(
        PaperLine(
            name=f"Giấy tờ thứ {i} theo quy định của pháp luật về hộ tịch",
            originals=1,
            copies=i % 3,
        )
        for i in range(papers)
    )
    values: dict[str, Any] = {
        "owner": OWNER,
        "content": "Đăng ký khai sinh",
        "received_at": at(20, 14, 0),
        "term": "5 ngày làm việc",
        "promised_at": at(30, 17, 0),
        "papers": lines,
        "result_at": "Bộ phận Tiếp nhận và Trả kết quả",
        "fee": "8.000 đồng",
        "volume": 1,
        "register_number": 1204,
    }
    return Receipt(**common("tiep-nhan", day), **(values | changes))


def certified_receipt() -> Receipt:
    lines = (
        CertifiedLine(name="Thẻ căn cước", pages=1, copies=3, fee=6000),
        CertifiedLine(name="Bằng tốt nghiệp", pages=2, copies=5, fee=20000),
    )
    return receipt(
        0, certified=lines, term="trong ngày", received_at=at(20, 15, 20), promised_at=at(23, 17, 0)
    )


def supplement(day: date = NEW) -> SupplementRequest:
    return SupplementRequest(
        **common("bo-sung", day),
        owner=OWNER,
        content="Đăng ký khai sinh",
        items=(
            WantedLine(name="Giấy chứng sinh", note="thiếu bản chính"),
            WantedLine(name="Nội dung kê khai", note="Họ tên người làm chứng"),
        ),
        reason="Giấy chứng sinh nộp kèm là bản sao.",
        contact="Nguyễn Thị Hoa",
        contact_phone="0203 3 456 789",
    )


def refusal(day: date = NEW) -> Refusal:
    return Refusal(
        **common("tu-choi", day),
        owner=OWNER,
        content="Đăng ký khai sinh",
        reason="Không thuộc thẩm quyền.\nNộp tại nơi cư trú.",
    )


def apology(day: date = NEW) -> Apology:
    return Apology(
        **of_the_office(common("xin-loi", day)),
        owner=OWNER,
        content="cấp giấy phép xây dựng",
        received_at=at(2, 8, 15),
        promised_at=at(20, 17, 0),
        reason="chưa có ý kiến của cơ quan phối hợp.",
        new_promise_at=at(27, 17, 0),
        received_by="Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình",
        signer="Phạm Quốc Hùng",
        capacity=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        recipients=RECIPIENTS,
    )


def stop(day: date = NEW) -> StopNotice:
    return StopNotice(
        **of_the_office(common("dung", day)),
        owner=OWNER,
        content="cấp giấy phép xây dựng",
        received_at=at(2, 8, 15),
        requested_by="Trần Văn Bình",
        requested_at=at(10),
        reason="Chủ hồ sơ thay đổi thiết kế.",
        stage="Thẩm định",
        decision="12/QĐ-UBND ngày 20 tháng 11 năm 2026",
        fee_consequence="Chưa thu.",
        received_by="Bộ phận Tiếp nhận và Trả kết quả của Ủy ban nhân dân xã Hòa Bình",
        signer="Lê Thị Mai",
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=RECIPIENTS,
    )


def control_sheet(day: date = NEW, rounds: int = 1) -> ControlSheet:
    desk = "Bộ phận TN&TKQ"
    way = [
        (desk, "Phòng Tư pháp", "Trước hạn"),
        ("Phòng Tư pháp", "Lãnh đạo", "Đúng hạn"),
        ("Lãnh đạo", desk, "Quá hạn"),
    ]
    blocks = tuple(
        HandOverBlock(
            giver_unit=giver,
            receiver_unit=receiver,
            given_at=at(20 + i, 15, i),
            giver="Hoa",
            receiver="Minh",
            confirmed_at=at(20 + i, 16),
            outcome=outcome,
        )
        for i, (giver, receiver, outcome) in enumerate(way * rounds)
    )
    return ControlSheet(
        **common("kiem-soat", day),
        owner=OWNER,
        received_at=at(20, 14, 0),
        promised_at=at(30, 17, 0),
        handler="Phòng Tư pháp",
        blocks=blocks,
        volume=1,
        register_number=7,
    )


def hand_over_list(slug: str = "ban-giao", lines: int = 3) -> HandOverList:
    rows = tuple(
        HandOverLine(
            code=CODE,
            content="Đăng ký khai sinh",
            owner=f"Người {i}",
            received_at=at(20),
            promised_at=at(30, 17, 0),
        )
        for i in range(lines)
    )
    return HandOverList(
        **common(slug) | {"code": ""},
        giver_unit="Bộ phận TN&TKQ",
        receiver_unit="Phòng Tư pháp",
        given_at=at(20, 15, 30),
        giver="Hoa",
        lines=rows,
    )


def paper_pack() -> PaperPack:
    codes = tuple(f"H99.1-………………-{number}" for number in range(9_001, 9_021))
    return PaperPack(**common("goi-giay") | {"code": ""}, codes=codes, lines=hand_over_list().lines)


def envelope_receipt() -> EnvelopeReceipt:
    return EnvelopeReceipt(
        **common("tiep-nhan-tap-the") | {"code": ""},
        submitter=Person(name="Lý Văn Sơn", identity="012345678901", phone="0912 345 678"),
        authorisation="Trưởng thôn Nà Lốc, danh sách có chữ ký các hộ",
        content="Đăng ký khai sinh",
        received_at=at(20),
        term="5 ngày làm việc",
        papers=("Tờ khai",),
        lines=hand_over_list().lines,
        result_at="Bộ phận Tiếp nhận và Trả kết quả",
        fee="Miễn phí",
    )


def everything() -> list[SlipContext]:
    from tests.dossiers import own

    return [
        receipt(), certified_receipt(), supplement(), refusal(), apology(), stop(), control_sheet(), hand_over_list(),
        hand_over_list("ban-giao-ket-qua"), paper_pack(), envelope_receipt(), *(module.sample() for module in own.printing()),
    ]  # fmt: skip


def snapshot(slip: SlipContext, *, url: str = URL) -> dict[str, Any]:
    """As dossiers.slips.issuing does it: the stored JSON with the look-up address put in."""
    import json

    return {**json.loads(json.dumps(slip.to_dict())), "lookup_url": url}
