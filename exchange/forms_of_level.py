"""What a person says who ends the sending of a dossier."""

from django import forms

from onestop.forms import WORDS, TextField
from onestop.layout import laid


class GiveUpForm(forms.Form):
    reason = TextField(
        label="Lý do thôi gửi",
        max_length=300,
        says=WORDS,
        help_text="Ví dụ: hồ sơ tiếp nhận nhầm, đã hủy; Cổng đã nhận qua hệ thống của bộ.",
        error_messages={"required": "Hãy nhập lý do thôi gửi."},
    )

    helper = laid("reason")
