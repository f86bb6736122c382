"""Vietnamese sentences of this app's refusals."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "sign_in_refused": "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khóa. "
        "Sau 5 lần sai, tài khoản tạm khóa ít nhất 15 phút; cần gấp hãy liên hệ quản trị của đơn vị.",
        "password_wrong": "Mật khẩu hiện tại không đúng. Hãy nhập lại mật khẩu bạn vừa dùng để đăng nhập.",
        "password_locked": "Đã nhập sai mật khẩu hiện tại quá nhiều lần: tài khoản tạm khóa ít nhất 15 phút. "
        "Hãy thử lại sau hoặc liên hệ quản trị của đơn vị.",
        "factor_wrong": "Mã không đúng, đã hết hạn hoặc đã dùng rồi. Hãy nhập mã đang hiện; nếu vừa dùng mã này, chờ mã kế tiếp.",
        "factor_wrong_recovery": "Mã dự phòng không đúng hoặc đã dùng rồi. Hãy nhập đủ 16 chữ số của một mã chưa dùng, "
        "trên tờ in gần nhất.",
        "factor_wrong_key": "Khóa bảo mật chưa trả lời đúng hoặc đã quá thời gian chờ. Hãy bấm “Tiếp tục” rồi chạm vào khóa lần nữa, "
        "hoặc chọn cách khác.",
        "factor_no_answer": "Chưa có mã. Hãy nhập mã rồi bấm “Tiếp tục”.",
        "factor_no_answer_key": "Khóa bảo mật chưa trả lời. Hãy bấm “Tiếp tục” rồi chạm vào khóa khi trình duyệt nhắc; "
        "trình duyệt đang tắt JavaScript thì chọn cách khác.",
        "factor_locked": "Đã nhập sai quá nhiều lần: tài khoản tạm khóa ít nhất 15 phút. "
        "Hãy thử lại sau hoặc liên hệ quản trị của đơn vị.",
        "factor_wrong_new": "Mã không khớp với khóa trên trang này. Hãy kiểm tra giờ của điện thoại rồi nhập mã đang hiện.",
        "factor_outside": "Từ ngoài cơ quan phải xác thực hai bước, mà tài khoản này chưa đăng ký. "
        "Hãy đến cơ quan để đăng ký, hoặc liên hệ quản trị của đơn vị.",
        "factor_most": "Mỗi loại chỉ đăng ký được {count}. Hãy bỏ bớt cái không dùng nữa.",
        "factor_required": "Tài khoản này bắt buộc xác thực hai bước: hãy đăng ký cái mới trước khi bỏ cái cuối cùng.",
        "reset_nothing": "{name} chưa đăng ký xác thực hai bước, không có gì để đặt lại.",
        "reset_own": "Người đề nghị không tự xác nhận: cần một quản trị khác, của cơ quan này hoặc cơ quan cấp trên.",
        "reset_over": "Không còn đề nghị đặt lại nào đang chờ. Hãy tải lại trang.",
        "factor_gone": "Không còn cách xác thực này. Hãy tải lại trang.",
        "password_reused": "Mật khẩu này đã dùng trước đây. Hãy chọn mật khẩu khác với {count} mật khẩu gần nhất.",
        "password_same": "Mật khẩu mới phải khác mật khẩu hiện tại.",
        "own_account": "Quản trị không thể tự đóng, mở, sửa tài khoản, tự giao hay thôi vai trò, tự cấp lại mật khẩu, "
        "tự cử người làm thay của chính mình: hãy nhờ một quản trị khác.",
        "session_over": "Phiên đăng nhập này đã kết thúc rồi.",
        "session_this": "Đây là phiên đang dùng: hãy bấm “Đăng xuất” để kết thúc.",
        "key_refused": "Chưa đăng ký được khóa: trình duyệt không trả lời, hoặc trả lời đã quá hạn. Hãy bấm “Đăng ký” lần nữa.",
        "key_known": "Khóa này đã được đăng ký rồi. Hãy dùng khóa khác.",
        "already_closed": "Tài khoản {username} đã đóng lúc {at:%d/%m/%Y %H:%M}.",
        "certificate_of_postmen": "Chứng nhận tập huấn chỉ ghi khi giao vai trò nhân viên bưu chính, hoặc vai trò tiếp nhận cho nhân viên bưu chính. Hãy xóa đi.",
        "certificate_whole": "Hãy ghi cả số và ngày của chứng nhận tập huấn.",
        "certificate_ahead": "Ngày chứng nhận tập huấn ở tương lai. Hãy sửa lại.",
        "role_twice": "{name} đã có vai trò {role} tại {agency} trong thời gian này. Hãy kết thúc vai trò cũ trước hoặc chọn ngày khác.",
        "department_elsewhere": "{department} không thuộc {agency}. Hãy chọn phòng ban của đúng cơ quan.",
        "role_back_dated": "Vai trò chỉ giao từ hôm nay trở đi: việc đã làm không thể có vai trò sau.",
        "role_over": "Vai trò này đã kết thúc.",
        "dates_reversed": "Ngày kết thúc không thể trước ngày bắt đầu.",
        "officer_closed": "Tài khoản của {name} đã đóng hoặc ngừng, không giao thêm việc được.",
        "substitute_self": "Người thay thế phải khác người vắng mặt.",
        "substitute_elsewhere": "{substitute} không cùng cơ quan với {absent}. Hãy chọn người cùng cơ quan.",
        "substitution_twice": "{absent} đã có {substitute} thay thế trong thời gian này. Hãy kết thúc phân công đó trước.",
        "substitution_back_dated": "Chỉ cử người làm thay từ hôm nay trở đi.",
        "substitute_absent": "{name} cũng vắng mặt trong thời gian này ({days}, {substitute} làm thay). "
        "Hãy chọn người khác: việc làm thay không chuyển tiếp.",
        "absent_substitutes": "{name} đang làm thay {absent} ({days}). Hãy cử người khác làm thay {absent} trước, "
        "nếu không việc của {absent} không ai làm.",
        "substitution_over": "Phân công thay thế này đã kết thúc.",
        "username_twice": "Đã có tài khoản “{username}”. Hãy chọn tên đăng nhập khác.",
        "agency_twice": "Đã có cơ quan mang mã {number} hoặc phần mã hồ sơ này. Hãy kiểm tra lại danh sách cơ quan.",
        "department_twice": "Cơ quan đã có phòng ban “{name}”. Hãy đặt tên khác hoặc mở lại phòng ban cũ.",
        "day_twice": "Ngày {date:%d/%m/%Y} đã có trong lịch: {name}. Hãy xóa dòng cũ trước khi ghi dòng mới.",
        "week_twice": "Đã có tuần làm việc áp dụng từ ngày {date:%d/%m/%Y}. Hãy chọn ngày khác.",
        "grants_elsewhere": "{name} còn giữ vai trò tại {agencies}, ngoài phạm vi bạn quản trị. Hãy đề nghị quản trị cấp trên thực hiện.",
        "national_calendar": "Lịch chung cả nước do quản trị cấp tỉnh nhập. Bạn chỉ nhập được lịch riêng của đơn vị mình.",
        "calendar_missing": "Chưa có lịch làm việc năm {year}. Quản trị cần nhập lịch trước khi hẹn ngày trả.",
    }
)
