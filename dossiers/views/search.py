"""`/tim/`: the one box of every officer's page. Where one thing alone is meant it opens at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import search as queries
from dossiers.desk.columns import more_of
from dossiers.desk.exporting import CHUNK, Export, of_work
from dossiers.desk.orders import MOST_SORTED
from dossiers.desk.suggesting import Suggestions, beside, suggest
from dossiers.desk.work import Line, lines, rail_counts
from dossiers.models import Dossier
from dossiers.views.desk_common import WORK_ROLES, rows_of
from dossiers.views.list_file import file_answer
from dossiers.views.listing import Listing, listing, usual_order
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.paging import Page

KINDS = {
    "code": "mã hồ sơ",
    "number": "số giấy tờ hoặc số điện thoại",
    "end": "số cuối của mã hồ sơ, số thứ tự trong sổ",
    "slip": "số phiếu",
    "register": "số thứ tự trong sổ theo dõi",
    "batch": "số phiếu bàn giao",
    "name": "tên",
}


@require_safe
@officer_required(*WORK_ROLES)
def find(request: OfficerRequest) -> HttpResponse:
    """Dossier, person, slip, hand-over list or procedure, typed or scanned. `mo`: open the first
    procedure where nothing else is meant; the box sends it with Enter.
    """
    text, now = request.GET.get("q", "").strip(), timezone.now()
    is_first = not {"sau", "truoc"} & request.GET.keys()
    shown = listing(request, "tim", reverse("search"), {"q": text} if text else {})
    hits, page, wide = _found(request, shown, text, timezone.localdate(now))
    if wide:
        shown = replace(shown, order=usual_order(shown.shape))
    found = page.rows
    others = _others(request, text, hits.kind, found) if is_first else Suggestions()
    if is_first and not hits.next and (address := _only(request, found, others)):
        return redirect(address)
    if text:
        # What was typed may be a name or a number of a citizen: only the kind of the question is
        # written down.
        _note(request, hits.kind, len(found))
    context = shown.context(page, now) | {
        "wide": wide,
        "most": MOST_SORTED,
        "text": queries.asked(text),
        "kind": KINDS.get(hits.kind, ""),
        "is_first": is_first,
        "asked": urlencode(shown.kept),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/search/found.html", context | _places(request, others))


def _found(
    request: OfficerRequest, shown: Listing, text: str, on: date
) -> tuple[queries.Hits, Page[Line], bool]:
    """The hits, the page of them, whether there are too many for the order that was asked for: of a
    walk along the index of names nothing else pages by key.
    """
    whole = _whole(request, shown, text, on)
    if whole is not None and not whole.next:
        return whole, shown.page(Dossier.objects.filter(pk__in=whole.pks)), False
    hits = queries.search(request.desk, text, on=on, after=request.GET.get("sau", ""))
    return hits, Page(_lines(hits, shown), hits.next, ""), whole is not None


def _whole(request: OfficerRequest, shown: Listing, text: str, on: date) -> queries.Hits | None:
    """All hits that can be put in order; None where they stand in their own."""
    if shown.order.is_own:
        return None
    return queries.search(request.desk, text, on=on, size=MOST_SORTED)


def _lines(hits: queries.Hits, shown: Listing) -> list[Line]:
    """What was found, with what the columns say of it; one query, none where nothing was."""
    if not hits.pks:
        return []
    rows = Dossier.objects.filter(pk__in=hits.pks)
    found = lines(rows, limit=len(hits.pks), more=more_of(shown.columns))
    return queries.in_order(found, hits.pks)


@require_safe
@officer_required(*WORK_ROLES)
def search_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The dossiers that the same words find, all pages. Of whom is not written down."""
    text, now = request.GET.get("q", "").strip(), timezone.now()
    shown = listing(request, "tim", reverse("search"))
    on = timezone.localdate(now)
    whole = _whole(request, shown, text, on)
    first = whole or queries.search(request.desk, text, on=on)

    def read(after: str) -> Page[Any]:
        hits = queries.search(request.desk, text, on=on, after=after, size=CHUNK)
        return Page(rows_of(_lines(hits, shown), now, {}), hits.next, "")

    export = Export("Hồ sơ tìm thấy", shown.columns, read)
    if whole is not None and not whole.next:
        rows = Dossier.objects.filter(pk__in=whole.pks)
        export = of_work("Hồ sơ tìm thấy", rows, shown.columns, shown.order, now)
    detail = f"Hồ sơ tìm theo {KINDS.get(first.kind, 'tên')}, {kind}"
    return file_answer(request, export, kind, "tim", what="dossier", detail=detail)


@require_safe
@officer_required(*WORK_ROLES)
def suggestions(request: OfficerRequest) -> HttpResponse:
    """The part of the page below the box while it is typed."""
    text = request.GET.get("q", "").strip()
    found = suggest(request.desk, text, on=timezone.localdate())
    note_suggested(request, found)
    context = {"q": text, "found": found} | _places(request, found)
    return render(request, "dossiers/search/_suggested.html", context)


def note_suggested(request: OfficerRequest, found: Suggestions) -> None:
    """A trace where the box named people while it was typed."""
    if found.names_somebody:
        _note(request, found.kind, len(found.dossiers), "gợi ý ")


def _note(request: OfficerRequest, kind: str, number: int, how: str = "") -> None:
    told = f"{how}theo {KINDS.get(kind, 'tên')}: {number} kết quả"
    access(request, AccessKind.SEARCHED, "dossier", None, told)


def _others(request: OfficerRequest, text: str, kind: str, found: list[Line]) -> Suggestions:
    """Procedures and the hand-over list that the same words may mean; no dossiers."""
    if not text or kind == "code":
        return Suggestions()
    owners = [line.owner_name for line in found]
    return beside(request.desk, text, on=timezone.localdate(), kind=kind, owners=owners)


def _only(request: OfficerRequest, found: list[Line], others: Suggestions) -> str:
    """Where to go at once: the one thing that is meant; "" for a page to choose from."""
    if found:
        is_only = len(found) == 1 and (others.lead > 0 or not others.procedures)
        return found[0].url if is_only else ""
    if len(others.batches) == 1:
        return reverse("batch", args=[others.batches[0].pk])
    is_only = len(others.procedures) == 1 or "mo" in request.GET
    if is_only and others.opens == "procedure":
        return _procedure_page(request, others.procedures[0].code)
    return ""


def _places(request: OfficerRequest, found: Suggestions) -> dict[str, Any]:
    """Each procedure with where it leads this officer: a clerk to its intake, others to its page."""
    return {
        "procedures": [
            (
                one,
                _procedure_page(request, one.code)
                if one.is_ready or not _is_clerk(request)
                else "",
            )
            for one in found.procedures
        ],
        "batches": found.batches,
        "procedures_lead": found.procedures_lead,
    }


def _is_clerk(request: OfficerRequest) -> bool:
    return request.desk.has(Role.CLERK)


def _procedure_page(request: OfficerRequest, code: str) -> str:
    if _is_clerk(request):
        return f"{reverse('intake')}?{urlencode({'thu-tuc': code})}"
    return reverse("procedures:procedure", args=[code])
