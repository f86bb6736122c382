"""The pages of taking a fee for a dossier, of asking that a receipt be voided or paid back, and of the
answer.
"""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils import timezone

from dossiers.acts import fees, relieving
from dossiers.acts.many import Seen
from dossiers.desk import money as queries
from dossiers.forms.money import (
    AGREED,
    AnswerChangeForm,
    AskChangeForm,
    RelieveForm,
    TakeFeeForm,
)
from dossiers.models.money import FeeReceipt, ReceiptRequest
from dossiers.views.act_page import act_page, get_or_post, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.templatetags.formatting import in_groups, money

at_till = officer_required(*fees.TAKERS)


@get_or_post
@at_till
def take(request: OfficerRequest, code: str) -> HttpResponse:
    """What is owed is proposed, out of the counter's first book in use; one Ctrl+Enter takes it."""
    now, dossier = timezone.now(), find_dossier(request, code)
    books = queries.books_in_use(fees.counter_of(dossier, now).pk)
    initial = {
        "charge": in_groups(dossier.fee_owed) if dossier.fee_owed else "",
        "payer": dossier.owner_name,
    }
    form = TakeFeeForm(sent(request), initial=initial, books=books, owed=dossier.fee_owed)

    def run(seen: Seen, form: TakeFeeForm, at: datetime) -> str:
        row = fees.take_fee(seen, form.value, by=request.desk, at=at)
        return f"Đã thu {money(row.amount)}, biên lai {row.series} số {row.digits}."

    return act_page(
        request, dossier, "take_fee", form, run, now=now, template="take_fee",
        hindered="" if books else "no_book", books=books,
        receipts=FeeReceipt.objects.standing().filter(dossier=dossier).select_related("series"),
    )  # fmt: skip


@get_or_post
@at_till
def relieve(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: RelieveForm, at: datetime) -> str:
        data = form.cleaned_data
        row = relieving.relieve_fee(seen, data["relief"], data["proof"], by=request.desk, at=at)
        return f"Đã ghi không thu {money(row.amount)}."

    return act_page(
        request, dossier, "relieve_fee", RelieveForm(sent(request)), run, now=now, template="relieve_fee"
    )  # fmt: skip


@get_or_post
@at_till
def ask(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    found = FeeReceipt.objects.standing().filter(dossier=dossier).select_related("series")
    receipts = list(found.order_by("-pk"))
    initial = {"receipt": receipts[0].pk} if len(receipts) == 1 else {}
    form = AskChangeForm(sent(request), initial=initial, receipts=receipts)

    def run(seen: Seen, form: AskChangeForm, at: datetime) -> str:
        fees.ask_change(seen, form.value, by=request.desk, at=at)
        return "Đã gửi đề nghị. Lãnh đạo duyệt rồi mới trả lại tiền cho người nộp."

    return act_page(
        request, dossier, "ask_receipt_change", form, run, now=now, template="ask_receipt",
        hindered="" if receipts else "receipt_gone", on_line=[one for one in receipts if one.is_on_line],
    )  # fmt: skip


@get_or_post
@officer_required(*fees.APPROVERS)
def answer(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    rows = ReceiptRequest.objects.filter(dossier=dossier, pk=pk)
    row = rows.select_related("receipt__series", "receipt__taken_by", "asked_by").first()
    if row is None:
        raise Http404
    agreed = AGREED in request.POST

    def run(seen: Seen, form: AnswerChangeForm, at: datetime) -> str:
        words = form.cleaned_data["answer"]
        fees.answer_change(seen, pk, agreed=agreed, words=words, by=request.desk, at=at)
        if not agreed:
            return "Đã trả lời không đồng ý. Biên lai giữ nguyên."
        said = f"Đã duyệt. {row.asked_by} trả lại {money(row.amount)} cho người nộp"
        number = row.receipt.reference
        return f"{said}{f', mã giao dịch {number} của nền tảng' if row.receipt.is_on_line else ''}."

    return act_page(
        request, dossier, "answer_receipt_change", AnswerChangeForm(sent(request)), run, now=now,
        template="answer_receipt", row=row,
        hindered="" if row.answered_at is None else "receipt_answered",
    )  # fmt: skip
