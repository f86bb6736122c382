"""The sentences of refusals about the public post."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "post_role": "Việc này do quầy Một cửa hoặc nhân viên bưu chính của cơ quan thực hiện.",
        "post_nothing": "Hãy ghi số phiếu gửi của ít nhất một hồ sơ.",
        "post_none_chosen": "Hãy chọn ít nhất một phiếu gửi.",
        "post_fare": "Phiếu gửi {number}: cước phải là số đồng, ví dụ 26.500. Hãy xem lại.",
        "post_fare_alone": "Có cước mà chưa có số phiếu gửi. Hãy ghi số phiếu gửi, hoặc xóa cước.",
        "post_postman": "Hãy ghi tên nhân viên bưu chính ký nhận.",
        "post_office": "Hãy ghi tên bưu cục.",
        "post_number_twice": "Số phiếu gửi {number} đã dùng cho hồ sơ của người khác. Mỗi phiếu gửi chỉ gồm kết quả của một người: hãy xem lại số.",
        "post_other_agency": "Hồ sơ này không thuộc cơ quan lập biên bản. Hãy lập biên bản ở cơ quan của hồ sơ.",
        "post_not_asked": "Hồ sơ này không đăng ký nhận kết quả qua bưu chính. Hãy trả ở bàn trả kết quả.",
        "post_address": "Hồ sơ không ghi địa chỉ nhận. Hãy ghi nơi nhận vào Ghi chú.",
        "post_no_address": "Hồ sơ không ghi địa chỉ nhận. Hãy gửi từ trang Trả kết quả của hồ sơ, ghi nơi nhận vào Ghi chú.",
        "post_gone": "Kết quả này không còn ở bưu chính. Hãy tải lại trang.",
        "post_too_early": "Ngày phải từ ngày giao bưu chính ({first}) đến hôm nay.",
        "post_receiver": "Hãy ghi tên người đã nhận.",
        "post_why": "Hãy ghi lý do, nội dung.",
        "post_not_failed": "Đến ngày này chưa có lần phát không thành nào. Hãy ghi lần phát trước, rồi mời.",
        "post_invited_soon": "Hai lần mời cách nhau ít nhất 2 ngày làm việc: lần mời tiếp theo từ {next}.",
        "post_invited_twice": "Chỉ chuyển hoàn sau ít nhất 2 lần mời cách nhau 2 ngày làm việc (hiện có {count}).",
        "post_invited_wait": "Mới mời lần gần nhất ngày {last}. Chờ đủ 2 ngày làm việc, từ {next}, rồi chuyển hoàn.",
        "post_note_gone": "Biên bản này đã ký hoặc đã thôi. Hãy tải lại trang.",
        "post_lines": "Biên bản phải có ít nhất một hồ sơ.",
        "post_line_twice": "Số phiếu gửi {number} có hai lần. Hãy xem lại.",
        "post_line_short": "Dòng {line}: hãy ghi số phiếu gửi và người gửi.",
        "post_line_what": "Dòng {line}: hãy ghi mã thủ tục, hoặc mã hồ sơ trực tuyến.",
        "post_line_procedure": "Dòng {line}: không có thủ tục {procedure} đang thực hiện.",
        "post_line_not_by_post": "Dòng {line}: thủ tục {procedure} không nhận qua bưu chính.",
        "post_line_other": "Hồ sơ từ bưu chính được tính tiếp nhận lúc ký biên bản (dòng ghi thiếu: lúc bổ sung đủ, sau lúc ký), đúng thủ tục của dòng. Hãy sửa giờ hoặc thủ tục.",
        "post_line_gone": "Dòng này của biên bản đã có hồ sơ, hoặc biên bản chưa ký. Hãy mở lại biên bản.",
    }
)
