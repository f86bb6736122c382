"""Forms of the officer's own account (views/own_account.py), and of resetting factors."""

from typing import Any

from django import forms

from onestop.accounts.factors.totp import CodeInput
from onestop.forms import TextField
from onestop.layout import Maybe, laid


def present_password() -> forms.CharField:
    return forms.CharField(
        label="Mật khẩu hiện tại",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PresentPasswordForm(forms.Form):
    password = present_password()

    helper = laid("password")


class _AsksPassword(forms.Form):
    """A form with a `password`, which is asked only where the session is not fresh from it."""

    def __init__(self, *args: Any, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_password:
            del self.fields["password"]


class EnrolForm(_AsksPassword):
    """A code of the key that the page shows."""

    name = TextField(
        label="Đặt tên", max_length=60, required=False, help_text="Ví dụ: điện thoại của tôi."
    )
    code = forms.CharField(
        label="Mã 6 chữ số đang hiện trong ứng dụng",
        max_length=20,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    password = present_password()

    helper = laid("name", "code", Maybe("password"))


class ResetForm(forms.Form):
    """Why somebody's second factors are to be taken off."""

    reason = TextField(
        label="Lý do đặt lại", max_length=200, help_text="Ví dụ: mất điện thoại, hết mã dự phòng."
    )

    helper = laid("reason")


class KeyForm(_AsksPassword):
    """A security key; its answer is filled in by static/security_key.js."""

    name = TextField(
        label="Đặt tên", max_length=60, help_text="Ví dụ: khóa USB màu xanh, vân tay máy bàn."
    )
    password = present_password()
    credential = forms.CharField(
        required=False, strip=False, max_length=100_000, widget=forms.HiddenInput
    )

    helper = laid("name", Maybe("password"))
