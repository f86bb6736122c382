"""What is said when a backup cannot be made."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "backup_folder_unset": "Chưa đặt BACKUP_DIR: máy chủ chưa biết ghi bản sao lưu vào đâu.",
        "proof_no_folder": "Không tạo được nơi thử khôi phục trong {path}. Hãy chỉ ra thư mục còn chỗ và ghi được: --folder THƯ_MỤC.",
        "proof_stopped": "Lệnh {command} dừng với mã {code}, không nói vì sao.",
        "proof_rows": "Bảng {table}: bản kê ghi {said} dòng, khôi phục được {found} dòng.",
        "proof_numbers": "Bảng đếm {table} không đúng với bản kê: số tiếp theo có thể trùng.",
        "backup_killed": "Tiến trình sao lưu dừng giữa chừng {tries} lần.",
        "backup_disk": "ổ đĩa sao lưu báo lỗi khi ghi hoặc đọc lại ({error})",
        "backup_failed": "Chưa sao lưu được: {why}.",
    }
)
