"""The parts of the frame that lead to dossiers."""

from dossiers.ledger.alarm import WHOLE
from dossiers.reach import WORK_ROLES
from onestop.accounts.models import Role
from onestop.jobs.listed import Job, list_jobs
from onestop.shell import Link, Place, SearchBox, Tab, offer, offer_search
from procedures.shell import begins_at

DESK = frozenset({Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS})
WORKERS = frozenset(WORK_ROLES)
AT_RETURN = frozenset({Role.CLERK, Role.CASHIER, Role.POSTAL})


def connect() -> None:
    offer(
        Place(
            10, "tiep-nhan", "intake", "inbox", "Tiếp nhận",
            frozenset({Role.CLERK}), starts=frozenset({Role.CLERK}),
        ),
        Place(
            20, "viec", "work", "tasks", "Việc của tôi", WORKERS,
            starts=DESK - {Role.CLERK} | {Role.SUPPORT},
        ),
        Place(
            25, "duyet-bo-sung", "agreements", "check", "Duyệt bổ sung",
            frozenset({Role.HEAD, Role.LEADER}),
        ),
        Place(28, "lay-y-kien", "consultations", "search", "Lấy ý kiến", DESK),
        Place(30, "ban-giao", "give_list", "handover", "Bàn giao", DESK),
        Place(
            35, "van-thu", "outgoing", "stamp", "Văn thư", frozenset({Role.DOCUMENTS}),
        ),
        Place(
            36, "van-thu", "outgoing_book", "book", "Sổ văn bản đi",
            frozenset({Role.LEADER, Role.CONTROLLER}),
        ),
        Place(
            40, "tra-ket-qua", "return_desk", "return", "Trả kết quả", AT_RETURN,
            starts=frozenset({Role.CASHIER, Role.POSTAL}),
        ),
        Place(41, "buu-chinh", "post_desk", "inbox", "Bưu chính", frozenset({Role.CLERK, Role.POSTAL})),
        Place(
            41, "gui-ho", "partner_filings", "inbox", "Hồ sơ gửi hộ", frozenset({Role.PARTNER}),
            starts=frozenset({Role.PARTNER}),
        ),
        Place(
            42, "thu-tien", "cash_drawer", "money", "Thu tiền",
            frozenset({Role.CASHIER, Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER}),
        ),
        Place(
            45, "so-hoa", "scans_missing", "attach", "Số hóa",
            frozenset({Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER, Role.DOCUMENTS}),
        ),
        Tab(
            50, "mot-cua", "office_settings", "Bộ phận Một cửa",
            frozenset({Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER}),
        ),
        Tab(
            70, "doi-hen", "calendar_moves", "Điều chỉnh ngày hẹn trả theo lịch làm việc",
            frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}),
        ),
        Tab(
            73, "nguon-truc-tuyen", "online_sources", "Nguồn hồ sơ trực tuyến",
            frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}),
        ),
        Tab(
            73, "don-vi-gui-ho", "partner_offices", "Đơn vị gửi hộ", frozenset({Role.ADMINISTRATOR})
        ),
        Tab(75, "nhap-ho-so", "imports", "Nhập hồ sơ cũ", frozenset({Role.ADMINISTRATOR})),
        Tab(79, "kiem-tra-nhat-ky", "ledger_check", "Kiểm tra nhật ký", frozenset({Role.ADMINISTRATOR})),
        Link(10, "lookup", "Tra cứu hồ sơ", "Hồ sơ đang ở bước nào, hẹn trả ngày nào."),
    )  # fmt: skip
    begins_at("intake")
    offer_search(
        SearchBox(
            view="search",
            suggests="suggestions",
            label="Tìm hồ sơ, người, thủ tục: gõ mã, tên không dấu, số căn cước, điện thoại, hoặc quét",
            hint="Hồ sơ, người, thủ tục; hoặc quét mã",
            roles=WORKERS,
        )
    )
    list_jobs(
        Job(
            "dossiers.flag_overdue", "Đánh dấu hồ sơ sắp đến hạn, quá hạn và báo người giữ",
            "5 phút sau tự làm lại, không báo hai lần; nếu vẫn lỗi, báo người bảo trì phần mềm.",
        ),
        Job(
            "dossiers.remind_uncollected", "Nhắc Bộ phận Một cửa về kết quả chưa có người nhận, mỗi tuần một lần",
            "Ngày sau tự nhắc lại, không nhắc hai lần một tuần; danh sách luôn có ở Trả kết quả.",
        ),
        Job(
            "dossiers.propose_lapses", "Báo quầy nhắc người dân bổ sung, báo hồ sơ quá hạn bổ sung, ý kiến chậm trả lời",
            "Sáng hôm sau tự làm lại, không báo hai lần; hồ sơ không tự dừng.",
        ),
        Job(
            "dossiers.send_receipts", "Gửi biên lai điện tử tới nhà cung cấp",
            "Phút sau tự gửi lại, không phát hành hai lần; vẫn lỗi thì xem địa chỉ, khóa trong cài đặt và hỏi nhà cung cấp.",
        ),
        Job(
            "dossiers.sweep_slips", "Làm bản PDF của phiếu còn thiếu",
            "Phiếu vẫn in được từ trang hồ sơ; kiểm tra thư viện in PDF của máy chủ.",
        ),
        Job(
            "dossiers.sweep_presses", "Làm tiếp việc trên nhiều hồ sơ còn dở, quên lần cũ",
            "Người bấm đã được báo; trang của lần làm nói hồ sơ nào chưa xong, vì sao, và có nút thử lại.",
        ),
        Job(
            "dossiers.sweep_imports", "Làm tiếp lần nhập hồ sơ cũ bị dừng",
            "Mở Nhập hồ sơ cũ xem lần nhập nào dừng, vì sao.",
        ),
        Job(
            "dossiers.daily_digest", "Băm sự kiện của ngày và gửi thư cho kiểm soát viên",
            "Đêm sau tự băm cả những ngày còn thiếu; chạy verify_events để kiểm tra.",
        ),
        Job(
            "dossiers.verify", "Kiểm tra nhật ký hồ sơ: phần mới, hồ sơ đang mở và một phần các hồ sơ cũ",
            "Có chỗ không khớp: giữ nguyên cơ sở dữ liệu, mở Kiểm tra nhật ký xem đủ các chỗ, so với bản sao lưu.",
        ),
        Job(
            WHOLE, "Kiểm tra toàn bộ nhật ký hồ sơ, theo yêu cầu",
            "Có chỗ không khớp: giữ nguyên cơ sở dữ liệu, mở Kiểm tra nhật ký xem đủ các chỗ, so với bản sao lưu.",
            is_by_hand=True,
        ),
        Job(
            "dossiers.sweep_drafts", "Xóa bản nháp tiếp nhận để quá lâu",
            "Không ảnh hưởng hồ sơ đã tiếp nhận; đêm sau tự làm lại.",
        ),
    )  # fmt: skip
