"""`/buu-chinh/`: results that go by post, given as a batch, and what became of each."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers import rules
from dossiers.acts import collecting, post_in, post_out
from dossiers.acts.many import Seen
from dossiers.acts.post_out import AT_POST, Letter
from dossiers.desk import post as queries
from dossiers.desk.search import asked
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.post import DeliverForm, GivePostForm, TryForm
from dossiers.forms.returning import fare_of, of_many
from dossiers.models import Dossier
from dossiers.models.post import SEERS, PostalItem, letter_number
from dossiers.views.act_page import shown_version
from dossiers.views.cashier import chosen_agency
from dossiers.views.desk_common import NOT_SAID, chosen, failed, seen_of, tell, warn
from onestop import pdf
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say
from onestop.texts import MOST_NUMBER, whole_number

WORKING = tuple(sorted(AT_POST))
# What may be done to one letter, by the name of the button.
DELIVER, TRY, BACK, UNDO = "phat", "khong-phat", "chuyen-hoan", "hoan-tac"
STYLE = Path(__file__).parents[2] / "templates" / "dossiers" / "post" / "paper.css"


@require_safe
@officer_required(*SEERS)
def desk(request: OfficerRequest) -> HttpResponse:
    """Letters by where they are, the newest first. A scanned phiếu gửi opens its letter at once."""
    there, agency = chosen_agency(request, SEERS)
    which = request.GET.get("loc", "")
    which = which if which in queries.LISTS else ""
    text = asked(request.GET.get("q", ""))
    page = queries.page(agency.pk, which, text, request.GET.get("truoc", ""))
    if text and len(page.rows) == 1:
        return redirect("post_item", page.rows[0].pk)
    kept = (
        {"co-quan": agency.pk} | ({"loc": which} if which else {}) | ({"q": text} if text else {})
    )
    numbers = queries.counts(agency.pk)
    works_here = bool(post_in.may_prepare(request.desk, agency.pk))
    context = {
        "agencies": there,
        "agency": agency,
        "rows": page.rows,
        "next": f"?{urlencode(kept | {'truoc': page.next})}" if page.next else "",
        "text": text,
        "title": "Kết quả tìm" if text else queries.LISTS[which][0],
        "filters": [
            (label, numbers.get(key), f"?{urlencode({'co-quan': agency.pk, 'loc': key})}", key == which and not text)
            for key, (label, _) in queries.LISTS.items()
        ],
        "waiting": numbers["waiting"],
        "may_give": rules.stands_at(request.desk, agency.pk),
        "may_take": works_here,
        "may_deliver": works_here and not which and not text,
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }  # fmt: skip
    access(request, AccessKind.SEARCHED, "work", None, f"bưu chính: {len(page.rows)} bưu gửi")
    return render(request, "dossiers/post/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CLERK)
def give(request: OfficerRequest) -> HttpResponse:
    """Results that wait, from `sau` on: who has a phiếu gửi goes. One Biên bản giao nhận a press."""
    now = timezone.now()
    there, agency = chosen_agency(request, (Role.CLERK,))
    page = queries.to_give(agency.pk, after=request.GET.get("sau", ""))
    rows = page.rows
    letters = _known(request, _letters(request)) if request.method == "POST" else []
    going = {one.seen.dossier_id for one in letters}
    early = collecting.untold_early([row.dossier for row in rows], now)
    asked_of = [one for one in early if not letters or one.pk in going]
    form = GivePostForm(
        request.POST if request.method == "POST" else None, early=of_many(len(asked_of))
    )
    refused: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        try:
            note, done = post_out.give(agency, letters, form.value, by=request.desk, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            if note is not None:
                tell(request, done, f"Biên bản số {note.serial}: đã giao bưu chính kết quả của")
                return redirect("post_note", note.pk)
            refused = failed(done)
    typed = request.POST if request.method == "POST" else {}
    context = {
        "agencies": there,
        "agency": agency,
        "rows": [
            (row, typed.get(f"so-{row.dossier.pk}", ""), typed.get(f"cuoc-{row.dossier.pk}", ""))
            for row in rows
        ],
        "form": form,
        "next": f"?co-quan={agency.pk}&sau={page.next}" if page.next else "",
        "refused": refused,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    access(request, AccessKind.SEARCHED, "work", None, f"chờ giao bưu chính: {len(rows)} kết quả")
    return render(request, "dossiers/post/give.html", context, status=422 if form.is_bound else 200)


def _letters(request: OfficerRequest) -> list[Letter]:
    """Every row with a number or a fare, in the order of the page; as the page had shown it."""
    found = []
    for name, value in request.POST.items():
        pk = whole_number(name.removeprefix("so-"), most=MOST_NUMBER)
        number = letter_number(str(value))
        if not name.startswith("so-") or pk is None:
            continue
        fare = request.POST.get(f"cuoc-{pk}", "").strip()
        if not number and not fare:
            continue
        version = whole_number(request.POST.get(f"v-{pk}", ""), most=MOST_NUMBER)
        seen = Seen(pk, NOT_SAID if version is None else version)
        found.append(Letter(seen, number, fare_of(fare)))
    return found[: post_out.MOST]


def _known(request: OfficerRequest, letters: list[Letter]) -> list[Letter]:
    """Those of dossiers that this officer may open: strangers' are no rows of this page. One query."""
    asked_of = [one.seen.dossier_id for one in letters]
    found = Dossier.objects.visible_to(request.desk).filter(pk__in=asked_of)
    known = set(found.values_list("pk", flat=True)) if asked_of else set()
    return [one for one in letters if one.seen.dossier_id in known]


