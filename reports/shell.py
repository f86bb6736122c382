"""The parts of the frame that lead to the dashboard and to reports."""

from dossiers.desk import online
from dossiers.reach import REGISTER_ROLES, WORK_ROLES
from onestop.accounts.desk import Desk
from onestop.accounts.hooks import KINDS
from onestop.accounts.models import Role
from onestop.jobs.listed import Job, list_jobs
from onestop.shell import Place, Tab, offer
from reports.board.channels import filers_address

BOARD = frozenset({Role.HEAD, Role.LEADER, Role.CONTROLLER})


def _filers(desk: Desk) -> list[online.Lead]:
    address = filers_address(desk)
    return [online.Lead("Ai nộp trực tuyến", address)] if address else []


def connect() -> None:
    online.leads.append(_filers)
    # Of two apps in which a role's day begins, the upper one has it.
    offer(
        Place(
            50, "dieu-hanh", "board", "chart", "Điều hành", BOARD, starts=frozenset({Role.LEADER})
        )
    )
    offer(Place(22, "hom-nay", "digest", "calendar", "Việc hôm nay", frozenset(WORK_ROLES)))
    offer(Place(53, "qua-han", "late_list", "clock-over", "Quá hạn, xin lỗi", BOARD))
    offer(Place(45, "so-theo-doi", "register", "book", "Sổ theo dõi", REGISTER_ROLES))
    offer(Place(55, "bao-cao", "reports", "file", "Báo cáo", BOARD - {Role.HEAD}))
    KINDS["board"] = "Điều hành"
    KINDS["digest"] = "Việc hôm nay"
    offer(Tab(72, "man-hinh", "walls", "Màn hình phòng chờ", frozenset({Role.ADMINISTRATOR})))
    KINDS["wall_board"] = "Màn hình phòng chờ"
    KINDS["register"] = "Sổ theo dõi hồ sơ"
    KINDS["report"] = "Báo cáo"
    KINDS["criticism"] = "Văn bản phê bình"
    KINDS["duty"] = "Nghĩa vụ báo cáo"
    KINDS["duty_act"] = "Việc trên nghĩa vụ báo cáo"
    KINDS["duty_rule"] = "Quy tắc chấm báo cáo"
    KINDS["reporting_outage"] = "Sự cố hệ thống báo cáo"
    KINDS["entered_figures"] = "Số liệu nhập tay"
    KINDS["report_run"] = "Lần lập báo cáo"
    KINDS["brought_file"] = "Tệp số liệu của đơn vị ngoài hệ thống"
    list_jobs(
        Job(
            "reports.draft_owed", "Lập dự thảo báo cáo đến kỳ và báo kiểm soát viên",
            "Giờ sau tự lập những dự thảo còn thiếu; báo cáo vẫn mở và trình ký được ở trang Báo cáo.",
        ),
        Job(
            "reports.remind_causes", "Nhắc ghi nguyên nhân của hồ sơ quá hạn",
            "Ngày sau tự nhắc; danh sách chưa ghi nguyên nhân vẫn ở trang Quá hạn, xin lỗi.",
        ),
        Job(
            "reports.remind_duties", "Nhắc báo cáo sắp đến hạn, trễ, không gửi; nhắc dọn trước kỳ chốt",
            "Ngày sau tự nhắc; tình trạng vẫn ở trang Nghĩa vụ báo cáo.",
        ),
        Job(
            "reports.send_digests", "Báo việc hôm nay cho từng người, mỗi sáng làm việc một lần",
            "Năm phút sau tự gửi, trong ba giờ kể từ giờ báo; ai cũng xem được ở trang Việc hôm nay.",
        ),
        Job(
            "reports.sweep_runs", "Lập tiếp báo cáo lớn còn dở, dọn bản đã cũ",
            "Người yêu cầu đã được báo; mở trang của lần lập xem vì sao, rồi bấm Làm lại.",
        ),
    )  # fmt: skip
