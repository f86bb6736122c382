"""Acts on one dossier: a page with its form, plain POST, one verb of the domain, back to the dossier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dossiers import rules
from dossiers.domain import deadlines, endings, handovers, supplements
from dossiers.domain.handovers import Seen
from dossiers.forms.acts import AskForm, EndingForm, NothingForm, ProposeForm, ReappointForm, ResultForm, WithdrawForm
from dossiers.forms.fields import add_refusal
from dossiers.forms.handover import ConfirmForm
from dossiers.models import ClockChange, ClockKind, Dossier, HandOver, Result, Supplement
from dossiers.models.dossier import Outcome
from dossiers.queries.work import rail_counts
from dossiers.states import TRANSITIONS
from dossiers.views.desk_common import DESK_ROLES, find_dossier, seen_of, warn
from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.errors import Conflict, DomainError, say
from onestop.results import Denied
from onestop.templatetags.formatting import day_words
from onestop.templatetags.ui import undo
from onestop.worktime import ChangeError, Promise

# What a form's act does with the dossier as seen; gives the sentence of the toast.
Run = Callable[[Seen, Any, datetime], str]


def _act(
    request: OfficerRequest,
    dossier: Dossier,
    name: str,
    form: forms.BaseForm,
    run: Run,
    *,
    now: datetime,
    template: str = "act",
    **context: Any,
) -> HttpResponse:
    """Show the form, or why the act cannot be done; on POST do it. A stale page gets a message and the fresh dossier."""
    if form.is_bound and form.is_valid():
        try:
            said = run(seen_of(request, dossier), form, now)
        except Conflict as error:
            warn(request, error)
            return redirect(dossier)
        except DomainError as error:
            add_refusal(form, error)
        else:
            back = undo(f"{dossier.get_absolute_url()}hoan-tac/") if TRANSITIONS[name].can_take_back else ""
            messages.success(request, said, extra_tags=back)
            return redirect(dossier)
    answer = rules.shows(request.desk, dossier, name)
    denied = say(answer.code, answer.data) if isinstance(answer, Denied) else ""
    status = 403 if denied and not form.is_bound else 422 if form.is_bound and form.errors else 200
    page = {
        "dossier": dossier,
        "form": form,
        "act": TRANSITIONS[name].label,
        "denied": denied,
        "seen": _shown(request, dossier),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, f"dossiers/acts/{template}.html", page | context, status=status)


def _shown(request: OfficerRequest, dossier: Dossier) -> str:
    """The version the officer has read: a form sent back with errors keeps the one it was opened with."""
    return request.POST.get("seen") or str(dossier.row_version)


def _data(request: OfficerRequest) -> Any:
    """What was sent, unless only a preview was asked for with nothing yet filled in."""
    return request.POST if request.method == "POST" else None


get_or_post = require_http_methods(["GET", "HEAD", "POST"])
on_desk = officer_required(*DESK_ROLES)


@get_or_post
@on_desk
def confirm(request: OfficerRequest, code: str) -> HttpResponse:
    """Receive this one: the outcome of the giver's step stated, differences recorded."""
    now, dossier = timezone.now(), find_dossier(request, code)
    waiting = HandOver.objects.filter(dossier=dossier, confirmed_at=None, recalled_at=None)
    row = waiting.select_related("giver", "giver_department", "receiver", "receiver_department").first()
    computed = handovers.step_outcome(row) if row is not None else None

    def run(seen: Seen, form: ConfirmForm, at: datetime) -> str:
        data = form.cleaned_data
        handovers.confirm(seen, by=request.desk, at=at, difference=data["difference"], outcome=data["outcome"])
        return f"Đã nhận hồ sơ {dossier.code}."

    words = Outcome(computed).label if computed is not None else "bước này không định thời gian"
    return _act(request, dossier, "confirm", ConfirmForm(_data(request)), run, now=now, template="confirm", row=row, computed=words)


@require_POST
@on_desk
def recall(request: OfficerRequest, code: str) -> HttpResponse:
    dossier = find_dossier(request, code)
    return _at_once(request, dossier, lambda seen: handovers.recall(seen, by=request.desk, at=timezone.now()), "Đã thu hồi hồ sơ.")


@require_POST
@on_desk
def finish(request: OfficerRequest, code: str) -> HttpResponse:
    dossier = find_dossier(request, code)
    said = "Đã xác nhận có kết quả. Hồ sơ chờ trả."
    back = undo(f"{dossier.get_absolute_url()}hoan-tac/")
    return _at_once(request, dossier, lambda seen: endings.finish(seen, by=request.desk, at=timezone.now()), said, back)


