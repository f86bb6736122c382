"""`/bao-cao/don-truoc-chot/`: what a controller puts in order before the next cut."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from reports.duties import cleaning

# Dossiers that are named where no other page lists them.
NAMED = 30


@require_safe
@officer_required(Role.CONTROLLER)
def clean_up(request: OfficerRequest) -> HttpResponse:
    """By agency whose reports the officer prepares."""
    now = timezone.now()
    own = Agency.objects.filter(pk__in=request.desk.agency_ids_as(Role.CONTROLLER)).order_by("path")
    # The lists of work hold what all of these lead or control.
    is_only = len(request.desk.agency_ids_as(Role.LEADER, Role.CONTROLLER)) == 1
    parts = []
    for agency in own:
        found = [
            (one, [] if one.url or not one.number else _named(request, one))
            for one in cleaning.found(agency, now, is_only=is_only)
        ]
        parts.append((agency, found, sum(one.number for one, _ in found)))
    access(request, AccessKind.VIEWED, "board", None, "việc cần dọn trước kỳ chốt")
    cut = cleaning.next_cut(timezone.localdate(now))
    others = Agency.objects.under(*request.desk.subtree_paths).exclude(pk__in=own)
    below = list(others.order_by("folded", "code"))
    left = cleaning.counts(below, now) if below else {}
    context = {
        "parts": parts,
        "below": [(one, left[one.pk]) for one in below if one.pk in left],
        "cut": cut,
        "last": cut[0].last if cut else None,
        "most": NAMED,
    }
    return render(request, "reports/duties/clean_up.html", context)


def _named(request: OfficerRequest, one: cleaning.Found) -> list[str]:
    rows = Dossier.objects.filter(one.todo.rows).visible_to(request.desk).order_by("due_at", "pk")
    return list(rows.values_list("code", flat=True)[:NAMED])
