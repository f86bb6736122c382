"""`import_online`: a portal's list, recorded without the screen."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from dossiers.importing import online_lists as domain
from dossiers.importing.online_columns import columns_of
from dossiers.models import OnlineList, OnlineSource
from onestop.accounts.models import Agency
from onestop.columns import TableOf
from onestop.commands import OfficeCommand, Refused, table
from onestop.errors import DomainError
from onestop.tables import read_table, sha256_of_file

WORDS = {
    domain.NEW: "mới",
    domain.AGAIN: "nộp lại",
    domain.WAITING: "đang chờ, không đổi",
    domain.DIFFERENT: "đang chờ, danh sách ghi khác, giữ nguyên",
    domain.RECEIVED: "đã tiếp nhận",
    domain.SETTLED: "đã xử lý xong ở đây",
    domain.REPEATED: "lặp lại một dòng trước",
    domain.FOREIGN: "của cơ quan khác",
    domain.REFUSED: "không đọc được",
    "gone": "đang chờ nhưng không còn trong danh sách",
    "passed": "dòng không phải hồ sơ",
}
SHOWN = 50


class Command(OfficeCommand):
    help = (
        "Ghi danh sách hồ sơ chờ tiếp nhận xuất từ Cổng (.xlsx, .xls, .ods, .csv) vào danh sách chờ của một Bộ phận Một cửa.\n"
        "Cột của tệp theo bảng cột đã xác nhận của nguồn (xác nhận một lần trên trang Hồ sơ trực tuyến). Ghi lại lần nữa không đổi gì.\n"
        "Có dòng không đọc được thì kết thúc với mã 1; các dòng khác vẫn được ghi.\n\n"
        'Ví dụ:\n  manage.py import_online cho-tiep-nhan.xlsx --source "Cổng Dịch vụ công quốc gia" --agency H37.05986 --dry-run'
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="tệp danh sách xuất từ Cổng")
        parser.add_argument(
            "--source", metavar="NGUỒN", required=True, help="tên nguồn hồ sơ trực tuyến"
        )
        parser.add_argument(
            "--agency",
            metavar="MÃ",
            default="",
            help="mã cơ quan có Bộ phận Một cửa; không cần khi nguồn chỉ dùng cho một cơ quan",
        )
        parser.add_argument(
            "--part",
            action="store_true",
            help="danh sách không gồm mọi hồ sơ đang chờ: không đánh dấu hồ sơ không có trong danh sách",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ xem trước: đếm và liệt kê, không ghi gì"
        )

    def work(self, options: dict[str, Any]) -> None:
        now, path = timezone.now(), Path(options["file"])
        is_part = options["part"]
        source = _source(options["source"])
        agency = _agency(options["agency"], source)
        if not path.is_file():
            raise DomainError("table_unreadable", file=path.name)
        rows = read_table(path, path.name)
        if not source.columns:
            raise DomainError("online_source_columns", name=source.name)
        lines = TableOf(rows, columns_of(rows, source.columns))
        if options["dry_run"]:
            found = domain.preview(lines, source=source, agency=agency, now=now, is_part=is_part)
        else:
            made = OnlineList.objects.create(
                source=source,
                agency=agency,
                at=now,
                file_name=path.name[:250],
                sha256=sha256_of_file(path),
            )
            found = domain.record(made, lines, by=None, at=now, is_part=is_part)
        told = [one.told() for one in found.outcomes if one.reason]
        data = {
            "dry_run": options["dry_run"],
            **found.counts,
            "problems": told,
            "missing": [one.code for one in found.gone],
        }
        self.show(data, _lines(found.counts, told, dry_run=options["dry_run"]))
        if found.counts[domain.REFUSED]:
            others = "chưa ghi gì" if options["dry_run"] else "các dòng khác đã ghi"
            raise Refused(
                f"{found.counts[domain.REFUSED]} dòng không đọc được, {others}. Hãy sửa tệp theo lý do nêu ở từng dòng rồi ghi lại."
            )


def _source(name: str) -> OnlineSource:
    found = OnlineSource.objects.filter(name=name, ended_at=None).first()
    if found is None:
        names = OnlineSource.objects.filter(ended_at=None).values_list("name", flat=True)
        listed = ", ".join(names) or "chưa có nguồn nào"
        raise DomainError("online_source_unknown", name=name, names=listed)
    return found


def _agency(code: str, source: OnlineSource) -> Agency:
    """The office that receives; the source's own where the command names none."""
    if not code and source.agency is not None and source.agency.is_one_stop:
        return source.agency
    found = Agency.objects.filter(code=code.upper(), is_one_stop=True).first() if code else None
    if found is None or found.has_ended(timezone.localdate()):
        raise DomainError("online_agency_unknown", given=code)
    return found


def _lines(counts: dict[str, int], told: list[dict[str, Any]], *, dry_run: bool) -> list[str]:
    lines = ["Xem trước, chưa ghi gì." if dry_run else "Đã ghi."]
    lines += [f"  {name:<10} {counts[name]:>6}  {words}" for name, words in WORDS.items()]
    if told:
        shown = [(one["line"], one["code"], one["reason"]) for one in told[:SHOWN]]
        lines += ["", *table(("Dòng", "Mã hồ sơ", "Vì sao"), shown)]
    return lines
