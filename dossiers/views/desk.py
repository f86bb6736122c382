"""`/ban-giao/ban-lam-viec/`: a whole desk to a successor, by the head, a leader or the
administrator.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts.desks import (
    count_desk,
    count_legs,
    hand_desk_over,
    on_desk,
    take_desk_back,
)
from dossiers.desk import handover as queries
from dossiers.desk.batches import batches_of
from dossiers.desk.columns import MOVING
from dossiers.desk.work import lines, rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.handover import DeskForm
from dossiers.models import Batch, Dossier
from dossiers.views.desk_common import (
    DESK_ROLES,
    MOVERS,
    press_address,
    read_press,
    rows_of,
    tell,
    without_closed_codes,
)
from dossiers.views.listing import heads_of
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.errors import DomainError, say
from onestop.templatetags.ui import undo
from onestop.texts import whole_number

MOST_SHOWN = 100


@require_POST
@officer_required(*MOVERS)
def undo_move(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take a moved desk back, all that nobody has worked on since."""
    batch = get_object_or_404(batches_of(request.desk), pk=pk)
    _take_back(request)
    return redirect("batch", batch.pk)


@require_POST
@officer_required(*MOVERS)
def undo_moved_parts(request: OfficerRequest) -> HttpResponse:
    """The same of a desk on which lay nothing but parts, which are on no list."""
    _take_back(request)
    return redirect("move_desk")


def _take_back(request: OfficerRequest) -> None:
    press = read_press(request.GET.get("lan", ""))
    dossiers, parts = (
        take_desk_back(press, by=request.desk, at=timezone.now()) if press is not None else ([], [])
    )
    if not dossiers and not parts:
        messages.warning(request, say("not_your_act"))
    for done, things in ((dossiers, "hồ sơ"), (parts, "phần phối hợp")):
        word = "Đã hoàn tác việc bàn giao:"
        tell(request, without_closed_codes(request.desk, done), word, things=things)


def _moved(
    request: OfficerRequest, data: dict[str, Any], batch: Batch | None, parts: int, press: UUID
) -> HttpResponse:
    """Says what was moved, and goes to the printed list, which dossiers have and parts have not."""
    from_to = f"của {data['leaver'].full_name} cho {data['successor'].full_name}."
    if batch is not None:
        also = f" và {parts} phần phối hợp" if parts else ""
        said = f"Đã bàn giao toàn bộ hồ sơ{also} {from_to}"
        messages.success(
            request, said, extra_tags=undo(press_address("undo_move", press, batch.pk))
        )
        return redirect("batch", batch.pk)
    if parts:
        said = f"Đã bàn giao {parts} phần phối hợp {from_to}"
        messages.success(request, said, extra_tags=undo(press_address("undo_moved_parts", press)))
    else:
        none = f"{data['leaver'].full_name} không giữ hồ sơ nào: không có gì để bàn giao."
        messages.info(request, none)
    return redirect("move_desk")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*MOVERS)
def move_desk(request: OfficerRequest) -> HttpResponse:
    """GET with `can-bo` shows what lies on the desk; POST moves it and goes to the printed list."""
    now, press = timezone.now(), uuid4()
    people = queries.desk_people(request.desk, timezone.localdate(now)).exclude(pk=request.user.pk)
    form = DeskForm(
        request.POST or None, leavers=people, successors=queries.successors(request.desk)
    )
    named = whole_number(request.GET.get("can-bo", ""))
    leaver = people.filter(pk=named).first() if named is not None else None
    if leaver is not None and not form.is_bound:
        form.initial["leaver"] = leaver
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        parts = count_legs(data["leaver"])
        try:
            batch = hand_desk_over(
                data["leaver"],
                data["successor"],
                by=request.desk,
                at=now,
                reason=data["reason"],
                press=press,
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            return _moved(request, data, batch, parts, press)
    if leaver is None and form.is_bound:
        leaver = form.cleaned_data.get("leaver")
    may_open = Dossier.objects.visible_to(request.desk)
    shown = (
        lines(may_open.filter(on_desk(leaver)).order_by("sort_due", "pk"), limit=MOST_SHOWN)
        if leaver is not None
        else []
    )
    count = count_desk(leaver) if leaver is not None else 0
    counts, rail = rail_counts(request.desk, now)
    context = {
        "tab": "ban",
        "form": form,
        "leaver": leaver,
        "count": count,
        "parts": count_legs(leaver) if leaver is not None else 0,
        "rows": rows_of(shown, now, {}),
        "columns": MOVING,
        "heads": heads_of(MOVING),
        "more": count - len(shown),
        "closed": len(shown) < MOST_SHOWN,
        "counts": counts,
        "may_give": request.desk.has(*DESK_ROLES),
        "rail_counts": rail,
    }
    return render(
        request, "dossiers/handover/desk.html", context, status=422 if form.is_bound else 200
    )
