"""What was taken between two days as a workbook: by procedure, by book of receipts, in all, and who
paid less.
"""

from __future__ import annotations

from typing import IO

from django.utils import timezone

from dossiers.desk.money import Settlement
from onestop.accounts.models import Agency
from onestop.workbook import Sheet, book_into


def workbook(into: IO[bytes], agency: Agency, found: Settlement) -> None:
    """Five sheets, amounts as numbers in đồng."""
    title = f"Quyết toán phí, lệ phí {found.first:%d/%m/%Y} – {found.last:%d/%m/%Y}"
    book = book_into(into, title)
    sheet = Sheet(book, "Theo thủ tục")
    sheet.widths(6, 16, 60, 12, 16, 16, 16)
    sheet.line(f"{agency.name}. {title}")
    sheet.heads("STT", "Mã thủ tục", "Thủ tục", "Số biên lai", "Phí", "Lệ phí", "Cộng")
    for number, line in enumerate(found.lines, start=1):
        sheet.line(number, line.code, line.name, line.receipts, line.fee, line.charge, line.amount)
    sheet.line("", "", "Tổng cộng", found.receipts, found.fee, found.charge, found.taken)
    sheet = Sheet(book, "Biên lai")
    sheet.widths(14, 14, 22, 12, 12, 12, 12, 12, 12, 12)
    sheet.heads(
        "Ký hiệu mẫu", "Ký hiệu", "Hình thức", "Đã dùng", "Từ số", "Đến số", "Hủy", "Hỏng", "Mất", "Còn lại hôm nay",
    )  # fmt: skip
    for one in found.books:
        sheet.line(
            one.book.form_symbol, one.book.symbol, one.book.get_kind_display(), one.used, one.first,
            one.last, one.void, one.spoiled, one.lost, one.book.left,
        )  # fmt: skip
    sheet = Sheet(book, "Tổng hợp")
    sheet.widths(40, 18)
    for words, amount in (
        ("Đã thu", found.taken), *found.ways, ("Hủy biên lai", found.voided),
        ("Hoàn tiền", found.refunded), ("Thực thu sau hủy, hoàn", found.net),
    ):  # fmt: skip
        sheet.line(words, amount)
    sheet = Sheet(book, "Tiền đến tài khoản")
    sheet.widths(40, 12, 18)
    sheet.heads("Kết quả đến hôm nay", "Số khoản", "Số tiền")
    for words, count, amount in found.account.parts:
        sheet.line(words, count, amount)
    sheet.line("Cộng", found.account.count, found.account.amount)
    _relieved(Sheet(book, "Miễn, giảm"), found)
    book.close()


def _relieved(sheet: Sheet, found: Settlement) -> None:
    sheet.widths(12, 24, 30, 36, 36, 28, 14, 14, 14)
    sheet.heads(
        "Ngày", "Mã hồ sơ", "Người nộp", "Đối tượng", "Giấy tờ chứng minh", "Biên lai", "Đã thu", "Không thu", "Đã hủy",
    )  # fmt: skip
    for line in found.relieved.lines:
        sheet.line(
            f"{timezone.localdate(line.at):%d/%m/%Y}", line.code, line.payer, line.group, line.proof,
            line.receipt, line.taken, line.not_taken,
            "" if line.void_at is None else f"{timezone.localdate(line.void_at):%d/%m/%Y}",
        )  # fmt: skip
    sheet.line("Cộng (trừ biên lai đã hủy)", "", "", "", "", "", "", found.relieved.not_taken)
