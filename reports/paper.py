"""A report as a page shows it: the table of a moment or the one that was signed, with the address
behind every figure, what may be done, and its earlier versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency, Role
from reports import frozen, runs
from reports.board.moment import Moment
from reports.figures import Row, Scope, Table, checks, empty, is_large, table
from reports.figures.measures import LATE_SIGNED, OUTSIDE, SHARES
from reports.figures.tables import TOTAL
from reports.models import ReportForm, ReportRun, SignedReport, Source
from reports.periods import Period
from reports.rendering.beside import Quarters, quarters
from reports.rendering.heads import HeadCell, head_rows
from reports.rendering.printed import Line, lines, transfers
from reports.rendering.texts import apart, cell
from reports.signing import holds, is_above

State = SignedReport.State
# What opens no dossiers.
SILENT = (Source.ENTERED, Source.FINISHED)
# Rows of a list on its page.
LISTED = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell: its text, and where its dossiers are; or the file that it was brought from."""

    text: str
    url: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Another period beside this one: column by column its total and what it is less or more now."""

    title: str
    period: str
    url: str
    cells: tuple[tuple[str, str], ...]


def _difference(now: object, then: object) -> tuple[str, str]:
    if not (isinstance(now, int) and isinstance(then, int)):
        return (cell(then), "")
    return (cell(then), apart(now - then))


@dataclass(frozen=True, slots=True)
class Printed:
    order: str
    label: str
    code: str
    is_head: bool
    figures: tuple[Figure, ...]
    # The files of a row without dossiers, each with the page that tells of it.
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Opened:
    """`report`: the one in force, or None; `versions`: all of the form, agency and period."""

    form: ReportForm
    agency: Agency
    period: Period
    table: Table
    report: SignedReport | None
    versions: tuple[SignedReport, ...]
    desk: Desk
    now: datetime
    at_moment: bool
    has_links: bool = True
    # Whether a worker counts it; without its run there is no figure yet.
    is_large: bool = False

    @property
    def is_signed(self) -> bool:
        """Whether what is shown is what was signed."""
        signed = self.report is not None and self.report.state == State.SIGNED
        return signed and not self.at_moment

    @property
    def words(self) -> str:
        return f"{self.form.code} {self.agency.code} {self.period.code}"

    @property
    def moment(self) -> Moment:
        return Moment(self.table.cut)

    @property
    def heads(self) -> list[list[HeadCell]]:
        return head_rows(self.table.columns)

    @cached_property
    def lines(self) -> list[Printed]:
        """All rows of figures; the first ones of a list."""
        most = LISTED if self.form.source == Source.LIST else None
        return [self._printed(line) for line in islice(lines(self.table), most)]

    @property
    def may_go_on(self) -> bool:
        """Whether a list may be longer than what the page shows: the files hold all of it."""
        return self.form.source == Source.LIST and len(self.lines) == LISTED

    @property
    def total(self) -> Printed | None:
        row = self.table.total
        return self._printed(Line("", row, ())) if row is not None else None

    @cached_property
    def compared(self) -> list[Compared]:
        """The total of the period before and of the same of last year, by the same cut; none where
        nothing happened then. One statement each, and the names of their rows.
        """
        total = self.table.total
        if total is None or self.form.source != Source.DOSSIERS:
            return []
        found = []
        others = {"Kỳ trước": self.period.previous(), "Cùng kỳ năm trước": self.period.last_year()}
        if self.period.previous() == self.period.last_year():
            others = {"Năm trước": self.period.previous()}
        for title, period in others.items():
            then = table(self.form, self.table.scope, period, self.table.cut).total
            if then is not None and then.has_figures:
                numbers = [one.number for one in self.table.columns if one.measure]
                differences = tuple(
                    _difference(total.values[number], then.values[number])
                    if number in numbers
                    else ("—", "")
                    for number in (one.number for one in self.table.columns)
                )
                found.append(Compared(title, period.label, self._other(period), differences))
        return found

    @property
    def beside(self) -> Iterator[tuple[str, Figure]]:
        for one in self.table.beside:
            # What was signed is told as it was; the dossiers of today may be others.
            is_told = one.name == LATE_SIGNED
            yield (
                one.label,
                Figure(cell(one.value)) if is_told else self._figure(one.name, "", one.value),
            )

    def _printed(self, line: Line) -> Printed:
        row = line.row
        figures = tuple(self._of(row, one.number, one.measure) for one in self.table.columns)
        origin = row.origin
        if origin is None:
            return Printed(line.order, row.label, row.code, row.is_head, figures)
        files = tuple(
            (one.called, reverse("brought_file", args=(one.file_id,)) if self.has_links else "")
            for one in origin.files
        )
        return Printed(line.order, row.called, row.code, False, figures, files)

    def _of(self, row: Row, number: str, measure: str) -> Figure:
        value = row.values.get(number)
        if row.origin is not None:
            return Figure(cell(value), file="; ".join(one.called for one in row.origin.files))
        if not measure or measure in OUTSIDE or measure in SHARES:
            return Figure(cell(value))
        return self._figure(row.key, number, value, self.from_files(row.key, number))

    def _figure(self, row: str, column: str, value: object, from_files: int = 0) -> Figure:
        """What counts no dossier, or nothing but what files say, opens nothing."""
        of_dossiers = self.has_links and self.form.source == Source.DOSSIERS
        counted = of_dossiers and isinstance(value, int) and value > from_files
        text = cell(value, counts=self.form.source != Source.LIST)
        return Figure(text, self.cell_address(row, column) if counted else "")

    def from_files(self, row: str, column: str) -> int:
        """How much of a cell of the total, or of a level's head, was brought from files."""
        return self._sums_of_files.get(row, {}).get(column, 0)

    @cached_property
    def _sums_of_files(self) -> dict[str, dict[str, int]]:
        """By the row that adds up, and the column."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        head = ""
        for row in self.table.rows if self.table.brought else ():
            head = row.key if row.is_head else head
            if row.origin is None:
                continue
            for number, value in row.values.items():
                for key in (TOTAL, head):
                    found[key][number] += value if isinstance(value, int) else 0
        return found

    @property
    def address(self) -> str:
        return reverse("report_page", args=(self.form.slug, self.agency.code, self.period.code))

    def cell_address(self, row: str, column: str) -> str:
        address, kept = self.cell_list(row, column)
        return f"{address}?{urlencode(kept)}"

    def cell_list(
        self, row: str, column: str, *, name: str = "report_cell"
    ) -> tuple[str, dict[str, str]]:
        """Where the dossiers behind a figure are listed, and what makes them those of the figure."""
        address = reverse(name, args=(self.form.slug, self.agency.code, self.period.code))
        return address, self._kept | {"dong": row, "cot": column}

    def cell_file(self, row: str, column: str, *, kind: str) -> str:
        address, kept = self.cell_list(row, column, name=f"report_cell_{kind}")
        return f"{address}?{urlencode(kept)}"

    @property
    def _kept(self) -> dict[str, str]:
        """What an address of this very table says: its moment, and how it is worded."""
        worded = {"nhan": self.form.variant} if self.form.variant else {}
        return {"luc": self.moment.text} | worded

    def title_of(self, row: str, column: str) -> str:
        """What a figure counts, in words."""
        rows = [*self.table.rows, *([self.table.total] if self.table.total else [])]
        label = next((one.label for one in rows if one.key == row), "")
        beside = next((one.label for one in self.table.beside if one.name == row), "")
        path = next((one.path for one in self.table.columns if one.number == column), ())
        return beside or f"{label}: {', '.join(path).lower()}"

    @property
    def file_query(self) -> str:
        return "" if self.is_signed else f"?{urlencode(self._kept)}"

    @property
    def again(self) -> str:
        """This table's own address."""
        return f"{self.address}?{urlencode(self._kept)}" if self.at_moment else self.address

    @property
    def wordings(self) -> list[tuple[str, str, bool]]:
        """The ways to word and count the form while nothing of it is kept: words, address, whether
        it is so.
        """
        if self.report is not None and not self.at_moment:
            return []
        kept = {"luc": self.moment.text} if self.at_moment else {}
        return [
            (
                words,
                f"{self.address}?{urlencode(kept | ({'nhan': slug} if slug else {}))}".rstrip("?"),
                slug == self.form.variant,
            )
            for slug, words in self.form.choices
        ]

    @property
    def adjustments(self) -> dict[str, Any]:
        """What the signed report before and this one's (6) differ by; empty where nothing is known."""
        kept = dict(self.table.carried_over)
        if not kept:
            return {}
        rows = [
            one | {"happened": _read(one["happened_at"]), "recorded": _read(one["recorded_at"])}
            for one in kept["adjustments"]
        ]
        return kept | {"adjustments": rows, "transfers": list(transfers(self.table))}

    @property
    def quarters(self) -> Quarters | None:
        """Of a year or half: its figures beside those of its quarters."""
        return quarters(self.table)

    @property
    def previous_address(self) -> str:
        return self._other(self.period.previous())

    @property
    def last_year_address(self) -> str:
        return self._other(self.period.last_year())

    def _other(self, period: Period) -> str:
        """Empty where no edition of the form was in force yet; asked only of what lies before this
        one.
        """
        earlier = ReportForm.objects.in_force(period.last).filter(code=self.form.code)
        if period.last < self.form.effective_from and not earlier.exists():
            return ""
        return reverse("report_page", args=(self.form.slug, self.agency.code, period.code))

    # What may be done, as the buttons of the page ask it; the acts ask again.

    @property
    def state(self) -> int:
        return self.report.state if self.report is not None else 0

    @property
    def is_over(self) -> bool:
        return self.now >= self.period.end

    @property
    def may_prepare(self) -> bool:
        mine = holds(self.desk, self.agency, Role.CONTROLLER)
        is_open = self.form.source == Source.ENTERED and bool(self.table.problems)
        return mine and self.report is None and self.form.is_signed_form and not is_open

    @property
    def may_enter(self) -> bool:
        mine = holds(self.desk, self.agency, Role.CONTROLLER)
        return mine and self.report is None and self.form.is_entered

    @property
    def entry_address(self) -> str:
        return reverse("report_entry", args=(self.form.slug, self.agency.code, self.period.code))

    @property
    def opens_dossiers(self) -> bool:
        """Whether its figures lead to what they count."""
        return self.total is not None and self.form.source not in SILENT

    @property
    def may_take_back(self) -> bool:
        mine = holds(self.desk, self.agency, Role.CONTROLLER)
        return mine and self.state == State.PREPARED

    @property
    def may_sign(self) -> bool:
        return self._leads and self.state == State.PREPARED

    @property
    def may_withdraw(self) -> bool:
        return self._leads and self.state == State.SIGNED

    @property
    def may_send_back(self) -> bool:
        above = self.state == State.SIGNED and is_above(self.desk, self.agency)
        return above or self.may_sign

    @property
    def _leads(self) -> bool:
        return holds(self.desk, self.agency, Role.LEADER)


