"""What a cashier writes: what is taken and under which receipt, what is asked back, the count of the
drawer, and books of receipts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from dossiers.acts.fees import Asking, Taking
from dossiers.acts.receipt_series import Book
from dossiers.forms.fields import name_field, reason_field, short_field
from dossiers.forms.payment import MoneyField
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries, SpoiledReceipt, Way
from onestop.accounts.models import Officer
from onestop.errors import say
from onestop.layout import Fold, laid, line
from onestop.templatetags.formatting import money
from onestop.texts import MOST_NUMBER

# Who pays less or nothing by law: proposed by the page (templates/dossiers/money/_groups.html).
GROUPS = "doi-tuong-mien-giam"
PROOF = "Giấy chứng nhận hộ nghèo số 12/2026"


class TakeFeeForm(forms.Form):
    """`books`: those in use at this counter; `owed`: what is to be taken still."""

    fee = MoneyField(label="Phí (đồng)", required=False)
    charge = MoneyField(label="Lệ phí (đồng)", required=False)
    way = forms.TypedChoiceField(
        label="Cách nộp",
        choices=Way.choices,
        coerce=int,
        widget=forms.RadioSelect,
        initial=Way.CASH,
    )
    series = forms.TypedChoiceField(label="Quyển biên lai", coerce=int)
    number = forms.IntegerField(
        label="Số trên biên lai giấy", required=False, min_value=1, max_value=MOST_NUMBER,
        help_text="Xem số trên tờ sắp viết; khác số tiếp theo thì phần mềm báo ngay.",
    )  # fmt: skip
    payer = name_field("Người nộp")
    reference = short_field("Mã giao dịch", limit=60)
    relief = short_field(
        "Đối tượng được miễn, giảm",
        help_text="Ghi khi thu ít hơn số phải thu vì được miễn, giảm: phần còn lại không phải thu nữa.",
        list=GROUPS,
    )
    proof = short_field("Giấy tờ chứng minh", placeholder=PROOF)
    more = short_field("Lý do thu nhiều hơn số còn phải thu")
    link = short_field("Đường dẫn biên lai điện tử", says="")

    helper = laid(
        line("fee", "charge"),
        "way",
        line("series", "number"),
        line("payer", "reference"),
        Fold("Miễn, giảm; thu thêm; biên lai điện tử", line("relief", "proof"), "more", "link"),
    )

    def __init__(
        self, *args: Any, books: Sequence[ReceiptSeries], owed: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        series: Any = self.fields["series"]
        series.choices = [
            (book.pk, f"{book} – {book.get_kind_display()}, số tiếp theo {book.next_digits}")
            for book in books
        ]
        self.fields["fee"].widget.attrs["autofocus"] = True
        self.owed = owed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "fee" in data and "charge" in data and not (data["fee"] or data["charge"]):
            self.add_error("fee", say("fee_nothing"))
        return data

    @property
    def value(self) -> Taking:
        data = self.cleaned_data
        return Taking(
            series_id=data["series"],
            fee=data["fee"] or 0,
            charge=data["charge"] or 0,
            way=data["way"],
            payer=data["payer"],
            relief=data["relief"],
            proof=data["proof"],
            reference=data["reference"],
            link=data["link"],
            number=data["number"],
            more=data["more"],
        )


class RelieveForm(forms.Form):
    relief = short_field("Đối tượng được miễn", required=True, list=GROUPS, autofocus=True)
    proof = short_field("Giấy tờ chứng minh", required=True, placeholder=PROOF)

    helper = laid(line("relief", "proof"))


class AskChangeForm(forms.Form):
    """`receipts`: those of the dossier that stand."""

    receipt = forms.TypedChoiceField(label="Biên lai", coerce=int, widget=forms.RadioSelect)
    kind = forms.TypedChoiceField(
        label="Việc", choices=ReceiptRequest.Kind.choices, coerce=int, widget=forms.RadioSelect,
        initial=ReceiptRequest.Kind.VOID,
    )  # fmt: skip
    amount = MoneyField(
        label="Số tiền hoàn (đồng)", required=False, help_text="Chỉ khi hoàn tiền; hủy biên lai thì hoàn cả số tiền.",
    )  # fmt: skip
    reason = reason_field(limit=300)

    helper = laid("receipt", "kind", "amount", "reason")

    def __init__(self, *args: Any, receipts: Sequence[FeeReceipt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receipt: Any = self.fields["receipt"]
        receipt.choices = [
            (row.pk, f"{row.series} số {row.digits}: {money(row.amount)}") for row in receipts
        ]

    @property
    def value(self) -> Asking:
        data = self.cleaned_data
        return Asking(data["receipt"], data["kind"], data["reason"], data["amount"] or 0)


AGREED, REFUSED = "dong-y", "khong-dong-y"


class AnswerChangeForm(forms.Form):
    answer = short_field("Ý kiến", help_text="Bắt buộc khi không đồng ý.")

    helper = laid("answer")


class CountForm(forms.Form):
    counted = MoneyField(label="Đếm được (đồng)")
    explanation = short_field("Giải trình chênh lệch", help_text="Bắt buộc khi khác số phải có.")

    helper = laid(line("counted", "explanation"))


class GiveCashForm(forms.Form):
    """`takers`: the other cashiers of the counter."""

    taker = forms.ModelChoiceField(Officer.objects.none(), label="Giao cho", empty_label=None)
    amount = MoneyField(label="Số tiền (đồng)")

    helper = laid(line("taker", "amount"))

    def __init__(self, *args: Any, takers: Sequence[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taker: Any = self.fields["taker"]
        taker.queryset = Officer.objects.filter(pk__in=[one.pk for one in takers])


class BookForm(forms.Form):
    kind = forms.TypedChoiceField(
        label="Hình thức", choices=ReceiptSeries.Kind.choices, coerce=int, widget=forms.RadioSelect,
        initial=ReceiptSeries.Kind.PAPER,
    )  # fmt: skip
    name = short_field(
        "Tên loại biên lai", required=True, limit=120, placeholder="Biên lai thu tiền phí, lệ phí"
    )
    form_symbol = short_field("Ký hiệu mẫu", required=True, limit=30, placeholder="01BLP2-001")
    symbol = short_field("Ký hiệu biên lai", required=True, limit=30, placeholder="AB-26P")
    first = forms.IntegerField(
        label="Từ số", min_value=1, max_value=9_999_999, initial=1,
        error_messages={"required": "Hãy nhập số đầu của quyển."},
    )  # fmt: skip
    last = forms.IntegerField(
        label="Đến số", required=False, min_value=1, max_value=9_999_999,
        help_text="Biên lai điện tử không giới hạn thì để trống.",
    )  # fmt: skip
    tax_code = short_field("Mã số thuế của tổ chức thu", required=True, limit=20)
    provider = short_field("Nơi cung cấp (biên lai điện tử)", limit=120)

    helper = laid(
        "kind", "name", line("form_symbol", "symbol"), line("first", "last"), line("tax_code", "provider")
    )  # fmt: skip

    @property
    def value(self) -> Book:
        return Book(**self.cleaned_data)


class SpoilForm(forms.Form):
    until = forms.IntegerField(
        label="Từ số tiếp theo đến hết số", min_value=1, max_value=9_999_999,
        error_messages={"required": "Hãy nhập số cuối bị hỏng, mất."},
    )  # fmt: skip
    why = forms.TypedChoiceField(
        label="Tình trạng", choices=SpoiledReceipt.Why.choices, coerce=int, widget=forms.RadioSelect,
        initial=SpoiledReceipt.Why.SPOILED,
    )  # fmt: skip
    reason = reason_field(limit=300, rows=2)

    helper = laid("until", "why", "reason")
