"""The sentences of what comes from a portal."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "online_code_missing": "Hãy quét, dán hoặc nhập mã hồ sơ của Cổng: hồ sơ nộp trực tuyến giữ mã này, không cấp mã khác.",
        "online_code_pattern": "Mã “{given}” không đúng mẫu mã của Cổng ({patterns}). Hãy đối chiếu lại với trang của Cổng.",
        "online_code_other": "Mã của Cổng chỉ dùng khi hình thức nộp là trực tuyến. Mã hồ sơ nộp trực tiếp, bưu chính do phần mềm cấp.",
        "online_elsewhere": "Mã {taken} đang chờ tiếp nhận tại {agency}. Hãy để nơi đó tiếp nhận.",
        "online_closed": "Mã {taken} đã được ghi là đã xử lý trên Cổng. Muốn tiếp nhận, hãy hoàn tác việc đó ở danh sách chờ tiếp nhận.",
        "online_taken_back": "Người nộp đã rút hồ sơ {taken} trên Cổng. Chỉ tiếp nhận khi người nộp đã nói lại với bạn: hãy hoàn tác ở danh sách chờ tiếp nhận trước.",
        "online_revised": "Cổng vừa gửi nội dung mới của hồ sơ này. Hãy mở lại từ danh sách chờ tiếp nhận rồi đối chiếu.",
        "online_filed_missing": "Hãy nhập giờ nộp trên Cổng (ngày/tháng/năm giờ:phút): 08 giờ làm việc phải tiếp nhận tính từ giờ này.",
        "online_filed_unreadable": "Không đọc được giờ nộp. Hãy viết như 20/11/2026 16:45.",
        "online_filed_ahead": "Giờ nộp trên Cổng không thể sau lúc này. Hãy đối chiếu lại với trang của Cổng.",
        "online_filed_before": "Giờ nộp trước năm 2015: khi đó chưa nhận hồ sơ qua Cổng. Hãy đối chiếu lại.",
        "online_filed_old": "Hồ sơ nộp trên Cổng đã quá {days} ngày. Nếu đúng vậy, hãy ghi lý do nay mới tiếp nhận.",
        "online_filed_differs": "Danh sách của Cổng ghi hồ sơ này nộp lúc {listed}: giờ nộp lấy theo danh sách. Hãy để trống ô này.",
        "online_not_waiting": "Hồ sơ này không còn chờ tiếp nhận: {who} đã xử lý lúc {at}. Hãy tải lại danh sách.",
        "online_reason": "Hãy ghi lý do: đã xử lý ở đâu, kết quả thế nào.",
        "online_cannot_undo": "Không hoàn tác được việc này: hồ sơ đã được tiếp nhận, hoặc danh sách đã thay đổi.",
        "online_fit_procedure": "Chưa rõ thủ tục, hoặc thủ tục không còn tiếp nhận: hãy chọn thủ tục để mở tờ tiếp nhận.",
        "online_fit_papers": "Thiếu {count} giấy tờ của danh mục: {papers}.",
        "online_list_over": "Danh sách này đã được ghi hoặc đã bỏ. Hãy tải danh sách khác.",
        "online_list_gone": "Tệp đã tải lên không còn. Hãy tải lại tệp.",
        "online_list_meanwhile": "Danh sách chờ vừa thay đổi. Hãy xem trước lại rồi ghi.",
        "online_row_code": "không có mã hồ sơ của Cổng đọc được",
        "online_row_pattern": "mã không đúng mẫu mã của nguồn",
        "online_row_filed": "không đọc được giờ nộp “{given}” (cần ngày/tháng/năm và giờ:phút)",
        "online_row_hour": "giờ nộp “{given}” chỉ có ngày, thiếu giờ:phút",
        "online_row_ahead": "giờ nộp {given} sau lúc này",
        "online_row_owner": "không có tên người nộp",
        "online_row_same_names": "nhiều thủ tục cùng tên ({codes}): người tiếp nhận chọn",
        "online_row_agency": "hồ sơ của cơ quan khác: {given}",
        "online_row_twice": "trùng mã với dòng {line}",
        "online_source_unknown": "Không có nguồn tên “{name}”. Các nguồn đang có: {names}.",
        "online_source_columns": "Nguồn “{name}” chưa có bảng cột được xác nhận. Hãy tải một danh sách trên trang Hồ sơ trực tuyến và xác nhận cột một lần.",
        "online_agency_unknown": "Không có cơ quan mã “{given}” đang hoạt động. Hãy ghi đúng mã cơ quan bằng --agency.",
        "online_pattern_signs": "Mẫu mã chỉ gồm chữ in hoa, số, dấu chấm, gạch nối và các ký hiệu #, #+, *.",
        "online_pattern_twice": "Mẫu mã không được có hai ký hiệu * liền nhau, hoặc # ngay sau #+.",
        "online_pattern_fixed": "Mẫu mã phải có ít nhất một ký hiệu # hoặc *.",
    }
)
