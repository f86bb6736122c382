"""What applicants are asked of how their dossier was handled: the contents of NĐ 61/2018 Đ31.1 in plain
words, and the two questions that practice added (chỉ số 10, 11).

Each answer is worth 2, 1 or 0 points, as the indices have it (R-96); a question without an answer is
none, not 0 (R-100). The three answers of chỉ số 11 are those of the published slips: the five levels
that some databases keep have no points in any rule, so nothing could be added up of the other two.
"""

from __future__ import annotations

from dataclasses import dataclass

POINTS = (2, 1, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """`name`: the column; `of`: its letter in Đ31.1, or its index; `answers`: for 2, 1 and 0 points;
    `short`: as a table calls it; `online`: asked only of what was filed on line.
    """

    name: str
    of: str
    text: str
    short: str
    answers: tuple[str, str, str]
    online: bool = False

    @property
    def choices(self) -> list[tuple[int, str]]:
        return list(zip(POINTS, self.answers, strict=True))


_SATISFIED = ("Rất hài lòng", "Hài lòng", "Không hài lòng")
OVERALL = Question(
    "overall", "chỉ số 11", "Nhìn chung, Ông/Bà có hài lòng không?", "Nhìn chung", _SATISFIED
)
QUESTIONS = (
    OVERALL,
    Question(
        "convenience", "chỉ số 10", "Ông/Bà có hài lòng về mức thuận tiện không?", "Thuận tiện",
        _SATISFIED,
    ),
    Question(
        "on_time", "a", "Kết quả được trả lúc nào?", "Thời gian trả kết quả",
        ("Sớm hơn hẹn", "Đúng hẹn", "Chậm hơn hẹn"),
    ),
    Question(
        "offices", "b", "Phải hỏi thêm mấy cơ quan, ngoài Bộ phận Một cửa?", "Số cơ quan phải liên hệ",
        ("Không phải hỏi", "Một cơ quan", "Từ hai cơ quan"),
    ),
    Question(
        "contacts", "c", "Phải đi lại, liên hệ mấy lần để bổ sung hồ sơ?", "Số lần phải liên hệ",
        ("Không lần nào", "Một lần", "Từ hai lần"),
    ),
    Question(
        "published", "d", "Thông tin về thủ tục có đúng, đủ, kịp thời không?", "Thông tin công khai",
        ("Đúng và đủ", "Còn thiếu", "Sai, hoặc không có"),
    ),
    Question(
        "manner", "đ", "Thái độ của cán bộ thế nào?", "Thái độ",
        ("Tốt", "Bình thường", "Chưa tốt"),
    ),
    Question(
        "lawful", "e", "Giấy tờ và tiền phải nộp có đúng quy định không?", "Đúng pháp luật, chi phí",
        ("Đúng", "Có chỗ chưa rõ", "Bị đòi thêm"),
    ),
    Question(
        "explained", "g", "Khi hỏi, khi góp ý, Ông/Bà có được giải thích không?", "Giải trình",
        ("Nhanh, rõ", "Chậm, hoặc chưa rõ", "Không được giải thích"),
    ),
    Question(
        "online", "h", "Nộp và theo dõi trên mạng thế nào?", "Dịch vụ công trực tuyến",
        ("Dễ dùng", "Còn vướng", "Không dùng được"), online=True,
    ),
)  # fmt: skip
NAMES = tuple(one.name for one in QUESTIONS)
# i) of Đ31.1: whatever else.
MOST_WORDS = 500


def asked_of(is_online: bool) -> tuple[Question, ...]:
    return tuple(one for one in QUESTIONS if is_online or not one.online)
