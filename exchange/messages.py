"""The sentences of what comes from other systems."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        # Answers to the sender.
        "exchange_unknown": "Không nhận: sai địa chỉ hoặc chữ ký.",
        "exchange_too_big": "Không nhận: thông điệp lớn hơn {limit} MB.",
        "exchange_often": "Không nhận: gửi quá nhanh, hãy gửi lại sau {seconds} giây.",
        "exchange_unreadable": "Không nhận: nội dung không phải JSON đọc được, hoặc quá sâu, quá nhiều phần tử.",
        "exchange_envelope": "Không nhận: thiếu hoặc sai {part}.",
        "exchange_service": "Không nhận: không có dịch vụ “{given}”.",
        "exchange_code": "Không nhận: không có mã hồ sơ đọc được.",
        "exchange_received": "Đã nhận.",
        "exchange_some": "Đã nhận {taken} hồ sơ, không nhận {refused} hồ sơ.",
        "exchange_known": "Đã nhận từ trước.",
        # What a message lacks.
        "missing_pattern": "Mã hồ sơ “{given}” không đúng mẫu mã của nguồn ({pattern}).",
        "missing_filed_at": "Không đọc được giờ nộp “{given}”.",
        "missing_filed_ahead": "Giờ nộp “{given}” sau lúc này hoặc trước năm 2015.",
        "missing_fault": "Phần mềm lỗi khi đọc thông điệp này, đã thử nhiều lần. Hãy báo bộ phận hỗ trợ kèm số thông điệp, rồi đọc lại.",
        "missing_unit": "Không có cơ quan có Bộ phận Một cửa mang mã “{given}” đang hoạt động.",
        "missing_unit_none": "Thông điệp không ghi mã cơ quan nhận.",
        "missing_unit_scope": "{given} không thuộc phạm vi của nguồn này.",
        "missing_procedure": "Mã thủ tục “{given}” không có trong danh mục và bảng ánh xạ của nguồn. Hãy thêm một dòng ánh xạ rồi đọc lại.",
        "missing_procedure_none": "Thông điệp không ghi mã thủ tục.",
        "missing_version": "Thủ tục {given} không còn tiếp nhận: {why}",
        "missing_case": "Thủ tục {given} có {count} trường hợp, bảng ánh xạ chưa nói là trường hợp nào. Hãy thêm hoặc sửa dòng ánh xạ.",
        "missing_case_gone": "Trường hợp “{name}” của bảng ánh xạ không có trong thủ tục {given} đang tiếp nhận. Hãy sửa dòng ánh xạ.",
        "missing_owner": "Không có tên chủ hồ sơ.",
        "missing_value": "Không rõ giá trị “{given}” của {field}.",
        "missing_paid": "Thủ tục phải thanh toán trước, thông điệp chưa ghi giờ thanh toán. Sẽ đọc lại khi Cổng gửi cập nhật.",
        "missing_received": "Hồ sơ đã được tiếp nhận, Cổng gửi nội dung mới: hãy đối chiếu với hồ sơ rồi đóng thông điệp này.",
        "missing_elsewhere": "Mã này đang chờ tiếp nhận tại {agency}.",
        "missing_other_source": "Mã này là của nguồn {source}, không phải của nguồn gửi thông điệp. Hãy hỏi lại nơi gửi.",
        "missing_closed": "Mã này đã được ghi là đã xử lý trên Cổng, nay Cổng gửi nội dung mới.",
        "missing_recalled": "Người nộp rút hồ sơ trên Cổng, nhưng hồ sơ đã được tiếp nhận: hãy làm thủ tục rút hồ sơ hoặc báo lại người nộp, rồi đóng thông điệp này.",
        # What is odd about what was taken.
        "note_placeholder": "Cổng gửi số giấy tờ giả “{given}”: đã bỏ trống, hãy hỏi lại người nộp.",
        "note_district": "Địa chỉ ghi mã huyện {given} (trước 7/2025): hãy đối chiếu địa chỉ.",
        "note_papers": "Không rõ là giấy tờ nào của danh mục: {names}.",
        "note_number": "Số “{given}” dài quá, đã bỏ trống.",
        # Files.
        "file_expired": "đường dẫn đã hết hạn hoặc bị từ chối (mã {status})",
        "file_larger": "tệp lớn hơn dung lượng đã báo hoặc lớn hơn {limit} MB",
        "file_smaller": "tệp không đủ dung lượng đã báo",
        "file_hash": "nội dung khác mã kiểm tra đã báo",
        "file_address": "địa chỉ không được phép tải (phải là https, không phải máy nội bộ)",
        "file_slow": "tải quá lâu",
        "file_away": "không kết nối được hoặc chứng thư không hợp lệ",
        "file_fault": "phần mềm lỗi khi tải",
        "file_turned": "chuyển hướng quá nhiều lần",
        "file_no_base64": "nội dung trong thông điệp không đọc được",
        "file_refused": "{why}",
        # Acts.
        "exchange_not_held": "Thông điệp này không còn chờ xử lý. Hãy tải lại trang.",
        "exchange_reason": "Hãy ghi lý do đóng thông điệp.",
        "exchange_mapping_twice": "Đã có dòng ánh xạ của mã này bắt đầu từ ngày đó.",
        "exchange_mapping_procedure": "Không có thủ tục mã “{given}” trong danh mục.",
        "exchange_mapping_place": "Dòng “{given}” không đúng dạng “tên ở đây = vị trí trong thông điệp”.",
    }
)
