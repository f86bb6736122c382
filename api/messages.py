"""The sentences of the API and of its keys."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "api_key_officer": "Hãy chọn một tài khoản đang mở thuộc phạm vi bạn quản trị và đang giữ vai trò kiểm soát viên hoặc lãnh đạo.",
        "api_key_days": "Khóa dùng từ hôm nay đến nhiều nhất {days} ngày: hãy chọn ngày từ {first} đến {last}.",
        "api_key_ended": "Khóa này đã được thu hồi.",
        "api_unknown": "Thiếu khóa API, hoặc khóa sai, hết hạn, đã thu hồi.",
        "api_scope": "Khóa này không có phạm vi “{scope}”.",
        "api_missing": "Không tìm thấy.",
        "api_read_only": "Ở đây chỉ đọc: hãy hỏi bằng GET.",
        "api_malformed": "Không đọc được câu hỏi: hãy hỏi bằng GET, đúng địa chỉ máy chủ, không kèm nội dung, chữ viết bằng UTF-8.",
        "api_trouble": "Hệ thống đang bận hoặc gặp sự cố. Hãy hỏi lại sau ít phút.",
        "api_often": "Hỏi quá nhanh. Hãy hỏi lại sau {seconds} giây.",
        "api_unreadable": "Không đọc được: {parts}.",
        "api_cursor": "Không đọc được con trỏ “after”: hãy dùng giá trị “next” của câu trả lời trước.",
        "api_large": "Báo cáo này lớn: hãy lập trên trang Báo cáo, ký rồi hỏi lại.",
    }
)
