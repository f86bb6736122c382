"""The counter's page: one address, one form, one verb a button. Works without script; with it,
parts are exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from dossiers.acts import post_in
from dossiers.acts import reception as domain
from dossiers.acts.visits import end_visit
from dossiers.desk import intake as queries
from dossiers.forms.intake import GUIDE, RECEIVE, REFUSE, IntakeForm
from dossiers.forms.intake_papers import asked_beyond, missing, open_question
from dossiers.forms.paying import PayNowForm
from dossiers.forms.wanted import papers_wanted
from dossiers.intake.brought import Intake
from dossiers.intake.drafts import KIND as DRAFT
from dossiers.intake.drafts import kept_days
from dossiers.models import CounterVisit, Dossier
from dossiers.views.intake_again import (
    end_again,
    go_on,
    not_this_time,
    receive_again,
    what_was_said,
)
from dossiers.views.intake_counter import counter_of
from dossiers.views.intake_drafts import AlreadySent, Typed, save_draft, token_in
from dossiers.views.intake_filed import filing_named, typed_of
from dossiers.views.intake_page import (
    context,
    is_part,
    of_case,
    page,
    pay_form,
    take_files,
    tell_offers,
)
from dossiers.views.intake_posted import line_in, line_named
from dossiers.views.intake_posted import typed_of as posted
from dossiers.views.intake_sheet import Sheet
from onestop.accounts.access import access
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.files.models import Attachment
from onestop.results import Answer, Denied
from onestop.texts import whole_number
from procedures.models import ProcedureVersion

Verb = Callable[[Sheet, str], HttpResponse]


@officer_required(Role.CLERK)
@require_http_methods(["GET", "POST"])
@gzip_page  # the longest published lists weigh 100 to 175 kB of text, 14 kB on the wire
def form(request: OfficerRequest, code: str) -> HttpResponse:
    """GET: a fresh form, or a draft with ?nhap=token. POST: the verb of the pressed button
    (`viec`).
    """
    now = timezone.now()
    version, answer = queries.procedure(code, timezone.localdate(now), counter_of(request))
    if version is None or not answer:
        return _cannot_be_chosen(request, code, answer)
    if request.method == "GET":
        return _open(request, version)
    typed = request.POST.copy()
    sheet = Sheet(request, version, token_in(typed.get("token") or ""), typed, now)
    act, _, about = ("xem" if is_reopened(request) else typed.get("viec") or "xem").partition(":")
    try:
        return VERBS.get(act, look)(sheet, about)
    except AlreadySent:
        return go_on(sheet)


def _open(request: OfficerRequest, version: ProcedureVersion) -> HttpResponse:
    now = timezone.now()
    named = request.GET.get("nhap", "")
    if not named and (filing := filing_named(request, version)) is not None:
        return page(Sheet(request, version, token_in(""), typed_of(filing), now))
    if not named and (line := line_named(request, version.procedure.code)) is not None:
        return page(Sheet(request, version, token_in(""), posted(line), now))
    if not named:
        return page(Sheet(request, version, token_in(""), None, now))
    token = token_in(named)
    draft = queries.draft_of(token)
    if draft is None or draft.officer_id != request.user.pk:
        done = queries.made_of(token, request.user)
        if done is None:
            raise Http404
        return redirect("intake_done", code=done.code)
    sheet = Sheet(request, version, token, Typed(draft.data), now)
    sheet.draft = draft
    return page(sheet)


def _cannot_be_chosen(request: OfficerRequest, code: str, answer: Answer) -> HttpResponse:
    """Back to the list with the reason; what was typed meanwhile stays as a draft."""
    if not isinstance(answer, Denied):
        raise Http404
    if request.method == "POST":
        version = (
            ProcedureVersion.objects.filter(procedure__code=code)
            .select_related("procedure")
            .order_by("-number")[0]
        )
        with suppress(AlreadySent):
            save_draft(
                request,
                token_in(request.POST.get("token", "")),
                version,
                request.POST,
                timezone.now(),
            )
    messages.error(request, say(answer.code, answer.data))
    address = f"{reverse('intake')}?{urlencode({'q': code})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


# --- verbs ----------------------------------------------------------------------------------------


def receive(sheet: Sheet, _: str) -> HttpResponse:
    """Tiếp nhận: everything checked, then one transaction. A second click finds the first one's
    dossier.
    """
    try:
        problems = take_files(sheet)
    except AlreadySent:
        return receive_again(sheet)
    form = sheet.checked_form(RECEIVE)
    judge_choice(sheet, form)
    judge_papers(sheet, form)
    judge_repeats(sheet, form)
    pay = pay_form(sheet, is_sent=True)
    if form.is_valid() and (pay is None or pay.is_valid()) and not problems:
        try:
            at = form.cleaned_data["post_at"] or sheet.now
            intake = replace(sheet.intake(form), paid=pay.paid if pay is not None else None)
            dossier = _received(sheet, intake, at)
        except DomainError as error:
            if error.code in ("token_used", "token_foreign"):
                return not_this_time(sheet, RECEIVE, error)
            _tell(form, pay, error)
        else:
            return redirect("intake_done", code=dossier.code)
    # The scans of a page that is sent twice went with the first click: what looks wrong now may be
    # received already.
    if queries.made_of(sheet.token, sheet.request.user) is not None:
        return receive_again(sheet)
    return page(sheet, form, problems, pay)


def _received(sheet: Sheet, intake: Intake, at: datetime) -> Dossier:
    """The dossier; of a line of the post's minutes, with the line that says so."""
    line = line_in(sheet.typed, sheet.channel)
    with transaction.atomic():
        dossier = domain.receive(intake, by=sheet.request.desk, at=at, recorded_at=sheet.now)
        if line is not None:
            post_in.received(line, dossier)
    return dossier


