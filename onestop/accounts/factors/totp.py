"""Codes of an application on the telephone (TOTP, RFC 6238): six digits, new every 30 seconds. The
arithmetic is django-otp's; its own table would keep the key in clear (docs/adr/0024).
"""

import base64
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import quote

import segno
from django import forms
from django.http import HttpRequest
from django_otp.oath import TOTP

from onestop.accounts.factors import Kind, has_one, offer
from onestop.accounts.factors.sealing import opened, seal
from onestop.accounts.models import Factor, Officer
from onestop.layout import laid
from onestop.typed import is_digits, squeeze

NAME = "totp"
ISSUER = "Một cửa"
# A telephone's clock may be this many steps of 30 seconds off, either way.
TOLERANCE = 1


class CodeInput(forms.TextInput):
    """What was typed is good for nothing any more: the field comes back empty."""

    def format_value(self, value: Any) -> None:
        return None


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Mã 6 chữ số",
        max_length=20,
        widget=CodeInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        help_text="Mở ứng dụng xác thực trên điện thoại; mã đổi sau mỗi 30 giây và chỉ dùng được một lần.",
    )

    helper = laid("code")


def new_key() -> bytes:
    return secrets.token_bytes(20)


def typed_key(key: bytes) -> str:
    """The key as it is typed into an application: groups of four."""
    text = base64.b32encode(key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(key: bytes, officer: Officer) -> str:
    """The QR that applications read, as the address of an image."""
    name = quote(f"{ISSUER}:{officer.username}")
    secret = base64.b32encode(key).decode()
    address = f"otpauth://totp/{name}?secret={secret}&issuer={quote(ISSUER)}"
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4))


def step_of(key: bytes, typed: str, *, after: int, at: datetime) -> int | None:
    """The step whose code was typed, if it comes after one that was used and is not too far off."""
    code = squeeze(typed)
    if len(code) != 6 or not is_digits(code):
        return None
    totp = TOTP(key)
    totp.time = at.timestamp()
    if not totp.verify(int(code), tolerance=TOLERANCE, min_t=after + 1):
        return None
    return int(totp.t())


def new_factor(officer: Officer, key: bytes, *, name: str, step: int, at: datetime) -> Factor:
    """Unsaved; `step`: whose code showed that the application has the key."""
    return Factor(
        officer=officer,
        kind=NAME,
        name=name,
        secret=seal(key),
        counter=step,
        made_at=at,
        used_at=at,
    )


def check(request: HttpRequest, officer: Officer, at: datetime) -> bool:
    """Each code once: of two requests with one code, one moves the counter."""
    typed = request.POST.get("code", "")
    for factor in Factor.objects.filter(officer=officer, kind=NAME):
        step = step_of(opened(factor.secret), typed, after=factor.counter, at=at)
        if step is not None:
            unused = Factor.objects.filter(pk=factor.pk, counter__lt=step)
            return bool(unused.update(counter=step, used_at=at))
    return False


def asked(request: HttpRequest, officer: Officer) -> dict[str, Any]:
    return {"form": CodeForm(request.POST or None)}


offer(
    Kind(
        order=20,
        name=NAME,
        label="Ứng dụng xác thực trên điện thoại",
        template="accounts/factors/code.html",
        is_there=has_one(NAME),
        asked=asked,
        check=check,
        enrol="accounts:enrol_totp",
        about="Điện thoại hiện mã 6 chữ số, đổi sau mỗi 30 giây; không cần mạng.",
    )
)
