"""What people read when a file is refused."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "file_empty": "Tệp “{name}” không có nội dung. Hãy quét lại hoặc chọn tệp khác.",
        "file_too_big": "Tệp “{name}” lớn hơn {limit} MB. Hãy quét với độ phân giải thấp hơn (200–300 dpi) hoặc chia thành nhiều tệp.",
        "file_kind": "Không nhận tệp “{name}”. Hãy dùng một trong các loại: {allowed}.",
        "file_not_what": "Tệp “{name}” không phải là {said} như tên của nó. Hãy mở tệp để kiểm tra rồi lưu lại đúng loại, hoặc quét lại.",
        "file_macros": "Tệp “{name}” có chứa chương trình (macro) nên không được nhận. Hãy lưu lại thành PDF.",
        "file_missing": "Không tìm thấy nội dung của tệp “{name}” trong kho lưu trữ. Hãy báo quản trị hệ thống.",
        "file_changed": "Nội dung tệp “{name}” đã khác so với khi tải lên (sai mã kiểm tra). Hãy báo quản trị hệ thống.",
    }
)
