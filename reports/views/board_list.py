"""`/dieu-hanh/ho-so/`: the dossiers behind a figure, as of the moment it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.models.querysets import DossierQuerySet
from dossiers.views.list_file import file_answer
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.replica import from_replica
from reports.board import asof, flows, moment, page, tally
from reports.board.asked import Asked
from reports.board.figures import ALL_LATE, FIGURES, Figure
from reports.board.moment import Moment
from reports.board.whose import Whose
from reports.views.behind import CAUSE, Behind
from reports.views.board_common import BOARD_ROLES, frame, read


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_list(request: OfficerRequest) -> HttpResponse:
    """`muc`: the figure; `luc`: the moment; `tu`, `den`: the days of one that is about days."""
    opened = _opened(request)
    if isinstance(opened, HttpResponse):
        return opened
    at, rows = opened.at, opened.behind.rows
    number = rows.count()
    access(request, AccessKind.VIEWED, "board", None, f"{opened.figure.label}: {number} hồ sơ")
    stood = list(opened.changed.stood)
    kept = opened.kept | {"luc": at.text}
    context = opened.context | opened.behind.context(request, page.list_page(), kept)
    context |= {"number": number, "changed": rows.filter(pk__in=stood).count() if stood else 0}
    return render(request, "reports/board/list.html", context)


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The list with the same address, all of its pages."""
    opened = _opened(request)
    if isinstance(opened, HttpResponse):
        return opened
    behind = opened.behind
    detail = f"{behind.title}: {behind.rows.count()} hồ sơ, {kind}"
    export = behind.export(request, page.list_page())
    return file_answer(request, export, kind, opened.figure.key, what="board", detail=detail)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A figure that an address names. `kept`: what the address says beside the moment; `context`:
    of the page around the list.
    """

    figure: Figure
    at: Moment
    changed: asof.Changed
    behind: Behind
    kept: dict[str, str]
    context: dict[str, Any]


def _opened(request: OfficerRequest) -> _Opened | HttpResponse:
    """What the address names; the answer instead, where the moment lies too far back."""
    figure = FIGURES.get(request.GET.get("muc", ""))
    if figure is None:
        raise Http404
    days = request.GET.get("tu", ""), request.GET.get("den", "")
    at = moment.read(request.GET.get("luc", ""), timezone.now(), first=days[0], last=days[1])
    asked, mine = read(request)
    changed = asof.changed_since(at, mine.agency_ids)
    kept = _kept(figure, at)
    context = frame(at, asked, mine, request, **kept) | {
        "figure": figure,
        "fresh": asked.address(page.list_page(), **kept),
        "back": asked.address(page.home()),
    }
    if changed.too_many:
        return render(request, "reports/board/too_old.html", context, status=410)
    rows = _behind(request, figure, asked, mine, at, changed)
    behind = Behind(figure.label, rows, at.at, (CAUSE,) if figure in ALL_LATE else ())
    return _Opened(figure, at, changed, behind, asked.texts | kept, context)


def _behind(
    request: OfficerRequest,
    figure: Figure,
    asked: Asked,
    mine: Whose,
    at: Moment,
    changed: asof.Changed,
) -> DossierQuerySet:
    """The set itself, of what this officer may open."""
    if flows.is_flow(figure):
        wanted = mine.wide & asked.narrowed(of_work=False, dossier="dossier__")
        found = flows.behind(figure, wanted, at).visible_to(request.desk)
        return tally.with_files(found, figure.files, at) if figure.files else found
    narrowed = asked.narrowed(of_work=not (figure.wide or figure.days))
    if figure.handed:
        if not mine.rooms:
            raise Http404
        found = asof.dossiers(mine.of_agencies & narrowed, changed).visible_to(request.desk)
        return tally.were_handed(found, figure, mine.rooms, at)
    wanted = (mine.wide if figure.wide else mine.held) & narrowed & figure.of(at)
    found = asof.dossiers(wanted, changed).visible_to(request.desk)
    return tally.of_figure(found, figure, at)


def _kept(figure: Figure, at: Moment) -> dict[str, str]:
    """What an address of the same figure says, beside the filters and without the moment."""
    first, last = at.first or at.day, at.last or at.day
    days = {"tu": first.isoformat(), "den": last.isoformat()} if figure.days else {}
    return {"muc": figure.key} | days
