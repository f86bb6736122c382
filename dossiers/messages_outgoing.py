"""The sentences of refusals about outgoing documents."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "not_documents": "Việc này do văn thư của cơ quan giải quyết thực hiện.",
        "letter_gone": "Văn bản này không còn chờ cấp số: việc lập văn bản đã được hoàn tác, hoặc đã có số. Hãy tải lại trang.",
        "letter_numbered": "Văn bản này đã có số. Hãy tải lại trang.",
        "no_draft": "Hồ sơ không có dự thảo kết quả chờ cấp số.",
        "draft_not_approved": "Dự thảo chưa được duyệt nên chưa cấp số. Hãy giao hồ sơ cho người duyệt.",
        "result_signer_missing": "Hãy ghi người đã ký kết quả.",
        "number_in_register": "Số {number} đã có trong sổ văn bản đi ({subject}). Hãy nhập số của văn bản mới; nếu chưa có, xin văn thư cấp số trước.",
        "number_whose": "Hãy chọn một: lấy số từ sổ văn bản đi, hoặc ghi số theo sổ riêng của thủ tục.",
    }
)
