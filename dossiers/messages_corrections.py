"""The sentences of refusals when a reception is voided or corrected."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "correct_nothing": "Chưa có thông tin nào khác với giấy tiếp nhận đã in. Hãy sửa chỗ sai rồi lưu.",
        "correct_stored": "Giấy tờ lấy từ kho theo số giấy tờ cũ là của người khác, không dùng được cho số đúng. Hãy bỏ đánh dấu Từ CSDL của giấy tờ đó và ghi số bản đã nhận.",
        "correct_person": "Đổi cả họ tên lẫn số giấy tờ là đổi sang người khác, không phải đính chính. Hãy chỉ sửa chỗ gõ sai; nhận nhầm người thì hủy tiếp nhận.",
        "void_passed_on": "Hồ sơ đã được chuyển đi và đã có người nhận bàn giao nên không hủy tiếp nhận được. Hãy dùng “Rút hồ sơ” hoặc “Dừng giải quyết”.",
        "void_confirmed": "Đã có người nhận bàn giao hồ sơ này nên không hủy tiếp nhận được. Hãy dùng “Rút hồ sơ” hoặc “Dừng giải quyết”.",
        "void_late": "Hồ sơ đã quá hạn nên không hủy tiếp nhận được. Hãy dùng “Rút hồ sơ” hoặc “Dừng giải quyết”.",
        "void_day_over": "Chỉ hủy tiếp nhận được trong ngày làm việc đã tiếp nhận. Hãy dùng “Rút hồ sơ” hoặc “Dừng giải quyết”.",
        "void_online": "Hồ sơ nộp trực tuyến mang mã của Cổng, hủy rồi không tiếp nhận lại được. Hãy dùng “Rút hồ sơ” hoặc “Dừng giải quyết”.",
        "void_gone": "Đề nghị hủy tiếp nhận này không còn chờ: đã có người trả lời, đã trình người khác, hoặc đã hủy xong.",
        "void_no_slip": "Hồ sơ đã hủy tiếp nhận: không lập giấy tiếp nhận được.",
        "void_twice": "Vừa có người khác trình đề nghị hủy tiếp nhận của hồ sơ này. Hãy mở lại trang.",
    }
)
