"""What people read of what goes to other systems."""

from __future__ import annotations

from datetime import date, datetime

from dossiers.states import State
from onestop.errors import SENTENCES
from onestop.templatetags.formatting import day_words, vn_date

SENTENCES.update(
    nothing_to_send="Chưa có gì của hồ sơ này để gửi lại: lần làm việc tới trên hồ sơ sẽ được gửi.",
    reason_missing="Hãy nhập lý do thôi gửi.",
    nothing_waits="Không còn thông báo nào chờ gửi của hồ sơ này.",
    returned_there="Không hoàn tác được: {name} đã được báo là Đã trả kết quả và không nhận thông báo mở lại hồ sơ. Kết quả sai thì đính chính kết quả; trả nhầm thì báo quản trị thống nhất với nơi nhận trước.",
    cannot_ask="Nơi nhận không trả lời được câu hỏi về hồ sơ này. Xem hồ sơ ở trang của nơi nhận.",
    peer_away="Nơi nhận không trả lời ({why}). Hãy thử lại sau ít phút.",
    none_to_ask="Không còn hồ sơ nào của danh sách này để hỏi: hồ sơ chờ gửi được báo trong ít phút, hồ sơ chưa tiếp nhận thì không hỏi.",
    asked_just_now="{name} đang được hỏi về một danh sách khác. Hãy chờ lượt ấy xong rồi bấm lại.",
    being_sent="Thông báo của hồ sơ này đang được gửi. Hãy chờ một phút rồi thử lại.",
)

UNKNOWN = "Không rõ"
BY_SYSTEM = "Hệ thống"
NO_IDENTITY = "Thiếu số giấy tờ của chủ hồ sơ. Bổ sung số giấy tờ rồi gửi lại."
NO_DOSSIER = "Không còn hồ sơ của việc này để lập nội dung gửi."
NO_SERVICE = "Nơi nhận không có loại thông báo này (ví dụ: mở lại hồ sơ đã kết thúc)."
NO_STORE = "Nơi nhận không còn nhận kết quả vào kho."
LATE_AWAY = "Dữ liệu đồng bộ chậm: nơi nhận không trả lời."
LATE_REFUSED = "Dữ liệu đồng bộ sai: nơi nhận từ chối hoặc thiếu dữ liệu, xem lý do rồi gửi lại."
LATE_WAITS = "Dữ liệu đồng bộ chậm: còn chờ gửi."
LATE_WRONG = "Dữ liệu đồng bộ sai: nơi nhận ghi khác ở đây, bấm Gửi lại ở hồ sơ."
RESULT_UNSURE = "Báo trước khi hệ thống ghi nhận: chưa rõ nơi nhận có mã và liên kết kết quả chưa, bấm Gửi lại ở hồ sơ."
RESULT_NO_CODE = "Chưa báo mã kết quả: danh mục không cho biết chắc là kết quả nào."
RESULT_NO_LINK = "Chưa báo liên kết tệp kết quả."
RESULT_NEITHER = "Chưa báo mã và liên kết tệp kết quả."
REOPENED = "Mở lại hồ sơ đã kết thúc"
RUN_RESTORED = "Dừng khi khôi phục dữ liệu: cần thì hỏi lại."
NOT_CONNECTED = "Nơi nhận này không còn được nối."
ASKER_CLOSED = "Tài khoản của người yêu cầu đã ngừng dùng."
NOTHING_SAID = "Nơi nhận từ chối mà không nói vì sao."
UNREADABLE = "Nơi nhận trả lời không đúng dạng."
SIGN_IN_REFUSED = "Nơi nhận không cho đăng nhập. Kiểm tra tên, mật khẩu kết nối."


