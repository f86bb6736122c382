"""`report`: one statutory report of an agency and a period, as JSON, HTML, PDF or xlsx."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop import replica
from onestop.commands import OfficeCommand, Refused
from onestop.errors import DomainError
from onestop.worktime import InstantError, parse_instant
from reports import frozen, rendering
from reports.figures import Table
from reports.figures.scope import agency_of
from reports.form_data import form_on
from reports.models import FrozenFile, SignedReport
from reports.periods import parse
from reports.rendering.texts import written

FORMATS = ("json", "html", "pdf", "xlsx")


def an_instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except InstantError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class Command(OfficeCommand):
    help = (
        "Lập một báo cáo theo biểu mẫu của một cơ quan trong một kỳ: II.06a, II.06b, II.06c, II.06-don-vi, 07a/BTP,\n"
        "II.07b, operations, late-causes, late-apologies, register, handovers, apologies, digitised, days-saved, by-post, online-filers. Cùng một thời điểm chốt luôn cho cùng một kết quả."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("form", metavar="BIỂU", help="mã biểu, ví dụ II.06a")
        parser.add_argument("--agency", required=True, metavar="MÃ", help="mã cơ quan báo cáo")
        parser.add_argument(
            "--period",
            required=True,
            metavar="KỲ",
            help="2026Q3, 2026M10, 2026H1, 2026Y (NĐ 09/2019); 2026-10, 2026-Q3, 2026 (theo lịch); 2026-05-01..2026-07-31; "
            "riêng register: 2026S cả sổ của năm, 2026SQ2 quyển 2, 2026SN101-200 từ số 101 đến số 200; thêm L7: chỉ lĩnh vực số 7",
        )
        parser.add_argument(
            "--as-of",
            type=an_instant,
            metavar="THỜI ĐIỂM",
            help="thời điểm chốt số liệu, ví dụ 2026-09-15T08:00+07:00; để trống là lúc chốt của bản đã ký, chưa ký thì lúc này",
        )
        parser.add_argument(
            "--variant",
            default="",
            metavar="CÁCH GHI",
            help="cách ghi và tính cột khác của biểu, ví dụ long; báo cáo đã ký giữ cách đã chọn lúc trình",
        )
        parser.add_argument("--format", choices=FORMATS, default="json", help="dạng kết quả")
        parser.add_argument("--output", metavar="TỆP", help="ghi vào tệp này thay vì in ra")

    def work(self, options: dict[str, Any]) -> None:
        period, cut = parse(options["period"]), options["as_of"]
        form = form_on(options["form"], period.last).worn(options["variant"])
        agency = agency_of(options["agency"])
        signed = frozen.standing(form.code, agency.pk, period) if cut is None else None
        if signed is not None:
            content = _signed(signed, options["format"])
        else:
            # Before the replica is asked: it has all that was saved until then.
            by = _counted_by(cut)
            content = replica.read(
                lambda _: _bytes(
                    frozen.drafted(form, agency, period, by), options["format"], "draft"
                ),
                wait=replica.WORK_WAIT,
            )
        self._give(content, options["output"])

    def _give(self, content: bytes, output: str | None) -> None:
        if output:
            try:
                Path(output).write_bytes(content)
            except OSError as error:
                raise Refused(f"Không ghi được vào {output}: {error.strerror}.") from error
        elif isinstance(self.stdout._out, type(sys.stdout)) and hasattr(sys.stdout, "buffer"):
            sys.stdout.buffer.write(content)
        else:
            self.stdout.write(content.decode("utf-8"), ending="")


def _signed(report: SignedReport, form: str) -> bytes:
    """The very bytes that were signed where they are kept, else the frozen table drawn."""
    kept = FrozenFile.objects.filter(report=report, kind=form).first()
    if kept is not None:
        return bytes(kept.content)
    return _bytes(frozen.thaw(report), form, "signed")


def _counted_by(cut: datetime | None) -> datetime:
    """This cut, else now. Errors: DomainError("cut_ahead")."""
    now = timezone.now()
    if cut is not None and cut > now:
        raise DomainError("cut_ahead", cut=written(cut))
    return cut or now


def _bytes(filled: Table, form: str, state: str) -> bytes:
    if form == "pdf":
        return rendering.pdf(filled, state=state)
    if form == "xlsx":
        return rendering.xlsx(filled, state=state)
    text = rendering.json_text if form == "json" else rendering.html
    return text(filled, state=state).encode()
