"""`/dieu-hanh/tre/`: what is late and what ended late, by whose it is and by what caused it, with the
apologies; every figure opens its list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.late_parts import phrases_of
from dossiers.models import Dossier
from dossiers.views.list_file import file_answer
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.forms import day_field
from onestop.replica import from_replica
from reports.board import late
from reports.board.moment import DAYS_BACK, Moment
from reports.views.behind import APOLOGY, Behind, Beside
from reports.views.board_common import BOARD_ROLES, frame, orders, read

# A year of what has ended: all of it is read at once.
MOST_DAYS = 366


class Days(forms.Form):
    """Of what has ended; of an unreadable day the page says so and shows the usual days."""

    tu = day_field("Từ ngày")
    den = day_field("Đến ngày")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("tu"), said.get("den") or timezone.localdate()
        if first and first > last:
            self.add_error(
                "tu", "Từ ngày phải trước hoặc trùng đến ngày. Hãy sửa lại một trong hai ngày."
            )
        elif first and (last - first).days >= MOST_DAYS:
            self.add_error(
                "tu", f"Xem được nhiều nhất {MOST_DAYS} ngày một lần. Hãy chọn khoảng ngắn hơn."
            )
        return said


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address asks for. `kept`: what it says beside the filters."""

    form: Days
    moment: Moment
    found: late.Population
    kept: dict[str, str]

    @property
    def first(self) -> date:
        assert self.moment.first is not None
        return self.moment.first

    @property
    def last(self) -> date:
        assert self.moment.last is not None
        return self.moment.last


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_late(request: OfficerRequest) -> HttpResponse:
    """`theo`: broken down by what; `tu`, `den`: the days of what has ended."""
    opened = _opened(request)
    mine, asked = opened.found.whose, opened.found.asked
    by = late.WAYS.get(request.GET.get("theo", ""), late.usual(mine))
    if by.slug == "co-quan" and not mine.several:
        by = late.usual(mine)
    kept = opened.kept | {"theo": by.slug}
    list_page = reverse("board_late_list")
    found = late.build(by, opened.found, request.path, list_page, kept)
    access(request, AccessKind.VIEWED, "board", None, f"trễ theo {by.title}")
    around = frame(opened.moment, asked, mine, request, **kept)
    context = around | {
        "found": found,
        "form": opened.form,
        "first": opened.first,
        "last": opened.last,
        "ways": [
            (one.title, asked.address(request.path, **(kept | {"theo": one.slug})), one is by)
            for one in late.WAYS.values()
            if one.slug != "co-quan" or mine.several
        ],
        "orders": [] if by.of_persons else orders(request.path, asked, **kept),
        "due_soon": f"{reverse('late_list')}?muc=sap-den-han",
        "hidden_days": [*asked.kept.items(), ("theo", by.slug)],
    }
    status = 422 if opened.form.errors else 200
    return render(request, "reports/board/late.html", context, status=status)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_late_list(request: OfficerRequest) -> HttpResponse:
    """`muc`: the figure; `phan`: of the row that no step explains."""
    opened = _opened(request)
    shown = _behind(request, opened)
    number = shown.rows.count()
    access(request, AccessKind.VIEWED, "board", None, f"{shown.title}: {number} hồ sơ")
    asked = opened.found.asked
    kept = opened.kept | _of_list(request)
    path = reverse("board_late_list")
    context = frame(opened.moment, asked, opened.found.whose, request, **kept)
    context |= shown.context(request, path, asked.texts | kept)
    context |= {
        "number": number,
        "title": shown.title,
        "first": opened.first,
        "last": opened.last,
        "back": asked.address(reverse("board_late"), **opened.kept),
        "form": opened.form,
    }
    status = 422 if opened.form.errors else 200
    return render(request, "reports/board/late_list.html", context, status=status)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_late_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The list with the same address, all of its pages."""
    opened = _opened(request)
    if opened.form.errors:
        raise Http404
    shown = _behind(request, opened)
    detail = f"{shown.title}: {shown.rows.count()} hồ sơ, {kind}"
    export = shown.export(request, reverse("board_late_list"))
    name = _of_list(request)["muc"]
    return file_answer(request, export, kind, name, what="board", detail=detail)


def _opened(request: OfficerRequest) -> Opened:
    form = Days(request.GET)
    form.is_valid()
    said = {name: value for name, value in form.cleaned_data.items() if value}
    now = timezone.now()
    last = said.get("den") or timezone.localdate(now)
    first = said.get("tu") or last - timedelta(days=DAYS_BACK)
    asked, mine = read(request)
    moment = Moment(now, first, last)
    found = late.population(mine, asked, moment, request.desk)
    return Opened(form, moment, found, {name: str(value) for name, value in said.items()})


def _of_list(request: OfficerRequest) -> dict[str, str]:
    """What makes the address the one of this figure."""
    found = {"muc": request.GET.get("muc", "")}
    if request.GET.get("phan") == late.WITHOUT:
        found["phan"] = late.WITHOUT
    return found


def _behind(request: OfficerRequest, opened: Opened) -> Behind:
    figure = late.FIGURES.get(request.GET.get("muc", ""))
    if figure is None:
        raise Http404
    ids = late.behind(opened.found, figure, without="phan" in _of_list(request))
    rows = Dossier.objects.filter(pk__in=sorted(ids)).visible_to(request.desk)
    now = opened.moment.at
    why = Beside("tre-vi-dau", "Trễ vì đâu", "reasons", partial(phrases_of, at=now))
    return Behind(figure.label, rows, now, (why, APOLOGY))
