"""The sentences of an import: what is wrong with a file or a line of it, and what to do."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        # the file
        "import_unreadable": "Không mở được tệp “{file}” ({why}). Hãy kiểm tra đường dẫn và quyền đọc.",
        "import_encoding": "Tệp không phải mã UTF-8. Trong Excel hãy chọn Lưu thành, kiểu “CSV UTF-8 (phân tách bằng dấu phẩy)”, rồi nhập lại.",
        "import_empty": "Tệp không có dòng tiêu đề. Dòng đầu phải là tên các cột.",
        "import_columns": "Tệp thiếu cột: {columns}. Dòng đầu phải có đủ tên các cột bắt buộc, cách nhau bằng dấu phẩy hoặc dấu chấm phẩy.",
        "import_column_twice": "Cột “{column}” có hai lần ở dòng đầu. Hãy bỏ bớt một cột.",
        "import_csv": "Không đọc được tệp từ dòng {line}: dấu ngoặc kép chưa đóng hoặc ô quá dài. Các dòng trước đã được xử lý; hãy sửa rồi nhập lại cả tệp.",
        "import_elsewhere": "Lần nhập này đang được tiến trình khác làm tiếp.",
        "import_gone": "Tệp đã tải lên không còn (quá một ngày). Hãy tải lên lại.",
        "import_not_previewed": "Chỉ nhập được sau khi xem trước xong và khi chưa nhập.",
        "import_confirmer": "“{username}” không phải tài khoản quản trị đang hoạt động. Hãy ghi tên đăng nhập của một quản trị.",
        # one line: reading
        "import_extra_cells": "Dòng thừa {count} ô so với tiêu đề. Ô có dấu phân cách phải đặt trong dấu ngoặc kép.",
        "import_missing": "Thiếu “{column}”. Hãy điền rồi nhập lại.",
        "import_code_long": "Mã hồ sơ dài quá {most} ký tự. Hãy kiểm tra lại mã.",
        "import_code_signs": "Mã hồ sơ “{given}” có dấu cách hoặc một trong các dấu / \\ ? # %: hồ sơ sẽ không mở được. Hãy thay bằng dấu gạch nối.",
        "import_owner_long": "Tên chủ hồ sơ dài quá {most} ký tự. Hãy rút gọn.",
        "import_instant": "Không đọc được thời điểm “{given}” ở cột {column}. Hãy ghi như 2026-02-20T14:00+07:00 hoặc 20/02/2026 14:00, có cả giờ.",
        "import_year": "Năm trong “{given}” ở cột {column} không hợp lý. Hãy kiểm tra lại.",
        "import_ahead": "“{given}” ở cột {column} là thời điểm chưa tới. Hãy kiểm tra lại.",
        "import_status": "Trạng thái “{given}” không phải một số từ 1 đến 10.",
        "import_register": "Số vào sổ “{given}” không phải số nguyên dương. Hãy ghi đúng số hoặc để trống.",
        "import_wait_no_begin": "Có waiting_to_{number} mà không có waiting_from_{number}. Hãy điền lúc bắt đầu chờ.",
        "import_wait_turned": "waiting_to_{number} trước waiting_from_{number}. Hãy kiểm tra lại hai thời điểm.",
        # one line: status and times
        "import_never_received": "Trạng thái “{label}” chưa phải hồ sơ đã tiếp nhận nên không nhập. Hãy bỏ dòng này.",
        "import_wait_missing": "Trạng thái “{label}” phải có một lần chờ chưa kết thúc (waiting_from_1, không có waiting_to_1).",
        "import_wait_open": "Còn một lần chờ chưa kết thúc mà trạng thái là “{label}”. Hãy ghi lúc hết chờ, hoặc trạng thái 5.",
        "import_not_ended": "Trạng thái “{label}” là hồ sơ chưa kết thúc mà cột {column} có thời điểm. Hãy sửa trạng thái hoặc bỏ thời điểm.",
        "import_no_end": "Trạng thái “{label}” phải có finished_at. Hãy điền lúc kết thúc hoặc sửa trạng thái.",
        "import_no_return": "Trạng thái “{label}” phải có returned_at. Hãy điền lúc trả kết quả, hoặc ghi trạng thái 9.",
        "import_returned": "Có returned_at mà trạng thái là “{label}”. Hãy ghi trạng thái 10 hoặc bỏ thời điểm.",
        "import_due_before": "due_at trước received_at. Hãy kiểm tra lại ngày hẹn trả.",
        "import_end_before": "finished_at trước received_at. Hãy kiểm tra lại hai thời điểm.",
        "import_return_before": "returned_at trước finished_at. Hãy kiểm tra lại hai thời điểm.",
        "import_wait_before": "Có lần chờ bắt đầu trước lúc tiếp nhận. Hãy kiểm tra lại các cột waiting_from.",
        "import_wait_after": "Có lần chờ sau lúc kết thúc hồ sơ. Hãy kiểm tra lại các cột waiting_from, waiting_to.",
        # one line: what this system knows
        "import_code_twice": "Mã hồ sơ đã có ở dòng {line} của tệp. Hãy giữ một dòng.",
        "import_agency": "Không có cơ quan nào mang mã “{given}”. Hãy sửa mã, hoặc khai cơ quan này trước ở trang Quản trị.",
        "import_procedure": "Không có thủ tục nào mang mã “{given}” trong danh mục. Hãy sửa mã, hoặc nhập danh mục trước.",
        "import_no_term": "due_at để trống mà thời hạn của thủ tục {given} chưa được xác nhận. Hãy ghi due_at, hoặc xác nhận thời hạn trước.",
        "import_no_calendar": "due_at để trống mà lịch làm việc chưa đủ để tính ngày hẹn (tiếp nhận năm {year}). Hãy ghi due_at, hoặc nhập lịch trước.",
        "import_register_locked": "Sổ theo dõi hồ sơ năm {year} của cơ quan đã khóa: không ghi thêm số vào sổ ấy. Hãy để trống số vào sổ.",
        "import_register_taken": "Số {number} của sổ năm {year} đã có hồ sơ khác. Hãy sửa số hoặc để trống.",
        "import_scope": "{agency} không thuộc phạm vi bạn quản trị. Hãy nhờ quản trị của cơ quan đó hoặc của cấp trên.",
        "import_signed": "Báo cáo đã ký đến {day} gồm cả lúc tiếp nhận hồ sơ này. Hãy nhập với cách “tính từ lúc nhập” (--counts now): hồ sơ thành phần điều chỉnh của kỳ sau.",
        "import_not_confirmed": "Hồ sơ của {agency} xảy ra từ ngày bắt đầu dùng phần mềm trở đi, hoặc ngày đó chưa được khai. Cần một quản trị xác nhận (--confirmed-by), hoặc nhập với --counts now.",
        # what is told, not refused
        "import_received_here": "Mã này là hồ sơ đã tiếp nhận trên hệ thống này, giữ nguyên.",
        "import_different": "Khác với lần nhập trước ở cột: {columns}. Giữ nguyên hồ sơ đã nhập.",
        "import_warn_case": "Trường hợp ghi trong tệp không có trong danh mục: lấy trường hợp đầu của thủ tục, giữ nguyên chữ trong tệp.",
        "import_warn_channel": "Hình thức nộp để trống hoặc không nhận ra: tính là trực tiếp.",
        "import_warn_method": "Danh mục không công bố hình thức nộp này cho thủ tục: giữ như trong tệp.",
        "import_warn_version": "Ngày tiếp nhận nằm ngoài thời gian công bố của thủ tục: lấy bản gần nhất.",
        "import_warn_identity": "Không có số giấy tờ của chủ hồ sơ.",
        "import_warn_columns": "Tệp có cột không dùng đến.",
    }
)
