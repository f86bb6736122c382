"""The one field of the public look-up, and the secret of the slip."""

from typing import Any

from django import forms

from dossiers.reading_codes import read_code
from onestop.layout import laid


class LookupForm(forms.Form):
    """A dossier code however it is typed; what a QR reader types (the whole address) gives code and
    secret.
    """

    ma = forms.CharField(
        label="Mã hồ sơ",
        help_text="In ở đầu Giấy tiếp nhận hồ sơ và hẹn trả kết quả. Nhập chữ thường hay chữ hoa đều được.",
        max_length=300,
        error_messages={
            "required": "Hãy nhập mã hồ sơ.",
            "max_length": "Mã hồ sơ không dài như vậy. Hãy nhập lại mã in trên phiếu.",
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "inputmode": "text",
            }
        ),
    )
    secret = ""

    helper = laid("ma")

    def clean_ma(self) -> str:
        found = read_code(self.cleaned_data["ma"])
        if not found.code:
            raise forms.ValidationError(
                "Mã này không đúng mẫu. Mã hồ sơ gồm chữ và số, ví dụ H37.12.03-261123-0001."
            )
        self.secret = found.secret
        return found.code


class SecretForm(forms.Form):
    """The look-up secret as printed in the notes of the slip."""

    k = forms.CharField(
        label="Mã tra cứu",
        help_text="Dãy 22 chữ và số in đậm ở phần Ghi chú của giấy tiếp nhận. Phân biệt chữ hoa, chữ thường.",
        max_length=64,
        error_messages={"required": "Hãy nhập mã tra cứu in ở phần Ghi chú của giấy."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    helper = laid("k")

    def clean_k(self) -> Any:
        return "".join(self.cleaned_data["k"].split())
