"""Terms as the law and people write them: `5 ngày làm việc`, `1,5 ngày làm việc`, `8 giờ làm việc`,
`trong ngày`.

A term is an exact quantity of one unit; text and value round-trip. What cannot be read is refused,
never guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from onestop.worktime.errors import TermError

DEFAULT_CUTOFF = time(15, 0)


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
    WORKING_HOUR = "working_hour"
    CLOCK_HOUR = "clock_hour"
    SAME_DAY = "same_day"
    IMMEDIATE = "immediate"
    NONE = "none"


# Units that carry a number, with their words and the largest sensible number (a century).
_COUNTED: dict[Unit, tuple[str, int]] = {
    Unit.WORKING_DAY: ("ngày làm việc", 36_500),
    Unit.CALENDAR_DAY: ("ngày", 36_500),
    Unit.MONTH: ("tháng", 1_200),
    Unit.YEAR: ("năm", 100),
    Unit.WORKING_HOUR: ("giờ làm việc", 300_000),
    Unit.CLOCK_HOUR: ("giờ", 876_000),
}
_UNIT_OF_WORDS = {words: unit for unit, (words, _) in _COUNTED.items()}
_FRACTIONAL = frozenset({Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CLOCK_HOUR})
_PLAIN: dict[Unit, str] = {
    Unit.SAME_DAY: "trong ngày",
    Unit.IMMEDIATE: "trả ngay",
    Unit.NONE: "không phải trả kết quả",
}
_UNIT_OF_PLAIN = {
    "trong ngày": Unit.SAME_DAY,
    "ngay trong ngày": Unit.SAME_DAY,
    "trong ngày làm việc": Unit.SAME_DAY,
    "ngay trong ngày làm việc": Unit.SAME_DAY,
    "trả ngay": Unit.IMMEDIATE,
    "trả kết quả ngay": Unit.IMMEDIATE,
    "không phải trả kết quả": Unit.NONE,
    "không phải trả kết quả cho người nộp thuế": Unit.NONE,
}
# At most two decimals: "1.000 giờ" could be a thousand or one, so it is refused.
_COUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?\s*(\D+)")
_CUTOFF = re.compile(r"(.*?)\s*\(trước (\d{1,2})(?::|h|\s*giờ\s*)(\d{2})?\)")


@dataclass(frozen=True, slots=True)
class Term:
    """An exact quantity of one unit; `cutoff` only speaks for same-day terms (R-33).

    `quantity` is exact; 0 for the units that carry no number.
    """

    unit: Unit
    quantity: Fraction = Fraction(0)
    cutoff: time = DEFAULT_CUTOFF

    def __post_init__(self) -> None:
        object.__setattr__(self, "quantity", Fraction(self.quantity))
        counted = _COUNTED.get(self.unit)
        if counted is None:
            if self.quantity:
                raise TermError(f"“{_PLAIN[self.unit]}” không đi kèm con số.")
        else:
            _check_quantity(self.unit, self.quantity, *counted)
        if self.cutoff != DEFAULT_CUTOFF and not self.same_day:
            raise TermError("Chỉ thời hạn trong ngày mới có giờ chốt.")
        if self.cutoff.second or self.cutoff.microsecond or self.cutoff.tzinfo:
            raise TermError("Giờ chốt phải là giờ và phút chẵn.")

    @property
    def same_day(self) -> bool:
        """`trong ngày` and `trả ngay` are promised alike (R-11, R-33)."""
        return self.unit is Unit.SAME_DAY or self.unit is Unit.IMMEDIATE

    @property
    def by_instant(self) -> bool:
        """Hour terms and fractions of a day are late from the promised instant, the others from the
        day after.
        """
        if self.unit is Unit.WORKING_DAY:
            return self.quantity.denominator != 1
        return self.unit is Unit.WORKING_HOUR or self.unit is Unit.CLOCK_HOUR

    @property
    def by_day(self) -> bool:
        """Whole days: whatever minute of a day it begins, it ends with the same one."""
        if self.unit is Unit.WORKING_DAY:
            return self.quantity.denominator == 1
        return self.unit in (Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR)

    @property
    def promises(self) -> bool:
        """False when there is nothing to return and so nothing to be late with (R-43)."""
        return self.unit is not Unit.NONE

    def __str__(self) -> str:
        counted = _COUNTED.get(self.unit)
        if counted is not None:
            return f"{_decimal(self.quantity)} {counted[0]}"
        if self.cutoff != DEFAULT_CUTOFF:
            return f"{_PLAIN[self.unit]} (trước {self.cutoff:%H:%M})"
        return _PLAIN[self.unit]


def _check_quantity(unit: Unit, quantity: Fraction, words: str, largest: int) -> None:
    if quantity <= 0:
        raise TermError(f"Thời hạn phải lớn hơn 0 {words}.")
    if quantity > largest:
        raise TermError(f"Thời hạn dài quá {largest} {words} là không hợp lệ.")
    if quantity.denominator != 1 and unit not in _FRACTIONAL:
        raise TermError(f"Thời hạn tính bằng {words} phải là số nguyên.")
    if (quantity * 100).denominator != 1:
        raise TermError("Phần lẻ của thời hạn chỉ được tới hai chữ số thập phân.")


def _decimal(quantity: Fraction) -> str:
    """`3/2` as `1,5`; exact because at most two decimals are let in."""
    if quantity.denominator == 1:
        return str(quantity.numerator)
    text = f"{Decimal(int(quantity * 100)) / 100:f}"
    return text.rstrip("0").rstrip(".").replace(".", ",")


def parse_term(text: str) -> Term:
    """Read a term as people write it, in any case and either Unicode form.

    Raises TermError with a sentence for whatever has no unit, a fraction of a calendar unit, or
    other words: nothing is guessed. A bare `8 giờ` is clock hours, exactly as written.
    """
    words = " ".join(unicodedata.normalize("NFC", text).lower().split()).rstrip(" .;")
    base, cutoff = words, DEFAULT_CUTOFF
    if match := _CUTOFF.fullmatch(words):
        hour, minute = int(match[2]), int(match[3] or 0)
        if hour > 23 or minute > 59:
            raise _unreadable(text)
        base, cutoff = match[1], time(hour, minute)
    if unit := _UNIT_OF_PLAIN.get(base):
        return Term(unit, cutoff=cutoff)
    if (match := _COUNT.fullmatch(base)) and (unit := _UNIT_OF_WORDS.get(match[3])):
        return Term(unit, Fraction(f"{match[1]}.{match[2] or 0}"), cutoff)
    raise _unreadable(text)


def _unreadable(text: str) -> TermError:
    return TermError(
        f"Không đọc được thời hạn “{text.strip()}”. Hãy viết như: "
        "5 ngày làm việc, 10 ngày, 8 giờ làm việc, 24 giờ, 1 tháng, trong ngày, trả ngay."
    )
