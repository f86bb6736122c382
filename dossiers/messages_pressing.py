"""The sentences of refusals of an act on many dossiers."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "press_of_another": "Lần làm này của người khác. Hãy mở lại danh sách rồi chọn hồ sơ.",
        "press_under_way": "Lần làm này chưa xong. Hãy chờ xong rồi thử lại hoặc hoàn tác.",
        "press_nothing_refused": "Không còn hồ sơ nào chưa làm được trong các hồ sơ đã gửi. Hãy tải lại trang.",
        "press_gone": "Hồ sơ không còn thuộc phần việc của bạn: có người đã chuyển đi sau khi bạn bấm.",
        "press_closed": "Tài khoản của người bấm đã đóng nên không làm tiếp. Hãy giao người khác làm.",
        "press_killed": "Máy chủ dừng giữa chừng {tries} lần ở hồ sơ này; chưa ghi gì. Hãy báo quản trị hệ thống, rồi thử lại.",
        "press_failed": "Chưa làm được: {why}. Hãy thử lại sau; nếu vẫn vậy, báo quản trị hệ thống.",
    }
)
