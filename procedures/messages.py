"""The Vietnamese sentences of the catalogue's errors and denials."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "procedures.published": "Phiên bản thủ tục đã công bố không sửa được. Hãy nhập dữ liệu công bố mới: hệ thống lập phiên bản mới.",
        # receiving
        "procedures.abolished": "Thủ tục {procedure} đã bãi bỏ, không nhận hồ sơ mới.",
        "procedures.not_in_force": "Phiên bản này của thủ tục {procedure} không có hiệu lực vào ngày {day}. Hãy chọn lại thủ tục.",
        "procedures.needs_term": "Thủ tục {procedure} đang chờ xác nhận thời hạn, chưa nhận hồ sơ được. Hãy báo đầu mối kiểm soát thủ tục.",
        "procedures.no_post": "Thủ tục {procedure} không nhận qua bưu chính công ích.",
        "procedures.no_method": "Thủ tục {procedure} không có hình thức nộp “{channel}”.",
        # published lists
        "procedures.not_listed": "Thủ tục {procedure} không có trong danh mục công bố tiếp nhận tại {counter}. "
        "Hãy hướng dẫn người nộp đến đúng nơi; nếu danh mục thiếu, báo đầu mối kiểm soát thủ tục.",
        "procedures.list_abolished": "Thủ tục {procedure} đã được bãi bỏ khỏi danh mục công bố, {counter} không nhận hồ sơ mới.",
        "procedures.not_at_counter": "Thủ tục {procedure} không tiếp nhận tại {counter}: {why}.",
        "procedures.not_lists_publisher": "Đầu mối kiểm soát thủ tục hành chính cấp tỉnh soạn và công bố danh mục.",
        "procedures.not_lists_checker": "Đầu mối kiểm soát hoặc lãnh đạo cấp tỉnh kiểm tra danh mục.",
        "procedures.decision_twice": "Quyết định số {number} năm {year} đã có. Hãy mở quyết định đó, hoặc ghi đúng số.",
        "procedures.list_corrects": "Chỉ đính chính được quyết định đã công bố của cùng cơ quan.",
        "procedures.list_unknown_codes": "Chưa có trong cơ sở dữ liệu thủ tục: {codes}. Hãy nhập danh mục thủ tục trước, hoặc sửa mã.",
        "procedures.list_no_codes": "Hãy ghi ít nhất một mã thủ tục, ví dụ 1.001193.",
        "procedures.list_why_not": "Thủ tục {procedure} không tiếp nhận tại Bộ phận Một cửa: hãy ghi lý do.",
        "procedures.list_too_long": "Một quyết định có nhiều nhất {most} dòng. Hãy tách thành nhiều quyết định.",
        "procedures.list_own_draft": "Người soạn không tự kiểm tra. Hãy nhờ đầu mối kiểm soát hoặc lãnh đạo khác của cơ quan công bố.",
        "procedures.list_empty": "Danh mục chưa có dòng nào. Hãy thêm thủ tục trước.",
        "procedures.list_not_checked": "Danh mục chưa được kiểm tra, hoặc đã sửa sau khi kiểm tra. Hãy kiểm tra lại trước khi công bố.",
        "procedures.list_published": "Quyết định này đã công bố, không sửa được. Hãy lập quyết định khác để sửa đổi hoặc đính chính.",
        "procedures.list_dropped": "Bản soạn này đã bỏ.",
        "procedures.list_changed": "Bản soạn vừa có người khác sửa. Hãy tải lại trang rồi làm tiếp; không có gì bị ghi đè.",
        # import
        "procedures.file_missing": "Không mở được tệp {file}. Hãy kiểm tra đường dẫn và quyền đọc.",
        "procedures.file_too_big": "Tệp {file} nặng {size} MB, quá mức {most} MB. Hãy tách thành nhiều tệp nhỏ hơn.",
        "procedures.file_not_json": "Tệp {file} không phải JSON đọc được. Hãy xuất lại tệp từ nguồn.",
        "procedures.file_cut_short": "Tệp {file} bị cắt ngang, thiếu phần cuối. Hãy tải lại tệp đầy đủ.",
        "procedures.file_not_list": "Tệp {file} không chứa danh sách bản ghi. Tệp đúng bắt đầu bằng dấu “[”.",
        "procedures.file_empty": "Tệp {file} không có bản ghi nào.",
        "procedures.import_conflict": "Có người đang nhập danh mục cùng lúc, lần nhập này chưa ghi gì. Hãy chạy lại.",
        # the controller's desk
        "procedures.not_publisher": "Danh mục thủ tục dùng chung cho mọi cơ quan: đầu mối kiểm soát thủ tục hành chính cấp tỉnh "
        "(nơi công bố) xác nhận thời hạn, ngày hiệu lực và bãi bỏ. Nếu thấy sai, hãy đề nghị cấp tỉnh xử lý.",
        "procedures.term_confirmed": "Thời hạn của thủ tục này đã được {who} xác nhận lúc {at}. Không có gì bị ghi đè.",
        "procedures.term_missing": "{row}: hãy chọn hoặc ghi thời hạn.",
        "procedures.term_unreadable": "{sentence}",
        "procedures.fee_unreadable": "Mức phí phải là số tiền từ 0 đồng.",
        "procedures.no_case_left": "Phải giữ lại ít nhất một trường hợp.",
        "procedures.same_case_names": "Các trường hợp phải có tên khác nhau.",
        "procedures.mode_basis": "Hãy ghi văn bản quy định cách tính này: mặc định là tính lại từ đầu.",
        "procedures.same_mode": "Phiên bản này đang {mode}, không có gì để đổi.",
        "procedures.not_ready": "Chỉ đổi được ở phiên bản đã công bố. Phiên bản chờ xác nhận thì chọn khi xác nhận thời hạn.",
        "procedures.several_cases": "Thủ tục có nhiều trường hợp, hãy xác nhận riêng.",
        "procedures.other_words": "Chữ ghi trong CSDL quốc gia khác, hãy xác nhận riêng.",
        "procedures.fee_answered": "Mức phí này vừa có người trả lời hoặc thủ tục đã có phiên bản khác.",
        # confirming anew and taking back
        "procedures.no_reason": "Hãy ghi lý do, căn cứ.",
        "procedures.situation_missing": "Hãy ghi tên trường hợp phải nộp giấy tờ này.",
        "procedures.nothing_changed": "Chưa có gì khác với nội dung đang công bố. Hãy sửa chỗ sai, hoặc rời trang.",
        "procedures.not_published": "Phiên bản này không phải phiên bản đang công bố. Hãy mở lại lịch sử của thủ tục.",
        "procedures.ended": "Phiên bản này đã hết hiệu lực từ {day}. Hãy mở phiên bản thay thế.",
        "procedures.corrected_first": "{who} đã xác nhận lại lúc {at}, thành phiên bản {number}. Không có gì bị ghi đè: hãy xem phiên bản đó trước.",
        "procedures.received_under": "Đã có {number} hồ sơ nhận theo phiên bản này nên không rút lại được. Hãy xác nhận lại: hồ sơ đã nhận giữ lời hẹn cũ.",
        "procedures.acted_since": "Sau đó đã có việc khác với phiên bản này ({act}) nên không rút lại được. Hãy xác nhận lại.",
        "procedures.nothing_to_take_back": "Thời hạn của phiên bản này lấy từ dữ liệu nhập, không có lần xác nhận nào để rút. Hãy xác nhận lại.",
        "procedures.answer_undone": "Câu trả lời này đã được rút lại.",
        "procedures.answer_stays": "Không rút lại được nữa: mọi thủ tục trong lần này đã có hồ sơ nhận hoặc đã có người xử lý tiếp. Hãy xác nhận lại từng thủ tục.",
        # an upload
        "procedures.not_importer": "Danh mục thủ tục dùng chung cho mọi cơ quan: đầu mối kiểm soát hoặc quản trị cấp tỉnh nhập danh mục.",
        "procedures.upload_not_previewed": "Tệp này không còn ở bước xem trước: đã nhập, đã bỏ, hoặc đang nhập. Hãy tải lại trang.",
        "procedures.upload_gone": "Tệp đã tải lên không còn trong kho. Hãy tải lên lại.",
        "procedures.upload_nothing": "Không còn bản ghi nào để nhập. Hãy bỏ đánh dấu ở bản ghi cần nhập.",
        "procedures.no_decision": "Hãy ghi số quyết định công bố.",
        "procedures.effective_before_signed": "Ngày hiệu lực không thể trước ngày ký.",
        "procedures.after_end": "Thủ tục {procedure}: phiên bản này hết hiệu lực từ {day}, ngày hiệu lực phải trước ngày đó.",
        "procedures.before_start": "Ngày bãi bỏ không thể trước ngày có hiệu lực {day}.",
        "procedures.not_newest": "Thủ tục đã có phiên bản mới hơn hoặc đã bãi bỏ. Hãy tải lại trang.",
    }
)
