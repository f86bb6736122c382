"""A term is read when its text can only mean one thing; everything else waits, with proposals."""

import pytest

from procedures.reading import read_term


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("5 Ngày làm việc", "5 ngày làm việc"),
        ("40 Ngày", "40 ngày"),
        ("  7  ngày làm việc ", "7 ngày làm việc"),
        ("2 Tháng", "2 tháng"),
        ("8 giờ làm việc", "8 giờ làm việc"),
        ("Không phải trả kết quả cho người nộp thuế", "không phải trả kết quả"),
    ],
)
def test_clear_terms_are_read(text: str, canonical: str) -> None:
    assert str(read_term(text).term) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "3",
        "30",
        "2 Giờ",
        "8 Giờ",
        "Không có thông tin",
        "Không",
        "Không quy định",
        "",
        "0 Ngày",
        "sớm",
    ],
)
def test_what_is_not_clear_is_never_guessed(text: str) -> None:
    reading = read_term(text)
    assert reading.term is None
    assert reading.reason


def test_civil_status_1_proposes_the_same_day_first() -> None:
    first = read_term("1", field="Hộ tịch").proposals[0]
    assert first.term == "trong ngày"
    assert "15 giờ" in first.why
    assert read_term("1", field="Thuế").proposals[0].term == "1 ngày làm việc"


def test_a_bare_number_proposes_each_unit() -> None:
    assert [one.term for one in read_term("3").proposals] == [
        "3 ngày làm việc",
        "3 ngày",
        "3 giờ làm việc",
        "3 giờ",
    ]


def test_certified_copies_without_a_term_propose_at_once_first() -> None:
    reading = read_term(
        "Không có thông tin", field="Chứng thực", name="Chứng thực bản sao từ bản chính"
    )
    assert [one.term for one in reading.proposals] == ["trả ngay", "trong ngày"]
    wills = read_term("Không có thông tin", field="Chứng thực", name="Chứng thực di chúc")
    assert wills.proposals[0].term == "trong ngày"


def test_declarations_without_a_result_propose_no_promise() -> None:
    reading = read_term(
        "1", field="Thuế", results=("Hồ sơ gửi đến cơ quan thuế không có kết quả giải quyết",)
    )
    assert reading.proposals[0].term == "không phải trả kết quả"


def test_hours_ask_whether_they_are_working_hours() -> None:
    assert [one.term for one in read_term("8 Giờ").proposals] == ["8 giờ làm việc", "8 giờ"]


def test_a_note_gives_proposals_only() -> None:
    note = "- 03 ngày làm việc kể từ ngày nhận hồ sơ; - 07 (bảy) ngày làm việc nếu phải kiểm tra; ban hành ngày 10 tháng 5 năm 2020"
    reading = read_term("Không có thông tin", note=note)
    assert reading.term is None
    assert [one.term for one in reading.proposals][:2] == ["3 ngày làm việc", "7 ngày làm việc"]
    assert not any("tháng" in one.term for one in reading.proposals)


def test_a_note_that_names_the_other_kind_of_day_makes_it_doubtful() -> None:
    reading = read_term("7 Ngày", note="07 ngày làm việc, kể từ ngày nhận đủ hồ sơ")
    assert reading.term is None
    assert [one.term for one in reading.proposals][:2] == ["7 ngày", "7 ngày làm việc"]
    assert read_term("7 Ngày", note="trong 7 ngày; phần xác minh 7 ngày làm việc").term is not None
