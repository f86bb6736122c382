"""`report`: one statutory report of an agency and a period, as JSON, HTML, PDF or xlsx."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from onestop.commands import OfficeCommand, Refused
from onestop.errors import DomainError
from onestop.worktime import InstantError, parse_instant
from reports import rendering
from reports.figures import Scope, checks, table
from reports.figures.scope import agency_of
from reports.form_data import form_on
from reports.periods import parse
from reports.rendering.printed import written

FORMATS = ("json", "html", "pdf", "xlsx")


def an_instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except InstantError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class Command(OfficeCommand):
    help = (
        "Lập một báo cáo theo biểu mẫu của một cơ quan trong một kỳ: II.06a, II.06b, II.06c, II.06-don-vi, 07a/BTP,\n"
        "II.07b, late-causes, register, handovers. Cùng một thời điểm chốt luôn cho cùng một kết quả."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("form", metavar="BIỂU", help="mã biểu, ví dụ II.06a")
        parser.add_argument("--agency", required=True, metavar="MÃ", help="mã cơ quan báo cáo")
        parser.add_argument(
            "--period",
            required=True,
            metavar="KỲ",
            help="2026Q3, 2026M10, 2026H1, 2026Y (NĐ 09/2019); 2026-10, 2026-Q3, 2026 (theo lịch); hoặc 2026-05-01..2026-07-31",
        )
        parser.add_argument(
            "--as-of",
            type=an_instant,
            metavar="THỜI ĐIỂM",
            help="thời điểm chốt số liệu, ví dụ 2026-09-15T08:00+07:00; để trống là lúc này",
        )
        parser.add_argument("--format", choices=FORMATS, default="json", help="dạng kết quả")
        parser.add_argument("--output", metavar="TỆP", help="ghi vào tệp này thay vì in ra")

    def work(self, options: dict[str, Any]) -> None:
        now, period = timezone.now(), parse(options["period"])
        cut: datetime = options["as_of"] or now
        if cut > now:
            raise DomainError("cut_ahead", cut=written(cut))
        form = form_on(options["form"], period.last)
        scope = Scope.for_form(form, agency_of(options["agency"]))
        filled = table(form, scope, period, cut)
        filled = filled.with_problems(checks.problems(filled))
        self._give(_bytes(filled, options["format"]), options["output"])

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


def _bytes(filled: Any, form: str) -> bytes:
    if form == "pdf":
        return rendering.pdf(filled)
    if form == "xlsx":
        return rendering.xlsx(filled)
    text = rendering.json_text(filled) if form == "json" else rendering.html(filled)
    return text.encode()
