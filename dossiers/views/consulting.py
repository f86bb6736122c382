"""Consultations (lấy ý kiến): the pages of who has the dossier, and `/lay-y-kien/` of the asked unit,
which sees its question and its own answer, never the dossier (R-63, R-144).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import consulting, taking_back
from dossiers.acts.many import Seen
from dossiers.desk import consulted
from dossiers.desk.work import rail_counts
from dossiers.forms.consulting import (
    ConsultForm,
    OpinionForm,
    RecordForm,
    SilenceForm,
    WhichForm,
    WithdrawForm,
)
from dossiers.forms.fields import add_refusal
from dossiers.ledger.history import data_of
from dossiers.models import Dossier, Event
from dossiers.models.consulting import Consultation
from dossiers.views.act_page import Run, act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier, warn
from onestop.accounts.access import access, access_each
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, say, sentence
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.paging import Page, by_instant
from onestop.templatetags.formatting import vn_datetime
from onestop.texts import whole_number

MOST = 100
WAITING, ANSWERED = by_instant("answer_by"), by_instant("answered_at", newest_first=True)


@get_or_post
@on_desk
def consult(request: OfficerRequest, code: str) -> HttpResponse:
    """Whom to ask what, by when, with which of its files."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: ConsultForm, at: datetime) -> str:
        rows = consulting.consult(seen, form.value, by=request.desk, at=at)
        until = vn_datetime(rows[0].answer_by)
        names = "; ".join(row.to for row in rows)
        return f"Đã lấy ý kiến {len(rows)} nơi: {names}. Trả lời trước {until}."

    rows = Consultation.objects.standing().filter(dossier=dossier)
    return act_page(
        request,
        dossier,
        "consult",
        ConsultForm(sent(request), dossier=dossier, now=now),
        run,
        now=now,
        template="consult",
        earlier=rows.select_related("asked_agency", "department", "asked_by").order_by("pk"),
    )


@get_or_post
@on_desk
def record(request: OfficerRequest, code: str) -> HttpResponse:
    """What came on paper."""

    def run(seen: Seen, form: RecordForm, at: datetime) -> str:
        which = form.cleaned_data["which"]
        row = consulting.record_opinion(seen, which, form.value, by=request.desk, at=at)
        late = ", sau hạn trả lời" if row.is_late else ""
        return f"Đã ghi ý kiến của {row.to}{late}."

    return _of_unanswered(request, code, consulting.RECORD.name, RecordForm, run)


@get_or_post
@on_desk
def silence(request: OfficerRequest, code: str) -> HttpResponse:
    """That nothing came in time."""

    def run(seen: Seen, form: SilenceForm, at: datetime) -> str:
        row = consulting.record_silence(seen, form.cleaned_data["which"], by=request.desk, at=at)
        return f"Đã ghi {row.to} hết thời hạn không trả lời."

    return _of_unanswered(request, code, consulting.SILENCE.name, SilenceForm, run)


@get_or_post
@on_desk
def withdraw(request: OfficerRequest, code: str) -> HttpResponse:
    """Not needed any more."""

    def run(seen: Seen, form: WithdrawForm, at: datetime) -> str:
        data = form.cleaned_data
        row = consulting.withdraw(seen, data["which"], why=data["why"], by=request.desk, at=at)
        return f"Đã rút lấy ý kiến {row.to}."

    return _of_unanswered(request, code, consulting.WITHDRAW.name, WithdrawForm, run)


def _of_unanswered(
    request: OfficerRequest, code: str, act: str, form: Callable[..., WhichForm], run: Run
) -> HttpResponse:
    """A page of an act on one of those that have not answered; `lan`: which of them."""
    now, dossier = timezone.now(), find_dossier(request, code)
    rows = _unanswered(dossier)
    if act == consulting.WITHDRAW.name:
        rows = [row for row in rows if consulted.may_withdraw_row(request.desk, dossier, row)]
    named = whole_number(request.GET.get("lan", ""))
    shown = form(
        sent(request),
        *([request.FILES or None] if form is RecordForm else []),
        rows=rows,
        named=named if any(row.pk == named for row in rows) else None,
    )
    return act_page(
        request,
        dossier,
        act,
        shown,
        run,
        now=now,
        hindered="" if rows else "consult_none",
        template="of_consultation",
        rows=rows,
    )


def _unanswered(dossier: Dossier) -> list[Consultation]:
    rows = Consultation.objects.unanswered().filter(dossier=dossier).order_by("pk")
    return list(rows.select_related("asked_agency", "department", "asked_by"))


# --- of the asked unit -----------------------------------------------------------------------------


