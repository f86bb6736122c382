"""Whose papers a published list names: single wordings, and the whole shipped catalogue."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from procedures.reading import condition_words as words
from procedures.reading import read_record
from procedures.reading.conditions import Asks, Published, Reading, Way, read_conditions

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue.json"


def reading(*lines: tuple[str, str]) -> Reading:
    """In: group and name of each line, one copy of each asked for."""
    return read_conditions([Published(name, group) for group, name in lines])


@pytest.fixture(scope="module")
def catalogue() -> dict[str, tuple[list[Published], Reading]]:
    """Each shipped procedure's lines with what is read of them, by code."""
    found = {}
    for place, raw in enumerate(json.loads(CATALOGUE.read_text("utf-8")), start=1):
        record = read_record(raw, place)
        lines = [
            Published(p.name, p.group, bool(p.originals or p.copies), p.is_note)
            for p in record.papers
        ]
        found[record.code] = (lines, read_conditions(lines))
    return found


def test_groups_of_opposed_situations_are_one_question() -> None:
    found = reading(
        ("", "Tờ khai"),
        ("Đối với cá nhân:", "Bản sao hộ chiếu"),
        ("Đối với tổ chức:", "Quyết định thành lập"),
    )
    (question,) = found.questions
    assert (question.asks, question.answers) == (Asks.WHICH, ("Đối với cá nhân", "Đối với tổ chức"))
    assert question.is_exclusive
    assert [line.when for line in found.lines] == [(), ((0, 0),), ((0, 1),)]


def test_situations_that_may_come_together_are_not_said_to_exclude_each_other() -> None:
    found = reading(
        ("- Trường hợp đăng ký thay đổi tên:", "Nghị quyết về tên"),
        ("- Trường hợp đăng ký thay đổi vốn điều lệ", "Nghị quyết về vốn"),
    )
    assert not found.questions[0].is_exclusive


def test_authorisation_is_a_question_of_its_own_and_one_of_its_papers_is_enough() -> None:
    title = (
        "Trường hợp ủy quyền thực hiện thủ tục thì hồ sơ phải kèm theo một trong những giấy tờ sau:"
    )
    found = reading(("", "Giấy đề nghị"), (title, "Văn bản ủy quyền"), (title, "Hợp đồng dịch vụ"))
    assert [question.asks for question in found.questions] == [Asks.AUTHORISED]
    assert [line.is_alternative for line in found.lines] == [False, True, True]


def test_one_situation_beside_everybodys_papers_is_asked_by_yes_or_no() -> None:
    found = reading(("", "Đơn đề nghị"), ("Trường hợp bị mất thẻ:", "Đơn trình báo"))
    assert [question.asks for question in found.questions] == [Asks.WHETHER]


def test_the_only_group_of_a_list_asks_nothing() -> None:
    """Whoever it is for, there is nothing else to bring: it cannot be read safely."""
    found = reading(("Đối với phương tiện thay đổi tính năng:", "Đơn đề nghị"))
    assert (found.questions, found.lines[0].when) == ((), ())
    assert found.unread == ("Đối với phương tiện thay đổi tính năng:",)


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("Nộp trực tiếp", Way.ON_PAPER),
        ("Nộp theo phương thức điện tử", Way.ONLINE),
        ("* Trường hợp đăng ký trên môi trường điện tử:", Way.ONLINE),
        ("Trường hợp hồ sơ không được gửi trên môi trường điện tử:", Way.ON_PAPER),
        ("* Giấy tờ phải nộp:", Way.ANY),
    ],
)
def test_what_the_channel_answers_is_not_asked(title: str, way: Way) -> None:
    found = reading(("", "Đơn đề nghị"), (title, "Giấy tờ kèm theo"))
    assert (found.questions, found.lines[1].way) == ((), way)


def test_a_numbered_heading_inside_a_group_begins_a_situation_and_is_no_paper() -> None:
    found = reading(
        ("", "1. Đối với Ban quản trị được bầu lần đầu thì hồ sơ bao gồm:"),
        ("", "Biên bản họp"),
        ("", "2. Trường hợp bầu lại Ban quản trị thì hồ sơ đề nghị bao gồm:"),
        ("", "Văn bản đề nghị"),
    )
    assert [line.is_heading for line in found.lines] == [True, False, True, False]
    assert [line.when for line in found.lines] == [((0, 0),), ((0, 0),), ((0, 1),), ((0, 1),)]
    assert found.questions[0].answers[0] == "Đối với Ban quản trị được bầu lần đầu"


def test_papers_that_each_begin_with_a_situation_ask_one_more_question() -> None:
    group = "Đăng ký tại nơi đơn vị đóng quân, hồ sơ gồm:"
    found = reading(
        ("* Hồ sơ đăng ký tạm trú gồm:", "Tờ khai"),
        (group, "Đối với Quân đội nhân dân: Giấy giới thiệu của đơn vị"),
        (group, "Đối với Công an nhân dân: Giấy giới thiệu của Thủ trưởng"),
        (group, "Tờ khai"),
    )
    first, second = found.questions
    assert first.is_exclusive  # each is a whole dossier: "hồ sơ gồm"
    assert second.answers == ("Đối với Quân đội nhân dân", "Đối với Công an nhân dân")
    assert second.when == (0, 1)
    assert [line.when for line in found.lines] == [
        ((0, 0),),
        ((0, 1), (1, 0)),
        ((0, 1), (1, 1)),
        ((0, 1),),
    ]
    assert (first.is_needed, second.is_needed) == (True, False)


