"""What backup and restore say when they refuse."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "backup_exists": "Tệp {path} đã có. Bản sao lưu không bao giờ ghi đè: hãy đặt tên khác.",
        "backup_no_folder": "Không có thư mục {path}, hoặc không ghi được vào đó. Hãy tạo thư mục hoặc cấp quyền ghi rồi chạy lại.",
        "backup_under_way": "Đang có một lần sao lưu khác ghi vào {path}. Hãy đợi lần đó xong.",
        "backup_no_room": "Hết chỗ trên đĩa (hoặc trong thư mục tạm) khi ghi {path}. Phần ghi dở đã được xóa; hãy giải phóng chỗ rồi chạy lại.",
        "backup_database": "Không đọc được cơ sở dữ liệu ({error}): chưa được tạo, máy chủ chưa chạy hoặc đang bận. Hãy kiểm tra rồi chạy lại.",
        "backup_store_away": "Kho tệp không trả lời hoặc từ chối. Chưa có gì thay đổi; hãy kiểm tra STORAGE_URL và đường truyền rồi chạy lại.",
        "backup_recipient": "“{recipient}” không phải khóa công khai age (dạng age1…). Tạo cặp khóa bằng age-keygen và giữ khóa bí mật ở nơi khác máy chủ.",
        "backup_not_migrated": "Cấu trúc cơ sở dữ liệu không đúng phiên bản chương trình này ({name}). Hãy chạy manage.py migrate rồi sao lưu.",
        "backup_read_back": "Đọc lại {path} thấy khác với những gì đã ghi: ổ đĩa hỏng hoặc có chương trình khác can thiệp. Bản sao lưu này đã bị bỏ; hãy thử ổ đĩa khác.",
        "backup_missing": "Không đọc được tệp {path}. Hãy kiểm tra tên tệp và quyền đọc.",
        "backup_not_one": "{path} không phải bản sao lưu của Một cửa.",
        "backup_broken": "Bản sao lưu {path} bị hỏng, bị cắt ngắn hoặc đã bị sửa ({where}). Không có gì được khôi phục; hãy dùng bản khác.",
        "backup_newer": "Bản sao lưu này do phiên bản Một cửa mới hơn tạo ra ({name}). Hãy cập nhật chương trình rồi khôi phục.",
        "backup_identity_missing": "Bản sao lưu này được mã hóa. Hãy chỉ ra tệp khóa bí mật age: --identity TỆP.",
        "backup_identity_bad": "Tệp {path} không chứa khóa bí mật age nào (dòng AGE-SECRET-KEY-1…).",
        "backup_identity_wrong": "Khóa bí mật này không mở được bản sao lưu: bản sao lưu được mã hóa cho khóa khác.",
        "restore_lookup_key": "LOOKUP_KEY của máy này khác với khóa lúc sao lưu: mã bí mật trên các phiếu đã in và xác thực hai bước của cán bộ sẽ không đọc lại được. "
        "Hãy đặt đúng LOOKUP_KEY đã cất riêng rồi chạy lại; nếu khóa đó đã mất hẳn, thêm --other-lookup-key để vẫn khôi phục.",
        "restore_not_empty": "Cơ sở dữ liệu đích đã có dữ liệu (bảng {table}). Khôi phục chỉ ghi vào cơ sở dữ liệu trống: hãy trỏ DATABASE_URL (hoặc VAR_DIR) tới nơi trống.",
        "restore_cut_off": "Lần khôi phục trước từ bản này bị ngắt khi đang nâng cấu trúc, và cơ sở dữ liệu đích (bảng {table}) nay không còn đúng những gì lần đó để lại. "
        "Nếu chưa ai làm việc trong đó, hãy tạo lại cơ sở dữ liệu trống (hoặc trỏ DATABASE_URL tới nơi trống), giữ nguyên kho tệp, rồi chạy lại lệnh này.",
        "restore_files_not_empty": "Kho tệp đích đã có tệp ({name}). Khôi phục chỉ ghi vào kho trống: hãy trỏ STORAGE_URL hoặc FILES_DIR (hoặc VAR_DIR) tới nơi trống.",
        "restore_running": "Một cửa đang chạy với dữ liệu này. Hãy dừng (Ctrl+C) rồi khôi phục.",
        "restore_under_way": "Đang có một lần khôi phục khác vào đây. Hãy đợi lần đó xong.",
        "restore_no_room": "Hết chỗ trên đĩa, hoặc không ghi được vào đĩa, khi khôi phục. Cơ sở dữ liệu đích vẫn trống, hoặc đã có đủ dữ liệu của bản sao lưu; hãy giải phóng chỗ rồi chạy lại lệnh này, lần sau làm tiếp.",
        "restore_store_away": "Kho tệp không trả lời hoặc từ chối. Cơ sở dữ liệu đích vẫn trống, hoặc đã có đủ dữ liệu của bản sao lưu; "
        "hãy kiểm tra STORAGE_URL và đường truyền rồi chạy lại lệnh này, lần sau làm tiếp.",
        "restore_failed": "Không nạp được bảng {table}: cơ sở dữ liệu đích không nhận ({error}). Cơ sở dữ liệu đích vẫn trống; hãy chạy lại với --traceback và báo quản trị.",
        "restore_counts": "Số dòng nạp vào bảng {table} không đúng với bản kê. Cơ sở dữ liệu đích vẫn trống; hãy giữ nguyên bản sao lưu và báo quản trị.",
        "restore_faults": "Dữ liệu đã khôi phục xong, nhưng kiểm tra sau khôi phục thấy chỗ không khớp:\n{faults}\nHãy giữ nguyên bản sao lưu và báo quản trị trước khi làm việc tiếp.",
    }
)