@require_safe
@on_desk
def asked(request: OfficerRequest) -> HttpResponse:
    """What waits for this officer's unit, the first day first; what it answered last. `sau`, `da`: where
    the one list goes on, or the other, which then stands alone.
    """
    now, joined = timezone.now(), ("dossier__version", "agency", "asked_by", "answered_by")
    waiting = Consultation.objects.to_answer(request.desk).select_related(*joined)
    answered = Consultation.objects.asked_of(request.desk).filter(answered_at__isnull=False)
    after, before = request.GET.get("sau", ""), request.GET.get("da", "")
    rows: Page[Consultation] = Page([], "", "")
    done: Page[Consultation] = Page([], "", "")
    if not before:
        rows = WAITING.page(waiting, size=MOST, after=after)
    if not after:
        done = ANSWERED.page(answered.select_related(*joined), size=MOST, after=before)
    if after and not rows.rows:
        # Others have answered the rest: what waits stands at the beginning.
        return redirect(request.path)
    if ids := [row.pk for row in (*rows.rows, *done.rows)]:
        access_each(request, AccessKind.VIEWED, "consultation", ids, "danh sách lấy ý kiến")
    context = {
        "rows": [(row, row.stand(now)) for row in rows.rows],
        "next": f"?sau={rows.next}" if rows.next else "",
        "done": [(row, row.stand(now)) for row in done.rows],
        "older": f"?da={done.next}" if done.next else "",
        "is_further": bool(after or before),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/consulting/list.html", context)


@get_or_post
@on_desk
def one(request: OfficerRequest, pk: int) -> HttpResponse:
    """The question with what is needed to answer it, and the answer."""
    now, row = timezone.now(), _found(request, pk)
    access(request, AccessKind.VIEWED, "consultation", pk)
    form = OpinionForm(sent(request), request.FILES or None)
    may = _waits(row)
    shows_only = is_reopened(request)
    if request.method == "POST" and may and not shows_only and form.is_valid():
        try:
            done = consulting.answer(pk, form.value, by=request.desk, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã trả lời. Đã báo {done.asked_by}.")
            return redirect("consultation", pk)
    elif request.method == "POST" and row.answered_at is not None and not shows_only:
        form.add_error(None, say("consult_gone"))
    context = {
        "row": row,
        "stand": row.stand(now),
        "dossier": row.dossier,
        "may": may,
        "form": form,
        "files": _files(row),
        "may_undo": row.answered_by_id == request.user.pk and row.dossier.is_open,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    refused = form.is_bound and not shows_only
    return render(request, "dossiers/consulting/one.html", context, status=422 if refused else 200)


@require_POST
@on_desk
def undo(request: OfficerRequest, pk: int) -> HttpResponse:
    """The own answer is taken back, until somebody else has acted on the dossier."""
    row = _found(request, pk)
    try:
        taking_back.take_back(
            Seen(row.dossier_id),
            by=request.desk,
            at=timezone.now(),
            only=lambda act: _answers(act.events[-1], pk),
        )
        messages.success(request, "Đã hoàn tác trả lời. Câu hỏi chờ trả lời lại.")
    except DomainError as error:
        warn(request, error)
    return redirect("consultation", pk)


def _answers(event: Event, pk: int) -> bool:
    return event.kind == consulting.ANSWER.name and data_of(event).get("row") == pk


@require_safe
@on_desk
def file(request: OfficerRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that goes with the question, until it is answered; the own answer's, also afterwards."""
    row = _found(request, pk)
    attachment = next((one for one in _files(row) if one.pk == file), None)
    if attachment is None:
        raise Http404
    access(request, AccessKind.DOWNLOADED, "consultation", pk, f"tệp {file}")
    try:
        return serve(attachment, inline="tai" not in request.GET)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("consultation", pk)


def _found(request: OfficerRequest, pk: int) -> Consultation:
    """Found through the officer: what another unit was asked is nobody else's."""
    rows: Any = Consultation.objects.asked_of(request.desk).filter(pk=pk)
    joined = ("dossier__version", "dossier__agency", "agency", "asked_by", "asked_agency")
    row: Consultation | None = rows.select_related(*joined, "department", "answered_by").first()
    if row is None:
        raise Http404
    return row


def _waits(row: Consultation) -> bool:
    return row.answered_at is None and row.dossier.is_open


def _files(row: Consultation) -> list[Attachment]:
    """One query where there are any."""
    ids = list(row.files) if _waits(row) else []
    if row.answer_file is not None:
        ids.append(row.answer_file)
    if not ids:
        return []
    rows = Attachment.objects.of(consulting.KIND, row.dossier_id).filter(pk__in=ids)
    return list(rows.order_by("pk"))
