"""The sentences of refusals of consultations (lấy ý kiến) and of minutes of verifications."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "consult_missing": "Hãy ghi nội dung cần lấy ý kiến.",
        "consult_nobody": "Hãy chọn phòng, cơ quan hoặc ghi tên cơ quan cần lấy ý kiến.",
        "consult_own": "Hồ sơ đang ở chính {name}. Hãy chọn phòng, cơ quan khác.",
        "consult_asked": "{name} đang được lấy ý kiến và chưa trả lời. Hãy chờ trả lời, hoặc rút lần đó rồi lấy lại.",
        "consult_closed": "{name} không còn hoạt động. Hãy tải lại trang và chọn nơi khác.",
        "consult_many": "Mỗi lần lấy ý kiến nhiều nhất {most} nơi. Hãy lấy ý kiến thành nhiều lần.",
        "consult_past": "Hạn trả lời phải từ hôm nay trở đi, trước khi hết giờ làm việc của ngày đó.",
        "consult_day_off": "{day} là ngày nghỉ. Hãy chọn một ngày làm việc.",
        "consult_no_calendar": "Năm {year} chưa có lịch làm việc. Hãy chọn hạn trả lời trong năm đã có lịch.",
        "consult_file": "Tệp gửi kèm không còn trong hồ sơ. Hãy tải lại trang và chọn lại.",
        "consult_none": "Không còn lần lấy ý kiến nào chờ trả lời.",
        "consult_gone": "Lần lấy ý kiến này đã được trả lời hoặc đã rút. Hãy tải lại trang.",
        "consult_not_you": "Chỉ đơn vị được lấy ý kiến mới trả lời được.",
        "consult_early": "Chưa hết hạn trả lời ({day}). Hết hạn mới ghi là không trả lời.",
        "consult_silent": "Đã ghi hết thời hạn không trả lời.",
        "consult_why": "Hãy ghi lý do rút.",
        "opinion_missing": "Hãy ghi nội dung trả lời.",
        "opinion_said": "Hãy chọn đồng ý, không đồng ý hay ý kiến khác.",
        "opinion_day": "Ngày của văn bản trả lời phải từ ngày lấy ý kiến đến hôm nay.",
    }
)
SENTENCES.update(
    {
        "inspect_place": "Hãy ghi nơi thẩm tra, xác minh.",
        "inspect_people": "Hãy ghi người tham gia, mỗi dòng một người: họ tên, chức danh.",
        "inspect_many": "Biên bản có chỗ cho {most} người ký. Hãy bớt người, hoặc lập biên bản khác.",
        "inspect_content": "Hãy ghi nội dung thẩm tra, xác minh.",
        "inspect_conclusion": "Hãy ghi kết luận.",
        "inspect_time": "Thời gian phải từ lúc tiếp nhận đến lúc này.",
        "inspect_unreadable": "Không đọc được thời gian. Hãy ghi ngày và giờ, ví dụ 24/11/2026 08:30.",
    }
)
