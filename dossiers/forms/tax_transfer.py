"""What is written of the round trip to the tax authority: what it is to determine, what it answered."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.payment import Obligation
from dossiers.acts.tax_transfer import Answer, Transfer
from dossiers.forms.fields import name_field, short_field
from dossiers.forms.payment import AskPaymentForm
from onestop.errors import say
from onestop.forms import day_field
from onestop.layout import laid, line


class TransferForm(forms.Form):
    authority = name_field("Cơ quan thuế", required=True)
    content = short_field(
        "Nghĩa vụ cần xác định", required=True, placeholder="Tiền sử dụng đất, lệ phí trước bạ"
    )
    expected_on = day_field(
        "Hạn trả lời", help_text="Để trống nếu chưa biết; quá hạn thì được nhắc."
    )
    legal_basis = short_field(
        "Căn cứ pháp lý",
        required=True,
        help_text="Vì căn cứ đó thời gian của cơ quan thuế không tính vào thời hạn giải quyết.",
    )

    helper = laid("authority", "content", line("expected_on"), "legal_basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("authority", "content"):
            self.fields[name].error_messages["required"] = say("transfer_missing")
        self.fields["legal_basis"].error_messages["required"] = say("payment_basis")

    @property
    def value(self) -> Transfer:
        return Transfer(**self.cleaned_data)


class AnswerForm(forms.Form):
    """The authority's paper: nothing is due."""

    number = short_field("Số văn bản trả lời", required=True, limit=60, autofocus=True)
    on = day_field("Ngày văn bản", required=True)
    note = short_field("Ghi chú", help_text="Ví dụ: được miễn theo khoản 1 Điều 10.")

    helper = laid(line("number", "on"), "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].error_messages["required"] = say("answer_missing")

    @property
    def answer(self) -> Answer:
        data = self.cleaned_data
        return Answer(number=data["number"], on=data["on"], note=data.get("note") or "")


class NoticeForm(AskPaymentForm):
    """The authority's notice, and what the applicant has to pay by it."""

    number = short_field("Số thông báo của cơ quan thuế", required=True, limit=60)
    on = day_field("Ngày thông báo", required=True)

    helper = laid(
        line("number", "on"), "content", line("amount", "pay_by"), "determined_by", "legal_basis"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].error_messages["required"] = say("answer_missing")

    @property
    def answer(self) -> Answer:
        return Answer(number=self.cleaned_data["number"], on=self.cleaned_data["on"])

    @property
    def obligation(self) -> Obligation:
        names = ("content", "amount", "legal_basis", "determined_by", "pay_by")
        return Obligation(**{name: self.cleaned_data[name] for name in names})
