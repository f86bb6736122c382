"""`/buu-chinh/bien-ban/`: the minutes with the post, either way."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dossiers import rules
from dossiers.acts import post_in
from dossiers.desk import post as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.post import TakePostForm
from dossiers.models.post import SEERS, PostalItem, PostalLine, PostalNote
from dossiers.views.cashier import chosen_agency
from dossiers.views.desk_common import warn
from dossiers.views.post import WORKING, paper
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError

SIGN, END = "ky", "thoi"
# The columns of a line, each with how much of it is kept; rows of the table, and those shown empty.
COLUMNS = {"so": 40, "nguoi": 200, "dt": 20, "ma": 60, "giay": 500, "khac": 300}
ROWS, FIRST_ROWS = post_in.MOST, 20


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


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEERS)
def note(request: OfficerRequest, pk: int) -> HttpResponse:
    """One Biên bản giao nhận: who signed, what it lists; one of what came is signed here."""
    row = _found(request, pk)
    if request.method == "POST":
        _sign_or_end(request, row)
        return redirect("post_note", pk)
    desk = request.desk
    letters, lines = _listed(request, row, AccessKind.VIEWED)
    context = {
        "note": row,
        "letters": letters,
        "lines": queries.with_links(desk, lines),
        "may_sign": row.is_open and rules.stands_at(desk, row.agency_id),
        "may_end": row.is_open and bool(post_in.may_prepare(desk, row.agency_id)),
        "may_receive": row.signed_at and rules.stands_at(desk, row.agency_id),
        "rail_counts": rail_counts(desk, timezone.now())[1],
    }
    return render(request, "dossiers/post/note.html", context)


def _listed(
    request: OfficerRequest, row: PostalNote, kind: AccessKind
) -> tuple[list[PostalItem], list[PostalLine]]:
    """What minutes list. Names and addresses are read: a line in the log of each dossier."""
    letters = queries.letters_of(row) if row.goes_out else []
    lines = [] if row.goes_out else queries.lines_of(row)
    known = [one.dossier_id for one in letters]
    known += [one.dossier_id for one in lines if one.dossier_id is not None]
    if known:
        access_each(request, kind, "dossier", known, f"Biên bản bưu chính {row.serial}")
    else:
        access(request, kind, "post_note", row.pk)
    return letters, lines


def _sign_or_end(request: OfficerRequest, row: PostalNote) -> None:
    now, ends = timezone.now(), END in request.POST
    if not ends and SIGN not in request.POST:
        return
    try:
        if ends:
            post_in.end(row.pk, by=request.desk, at=now)
        else:
            post_in.sign(row.pk, by=request.desk, at=now)
    except DomainError as error:
        warn(request, error)
    else:
        said = (
            "Đã thôi biên bản, chưa nhận hồ sơ nào."
            if ends
            else "Đã ký: hồ sơ của biên bản được nhận từ lúc này."
        )
        messages.success(request, said)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*WORKING)
def take(request: OfficerRequest) -> HttpResponse:
    """A table of what the post brought: prepared by the postman, or typed by the counter."""
    now = timezone.now()
    there, agency = chosen_agency(request, WORKING)
    is_postman = not rules.stands_at(request.desk, agency.pk)
    named = {"postman": request.desk.officer.full_name} if is_postman else {}
    form = TakePostForm(request.POST if request.method == "POST" else None, initial=named)
    typed = [[request.POST.get(f"{name}-{place}", "") for name in COLUMNS] for place in range(ROWS)]
    if form.is_bound and form.is_valid():
        lines = _lines(typed)
        try:
            row = post_in.prepare(agency, lines, form.value, by=request.desk, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã lập biên bản số {row.serial}: {len(lines)} hồ sơ.")
            return redirect("post_note", row.pk)
    shown = next((place for place in range(ROWS, 0, -1) if any(typed[place - 1])), 0)
    context = {
        "agencies": there,
        "agency": agency,
        "form": form,
        "rows": [(place, *row) for place, row in enumerate(typed)][: max(shown + 2, FIRST_ROWS)],
        "most": COLUMNS,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/post/take.html", context, status=422 if form.is_bound else 200)


def _lines(typed: Sequence[Sequence[str]]) -> list[post_in.Line]:
    """The rows of the table in which something is written, each with its place."""
    found = []
    for place, row in enumerate(typed, start=1):
        cut = [text.strip()[:most] for text, most in zip(row, COLUMNS.values(), strict=True)]
        number, sender, phone, what, papers, difference = cut
        if any(cut):
            found.append(post_in.Line(number, sender, what, phone, papers, difference, place))
    return found


@require_safe
@officer_required(*SEERS)
def note_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    """The list to sign; what was taken back since is not on it."""
    row = _found(request, pk)
    letters, lines = _listed(request, row, AccessKind.PRINTED)
    context = {"note": row, "letters": [one for one in letters if one.is_standing], "lines": lines}
    text = render_to_string("dossiers/post/note_print.html", context)
    return paper(text, f"bien-ban-buu-chinh-{row.number}-{row.year}")
