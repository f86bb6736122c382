"""Ten codes on paper for the day the telephone is lost. Digits only: no input method of the keyboard
makes anything else of them.
"""

import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from onestop.accounts.factors import Kind, offer
from onestop.accounts.factors.sealing import digest
from onestop.accounts.factors.totp import CodeInput
from onestop.accounts.models import Officer, RecoveryCode
from onestop.layout import laid
from onestop.typed import squeeze

NAME = "du-phong"
COUNT, DIGITS = 10, 16


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="Mã dự phòng",
        max_length=40,
        widget=CodeInput(attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": True}),
        help_text="Một trong 10 mã đã in khi đăng ký, 16 chữ số; mỗi mã dùng được một lần.",
    )

    helper = laid("code")


def make_anew(officer: Officer, at: datetime) -> list[str]:
    """Ten fresh codes as they are printed; those before are good no longer. Inside a transaction."""
    codes: set[str] = set()
    while len(codes) < COUNT:
        codes.add("".join(secrets.choice("0123456789") for _ in range(DIGITS)))
    RecoveryCode.objects.filter(officer=officer).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(officer=officer, digest=_digest(officer, code), made_at=at) for code in codes
    )
    return ["-".join(code[at : at + 4] for at in range(0, DIGITS, 4)) for code in sorted(codes)]


def left(officer: Officer) -> int:
    return RecoveryCode.objects.filter(officer=officer, used_at=None).count()


def check(request: HttpRequest, officer: Officer, at: datetime) -> bool:
    """Each code once: of two requests with one code, one marks the row."""
    code = squeeze(request.POST.get("code", ""))
    unused = RecoveryCode.objects.filter(
        officer=officer, digest=_digest(officer, code), used_at=None
    )
    return bool(unused.update(used_at=at))


def asked(request: HttpRequest, officer: Officer) -> dict[str, Any]:
    return {"form": RecoveryForm(request.POST or None)}


def _digest(officer: Officer, code: str) -> str:
    return digest(f"{officer.pk}:{code}")


offer(
    Kind(
        order=90,
        name=NAME,
        label="Mã dự phòng đã in",
        template="accounts/factors/code.html",
        is_there=lambda officer: left(officer) > 0,
        asked=asked,
        check=check,
        wrong="factor_wrong_recovery",
    )
)
