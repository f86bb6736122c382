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
        "procedures.no_decision": "Hãy ghi số quyết định công bố.",
        "procedures.effective_before_signed": "Ngày hiệu lực không thể trước ngày ký.",
        "procedures.after_end": "Thủ tục {procedure}: phiên bản này hết hiệu lực từ {day}, ngày hiệu lực phải trước ngày đó.",
        "procedures.before_start": "Ngày bãi bỏ không thể trước ngày có hiệu lực {day}.",
        "procedures.not_newest": "Thủ tục đã có phiên bản mới hơn hoặc đã bãi bỏ. Hãy tải lại trang.",
    }
)
