"""Why a rating is not taken, and what to do instead."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "rating_not_yet": "Hồ sơ chưa giải quyết xong nên chưa đánh giá được. Đề nghị Ông/Bà trở lại khi hồ sơ đã có kết quả.",
        "rating_over": "Hồ sơ đã xong quá {days} ngày nên không nhận đánh giá ở đây nữa. Ông/Bà vẫn phản ánh, kiến nghị được trên Cổng Dịch vụ công quốc gia hoặc tại Bộ phận Một cửa.",
        "rating_closed": "Ông/Bà đã đánh giá hồ sơ này. Đánh giá chỉ sửa được trong {days} ngày, sau đó đã được cộng vào số liệu.",
        "rating_given": "Hồ sơ này đã được đánh giá; mỗi hồ sơ đánh giá một lần. Để sửa, Ông/Bà mở lại trang hiện ra lúc gửi, trong {days} ngày. Nếu không phải Ông/Bà gửi: đăng nhập ở Hồ sơ của tôi để đánh giá lại, hoặc phản ánh với Bộ phận Một cửa.",
        "rating_by_slip": "Hồ sơ này đã được đánh giá bằng mã trên giấy tiếp nhận và đã được cộng vào số liệu. Nếu không phải Ông/Bà gửi, đề nghị phản ánh với Bộ phận Một cửa.",
        "rating_often": "Đã gửi đánh giá của hồ sơ này quá nhiều lần. Đề nghị Ông/Bà thử lại sau khoảng {minutes} phút.",
    }
)
