"""`/dieu-hanh/giao-ban/`: the sheet of the weekly meeting, as a page and as one A4 page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.work import rail_counts
from onestop import pdf
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.forms import day_field
from onestop.replica import from_replica
from reports import meeting
from reports.board.asked import Asked
from reports.board.whose import OVERSEERS
from reports.meeting import Days
from reports.rendering.printed import NATION
from reports.views.board_common import agencies, read

CSS = Path(settings.BASE_DIR) / "templates" / "reports" / "meeting" / "paper.css"


class MeetingDays(forms.Form):
    """Reads the address; without days it is the week that is over."""

    tu = day_field("Từ ngày")
    den = day_field("Đến ngày")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("tu"), data.get("den")
        if self.errors:
            return data
        if (first is None) != (last is None):
            self.add_error("tu" if first is None else "den", "Nhập cả ngày đầu và ngày cuối.")
        elif first and last and first > last:
            self.add_error("den", "Ngày cuối phải từ ngày đầu trở đi.")
        elif first and last and (last - first).days >= meeting.MOST_DAYS:
            self.add_error("den", f"Chọn không quá {meeting.MOST_DAYS} ngày.")
        return data

    def days(self) -> Days:
        usual = meeting.last_week(timezone.localdate())
        if not self.is_valid():
            return usual
        first, last = self.cleaned_data["tu"], self.cleaned_data["den"]
        if first is None or last is None:
            return usual
        # Days to come are not compared with days that were.
        return Days(first, max(first, min(last, timezone.localdate())))


@require_safe
@officer_required(*OVERSEERS)
@from_replica()
def meeting_page(request: OfficerRequest) -> HttpResponse:
    """`tu`, `den`: its days; `coquan`: whose."""
    form = MeetingDays(request.GET)
    sheet, asked = _sheet(request, form)
    access(request, AccessKind.VIEWED, "board", None, f"giao ban {sheet.days.words}")
    today = timezone.localdate()
    context = {
        "sheet": sheet,
        "form": form,
        "agencies": agencies(request),
        "coquan": asked.get("coquan") or "",
        "weeks": [
            (label, _address(request, asked, days), days == sheet.days)
            for label, days in (
                ("Tuần trước", meeting.last_week(today)),
                ("Tuần này", meeting.this_week(today)),
            )
        ],
        "pdf": _address(request, asked, sheet.days, name="meeting_pdf"),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if form.errors else 200
    return render(request, "reports/meeting/page.html", context, status=status)


@require_safe
@officer_required(*OVERSEERS)
@from_replica(whole=True)
def meeting_pdf(request: OfficerRequest) -> HttpResponse:
    """The same on one sheet of A4; for wrong days the page, which says what is wrong."""
    form = MeetingDays(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('meeting')}?{request.GET.urlencode()}")
    sheet, _ = _sheet(request, form)
    access(request, AccessKind.PRINTED, "board", None, f"giao ban {sheet.days.words}")
    text = render_to_string("reports/meeting/paper.html", {"sheet": sheet, "nation": NATION})
    name = f"giao-ban-{sheet.days.first:%Y%m%d}-{sheet.days.last:%Y%m%d}.pdf"
    return HttpResponse(
        pdf.render(text, stylesheets=(CSS,)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _sheet(request: OfficerRequest, form: MeetingDays) -> tuple[meeting.Sheet, Asked]:
    # The sheet is an agency's: what is received and ended is counted of no room.
    asked, mine = read(request, "coquan")
    sheet = meeting.build(mine, form.days(), asked, request.desk, timezone.now())
    return sheet, asked


def _address(request: OfficerRequest, asked: Asked, days: Days, name: str = "meeting") -> str:
    query = asked.texts | {"tu": f"{days.first:%d/%m/%Y}", "den": f"{days.last:%d/%m/%Y}"}
    return f"{reverse(name)}?{urlencode(query)}"