def preview(form: ReportForm, agency: Agency, period: Period, now: datetime, desk: Desk) -> Opened:
    """A form that is not in force yet, with real figures; its numbers open nothing."""
    found = table(form, Scope.for_form(form, agency), period, now)
    found = found.with_problems(checks.sums(found))
    return Opened(form, agency, period, found, None, (), desk, now, True, has_links=False)


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class TooLarge(Exception):
    """A worker has to count it; `head` is the page without figures."""

    def __init__(self, head: Opened) -> None:
        super().__init__(head.words)
        self.head = head


def opened(
    form: ReportForm,
    agency: Agency,
    period: Period,
    at: datetime | None,
    now: datetime,
    desk: Desk,
) -> Opened:
    """The table of a moment; without one, the report that waits or is signed, as it was frozen;
    else as of now. Errors: TooLarge.
    """
    versions = tuple(
        SignedReport.objects.filter(form=form, agency=agency, period=period.code)
        .select_related("form", "agency", "prepared_by", "signed_by", "closed_by")
        .order_by("-version")
    )
    report = next((one for one in versions if one.state in SignedReport.STANDING), None)
    scope, cut = Scope.for_form(form, agency), at or now
    head = Opened(
        form, agency, period, empty(form, scope, period, cut), report, versions, desk, now,
        at is not None,
    )  # fmt: skip
    if report is not None and at is None:
        thawed = frozen.thaw(report)
        return replace(head, form=thawed.form, table=thawed)
    head = replace(head, is_large=is_large(form, scope, period, cut))
    if form.source == Source.LIST or not head.is_large:
        return replace(head, table=frozen.drafted(form, agency, period, cut))
    run = runs.ready(form, agency, period, cut, ReportRun.Kind.PAGE)
    if run is None:
        raise TooLarge(head)
    return replace(head, table=runs.table_of(run))
