"""`/dieu-hanh/phoi-hop/`: the parts of other agencies' dossiers behind a figure of the dashboard."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.replica import from_replica
from reports.board import legs
from reports.board.moment import Moment
from reports.board.page import home
from reports.views.board_common import BOARD_ROLES, frame, read


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_legs(request: OfficerRequest) -> HttpResponse:
    """Those of a figure (`muc`), all that are open where it names none. `sau`: where the list goes on."""
    now = Moment(timezone.now())
    asked, mine = read(request)
    figure = legs.FIGURES.get(request.GET.get("muc", ""), legs.OPEN)
    found = legs.listed(mine, asked, figure, now)
    after = request.GET.get("sau", "")
    page = legs.page(found, after=after)
    rows = page.rows
    if after and not rows:
        # The rest has been answered.
        return redirect(asked.address(request.path, muc=figure.key))
    number = found.count() if after or page.next else len(rows)
    if rows:
        ids = [row.dossier_id for row in rows]
        access_each(request, AccessKind.VIEWED, "dossier", ids, "điều hành, phối hợp")
    else:
        access(request, AccessKind.VIEWED, "board", None, figure.label.lower())
    opened = legs.may_open(request.desk, rows) if rows else set()
    context = frame(now, asked, mine, request, muc=figure.key) | {
        "figure": figure,
        "back": asked.address(home()),
        "number": number,
        "next": asked.address(request.path, muc=figure.key, sau=page.next) if page.next else "",
        "rows": [(row, row.is_late(now.at), row.pk in opened) for row in rows],
        "others": [
            (one.label, asked.address(request.path, muc=one.key), one is figure)
            for one in legs.FIGURES.values()
        ],
    }
    return render(request, "reports/board/legs.html", context)