def _tell(form: IntakeForm, pay: PayNowForm | None, error: DomainError) -> None:
    """What was refused beside the question it is about."""
    if pay is not None and error.field in pay.fields:
        pay.add_error(error.field, sentence(error))
    else:
        form.add_error(error.field if error.field in form.fields else None, sentence(error))


def guide(sheet: Sheet, _: str) -> HttpResponse:
    """Hướng dẫn bổ sung (form 02). Where nothing is ticked or written, the papers that are short
    are what is asked for.
    """
    if not papers_wanted(sheet.typed) and not (sheet.typed.get("declared") or "").strip():
        for paper in missing(sheet.rows):
            sheet.typed[f"b{paper.pk}"] = "on"
    return _end(sheet, GUIDE, CounterVisit.Kind.COMPLETE, "guide_reason")


def refuse(sheet: Sheet, _: str) -> HttpResponse:
    """Từ chối tiếp nhận (form 03)."""
    return _end(sheet, REFUSE, CounterVisit.Kind.REFUSE, "refuse_reason")


def _end(sheet: Sheet, act: str, kind: CounterVisit.Kind, reason: str) -> HttpResponse:
    try:
        problems = take_files(sheet)
        form = sheet.checked_form(act)
        if not form.is_valid() or problems:
            return page(sheet, form, problems)
        draft = sheet.draft or sheet.keep_draft()
    except AlreadySent:
        return end_again(sheet, act, kind, reason, otherwise=_end)
    try:
        visit = end_visit(
            draft,
            what_was_said(sheet, form, kind, reason),
            attachment_ids=[f.pk for f in sheet.files],
            by=sheet.request.desk,
            at=sheet.now,
        )
    except DomainError as error:
        if error.code == "visit_token_used":
            return not_this_time(sheet, act, error)
        form.add_error(error.field if error.field in form.fields else None, sentence(error))
        return page(sheet, form)
    return redirect("intake_visit", pk=visit.pk)


def keep(sheet: Sheet, _: str) -> HttpResponse:
    """Lưu nháp, and back to the start."""
    problems = take_files(sheet)
    sheet.keep_draft()
    for problem in problems:
        messages.error(sheet.request, problem)
    messages.success(
        sheet.request, f"Đã lưu nháp, giữ {kept_days()} ngày. Mở lại ở mục Hồ sơ đang nhập dở."
    )
    return redirect("intake")


def look(sheet: Sheet, _: str) -> HttpResponse:
    """Xem trước: promise, fee and checklist as they follow from what was chosen; nothing is judged."""
    if sheet.request.headers.get("HX-Target") == "loi-dien-thoai":
        return render(sheet.request, "dossiers/intake/_phone_word.html", context(sheet))
    if sheet.request.headers.get("HX-Target") == "giay-to":
        return render(sheet.request, "dossiers/intake/_papers.html", context(sheet))
    if is_part(sheet):
        parts = render_to_string("dossiers/intake/_aside.html", context(sheet), sheet.request)
        if sheet.request.headers.get("HX-Trigger-Name") == "case":
            tell_offers(sheet)
            for name in of_case(sheet):
                parts += render_to_string(
                    f"dossiers/intake/{name}.html", context(sheet) | {"oob": True}, sheet.request
                )
            parts += render_to_string(
                "dossiers/_wanted.html", {"rows": sheet.wanted, "oob": True}, sheet.request
            )
        elif sheet.request.headers.get("HX-Trigger-Name") == "channel":
            parts += render_to_string(
                "dossiers/intake/_fee.html", context(sheet) | {"oob": True}, sheet.request
            )
        return HttpResponse(parts)
    return page(sheet, problems=take_files(sheet))