@require_POST
@officer_required(*WORKING)
def delivered(request: OfficerRequest) -> HttpResponse:
    """The chosen letters were delivered, each to its owner."""
    _, agency = chosen_agency(request, WORKING)
    back = f"{reverse('post_desk')}?co-quan={agency.pk}"
    wanted = {one.dossier_id: one for one in chosen(request)}
    here = (
        queries.items([agency.pk]).filter(dossier__in=wanted).values_list("dossier_id", flat=True)
    )
    seen = [wanted[pk] for pk in dict.fromkeys(here)]
    if not seen:
        messages.error(request, say("post_gone" if wanted else "post_none_chosen"))
        return redirect(back)
    done = post_out.deliver_many(seen, by=request.desk, at=timezone.now())
    tell(request, done, "Đã ghi phát kết quả của")
    return redirect(back)


def _found(request: OfficerRequest, pk: int) -> PostalItem:
    """A letter of an agency where this officer works; 404 for another's."""
    return get_object_or_404(queries.items(request.desk.agency_ids_as(*SEERS)), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEERS)
def item(request: OfficerRequest, pk: int) -> HttpResponse:
    """One letter: what is in it, its tries, and what may be done now."""
    now, row = timezone.now(), _found(request, pk)
    access(request, AccessKind.VIEWED, "dossier", row.dossier_id)
    act = request.POST.get("viec", "") if request.method == "POST" else ""
    receiver = queries.receiver(row)
    deliver = DeliverForm(request.POST if act == DELIVER else None, initial={"to": receiver})
    trying = TryForm(request.POST if act == TRY else None, initial={"on": timezone.localdate(now)})
    if request.method == "POST" and _done(request, row, act, deliver, trying):
        return redirect("post_item", pk)
    desk, dossier = request.desk, row.dossier
    context = {
        "row": row,
        "dossier": dossier,
        "receiver": receiver,
        "seen": shown_version(request, dossier),
        "tries": row.tries.filter(undone_at=None).select_related("recorded_by").order_by("on", "pk"),
        "deliver": deliver,
        "trying": trying,
        "may": post_out.may_note_delivery(desk, dossier) and row.is_on_the_way,
        "may_undo": row.is_standing and post_out.may_undo(desk, dossier),
        "invited": post_out.INVITED,
        "rail_counts": rail_counts(desk, now)[1],
    }  # fmt: skip
    status = 422 if deliver.is_bound or trying.is_bound else 200
    return render(request, "dossiers/post/item.html", context, status=status)


def _done(
    request: OfficerRequest, row: PostalItem, act: str, deliver: DeliverForm, trying: TryForm
) -> bool:
    """Do what the button says; False where its form comes back with the reason."""
    seen, at = seen_of(request, row.dossier), timezone.now()
    form = {DELIVER: deliver, TRY: trying}.get(act)
    try:
        if act == DELIVER and deliver.is_valid():
            post_out.deliver(seen, deliver.cleaned_data["to"], by=request.desk, at=at)
            messages.success(request, f"Đã ghi phát phiếu gửi {row.number}.")
        elif act == TRY and trying.is_valid():
            post_out.try_again(seen, trying.value, by=request.desk, at=at)
            messages.success(request, "Đã ghi.")
        elif act == BACK:
            post_out.bring_back(seen, by=request.desk, at=at)
            messages.success(request, "Kết quả đã về quầy, lại chờ trả.")
        elif act == UNDO:
            post_out.take_back_own(seen, by=request.desk, at=at)
            messages.success(request, "Đã hoàn tác.")
        else:
            return form is None
    except DomainError as error:
        if form is None or error.field not in form.fields:
            warn(request, error)
            return True
        add_refusal(form, error)
        return False
    return True


@require_safe
@officer_required(*SEERS)
def item_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    """Phiếu gửi of a result (QĐ 45/2016 Điều 9)."""
    row = _found(request, pk)
    access(request, AccessKind.PRINTED, "dossier", row.dossier_id, f"Phiếu gửi {row.number}")
    context = {
        "row": row,
        "dossier": row.dossier,
        "receiver": queries.receiver(row),
        "agency": row.note.agency,
    }
    text = render_to_string("dossiers/post/letter_print.html", context)
    return paper(text, f"phieu-gui-{row.pk}")


def paper(text: str, name: str) -> HttpResponse:
    """A page on paper, shown in the browser."""
    answer = HttpResponse(pdf.render(text, stylesheets=(STYLE,)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
