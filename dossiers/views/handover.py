"""`/ban-giao/`: what may be given, what waits to be received, what was given; batches and their
printed list.
"""

from __future__ import annotations

from typing import Any, TypedDict

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import handover as queries
from dossiers.desk import work
from dossiers.desk.batches import batch_page, batches_of, list_rows
from dossiers.desk.columns import GIVING
from dossiers.forms.handover import ScanForm
from dossiers.models import Dossier
from dossiers.slips import hand_over_papers, render_page
from dossiers.views.desk_common import DESK_ROLES, MOVERS, absent_names, rows_of
from dossiers.views.listing import heads_of, listing
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role


def tabs(request: OfficerRequest, tab: str) -> dict[str, Any]:
    """What every page of the hand-overs shows around its list."""
    counts, rail = work.rail_counts(request.desk, timezone.now())
    return {
        "tab": tab,
        "may_move": request.desk.has(*MOVERS),
        "counts": counts,
        "rail_counts": rail,
        "now": timezone.now(),
    }


def _pager(request: OfficerRequest, page: Any) -> dict[str, str]:
    """Where the pages beside this one are."""
    return {
        "next": f"{request.path}?sau={page.next}" if page.next else "",
        "previous": f"{request.path}?truoc={page.previous}" if page.previous else "",
    }


class Keys(TypedDict):
    after: str
    before: str


def _keys(request: OfficerRequest) -> Keys:
    return {"after": request.GET.get("sau", ""), "before": request.GET.get("truoc", "")}


@require_safe
@officer_required(*DESK_ROLES)
def give_list(request: OfficerRequest) -> HttpResponse:
    """What must go on from the counter, by when; then what lies on the officer's own desk."""
    now = timezone.now()
    page = queries.give_page(request.desk, now, **_keys(request))
    rows = iter(rows_of(page.lines, now, absent_names(request)))
    groups = [(group, [next(rows) for _ in group.lines]) for group in page.groups]
    context = (
        tabs(request, "giao")
        | _pager(request, page)
        | {"groups": groups, "shown": len(page.lines), "columns": GIVING, "heads": heads_of(GIVING)}
    )
    return render(request, "dossiers/handover/give_list.html", context)


@require_safe
@officer_required(*DESK_ROLES)
def receive_list(request: OfficerRequest) -> HttpResponse:
    """What waits for this desk, what is due first on top."""
    return receive_page(request, ScanForm())


def receive_page(request: OfficerRequest, form: ScanForm, status: int = 200) -> HttpResponse:
    """The list with the scanner's box; a refused box keeps what was typed."""
    shown = listing(request, "cho-nhan", reverse("receive_list"))
    page = shown.page(Dossier.objects.to_accept(request.desk))
    context = tabs(request, "nhan") | shown.context(page, timezone.now()) | {"form": form}
    return render(request, "dossiers/handover/receive_list.html", context, status=status)


@require_safe
@officer_required(*DESK_ROLES)
def given_list(request: OfficerRequest) -> HttpResponse:
    """What this desk gave and nobody has confirmed: it can be recalled."""
    shown = listing(request, "da-giao", reverse("given_list"))
    page = shown.page(Dossier.objects.given_from(request.desk))
    context = tabs(request, "da-giao") | shown.context(page, timezone.now())
    return render(request, "dossiers/handover/given_list.html", context)


@require_safe
@officer_required(*DESK_ROLES, Role.CONTROLLER)
def batch_list(request: OfficerRequest) -> HttpResponse:
    """The book of hand-over lists, newest first."""
    page = batch_page(request.desk, after=request.GET.get("truoc", ""))
    context = tabs(request, "so") | {
        "batches": page.rows,
        "next": f"{reverse('batches')}?truoc={page.next}" if page.next else "",
    }
    return render(request, "dossiers/handover/batches.html", context)


@require_safe
@officer_required(*DESK_ROLES, Role.CONTROLLER, Role.ADMINISTRATOR)
def batch(request: OfficerRequest, pk: int) -> HttpResponse:
    """One hand-over list: on the screen and on paper for signing."""
    found = get_object_or_404(batches_of(request.desk), pk=pk)
    access(request, AccessKind.VIEWED, "batch", found.pk)
    rows = list_rows(found, request.desk)
    waiting = [r for r in rows if r.hand_over.is_on_the_way]
    context = {
        "batch": found,
        "rows": rows,
        "waiting": waiting,
        "closed": any(row.closed for row in rows),
        "may_recall": bool(waiting) and found.giver_id in request.desk.officer_ids,
        "now": timezone.now(),
    }
    return render(request, "dossiers/handover/batch.html", context)


@require_safe
@officer_required(*DESK_ROLES, Role.CONTROLLER, Role.ADMINISTRATOR)
def batch_paper(request: OfficerRequest, pk: int) -> HttpResponse:
    """The same as an official paper, to be printed and signed; `in=1` prints at once."""
    found = get_object_or_404(batches_of(request.desk), pk=pk)
    access(request, AccessKind.PRINTED, "batch", found.pk)
    about = hand_over_papers.snapshot(found, list_rows(found, request.desk))
    text = render_page(
        about,
        copies=1,
        layout="a4",
        back_url=reverse("batch", args=[found.pk]),
        autoprint="in" in request.GET,
    )
    return HttpResponse(text, headers={"Cache-Control": "private, no-store"})
