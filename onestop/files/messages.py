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
        "file_altered": "Tệp “{name}” đã bị sửa sau khi ký số ({by}) nên không được nhận. Hãy lấy lại bản gốc từ nơi đã ký.",
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
        "file_infected": "Tệp “{name}” có mã độc nên bị từ chối và không được lưu. Đừng mở tệp này; quản trị hệ thống đã được báo. Hãy quét lại giấy tờ từ máy khác.",
        "file_not_checked": "Chưa nhận được tệp “{name}” vì máy kiểm tra vi-rút không trả lời. Hãy thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống.",
        "file_check_limit": "Tệp “{name}” lớn hơn mức máy kiểm tra vi-rút nhận (StreamMaxLength) nên chưa nhận được. Hãy chia nhỏ tệp và báo quản trị hệ thống.",
        "trial_key_there": "Trong {folder} đã có khóa. Hãy chọn thư mục khác, hoặc xóa khóa thử cũ.",
        "move_no_source": "Chưa biết chuyển từ kho nào. Hãy đặt STORAGE_BEFORE hoặc thêm --from (disk là thư mục trên máy).",
        "move_same": "Kho cũ và kho mới là một: không có gì để chuyển.",
        "move_address": "Không hiểu địa chỉ kho “{url}”, hoặc chưa đặt AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY. Hãy dùng disk, file:///thư-mục hoặc s3://tên/thư-mục?endpoint=https://…",
        "move_not_in_use": "Lưu ý: phần mềm chưa ghi vào kho mới này (STORAGE_URL). Tệp mới vẫn vào kho cũ: hãy chạy lại sau khi đã đổi STORAGE_URL.",
        "move_away": "Một trong hai kho tệp không trả lời hoặc không đọc, ghi được. Phần đã chép vẫn còn: chạy lại để làm tiếp.",
        "move_step": "{folder} đã chép {copied} tệp, {there} tệp đã có",
        "move_damaged": "{path}: hỏng ở kho cũ (sai mã kiểm tra), không chép. Hãy khôi phục từ bản sao lưu.",
        "move_different": "{path}: hai kho có nội dung khác nhau, không ghi đè. Hãy xem rồi xóa bản sai.",
        "move_not_taken": "{path}: kho mới trả lại nội dung khác. Hãy chạy lại.",
        "move_missing": "{path}: dữ liệu có nhắc đến nhưng kho mới không có.",
        "move_more": "… và {count} tệp nữa (thêm --json để xem đủ).",
        "move_counts": "Đã chép {copied} tệp ({bytes} byte); {there} tệp đã có từ trước.",
        "move_done": "Mọi tệp đã ở kho mới.",
        "move_not_done": "Chưa xong: {count} tệp thiếu hoặc hỏng.",
        "file_changed": "Nội dung tệp “{name}” đã khác so với khi tải lên (sai mã kiểm tra). Hãy báo quản trị hệ thống.",
    }
)
