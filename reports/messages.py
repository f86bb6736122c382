"""The sentences of this app's refusals: what is wrong and what to do."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "period_unreadable": "Không đọc được kỳ báo cáo “{text}”. Hãy viết như 2026Q3, 2026M10, 2026H1, 2026Y, 2026-10 hoặc "
        "2026-05-01..2026-07-31.",
        "period_reversed": "Ngày cuối của kỳ báo cáo đứng trước ngày đầu. Hãy đổi lại hai ngày.",
        "form_unknown": "Không có biểu mẫu “{form}” có hiệu lực trong kỳ này. Các biểu có: {known}.",
        "variant_unknown": "Biểu {form} không có cách ghi “{variant}”. Các cách có: {known}.",
        "agency_unknown": "Không có cơ quan nào mang mã {agency}. Hãy xem mã ở trang Quản trị, mục Cơ quan.",
        "cut_ahead": "Thời điểm chốt {cut} chưa tới. Hãy chọn thời điểm đã qua, số liệu khi đó mới không đổi nữa.",
        "period_runs": "Kỳ báo cáo chưa hết ngày {last}. Hãy lập báo cáo để ký sau ngày đó; trước đó chỉ xem được số liệu tạm tính.",
        "list_unsigned": "Danh sách và sổ không lập để ký như báo cáo: hãy in hoặc tải về.",
        "report_waits": "Báo cáo này (lần {version}) đang chờ lãnh đạo ký. Muốn lập lại, hãy đề nghị lãnh đạo trả lại để sửa.",
        "report_signed": "Báo cáo này đã được ký (lần {version}). Số liệu ghi sau đó vào phần điều chỉnh của kỳ sau.",
        "report_gone": "Báo cáo này đã được xử lý. Hãy tải lại trang.",
        "signs_own": "Người lập không tự ký được: cần lãnh đạo khác ký.",
        "report_problems": "Báo cáo còn chỗ chưa khớp nên chưa ký được: {first}",
        "report_changed": "Nội dung báo cáo khác với lúc lập. Hãy báo quản trị kiểm tra, không ký.",
        "report_not_yours": "Việc này do người giữ vai trò {role} của {agency} làm. Hãy chuyển báo cáo cho người đó.",
        "report_not_above": "Chỉ cơ quan cấp trên nhận báo cáo của {agency} mới trả lại để sửa.",
        "cause_not_yours": "Nguyên nhân quá hạn do trưởng phòng, lãnh đạo hoặc đầu mối kiểm soát của {agency} ghi.",
        "cause_not_late": "Hồ sơ này không quá hạn nên không có nguyên nhân để ghi.",
        "cause_detail": "Hãy nói rõ: thủ tục và quy định nào chưa hợp lý, hoặc nguyên nhân khác là gì.",
        "cause_twice": "Vừa có người ghi nguyên nhân của hồ sơ này. Hãy tải lại trang rồi xem lại.",
        "cause_department": "Đơn vị chịu trách nhiệm phải thuộc cơ quan giải quyết hồ sơ. Hãy chọn lại.",
        "run_failed": "Không lập được báo cáo: {why}.",
        "run_killed": "Không lập được báo cáo: tiến trình xử lý bị dừng giữa chừng {tries} lần. Hãy báo quản trị kiểm tra máy chủ.",
        "run_not_over": "Báo cáo này đang được lập hoặc đã lập xong. Hãy tải lại trang.",
        "form_twice": "Biểu này đã có bản hiệu lực từ ngày đó hoặc muộn hơn. Hãy chọn ngày muộn hơn.",
        "brought_ahead": "Kỳ này từ ngày {first} mới bắt đầu. Hãy chọn kỳ của số liệu trong tệp.",
        "brought_gone": "Tệp đã tải lên không còn. Hãy tải lại tệp.",
        "brought_over": "Tệp này đã được ghi, đã bỏ hoặc đã hoàn tác. Hãy tải lại trang.",
        "brought_twice": "Tệp này đã được ghi cho kỳ này rồi, không ghi lần nữa.",
        "brought_nothing": "Không có dòng nào ghi được. Hãy chọn đơn vị cho các dòng, hoặc sửa tệp rồi tải lại.",
        "brought_columns": "Chưa xác nhận các cột của tệp. Hãy xem lại từng cột rồi bấm Xác nhận cột.",
        "brought_number": "{column}: không đọc được số “{given}”",
        "brought_sum": "{column}: tệp ghi {said}, các phần cộng lại là {added}",
        "brought_unsaid": "Chưa xác định được cột: {column}. Hãy chọn cột đó, hoặc đủ các cột cộng thành nó.",
        "brought_empty": "không có số liệu nào",
        "brought_here": "đơn vị này có {count} hồ sơ trong hệ thống ở kỳ này, cộng thêm sẽ tính hai lần",
        "brought_repeated": "đơn vị này có ở nhiều dòng: {lines}",
        "brought_same": "giống số đã ghi từ tệp {file}",
        "brought_changed": "thay cho số đã ghi từ tệp {file}",
        "measure_unknown": "Cột ({column}) của biểu {form} dùng số đo “{measure}” chưa có. Hãy chọn số đo khác.",
    }
)
