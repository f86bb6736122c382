"""The sentences of refusals of urging and of its answer."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "urge_nobody": "Hồ sơ không nằm ở phòng, bộ phận nào nên không có ai để đôn đốc.",
        "urge_own": "Hồ sơ này đang ở chính bạn. Hãy xử lý, hoặc giao người khác.",
        "urge_not_head": "Chỉ lãnh đạo, cán bộ kiểm soát của cơ quan giải quyết hoặc trưởng phòng đang giữ hồ sơ mới đôn đốc được.",
        "urge_missing": "Hãy ghi cần làm gì.",
        "urge_passed": "Hạn trả lời phải sau lúc này. Hãy ghi ngày, giờ sau đó.",
        "urge_unreadable": "Không đọc được hạn trả lời. Hãy ghi ngày và giờ, ví dụ 27/11/2026 16:30.",
        "urge_none": "Không còn lần đôn đốc nào chờ trả lời.",
        "answer_missing": "Hãy ghi vướng ở đâu, sẽ làm gì.",
        "answer_passed": "Thời gian hẹn xong phải sau lúc này. Hãy ghi ngày, giờ sau đó.",
        "answer_unreadable": "Không đọc được thời gian hẹn xong. Hãy ghi ngày và giờ, ví dụ 27/11/2026 16:30; chưa rõ thì để trống.",
    }
)
