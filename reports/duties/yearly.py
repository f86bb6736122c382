"""The year's table: of each agency how many reports were owed, what they lacked, what is taken off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from onestop.accounts.models import Agency
from reports.duties.judging import NOTHING, State
from reports.duties.owing import Owed, of_the_year, owed
from reports.figures import Row, Scope, Table
from reports.models import Duty, ReportForm, RowKind, Source
from reports.periods import Kind, of_year

COLUMNS = (
    ("3", "Số báo cáo phải nộp"),
    ("4", "Đúng hạn"),
    ("5", "Trễ"),
    ("6", "Chưa đạt chất lượng"),
    ("7", "Không gửi"),
    ("8", "Còn trong hạn"),
    ("9", "Điểm trừ"),
)
NOTES = (
    "Mỗi báo cáo trừ một lần, theo lỗi nặng nhất: cột (3) = (4) + (5) + (6) + (7) + (8).",
    "Báo cáo đang trễ tính vào cột (5) đến ngày coi là không gửi. Ngày hệ thống báo cáo có sự cố không tính vào hạn nhập.",
    "Cột (8): kỳ chưa hết, chưa quá hạn, hoặc đang sửa theo hạn của lần trả lại.",
)


@dataclass(slots=True)
class Line:
    """What an agency owed and did in the year; each report stands in one column."""

    agency: Agency | None = None
    owed: int = 0
    in_time: int = 0
    late: int = 0
    poor: int = 0
    missing: int = 0
    open: int = 0
    deduction: Decimal = NOTHING

    def add(self, one: Owed) -> None:
        verdict = one.verdict
        self.owed += 1
        self.deduction += one.deduction
        if verdict.was_missing:
            self.missing += 1
        elif verdict.was_late:
            self.late += 1
        elif verdict.was_poor:
            self.poor += 1
        elif one.state == State.SENT:
            self.in_time += 1
        else:
            self.open += 1

    @property
    def counts(self) -> tuple[int, ...]:
        return self.owed, self.in_time, self.late, self.poor, self.missing, self.open

    @property
    def points(self) -> str:
        return points(self.deduction)


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    lines: list[Line]
    total: Line
    columns: tuple[tuple[str, str], ...] = COLUMNS
    notes: tuple[str, ...] = field(default=NOTES)


def points(value: Decimal) -> str:
    """0,25; 0 where nothing is taken off."""
    return f"{value.normalize():f}".replace(".", ",") if value else "0"


def of(year: int, agencies: Sequence[Agency], today: date) -> Year:
    """Those that owe something in the year, an agency that has ended with what it owed until then."""
    duties = list(Duty.objects.all())
    periods = of_the_year(year, duties)
    return added(year, owed(agencies, periods, today, duties=duties))


def added(year: int, rows: Iterable[Owed]) -> Year:
    by_agency: dict[int, Line] = {}
    total = Line()
    for one in rows:
        if one.state != State.NOT_OWED:
            by_agency.setdefault(one.agency.pk, Line(one.agency)).add(one)
            total.add(one)
    lines = sorted(by_agency.values(), key=lambda line: line.agency.path if line.agency else "")
    return Year(year, lines, total)


def table(found: Year, agency: Agency, *, at: datetime) -> Table:
    """The same as a table that is printed like the other reports."""
    columns = [{"number": number, "path": [label], "measure": ""} for number, label in COLUMNS]
    form = ReportForm(
        code="diem-tru",
        title="ĐIỂM TRỪ THỰC HIỆN CHẾ ĐỘ BÁO CÁO KIỂM SOÁT TTHC",
        source=Source.CATALOGUE,
        row_kind=RowKind.UNIT,
        row_label="Cơ quan, đơn vị",
        unit="Số báo cáo; điểm trừ",
        columns=columns,
        notes=list(NOTES),
    )
    rows = [
        Row(f"agency:{line.agency.pk}", line.agency.name, _values(line), code=line.agency.code)
        for line in found.lines
        if line.agency is not None
    ]
    return Table(
        form=form,
        columns=form.columns_of(),
        scope=Scope.of(agency, whole=True),
        period=of_year(found.year, Kind.YEAR),
        cut=at,
        rows=rows,
        total=Row("total", "Tổng số", _values(found.total)),
        notes=NOTES,
    )


def _values(line: Line) -> dict[str, int | str]:
    numbers = [number for number, _ in COLUMNS]
    return dict(zip(numbers, line.counts, strict=False)) | {numbers[-1]: line.points}
