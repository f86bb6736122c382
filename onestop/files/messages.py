"""What people read when a file is refused."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "file_empty": "Tệp “{name}” không có nội dung. Hãy quét lại hoặc chọn tệp khác.",
        "file_too_big": "Tệp “{name}” lớn hơn {limit} MB. Hãy quét với độ phân giải thấp hơn (200–300 dpi) hoặc chia thành nhiều tệp.",
        "file_kind": "Không nhận tệp “{name}”. Hãy dùng một trong các loại: {allowed}.",
        "file_not_what": "Tệp “{name}” không phải là {said} như tên của nó. Hãy mở tệp để kiểm tra rồi lưu lại đúng loại, hoặc quét lại.",
        "file_macros": "Tệp “{name}” có chứa chương trình (macro) nên không được nhận. Hãy lưu lại thành PDF.",
        "file_password": "Tệp “{name}” có mật khẩu nên không ai mở được khi giải quyết. Hãy bỏ mật khẩu rồi lưu lại, hoặc quét lại.",
        "file_broken": "Tệp “{name}” bị hỏng hoặc bị cắt giữa chừng, không mở được. Hãy sao chép lại từ máy quét, hoặc quét lại.",
        "file_really": "Tệp “{name}” thực ra là {found}, chưa nhận được. Hãy lưu lại thành một trong các loại: {allowed}.",
        "file_missing": "Không tìm thấy nội dung của tệp “{name}” trong kho lưu trữ. Hãy báo quản trị hệ thống.",
        "file_unreadable": "Không đọc được nội dung của tệp “{name}” trong kho lưu trữ. Hãy báo quản trị hệ thống.",
        "file_missing_short": "không còn nội dung trong kho lưu trữ",
        "file_changed_short": "nội dung đã khác so với khi lưu (sai mã kiểm tra)",
        "file_unreadable_short": "không đọc được nội dung",
        "file_damaged": "Tệp số {number} của {about}: {what}.",
        "file_damaged_do": "Hãy khôi phục nội dung từ bản sao lưu vào {path} trong kho tệp, rồi mở lại để kiểm tra. "
        "Phiếu in được vẽ lại từ dữ liệu đã chốt; bản quét và kết quả thì không.",
        "file_no_room": "Chưa lưu được tệp “{name}”: máy chủ hết chỗ lưu. Hãy báo quản trị hệ thống ngay; những gì đã nhập vẫn còn.",
        "file_changed": "Nội dung tệp “{name}” đã khác so với khi tải lên (sai mã kiểm tra). Hãy báo quản trị hệ thống.",
    }
)
