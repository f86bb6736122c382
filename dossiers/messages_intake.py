"""The sentences of the counter: odd numbers, what is missing before a dossier can be received."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        # identity papers
        "id_card_letters": "Số căn cước chỉ gồm 12 chữ số, “{given}” có ký tự khác. Nếu là hộ chiếu, hãy đổi loại giấy tờ.",
        "id_card_is_old": "“{given}” có 9 số như chứng minh nhân dân cũ. Hãy đổi loại giấy tờ, hoặc nhập số căn cước 12 số.",
        "id_card_lost_zero": "Số căn cước có 12 số, mới có {count}. Có phải thiếu số 0 ở đầu: {whole}?",
        "id_card_length": "Số căn cước có 12 số, mới có {count}. Hãy đối chiếu lại với thẻ.",
        "id_card_future": "Chữ số thứ 4 là {digit}, tức sinh năm {year}: không thể. Hãy đối chiếu lại với thẻ.",
        "id_card_place": "Ba số đầu {place} không phải mã tỉnh. Chỉ đúng khi người này khai sinh ở nước ngoài.",
        "id_old_expired": "Chứng minh nhân dân 9 số hết giá trị từ 01/01/2025. Nên hỏi số căn cước.",
        "id_old_length": "Chứng minh nhân dân cũ có 9 số, mới có {count}. Hãy đối chiếu lại với giấy tờ.",
        "id_passport": "Số hộ chiếu gồm 6 đến 9 chữ và số, “{given}” không đúng. Hãy đối chiếu lại với hộ chiếu.",
        "tax_code_length": "Mã số thuế có 10 số, 13 số (chi nhánh) hoặc 12 số định danh; “{given}” không đúng.",
        "tax_code_check": "Mã số thuế “{given}” sai số kiểm tra: có thể gõ nhầm một chữ số. Hãy đối chiếu lại với giấy đăng ký.",
        "tax_code_branch": "Mã chi nhánh trong “{given}” phải từ 001 đến 999.",
        "phone_old": "“{given}” là đầu số 11 số đã bỏ từ năm 2018. Hãy hỏi lại số mới.",
        "phone_letters": "“{given}” không phải số điện thoại: chỉ gồm chữ số.",
        "phone_unknown": "“{given}” không phải số di động hay cố định ở Việt Nam. Hãy hỏi lại.",
        "number_sign": "Ký tự “{sign}” không phải chữ số. Hãy xóa và gõ lại số bằng bàn phím.",
        "identity_reason": "{finding} Nếu giấy tờ đúng là như vậy, hãy ghi lý do ở ô “Lý do chấp nhận số giấy tờ không đúng định dạng”.",
        "taker_identity_reason": "{finding} Nếu giấy tờ đúng là như vậy, hãy ghi lý do ở ô “Ghi chú”.",
        "identity_missing": "Chưa có số giấy tờ của chủ hồ sơ. Hãy nhập số, hoặc ghi lý do ở ô “Lý do chấp nhận”.",
        # the intake form
        "agency_ended": "{agency} đã ngừng hoạt động. Hãy tiếp nhận tại cơ quan kế thừa.",
        "case_missing": "Hãy chọn trường hợp của thủ tục: mỗi trường hợp có giấy tờ và thời hạn riêng.",
        "situation_missing": "Hãy chọn trường hợp của hồ sơ ở đầu mục Giấy tờ: mỗi trường hợp có giấy tờ riêng.",
        "case_changed": "Trường hợp vừa đổi nên giấy tờ phải nộp đã đổi theo. Hãy kiểm tra lại danh sách giấy tờ rồi tiếp nhận.",
        "version_changed": "Thủ tục này vừa có nội dung công bố mới, danh sách giấy tờ đã đổi. Hãy kiểm tra lại rồi tiếp nhận.",
        "count_unreadable": "Số lượng phải là số nguyên từ 0 đến 999.",
        "papers_none": "Chưa có giấy tờ nào được nộp. Hãy nhập số lượng, hoặc hướng dẫn bổ sung hay từ chối tiếp nhận.",
        "sets_unreadable": "Số bộ hồ sơ phải là số nguyên từ 1 đến 99.",
        "fee_unreadable": "Số tiền phải là số đồng, ví dụ 70.000.",
        "units_unreadable": "Số lượng phải là số nguyên từ 1 đến 9.999.",
        "address_for_post": "Trả kết quả qua bưu chính: hãy nhập địa chỉ nhận.",
        "phone_for_post": "Trả kết quả qua bưu chính: hãy nhập số điện thoại để bưu tá liên hệ.",
        "submitter_name": "Đã ghi giấy ủy quyền hoặc số giấy tờ của người nộp thay: hãy nhập cả họ tên người đó.",
        "email_unreadable": "Thư điện tử không đúng dạng, ví dụ ten@example.vn. Hãy sửa hoặc để trống.",
        "too_long": "Dài quá {most} ký tự. Hãy viết ngắn hơn.",
        "post_unreadable": "Không đọc được giờ ký biên bản. Hãy viết như 08:30 hoặc 20/11/2026 16:45.",
        "post_when": "Giờ ký biên bản giao nhận phải trước lúc này và trong vòng 14 ngày.",
        "repeats_unseen": "Người này có hồ sơ cùng thủ tục chưa xong hoặc vừa xong: {codes}. Hãy hỏi lại; vẫn nhận thì bấm lần nữa.",
        "channel_missing": "Hãy chọn hình thức nộp hồ sơ.",
        "handler_missing": "Hãy chọn trong danh sách: Trung tâm tiếp nhận, chuyển hồ sơ đến cơ quan đó giải quyết.",
        "handler_unknown": "Hãy chọn cơ quan giải quyết trong danh sách.",
        "guide_reason": "Hãy ghi lý do phải bổ sung: lý do in trên phiếu (mẫu 02).",
        "guide_items": "Hãy tích giấy tờ hoặc ghi nội dung kê khai cần bổ sung, đủ trong một lần.",
        "refuse_reason": "Hãy ghi lý do từ chối: lý do in trên phiếu (mẫu 03).",
        # one page, sent again
        "token_used": (
            "Trang này đã gửi trước đó và đã tiếp nhận thành hồ sơ {made} của {whose}. Những gì đang nhập khác lần gửi đó và "
            "chưa được tiếp nhận. Hãy kiểm tra lại; bấm lần nữa thì nhận thành một hồ sơ mới."
        ),
        "token_foreign": "Trang này đã gửi trước đó, dưới tên người khác. Những gì đang nhập chưa được tiếp nhận; hãy bấm lần nữa.",
        "envelope_token_used": (
            "Trang này đã gửi trước đó để nhận hồ sơ do {whose} mang đến. Những gì đang nhập chưa được tiếp nhận: hãy mở lại trang "
            "Tiếp nhận tập thể và nhập cho người nộp khác."
        ),
        "visit_token_used": (
            "Trang này đã gửi trước đó và đã lập phiếu ({made}) cho {whose}. Những gì đang nhập khác lần gửi đó và chưa được lập "
            "phiếu. Hãy kiểm tra lại; bấm lần nữa thì lập phiếu mới."
        ),
        "page_moved_on": (
            "Trang này đã gửi xong trước đó. Những gì đang nhập được giữ trong một bản nháp mới và chưa được tiếp nhận."
        ),
        # the line of what is given back at once
        "line_name": "Số này chưa có trong hồ sơ của cơ quan. Hãy ghi thêm họ tên, ví dụ “Nguyễn Văn Ân 001087000123”.",
        "line_empty": "Hãy nhập họ tên, hoặc số căn cước của người đã từng nộp hồ sơ ở đây.",
        "line_papers": "Số giấy phải là số nguyên từ 1 đến 20: mỗi giấy một số trong sổ chứng thực.",
        "line_signer": "Hãy ghi họ tên, chức danh người ký chứng thực; người tiếp theo tự có tên này.",
        "pages_unreadable": "Số trang phải là số nguyên từ 1 đến 999.",
        "copies_unreadable": "Số bản phải là số nguyên từ 1 đến 999.",
        "line_fee": "Dữ liệu công bố chưa ghi rõ mức phí, lệ phí. Hãy nhập số tiền đã thu.",
    }
)
