"""The sentences of refusals about what is put right after the end."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "wrong_missing": "Hãy ghi kết quả sai sót ở nội dung nào.",
        "responsible_missing": "Hãy ghi đơn vị hoặc cá nhân chịu trách nhiệm.",
        "corrected_unsigned": "Hãy nhập số, ngày ban hành và người ký của kết quả mới.",
        "old_copy": "Kết quả cũ ở đâu không khớp với việc đã trả hay chưa trả kết quả. Hãy chọn lại.",
        "nothing_to_deliver": "Không có kết quả đã đính chính nào chờ trao.",
        "lost_missing": "Hãy ghi giấy tờ hoặc kết quả nào bị mất, hư hỏng.",
        "circumstances_missing": "Hãy ghi hoàn cảnh, nguyên nhân mất, hư hỏng.",
        "repair_missing": "Hãy ghi biện pháp khắc phục đã làm.",
        "no_result_yet": "Hồ sơ chưa có kết quả. Hãy chọn “Giấy tờ trong hồ sơ”.",
    }
)
