"""`send_outbox`: sends what waits for other systems now."""

from typing import Any

from django.utils import timezone

from exchange.outbox import sending
from exchange.outbox.peers import are_connected
from onestop.commands import OfficeCommand, Refused


class Command(OfficeCommand):
    help = (
        "Gửi ngay những gì còn chờ báo cho các hệ thống khác (EXCHANGE_PEERS). Chạy bao nhiêu lần, bao nhiêu bản\n"
        "cùng lúc cũng được: mỗi hồ sơ chỉ có một thông báo đang trên đường, và đi đúng thứ tự."
    )

    def work(self, options: dict[str, Any]) -> None:
        if not are_connected():
            raise Refused("Chưa nối với hệ thống nào. Hãy khai các nơi nhận ở EXCHANGE_PEERS.")
        done = sending.send_all(timezone.now)
        self.stdout.write(
            f"Đã gửi {done.sent} thông báo; {done.refused} bị từ chối, {done.away} không có trả lời."
        )
