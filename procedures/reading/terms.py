"""A term's text from the catalogue: read when it can only mean one thing, else proposals for a
controller.

`"5 Ngày làm việc"` is read. `"1"` (no unit), `"8 Giờ"` (clock or working hours), `"Không có thông
tin"`, or a text that its own note contradicts are not: the controller chooses among proposals, best
first, with the record's words beside them.
"""

import re
from dataclasses import dataclass
from typing import Final

from onestop.folding import fold
from onestop.worktime import Term, TermError, parse_term

SAME_DAY_HELP: Final = "nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo"
# Fields whose matters without a term of their own are done on the day, by law (Luật Hộ tịch Đ5.3,
# NĐ 23/2015 Đ7).
SAME_DAY_FIELDS: Final = frozenset({"ho tich", "chung thuc"})

_SURE = re.compile(r"^(\d+) (ngay lam viec|ngay|thang|nam|gio lam viec)$")
_HOURS = re.compile(r"^(\d+(?:[.,]\d+)?) gio$")
_BARE = re.compile(r"^\d+$")
_NO_RESULT = re.compile(r"^khong phai tra ket qua\b")
_NOTHING_SAID = frozenset({"khong", "khong quy dinh", "khong co"})
# "05 ngày làm việc", "15 (mười lăm) ngày"; not the dates "ngày 10 tháng 5" nor the hour in "sau 15
# giờ".
_HINT = re.compile(
    r"(?<!ngay )(?<!thang )(?<!sau )(?<![\d/.,-])(\d{1,3}(?:,\d)?) ?(?:\([^)]*\) ?)?(ngay lam viec|ngay|gio lam viec|thang)\b(?! \d)"
)

_UNIT_WORDS = {
    "ngay lam viec": "ngày làm việc",
    "ngay": "ngày",
    "gio lam viec": "giờ làm việc",
    "gio": "giờ",
    "thang": "tháng",
    "nam": "năm",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reading a controller may choose: canonical term text, and where it comes from or what it
    entails.
    """

    term: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class TermReading:
    """`term` when the text is sure; else None, the Vietnamese reason and the proposals, best first."""

    term: Term | None
    reason: str = ""
    proposals: tuple[Proposal, ...] = ()


def read_term(
    text: str, *, note: str = "", field: str = "", name: str = "", results: tuple[str, ...] = ()
) -> TermReading:
    """Reads one method's term. Out: a Term, or None with a reason and proposals; never raises,
    never guesses.
    """
    folded = fold(text)
    hints = note_hints(note)
    if sure := _SURE.match(folded):
        return _sure(int(sure[1]), sure[2], hints)
    if _NO_RESULT.match(folded):
        return TermReading(parse_term("không phải trả kết quả"))
    if hours := _HOURS.match(folded):
        number = hours[1].replace(".", ",")
        choices = (
            Proposal(f"{number} giờ làm việc", "chỉ tính thời gian làm việc"),
            Proposal(f"{number} giờ", "tính cả giờ nghỉ"),
        )
        return TermReading(
            None, f"“{text}”: chưa rõ là giờ làm việc hay giờ đồng hồ", _unique((*choices, *hints))
        )
    if _BARE.match(folded):
        return TermReading(
            None, f"“{text}”: có số, không có đơn vị", _bare(int(folded), hints, field, results)
        )
    if folded in _NOTHING_SAID:
        choices = (
            Proposal("không phải trả kết quả", "CSDL quốc gia ghi là không có thời hạn"),
            Proposal("trong ngày", SAME_DAY_HELP),
        )
        return TermReading(
            None,
            f"“{text}”: chưa rõ là không có thời hạn hay không phải trả kết quả",
            _unique((*hints, *choices)),
        )
    return TermReading(
        None,
        f"“{text}”: không có thời hạn đọc được" if text else "CSDL quốc gia để trống thời hạn",
        _unknown(hints, field, name),
    )


def note_hints(note: str) -> tuple[Proposal, ...]:
    """Terms that stand in a note, in order of appearance: only ever proposals."""
    found = (
        Proposal(f"{_number(match[1])} {_UNIT_WORDS[match[2]]}", "theo ghi chú trong CSDL quốc gia")
        for match in _HINT.finditer(fold(note))
    )
    return _unique(tuple(proposal for proposal in found if _readable(proposal.term)))


def _sure(quantity: int, unit: str, hints: tuple[Proposal, ...]) -> TermReading:
    """A number with its unit, unless the note gives the same number in the other kind of day only."""
    text = f"{quantity} {_UNIT_WORDS[unit]}"
    if not _readable(text):
        return TermReading(None, f"“{text}”: không phải một thời hạn", hints)
    told = {hint.term for hint in hints}
    other = {"ngay": f"{quantity} ngày làm việc", "ngay lam viec": f"{quantity} ngày"}.get(unit)
    if other in told and text not in told:
        choices = (
            Proposal(text, "theo cột thời hạn"),
            Proposal(other, "theo ghi chú trong CSDL quốc gia"),
        )
        return TermReading(
            None, f"cột thời hạn ghi “{text}”, ghi chú ghi “{other}”", _unique((*choices, *hints))
        )
    return TermReading(parse_term(text))


def _bare(
    number: int, hints: tuple[Proposal, ...], field: str, results: tuple[str, ...]
) -> tuple[Proposal, ...]:
    units = [
        Proposal(f"{number} {unit}") for unit in ("ngày làm việc", "ngày", "giờ làm việc", "giờ")
    ]
    if number != 1:
        return _unique((*hints, *units))
    same_day = (Proposal("trong ngày", SAME_DAY_HELP),)
    if any("khong co ket qua giai quyet" in fold(result) for result in results):
        return _unique(
            (
                Proposal("không phải trả kết quả", "theo mục kết quả trong CSDL quốc gia"),
                *hints,
                *same_day,
                *units,
            )
        )
    if fold(field) in SAME_DAY_FIELDS:
        return _unique((*same_day, *units, *hints))
    return _unique((*hints, *units, *same_day))


def _unknown(hints: tuple[Proposal, ...], field: str, name: str) -> tuple[Proposal, ...]:
    if fold(field) in SAME_DAY_FIELDS:
        at_once = Proposal(
            "trả ngay", f"trả ngay tại quầy, chỉ in phiếu khi được yêu cầu; {SAME_DAY_HELP}"
        )
        same_day = Proposal("trong ngày", SAME_DAY_HELP)
        copies = "ban sao" in fold(name)
        return _unique((at_once, same_day, *hints) if copies else (same_day, at_once, *hints))
    return _unique((*hints, Proposal("không phải trả kết quả")))


def _number(text: str) -> str:
    return text.lstrip("0") or "0"


def _readable(text: str) -> bool:
    try:
        parse_term(text)
    except TermError:
        return False
    return True


def _unique(proposals: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    kept: dict[str, Proposal] = {}
    for proposal in proposals:
        kept.setdefault(proposal.term, proposal)
    return tuple(kept.values())
