"""Refusals of what moves a promise by the law of a sector, and of the financial obligation's round
trip to the tax authority.
"""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "transfer_missing": "Hãy ghi cơ quan thuế và nghĩa vụ cần xác định.",
        "transfer_day": "Hạn trả lời không thể trước hôm nay.",
        "answer_missing": "Hãy ghi số văn bản trả lời của cơ quan thuế.",
        "answer_day": "Ngày văn bản trả lời phải từ ngày chuyển đến hôm nay.",
        "nothing_sent": "Hồ sơ không chờ cơ quan thuế trả lời.",
        "payment_not_asked": "Hồ sơ đang chờ cơ quan thuế, chưa có thông báo nộp tiền nào.",
        "ground_unknown": "Trường hợp này không có trong danh mục đang áp dụng. Hãy chọn lại.",
        "decision_basis": "Hãy ghi căn cứ pháp lý: vì căn cứ đó ngày hẹn trả được lùi.",
        "nothing_to_move": "Hồ sơ không có ngày hẹn trả nên không có thời hạn nào để gia hạn hay trừ.",
        "decision_undetermined": "Chưa xác định được ngày hẹn vì chưa có lịch làm việc. Hãy đề nghị quản trị nhập lịch trước.",
        "decision_beyond_calendar": "Chưa có lịch làm việc của năm mà ngày hẹn mới rơi vào. Hãy ghi ngắn hơn, hoặc đề nghị quản trị nhập lịch.",
        "extension_most": "Không có văn bản thỏa thuận với người dân thì chỉ gia hạn được không quá {most}. Hãy ghi ngắn hơn, hoặc ghi văn bản thỏa thuận.",
        "extension_again": "Hồ sơ đã được gia hạn theo trường hợp này. Gia hạn thêm phải có văn bản thỏa thuận với người dân.",
        "excluded_reversed": "Thời gian không tính phải kết thúc sau khi bắt đầu.",
        "incident_left_out": "Thời gian sự cố này đã được ghi là không tính cho hồ sơ: chỉ tính một lần.",
        "incident_in_days": "Thời hạn tính bằng ngày mà sự cố không sang ngày khác: ngày hẹn không đổi nên không ghi.",
        "incident_moves_nothing": "Ghi thời gian này thì ngày hẹn không đổi nên không ghi. Đã quá ngày hẹn mà luật chuyên ngành cho tính thì ghi luật đó rồi làm lại.",
        "incident_late": "Đã quá ngày hẹn: sự cố không làm lùi ngày hẹn nữa, nhưng vẫn được đề xuất làm nguyên nhân quá hạn. Luật chuyên ngành cho tính thì chọn hồ sơ này và ghi luật đó.",
        "excluded_before": "Thời gian không tính không thể bắt đầu trước khi tiếp nhận hồ sơ.",
        "excluded_end": "Hãy ghi ngày kết thúc, hoặc số ngày; chỉ một trong hai.",
        "no_exclusion": "Hồ sơ không có khoảng thời gian không tính nào đang kéo dài.",
        "closed_outside": "Ngày kết thúc thực tế phải từ ngày bắt đầu và không sau hôm nay hay ngày kết thúc đã ghi. Lâu hơn thì dùng nút Kéo dài.",
        "prolonged_end": "Ngày kết thúc mới phải sau ngày kết thúc đã ghi. Sớm hơn thì dùng nút Kết thúc sớm.",
    }
)
