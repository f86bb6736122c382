"""What the counter writes of a reminder: how, what was said, the letter."""

from __future__ import annotations

from typing import Any

from django import forms

from dossiers.forms.fields import short_field
from dossiers.models.reminding import Reminder
from onestop.errors import say
from onestop.files import kinds
from onestop.layout import laid


class RemindForm(forms.Form):
    way = forms.TypedChoiceField(
        label="Cách nhắc", choices=Reminder.Way.choices, coerce=int, widget=forms.RadioSelect,
        initial=Reminder.Way.CALL,
    )  # fmt: skip
    note = short_field(
        "Nội dung",
        required=True,
        help_text="Đã nói gì với ai, người dân hẹn ngày nào; hoặc số, ngày của văn bản nhắc.",
    )
    file = forms.FileField(
        label="Văn bản đã gửi", required=False, help_text="Bản quét thư, văn bản nhắc. PDF hoặc ảnh.",
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
    )  # fmt: skip

    helper = laid("way", "note", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].error_messages["required"] = say("reminder_missing")
