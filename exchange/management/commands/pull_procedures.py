"""`pull_procedures`: procedures of the national database, by their codes or all that are here."""

from typing import Any

from django.core.management.base import CommandParser
from django.urls import reverse
from django.utils import timezone

from exchange.catalogue import pulling
from onestop.accounts.models import Officer
from onestop.commands import OfficeCommand, UsageError
from procedures.models import ProcedureVersion


class Command(OfficeCommand):
    help = (
        "Lấy thủ tục từ Cổng (dịch vụ LayThuTuc của nơi nhận trong EXCHANGE_PEERS) theo mã, hoặc mọi thủ tục đang có ở đây,\n"
        "thành một tệp nhập danh mục để kiểm soát xem trước; chưa ghi gì vào danh mục."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "codes", nargs="*", metavar="MÃ", help="mã thủ tục; để trống: mọi thủ tục"
        )
        parser.add_argument(
            "--by", required=True, metavar="TÊN", help="tên đăng nhập của người xem trước"
        )

    def work(self, options: dict[str, Any]) -> None:
        by = Officer.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise UsageError(f"Không có cán bộ {options['by']}.")
        # What was abolished is not asked for.
        newest = ProcedureVersion.objects.filter(effective_to=None).order_by("procedure__code")
        every = newest.values_list("procedure__code", flat=True)
        codes = pulling.codes_in(" ".join(options["codes"] or every))
        run, unknown = pulling.pull(codes, by=by, at=timezone.now())
        for code in unknown:
            self.stdout.write(f"Cổng không có thủ tục mã {code}.")
        self.stdout.write(
            f"Đã lấy {run.rows} thủ tục. Xem trước ở {reverse('procedures:upload', args=[run.pk])}"
        )
