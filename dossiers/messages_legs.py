"""The sentences of refusals of parts of the work that other agencies do (liên thông)."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "legs_open": "Còn chờ cơ quan phối hợp trả lời: {who}. Chờ trả lời, hoặc thu hồi phần phối hợp đó, rồi kết thúc hồ sơ.",
        "leg_none": "Hãy chọn ít nhất một cơ quan phối hợp, ghi nội dung việc và thời hạn.",
        "leg_task": "Hãy ghi nội dung việc của {agency}.",
        "leg_hours": "Thời hạn của {agency} phải từ 1 đến {most} giờ làm việc.",
        "leg_own": "{agency} đang chủ trì hồ sơ này: hãy chọn cơ quan khác.",
        "leg_twice": "{agency} được chọn hai lần: gộp nội dung việc vào một dòng.",
        "leg_closed": "{agency} đã ngừng hoạt động: hãy chọn cơ quan kế thừa.",
        "leg_level": "{agency} là cơ quan cấp trên: hãy chọn cách chuyển “Khác cấp”.",
        "leg_upper": "{agency} không phải cơ quan cấp trên: hãy chọn cách chuyển “Cùng cấp”.",
        "leg_too_many": "Một hồ sơ có nhiều nhất {most} phần phối hợp chưa xong. Hãy chờ trả lời hoặc thu hồi bớt.",
        "leg_has_one": "{agency} đang có một phần phối hợp của hồ sơ này. Hãy chờ trả lời, hoặc thu hồi phần đó trước.",
        "leg_ended": "Phần phối hợp này đã kết thúc, hoặc chưa đến lượt. Hãy tải lại trang để xem.",
        "leg_not_yours": "Phần phối hợp này không ở bàn việc của bạn. Người đang giữ, trưởng phòng hoặc quầy của cơ quan bạn mới làm được.",
        "leg_elsewhere": "Chỉ giao được cho phòng, bộ phận của cơ quan bạn.",
        "leg_successor": "{name} chưa có vai trò giải quyết và phòng, bộ phận ở {agency} để nhận phần phối hợp. Hãy chọn người khác, hoặc giao các phần đó trong cơ quan trước khi bàn giao.",
        "lead_has_result": "Hồ sơ đã có kết quả ký: cơ quan chủ trì hiện nay trả kết quả, không thay chủ trì nữa.",
        "lead_no_counter": "{agency} chưa có Bộ phận Một cửa hay người đang giữ phần phối hợp để nhận hồ sơ. Hãy chờ cơ quan đó nhận phần việc, rồi thay chủ trì.",
        "leg_answer_missing": "Hãy ghi nội dung trả lời, hoặc vì sao không thực hiện được.",
    }
)
