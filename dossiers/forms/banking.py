"""What an administrator writes of a bank account."""

from __future__ import annotations

from django import forms

from dossiers.acts.bank_accounts import MOST_NUMBER, Account
from dossiers.banks import banks
from dossiers.forms.fields import short_field
from onestop.forms import day_field
from onestop.layout import laid, line


class BankAccountForm(forms.Form):
    bank = forms.ChoiceField(
        label="Ngân hàng", error_messages={"required": "Hãy chọn ngân hàng.", "invalid_choice": "Hãy chọn ngân hàng trong danh sách."},
    )  # fmt: skip
    # Written in groups too.
    number = short_field("Số tài khoản", required=True, limit=MOST_NUMBER + 10)
    holder = short_field("Tên tài khoản", required=True, limit=120)
    from_day = day_field("Dùng từ ngày", required=True)

    helper = laid(line("bank", "number"), line("holder", "from_day"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        bank: forms.ChoiceField = self.fields["bank"]  # type: ignore[assignment]
        named = [(number, f"{name} ({number})") for number, name in banks().items()]
        bank.choices = [("", "Chọn ngân hàng"), *named]

    @property
    def value(self) -> Account:
        return Account(**self.cleaned_data)
