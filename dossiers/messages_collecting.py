"""The sentences of refusals about telling people that their result is ready."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "told_to_missing": "Hãy ghi người được báo.",
        "early_untold": "Kết quả có trước ngày hẹn ({due}) mà chưa lưu lần báo nào. Hãy báo người nộp rồi chọn cách đã báo ở mục “Báo trước khi trả”; người nộp đang ở quầy thì chọn “Báo trực tiếp”.",
        "early_untold_many": "{count} hồ sơ đã chọn có kết quả trước ngày hẹn mà chưa lưu lần báo nào. Hãy báo người nộp rồi chọn cách đã báo.",
        "signed_what": "Chỉ đánh dấu khi đã trả kết quả và có bản quét của giấy người nhận đã ký.",
        "not_signed_why": "Người nhận không ký thì hãy ghi vì sao vào Ghi chú.",
        "not_reached_why": "Chưa báo được thì hãy ghi vì sao, ví dụ: không nghe máy, số sai.",
    }
)
