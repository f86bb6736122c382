"""Why a citizen is not signed in, or a file is not taken, and what to do then."""

from typing import Any

from onestop.errors import SENTENCES, say

SENTENCES.update(
    {
        "citizen_provider_away": "Hệ thống định danh tạm thời không trả lời, chưa đăng nhập được. Đề nghị Ông/Bà thử lại sau ít phút; trong lúc đó vẫn tra cứu được bằng mã trên giấy hẹn.",
        "citizen_stopped": "Ông/Bà đã dừng đăng nhập, hoặc hệ thống định danh không cho đăng nhập. Ông/Bà có thể đăng nhập lại.",
        "citizen_state": "Lần đăng nhập này đã hết hạn, đã dùng rồi, hoặc bắt đầu ở trình duyệt khác. Đề nghị Ông/Bà đăng nhập lại từ đầu.",
        "citizen_token": "Không xác nhận được câu trả lời của hệ thống định danh nên chưa đăng nhập. Đề nghị Ông/Bà đăng nhập lại; nếu vẫn vậy, báo Bộ phận Một cửa.",
        "citizen_acr": "Hệ thống định danh chưa xác nhận Ông/Bà theo cách mà trang này yêu cầu nên chưa đăng nhập. Đề nghị Ông/Bà đăng nhập lại và làm đủ các bước xác thực; nếu vẫn vậy, báo Bộ phận Một cửa.",
        "citizen_level": "Tài khoản định danh của Ông/Bà chưa đủ mức độ xác thực: cần mức {wanted}. Đề nghị Ông/Bà đến cơ quan công an để nâng mức tài khoản, rồi đăng nhập lại; trong lúc đó vẫn tra cứu được bằng mã trên giấy hẹn.",
        "citizen_number": "Tài khoản này không cho biết số định danh cá nhân 12 số nên không tìm được hồ sơ. Đề nghị Ông/Bà đăng nhập bằng tài khoản định danh của công dân; hồ sơ của tổ chức vẫn tra cứu được bằng mã trên giấy hẹn.",
        "citizen_organisation": "Đây là tài khoản của tổ chức, doanh nghiệp; trang này chỉ mở hồ sơ của chính người đăng nhập. Đề nghị Ông/Bà đăng nhập bằng tài khoản định danh của công dân; hồ sơ của tổ chức vẫn tra cứu được bằng mã trên giấy hẹn.",
        "citizen_kind": "Chưa xác định được đây có phải tài khoản của công dân không nên chưa đăng nhập. Đề nghị Ông/Bà báo Bộ phận Một cửa; trong lúc đó vẫn tra cứu được bằng mã trên giấy hẹn.",
        "citizen_papers_often": "Đã gửi giấy tờ cho hồ sơ này quá nhiều lần. Đề nghị Ông/Bà thử lại sau khoảng {minutes} phút; các tệp đã gửi vẫn còn.",
        "citizen_papers_many": "Mỗi lần gửi tối đa {most} tệp. Đề nghị Ông/Bà chia thành nhiều lần.",
        "citizen_papers_not_awaited": "Hồ sơ không còn chờ bổ sung nên các tệp vừa gửi chưa được nhận. Đề nghị Ông/Bà xem lại tình trạng hồ sơ.",
        "citizen_papers_not_back": "Hồ sơ không còn chờ bổ sung nên không lấy lại được tệp đã gửi. Đề nghị Ông/Bà liên hệ Bộ phận Một cửa.",
        "citizen_papers_back_often": "Đã gửi và lấy lại quá nhiều tệp cho yêu cầu bổ sung này. Đề nghị Ông/Bà mang giấy tờ đến Bộ phận Một cửa.",
        "citizen_papers_enough": "Mỗi lần yêu cầu bổ sung nhận tối đa {most} tệp. Đề nghị Ông/Bà ghép các trang vào một tệp PDF, hoặc mang giấy tờ đến Bộ phận Một cửa.",
        "citizen_papers_over": "Hồ sơ không còn chờ bổ sung. Đề nghị Ông/Bà xem tình trạng ở trang hồ sơ.",
        "citizen_file_empty": "Tệp “{name}” không có nội dung. Đề nghị Ông/Bà chụp lại hoặc chọn tệp khác.",
        "citizen_file_too_big": "Tệp “{name}” lớn hơn {limit} MB. Đề nghị Ông/Bà chụp ảnh cỡ nhỏ hơn, hoặc chia thành nhiều tệp.",
        "citizen_file_broken": "Tệp “{name}” bị hỏng, không mở được. Đề nghị Ông/Bà chụp lại hoặc chọn tệp khác.",
        "citizen_file_password": "Tệp “{name}” có mật khẩu nên không mở được. Đề nghị Ông/Bà gửi tệp không có mật khẩu.",
        "citizen_file_not_what": "Tệp “{name}” không phải là {said} như tên của nó. Đề nghị Ông/Bà chụp lại hoặc chọn tệp khác.",
        "citizen_file_kind": "Không nhận tệp “{name}”. Đề nghị Ông/Bà dùng một trong các loại: {allowed}.",
        "citizen_file_really": "Tệp “{name}” thực ra là {found}, chưa nhận được. Đề nghị Ông/Bà lưu lại thành một trong các loại: {allowed}.",
        "citizen_file_macros": "Tệp “{name}” có chứa chương trình (macro) nên không được nhận. Đề nghị Ông/Bà lưu lại thành PDF.",
        "citizen_file_altered": "Tệp “{name}” đã bị sửa sau khi ký số ({by}) nên không được nhận. Đề nghị Ông/Bà lấy lại bản gốc từ nơi đã ký.",
        "citizen_file_no_room": "Chưa nhận được tệp “{name}” lúc này. Đề nghị Ông/Bà thử lại sau ít phút, hoặc mang giấy tờ đến Bộ phận Một cửa.",
        "citizen_file_not_checked": "Chưa nhận được tệp “{name}” lúc này. Đề nghị Ông/Bà thử lại sau ít phút, hoặc mang giấy tờ đến Bộ phận Một cửa.",
        "citizen_file_check_limit": "Tệp “{name}” lớn quá mức kiểm tra được. Đề nghị Ông/Bà chia thành nhiều tệp nhỏ hơn.",
        "citizen_file_infected": "Tệp “{name}” có mã độc nên không được nhận. Đề nghị Ông/Bà gửi lại từ máy khác, hoặc mang giấy tờ đến Bộ phận Một cửa.",
        "citizen_often": "Đã mở trang này quá nhiều lần. Đề nghị Ông/Bà thử lại sau khoảng {minutes} phút.",
    }
)


def in_letters(code: str, data: dict[str, Any] | None = None) -> str:
    """What is said to an officer, in a citizen's words where there are such."""
    own = f"citizen_{code}"
    return say(own if own in SENTENCES else code, data)
