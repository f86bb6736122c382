"""`/quan-tri/doi-hen/`: promises that today's calendar would give differently, shown first, moved
only when somebody says so.
"""

from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers.acts import calendar_moves
from dossiers.models import Dossier
from dossiers.views.desk_common import without_closed_codes
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError, sentence
from onestop.texts import in_one_line, whole_number

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR, Role.CONTROLLER)
def moves_page(request: OfficerRequest) -> HttpResponse:
    agencies = Agency.objects.under(
        *request.desk.administered_paths, *request.desk.paths_as(Role.CONTROLLER)
    )
    found = list(islice(calendar_moves.moves(agencies.values_list("pk", flat=True)), SHOWN))
    error, basis = "", in_one_line(request.POST.get("basis", ""))
    if request.method == "POST":
        named = {whole_number(pk) for pk in request.POST.getlist("dossier")}
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
            messages.success(
                request, f"Đã điều chỉnh ngày hẹn {sum(one.error is None for one in done)} hồ sơ."
            )
            return redirect(request.path)
    pks = [move.dossier.pk for move in found]
    may_open = (
        set(
            Dossier.objects.visible_to(request.desk).filter(pk__in=pks).values_list("pk", flat=True)
        )
        if pks
        else set()
    )
    context = {
        "moves": [(move, move.dossier.pk in may_open) for move in found],
        "full": len(found) == SHOWN,
        "error": error,
        "basis": basis,
    }
    return render(request, "dossiers/calendar_moves.html", context, status=422 if error else 200)
