"""A fee's text from the catalogue. An unreadable fee is entered by the clerk with a reason; that
alone blocks nothing.
"""

import re
from dataclasses import dataclass

from onestop.folding import fold

# No fee of the lists is below this; "20 VNĐ" beside a note of "20.000 đồng" is a slip of the
# thousands.
SMALLEST_FEE = 1000

_AMOUNT = re.compile(r"^([\d.,]+) ?(vnd|viet nam dong|dong)$")
_IN_NOTE = re.compile(r"(?<![\d./])(\d{1,3}(?:\.\d{3})+)(?= ?(?:d|vnd|dong)\b)")
_PER = re.compile(
    r"^\(? ?(?:[\d.]+ ?(?:đồng|đ|vnđ))? ?/ ?([^)(;:,./]{1,30})(?=[);:,./]|$)", re.IGNORECASE
)
# Words by which a note says that the amount stands in another document.
_ELSEWHERE = ("hoi dong nhan dan", "muc le phi", "muc thu", "muc phi", "luat phi", "lo phi")
_SAYS_FREE = re.compile(r"^\W*(mien (?:le )?phi|khong thu|khong\b)")


@dataclass(frozen=True, slots=True)
class FeeReading:
    """`amount` in đồng, None when not readable (then `reason`); `per`: the amount is for one of
    these ("trang").
    """

    amount: int | None
    reason: str = ""
    per: str = ""


def read_fee(text: str, *, note: str = "") -> FeeReading:
    """Reads one method's fee; a text that its own note contradicts is not readable."""
    folded, told = fold(text), note_amounts(note)
    if folded == "mien phi":
        return _free(note, told)
    match = _AMOUNT.match(folded)
    if not match:
        return FeeReading(
            None,
            f"“{text}”: không có mức phí đọc được" if text else "CSDL quốc gia để trống mức phí",
        )
    digits = match[1]
    if not re.fullmatch(r"\d+|\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3})+", digits):
        return FeeReading(None, f"“{text}”: không rõ số tiền")
    amount = int(re.sub(r"[.,]", "", digits))
    per = per_what(note)
    if amount < SMALLEST_FEE:
        return FeeReading(None, f"“{text}”: số tiền quá nhỏ, có thể thiếu hàng nghìn", per)
    if told and told != {amount}:
        return FeeReading(None, f"“{text}”: ghi chú nêu mức khác hoặc nhiều mức", per)
    return FeeReading(amount, "", per)


def note_amounts(note: str) -> set[int]:
    """The amounts of money a note names ("20.000 đồng", "2.000đ")."""
    return {int(match[1].replace(".", "")) for match in _IN_NOTE.finditer(fold(note))}


def _free(note: str, told: set[int]) -> FeeReading:
    folded = fold(note)
    if _SAYS_FREE.match(folded):
        return FeeReading(0)
    if told or any(words in folded for words in _ELSEWHERE):
        return FeeReading(None, "ghi “Miễn phí” nhưng ghi chú dẫn mức thu ở văn bản khác")
    return FeeReading(0)


def per_what(note: str) -> str:
    """What the amount is for one of, when the note begins with it: "(/trang)…", "(70.000 đồng/Giấy
    chứng nhận)".
    """
    match = _PER.match(note.strip())
    return match[1].strip() if match else ""
