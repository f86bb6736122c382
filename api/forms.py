"""The form by which a key is given."""

from __future__ import annotations

from typing import Any

from django import forms

from api.models import Scope
from onestop.accounts.models import Officer
from onestop.forms import NAME, TextField, day_field
from onestop.layout import laid, line


class KeyForm(forms.Form):
    name = TextField(
        label="Dùng cho",
        max_length=120,
        says=NAME,
        help_text="Tên chương trình sẽ dùng khóa, ví dụ: Cổng thông tin của tỉnh.",
    )
    officer = forms.ModelChoiceField(
        Officer.objects.none(),
        label="Đọc theo quyền của tài khoản",
        empty_label="Chọn tài khoản",
        error_messages={
            "required": "Hãy chọn tài khoản.",
            "invalid_choice": "Hãy chọn tài khoản trong danh sách.",
        },
    )
    scopes = forms.MultipleChoiceField(
        label="Được đọc",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Hãy chọn ít nhất một phạm vi.",
            "invalid_choice": "Hãy chọn phạm vi trong danh sách.",
        },
    )
    valid_to = day_field("Dùng đến hết ngày", required=True)

    helper = laid(line("name", "officer"), "scopes", "valid_to")

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]
