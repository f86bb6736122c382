"""`/quan-tri/doi-hen/`: promises that today's calendar would give differently, shown first, moved
only when somebody says so.
"""

from itertools import islice

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.acts import calendar_moves
from dossiers.desk import calendar_calls as queries
from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.reach import WORK_ROLES
from dossiers.views.desk_common import without_closed_codes
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, sentence
from onestop.texts import in_one_line, whole_number

SHOWN = 200
DECIDERS = (Role.ADMINISTRATOR, Role.CONTROLLER)
CALLERS = tuple({*WORK_ROLES, *DECIDERS})


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*DECIDERS)
def moves_page(request: OfficerRequest) -> HttpResponse:
    agencies = Agency.objects.under(
        *request.desk.administered_paths, *request.desk.paths_as(Role.CONTROLLER)
    )
    found = list(islice(calendar_moves.moves(agencies.values_list("pk", flat=True)), SHOWN))
    error, basis = "", in_one_line(request.POST.get("basis", ""))
    # All are proposed; what was left out stays left out when the page comes back.
    named = {whole_number(pk) for pk in request.POST.getlist("dossier")}
    if request.method == "POST":
        chosen = [move.dossier.pk for move in found if move.dossier.pk in named]
        try:
            done = calendar_moves.apply(
                sorted(set(chosen)), basis=basis, by=request.desk, at=timezone.now()
            )
        except DomainError as refused:
            error = sentence(refused)
        else:
            for one in without_closed_codes(request.desk, done):
                if one.error is not None:
                    messages.warning(request, f"{one.code}: {sentence(one.error)}")
            moved = [one.dossier_id for one in done if one.error is None]
            messages.success(request, f"Đã điều chỉnh ngày hẹn {len(moved)} hồ sơ.")
            return redirect(_list_of(moved) or request.path)
    pks = [move.dossier.pk for move in found]
    may_open = (
        set(
            Dossier.objects.visible_to(request.desk).filter(pk__in=pks).values_list("pk", flat=True)
        )
        if pks
        else set()
    )
    context = {
        "moves": [
            (move, move.dossier.pk in may_open, not error or move.dossier.pk in named)
            for move in found
        ],
        "full": len(found) == SHOWN,
        "error": error,
        "errors": [{"target": "basis", "label": "Căn cứ điều chỉnh", "error": error}],
        "basis": basis,
        "lately": queries.moved_lately(Q(dossier__agency__in=agencies)),
    }
    return render(request, "dossiers/calendar_moves.html", context, status=422 if error else 200)


def _list_of(dossier_ids: list[int]) -> str:
    """Where the people are listed whose promises were moved just now."""
    newest = ClockChange.objects.filter(dossier__in=dossier_ids, kind=ClockKind.CALENDAR)
    row = newest.order_by("-start", "pk").first()
    return reverse("calendar_calls", args=(row.pk,)) if row is not None else ""


@require_safe
@officer_required(*CALLERS)
def calls_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """Whom to call after a move: owner, telephone, both dates. Opened again and printed as often as
    one likes.
    """
    one = queries.change_of(pk)
    rows = list(queries.calls(one, request.desk)) if one is not None else []
    mine = [row for row, may_open in rows if may_open]
    decides = request.desk.has(*DECIDERS) and any(
        request.desk.administers(row.dossier.agency) or request.desk.oversees(row.dossier.agency)
        for row, _ in rows
    )
    if one is None or not (mine or decides):
        raise Http404
    ids = [row.dossier_id for row in mine]
    access_each(request, AccessKind.VIEWED, "dossier", ids, f"danh sách gọi {len(ids)} hồ sơ")
    context = {"one": one, "rows": mine, "hidden": len(rows) - len(mine), "decides": decides}
    return render(request, "dossiers/calendar_calls.html", context)
