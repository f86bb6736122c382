"""What is written of an appointment before the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from dossiers.acts.appointments import Step
from dossiers.forms.fields import short_field
from dossiers.forms.instants import instant_of
from onestop.errors import say
from onestop.forms import WORDS, TextField
from onestop.layout import laid, line


class StepForm(forms.Form):
    what = TextField(
        label="Việc người dân cần thực hiện",
        max_length=200,
        says=WORDS,
        help_text="Ví dụ: Có mặt khi kiểm tra thực địa; Nhận thông báo nộp thuế.",
        error_messages={"required": say("step_missing")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    meet_at = TextField(
        label="Hẹn lúc",
        max_length=20,
        help_text="Ví dụ 27/11/2026 08:30.",
        error_messages={"required": "Hãy ghi ngày, giờ hẹn."},
    )
    place = TextField(
        label="Tại", max_length=200, says=WORDS, error_messages={"required": say("step_place")}
    )
    bring = short_field("Cần mang theo", required=False)

    helper = laid("what", line("meet_at", "place"), "bring")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_meet_at(self) -> datetime:
        at = instant_of(self.cleaned_data["meet_at"], self.now)
        if at is None:
            raise forms.ValidationError(say("step_unreadable"))
        return at

    @property
    def value(self) -> Step:
        return Step(**self.cleaned_data)
