"""A fee is read when text and note agree; else the clerk enters it with a reason."""

import pytest

from procedures.reading import read_fee


@pytest.mark.parametrize(
    ("text", "note", "amount", "per"),
    [
        ("Miễn phí", "", 0, ""),
        ("Miễn phí", "05 ngày làm việc kể từ ngày nhận", 0, ""),
        ("Miễn phí", "(Miễn lệ phí. Phí cấp bản sao theo mức thu riêng)", 0, ""),
        ("Miễn phí", "(Không thu lệ phí đăng ký)", 0, ""),
        ("70,000 VNĐ", "(70.000 đồng/Giấy chứng nhận.)", 70_000, "Giấy chứng nhận"),
        ("50,000 Việt Nam Đồng", "(/văn bản)", 50_000, "văn bản"),
        ("100,000 VNĐ", "", 100_000, ""),
    ],
)
def test_clear_fees_are_read(text: str, note: str, amount: int, per: str) -> None:
    fee = read_fee(text, note=note)
    assert (fee.amount, fee.per) == (amount, per)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("20 VNĐ", "(20.000 vnđ /tờ khai)"),
        ("700 VNĐ", ""),
        ("10 USD", ""),
        ("Không có thông tin", ""),
        ("", ""),
        ("50,000 Việt Nam Đồng", "(nộp trực tuyến 25.000 đồng)"),
        ("2,000 Việt Nam Đồng", "(2.000 đồng/trang; từ trang thứ 3 thu 1.000 đồng/trang)"),
        ("Miễn phí", "(Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định.)"),
        ("Miễn phí", "(từ 20.000 đồng đối với hàng xuất khẩu)"),
    ],
)
def test_doubtful_fees_are_not(text: str, note: str) -> None:
    fee = read_fee(text, note=note)
    assert fee.amount is None
    assert fee.reason
