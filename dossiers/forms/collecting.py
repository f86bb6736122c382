"""What the counter writes of a call, message or letter about a result that is ready."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.acts.collecting import Telling
from dossiers.forms.fields import name_field, short_field
from dossiers.models.collecting import ResultNotice
from onestop.errors import say
from onestop.layout import laid


class NotifyForm(forms.Form):
    way = forms.TypedChoiceField(
        label="Cách báo", choices=ResultNotice.Way.choices, coerce=int, widget=forms.RadioSelect,
        initial=ResultNotice.Way.CALL, help_text="Gửi giấy mời: giấy được lập để in. Gửi thư điện tử từ phần mềm: thư đi ngay, nội dung ghi dưới đây được gửi kèm.",
    )  # fmt: skip
    told_to = name_field("Người được báo", required=True)
    reached = forms.BooleanField(label="Đã báo được", required=False, initial=True)
    note = short_field(
        "Nội dung, lời hẹn", help_text="Ví dụ: hẹn đến chiều thứ Năm. Chưa báo được thì ghi vì sao."
    )

    helper = laid("way", "told_to", "reached", "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("reached") and not data.get("note"):
            self.add_error("note", say("not_reached_why"))
        return data

    @property
    def value(self) -> Telling:
        return Telling(**self.cleaned_data)
