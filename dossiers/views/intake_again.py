"""The counter's page comes a second time: a second click is shown what the first one made;
something else is never said to be done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dossiers.acts import visits
from dossiers.desk import intake as queries
from dossiers.forms.intake import GUIDE, RECEIVE, IntakeForm
from dossiers.intake import drafts, sent_once
from dossiers.intake.brought import OnlineIn
from dossiers.models import CounterVisit
from dossiers.views.intake_page import is_part, page, pay_form, take_files
from dossiers.views.intake_sheet import Sheet
from onestop.errors import DomainError, say, sentence

End = Callable[[Sheet, str, CounterVisit.Kind, str], HttpResponse]


def receive_again(sheet: Sheet) -> HttpResponse:
    """Tiếp nhận of a page that was sent: the dossier it became when nothing was changed, else the
    page with what was not received.
    """
    dossier = queries.made_of(sheet.token, sheet.request.user)
    if dossier is None:
        return go_on(sheet)
    scans, brought = queries.scans_of("dossier", dossier.pk), _brought(sheet)
    form = sheet.checked_form(RECEIVE, has_files=bool(scans or brought))
    if sheet.case is not None and form.is_valid() and brought <= scans:
        at = form.cleaned_data["post_at"] or sheet.now
        pay = pay_form(sheet, is_sent=True)
        paid = pay.paid if pay is not None and pay.is_valid() else None
        intake = replace(sheet.intake(form), paid=paid)
        if sent_once.is_same(dossier, intake, at=at, recorded_at=sheet.now):
            drafts.forget(sheet.token, officer=sheet.request.user)
            return redirect("intake_done", code=dossier.code)
    return not_this_time(sheet, RECEIVE, sent_once.used_by(dossier))


def end_again(
    sheet: Sheet, act: str, kind: CounterVisit.Kind, reason: str, *, otherwise: End
) -> HttpResponse:
    """Guidance or refusal of a page that was sent: likewise. A page that became a dossier may still
    end as a visit, as a new page.
    """
    visit = CounterVisit.objects.filter(token=sheet.token, officer=sheet.request.user).first()
    if visit is None:
        sheet.renew()
        return otherwise(sheet, act, kind, reason)
    scans, brought = queries.scans_of("visit", visit.pk), _brought(sheet)
    form = sheet.checked_form(act, has_files=bool(scans or brought))
    if (
        form.is_valid()
        and brought <= scans
        and visits.is_same(visit, what_was_said(sheet, form, kind, reason), by=sheet.request.user)
    ):
        return redirect("intake_visit", pk=visit.pk)
    return not_this_time(sheet, act, visits.used_by(visit))


def not_this_time(sheet: Sheet, act: str, why: DomainError) -> HttpResponse:
    """The page as it was typed, under a token of its own: one more press does what was asked."""
    sheet.renew()
    problems = take_files(sheet)
    form = sheet.checked_form(act)
    form.add_error(None, sentence(why))
    return page(sheet, form, problems)


def go_on(sheet: Sheet) -> HttpResponse:
    """Anything else asked from a page that was sent: it goes on as a draft of its own."""
    sheet.renew()
    for problem in take_files(sheet):
        messages.error(sheet.request, problem)
    messages.warning(sheet.request, say("page_moved_on"))
    address = f"{reverse('intake_form', args=[sheet.version.procedure.code])}?nhap={sheet.token}"
    return (
        HttpResponse(status=204, headers={"HX-Redirect": address})
        if is_part(sheet)
        else redirect(address)
    )


def what_was_said(
    sheet: Sheet, form: IntakeForm, kind: CounterVisit.Kind, reason: str
) -> visits.Said:
    """What the visit ends with, from a form without errors."""
    return visits.Said(
        kind=kind,
        agency=sheet.agency,
        version=sheet.version,
        case=sheet.case,
        owner=form.person(),
        # Of a partner's hand-in its code alone: it was not filed on line.
        online=OnlineIn(sheet.handed.code) if sheet.handed else form.cleaned_data["online"],
        items=tuple(form.wanted()) if form.act == GUIDE else (),
        reason=form.cleaned_data[reason],
        approver=form.approver,
        approval_reason=form.cleaned_data.get("guide_approval_reason", ""),
    )


def _brought(sheet: Sheet) -> set[str]:
    """The checksums of the files that came with this page."""
    found = set()
    for upload in sheet.request.FILES.getlist("tep"):
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        found.add(digest.hexdigest())
    return found