def find(sheet: Sheet, about: str) -> HttpResponse:
    """Tìm theo số giấy tờ: fills the empty fields of the owner; `dien` fills them all."""
    if sheet.known is not None or sheet.visits:
        # Of the officer, not of the request: what the store offers has lines of its own.
        access(
            sheet.request.user,
            AccessKind.SEARCHED,
            "procedure",
            sheet.version.procedure_id,
            "Tìm người nộp theo số giấy tờ",
        )
    if is_part(sheet):
        tell_offers(sheet)
        given = context(sheet) | {"oob": True}
        parts = render_to_string("dossiers/intake/_known.html", given, sheet.request)
        if sheet.shelf.shows_taken:
            # Another owner's: what was taken for components is asked for again.
            parts += render_to_string("dossiers/intake/_papers.html", given, sheet.request)
        parts += render_to_string("dossiers/intake/_identity_word.html", given, sheet.request)
        return HttpResponse(parts)
    sheet.fill(over=about == "ca")
    return page(sheet, problems=take_files(sheet))


def add_files(sheet: Sheet, _: str) -> HttpResponse:
    """Thêm tệp quét: each file is checked by itself; what is refused says why, the others are kept."""
    problems = take_files(sheet)
    if is_part(sheet):
        return render(
            sheet.request, "dossiers/intake/_file_list.html", context(sheet, None, problems)
        )
    return page(sheet, problems=problems)


def drop_file(sheet: Sheet, about: str) -> HttpResponse:
    """Bỏ một tệp khỏi bản nháp."""
    pk = whole_number(about)
    if sheet.draft is not None and pk is not None:
        Attachment.objects.of(DRAFT, sheet.draft.pk).filter(pk=pk).delete()
    return add_files(sheet, "")


VERBS: dict[str, Verb] = {
    RECEIVE: receive,
    GUIDE: guide,
    REFUSE: refuse,
    "luu": keep,
    "xem": look,
    "tim": find,
    "tep": add_files,
    "bo-tep": drop_file,
}


# --- what the verbs share -------------------------------------------------------------------------


def judge_choice(sheet: Sheet, form: IntakeForm) -> None:
    """Case, channel and handling agency must be ones of this version."""
    for field, code, data in _of_choice(sheet, form):
        form.add_error(field if field in form.fields else None, say(code, data))
    if sheet.handlers and sheet.handler is None:
        form.add_error(
            "handled_by",
            say("handler_unknown" if sheet.typed.get("handled_by") else "handler_missing"),
        )


def _of_choice(sheet: Sheet, form: IntakeForm) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    """The first thing that is wrong with case and channel: field, code and data of its sentence."""
    if sheet.case is None and whole_number(sheet.typed.get("case") or "") is not None:
        yield None, "version_changed", {}
    elif sheet.case is not None and (beyond := asked_beyond(sheet.case, sheet.typed)):
        others = {str(p.pk) for case in sheet.cases for p in case.papers.all()}
        is_of_another_case = beyond <= others
        yield (
            ("papers", "case_changed", {}) if is_of_another_case else (None, "version_changed", {})
        )
    elif sheet.case is not None and not sheet.has_channel:
        yield "channel", "channel_missing", {}
    else:
        for problem in form.assessment.of_choice():
            yield problem.field, problem.code, problem.data


def judge_papers(sheet: Sheet, form: IntakeForm) -> None:
    """Counts must be numbers, the situation known, and something must have been handed in."""
    if any(row.error for row in sheet.rows):
        form.add_error("papers", say("count_unreadable"))
        return
    if sheet.shelf.is_gone:
        form.add_error("papers", say("stored_gone"))
        return
    if sheet.case is not None and open_question(sheet.case, sheet.rows, sheet.answers):
        form.add_error("papers", say("situation_missing"))
        return
    for problem in form.assessment.of_papers():
        form.add_error("papers", problem.sentence)


def judge_repeats(sheet: Sheet, form: IntakeForm) -> None:
    """Who has the same procedure open or just ended is warned of before receiving, looked for or
    not; sent again, it is received.
    """
    if (
        form.is_valid()
        and sheet.unseen_repeats
        and not Dossier.objects.filter(intake_token=sheet.token).exists()
    ):
        form.add_error(
            "identity_number",
            say("repeats_unseen", {"codes": ", ".join(d.code for d in sheet.unseen_repeats)}),
        )
