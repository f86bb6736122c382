"""`/van-thu/`: what waits for its number and the stamp, and the register of outgoing documents."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import outgoing
from dossiers.acts.many import Seen
from dossiers.desk import outgoing as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.outgoing import NumberResultForm
from dossiers.models import Result
from dossiers.registry import slip_names
from dossiers.slips.numbering import KINDS, kinds_on
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import (
    MOST_CHOSEN,
    chosen,
    find_dossier,
    press_address,
    take_back_pressed,
    tell,
    warn,
)
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say
from onestop.templatetags.ui import undo
from onestop.texts import MOST_NUMBER, whole_number

READERS = (Role.DOCUMENTS, Role.LEADER, Role.CONTROLLER)
MOST, PAGE = 200, 100
NAMES = {kind.code: kind.name for kind in KINDS}


@require_safe
@officer_required(Role.DOCUMENTS)
def waiting(request: OfficerRequest) -> HttpResponse:
    """Letters and drafts that wait for number and stamp, oldest first."""
    now, names = timezone.now(), slip_names()
    agencies = request.desk.agency_ids_as(Role.DOCUMENTS)
    letters = list(outgoing.waiting_letters(agencies, now)[:MOST])
    kinds = outgoing.kinds_of_letters()
    results = list(outgoing.waiting_results(request.desk)[:MOST])
    ids = [slip.dossier_id or 0 for slip in letters] + [dossier.pk for dossier in results]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "văn bản, kết quả chờ cấp số")
    rows = [
        {
            "slip": slip,
            "name": names[slip.slug],
            "kind": NAMES[kinds[slip.slug]],
            "signer": slip.snapshot.get("signer", ""),
        }
        for slip in letters
    ]
    context = {
        "rows": rows,
        "results": results,
        "kinds": kinds_on(timezone.localdate(now)),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/outgoing/waiting.html", context)


@require_POST
@officer_required(Role.DOCUMENTS)
def number(request: OfficerRequest) -> HttpResponse:
    """Give the chosen letters their numbers; each that cannot get one is named with its reason."""
    typed = request.POST.getlist("van-ban")[:MOST_CHOSEN]
    picked = [pk for pk in map(whole_number, typed) if pk is not None]
    agencies = request.desk.agency_ids_as(Role.DOCUMENTS)
    now, press = timezone.now(), uuid4()
    mine = outgoing.waiting_letters(agencies, now).filter(pk__in=picked)
    ids = list(mine.values_list("pk", flat=True))
    if not picked:
        messages.warning(request, say("none_chosen"))
    elif not ids:
        messages.warning(request, say("letter_gone"))
    else:
        done = outgoing.number_letters(ids, by=request.desk, at=now, press=press)
        tell(
            request, done, "Đã cấp số văn bản của", undo(press_address("outgoing_undo", press)),
        )  # fmt: skip
    return redirect("outgoing")


@require_POST
@officer_required(Role.DOCUMENTS)
def number_results(request: OfficerRequest) -> HttpResponse:
    """Give the chosen drafts their numbers from one register; then they are given to the counter."""
    now, press, seen = timezone.now(), uuid4(), chosen(request)
    mine = outgoing.waiting_results(request.desk).filter(pk__in=[one.dossier_id for one in seen])
    allowed = set(mine.values_list("pk", flat=True))
    try:
        done = outgoing.number_results(
            [one for one in seen if one.dossier_id in allowed],
            request.POST.get("loai", ""),
            by=request.desk,
            at=now,
            press=press,
        )
    except DomainError as error:
        warn(request, error)
    else:
        back = undo(press_address("outgoing_undo", press))
        tell(request, done, "Đã cấp số kết quả của", back, asked=len(seen))
        if not seen:
            messages.warning(request, say("none_chosen"))
    return redirect("outgoing")


@require_POST
@officer_required(Role.DOCUMENTS)
def undo_number(request: OfficerRequest) -> HttpResponse:
    """Take back what one press numbered: the numbers stay in the register as void."""
    take_back_pressed(request, "Đã hủy số văn bản của", none="nothing_to_take_back")
    return redirect("outgoing")


@require_safe
@officer_required(*READERS)
def book(request: OfficerRequest) -> HttpResponse:
    """The register: one book, newest number first, and which others there are."""
    found = queries.books(request.desk.agency_ids_as(*READERS))
    asked = whole_number(request.GET.get("so", ""), most=MOST_NUMBER)
    shown = next(
        (one for one in found if one.pk == asked), None if asked else next(iter(found), None)
    )
    if asked and shown is None:
        raise Http404
    page = None
    if shown is not None:
        page = Paginator(queries.lines(shown), PAGE).get_page(request.GET.get("trang"))
        ids = {row.dossier_id for row in page.object_list}
        access_each(request, AccessKind.VIEWED, "dossier", sorted(ids), "sổ văn bản đi")
    context = {
        "books": [(one, NAMES.get(one.kind, one.kind)) for one in found],
        "shown": shown,
        "name": NAMES.get(shown.kind, shown.kind) if shown is not None else "",
        "page": page,
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/outgoing/book.html", context)


@get_or_post
@on_desk
def number_result(request: OfficerRequest, code: str) -> HttpResponse:
    """An approved draft, signed on paper, gets number and date."""
    now, dossier = timezone.now(), find_dossier(request, code)
    draft = Result.objects.current().filter(dossier=dossier).first()
    initial = {"signer": outgoing.signer_of_draft(dossier)}
    form = NumberResultForm(sent(request), initial=initial, on=timezone.localdate(now))

    def run(seen: Seen, form: NumberResultForm, at: datetime) -> str:
        row = outgoing.number_result(seen, form.value, by=request.desk, at=at)
        return f"Đã cấp số {row.number}. Đóng dấu rồi giao về Bộ phận Một cửa."

    hindered = "" if draft is not None and draft.is_draft else "no_draft"
    return act_page(
        request, dossier, "number_result", form, run, now=now, template="number_result",
        hindered=hindered, draft=draft,
    )  # fmt: skip
