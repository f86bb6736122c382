"""The sentences of refusals about telling people that their result is ready."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "told_to_missing": "Hãy ghi người được báo.",
        "early_untold": "Kết quả có trước ngày hẹn ({due}) mà chưa lưu lần báo nào. Hãy báo người nộp rồi chọn cách đã báo ở mục “Báo trước khi trả”; người nộp đang ở quầy thì chọn “Báo trực tiếp”.",
        "early_untold_many": "{count} hồ sơ đã chọn có kết quả trước ngày hẹn mà chưa lưu lần báo nào. Hãy báo người nộp rồi chọn cách đã báo.",
        "signed_what": "Chỉ đánh dấu khi đã trả kết quả và có bản quét của giấy người nhận đã ký.",
        "not_signed_why": "Người nhận không ký thì hãy ghi vì sao vào Ghi chú.",
        "agree_not_certified": "Chỉ việc chứng thực mới hẹn theo thỏa thuận được.",
        "agree_late": "Đã quá ngày hẹn trả: không thỏa thuận lại được, hãy xin lỗi và hẹn lại.",
        "agree_sooner": "Giờ thỏa thuận phải sau ngày hẹn theo quy định ({due}). Hẹn trong ngày đó thì bấm Hẹn trả, để trống ô này.",
        "agree_outside": "Giờ thỏa thuận phải trong giờ làm việc của cơ quan.",
        "agree_far": "Giờ thỏa thuận xa quá {most} ngày làm việc: hãy xem lại ngày đã gõ.",
        "agree_unreadable": "Chưa đọc được giờ, ngày thỏa thuận. Ví dụ: 10:00 26/11/2026; chỉ gõ 10:00 là giờ đó của ngày làm việc sau ngày hẹn theo quy định.",
        "originals_none": "Không còn giữ bản chính nào của hồ sơ này, hoặc có người vừa trả. Hãy mở lại hồ sơ.",
        "originals_why": "Không trả bản chính nào thì hãy ghi vì sao giữ lại.",
        "digitised_none": "Hồ sơ không có kết quả giấy đã ký, đã có số để số hóa, hoặc kết quả đã được số hóa rồi. Kết quả điện tử đã ký số thì không phải số hóa.",
        "digitised_words": "Hãy ghi đủ cơ quan ban hành, trích yếu nội dung và phạm vi có hiệu lực.",
        "digitised_validity": "Hãy ghi ngày cuối giấy tờ còn hiệu lực, hoặc đánh dấu vô thời hạn: chỉ một trong hai, đúng như ghi trên bản giấy.",
        "digitised_before": "Ngày hết hiệu lực phải từ ngày ban hành ({day}) trở đi.",
        "digitised_checker": "Việc này do văn thư, trưởng phòng hoặc lãnh đạo của cơ quan ban hành kết quả thực hiện.",
        "digitised_checked": "Không còn bản số hóa nào chờ kiểm tra: có người vừa kiểm tra, hoặc kết quả đã đính chính. Hãy mở lại hồ sơ.",
        "own_digitised": "Bạn là người số hóa kết quả này: người khác phải kiểm tra.",
        "stored_gone": "Giấy tờ lấy từ kho không dùng được: không phải của chủ hồ sơ, đã hết hiệu lực, đã được thay thế, chưa được kiểm tra, hoặc hai giấy tờ cho một thành phần. Hãy xem lại mục Giấy tờ trong kho; không có thì nhận giấy tờ nộp kèm.",
        "digitised_used": "Bản số hóa đã được dùng ở hồ sơ khác nên không hoàn tác được. Kết quả sai thì hãy đính chính kết quả.",
        "result_used": "Kết quả này đã được lấy từ kho cho hồ sơ khác nên không hoàn tác được. Kết quả sai thì trưởng phòng hoặc lãnh đạo đính chính kết quả.",
        "stored_busy": "Hồ sơ có kết quả mà hồ sơ này lấy từ kho đang được người khác xử lý đúng lúc này. Chưa hoàn tác; hãy thử lại.",
        "stored_undone": "Giấy tờ mà hồ sơ này lấy từ kho đã bị hoàn tác ở hồ sơ có kết quả đó, nên không hoàn tác được việc này. Hãy nhận giấy tờ nộp kèm; đã hủy tiếp nhận thì tiếp nhận lại thành hồ sơ mới.",
        "notice_no_email": "Hồ sơ không có thư điện tử. Hãy chọn cách báo khác.",
        "archive_none": "Ngày này không chuyển kết quả nào vào lưu trữ.",
        "archive_place": "Hãy ghi nơi lưu kết quả.",
        "archive_twice": "Kết quả đã chuyển lưu trữ rồi.",
        "archive_post": "Kết quả phải gửi qua bưu chính: hãy giao bưu chính. Bưu chính chuyển hoàn rồi mới chuyển lưu trữ.",
        "archive_no_rule": "Cơ quan chưa đặt sau bao nhiêu ngày thì chuyển lưu trữ: đặt ở Quản trị, thẻ Bộ phận Một cửa.",
        "archive_early": "Kết quả mới chờ {waited} ngày; cơ quan quy định từ {days} ngày mới chuyển lưu trữ.",
        "archive_untold": "Mới báo {count} lần; phải báo ít nhất {least} lần trước khi chuyển lưu trữ. Hãy báo rồi ghi ở Báo, nhắc nhận kết quả.",
        "archive_close": "Lần báo cuối phải cách lần đầu ít nhất {apart} ngày làm việc. Hãy báo thêm một lần.",
        "not_reached_why": "Chưa báo được thì hãy ghi vì sao, ví dụ: không nghe máy, số sai.",
    }
)
