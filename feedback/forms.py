"""The questions of a rating, as circles to tick; only the answer to the whole is asked of everybody."""

from __future__ import annotations

from typing import Any

from django import forms

from feedback.questions import MOST_WORDS, OVERALL, Question, asked_of
from onestop.forms import TextField
from onestop.layout import laid


class RatingForm(forms.Form):
    """`is_online`: whether the dossier was filed on line."""

    def __init__(self, *args: Any, is_online: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in asked_of(is_online):
            self.fields[question.name] = _circles(question)
        self.fields["words"] = TextField(
            label="Ý kiến khác",
            help_text=(
                f"Không quá {MOST_WORDS} chữ cái. Đề nghị Ông/Bà không ghi họ tên, số điện thoại, mã hồ sơ; "
                "tên và mã của hồ sơ này nếu có sẽ được thay bằng “…”."
            ),
            required=False,
            max_length=MOST_WORDS,
            error_messages={
                "max_length": f"Ý kiến dài quá {MOST_WORDS} chữ cái. Đề nghị Ông/Bà rút gọn."
            },
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        # The page says once that only the first is asked of everybody.
        self.sometimes = tuple(self.fields)
        self.helper = laid(*self.fields)


def _circles(question: Question) -> forms.TypedChoiceField:
    wrong = "Đề nghị Ông/Bà chọn một trong ba câu trả lời."
    return forms.TypedChoiceField(
        label=question.text,
        choices=question.choices,
        coerce=int,
        empty_value=None,
        required=question is OVERALL,
        widget=forms.RadioSelect,
        error_messages={"required": wrong, "invalid_choice": wrong},
    )