@pytest.mark.parametrize(
    ("name", "optional"),
    [
        ("Trường hợp trẻ em bị bỏ rơi thì phải có biên bản", True),
        ("- Văn bản ủy quyền trong trường hợp ủy quyền thực hiện", True),
        ("Đối với hàng hóa phải nộp thêm giấy phép", True),
        ("Nếu thuê nhà thì nộp hợp đồng thuê", True),
        ("Hóa đơn thương mại (nếu có): 01 bản chụp", True),
        ("Giấy đăng ký kiểm tra (đối với xe gắn máy)", True),
        ("Hợp đồng bán hàng, phụ lục hợp đồng (nếu có)", False),  # only the last one may be
        ("Tờ khai thuế (đối với cá nhân không cư trú)", False),  # for whom the form is made
        ("Tờ khai (nếu người yêu cầu lựa chọn nộp trực tiếp)", False),
        ("Giấy chứng sinh; trường hợp không có thì nộp văn bản của người làm chứng", False),
        ("Giấy tờ chứng minh, kể cả trong trường hợp đã nộp", False),
        ("Báo cáo về hoạt động đối với công trình", False),
    ],
)
def test_words_that_make_a_paper_not_everybodys(name: str, optional: bool) -> None:
    assert words.is_optional(name) is optional


@pytest.mark.parametrize(
    ("name", "counted", "heading"),
    [
        ("1. Đối với Ban quản trị được bầu lần đầu bao gồm:", True, True),
        ("Đối với dự án trong phạm vi bảo vệ, hồ sơ phải bổ sung:", True, True),
        ("Chứng cứ chứng minh quan hệ cha, con gồm:", False, True),
        ("Đơn đề nghị của Thương nhân:", True, False),
        ("Giấy phép nhập khẩu xe ô tô:", True, False),
        ("Báo cáo hiện trạng bao gồm", True, False),
    ],
)
def test_lines_that_only_announce_others(name: str, counted: bool, heading: bool) -> None:
    assert words.is_heading(name, counted=counted) is heading


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("* Đăng ký tạm trú theo danh sách, hồ sơ gồm:", "Đăng ký tạm trú theo danh sách"),
        ("(ii) Đối với tổ chức:", "Đối với tổ chức"),
        ("Trường hợp 2: Xác nhận điều kiện về nhà ở.", "Trường hợp 2: Xác nhận điều kiện về nhà ở"),
        (
            "1. Người nước ngoài đưa tài sản vào, khi làm thủ tục hải quan phải nộp:",
            "Người nước ngoài đưa tài sản vào",
        ),
    ],
)
def test_answers_read_without_numbers_and_announcements(title: str, label: str) -> None:
    assert words.label(title) == label


def test_of_the_shipped_catalogue_so_many_lists_are_read(
    catalogue: dict[str, tuple[list[Published], Reading]],
) -> None:
    """Of 330 lists 91 name situations that can be asked for; in eight a title is left as it was."""
    found: Counter[str] = Counter()
    for lines, read in catalogue.values():
        papers = [line for line, one in zip(read.lines, lines, strict=True) if not one.is_note]
        found += Counter(
            lists=1,
            asking=bool(read.questions),
            unread=bool(read.unread),
            papers=len(papers),
            headings=sum(line.is_heading for line in papers),
            of_a_situation=sum(bool(line.when) for line in papers),
            uncounted=sum(line.is_conditional and not line.when for line in papers),
        )
    assert found == {
        "lists": 330,
        "asking": 91,
        "unread": 8,
        "papers": 1849,
        "headings": 13,
        "of_a_situation": 976,
        "uncounted": 224,
    }


def test_every_paper_of_the_catalogue_can_be_reached_by_answering(
    catalogue: dict[str, tuple[list[Published], Reading]],
) -> None:
    """No question without a paper, no condition on a question that does not arise."""
    for lines, read in catalogue.values():
        asked = {pair for line in read.lines if not line.is_heading for pair in line.when}
        for number, question in enumerate(read.questions):
            assert {(number, n) for n in range(len(question.answers))} <= asked
            assert question.when is None or question.when[0] < number
        for line, one in zip(read.lines, lines, strict=True):
            assert not one.is_note or not (line.is_heading or line.when)
            needed = {read.questions[number].when for number, _ in line.when} - {None}
            assert needed <= set(line.when)


def test_birth_registration_asks_nothing_and_counts_what_every_child_needs(
    catalogue: dict[str, tuple[list[Published], Reading]],
) -> None:
    lines, read = catalogue["1.001193"]
    counted = [
        one.name[:30]
        for one, line in zip(lines, read.lines, strict=True)
        if not line.is_conditional
    ]
    assert (len(lines), read.questions) == (8, ())
    assert [name.split(" (")[0][:15] for name in counted] == ["Giấy chứng sinh", "Hộ chiếu/Thẻ că"]


def test_answers_that_differ_only_far_behind_stay_whole() -> None:
    """Of 1.013949 two answers read the same to the last sign shown."""
    same = "Đối với việc giao đất, cho thuê đất " + "không thông qua đấu giá quyền sử dụng đất " * 3
    first, second, third = words.labels(
        [f"a) {same}thuộc diện chấp thuận", f"b) {same}không thuộc diện", f"c) Khác, {same}"]
    )
    assert first.endswith("thuộc diện chấp thuận")
    assert second.endswith("không thuộc diện")
    assert third.endswith("…")
