"""Terms as people write them."""

import unicodedata
from datetime import time
from fractions import Fraction

import pytest

from onestop.worktime import Term, TermError, Unit, parse_term


@pytest.mark.parametrize(
    ("text", "unit", "quantity", "canonical"),
    [
        ("5 ngày làm việc", Unit.WORKING_DAY, Fraction(5), "5 ngày làm việc"),
        ("05 ngày làm việc", Unit.WORKING_DAY, Fraction(5), "5 ngày làm việc"),
        ("5 Ngày Làm Việc.", Unit.WORKING_DAY, Fraction(5), "5 ngày làm việc"),
        ("1,5 ngày làm việc", Unit.WORKING_DAY, Fraction(3, 2), "1,5 ngày làm việc"),
        ("0.5 ngày làm việc", Unit.WORKING_DAY, Fraction(1, 2), "0,5 ngày làm việc"),
        ("10 ngày", Unit.CALENDAR_DAY, Fraction(10), "10 ngày"),
        ("10NGÀY", Unit.CALENDAR_DAY, Fraction(10), "10 ngày"),
        ("1 tháng", Unit.MONTH, Fraction(1), "1 tháng"),
        ("1 năm", Unit.YEAR, Fraction(1), "1 năm"),
        ("8 giờ làm việc", Unit.WORKING_HOUR, Fraction(8), "8 giờ làm việc"),
        ("8 Giờ", Unit.CLOCK_HOUR, Fraction(8), "8 giờ"),
        ("24  giờ", Unit.CLOCK_HOUR, Fraction(24), "24 giờ"),
        ("1,25 giờ làm việc", Unit.WORKING_HOUR, Fraction(5, 4), "1,25 giờ làm việc"),
        ("trong ngày", Unit.SAME_DAY, Fraction(0), "trong ngày"),
        ("Ngay trong ngày", Unit.SAME_DAY, Fraction(0), "trong ngày"),
        ("trả ngay", Unit.IMMEDIATE, Fraction(0), "trả ngay"),
        ("Không phải trả kết quả", Unit.NONE, Fraction(0), "không phải trả kết quả"),
    ],
)
def test_a_term_reads_and_writes_back(
    text: str, unit: Unit, quantity: Fraction, canonical: str
) -> None:
    term = parse_term(text)
    assert (term.unit, term.quantity, str(term)) == (unit, quantity, canonical)
    assert parse_term(canonical) == term
    assert parse_term(unicodedata.normalize("NFD", text)) == term
    assert parse_term(text.upper()) == term


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "5 ngày lm việc", "ngày", "Không có thông tin", "Không", "-5 ngày", "0 ngày làm việc", "0 giờ", "1,5 ngày", "0.5 tháng",
        "5 - 7 ngày làm việc", "5 ngày làm việc hoặc 10 ngày", "05/10 ngày", "1.000 giờ", "99999999 ngày", "40000 ngày", "năm ngày", "2 tuần",
        "trong ngày (trước 25:00)", "5 ngày (trước 16:00)", "3 trong ngày", "٣ ngày x",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(TermError) as refused:
        parse_term(text)
    assert str(refused.value).endswith(".")
    assert " " in str(refused.value)


def test_another_cut_off_is_part_of_the_text() -> None:
    term = Term(Unit.SAME_DAY, cutoff=time(16, 0))
    assert str(term) == "trong ngày (trước 16:00)"
    assert parse_term(str(term)) == term
    assert parse_term("trả ngay (trước 10h30)") == Term(Unit.IMMEDIATE, cutoff=time(10, 30))


@pytest.mark.parametrize(
    ("text", "by_instant"),
    [
        ("5 ngày làm việc", False),
        ("1,5 ngày làm việc", True),
        ("2 giờ", True),
        ("2 giờ làm việc", True),
        ("1 tháng", False),
        ("trả ngay", False),
    ],
)
def test_hours_and_fractions_are_late_by_the_instant(text: str, by_instant: bool) -> None:
    assert parse_term(text).by_instant is by_instant


@pytest.mark.parametrize(
    ("unit", "quantity"),
    [
        (Unit.SAME_DAY, 1),
        (Unit.WORKING_DAY, Fraction(1, 3)),
        (Unit.MONTH, Fraction(1, 2)),
        (Unit.YEAR, 101),
    ],
)
def test_a_term_that_cannot_be_is_not_built(unit: Unit, quantity: Fraction) -> None:
    with pytest.raises(TermError):
        Term(unit, quantity)
