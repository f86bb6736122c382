"""The pages of the round trip to the tax authority: the transfer slip, its notice, nothing due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import tax_transfer
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.forms.tax_transfer import AnswerForm, NoticeForm, TransferForm
from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest
from onestop.templatetags.formatting import day_words, vn_date


@get_or_post
@on_desk
def send(request: OfficerRequest, code: str) -> HttpResponse:
    """The transfer slip; from here on it is the authority's time."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: TransferForm, at: datetime) -> str:
        tax_transfer.send(seen, form.value, by=request.desk, at=at)
        return "Đã lập phiếu chuyển. Thời gian của cơ quan thuế không tính vào thời hạn giải quyết."

    return act_page(
        request, dossier, "send_to_tax", TransferForm(sent(request)), run, now=now,
        template="send_to_tax", late=dossier.is_late(now),
    )  # fmt: skip


@get_or_post
@on_desk
def notice(request: OfficerRequest, code: str) -> HttpResponse:
    """The authority's notice; from here on it is the applicant's time."""
    now, dossier = timezone.now(), find_dossier(request, code)
    row = _open(dossier)
    initial = {"on": vn_date(now)}
    if row is not None:
        initial |= {
            "content": row.content,
            "determined_by": row.authority,
            "legal_basis": row.legal_basis,
        }

    def run(seen: Seen, form: NoticeForm, at: datetime) -> str:
        what = form.obligation
        tax_transfer.record_notice(seen, form.answer, what, by=request.desk, at=at)
        return "Đã lập thông báo thực hiện nghĩa vụ tài chính. Từ đây là thời gian của người nộp."

    return act_page(
        request, dossier, "record_tax_notice", NoticeForm(sent(request), initial=initial), run, now=now,
        hindered=_hindered(row), template="tax_answer", row=row,
    )  # fmt: skip


@get_or_post
@on_desk
def nothing(request: OfficerRequest, code: str) -> HttpResponse:
    """Nothing is due: the page shows the new date before it is confirmed."""
    now, dossier = timezone.now(), find_dossier(request, code)
    row, effect = _open(dossier), None
    if row is not None:
        change = row.change
        closed = ClockChange(
            pk=change.pk, kind=ClockKind.EXCLUDE, start=change.start, end=now, excluded=change.excluded
        )  # fmt: skip
        effect = deadlines.promise_with(dossier, calendar_of(dossier.agency_id), closed)

    def run(seen: Seen, form: AnswerForm, at: datetime) -> str:
        done = tax_transfer.record_nothing_due(seen, form.answer, by=request.desk, at=at)
        said = f" Hẹn trả mới: {day_words(done.due_at)}." if done.due_at else ""
        return f"Đã ghi cơ quan thuế trả lời không phải nộp.{said}"

    return act_page(
        request, dossier, "record_nothing_due", AnswerForm(sent(request), initial={"on": vn_date(now)}),
        run, now=now, hindered=_hindered(row), template="tax_answer", row=row, effect=effect,
    )  # fmt: skip


def _open(dossier: Dossier) -> TaxTransfer | None:
    rows: Any = TaxTransfer.objects.unanswered().select_related("change")
    found: TaxTransfer | None = rows.filter(dossier=dossier).first()
    return found


def _hindered(row: TaxTransfer | None) -> str:
    return "" if row is not None else "nothing_sent"
