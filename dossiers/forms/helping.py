"""What a clerk writes of a help to file on line; the accounts of officers and offices on portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from dossiers.acts.own_accounts import Own
from dossiers.forms.fields import name_field, short_field
from dossiers.models.helping import OwnAccount
from onestop.forms import NameField, day_field
from onestop.layout import laid, line

if TYPE_CHECKING:
    from collections.abc import Mapping


class HelpForm(forms.Form):
    owner_name = NameField(
        label="Người được hỗ trợ",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"data-focus": "1"}),
    )
    identity_number = short_field("Số định danh, số giấy tờ (nếu có)", limit=40)
    source_code = short_field(
        "Mã hồ sơ trên Cổng (nếu có)", limit=100,
        help_text="Chưa có mã: hồ sơ của cùng người, cùng thủ tục nộp trong ngày sẽ tự được gắn khi Cổng gửi đến.",
    )  # fmt: skip

    helper = laid(line("owner_name", "identity_number"), "source_code")


class OwnAccountForm(forms.Form):
    kind = forms.TypedChoiceField(
        label="Tài khoản của", choices=OwnAccount.Kind.choices, coerce=int
    )
    number = short_field("Số định danh cá nhân hoặc mã số thuế", required=True, limit=40)
    holder = name_field("Tên cán bộ, cơ quan", required=True)
    from_day = day_field("Dùng từ ngày", required=True)

    helper = laid(line("kind", "number"), line("holder", "from_day"))

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)

    @property
    def value(self) -> Own:
        data = self.cleaned_data
        return Own(**data | {"kind": OwnAccount.Kind(data["kind"])})
