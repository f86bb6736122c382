"""`/buu-chinh/bien-ban/`: the minutes with the post, either way."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import post as queries
from dossiers.desk.work import rail_counts
from dossiers.models.post import PostalNote
from dossiers.views.cashier import chosen_agency
from dossiers.views.post import SEERS, paper
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind


@require_safe
@officer_required(*SEERS)
def notes(request: OfficerRequest) -> HttpResponse:
    """The newest first."""
    there, agency = chosen_agency(request, SEERS)
    page = queries.notes_page(agency.pk, request.GET.get("truoc", ""))
    more = {"co-quan": agency.pk, "truoc": page.next}
    context = {
        "agencies": there,
        "agency": agency,
        "rows": page.rows,
        "next": f"?{urlencode(more)}" if page.next else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/post/notes.html", context)


def _found(request: OfficerRequest, pk: int) -> PostalNote:
    return get_object_or_404(queries.notes(request.desk.agency_ids_as(*SEERS)), pk=pk)


@require_safe
@officer_required(*SEERS)
def note(request: OfficerRequest, pk: int) -> HttpResponse:
    """One Biên bản giao nhận: who signed, what it lists."""
    row = _found(request, pk)
    access(request, AccessKind.VIEWED, "post_note", row.pk)
    context = {
        "note": row,
        "letters": queries.letters_of(row) if row.way == PostalNote.Way.OUT else [],
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/post/note.html", context)


@require_safe
@officer_required(*SEERS)
def note_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    """The list to sign; what was taken back since is not on it."""
    row = _found(request, pk)
    access(request, AccessKind.PRINTED, "post_note", row.pk)
    letters = queries.letters_of(row) if row.way == PostalNote.Way.OUT else []
    context = {"note": row, "letters": [one for one in letters if one.is_standing]}
    text = render_to_string("dossiers/post/note_print.html", context)
    return paper(text, f"bien-ban-buu-chinh-{row.number}-{row.year}")
