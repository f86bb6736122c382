"""What people read when a spreadsheet is refused, or its columns are."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "table_unreadable": "Không mở được tệp {file}. Hãy mở bằng Excel, lưu thành .xlsx (hoặc CSV UTF-8) rồi tải lại.",
        "table_locked": "Tệp {file} có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.",
        "table_kind": "Tệp {file} không phải bảng tính. Hãy tải tệp .xlsx, .xls, .ods hoặc .csv.",
        "table_web_page": "Tệp {file} là trang web được đặt tên như bảng tính. Hãy mở bằng Excel, lưu thành .xlsx rồi tải lại.",
        "table_large": "Tệp có quá {most} dòng. Hãy chia nhỏ (ví dụ xuất khoảng ngày ngắn hơn) rồi tải từng phần.",
        "table_encoding": "Tệp CSV không phải UTF-8. Hãy lưu lại bằng mã UTF-8, hoặc lưu thành .xlsx.",
        "table_empty": "Tệp không có dòng nào.",
        "columns_missing": "Chưa xác định được cột: {columns}. Hãy chọn cột tương ứng trong tệp.",
        "column_twice": "Một cột của tệp chỉ chọn cho một mục: “{column}” đang được chọn hai lần.",
    }
)
