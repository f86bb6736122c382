"""The parts of the frame that lead to dossiers."""

from dossiers.reach import WORK_ROLES
from onestop.accounts.models import Role
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
        Place(30, "ban-giao", "give_list", "handover", "Bàn giao", DESK),
        Place(
            40, "tra-ket-qua", "return_desk", "return", "Trả kết quả", AT_RETURN,
            starts=frozenset({Role.CASHIER, Role.POSTAL}),
        ),
        Tab(
            50, "mot-cua", "office_settings", "Bộ phận Một cửa",
            frozenset({Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER}),
        ),
        Tab(
            70, "doi-hen", "calendar_moves", "Điều chỉnh ngày hẹn trả theo lịch làm việc",
            frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}),
        ),
        Tab(75, "nhap-ho-so", "imports", "Nhập hồ sơ cũ", frozenset({Role.ADMINISTRATOR})),
        Link(10, "lookup", "Tra cứu hồ sơ"),
    )  # fmt: skip
    begins_at("intake")
    offer_search(
        SearchBox(
            view="search",
            label="Tìm hồ sơ theo mã, tên, số căn cước, điện thoại",
            hint="Mã hồ sơ, tên không dấu, căn cước, điện thoại",
            roles=WORKERS,
        )
    )
