"""What the counter writes where the fee is taken in the moment of reception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms

from dossiers.forms.fields import short_field
from dossiers.forms.payment import MoneyField
from dossiers.intake.brought import PaidIn
from dossiers.models.money import ReceiptSeries, Way
from onestop.errors import say
from onestop.layout import laid, line
from onestop.texts import MOST_NUMBER

LATER = 0
PREFIX = "thu"


class PayNowForm(forms.Form):
    """Beside the page of a reception. `books`: those in use at the counter, the one to propose first;
    they are read where the page shows them, not where it is received.
    """

    use_required_attribute = False

    way = forms.TypedChoiceField(
        label="Thu khi tiếp nhận",
        choices=[
            (Way.CASH.value, Way.CASH.label), (Way.TRANSFER.value, Way.TRANSFER.label), (LATER, "Chưa thu"),
        ],
        coerce=int,
        required=False,
        empty_value=None,
        initial=LATER,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Hãy chọn một mục trong danh sách."},
    )  # fmt: skip
    series = forms.IntegerField(
        label="Quyển biên lai", required=False, min_value=1, max_value=MOST_NUMBER, widget=forms.Select,
        error_messages={"invalid": "Hãy chọn quyển biên lai."},
    )  # fmt: skip
    number = forms.IntegerField(
        label="Số trên biên lai giấy", required=False, min_value=1, max_value=MOST_NUMBER,
        help_text="Ghi thì phần mềm so với số tiếp theo của quyển.",
    )  # fmt: skip
    fee = MoneyField(
        label="Trong đó phí (đồng)", required=False, help_text="Để trống: cả số tiền là lệ phí."
    )
    reference = short_field("Mã giao dịch", limit=60, help_text="Bắt buộc khi chuyển khoản.")

    helper = laid("way", line("series", "number"), line("fee", "reference"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        books: Callable[[], Sequence[ReceiptSeries]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, prefix=PREFIX)
        self.read_books = books
        widget: Any = self.fields["series"].widget
        widget.choices = _Named(self)

    @property
    def books(self) -> Sequence[ReceiptSeries]:
        if not hasattr(self, "_books"):
            self._books = list(self.read_books())
        return self._books

    @property
    def is_asked(self) -> bool:
        """Whether the page says that it is taken now, or something of it is wrong."""
        return bool(self.errors) or str(self["way"].value() or LATER) != str(LATER)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") and "series" in data and data["series"] is None:
            self.add_error("series", say("paid_series"))
        if data.get("way") == Way.TRANSFER and not data.get("reference"):
            self.add_error("reference", say("fee_reference"))
        return data

    @property
    def paid(self) -> PaidIn | None:
        """What the domain receives, from a form without errors; None where it is taken later."""
        data = self.cleaned_data
        if not data["way"]:
            return None
        return PaidIn(
            series_id=data["series"],
            way=data["way"],
            fee=data["fee"] or 0,
            reference=data["reference"],
            number=data["number"],
        )


class _Named:
    """The books by name, asked for when they are drawn."""

    def __init__(self, form: PayNowForm) -> None:
        self.form = form

    def __iter__(self) -> Any:
        for book in self.form.books:
            yield book.pk, f"Số tiếp theo {book.next_digits}: {book} ({book.get_kind_display()})"
