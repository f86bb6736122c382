"""The one field of the public look-up, and the secret of the slip."""

from django import forms

from dossiers.intake.readable_secrets import LETTERS, readings
from dossiers.reading_codes import read_code
from onestop.layout import laid

# Of a secret on a slip printed before these: its case counts.
OLD_LETTERS = 22


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
    """The look-up secret as printed in the notes of the slip, however it is typed."""

    k = forms.CharField(
        label="Mã tra cứu",
        help_text=(
            "In đậm ở phần Ghi chú của giấy tiếp nhận: 26 chữ và số, chia 5 nhóm. "
            "Chữ hoa hay chữ thường, có gạch nối hay không đều được."
        ),
        max_length=120,
        error_messages={
            "required": "Hãy nhập mã tra cứu in ở phần Ghi chú của giấy.",
            "max_length": "Mã tra cứu không dài như vậy. Hãy nhập lại mã in trên giấy.",
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    helper = laid("k")

    def clean_k(self) -> str:
        """Also the whole address of a slip, as a scanner types it into this box."""
        typed: str = self.cleaned_data["k"]
        return read_code(typed).secret or typed


class AgainForm(SecretForm, LookupForm):
    """Code and secret asked for again, with what was typed."""

    helper = laid("ma", "k")
    field_order = ("ma", "k")


def length_hint(typed: str) -> str:
    """What is wrong with the length of a secret, as far as the slip itself tells; nothing of any
    dossier.
    """
    signs = min((len(one) for one in readings(typed)), key=lambda n: abs(n - LETTERS))
    if signs in (0, LETTERS) or len("".join(typed.split())) == OLD_LETTERS:
        return ""
    return f"Mã tra cứu có {LETTERS} chữ và số, Ông/Bà đã nhập {signs}."
