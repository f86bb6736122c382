"""`flag_overdue`: what the scheduler runs; safe at any time, any number of times."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from dossiers.clock import flags
from onestop.commands import OfficeCommand


class Command(OfficeCommand):
    help = (
        "Đánh dấu hồ sơ sắp đến hạn, quá hạn và báo cho người giữ, trưởng phòng; nhắc bàn giao chưa ai nhận.\n"
        "Mỗi hồ sơ, mỗi ngày hẹn, mỗi mức chỉ báo một lần. Chạy lúc nào, bao nhiêu lần cũng được."
    )

    def work(self, options: dict[str, Any]) -> None:
        done = flags.flag_overdue(timezone.now())
        lines = [
            f"Sắp đến hạn           {done.soon:>6} hồ sơ vừa báo",
            f"Quá hạn               {done.late:>6} hồ sơ vừa báo",
            f"Bàn giao chưa ai nhận {done.unconfirmed:>6} lần vừa báo",
        ]
        self.show(asdict(done), lines)
