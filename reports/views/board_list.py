"""`/dieu-hanh/ho-so/`: the dossiers behind a figure, as of the moment it was counted."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.work import work_page
from dossiers.models.querysets import DossierQuerySet
from dossiers.views.desk_common import rows_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from reports.board import asof, flows, moment, page, tally
from reports.board.asked import Asked
from reports.board.figures import ALL_LATE, FIGURES, Figure
from reports.board.moment import Moment
from reports.board.whose import Whose
from reports.causes import words_of
from reports.views.board_common import BOARD_ROLES, frame, read


@require_safe
@officer_required(*BOARD_ROLES)
def board_list(request: OfficerRequest) -> HttpResponse:
    """`muc`: the figure; `luc`: the moment; `tu`, `den`: the days of one that is about days."""
    figure = FIGURES.get(request.GET.get("muc", ""))
    if figure is None:
        raise Http404
    days = request.GET.get("tu", ""), request.GET.get("den", "")
    at = moment.read(request.GET.get("luc", ""), timezone.now(), first=days[0], last=days[1])
    asked, mine = read(request)
    changed = asof.changed_since(at, mine.agency_ids)
    kept = _kept(figure, at)
    fresh = asked.address(page.list_page(), **kept)
    context = frame(at, asked, mine, request, **kept) | {
        "figure": figure,
        "fresh": fresh,
        "back": asked.address(page.home()),
    }
    if changed.too_many:
        return render(request, "reports/board/too_old.html", context, status=410)
    rows = _behind(request, figure, asked, mine, at, changed)
    found = work_page(rows, after=request.GET.get("sau", ""), before=request.GET.get("truoc", ""))
    address = f"{fresh}&luc={at.text}"
    number = rows.count()
    access(request, AccessKind.VIEWED, "board", None, f"{figure.label}: {number} hồ sơ")
    more = {
        "number": number,
        "changed": rows.filter(pk__in=list(changed.stood)).count() if changed.stood else 0,
        "rows": rows_of(found.rows, at.at, {}),
        "said": words_of(one.pk for one in found.rows) if figure in ALL_LATE else None,
        "next": f"{address}&sau={found.next}" if found.next else "",
        "previous": f"{address}&truoc={found.previous}" if found.previous else "",
    }
    return render(request, "reports/board/list.html", context | more)


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
    return tally.with_files(found, figure.files, at) if figure.files else found


def _kept(figure: Figure, at: Moment) -> dict[str, str]:
    """What an address of the same figure says, beside the filters and without the moment."""
    first, last = at.first or at.day, at.last or at.day
    days = {"tu": first.isoformat(), "den": last.isoformat()} if figure.days else {}
    return {"muc": figure.key} | days
