"""`rebuild_names`: the search keys of all names anew, as the names stand; safe at any time, any
number of times.
"""

from typing import Any

from dossiers.intake import names
from onestop.commands import OfficeCommand

EVERY = 50_000


class Command(OfficeCommand):
    help = (
        "Lập lại khóa tìm kiếm theo tên (chủ hồ sơ, người nộp, người nhận kết quả, người đề nghị) của mọi hồ sơ.\n"
        "Chạy sau khi phần mềm đổi cách tìm tên không dấu. Khóa đã đúng thì giữ nguyên; chạy lúc nào cũng được."
    )

    def work(self, options: dict[str, Any]) -> None:
        looked, changed = 0, 0
        for done in names.rebuild():
            looked, changed = done
            if looked % EVERY == 0:
                self.note(f"đã xem {looked} hồ sơ…")
        self.show(
            {"dossiers": looked, "changed": changed},
            [f"Đã xem {looked} hồ sơ, sửa {changed} khóa tìm kiếm."],
        )
