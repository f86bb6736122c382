"""What this app is to the others: its jobs, and what it hears of."""

from exchange.outbox.peers import are_connected
from exchange.outbox.taking import KINDS
from onestop.jobs.listed import Job, list_jobs
from onestop.outbox import facts

NUDGED = "exchange.nudged"


def connect() -> None:
    list_jobs(
        Job(
            "exchange.send_outbox", "Báo các hệ thống khác về hồ sơ",
            "Kiểm tra kết nối và tên, mật khẩu của nơi nhận (EXCHANGE_PEERS); những gì chưa gửi tự gửi lại, đúng thứ tự.",
        )
    )  # fmt: skip
    for topic in KINDS:
        facts.listen(topic, are_connected, NUDGED)
