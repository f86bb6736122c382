"""`/niem-yet/`: what each counter receives today, for everybody; and behind the sign-in the printed
boards and leaflets.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.caching import kept_a_while
from onestop.errors import DomainError, sentence
from onestop.paging import by_instant
from onestop.texts import in_one_line, whole_number
from procedures.domain import editions
from procedures.domain.notices import board as board_of
from procedures.domain.posted import posted
from procedures.forms import BoardSearch
from procedures.models import NoticeEdition

PRINTERS = (Role.CLERK, Role.CONTROLLER, Role.LEADER)
MOST_SHOWN, EDITIONS = 60, 20
NEWEST = by_instant("at", newest_first=True)
# A board of more procedures begins with its fields.
MOST_AT_ONCE = 40


def _counters(q: str = "") -> QuerySet[Agency]:
    rows = Agency.objects.open_on(timezone.localdate())
    return (rows.search(q) if q else rows).filter(is_one_stop=True)


@kept_a_while
@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """The counters that stand today, by name or all as far as they fill a page."""
    form = BoardSearch(request.GET or None)
    q = in_one_line(form.cleaned_data["q"]) if form.is_valid() else ""
    found = list(_counters(q).order_by("path")[: MOST_SHOWN + 1])
    context = {"form": form, "q": q, "places": found[:MOST_SHOWN]}
    context["has_more"] = len(found) > MOST_SHOWN
    return render(request, "procedures/notices/boards.html", context)


@kept_a_while
@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """What one counter receives today; of one field with its papers."""
    agency = get_object_or_404(_counters(), code=code[:40])
    today = timezone.localdate()
    field_id = whole_number(request.GET.get("linh_vuc", ""))
    shown = board_of(agency, today, field_id=field_id, papers=field_id is not None)
    if field_id is not None and not shown.sheets:
        raise Http404
    context = {"place": agency, "board": shown, "on": today, "whole": field_id is None}
    context["is_many"] = field_id is None and len(shown.entries) > MOST_AT_ONCE
    if field_id is None:
        context["files"] = editions.drawn_kinds(agency)
    return render(request, "procedures/notices/board.html", context)


@kept_a_while
@require_safe
def by_post(request: HttpRequest, code: str) -> HttpResponse:
    """What one counter does by the public post, and what not (R-122). Of many procedures it begins
    with the fields; `ca`: all on one page, to be printed.
    """
    agency = get_object_or_404(_counters(), code=code[:40])
    today = timezone.localdate()
    field_id = whole_number(request.GET.get("linh_vuc", ""))
    lists = posted(agency, today, field_id=field_id)
    number = lists.done + lists.left
    if field_id is not None and not number:
        raise Http404
    is_whole = field_id is None
    context = {"place": agency, "on": today, "lists": lists, "is_whole": is_whole}
    context["is_many"] = is_whole and number > MOST_AT_ONCE and "ca" not in request.GET
    return render(request, "procedures/notices/by_post.html", context)


@kept_a_while
@require_safe
def sheets(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """The whole board as a file, where a worker has drawn it as it is today."""
    agency = get_object_or_404(_counters(), code=code[:40])
    if kind not in NoticeEdition.BOARDS:
        raise Http404
    # Nothing drawn: no board is read to find that out.
    is_drawn = kind in editions.drawn_kinds(agency)
    today = board_of(agency, timezone.localdate()) if is_drawn else None
    kept = editions.kept_board(agency, today, kind) if today is not None else None
    if kept is None:
        context = {"place": agency}
        return render(request, "procedures/notices/not_drawn.html", context, status=404)
    return _file(kept)


def _own(request: OfficerRequest) -> QuerySet[Agency]:
    """The counters for which this officer may print."""
    return _counters().filter(pk__in=request.desk.agency_ids_as(*PRINTERS))


@require_safe
@officer_required(*PRINTERS)
def prints(request: OfficerRequest, code: str) -> HttpResponse:
    """What was printed for a counter, what changed since, and what there is to print."""
    agency = get_object_or_404(_own(request), code=code[:40])
    today = board_of(agency, timezone.localdate())
    hangs = editions.hanging(agency)
    rows = NoticeEdition.objects.filter(agency=agency).select_related("by").defer("said")
    names = {code: name for code, (_, _, name) in hangs.said.items()} if hangs else {}
    names |= {entry.code: entry.name for entry in today.entries}
    since = editions.since(hangs, today) if hangs is not None else None
    page = NEWEST.page(rows, size=EDITIONS, after=request.GET.get("sau", ""))
    context = {
        "place": agency,
        "board": today,
        "hangs": hangs,
        "since": since,
        "changed": [
            (what, [(one, names.get(one, "")) for one in codes])
            for what, codes in (
                ("Mới có", since.new),
                ("Nội dung đã đổi", since.changed),
                ("Không còn tiếp nhận", since.gone),
            )
            if codes
        ]
        if since is not None
        else [],
        "used": len(editions.most_used(agency)),
        "editions": page.rows,
        "next": f"?sau={page.next}" if page.next else "",
    }
    return render(request, "procedures/notices/prints.html", context)


@require_POST
@officer_required(*PRINTERS)
def order(request: OfficerRequest, code: str) -> HttpResponse:
    """`loai`: a4, a3 or to-gap; `rieng`: just the sheets that changed."""
    agency = get_object_or_404(_own(request), code=code[:40])
    kind = request.POST.get("loai", "")
    if kind not in NoticeEdition.Kind:
        raise Http404
    only = request.POST.get("rieng") == "1"
    try:
        edition = editions.ask(
            agency, NoticeEdition.Kind(kind), only_changed=only, by=request.user, at=timezone.now()
        )
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("procedures:prints", agency.code)
    detail = f"{edition.get_kind_display()} {agency.code}"
    access(request, AccessKind.PRINTED, "notice_edition", edition.pk, detail, about=agency.pk)
    return redirect(edition)


@require_safe
@officer_required(*PRINTERS)
def edition(request: OfficerRequest, pk: int) -> HttpResponse:
    """How far it is, or where it is."""
    found = _edition(request, pk)
    context = {"edition": found, "place": found.agency, "most": editions.TRIES}
    return render(request, "procedures/notices/edition.html", context)


@require_safe
@officer_required(*PRINTERS)
def edition_file(request: OfficerRequest, pk: int) -> HttpResponseBase:
    found = _edition(request, pk)
    if not found.is_ready:
        raise Http404
    return _file(found)


def _edition(request: OfficerRequest, pk: int) -> NoticeEdition:
    rows = NoticeEdition.objects.filter(agency__in=request.desk.agency_ids_as(*PRINTERS))
    return get_object_or_404(rows.select_related("agency", "by"), pk=pk)


def _file(found: NoticeEdition) -> FileResponse:
    """Drawn by us: a browser may show it."""
    try:
        content = default_storage.open(found.kept)
    except FileNotFoundError as gone:
        raise Http404 from gone
    name = f"niem-yet-{found.agency.code}-{found.kind}-{timezone.localdate(found.at):%Y%m%d}.pdf"
    return FileResponse(content, filename=name, content_type="application/pdf")
