"""Which originals go home with the result, read from the published words (R-80)."""

import pytest

from dossiers.intake.originals import goes_home, is_request

SHOW, HAND_IN = "* Giấy tờ phải xuất trình:", "* Giấy tờ phải nộp:"


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Hộ chiếu/Thẻ căn cước công dân/Căn cước điện tử hoặc các giấy tờ khác có dán ảnh", SHOW),
        ("Giấy tờ chứng minh nơi cư trú cuối cùng của người chết", SHOW),
        (
            "Giấy chứng nhận kết hôn nếu cha, mẹ đã đăng ký kết hôn. Trường hợp đã có thông tin thì không phải xuất trình.",
            SHOW,
        ),
        ("Xuất trình thẻ căn cước của công dân để cơ quan Công an kiểm tra", ""),
        ("- Thẻ căn cước hoặc hộ chiếu còn giá trị sử dụng", ""),
        ("Bản sao kèm bản chính để đối chiếu giấy tờ chứng minh thuộc đối tượng được miễn", ""),
        ("Bản sao kèm bản chính để đối chiếu giấy ra viện", HAND_IN),
        (
            "Bản chính giấy tờ, văn bản làm cơ sở để chứng thực bản sao và bản sao cần chứng thực.",
            "",
        ),
    ],
)
def test_what_was_shown_or_compared_goes_home(name: str, group: str) -> None:
    assert goes_home(name, group)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Tờ khai đăng ký khai sinh theo mẫu", HAND_IN),
        ("- Tờ khai đăng ký khai tử, xuất trình kèm căn cước", SHOW),
        ("Đơn đề nghị cấp giấy phép", ""),
        ("Giấy chứng sinh", HAND_IN),
        (
            "Văn bản ủy quyền; người được ủy quyền là cha, mẹ thì không phải xuất trình giấy tờ chứng minh",
            "",
        ),
        ("Giấy báo tử hoặc giấy tờ thay Giấy báo tử", ""),
        ("Thẻ căn cước của người làm chứng", HAND_IN),
    ],
)
def test_the_request_and_what_is_handed_in_stay_with_the_dossier(name: str, group: str) -> None:
    assert not goes_home(name, group)


def test_the_request_is_known_by_how_its_name_begins() -> None:
    assert is_request("* Đơn xin xác nhận")
    assert is_request("Phiếu yêu cầu")
    assert not is_request("Đông y: chứng chỉ hành nghề"), "a word, not its beginning"
    assert not is_request("Giấy chứng sinh")
