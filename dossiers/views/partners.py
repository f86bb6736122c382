"""`/gui-ho/`: what a partner office hands into the inbox of a counter, and what became of it. Its people
see their own office's hand-ins and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import partners as acts
from dossiers.acts.partners import Completion
from dossiers.desk import intake as catalogue
from dossiers.desk import partners as queries
from dossiers.forms.fields import add_refusal
from dossiers.forms.partners import CompletionForm, HandInForm, TakeBackForm
from dossiers.intake.assessing import published
from dossiers.intake.said import FILES, said_of
from dossiers.models import OnlineFiling, PartnerOffice
from dossiers.views.desk_common import warn
from dossiers.views.partner_files import OTHER, SentFiles, drop, nothing_sent, sent_in
from dossiers.views.post import paper
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, say
from onestop.files import kinds
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.results import Denied
from onestop.texts import MOST_NUMBER, whole_number

if TYPE_CHECKING:
    from procedures.models import Case, Paper, ProcedureVersion

HAND_IN, DROP = "gui", "bo-tep"


def _partner(request: OfficerRequest) -> PartnerOffice | None:
    return queries.partner_of(request.desk)


@require_safe
@officer_required(Role.PARTNER)
def hand_ins(request: OfficerRequest) -> HttpResponse:
    """The newest first; tabs for what waits, what has to be completed, what was received or not."""
    partner, now = _partner(request), timezone.now()
    stand = request.GET.get("muc", "")
    stand = stand if stand in queries.STANDS else ""
    context: dict[str, Any] = {"partner": partner, "stand": stand}
    if partner is not None:
        page = queries.page(partner, stand, after=request.GET.get("sau", ""))
        numbers = queries.counts(partner)
        more = {"muc": stand, "sau": page.next}
        context |= {
            "rows": [
                (row, *queries.words_of(row), queries.left_words(row, now)) for row in page.rows
            ],
            "tabs": [(key, words, numbers.get(key)) for key, words in queries.STANDS.items()],
            "next": f"?{urlencode(more)}" if page.next else "",
            "may": partner.holds_on(request.desk.on),
        }
        access(request, AccessKind.SEARCHED, "work", None, f"gửi hộ: {len(page.rows)} hồ sơ")
    return render(request, "dossiers/partners/list.html", context)


@require_safe
@officer_required(Role.PARTNER)
def find(request: OfficerRequest) -> HttpResponse:
    """To which counter, and which procedure: only what that counter receives this way can be chosen."""
    try:
        partner, counters = _begun(request)
    except DomainError as error:
        return _cannot(request, error)
    agency = _counter(request, counters)
    q = request.GET.get("q", "").strip()[:200]
    context = {
        "partner": partner,
        "counters": counters,
        "agency": agency,
        "q": q,
        "way": partner.source.get_channel_display(),
        "found": (
            queries.procedures(q, partner.channel, on=request.desk.on, agency=agency) if q else []
        ),
    }
    return render(request, "dossiers/partners/find.html", context)


def _begun(request: OfficerRequest) -> tuple[PartnerOffice, list[Agency]]:
    """The office, and the counters that it may hand to today. Errors: DomainError("partner_none",
    "partner_over", "partner_no_counter").
    """
    partner = _partner(request)
    if partner is None:
        raise DomainError("partner_none")
    counters = queries.counters_of(partner, request.desk.on)
    if not counters:
        code = "partner_no_counter" if partner.holds_on(request.desk.on) else "partner_over"
        raise DomainError(code, partner=str(partner))
    return partner, counters


def _cannot(request: OfficerRequest, error: DomainError) -> HttpResponse:
    warn(request, error)
    return redirect("partner_filings")


def _counter(request: OfficerRequest, counters: list[Agency]) -> Agency:
    """The counter that the page names, else the first. Errors: Http404 for one that is not its."""
    named = request.POST.get("quay", "") or request.GET.get("quay", "")
    pk = whole_number(named, most=MOST_NUMBER)
    for one in counters:
        if not named or one.pk == pk:
            return one
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.PARTNER)
def hand_in(request: OfficerRequest, code: str) -> HttpResponse:
    """One page: owner, who brings it by which paper, the papers as files or by bag; one press."""
    try:
        partner, counters = _begun(request)
    except DomainError as error:
        return _cannot(request, error)
    agency = _counter(request, counters)
    version, _ = catalogue.procedure(code, request.desk.on, agency)
    if version is None:
        raise Http404
    channel = partner.channel
    answer = queries.answer(version, channel, request.desk.on, agency)
    if isinstance(answer, Denied):
        messages.error(request, say(answer.code, answer.data))
        asked = urlencode({"quay": agency.pk, "q": code})
        return redirect(f"{reverse('partner_find')}?{asked}")
    cases = [one for one in catalogue.cases_of(version) if one.method_for(channel) is not None]
    named = request.POST.get("truong-hop", "") or request.GET.get("truong-hop", "")
    case = cases[0] if len(cases) == 1 else next((c for c in cases if str(c.pk) == named), None)
    about = {"partner": partner, "agency": agency, "v": version, "cases": cases, "case": case}
    if case is None:
        return render(request, "dossiers/partners/case.html", about)
    return _filled_in(request, partner, agency, version, case, about)


def _filled_in(
    request: OfficerRequest, partner: PartnerOffice, agency: Agency, version: ProcedureVersion,
    case: Case, about: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    now, is_sent = timezone.now(), request.method == "POST"
    act, _, which = request.POST.get("viec", HAND_IN).partition(":")
    sent = nothing_sent()
    if is_sent:
        sent = sent_in(request, f"Gửi hộ: {version.name[:150]}", now)
    if is_sent and act == DROP:
        drop(sent, whole_number(which, most=MOST_NUMBER))
    judged = is_sent and act == HAND_IN
    data = request.POST if judged else None
    initial = request.POST.dict() if is_sent else None
    form = HandInForm(data, initial=initial, is_post=partner.is_post)
    if judged and form.is_valid() and not sent.problems:
        what = form.said(
            agency=agency, version=version, case=case, submitter=form.submitter(partner),
            papers=sent.papers, **sent.about,
        )  # fmt: skip
        for error in acts.problems_of(what, partner.channel, now):
            add_refusal(form, error)
        if form.is_valid():
            try:
                filing = acts.hand_in(what, by=request.desk, at=now)
            except DomainError as error:
                add_refusal(form, error)
            else:
                told = f"Đã gửi {filing.code} tới {agency.name}. Hãy in biên nhận cho người dân."
                messages.success(request, told)
                return redirect("partner_online_filing", pk=filing.pk)
    for problem in sent.problems if judged else []:
        form.add_error(None, problem)
    context = about | {
        "form": form,
        "sent": sent,
        "way": partner.source.get_channel_display(),
        "papers": _rows(case, sent),
        "others": [file for file, paper_id in sent.files if paper_id == OTHER],
        "accept": kinds.ACCEPT,
    }
    status = 422 if judged else 200
    return render(request, "dossiers/partners/hand_in.html", context, status=status)


def _rows(case: Case, sent: SentFiles) -> list[tuple[Paper, list[Attachment]]]:
    """Each published paper with the files that came of it."""
    return [
        (one, [file for file, paper_id in sent.files if paper_id == one.pk])
        for one in published(case)
    ]


def _found(request: OfficerRequest, pk: int) -> OnlineFiling:
    """A hand-in of the own office; 404 for another's."""
    joined = ("agency", "source__partner", "procedure", "case", "visit", "dossier", "handed_by")
    rows = queries.hand_ins(request.desk).select_related(*joined)
    return get_object_or_404(rows.defer("dossier__secret", "dossier__salt"), pk=pk)


