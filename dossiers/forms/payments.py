"""What a cashier writes of money that came through the bank: the file, the book, whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from dossiers.forms.fields import reason_field, short_field
from dossiers.models.banking import BankAccount
from dossiers.models.money import ReceiptSeries
from dossiers.models.payments import Payment
from onestop.forms import table_field
from onestop.layout import laid, line

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHARGE, FEE = "le-phi", "phi"


class StatementForm(forms.Form):
    account = forms.ModelChoiceField(
        BankAccount.objects.none(),
        label="Tài khoản",
        empty_label=None,
        error_messages={
            "required": "Hãy chọn tài khoản.",
            "invalid_choice": "Hãy chọn tài khoản trong danh sách.",
        },
    )
    file = table_field(
        "Tệp sao kê",
        choose="Hãy chọn tệp sao kê của ngân hàng.",
        help_text="Tải từ ngân hàng: .xlsx, .xls, .ods hoặc .csv. Khoản đã ghi thì không ghi lần nữa.",
    )

    helper = laid("account", "file")

    def __init__(self, *args: Any, accounts: QuerySet[BankAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]


class _Book(forms.Form):
    """`books`: those in use at this counter."""

    series = forms.TypedChoiceField(label="Quyển biên lai", coerce=int)
    kind = forms.ChoiceField(
        label="Ghi là", choices=[(CHARGE, "Lệ phí"), (FEE, "Phí")], initial=CHARGE
    )

    def __init__(self, *args: Any, books: Sequence[ReceiptSeries], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series: Any = self.fields["series"]
        series.choices = [
            (book.pk, f"{book} – {book.get_kind_display()}, số tiếp theo {book.next_digits}")
            for book in books
        ]

    @property
    def as_fee(self) -> bool:
        return bool(self.cleaned_data["kind"] == FEE)


class BookForm(_Book):
    helper = laid(line("series", "kind"))


class AssignForm(_Book):
    code = short_field("Mã hồ sơ", required=True, limit=60)
    reason = reason_field("Vì sao ghi cho hồ sơ này", limit=300, rows=2)

    helper = laid("code", "reason", line("series", "kind"))


class SettleForm(forms.Form):
    outcome = forms.TypedChoiceField(
        label="Kết quả",
        choices=[
            (Payment.Outcome.RETURNED, Payment.Outcome.RETURNED.label),
            (Payment.Outcome.FOREIGN, Payment.Outcome.FOREIGN.label),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn kết quả."},
    )
    why = reason_field("Lý do, chứng từ trả lại", limit=300, rows=2)

    helper = laid("outcome", "why")
