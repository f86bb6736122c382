"""Liên thông: sending parts of the work to other agencies and withdrawing them, on the dossier; the
list of what an agency has, the page of one leg and what is done there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import leading, leg_work, legs
from dossiers.acts.leg_work import SeenLeg
from dossiers.acts.many import Seen
from dossiers.desk import legs as queries
from dossiers.desk.handover import places
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.legs import (
    AnswerLegForm,
    OpenLegsForm,
    PassLegForm,
    ReplaceLeadForm,
    WithdrawLegForm,
)
from dossiers.models import Dossier
from dossiers.models.legs import Leg
from dossiers.reach import LEG_ROLES
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import NOT_SAID, find_dossier, warn
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import Conflict, DomainError, sentence
from onestop.files.responses import serve
from onestop.texts import MOST_NUMBER, whole_number

# --- on the dossier -------------------------------------------------------------------------------


@get_or_post
@on_desk
def open_legs(request: OfficerRequest, code: str) -> HttpResponse:
    """Agencies, their work and time; one Ctrl+Enter sends all, and says by name to whom."""
    now, dossier = timezone.now(), find_dossier(request, code)
    form = OpenLegsForm(sent(request), agencies=queries.agencies_for(dossier, now))

    def run(seen: Seen, form: OpenLegsForm, at: datetime) -> str:
        kind = form.cleaned_data["kind"]
        rows = legs.open_legs(seen, kind, form.parts, by=request.desk, at=at)
        with_agency = [row.agency.name for row in rows if row.is_with_agency]
        waiting = [row.agency.name for row in rows if not row.is_with_agency]
        said = [f"Đã chuyển {len(with_agency)} cơ quan phối hợp: {', '.join(with_agency)}."]
        then = [f"{len(waiting)} cơ quan chờ đến lượt: {', '.join(waiting)}."]
        return " ".join((said if with_agency else []) + (then if waiting else []))

    return act_page(
        request, dossier, "open_legs", form, run, now=now, template="open_legs",
        legs=queries.legs_of(dossier.pk),
    )  # fmt: skip


@get_or_post
@on_desk
def withdraw(request: OfficerRequest, code: str, number: int) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    leg = _of_number(dossier, number)

    def run(seen: Seen, form: WithdrawLegForm, at: datetime) -> str:
        reason = form.cleaned_data["reason"]
        row = legs.withdraw_leg(seen, number, reason, by=request.desk, at=at)
        return f"Đã thu hồi phần việc của {row.agency.name}."

    return act_page(
        request, dossier, "withdraw_leg", WithdrawLegForm(sent(request)), run, now=now,
        template="withdraw_leg", leg=leg, hindered="" if leg.is_open else "leg_ended",
    )  # fmt: skip


@get_or_post
@on_desk
def replace_lead(request: OfficerRequest, code: str, number: int) -> HttpResponse:
    """The agency of this leg leads from now on, with the reason."""
    now, dossier = timezone.now(), find_dossier(request, code)
    leg = _of_number(dossier, number)

    def run(seen: Seen, form: ReplaceLeadForm, at: datetime) -> str:
        reason = form.cleaned_data["reason"]
        row = leading.replace_lead(seen, number, reason, by=request.desk, at=at)
        return f"{row.agency.name} chủ trì hồ sơ từ nay, chờ nhận."

    return act_page(
        request, dossier, "replace_lead", ReplaceLeadForm(sent(request)), run, now=now,
        template="replace_lead", leg=leg, hindered="" if leg.is_with_agency else "leg_ended",
    )  # fmt: skip


def _of_number(dossier: Dossier, number: int) -> Leg:
    """Errors: Http404."""
    leg = queries.legs_of(dossier.pk).filter(number=number).first()
    if leg is None:
        raise Http404
    return leg


# --- at the agency that has it --------------------------------------------------------------------


@require_safe
@officer_required(*LEG_ROLES)
def list_page(request: OfficerRequest) -> HttpResponse:
    """What other agencies ask of this one and is not answered yet."""
    now = timezone.now()
    page = queries.page_of(request.desk, request.GET.get("sau", ""))
    if page.rows:
        ids = [row.dossier_id for row in page.rows]
        access_each(request, AccessKind.VIEWED, "dossier", ids, "danh sách phối hợp")
    context = {
        "rows": [(row, row.is_late(now), leg_work.is_to_take(request.desk, row)) for row in page.rows],
        "next": f"?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }  # fmt: skip
    return render(request, "dossiers/legs/list.html", context)


def _find(request: OfficerRequest, pk: int) -> Leg:
    """The leg, if this officer may open it; strangers get 404. Writes the reading down."""
    leg = queries.leg_of(request.desk, pk)
    if leg is None:
        raise Http404
    access(request, AccessKind.VIEWED, "dossier", leg.dossier_id, f"phần phối hợp {leg.number}")
    return leg


@require_safe
@officer_required(*LEG_ROLES)
def leg_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """What is asked, with the papers of the dossier while the agency has it; afterwards only what was
    asked and answered.
    """
    now, leg = timezone.now(), _find(request, pk)
    desk = request.desk
    context = {
        "leg": leg,
        "dossier": leg.dossier,
        "is_late": leg.is_late(now),
        "files": list(queries.files_of(leg)),
        "papers": list(queries.papers_of(leg.dossier)) if leg.is_with_agency else [],
        "others": list(queries.others_of(leg)) if leg.is_with_agency else [],
        "may_take": leg_work.is_to_take(desk, leg),
        "may_pass": leg_work.may_pass(desk, leg),
        "may_answer": leg_work.holds(desk, leg),
        "undo": leg_work.mine_to_take_back(leg, request.user.pk),
        "rail_counts": rail_counts(desk, now)[1],
    }
    return render(request, "dossiers/legs/page.html", context)


@require_safe
@officer_required(*LEG_ROLES)
def leg_file(request: OfficerRequest, pk: int, file: int) -> HttpResponseBase:
    leg = queries.leg_of(request.desk, pk)
    found = queries.files_of(leg).filter(pk=file).first() if leg is not None else None
    if leg is None or found is None:
        raise Http404
    access(request, AccessKind.DOWNLOADED, "dossier", leg.dossier_id, f"tệp {found.pk}")
    try:
        return serve(found, inline="tai" not in request.GET)
    except DomainError as error:
        context = {"dossier": leg.dossier, "why": sentence(error)}
        return render(request, "dossiers/dossier/file_lost.html", context, status=410)


def _seen(request: OfficerRequest, leg: Leg) -> SeenLeg:
    """The leg as the page had shown it; one that does not say is refused like an old one."""
    version = whole_number(request.POST.get("seen", ""), most=MOST_NUMBER)
    return SeenLeg(leg.pk, leg.dossier_id, NOT_SAID if version is None else version)


@require_POST
@on_desk
def receive(request: OfficerRequest, pk: int) -> HttpResponse:
    return _at_once(request, _find(request, pk), leg_work.receive, "Đã nhận phần phối hợp.")


@require_POST
@on_desk
def take_back(request: OfficerRequest, pk: int) -> HttpResponse:
    return _at_once(request, _find(request, pk), leg_work.take_back, "Đã hoàn tác.")


def _at_once(
    request: OfficerRequest, leg: Leg, verb: Callable[..., Leg], said: str
) -> HttpResponse:
    try:
        verb(_seen(request, leg), by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, said)
    return redirect("leg", leg.pk)


@get_or_post
@on_desk
def pass_on(request: OfficerRequest, pk: int) -> HttpResponse:
    now, leg = timezone.now(), _find(request, pk)
    today = timezone.localdate(now)
    form = PassLegForm(sent(request), places=places([leg.agency.in_charge(today).pk], today))

    def run(seen: SeenLeg) -> str:
        to, officer = form.value
        leg_work.pass_on(seen, to, officer, by=request.desk, at=now)
        return f"Đã giao {officer.full_name if officer else to.name}: chờ nhận."

    may = leg_work.may_pass(request.desk, leg)
    return _form_page(request, leg, "Giao phần phối hợp", form, run, may=may, now=now)


@get_or_post
@on_desk
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    now, leg = timezone.now(), _find(request, pk)
    form = AnswerLegForm(sent(request), request.FILES if request.method == "POST" else None)

    def run(seen: SeenLeg) -> str:
        file = form.cleaned_data["file"]
        leg_work.answer(seen, form.value, by=request.desk, at=now, file=file)
        return f"Đã trả lời {leg.dossier.agency.name}."

    may = leg_work.holds(request.desk, leg)
    return _form_page(request, leg, "Trả lời phối hợp", form, run, may=may, now=now)


def _form_page(
    request: OfficerRequest,
    leg: Leg,
    act: str,
    form: forms.Form,
    run: Callable[[SeenLeg], str],
    *,
    may: bool,
    now: datetime,
) -> HttpResponse:
    """The form of an act on a leg, or why it cannot be done; back to the leg."""
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, run(_seen(request, leg)))
        except Conflict as error:
            warn(request, error)
            return redirect("leg", leg.pk)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return redirect("leg", leg.pk)
    why = "leg_not_yours" if leg.is_with_agency else "leg_ended"
    denied = "" if may else sentence(DomainError(why))
    context: dict[str, Any] = {
        "leg": leg, "dossier": leg.dossier, "form": form, "act": act, "denied": denied,
        "seen": request.POST.get("seen") or str(leg.version), "rail_counts": rail_counts(request.desk, now)[1],
    }  # fmt: skip
    refused = form.is_bound and form.errors
    status = 403 if denied and not form.is_bound else 422 if refused else 200
    return render(request, "dossiers/legs/act.html", context, status=status)


def instead(request: OfficerRequest, code: str) -> HttpResponse:
    """The page of the leg for whoever knows of the dossier only by it. Errors: Http404."""
    leg = queries.newest_of(request.desk, code)
    if leg is None:
        raise Http404
    return redirect(reverse("leg", args=[leg.pk]))