@require_safe
@officer_required(Role.PARTNER)
def filing(request: OfficerRequest, pk: int) -> HttpResponse:
    """One hand-in: how it stands, its code and appointment once it is received, what is asked for."""
    row = _found(request, pk)
    access(request, AccessKind.VIEWED, "online_filing", row.pk)
    return _shown(request, row)


def _shown(
    request: OfficerRequest, row: OnlineFiling, *,
    completion: CompletionForm | None = None, back: TakeBackForm | None = None,
    sent: SentFiles | None = None,
) -> HttpResponse:  # fmt: skip
    words, tone = queries.words_of(row)
    known = row.stands_as
    bound = completion if completion is not None else back
    context = {
        "f": row,
        "d": known,
        "replaced": queries.replaced_slips(known) if known is not None else [],
        "words": words,
        "tone": tone,
        "left": queries.left_words(row, timezone.now()),
        "said": said_of(row),
        "files": list(Attachment.objects.of(FILES, row.pk)),
        "asked": queries.is_asked(row),
        "completion": completion or CompletionForm(),
        "back": back or TakeBackForm(),
        "bound": bound,
        "sent": sent or nothing_sent(),
        "accept": kinds.ACCEPT,
    }
    status = 422 if bound is not None else 200
    return render(request, "dossiers/partners/filing.html", context, status=status)


