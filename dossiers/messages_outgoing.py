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
        "number_given": "Số {number} đã có trong sổ văn bản đi của cơ quan ({subject}). Hãy kiểm tra lại số; kết quả do cơ quan khác ban hành thì ghi thêm tên cơ quan đó sau ký hiệu.",
        "number_kept": "Số {number} đang được giữ trong sổ văn bản đi. Hãy ghi dự thảo để văn thư cấp số đó khi đóng dấu, hoặc nhập số khác.",
        "number_taken": "Số {number} đã cấp hoặc đã bỏ qua. Hãy lấy số tiếp theo ({next}), hoặc một số đang giữ.",
        "number_too_far": "Số {number} quá xa số tiếp theo ({next}): mỗi lần bỏ trống nhiều nhất {most} số. Hãy xem lại số.",
        "number_gap_why": "Lấy số {number} thì để trống số {gap}. Hãy ghi lý do; các số đó được giữ lại để cấp sau.",
        "number_not_given": "Số {number} chưa được cấp trong sổ văn bản đi. Hãy xin văn thư giữ số trước, rồi nhập số đó.",
        "number_without_book": "Số chỉ chọn được khi lấy từ sổ văn bản đi. Hãy để trống, hoặc chọn sổ.",
        "held_why": "Hãy ghi giữ số cho văn bản, việc nào.",
        "held_how_many": "Hãy giữ từ 1 đến {most} số một lần.",
        "book_unknown": "Không có sổ văn bản đi này. Hãy chọn lại.",
        "number_whose": "Hãy chọn một: lấy số từ sổ văn bản đi, hoặc ghi số theo sổ riêng của thủ tục.",
    }
)
