"""The two pages of a financial obligation: the notice to pay, and the document that it was paid."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import payment
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.forms.payment import AskPaymentForm, RecordPaymentForm
from dossiers.models import ClockChange, ClockKind
from dossiers.models.payment import PaymentRequest
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest
from onestop.templatetags.formatting import day_words, in_groups
from onestop.worktime import Promise


@get_or_post
@on_desk
def ask(request: OfficerRequest, code: str) -> HttpResponse:
    """The counter gives the notice; the page says what it does to the promise before anything is
    done.
    """
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: AskPaymentForm, at: datetime) -> str:
        payment.ask_payment(seen, form.value, by=request.desk, at=at)
        return "Đã lập thông báo thực hiện nghĩa vụ tài chính. Thời gian chờ không tính vào thời hạn giải quyết."

    return act_page(
        request,
        dossier,
        "ask_payment",
        AskPaymentForm(sent(request)),
        run,
        now=now,
        template="ask_payment",
        late=dossier.is_late(now),
    )


@get_or_post
@on_desk
def record(request: OfficerRequest, code: str) -> HttpResponse:
    """The document is there: the page shows the new date before it is confirmed."""
    now, dossier = timezone.now(), find_dossier(request, code)
    row = PaymentRequest.objects.unpaid().filter(dossier=dossier).select_related("change").first()
    effect: Promise | None = None
    if row is not None:
        change = row.change
        closed = ClockChange(
            pk=change.pk,
            kind=ClockKind.EXCLUDE,
            start=change.start,
            end=now,
            excluded=change.excluded,
        )
        effect = deadlines.promise_with(dossier, calendar_of(dossier.agency_id), closed)
    initial = {
        "paid_on": timezone.localdate(now),
        "paid": in_groups(row.amount) if row is not None else "",
    }
    form = RecordPaymentForm(
        sent(request),
        request.FILES or None,
        initial=initial,
        asked=row.amount if row is not None else None,
    )

    def run(seen: Seen, form: RecordPaymentForm, at: datetime) -> str:
        done = payment.record_payment(
            seen, form.value, by=request.desk, at=at, scan=form.cleaned_data.get("file")
        )
        return (
            f"Đã ghi nhận việc nộp tiền. Hẹn trả mới: {day_words(done.due_at)}."
            if done.due_at
            else "Đã ghi nhận việc nộp tiền."
        )

    return act_page(
        request,
        dossier,
        "record_payment",
        form,
        run,
        now=now,
        hindered="" if row is not None else "payment_not_asked",
        template="record_payment",
        row=row,
        effect=effect,
    )
