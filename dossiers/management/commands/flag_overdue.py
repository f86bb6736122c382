"""`flag_overdue`: what the scheduler runs; safe at any time, any number of times."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from dossiers.clock import flags, online_flags
from onestop.commands import OfficeCommand


class Command(OfficeCommand):
    help = (
        "Đánh dấu hồ sơ sắp đến hạn, quá hạn và báo cho người giữ, trưởng phòng; nhắc bàn giao chưa ai nhận; báo hồ sơ trực tuyến sắp hết, quá 08 giờ làm việc chờ tiếp nhận.\n"
        "Mỗi hồ sơ, mỗi ngày hẹn, mỗi mức chỉ báo một lần. Chạy lúc nào, bao nhiêu lần cũng được."
    )

    def work(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        done, filings = flags.flag_overdue(now), online_flags.flag(now)
        lines = [
            f"Sắp đến hạn           {done.soon:>6} hồ sơ vừa báo",
            f"Quá hạn               {done.late:>6} hồ sơ vừa báo",
            f"Bàn giao chưa ai nhận {done.unconfirmed:>6} lần vừa báo",
            f"Trực tuyến chờ tiếp nhận: sắp hết giờ {filings['soon']}, quá giờ {filings['late']} hồ sơ vừa báo",
        ]
        online = {f"online_{level}": count for level, count in filings.items()}
        self.show(asdict(done) | online, lines)
