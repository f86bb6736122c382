"""What a controller types into the register of focal points."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from onestop.accounts.models import Agency, Officer
from onestop.forms import WORDS, NameField, TextField, day_field
from onestop.layout import laid, line
from procedures.domain.focal_points import Person


class FocalPointForm(forms.Form):
    officer = forms.ModelChoiceField(
        Officer.objects.none(),
        label="Tài khoản",
        required=False,
        empty_label="Không có tài khoản: ghi họ tên",
        help_text="Ô để trống bên dưới lấy theo tài khoản",
        error_messages={"invalid_choice": "Hãy chọn người đang làm việc ở cơ quan này."},
    )
    name = NameField(label="Họ và tên", max_length=120, required=False)
    position = TextField(label="Chức vụ", max_length=120, required=False)
    phone = TextField(label="Điện thoại", max_length=40, required=False)
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        error_messages={"invalid": "Hãy nhập địa chỉ thư có thật, ví dụ ten@tinh.gov.vn."},
    )
    is_public = forms.BooleanField(
        label="Hiện họ tên, liên hệ cho người dân trên trang thủ tục", required=False
    )
    decision = TextField(
        says=WORDS, label="Số quyết định", max_length=100, help_text="Ví dụ: 85/QĐ-UBND"
    )
    decided_on = day_field("Ngày ký", required=True)
    starts_on = day_field("Làm đầu mối từ ngày", required=True)

    helper = laid(
        line("officer", "name", "position"),
        line("phone", "email"),
        "is_public",
        line("decision", "decided_on", "starts_on"),
    )

    def __init__(self, *args: Any, agency: Agency, on: date, **kwargs: Any) -> None:
        """`on`: today, which no decision is signed after."""
        super().__init__(*args, **kwargs)
        self.on = on
        people = Officer.objects.filter(agency=agency, is_active=True).order_by("sort_name", "pk")
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]

    def clean_decided_on(self) -> date:
        signed: date = self.cleaned_data["decided_on"]
        if signed > self.on:
            raise forms.ValidationError("Ngày ký không thể sau hôm nay.")
        return signed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "name" in data and not data["name"] and data.get("officer") is None:
            self.add_error("name", "Hãy chọn tài khoản hoặc ghi họ và tên.")
        return data

    def person(self) -> Person:
        data = dict(self.cleaned_data)
        officer: Officer | None = data["officer"]
        if officer is not None:
            data["name"] = data["name"] or officer.full_name
            data["phone"] = data["phone"] or officer.phone
            data["email"] = data["email"] or officer.email
        return Person(**data)


class FocalPointEnd(forms.Form):
    last_day = day_field("Làm đầu mối đến hết ngày", required=True)
    note = TextField(
        says=WORDS,
        label="Căn cứ",
        max_length=300,
        help_text="Số, ngày quyết định hoặc lý do",
        error_messages={"required": "Hãy ghi số quyết định hoặc lý do."},
    )

    helper = laid(line("last_day", "note"))
