"""What a person says who ends the sending of a dossier, or writes what the national report counts."""

from django import forms

from dossiers.forms.intake import money_of
from onestop.forms import WORDS, TextField
from onestop.layout import laid, line

MOST = 99_999_999


class GiveUpForm(forms.Form):
    reason = TextField(
        label="Lý do thôi gửi",
        max_length=300,
        says=WORDS,
        help_text="Ví dụ: hồ sơ tiếp nhận nhầm, đã hủy; Cổng đã nhận qua hệ thống của bộ.",
        error_messages={"required": "Hãy nhập lý do thôi gửi."},
    )

    helper = laid("reason")


class NationalForm(forms.Form):
    number = TextField(
        label="Số tiếp nhận trên hệ thống báo cáo quốc gia",
        max_length=14,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Của đúng kỳ và đơn vị này. Ghi 0 để bỏ số đã ghi.",
        error_messages={"required": "Hãy nhập số tiếp nhận."},
    )
    source = TextField(
        label="Nguồn số liệu",
        max_length=200,
        says=WORDS,
        help_text="Ví dụ: biểu II.06a trên hệ thống báo cáo, xem ngày 10/12/2026.",
        error_messages={"required": "Hãy ghi nguồn số liệu."},
    )

    helper = laid(line("number", "source"))
    # It stands on the page beside the form of giving up.
    prefix = "quoc-gia"

    def clean_number(self) -> int:
        typed = self.cleaned_data["number"]
        # In groups of three, as it is printed; 1.04 is no number of dossiers.
        number = money_of(typed, most=MOST)
        if number is None:
            raise forms.ValidationError(f"“{typed}” không phải số hồ sơ. Hãy nhập số, ví dụ 1.040.")
        return number
