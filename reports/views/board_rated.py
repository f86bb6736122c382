"""`/dieu-hanh/hai-long/`: sums of citizens' ratings; what they wrote, for whoever controls the agency."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.figures import FEWEST
from feedback.rating import CHANGED_WITHIN
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.replica import from_replica
from reports.board import rated
from reports.board.asked import Asked
from reports.board.moment import Moment
from reports.board.whose import Whose
from reports.views.board_common import BOARD_ROLES, frame, read


@require_safe
@officer_required(*BOARD_ROLES)
@from_replica()
def board_rated(request: OfficerRequest) -> HttpResponse:
    now = Moment(timezone.now())
    asked, mine = read(request, "coquan")
    found = rated.build(mine, asked, now)
    after = request.GET.get("sau", "")
    words = rated.words_of(found.spans, after) if _controls(request, mine) else None
    access(
        request,
        AccessKind.VIEWED,
        "board",
        None,
        "đánh giá của người dân, có ý kiến viết thêm"
        if words and words.parts
        else "đánh giá của người dân",
    )
    more = {
        "found": found,
        "words": words,
        # Where the texts go on, they stand alone.
        "is_further": bool(words and after),
        "next": _further(asked, request.path, words.next) if words and words.next else "",
        "fewest": FEWEST,
        "days": CHANGED_WITHIN.days,
    }
    return render(request, "reports/board/rated.html", frame(now, asked, mine, request) | more)


def _further(asked: Asked, path: str, after: str) -> str:
    return asked.address(path, sau=after)


def _controls(request: OfficerRequest, mine: Whose) -> bool:
    """Of one agency, and theirs to control: who leads it reads sums alone (R-105)."""
    if mine.agency is None:
        return False
    agency = mine.agency
    return any(agency.is_under(path) for path in request.desk.paths_as(Role.CONTROLLER))
