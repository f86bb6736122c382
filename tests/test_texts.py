"""Reading texts from outside: numbers, names."""

import pytest

from onestop.texts import (
    MOST_MARKS,
    address_parts,
    has_letter,
    has_word,
    in_lines,
    in_one_line,
    whole_number,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "-1",
        "+1",
        "²",
        "１２",
        "١",
        "1_0",
        "0x1",
        "1.0",
        "1e3",
        "9" * 19,
        "9" * 5000,
        "1\n",
    ],
)
def test_what_is_no_whole_number_of_ours(text: str) -> None:
    assert whole_number(text) is None


def test_whole_numbers_up_to_what_a_column_holds() -> None:
    assert whole_number("007") == 7
    assert whole_number(str(2**63 - 1)) == 2**63 - 1
    assert whole_number("100", most=99) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn   Văn\tÂn ", "Nguyễn Văn Ân"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("Nguyễn\u200b Văn\ufeff Ân\u202e\u2066", "Nguyễn Văn Ân"),
        ("\u200b\u2060\u00ad\u034f\u3164\u2800", ""),
        ("H'Hoa\u00a0Niê", "H'Hoa Niê"),
        ("a" + "\u0323" * 50, "ạ" + "\u0323" * (MOST_MARKS - 0)),
        ("một\r\nhai", "một hai"),
        ("\x00\x1b[31mA\ud800", "[31mA"),
    ],
)
def test_signs_that_nobody_sees_are_dropped(typed: str, kept: str) -> None:
    assert in_one_line(typed) == kept


def test_lines_stay_lines() -> None:
    assert in_lines(" một\r\nhai\u2028ba\rbốn\u200b ") == "một\nhai ba\nbốn"


def test_what_names_somebody_has_a_letter_and_what_says_something_a_word() -> None:
    assert has_letter("Đ.")
    assert has_letter("H'Hoa")
    assert has_letter("株式会社")
    assert not has_letter("-- .. 12")
    assert has_word("12")
    assert not has_word("--- … !?")


@pytest.mark.parametrize("text", ["http://[x/a", "http://x]/a", "http://\u2100.vn/a"])
def test_an_address_that_cannot_be_taken_apart_is_none(text: str) -> None:
    assert address_parts(text) is None
    assert address_parts("http://a.vn/b?c") is not None
