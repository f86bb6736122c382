"""The sentences of partner offices and what they hand in."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "partner_none": "Tài khoản của bạn chưa thuộc đơn vị gửi hộ nào còn hiệu lực. Hãy hỏi quản trị của cơ quan quản lý đơn vị.",
        "partner_over": "{partner} không còn được gửi hộ hồ sơ. Hãy hỏi quản trị của cơ quan quản lý đơn vị.",
        "partner_counter": "{partner} không được gửi hồ sơ tới {agency} vào ngày này. Hãy chọn nơi nhận khác.",
        "partner_no_counter": "{partner} chưa được gửi hồ sơ tới nơi nào. Hãy hỏi quản trị của cơ quan quản lý đơn vị.",
        "partner_papers": "Hãy gửi kèm bản quét giấy tờ, hoặc chọn giấy tờ gửi theo túi thư.",
        "partner_paper_unknown": "Có giấy tờ không thuộc danh mục của trường hợp này. Hãy mở lại trang rồi chọn lại.",
        "partner_authorisation": "Hãy ghi văn bản ủy quyền hoặc hợp đồng thuê dịch vụ: số, ngày, nơi lập.",
        "partner_phone": "Hãy ghi điện thoại của chủ hồ sơ hoặc của người nộp thay: quầy cần để liên hệ.",
        "partner_twice": "Trang này đã gửi một hồ sơ khác. Hãy mở lại từ danh sách rồi gửi.",
        "partner_not_asked": "Hồ sơ này không ở trạng thái chờ bổ sung. Hãy tải lại trang để xem tình trạng mới.",
        "partner_answer": "Hãy gửi kèm giấy tờ bổ sung, hoặc ghi đã bổ sung những gì.",
        "partner_gone": "Hồ sơ {taken} không còn chờ tiếp nhận ở đây. Hãy xem lại danh sách chờ tiếp nhận.",
        "partner_channel": "Hồ sơ này do đơn vị gửi hộ nộp theo hình thức “{way}”: hình thức nộp giữ như vậy để báo cáo đếm đúng.",
        "partner_waits_not": "Hồ sơ này không còn chờ tiếp nhận, không rút được. Hãy liên hệ quầy tiếp nhận.",
        "partner_fit_follows": "Giấy tờ gửi theo túi thư: mở tờ tiếp nhận, đối chiếu giấy tờ đã đến rồi tiếp nhận.",
        "partner_dates": "Ngày kết thúc phải từ ngày bắt đầu trở đi.",
        "partner_agency": "Nơi nhận phải là nơi có Bộ phận Một cửa, là cơ quan quản lý đơn vị hoặc thuộc cơ quan đó.",
        "partner_known": "{agency} đã có trong danh sách {days}, trùng những ngày này. Hãy kết thúc dòng đó trước, hoặc chọn những ngày khác.",
        "partner_officer": "Không có tài khoản “{given}” đang mở giữ vai trò Nhân viên đơn vị gửi hộ tại {agency}. Hãy giao vai trò ở trang Cán bộ trước.",
        "partner_officer_other": "{name} thuộc {other} {days}, trùng những ngày này. Hãy kết thúc ở đó trước, hoặc chọn những ngày khác.",
        "partner_is_post": "Đơn vị bưu chính gửi hồ sơ theo hình thức bưu chính công ích.",
        "partner_is_not_post": "Chỉ đơn vị bưu chính gửi hồ sơ theo hình thức bưu chính công ích.",
    }
)
