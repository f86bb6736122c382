"""`/dieu-hanh/`: what heads, leaders and controllers see of the dossiers they answer for, as of
now; every figure opens its list (views/board_list.py).
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.replica import from_replica
from reports.board import breakdown, channels, course, legs, page, spread
from reports.board.breakdown import DIMENSIONS
from reports.board.moment import Moment
from reports.views.board_common import BOARD_ROLES, frame, orders, read

# What a row of the first screen is: the title of the table, the head of its first column.
UNITS = {
    page.AGENCY: ("Theo cơ quan", "Cơ quan"),
    page.ROOM: ("Theo đơn vị đang giữ", "Đơn vị"),
    page.PERSON: ("Theo cán bộ đang giữ", "Cán bộ"),
}


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board(request: OfficerRequest) -> HttpResponse:
    """The first screen. At most ten queries in all."""
    now = Moment(timezone.now())
    asked, mine = read(request)
    found = page.build(mine, asked, now)
    title, word = UNITS[found.by]
    _seen(request, "hôm nay")
    more = {
        "board": found,
        "parts": legs.cells(mine, asked, now),
        "unit_title": title,
        "unit_word": word,
        "orders": orders(page.home(), asked) if found.by != page.PERSON else [],
    }
    return render(request, "reports/board/today.html", frame(now, asked, mine, request) | more)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_by(request: OfficerRequest, dimension: str) -> HttpResponse:
    """Open work by field, procedure, step or officer."""
    chosen = DIMENSIONS.get(dimension)
    if chosen is None:
        raise Http404
    now = Moment(timezone.now())
    asked, mine = read(request)
    found = breakdown.build(chosen, mine, asked, now)
    _seen(request, chosen.title.lower())
    more = {
        "found": found,
        "orders": [] if chosen.of_persons else orders(request.path, asked),
    }
    return render(request, "reports/board/by.html", frame(now, asked, mine, request) | more)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_ages(request: OfficerRequest) -> HttpResponse:
    """How old open work is, beside how long took what was done."""
    now = Moment(timezone.now())
    asked, mine = read(request)
    found = spread.build(mine, asked, now)
    _seen(request, "tuổi hồ sơ")
    context = frame(now, asked, mine, request) | {"found": found}
    return render(request, "reports/board/ages.html", context)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_course(request: OfficerRequest) -> HttpResponse:
    """What came in and what ended over time."""
    kind = course.KINDS.get(request.GET.get("ky", ""), course.KINDS["ngay"])
    now = Moment(timezone.now())
    asked, mine = read(request)
    found = course.build(kind, mine, asked, now)
    _seen(request, f"diễn biến {kind.label}")
    more = {
        "found": found,
        "kinds": [
            (one.label, asked.address(request.path, ky=one.slug), one is kind)
            for one in course.KINDS.values()
        ],
        "foot": course.FOOT,
        "top": course.FOOT - course.HEIGHT,
    }
    context = frame(now, asked, mine, request, ky=kind.slug) | more
    return render(request, "reports/board/course.html", context)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_channels(request: OfficerRequest) -> HttpResponse:
    """How dossiers came in, and how much of them is there in electronic form."""
    now = Moment(timezone.now())
    asked, mine = read(request)
    found = channels.build(mine, asked, now)
    _seen(request, "hình thức nộp, số hóa")
    context = frame(now, asked, mine, request) | {"found": found}
    context["filers"] = channels.filers_address(request.desk)
    return render(request, "reports/board/channels.html", context)


def _seen(request: OfficerRequest, what: str) -> None:
    access(request, AccessKind.VIEWED, "board", None, what)