@require_POST
@on_desk
def take_back(request: OfficerRequest, code: str) -> HttpResponse:
    dossier = find_dossier(request, code)
    return _at_once(request, dossier, lambda seen: endings.take_back(seen, by=request.desk, at=timezone.now()), "Đã hoàn tác việc vừa làm.")


def _at_once(request: OfficerRequest, dossier: Dossier, verb: Callable[[Seen], Any], said: str, extra_tags: str = "") -> HttpResponse:
    try:
        verb(seen_of(request, dossier))
        messages.success(request, said, extra_tags=extra_tags)
    except DomainError as error:
        warn(request, error)
    return redirect(dossier)


@get_or_post
@on_desk
def result(request: OfficerRequest, code: str) -> HttpResponse:
    """The result, or the refusal after appraisal with its reason."""
    now, dossier = timezone.now(), find_dossier(request, code)
    old = Result.objects.filter(dossier=dossier, replaced_by=None).first()
    initial = {
        "kind": Result.Kind.REFUSED if request.GET.get("loai") == "tu-choi" else Result.Kind.GRANTED,
        "issued_on": timezone.localdate(now),
    }
    if old is not None:
        initial = {name: getattr(old, name) for name in ("kind", "title", "number", "issued_on", "signer", "reason")}
    form = ResultForm(_data(request), request.FILES or None, initial=initial)

    def run(seen: Seen, form: ResultForm, at: datetime) -> str:
        file = form.cleaned_data.get("file")
        endings.record_result(seen, form.value(), by=request.desk, at=at, files=[file] if file else [])
        return "Đã nhập kết quả." if form.cleaned_data["kind"] == Result.Kind.GRANTED else "Đã ghi từ chối giải quyết và lập phiếu từ chối."

    return _act(request, dossier, "record_result", form, run, now=now, template="result", old=old)


