"""`/dieu-hanh/don-doc/`: how often units and officers were urged and what came of it; each figure opens
its urgings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.columns import Column
from dossiers.desk.exporting import Export
from dossiers.views.list_file import file_answer
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.forms import day_field
from onestop.paging import Page
from onestop.replica import from_replica
from reports.board import urged
from reports.board.asked import Asked
from reports.board.moment import Moment
from reports.board.urged import CRITICISED, FIGURES, Addresses, Criticised, Figure, Line, Row
from reports.board.whose import Whose
from reports.criticising import may_draft
from reports.views.board_common import BOARD_ROLES, frame, read

DAYS_BACK = 30
MOST_DAYS = 366
COLUMN_FIGURES = (*FIGURES.values(), CRITICISED)


class Days(forms.Form):
    """Reads the address; of an unreadable day the page says so and shows the usual days."""

    tu = day_field("Từ ngày")
    den = day_field("Đến ngày")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        last = data.get("den") or timezone.localdate()
        first = data.get("tu") or last
        if first > last:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        elif (last - first).days >= MOST_DAYS:
            self.add_error("tu", f"Chọn không quá {MOST_DAYS} ngày.")
        return data


@dataclass(frozen=True, slots=True)
class Opened:
    at: Moment
    asked: Asked
    mine: Whose
    first: date
    last: date
    form: Days
    lines: list[Line]
    letters: list[Criticised]

    @property
    def kept(self) -> dict[str, str]:
        return {"tu": f"{self.first:%d/%m/%Y}", "den": f"{self.last:%d/%m/%Y}"}

    @property
    def words(self) -> str:
        return f"từ {self.first:%d/%m/%Y} đến {self.last:%d/%m/%Y}"

    @property
    def to(self) -> Addresses:
        kept = {"coquan": self.asked.get("coquan"), **self.kept}
        letters = partial(Asked({}).address, reverse("criticisms"), **kept)
        urgings = partial(self.asked.address, reverse("board_urged_list"), **self.kept)
        return Addresses(urgings, letters)

    def counted_in(self, figure: Figure) -> list[Line]:
        return [line for line in self.lines if figure.counts(line)]

    def rows(self) -> list[Row]:
        return urged.table(self.lines, self.letters, self.to, several=self.mine.several)

    def whole(self) -> Row:
        return urged.whole(self.lines, self.letters, self.to)


def _opened(request: OfficerRequest) -> Opened:
    asked, mine = read(request)
    now = timezone.now()
    form = Days(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    last = said.get("den") or timezone.localdate(now)
    first = said.get("tu") or last - timedelta(days=DAYS_BACK)
    lines = urged.lines_of(mine, asked, first, last, now)
    letters = urged.criticised(mine, asked, first, last)
    return Opened(Moment(now), asked, mine, first, last, form, lines, letters)


def opened_list(request: OfficerRequest) -> tuple[Asked, list[Line]]:
    """What an address narrows to, and the urgings of its figure, of which a criticism is drafted: not
    of a figure of what was solved.
    """
    opened, figure = _opened(request), _figure(request)
    if figure.is_done:
        raise Http404
    return opened.asked, opened.counted_in(figure)


def _draft_page(request: OfficerRequest, opened: Opened, figure: Figure) -> str:
    """Where a criticism is drafted about the one room of this list; "" for whoever may not, and of what
    was solved.
    """
    room = next(iter(opened.mine.departments), None)
    if figure.is_done or opened.asked.get("canbo") == request.desk.officer.pk:
        return ""
    if opened.mine.room is None or room is None or not may_draft(request.desk, room.agency_id):
        return ""
    return opened.asked.address(reverse("criticism_draft"), muc=figure.key, **opened.kept)


def _page(request: OfficerRequest, opened: Opened, template: str, **context: Any) -> HttpResponse:
    figure = context.get("figure")
    kept = opened.kept | ({"muc": figure.key} if figure is not None else {})
    around = frame(opened.at, opened.asked, opened.mine, request, **kept)
    days = {"first": opened.first, "last": opened.last, "form": opened.form}
    status = 422 if opened.form.errors else 200
    page = {**around, **days, **context}
    return render(request, f"reports/board/{template}.html", page, status=status)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_urged(request: OfficerRequest) -> HttpResponse:
    """By unit and officer; `tu`, `den`: the days in which it was urged."""
    opened = _opened(request)
    access(request, AccessKind.VIEWED, "board", None, f"đôn đốc {opened.words}")
    file = opened.asked.address(reverse("board_urged_xlsx"), **opened.kept)
    return _page(
        request,
        opened,
        "urged",
        rows=opened.rows(),
        whole=opened.whole(),
        figures=COLUMN_FIGURES,
        xlsx=file,
    )


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_urged_list(request: OfficerRequest) -> HttpResponse:
    """The urgings behind a figure (`muc`). `sau`: where the list goes on."""
    opened, figure = _opened(request), _figure(request)
    lines, after = opened.counted_in(figure), request.GET.get("sau", "")
    page, here = urged.page(lines, after=after), partial(opened.asked.address, request.path)
    if after and not page.rows:
        # The rest is counted elsewhere by now: answered, solved.
        return redirect(here(muc=figure.key, **opened.kept))
    access(request, AccessKind.VIEWED, "board", None, f"đôn đốc, {figure.label}: {len(lines)} lần")
    file = reverse("board_urged_list_xlsx")
    return _page(
        request,
        opened,
        "urged_list",
        figure=figure,
        number=len(lines),
        draft=_draft_page(request, opened, figure) if lines else "",
        lines=page.rows,
        next=here(muc=figure.key, **opened.kept, sau=page.next) if page.next else "",
        xlsx=opened.asked.address(file, muc=figure.key, **opened.kept),
        back=opened.asked.address(reverse("board_urged"), **opened.kept, phong=None, canbo=None),
    )


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_urged_file(request: OfficerRequest) -> HttpResponseBase:
    """The table as a workbook."""
    opened = _opened(request)
    rows = [*opened.rows(), opened.whole()]
    columns = [
        _column("Phòng, cán bộ", lambda row: row.name),
        _column("Cơ quan", lambda row: row.beside),
        *(
            _column(figure.label, lambda row, at=at: row.cells[at].number)
            for at, figure in enumerate(COLUMN_FIGURES)
        ),
    ]
    export = _export(f"Đôn đốc {opened.words}", columns, rows)
    return file_answer(request, export, "xlsx", "don-doc", what="board", detail=export.title)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_urged_list_file(request: OfficerRequest) -> HttpResponseBase:
    """The urgings behind a figure as a workbook."""
    opened, figure = _opened(request), _figure(request)
    lines = opened.counted_in(figure)
    export = _export(f"Đôn đốc, {figure.label}", COLUMNS, lines)
    detail = f"{export.title}: {len(lines)} lần"
    return file_answer(request, export, "xlsx", "don-doc", what="board", detail=detail)


def _figure(request: OfficerRequest) -> Figure:
    figure = FIGURES.get(request.GET.get("muc", ""))
    if figure is None:
        raise Http404
    return figure


def _column(head: str, value: Any) -> Column:
    return Column(head, head, ((head, value),))


COLUMNS = (
    _column("Mã hồ sơ", lambda line: line.code),
    _column("Chủ hồ sơ", lambda line: line.owner),
    _column("Cơ quan", lambda line: line.agency),
    _column("Phòng, bộ phận", lambda line: line.room),
    _column("Cán bộ", lambda line: line.officer),
    _column("Lần", lambda line: line.round),
    _column("Người đôn đốc", lambda line: line.made_by),
    _column("Đôn đốc lúc", lambda line: line.made_at),
    _column("Nội dung", lambda line: line.asked),
    _column("Trả lời trước", lambda line: line.answer_by),
    _column("Trả lời lúc", lambda line: line.answered_at),
    _column("Trả lời", lambda line: line.answer),
    _column("Giải quyết lúc", lambda line: line.solved_at),
    _column("Tình trạng", lambda line: str(line.state.label)),
)


def _export(title: str, columns: Sequence[Column], rows: Sequence[Any]) -> Export:
    return Export(title, columns, lambda after: Page(list(rows), "", ""), len(rows))
