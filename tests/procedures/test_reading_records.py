"""One raw record made tidy: cases, papers, results, legal numbers; or refused with place and
reason.
"""

from typing import Any

import pytest

from procedures.reading import Rejected, read_record
from procedures.reading.texts import is_note, legal_codes, split_results
from tests.procedures.conftest import method, record


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("chỉ là chữ", "không phải một bản ghi"),
        (record(code=""), "thiếu mã"),
        (record(code="1.12"), "sai mẫu"),
        (record(code="0.123456"), "sai mẫu"),
        (record(name=" "), "thiếu tên"),
        (record(field=""), "thiếu lĩnh vực"),
        (record(methods=[]), "cách thức"),
        (record(methods=[method("fax")]), "hình thức nộp"),
        (record(methods="trực tiếp"), "danh sách"),
        (record(components=["giấy"]), "thành phần"),
        (record(results_raw=["x"]), "phải là chữ"),
    ],
)
def test_refused_with_place_and_reason(raw: Any, reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_record(raw, 7)
    assert refused.value.place == 7
    assert reason in refused.value.reason


def test_long_national_codes_are_codes_too() -> None:
    assert read_record(record(code="1.000656.000.00.00.H29"), 1).code == "1.000656.000.00.00.H29"


def test_rows_of_one_channel_become_cases() -> None:
    raw = record(
        methods=[
            method("direct", "30 Ngày"),
            method("direct", "40 Ngày"),
            method("online", "30 Ngày"),
            method("online", "40 Ngày"),
        ]
    )
    cases = read_record(raw, 1).cases
    assert [(case.name, [row.term_text for row in case.methods]) for case in cases] == [
        ("Trường hợp 1", ["30 Ngày", "30 Ngày"]),
        ("Trường hợp 2", ["40 Ngày", "40 Ngày"]),
    ]


def test_a_row_said_twice_is_one_row() -> None:
    tidy = read_record(record(methods=[method(), method()]), 1)
    assert len(tidy.cases) == 1
    assert tidy.terms_agree()


def test_different_terms_between_channels_do_not_agree() -> None:
    assert not read_record(
        record(methods=[method("direct", "3 Ngày"), method("online", "2 Ngày")]), 1
    ).terms_agree()


def test_two_fees_in_one_channel_are_not_readable() -> None:
    tidy = read_record(
        record(
            methods=[
                method(fee_text="2,000 Việt Nam Đồng"),
                method(fee_text="10 USD", note="(/bản)"),
            ]
        ),
        1,
    )
    assert [tidy.fee_of(row).amount for case in tidy.cases for row in case.methods] == [None, None]


def test_bullets_fall_off_names() -> None:
    tidy = read_record(
        record(
            components=[
                {"case": "", "name": " - +  Tờ khai theo mẫu ; ", "originals": 1, "copies": 0}
            ]
        ),
        1,
    )
    assert tidy.papers[0].name == "Tờ khai theo mẫu"


def test_unbelievable_counts_are_kept_and_flagged() -> None:
    paper = read_record(
        record(components=[{"case": "", "name": "Báo cáo", "originals": 20201, "copies": 0}]), 1
    ).papers[0]
    assert (paper.originals, paper.copies) == (1, 0)
    assert paper.count_text == "20201 bản chính, 0 bản sao"


@pytest.mark.parametrize(
    ("name", "group", "counts", "note"),
    [
        ("- Tờ khai theo mẫu", "", (1, 0), False),
        ("Hóa đơn thương mại: 01 bản chụp;", "", (0, 0), False),
        ("a) Tờ khai hải quan: 02 bản chính;", "", (0, 0), False),
        ("- Đối với giấy tờ nộp, xuất trình:", "* Lưu ý:", (0, 0), True),
        ("- Giấy tờ do nước ngoài cấp phải hợp pháp hóa", "* Lưu ý :", (1, 1), True),
        ("* Lưu ý: khi nộp trực tuyến", "", (0, 0), True),
        ("* Số lượng hồ sơ: 01 (một) bộ.", "", (1, 0), True),
        ("Trường hợp gửi qua bưu chính thì kèm bản sao", "", (0, 0), True),
        ("Trường hợp ủy quyền phải có giấy ủy quyền", "", (1, 0), False),
        ("Người có yêu cầu thực hiện việc nộp sau:", "", (0, 0), True),
    ],
)
def test_headings_and_notes_are_not_papers(
    name: str, group: str, counts: tuple[int, int], note: bool
) -> None:
    assert is_note(name, group, *counts) is note


def test_glued_results_come_apart() -> None:
    raw = "Giấy khai sinhMã: KQ.G15.000031Trích lụcMã: KQ.G15.000033Từ khóaKhông có thông tinMô tảKhông có thông tin"
    assert split_results(raw, ["KQ.G15.000033", "KQ.G15.000031"]) == [
        {"name": "Giấy khai sinh", "code": "KQ.G15.000031"},
        {"name": "Trích lục", "code": "KQ.G15.000033"},
    ]
    assert split_results("Giấy phép", []) == [{"name": "Giấy phép", "code": ""}]
    assert split_results("", []) == []


def test_glued_letters_fall_off_legal_numbers() -> None:
    assert legal_codes(
        ["08/2015/NĐ-CP", "08/2015/NĐ-CPL", "38/2015/TT-BTCT", "54/2014/QH1354", "09/2023/QĐ-TT"]
    ) == [
        "08/2015/NĐ-CP",
        "38/2015/TT-BTC",
        "54/2014/QH13",
        "09/2023/QĐ-TTg",
    ]
