"""Acts that move the promise: the request for completion, its end, the apology with its further
term.
"""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from dossiers.acts import agreeing, re_appointment, supplements
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.desk import matters, rounds
from dossiers.desk import sent as sending
from dossiers.forms.acts import AskForm, CompleteForm, NothingForm, ProposeForm, ReappointForm
from dossiers.forms.fields import add_refusal
from dossiers.intake.wanted import published
from dossiers.models import ClockChange, ClockKind, Dossier, Supplement
from dossiers.slips.subjects import signers, usual_signer
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.calendars import calendar_of
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest
from onestop.errors import DomainError, say
from onestop.templatetags.formatting import day_words
from onestop.worktime import ChangeError, Promise
from procedures.models import SupplementMode

# What a request does to the term, said when it was issued: by whether the version restarts it.
EFFECTS = {
    True: "Thời hạn giải quyết tạm dừng từ thời điểm phát phiếu; tính lại từ đầu khi nhận đủ.",
    False: "Thời hạn giải quyết tạm dừng từ thời điểm phát phiếu; tính tiếp khi nhận đủ.",
}
UNMOVED = "Yêu cầu lần nữa không có căn cứ pháp luật chuyên ngành: thời hạn vẫn tính, ngày hẹn trả giữ nguyên."


@get_or_post
@on_desk
def propose(request: OfficerRequest, code: str) -> HttpResponse:
    """The handler asks the counter to issue a request for completion (R-49)."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: ProposeForm, at: datetime) -> str:
        data = form.cleaned_data
        supplements.propose(
            seen,
            items=form.wanted,
            reason=data["reason"],
            legal_basis=data["legal_basis"],
            by=request.desk,
            at=at,
        )
        return "Đã gửi đề nghị tới Bộ phận Một cửa."

    form = ProposeForm(sent(request), papers=published(dossier.case_id))
    return act_page(request, dossier, "propose_supplement", form, run, now=now, template="propose")


@get_or_post
@on_desk
def ask(request: OfficerRequest, code: str) -> HttpResponse:
    """The counter issues the request (form 02); the page says what it does to the promise before
    anything is done.
    """
    now, dossier = timezone.now(), find_dossier(request, code)
    calendar = calendar_of(dossier.agency_id)
    proposal = (
        Supplement.objects.proposed().filter(dossier=dossier).select_related("proposed_by").last()
    )
    earlier, late = rounds.before(dossier), supplements.is_late_request(dossier, now, calendar)
    again = bool(earlier)
    agreement = agreeing.standing(dossier) if again or late else None
    agreed = agreement if agreement is not None and agreement.agreed else None
    if "lai" in request.GET:  # what was agreed to is not enough: it is put before him anew
        agreed = None
    form: forms.Form = NothingForm(sent(request))
    if agreed is None:
        form = AskForm(
            sent(request),
            papers=published(dossier.case_id),
            proposal=proposal,
            approvers=matters.approvers(dossier.agency, now),
            needs_approver=again or late,
            needs_basis=late,
        )
        if (again or late) and (done := _put_before(request, dossier, form, now)):
            return done

    def run(seen: Seen, form: forms.Form, at: datetime) -> str:
        if isinstance(form, AskForm):
            data = form.cleaned_data
            made = supplements.ask(
                seen,
                items=form.wanted,
                reason=data["reason"],
                legal_basis=data["legal_basis"],
                approver=data["approver"],
                approval_reason=data["reason"],
                respond_by=form.respond_at,
                proposal=proposal,
                by=request.desk,
                at=at,
            )
            agreeing.close(dossier, at=at)
        else:
            assert agreed is not None
            made = agreeing.issue(seen, agreed, by=request.desk, at=at)
        told = UNMOVED if made.mode == supplements.RUNS else EFFECTS[restarts]
        return f"Đã lập phiếu yêu cầu bổ sung. {told}"

    restarts = dossier.version.supplement_mode == SupplementMode.RESTART
    kind = ClockKind.RESTART if restarts else ClockKind.PAUSE
    effect = deadlines.promise_with(
        dossier, calendar, ClockChange(dossier=dossier, kind=kind, start=now, end=now)
    )
    return act_page(
        request, dossier, "ask_supplement", form, run, now=now, template="ask",
        proposal=proposal, earlier=earlier, again=again, late=late, agreement=agreement, agreed=agreed, restarts=restarts, effect=effect, healed=not dossier.is_late(now),
    )  # fmt: skip


def _put_before(
    request: OfficerRequest,
    dossier: Dossier,
    form: AskForm,
    now: datetime,
) -> HttpResponse | None:
    """Put it before the approver; None where the page is shown instead, or who asks may approve."""
    if not form.is_bound or is_reopened(request) or not form.is_valid():
        return None
    data = form.cleaned_data
    if data["approver"].pk == request.user.pk:
        return None
    try:
        agreeing.put_before(
            dossier,
            items=form.wanted,
            reason=data["reason"],
            legal_basis=data["legal_basis"],
            approver=data["approver"],
            respond_by=form.respond_at,
            by=request.desk,
            at=now,
        )
    except DomainError as error:
        add_refusal(form, error)
        return None
    messages.success(
        request, f"Đã trình {data['approver']} duyệt. Khi được duyệt, bạn phát phiếu từ trang này."
    )
    return redirect(dossier)


@get_or_post
@on_desk
def complete(request: OfficerRequest, code: str) -> HttpResponse:
    """The papers are there: the page shows the new date before it is confirmed."""
    now, dossier = timezone.now(), find_dossier(request, code)
    calendar = calendar_of(dossier.agency_id)
    row = Supplement.objects.awaited().filter(dossier=dossier).select_related("change").last()
    effect: Promise | None = None
    if row is not None and row.change is not None:
        effect = deadlines.promise_with(
            dossier,
            calendar,
            ClockChange(pk=row.change.pk, kind=row.change.kind, start=row.change.start, end=now),
        )

    def run(seen: Seen, form: CompleteForm, at: datetime) -> str:
        newest, count = (form.cleaned_data[name] or 0 for name in ("newest", "count"))
        done = supplements.complete(seen, by=request.desk, at=at, newest=newest, count=count)
        if row is not None and row.mode == supplements.RUNS:
            return "Đã nhận đủ giấy tờ bổ sung. Ngày hẹn trả giữ nguyên."
        return (
            f"Đã nhận đủ giấy tờ bổ sung. Hẹn trả mới: {day_words(done.due_at)}."
            if done.due_at
            else "Đã nhận đủ giấy tờ bổ sung."
        )

    return act_page(
        request,
        dossier,
        "complete_supplement",
        CompleteForm(sent(request)),
        run,
        now=now,
        template="complete",
        row=row,
        sent=sending.shown(dossier),
        taken_back=sending.taken_back(dossier),
        effect=effect,
    )


@get_or_post
@on_desk
def re_appoint(request: OfficerRequest, code: str) -> HttpResponse:
    """Apology and a further term, once; `xem` shows the resulting date and does nothing."""
    now, dossier = timezone.now(), find_dossier(request, code)
    signer = usual_signer(dossier, request.user, now)
    initial = {"quantity": 3, "unit": "ngay-lam-viec", "signer": signer.pk}
    form = ReappointForm(
        sent(request), initial=initial, signers=signers(dossier, request.user, now)
    )
    preview = "xem" in request.POST
    effect: Promise | None = None
    if form.is_bound:
        form.is_valid()
        if preview:
            form.errors.pop("reason", None)
        if {"quantity", "unit"} <= form.cleaned_data.keys():
            row = ClockChange(
                dossier=dossier, kind=ClockKind.REAPPOINT, start=now, extra=str(form.term)
            )
            calendar = calendar_of(dossier.agency_id)
            try:
                effect = deadlines.promise_with(dossier, calendar, row)
                if dossier.due_at is not None:
                    re_appointment.check_further(max(dossier.due_at, now), effect.at, calendar)
            except ChangeError:
                form.add_error("unit", say("extra_unit"))
            except DomainError as refused:
                effect = None
                add_refusal(form, refused)

    def run(seen: Seen, form: ReappointForm, at: datetime) -> str:
        data = form.cleaned_data
        re_appointment.re_appoint(
            seen,
            extra=form.term,
            reason=data["reason"],
            signer=data["signer"],
            by=request.desk,
            at=at,
        )
        dossier.refresh_from_db(fields=["due_at"])
        return f"Đã xin lỗi và hẹn lại: {day_words(dossier.due_at)}."

    late = dossier.is_late(now)
    again = (
        ClockChange.objects.standing().filter(dossier=dossier, kind=ClockKind.REAPPOINT).exists()
    )
    hindered = (
        "already_reappointed" if again else "promise_undetermined" if dossier.undetermined else ""
    )
    return act_page(
        request, dossier, "re_appoint", form, run, now=now, preview=preview, hindered=hindered,
        template="re_appoint", effect=effect, late=late,
    )  # fmt: skip
