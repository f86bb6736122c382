"""The sentences of refusals about fees, receipts and cash."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "not_cashier": "Việc này do người thu phí, lệ phí của quầy tiếp nhận hồ sơ thực hiện.",
        "not_book_keeper": "Quyển biên lai do người thu phí, lệ phí hoặc lãnh đạo của cơ quan quản lý.",
        "fee_nothing": "Hãy nhập số tiền thu ở ô phí hoặc ô lệ phí.",
        "fee_more": "Số tiền nhiều hơn số còn phải thu ({owed}). Hãy xem lại, hoặc ghi lý do thu thêm.",
        "fee_relief_more": "Số tiền thu không ít hơn số còn phải thu. Không miễn, giảm thì xóa ô miễn, giảm.",
        "nothing_owed": "Hồ sơ không còn khoản nào phải thu.",
        "fee_relief_why": "Hãy ghi đối tượng và giấy tờ được miễn.",
        "fee_reference": "Chuyển khoản thì hãy ghi mã giao dịch.",
        "no_book": "Quầy chưa có quyển biên lai đang dùng. Người thu phí, lệ phí hoặc lãnh đạo nhận quyển ở trang Quyển biên lai.",
        "series_gone": "Quyển biên lai này không còn dùng. Hãy chọn quyển khác.",
        "series_used_up": "Quyển {series} đã hết số. Hãy chọn quyển khác, hoặc nhờ người thu phí, lệ phí hay lãnh đạo nhận quyển mới.",
        "receipt_number_other": "Số tiếp theo của quyển là {next}. Tờ trên tay khác số thì nhờ người thu phí, lệ phí hoặc lãnh đạo ghi các số bị hỏng, mất ở trang Quyển biên lai rồi mới thu.",
        "receipt_gone": "Biên lai này không còn giá trị. Hãy tải lại trang.",
        "receipt_asked": "Biên lai này đang có đề nghị chờ duyệt.",
        "receipt_answered": "Đề nghị này đã được trả lời. Hãy tải lại trang.",
        "own_receipt": "Người thu tiền hoặc người đề nghị không tự duyệt hủy biên lai, hoàn tiền của mình. Hãy để lãnh đạo khác duyệt.",
        "void_after_refund": "Biên lai đã hoàn một phần thì không hủy được nữa. Hãy hoàn phần còn lại.",
        "refund_amount": "Số tiền hoàn phải từ 1 đồng đến {most}.",
        "void_fee_taken": "Hồ sơ đã thu phí, lệ phí. Hãy đề nghị hủy biên lai và trả lại tiền trước, rồi hủy tiếp nhận.",
        "drawer_counted": "Quỹ vừa được chốt. Hãy bấm lại: khoản này tính vào lần chốt sau.",
        "drawer_whose": "Chỉ trưởng phòng, lãnh đạo chốt thay quỹ của người không còn thu phí, lệ phí ở quầy.",
        "drawer_empty": "Từ lần chốt trước chưa có khoản tiền mặt nào.",
        "drawer_waits": "Còn tiền đã giao mà người nhận chưa xác nhận. Hãy để họ xác nhận, hoặc thôi giao, rồi chốt.",
        "count_unexplained": "Số đếm được khác số phải có ({expected}). Hãy đếm lại; vẫn khác thì ghi giải trình.",
        "cash_taker": "Hãy chọn người thu phí, lệ phí khác của quầy.",
        "cash_amount": "Số tiền giao phải từ 1 đồng đến số đang có trong quỹ ({there}).",
        "cash_gone": "Lần giao tiền này không còn chờ xác nhận. Hãy tải lại trang.",
        "book_agency_ended": "{agency} đã kết thúc hoạt động nên không nhận quyển biên lai mới. Hãy nhận quyển cho cơ quan tiếp quản.",
        "book_range": "Số cuối của quyển phải không nhỏ hơn số đầu; biên lai giấy phải có số cuối.",
        "book_overlaps": "Số của quyển trùng với quyển {other} đã có cùng ký hiệu. Hãy xem lại số đầu, số cuối.",
        "book_twice": "Quyển này đã được nhập.",
        "account_bank": "Hãy chọn ngân hàng trong danh sách.",
        "account_number": "Số tài khoản chỉ gồm chữ số và chữ cái không dấu, nhiều nhất {most} ký tự. Hãy xem lại.",
        "account_day": "Tài khoản dùng từ hôm nay hoặc một ngày sau. Hãy xem lại ngày.",
        "spoil_range": "Chỉ ghi hỏng, mất từ số tiếp theo ({next}) trở đi, trong quyển, mỗi lần nhiều nhất {most} số.",
    }
)