@get_or_post
@on_desk
def propose(request: OfficerRequest, code: str) -> HttpResponse:
    """The handler asks the counter to issue a request for completion (R-49)."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: ProposeForm, at: datetime) -> str:
        data = form.cleaned_data
        supplements.propose(seen, items=data["items"], reason=data["reason"], legal_basis=data["legal_basis"], by=request.desk, at=at)
        return "Đã gửi đề nghị tới Bộ phận Một cửa."

    return _act(request, dossier, "propose_supplement", ProposeForm(_data(request)), run, now=now, template="propose")


@get_or_post
@on_desk
def ask(request: OfficerRequest, code: str) -> HttpResponse:
    """The counter issues the request (form 02); the page says what it does to the promise before anything is done."""
    now, dossier = timezone.now(), find_dossier(request, code)
    calendar = calendar_of(dossier.agency_id)
    proposal = Supplement.objects.filter(dossier=dossier, issued_at=None, undone=False).select_related("proposed_by").last()
    again, late = supplements.rounds(dossier) > 0, supplements.is_late_request(dossier, now, calendar)
    on = timezone.localdate(now)
    grants = RoleGrant.objects.valid_on(on).filter(agency=dossier.agency_id, role__in=[Role.HEAD, Role.LEADER])
    papers = list(dossier.case.papers.filter(is_note=False).order_by("order").values_list("name", flat=True))
    initial: dict[str, Any] = {}
    if proposal is not None:
        items = [str(item) for item in proposal.items]
        initial = {
            "papers": [i for i in items if i in papers],
            "items": "\n".join(i for i in items if i not in papers),
            "reason": proposal.reason,
            "legal_basis": proposal.legal_basis,
        }
    form = AskForm(
        _data(request),
        initial=initial,
        papers=papers,
        approvers=Officer.objects.working().filter(pk__in=grants.values("officer")),
        needs_approver=again or late,
    )

    def run(seen: Seen, form: AskForm, at: datetime) -> str:
        data = form.cleaned_data
        supplements.ask(
            seen,
            items=data["all_items"],
            reason=data["reason"],
            legal_basis=data["legal_basis"],
            approver=data["approver"],
            approval_reason=data["approval_reason"],
            respond_by=form.respond_at,
            proposal=proposal,
            by=request.desk,
            at=at,
        )
        return "Đã lập phiếu yêu cầu bổ sung. Đồng hồ tạm dừng từ bây giờ."

    restarts = dossier.version.supplement_mode == 1
    kind = ClockKind.RESTART if restarts else ClockKind.PAUSE
    effect = deadlines.promise_with(dossier, calendar, ClockChange(dossier=dossier, kind=kind, start=now, end=now))
    return _act(
        request, dossier, "ask_supplement", form, run, now=now, template="ask",
        proposal=proposal, again=again, late=late, restarts=restarts, effect=effect, healed=not dossier.is_late(now),
    )  # fmt: skip


@get_or_post
@on_desk
def complete(request: OfficerRequest, code: str) -> HttpResponse:
    """The papers are there: the page shows the new date before it is confirmed."""
    now, dossier = timezone.now(), find_dossier(request, code)
    calendar = calendar_of(dossier.agency_id)
    row = (
        Supplement.objects.filter(dossier=dossier, issued_at__isnull=False, completed_at=None, undone=False).select_related("change").last()
    )
    effect: Promise | None = None
    if row is not None and row.change is not None:
        effect = deadlines.promise_with(
            dossier, calendar, ClockChange(pk=row.change.pk, kind=row.change.kind, start=row.change.start, end=now)
        )

    def run(seen: Seen, form: NothingForm, at: datetime) -> str:
        done = supplements.complete(seen, by=request.desk, at=at)
        return f"Đã nhận đủ giấy tờ bổ sung. Hẹn trả mới: {day_words(done.due_at)}." if done.due_at else "Đã nhận đủ giấy tờ bổ sung."

    return _act(
        request, dossier, "complete_supplement", NothingForm(_data(request)), run, now=now, template="complete", row=row, effect=effect
    )


@get_or_post
@on_desk
def withdraw(request: OfficerRequest, code: str) -> HttpResponse:
    return _end(request, code, "withdraw", WithdrawForm, endings.withdraw, "Đã ghi công dân rút hồ sơ.")


@get_or_post
@on_desk
def stop(request: OfficerRequest, code: str) -> HttpResponse:
    return _end(request, code, "stop", EndingForm, endings.stop, "Đã dừng giải quyết và lập thông báo dừng.")


def _end(request: OfficerRequest, code: str, name: str, shape: type[EndingForm], verb: Callable[..., Any], said: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    initial = {"requested_by": dossier.owner_name, "stage": dossier.step_name}

    def run(seen: Seen, form: EndingForm, at: datetime) -> str:
        verb(seen, form.value(), by=request.desk, at=at)
        return said

    return _act(request, dossier, name, shape(_data(request), initial=initial), run, now=now, template="ending", kind=name)


@get_or_post
@on_desk
def re_appoint(request: OfficerRequest, code: str) -> HttpResponse:
    """Apology and a further term, once; `xem` shows the resulting date and does nothing."""
    now, dossier = timezone.now(), find_dossier(request, code)
    form = ReappointForm(_data(request), initial={"quantity": 3, "unit": "ngay-lam-viec"})
    preview = "xem" in request.POST
    effect: Promise | None = None
    if form.is_bound:
        form.is_valid()
        if preview:
            form.errors.pop("reason", None)
        if {"quantity", "unit"} <= form.cleaned_data.keys():
            row = ClockChange(dossier=dossier, kind=ClockKind.REAPPOINT, start=now, extra=str(form.term))
            try:
                effect = deadlines.promise_with(dossier, calendar_of(dossier.agency_id), row)
            except ChangeError:
                form.add_error("unit", say("extra_unit"))

    def run(seen: Seen, form: ReappointForm, at: datetime) -> str:
        endings.re_appoint(seen, extra=form.term, reason=form.cleaned_data["reason"], by=request.desk, at=at)
        dossier.refresh_from_db(fields=["due_at"])
        return f"Đã xin lỗi và hẹn lại: {day_words(dossier.due_at)}."

    if preview:
        answer = rules.shows(request.desk, dossier, "re_appoint")
        denied = say(answer.code, answer.data) if isinstance(answer, Denied) else ""
        page = {"dossier": dossier, "form": form, "act": TRANSITIONS["re_appoint"].label, "denied": denied, "effect": effect}
        return render(request, "dossiers/acts/re_appoint.html", page | {"seen": _shown(request, dossier), "late": dossier.is_late(now)})
    return _act(request, dossier, "re_appoint", form, run, now=now, template="re_appoint", effect=effect, late=dossier.is_late(now))
