"""What the counter writes of a financial obligation: what is to be paid, and the document that it
was.
"""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.payment import Obligation, Proof
from dossiers.forms.fields import name_field, short_field
from dossiers.forms.intake import money_of
from onestop.errors import say
from onestop.files import kinds
from onestop.forms import TextField, day_field
from onestop.layout import laid, line
from onestop.templatetags.formatting import money

MOST = 9_999_999_999_999


class MoneyField(TextField):
    """Whole đồng as people write them: 12.500.000, 12500000 đ."""

    default_error_messages = {
        "required": "Hãy nhập số tiền.",
        "invalid": "Hãy nhập số tiền bằng đồng, không có số lẻ, ví dụ 12.500.000.",
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        amount = money_of(text, most=MOST)
        if text and amount is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return amount


class AskPaymentForm(forms.Form):
    content = short_field(
        "Khoản phải nộp", required=True, placeholder="Lệ phí trước bạ nhà, đất", autofocus=True
    )
    amount = MoneyField(label="Số tiền (đồng)")
    pay_by = day_field("Hạn nộp", required=True)
    determined_by = name_field("Cơ quan xác định", required=True)
    legal_basis = short_field(
        "Căn cứ pháp lý",
        required=True,
        help_text="Số, ngày của thông báo nộp tiền và điều luật; in trên thông báo cho người dân.",
    )

    helper = laid("content", line("amount", "pay_by"), "determined_by", "legal_basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["content"].error_messages["required"] = say("payment_missing")
        self.fields["determined_by"].error_messages["required"] = say("payment_missing")
        self.fields["legal_basis"].error_messages["required"] = say("payment_basis")
        self.fields[
            "determined_by"
        ].help_text = "Ví dụ: Thuế cơ sở 3. Không ghi phí, lệ phí thu tại quầy ở đây."

    @property
    def value(self) -> Obligation:
        return Obligation(**self.cleaned_data)


class RecordPaymentForm(forms.Form):
    """`asked`: what was to be paid; another amount needs a reason."""

    number = short_field(
        "Số chứng từ",
        required=True,
        limit=60,
        autofocus=True,
        help_text="Giấy nộp tiền, biên lai hoặc mã giao dịch.",
    )
    paid_on = day_field("Ngày nộp", required=True)
    paid = MoneyField(label="Số tiền đã nộp (đồng)")
    note = short_field(
        "Lý do số tiền khác",
        help_text="Chỉ khi khác số tiền phải nộp: được miễn, giảm, có tiền chậm nộp.",
    )
    file = forms.FileField(
        label="Bản quét chứng từ", required=False, help_text="Không bắt buộc. PDF hoặc ảnh.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )  # fmt: skip

    helper = laid("number", line("paid_on", "paid"), "note", "file")

    def __init__(self, *args: Any, asked: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["number"].error_messages["required"] = say("proof_missing")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            self.asked is not None
            and data.get("paid") not in (None, self.asked)
            and not data.get("note")
        ):
            self.add_error("note", say("paid_other", {"asked": money(self.asked)}))
        return data

    @property
    def value(self) -> Proof:
        return Proof(
            **{name: self.cleaned_data[name] for name in ("number", "paid_on", "paid", "note")}
        )