VOIDED = "Đã hủy tiếp nhận ở đây, nơi nhận vẫn còn hồ sơ: đề nghị nơi nhận xóa, rồi bấm Thôi gửi và ghi lý do."
RESTORED = "Giữ lại khi khôi phục dữ liệu: xem nơi nhận đang ghi gì, rồi bấm Gửi lại."
WITHDRAWN_THERE = "Nơi nhận ghi người nộp đã rút: xử lý yêu cầu rút rồi Thôi gửi; nếu vẫn giải quyết, bấm Gửi lại để mở lại ở nơi nhận."
# What was held so somebody has to look at before it is sent; other than what our own data lacked.
DECIDED = (RESTORED, WITHDRAWN_THERE, VOIDED)
VOIDED_UNTOLD = "Đã hủy tiếp nhận trước khi nơi nhận biết hồ sơ."
LOOKED_AT_AGAIN = "Xem xét lại: hồ sơ đang được kiểm tra trước khi tiếp nhận."
WAITS_AGAIN = "Hủy trả lời trước: hồ sơ đang chờ tiếp nhận."


NOT_THERE = "chưa ghi nhận hồ sơ này"
ON_ITS_WAY = "còn thông báo chờ gửi"
STOPPED_HERE = "đã ngừng gửi, quản trị xem ở Đối soát"


def no_owner_code(kind: str) -> str:
    return f"Bảng ánh xạ của nơi nhận không có mã loại đối tượng cho “{kind}”. Thêm dòng ánh xạ rồi gửi lại."


def asking_broken_off(name: str, why: str, done: int, of: int) -> str:
    return f"{name} không trả lời ({why}), dừng sau {done} trong {of} hồ sơ. Hãy thử lại sau: lần bấm tới hỏi những hồ sơ còn lại trước."


def holds(state: str, at: str) -> str:
    return f"ghi “{state}” lúc {at}"


def asked(at: str) -> str:
    return f"hỏi lại lúc {at} vẫn vậy"


def differs(what: list[str]) -> str:
    return f"lệch {', '.join(what)} so với ở đây"


# For the owner of the dossier, at the look-up and among the own dossiers.
def owner_not_there(name: str) -> str:
    return f"{name} có thể chưa hiện hồ sơ này; tình trạng đúng là ở trang này."


def owner_state(there: int | None) -> str:
    return f"“{State(there).label}”" if there is not None else "tình trạng khác"


def owner_due(there: datetime | None) -> str:
    return f"hẹn trả {day_words(there)}" if there else "chưa có ngày hẹn trả"


def owner_unlike(name: str, state: str, due: str) -> str:
    shown = ", ".join(filter(None, [state, due]))
    right = " và ".join([*["tình trạng"] * bool(state), *["ngày hẹn"] * bool(due)])
    return f"{name} có thể còn hiện {shown}; {right} đúng là ở trang này."


def owner_withdrew(name: str, label: str) -> str:
    return f"{name} ghi “{label}”, ở đây hồ sơ chưa được rút. Muốn rút hay giải quyết tiếp, đề nghị báo Bộ phận Một cửa."


RESULT = "Kết quả giải quyết"
REFUSAL = "Thông báo từ chối giải quyết hồ sơ"
FEE, CHARGE = "Phí", "Lệ phí"
OWED = "Phí, lệ phí phải nộp"


def paid(what: str, number: str) -> str:
    return f"{what} (biên lai {number})"


def obligation(what: str, pay_by: date | None) -> str:
    until = f", hạn nộp {vn_date(pay_by)}" if pay_by else ""
    return f"Nghĩa vụ tài chính phải nộp: {what}{until}"


def ended(reason: str, decision: str) -> str:
    return f"{reason} (quyết định số {decision})" if decision else reason


def apologised(reason: str, promised: datetime) -> str:
    return f"{reason} (ngày hẹn trả: {day_words(promised)})"


def moved(reason: str, before: datetime | None, after: datetime | None) -> str:
    days = [
        f"ngày hẹn trả {which}: {day_words(day)}"
        for which, day in (("cũ", before), ("mới", after))
        if day
    ]
    return f"{reason} ({'; '.join(days)})" if days else reason


def returned(way: str, post_number: str) -> str:
    return f"{way} (số phiếu gửi {post_number})" if post_number else way


def step(label: str, why: str) -> str:
    return f"{label}: {why}" if why else label


def no_code(state: int) -> str:
    return f"Trạng thái số {state} không có mã ở nơi nhận. Bổ sung bảng mã rồi gửi lại."


def too_long(field: str, most: int) -> str:
    return f"{field} dài hơn {most} ký tự, tên không được cắt bớt."


def away(why: str) -> str:
    return f"Nơi nhận không trả lời ({why})."
