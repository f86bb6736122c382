"""`/tra-ket-qua/`: the return desk."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers import registry
from dossiers.acts import collecting, endings, post_desk, taking_back
from dossiers.acts.archiving import archive_of
from dossiers.acts.many import Seen
from dossiers.acts.originals import held_of
from dossiers.clock.uncollected import LONG
from dossiers.desk import returning as queries
from dossiers.desk.columns import more_of
from dossiers.desk.exporting import CHUNK, Export
from dossiers.desk.handover import places_now
from dossiers.desk.search import asked
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.returning import GiveBackForm
from dossiers.models import Result
from dossiers.models.post import PostalItem
from dossiers.reading_codes import code_in, is_scan, readings
from dossiers.views.act_page import seen_then, shown_version, undo_of
from dossiers.views.desk_common import find_dossier, seen_of, warn
from dossiers.views.list_file import file_answer
from dossiers.views.listing import Listing, listing
from dossiers.views.papers import print_of
from onestop.accounts.access import access
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say
from onestop.paging import Page

RETURN_ROLES = (Role.CLERK, Role.CASHIER, Role.POSTAL)
FILTERS = {
    "": "Tất cả",
    "lau": f"Chờ từ {LONG} ngày",
    "chua-bao": "Chưa báo lần nào",
    "buu-chinh": "Gửi bưu chính",
}


@require_safe
@officer_required(*RETURN_ROLES)
def return_desk(request: OfficerRequest) -> HttpResponse:
    """What waits to be fetched, oldest first. A scanned or typed code opens its dossier at once."""
    now = timezone.now()
    text, only, shown = _asked(request)
    page = queries.page(
        queries.narrowed(request.desk, now, text=text, only=only),
        now,
        **shown.place,
        more=more_of(shown.columns),
        order=shown.order,
    )
    if (
        text
        and len(page.rows) == 1
        and page.rows[0].line.code.endswith(readings(code_in(text) or "?"))
    ):
        return redirect("give_back", page.rows[0].line.code)
    if text:
        access(
            request,
            AccessKind.SEARCHED,
            "dossier",
            None,
            f"bàn trả kết quả: {len(page.rows)} kết quả",
        )
    why_not = _why_not(request, text) if text and not page.rows else ""
    numbers = queries.counts(request.desk, now)
    just_returned = "xong" in request.GET
    context = shown.around(page) | {
        "rows": page.rows,
        "focus": page.rows[0].line.pk if page.rows and just_returned else None,
        "text": text,
        "asked": urlencode(shown.kept),
        "why_not": why_not,
        "filters": [
            (label, numbers[key], f"?{urlencode({'loc': value})}" if value else "?", value == only)
            for (value, label), key in zip(
                FILTERS.items(), ("all", "long", "untold", "post"), strict=True
            )
        ],
        "just_returned": just_returned,
        "may_choose": request.desk.has(*(Role(role) for role in endings.GIVE_BACK.roles)),
        "rail_counts": rail_counts(request.desk, now)[1] | {"tra-ket-qua": numbers["all"]},
    }
    return render(request, "dossiers/returning/desk.html", context)


@require_safe
@officer_required(*RETURN_ROLES)
def return_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The list with the same address, all of its pages."""
    now = timezone.now()
    text, only, shown = _asked(request)
    rows = queries.narrowed(request.desk, now, text=text, only=only)

    def read(after: str) -> Page[queries.Waiting]:
        more = more_of(shown.columns)
        return queries.page(rows, now, after=after, more=more, size=CHUNK, order=shown.order)

    size = rows.count()
    told = [f"Trả kết quả: {size} hồ sơ, {kind}"]
    told += [FILTERS[only]] if only else []
    told += ["theo từ khóa"] if text else []
    export = Export("Hồ sơ chờ trả kết quả", shown.columns, read, size)
    return file_answer(request, export, kind, "tra-ket-qua", what="work", detail="; ".join(told))


def _asked(request: OfficerRequest) -> tuple[str, str, Listing]:
    """What was typed, which of the filters, the list as this officer sees it."""
    text, only = asked(request.GET.get("q", "")), request.GET.get("loc", "")
    only = only if only in FILTERS else ""
    kept = {name: value for name, value in (("q", text), ("loc", only)) if value}
    return text, only, listing(request, "tra-ket-qua", reverse("return_desk"), kept)


def _why_not(request: OfficerRequest, text: str) -> str:
    """Why a scanned dossier does not wait here, as a sentence; "" for what is no whole code."""
    code = code_in(text) if is_scan(text) else ""
    if not code:
        return ""
    place = next(iter(places_now(request.desk, readings(code)).values()), None)
    if place is None:
        return f"{code}: {say('code_not_seen')}"
    told = say("now_at", {"state": place.state, "where": place.where})
    return f"{code}: {say('nothing_to_return')} {told}"


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*RETURN_ROLES)
def give_back(request: OfficerRequest, code: str) -> HttpResponse:
    """Who takes it, how, which originals go home; afterwards the desk with the next one ready, or the
    letter with what is to be printed of it.
    """
    dossier = find_dossier(request, code)
    result = Result.objects.current().filter(dossier=dossier).first()
    refused = result is not None and result.kind == Result.Kind.REFUSED
    untold = bool(collecting.untold_early([dossier], timezone.now()))
    form = GiveBackForm(
        request.POST or None,
        dossier=dossier,
        papers=held_of(dossier),
        on=timezone.localdate(),
        refused=refused,
        untold=untold,
    )
    if request.method == "POST" and not is_reopened(request) and form.is_valid():
        try:
            seen = seen_of(request, dossier)
            letter = _given(request, seen, form)
        except DomainError as error:
            add_refusal(form, error)
        else:
            take_back = undo_of(seen, reverse("undo_give_back", args=[dossier.code]))
            offers = f"{take_back} {print_of(request, dossier)}".strip()
            messages.success(request, f"Đã trả kết quả hồ sơ {dossier.code}.", extra_tags=offers)
            if letter is not None:
                return redirect("post_item", letter.pk)
            return redirect(f"{reverse('return_desk')}?xong=1")
    context = {
        "dossier": dossier,
        "seen": shown_version(request, dossier),
        "form": form,
        "result": result,
        "answer": registry.shows(request.desk, dossier, "give_back"),
        "untold": untold,
        "archive": archive_of(dossier),
        "days": (timezone.localdate() - timezone.localdate(dossier.ended_at)).days
        if dossier.ended_at
        else 0,
    }
    return render(
        request, "dossiers/returning/give_back.html", context, status=422 if form.is_bound else 200
    )


def _given(request: OfficerRequest, seen: Seen, form: GiveBackForm) -> PostalItem | None:
    """Over the counter, online, or as a letter that is followed to its owner (R-120)."""
    taking, at, by = form.taking(), timezone.now(), request.desk
    if form.is_letter:
        to = form.postman_taking_over()
        return post_desk.send(seen, taking, form.cleaned_data["fare"], to, by=by, at=at)
    endings.give_back(seen, taking, by=by, at=at)
    return None


@require_POST
@officer_required(Role.CLERK)
def undo_give_back(request: OfficerRequest, code: str) -> HttpResponse:
    """Take the return back: the result lies on the desk again, the originals count as kept."""
    dossier = find_dossier(request, code)
    try:
        taking_back.take_back(seen_then(request, dossier), by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
        return redirect(dossier)
    messages.success(request, f"Đã hoàn tác: hồ sơ {dossier.code} lại chờ trả kết quả.")
    return redirect("give_back", dossier.code)
