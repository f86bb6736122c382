"""A month of a book of certification as it is printed, bound and kept (NĐ 23/2015 Đ13): A4 landscape,
line by line, with what it costs and the void numbers; signed by who keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.text import capfirst

from dossiers.intake.certified import named, volume
from dossiers.intake.copy_fees import Copied
from dossiers.models.outgoing import OutgoingDocument
from onestop.accounts.models import Agency
from onestop.templatetags.formatting import vn_date
from reports.rendering.below import SLANTED, STRONG
from reports.rendering.grid import END, MIDDLE, START, Grid, Head
from reports.rendering.heads import HeadCell
from reports.rendering.letters import BOLD, ITALIC, REGULAR, Style
from reports.rendering.printed import NATION
from reports.rendering.sheets import LEFT, MM, RIGHT, ROOM, Piece, Sheets
from reports.rendering.texts import written

HEADS = (
    "Số chứng thực", "Ngày, tháng, năm", "Họ tên người yêu cầu", "Tên giấy tờ, văn bản",
    "Họ tên, chức danh người ký", "Số bản", "Phí (đồng)", "Ghi chú",
)  # fmt: skip
_FIXED = (15 * MM, 20 * MM, 48 * MM, 0.0, 46 * MM, 13 * MM, 20 * MM, 38 * MM)
_PLACES = (MIDDLE, MIDDLE, START, START, START, END, END, START)
BODY, HEAD, TITLE = Style(REGULAR, 10), Style(BOLD, 9.5, 1.15), Style(BOLD, 13)
SIGNED = 22 * MM
EMPTY = "Không có số nào."
Cells = tuple[str, ...]


def cells(rows: list[OutgoingDocument]) -> Iterator[Cells]:
    """What each number says. The fee of several papers of one person stands at their first number."""
    paid: set[int] = set()
    for row in rows:
        is_void = row.undone_at is not None
        copied = Copied.read(row.dossier.summary)
        fee = ""
        if not is_void:
            fee = "nt" if row.dossier_id in paid else _dong(row.dossier.fee_amount or 0)
            paid.add(row.dossier_id)
        copies = "" if is_void else str(copied.copies)
        note = f"Hủy ngày {vn_date(row.undone_at)}" if row.undone_at is not None else ""
        yield (
            f"{row.number:02d}", vn_date(row.issued_on), row.recipient, row.subject, row.signer,
            copies, fee, note,
        )  # fmt: skip


def total(rows: list[OutgoingDocument]) -> tuple[int, int, int]:
    """How many numbers stand, how many copies, how much was taken; whole đồng, each dossier once."""
    standing = [row for row in rows if row.undone_at is None]
    copies = sum(Copied.read(row.dossier.summary).copies for row in standing)
    fees = {row.dossier_id: row.dossier.fee_amount or 0 for row in standing}
    return len(standing), copies, sum(fees.values())


def pdf(
    agency: Agency,
    code: str,
    month: date,
    rows: list[OutgoingDocument],
    *,
    at: datetime,
    whole: bool = False,
    closed: str = "",
) -> bytes:
    """The same lines give the same bytes. `rows`: in the order of their numbers. `whole`: of the year,
    the months merged into one book; `closed`: the words that close it.
    """
    period = f"năm {month.year}" if whole else f"tháng {month:%m/%Y}"
    name, book = named(code), volume(code, month.year)
    sheets = Sheets(title=f"{name}, {period}", running=f"{name}, {book}, {period}")
    _top(sheets, agency)
    told = [
        *sheets.paragraph(name.upper(), TITLE, to=MIDDLE),
        *sheets.paragraph(f"{capfirst(book)}, {period}", SLANTED, to=MIDDLE),
        *sheets.paragraph(f"In lúc {written(at)}", Style(ITALIC, 9), to=MIDDLE),
        sheets.gap(2 * MM),
    ]
    sheets.flow(told, together=1)
    wide = [one or ROOM - sum(_FIXED) for one in _FIXED]
    grid = Grid(sheets, wide, _PLACES)
    head = Head(grid, sheets, [[HeadCell(text, at) for at, text in enumerate(HEADS)]], HEAD)
    head.put()
    sheets.repeat(head.put, grid.end, head.high)
    sheets.flow(_lines(sheets, grid, rows, closed), together=4)
    return sheets.done()


def closing(rows: list[OutgoingDocument], year: int) -> str:
    """What is written under the last number of a year: how many, which are void, where the next begins."""
    void = [f"{row.number:02d}" for row in rows if row.undone_at is not None]
    last = f"từ số 01 đến số {rows[-1].number:02d}" if rows else "không có số nào"
    gone = f"; số hủy: {', '.join(void)}" if void else "; không có số hủy"
    return f"Khóa sổ năm {year}: {last}, {len(rows) - len(void)} số có giá trị{gone}. Sổ năm {year + 1} bắt đầu từ số 01."


def _lines(
    sheets: Sheets, grid: Grid, rows: list[OutgoingDocument], closed: str
) -> Iterator[Piece]:
    for texts in cells(rows):
        yield from grid.pieces(texts, BODY)
    if not rows:
        yield grid.whole(EMPTY, BODY)
    numbers, copies, fees = total(rows)
    whole = ("", "", "Cộng", f"{numbers} số", "", str(copies), _dong(fees), "")
    yield from grid.pieces(whole, Style(BOLD, 10))
    if closed:
        yield grid.whole(closed, BODY)
    high = SIGNED + 3 * STRONG.step

    def sign() -> None:
        grid.end()
        sheets.repeat()
        sheets.y += 3 * MM
        middle = LEFT + ROOM * 0.78
        for text, style in (
            ("…………, ngày …… tháng …… năm ………", SLANTED),
            ("NGƯỜI GIỮ SỔ", STRONG),
            ("(Ký, ghi rõ họ tên)", SLANTED),
        ):
            sheets.text(middle, sheets.y, (text,), style, to=MIDDLE)
            sheets.y += style.step

    yield Piece(high, sign)


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _top(sheets: Sheets, agency: Agency) -> None:
    left, right = LEFT + ROOM * 0.22, RIGHT - ROOM * 0.25
    sheets.text(left, sheets.y, (agency.name.upper(),), STRONG, to=MIDDLE)
    sheets.text(right, sheets.y, NATION, STRONG, to=MIDDLE)
    sheets.y += 2 * STRONG.step + 0.5 * MM
    sheets.rule(right - 24 * MM, sheets.y, right + 24 * MM, sheets.y)
    sheets.y += 4 * MM