@require_POST
@officer_required(Role.PARTNER)
def complete(request: OfficerRequest, pk: int) -> HttpResponse:
    """What the counter asked for: files, words, or by bag."""
    row, now = _found(request, pk), timezone.now()
    sent = sent_in(request, f"Bổ sung: {row.code}", now)
    form = CompletionForm(request.POST)
    for problem in sent.problems:
        form.add_error(None, problem)
    if form.is_valid():
        data = form.cleaned_data
        what = Completion(note=data["note"], follows=data["follows"], **sent.about)
        try:
            acts.complete(row.pk, what, by=request.desk, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"{row.code}: đã gửi bổ sung, quầy xem lại.")
            return redirect("partner_online_filing", pk=row.pk)
    return _shown(request, row, completion=form, sent=sent)


@require_POST
@officer_required(Role.PARTNER)
def take_back(request: OfficerRequest, pk: int) -> HttpResponse:
    """Rút lại, with the reason, while the counter has not answered."""
    row, form = _found(request, pk), TakeBackForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, back=form)
    try:
        acts.take_back(
            row.pk, reason=form.cleaned_data["reason"], by=request.desk, at=timezone.now()
        )
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, f"{row.code}: đã rút, quầy không tiếp nhận nữa.")
    return redirect("partner_online_filing", pk=row.pk)


@require_safe
@officer_required(Role.PARTNER)
def file(request: OfficerRequest, pk: int, file: int) -> HttpResponseBase:
    """What it sent, until it is a dossier's."""
    row = _found(request, pk)
    found = get_object_or_404(Attachment, kind=FILES, object_id=row.pk, pk=file)
    access(request, AccessKind.VIEWED, "online_filing", row.pk, "tệp gửi kèm")
    return serve(found, inline="tai" not in request.GET)


@require_safe
@officer_required(Role.PARTNER)
def slip(request: OfficerRequest, pk: int) -> HttpResponse:
    """Biên nhận for the citizen: what the office took. It is no reception, and says so."""
    row = _found(request, pk)
    access(request, AccessKind.PRINTED, "online_filing", row.pk, "biên nhận gửi hộ")
    said = said_of(row)
    papers = [
        (one.name, (said.papers or {}).get(one.pk, 0))
        for one in (published(row.case) if row.case is not None else [])
    ]
    context = {
        "f": row,
        "partner": row.source.partner,
        "said": said,
        "papers": [one for one in papers if one[1]],
        "d": row.stands_as,
    }
    text = render_to_string("dossiers/partners/slip_print.html", context)
    return paper(text, f"bien-nhan-{row.code.lower()}")
