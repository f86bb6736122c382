"""What a cashier writes of money that came through the bank: the file, the book, whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from dossiers.acts.transfer_parts import MOST
from dossiers.forms.fields import reason_field, short_field
from dossiers.forms.payment import MoneyField
from dossiers.models.banking import BankAccount
from dossiers.models.money import ReceiptSeries
from dossiers.models.payments import Payment
from onestop.errors import say
from onestop.forms import table_field
from onestop.layout import laid, line
from onestop.templatetags.formatting import in_groups

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dossiers.models import Dossier

CHARGE, FEE = "le-phi", "phi"
KINDS = [(CHARGE, "Lệ phí"), (FEE, "Phí")]
# So many lines at least, to split a transfer among dossiers.
LINES = 4


def book_choices(books: Sequence[ReceiptSeries]) -> list[tuple[int, str]]:
    return [
        (book.pk, f"{book} – {book.get_kind_display()}, số tiếp theo {book.next_digits}")
        for book in books
    ]


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

    def __init__(self, *args: Any, books: Sequence[ReceiptSeries], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series: Any = self.fields["series"]
        series.choices = book_choices(books)


class BookForm(_Book):
    kind = forms.ChoiceField(label="Ghi là", choices=KINDS, initial=CHARGE)

    helper = laid(line("series", "kind"))

    @property
    def as_fee(self) -> bool:
        return bool(self.cleaned_data["kind"] == FEE)

    def as_fee_of(self, said: str) -> bool:
        """Of one line, by what it says itself, else as the form does."""
        return said == FEE if said in (FEE, CHARGE) else self.as_fee


class AssignForm(BookForm):
    code = short_field("Mã hồ sơ", required=True, limit=60)
    reason = reason_field("Vì sao ghi cho hồ sơ này", limit=300, rows=2)

    helper = laid("code", "reason", line("series", "kind"))


class SplitForm(_Book):
    """One line a dossier. `named`: the dossiers that are proposed, each with its amount; `lines`: so
    many at least, and as many as were sent.
    """

    reason = reason_field("Vì sao tách như vậy", limit=300, rows=2)

    def __init__(
        self,
        *args: Any,
        named: Sequence[tuple[Dossier, int]],
        lines: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        sent = sum(f"code_{place}" in self.data for place in range(MOST))
        self.places = range(min(MOST, max(len(named) + 1, LINES, lines, sent)))
        shown = []
        for place in self.places:
            number = place + 1
            names = [f"{name}_{place}" for name in ("code", "amount", "kind")]
            self.fields[names[0]] = short_field(f"Mã hồ sơ {number}", limit=60)
            self.fields[names[1]] = MoneyField(label=f"Số tiền {number} (đồng)", required=False)
            self.fields[names[2]] = forms.ChoiceField(
                label=f"Ghi là {number}", choices=KINDS, required=False
            )
            if place < len(named):
                dossier, amount = named[place]
                self.initial[names[0]] = dossier.code
                self.initial[names[1]] = in_groups(amount)
            shown.append(line(*names))
        self.fields["code_0"].widget.attrs["autofocus"] = True
        self.helper = laid(*shown, "reason", "series")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in self.places:
            code, amount = data.get(f"code_{place}"), data.get(f"amount_{place}")
            if code and amount is None and f"amount_{place}" not in self.errors:
                self.add_error(f"amount_{place}", say("split_amount"))
            if amount is not None and not code and f"code_{place}" not in self.errors:
                self.add_error(f"code_{place}", say("split_code"))
        return data

    @property
    def parts(self) -> list[tuple[str, str, int, bool]]:
        """Of each line that was filled in: the name of its question, code, amount, whether it is phí."""
        data = self.cleaned_data
        return [
            (f"code_{place}", data[f"code_{place}"], data[f"amount_{place}"], data[f"kind_{place}"] == FEE)
            for place in self.places
            if data[f"code_{place}"]
        ]  # fmt: skip


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
