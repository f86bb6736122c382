"""What is written of a criticism (phê bình)."""

from __future__ import annotations

from django import forms

from onestop.forms import WORDS, TextField
from onestop.layout import laid


class CriticismForm(forms.Form):
    subject = TextField(
        label="Trích yếu",
        says=WORDS,
        max_length=300,
        error_messages={"required": "Hãy ghi văn bản về việc gì."},
    )
    content = TextField(
        label="Nội dung phê bình",
        says=WORDS,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "autofocus": True}),
        help_text="Sự việc, quy định không được thực hiện, trách nhiệm. Các lần đôn đốc được liệt kê ngay sau đó.",
        error_messages={"required": "Hãy ghi phê bình về việc gì."},
    )
    demand = TextField(
        label="Yêu cầu",
        says=WORDS,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi yêu cầu khắc phục, đến khi nào."},
    )

    helper = laid("subject", "content", "demand")


class CloseForm(forms.Form):
    reason = TextField(
        label="Lý do",
        says=WORDS,
        max_length=300,
        error_messages={"required": "Hãy ghi vì sao bỏ hoặc thu hồi."},
    )

    helper = laid("reason")
