"""`judge_signatures`: what the kept verdicts on digital signatures would be by the certificates and
revocation lists of today.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, cast

from django.core.management.base import CommandParser

from dossiers.ledger.tables import FILES
from dossiers.models import Dossier
from onestop.commands import OfficeCommand, day
from onestop.errors import DomainError, sentence
from onestop.files.domain import open_attachment
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict, found_in, signature_words
from onestop.worktime import start_of_day


class Command(OfficeCommand):
    help = (
        "Kiểm tra lại chữ ký số của các tệp hồ sơ, theo chứng thư và danh sách thu hồi (CRL) đang có trong SIGN_TRUST,\n"
        "tính tại lúc tệp đến. Chỉ nêu tệp có kết quả khác, không sửa gì: kết quả ghi lúc tệp đến đứng nguyên.\n\n"
        "Ví dụ:\n  manage.py judge_signatures --since 2026-11-01"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--since", metavar="NGÀY", type=day, help="chỉ tệp đến từ ngày này")

    def work(self, options: dict[str, Any]) -> None:
        files = Attachment.objects.filter(kind__in=FILES).exclude(signature=Verdict.NONE)
        if options["since"]:
            files = files.filter(uploaded_at__gte=start_of_day(options["since"]))
        found = list(_otherwise(files.order_by("pk").iterator(chunk_size=500)))
        lines = [f"{one['dossier']}, {one['file']}: {one['kept']} → {one['now']}" for one in found]
        self.show(found, lines or ["Mọi kết quả kiểm tra chữ ký số vẫn như lúc tệp đến."])


def _otherwise(files: Iterable[Attachment]) -> Iterator[dict[str, str]]:
    for file in files:
        try:
            with open_attachment(file) as content:
                now = found_in(cast(BinaryIO, content), at=file.uploaded_at).verdict
        except DomainError as error:
            words = sentence(error)
        else:
            if now == file.signature:
                continue
            words = signature_words(now)
        code = Dossier.objects.values_list("code", flat=True).get(pk=file.object_id)
        yield {
            "dossier": code,
            "file": file.name,
            "kept": signature_words(file.signature),
            "now": words,
        }
