"""`/van-thu/`: what waits for its number and the stamp, and the register of outgoing documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import holding, outgoing
from dossiers.acts.holding import Book
from dossiers.acts.many import Seen
from dossiers.desk import outgoing as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.outgoing import HoldForm, NumberLetterForm, NumberResultForm
from dossiers.models import Result, Slip
from dossiers.models.outgoing import HeldNumber, OutgoingCounter
from dossiers.registry import slip_names
from dossiers.slips import issuing
from dossiers.slips.numbering import KINDS, kinds_on
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import (
    MOST_CHOSEN,
    chosen,
    find_dossier,
    press_address,
    read_press,
    tell,
    warn,
    without_closed_codes,
)
from dossiers.views.list_file import file_answer
from dossiers.views.slips import pdf_of
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.paging import by_instant
from onestop.templatetags.ui import undo
from onestop.texts import MOST_NUMBER, whole_number

READERS = (Role.DOCUMENTS, Role.LEADER, Role.CONTROLLER)
MOST, PAGE = 200, 100
LETTERS, RESULTS = by_instant("made_at"), by_instant("sort_due")
# Lines of a part that was asked for: as many as are printed at once.
PRINTED = 500
# The button that gives on to the counter by the same press.
TO_COUNTER = "ra-quay"
NAMES = {kind.code: kind.name for kind in KINDS}


@require_safe
@officer_required(Role.DOCUMENTS)
def waiting(request: OfficerRequest) -> HttpResponse:
    """Letters and drafts that wait for number and stamp, oldest first. `sau`, `kq`: where the one list
    goes on, or the other; both stand on each page.
    """
    now, names = timezone.now(), slip_names()
    agencies = request.desk.agency_ids_as(Role.DOCUMENTS)
    unnumbered, after = outgoing.waiting_letters(agencies, now), request.GET.get("sau", "")
    letters = LETTERS.page(unnumbered, size=MOST, after=after)
    kinds, drafts = outgoing.kinds_of_letters(), outgoing.waiting_results(request.desk)
    further = request.GET.get("kq", "")
    results = RESULTS.page(drafts, size=MOST, after=further)
    if (after and not letters.rows) or (further and not results.rows):
        # The rest has its numbers: what waits stands at the beginning.
        return redirect("outgoing")
    ids = [slip.dossier_id or 0 for slip in letters.rows] + [row.pk for row in results.rows]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "văn bản, kết quả chờ cấp số")
    rows = [
        {
            "slip": slip,
            "name": names[slip.slug],
            "kind": NAMES[kinds[slip.slug]],
            "signer": slip.snapshot.get("signer", ""),
        }
        for slip in letters.rows
    ]
    context = {
        "rows": rows,
        "next": f"?sau={letters.next}" if letters.next else "",
        "results": results.rows,
        "next_results": f"?kq={results.next}" if results.next else "",
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
            to_counter=TO_COUNTER in request.POST,
        )
    except DomainError as error:
        warn(request, error)
    else:
        back = undo(press_address("outgoing_undo", press))
        word = "Đã cấp số và chuyển ra quầy kết quả của"
        word = word if TO_COUNTER in request.POST else "Đã cấp số kết quả của"
        tell(request, done, word, back, asked=len(seen))
        if not seen:
            messages.warning(request, say("none_chosen"))
    return redirect("outgoing")


@require_POST
@officer_required(Role.DOCUMENTS)
def undo_number(request: OfficerRequest) -> HttpResponse:
    """Take back what one press numbered: the numbers stay in the register as void."""
    press, now = read_press(request.GET.get("lan", "")), timezone.now()
    done = outgoing.take_back_numbers(press, by=request.desk, at=now) if press is not None else []
    done = without_closed_codes(request.desk, done)
    if not done:
        messages.warning(request, say("nothing_to_take_back"))
    tell(request, done, "Đã hủy số văn bản của")
    return redirect("outgoing")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.DOCUMENTS)
def letter(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """One letter: what it is, its PDF, and the number it gets: the next one, or another."""
    agencies, now = request.desk.agency_ids_as(Role.DOCUMENTS), timezone.now()
    slip = _letter(agencies, code, pk)
    kind, today = outgoing.kinds_of_letters()[slip.slug], timezone.localdate(now)
    assert slip.dossier is not None
    access(request, AccessKind.VIEWED, "dossier", slip.dossier.pk, "văn bản chờ cấp số")
    following = queries.next_numbers(slip.agency_id, today.year).get(kind, 1)
    held = queries.held([slip.agency_id]).filter(kind=kind, year=today.year)
    form = NumberLetterForm(
        sent(request), initial={"number": following}, following=following, held=list(held)
    )
    line = slip.outgoing.filter(undone_at=None).first()
    if form.is_bound and form.is_valid():
        try:
            row = outgoing.number_letter(
                Seen(slip.dossier.pk), slip, form.value, by=request.desk, at=now
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã cấp số {row.symbol}. In văn bản có số, đóng dấu.")
            return redirect("outgoing")
    context = {
        "slip": slip,
        "name": slip_names()[slip.slug],
        "kind": NAMES[kind],
        "signer": slip.snapshot.get("signer", ""),
        "line": line,
        "form": form,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/outgoing/letter.html", context, status=status)


@require_safe
@officer_required(*READERS)
def letter_pdf(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """The letter itself, with its number once it has one."""
    slip = _letter(request.desk.agency_ids_as(*READERS), code, pk)
    return pdf_of(request, slip, f"{slip.slug}-{slip.year}-{slip.number}.pdf")


def _letter(agency_ids: Sequence[int], code: str, pk: int) -> Slip:
    """A letter of these agencies, void or not; strangers get 404."""
    found = Slip.objects.filter(
        agency__in=agency_ids, slug__in=outgoing.kinds_of_letters(), dossier__code=code
    ).select_related("dossier", "dossier__version", "agency", "pdf", "made_by")
    return get_object_or_404(found.annotate(was_printed=issuing.WAS_PRINTED), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.DOCUMENTS)
def hold(request: OfficerRequest) -> HttpResponse:
    """The numbers that are kept, from `sau` on, and keeping more (giữ số)."""
    agencies, now = request.desk.agency_ids_as(Role.DOCUMENTS), timezone.now()
    today = timezone.localdate(now)
    following = queries.next_numbers(agencies[0], today.year) if len(agencies) == 1 else {}
    form = HoldForm(sent(request), on=today, agencies=agencies, following=following)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        book = Book(form.whose, data["kind"], today.year)
        try:
            rows = holding.hold(
                book, count=data["count"], reason=data["reason"], by=request.desk, at=now
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
        else:
            which = holding.in_words(range(rows[0].number, rows[-1].number + 1))
            messages.success(request, f"Đã giữ số {which} của sổ {NAMES[book.kind]}.")
            return redirect("outgoing_hold")
    held, after = queries.held(agencies), request.GET.get("sau", "")
    page = queries.HELD.page(held, size=PAGE, after=after)
    if after and not page.rows and not form.is_bound:
        # Documents bear the rest by now.
        return redirect("outgoing_hold")
    context = {
        "form": form,
        "held": [(row, NAMES.get(row.kind, row.kind)) for row in page.rows],
        "next": f"?{urlencode({'sau': page.next})}" if page.next else "",
        "several": len(agencies) > 1,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/outgoing/hold.html", context, status=status)


@require_safe
@officer_required(*READERS)
def book(request: OfficerRequest) -> HttpResponse:
    """The register: one book, newest number first, and which others there are."""
    found, shown = _book(request)
    page, part = None, _part(request)
    if shown is not None:
        rows = queries.lines(shown)
        if part is not None:
            rows = rows.filter(number__gte=part[0], number__lte=part[1])
        size = PRINTED if part is not None else PAGE
        page = Paginator(rows, size).get_page(request.GET.get("trang"))
        ids = {row.dossier_id for row in page.object_list}
        access_each(request, AccessKind.VIEWED, "dossier", sorted(ids), "sổ văn bản đi")
    context = {
        "held": list(_held(shown)) if shown is not None else [],
        "may_hold": request.desk.has(Role.DOCUMENTS),
        "books": [(one, NAMES.get(one.kind, one.kind)) for one in found],
        "shown": shown,
        "name": NAMES.get(shown.kind, shown.kind) if shown is not None else "",
        "page": page,
        "first": request.GET.get("tu", "") if part is not None else "",
        "last": request.GET.get("den", "") if part is not None else "",
        "asked": _query(shown, part),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/outgoing/book.html", context)


def _book(request: OfficerRequest) -> tuple[list[OutgoingCounter], OutgoingCounter | None]:
    """The books of this officer, and the one that the address names, else the newest. Errors: Http404."""
    found = queries.books(request.desk.agency_ids_as(*READERS))
    asked = whole_number(request.GET.get("so", ""), most=MOST_NUMBER)
    shown = next(
        (one for one in found if one.pk == asked), None if asked else next(iter(found), None)
    )
    if asked and shown is None:
        raise Http404
    return found, shown


def _part(request: OfficerRequest) -> tuple[int, int] | None:
    """From which number to which the address asks, None for all."""
    first = whole_number(request.GET.get("tu", ""), most=MOST_NUMBER)
    last = whole_number(request.GET.get("den", ""), most=MOST_NUMBER)
    return None if first is None and last is None else (first or 1, last or MOST_NUMBER)


def _query(book: OutgoingCounter | None, part: tuple[int, int] | None) -> str:
    asked = {"so": book.pk} if book is not None else {}
    return urlencode(asked | ({"tu": part[0], "den": part[1]} if part is not None else {}))


@require_safe
@officer_required(*READERS)
def book_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """A book, or a part of it from one number to another, as a file: every number, with those that
    are void or kept.
    """
    _, shown = _book(request)
    if shown is None:
        raise Http404
    first, last = _part(request) or (1, shown.last)
    title = f"{NAMES.get(shown.kind, shown.kind)} {shown.year}"
    export = queries.of_book(shown, title, first, last)
    name = f"so-van-ban-di-{shown.agency.code}-{shown.kind}-{shown.year}".replace("..", "_")
    name = name.replace("Đ", "D")
    detail = f"sổ văn bản đi {title}, số {first} đến {min(last, shown.last)}"
    return file_answer(request, export, kind, name, what="dossier", detail=detail)


def _held(book: OutgoingCounter) -> Iterable[HeldNumber]:
    return queries.held([book.agency_id]).filter(kind=book.kind, year=book.year)


@get_or_post
@on_desk
def number_result(request: OfficerRequest, code: str) -> HttpResponse:
    """An approved draft, signed on paper, gets number and date."""
    now, dossier = timezone.now(), find_dossier(request, code)
    draft = Result.objects.current().filter(dossier=dossier).first()
    initial = {"signer": outgoing.signer_of_draft(dossier)}
    today = timezone.localdate(now)
    agency = dossier.agency.in_charge(today)
    form = NumberResultForm(
        sent(request),
        initial=initial,
        on=today,
        following=queries.next_numbers(agency.pk, today.year),
        held=list(queries.held([agency.pk]).filter(year=today.year)),
    )
    to_counter = TO_COUNTER in request.POST

    def run(seen: Seen, form: NumberResultForm, at: datetime) -> str:
        row = outgoing.number_result(
            seen, form.value, by=request.desk, at=at, to_counter=to_counter
        )
        if to_counter:
            return f"Đã cấp số {row.number} và chuyển ra quầy."
        return f"Đã cấp số {row.number}. Đóng dấu rồi giao về Bộ phận Một cửa."

    hindered = "" if draft is not None and draft.is_draft else "no_draft"
    return act_page(
        request, dossier, "number_result", form, run, now=now, template="number_result",
        hindered=hindered, draft=draft,
    )  # fmt: skip
