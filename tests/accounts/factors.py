"""Somebody with a second factor, and codes as the telephone shows them."""

import time
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from onestop.accounts.domain import second_step
from onestop.accounts.models import Officer
from tests.accounts.conftest import PASSWORD

KEY = b"twenty bytes of key!"
INSIDE, OUTSIDE = "127.0.0.1", "203.0.113.9"


def code(key: bytes = KEY, *, ahead: int = 0) -> str:
    """What the telephone shows now; `ahead`: with its clock so many steps off."""
    totp = TOTP(key)
    totp.time = time.time() + 30 * ahead
    return f"{totp.token():06d}"


def enrol(officer: Officer, at: datetime | None = None) -> list[str]:
    """A factor made some time ago, so that the code of now is good; its recovery codes."""
    at = at or timezone.now()
    codes = second_step.enrol_totp(
        officer=officer, key=KEY, code=code(ahead=-1), name="Điện thoại", at=at
    )
    officer.refresh_from_db()
    return codes


def sign_in(officer: Officer, *, where: str = INSIDE, **more: Any) -> tuple[Client, Any]:
    """A fresh browser that has sent the password."""
    browser = Client(REMOTE_ADDR=where)
    sent = {"username": officer.username, "password": PASSWORD} | more
    return browser, browser.post("/dang-nhap/", sent)


def answer(browser: Client, typed: str, **more: Any) -> Any:
    return browser.post("/dang-nhap/ma/", {"code": typed} | more)


def is_in(browser: Client) -> bool:
    """Whether pages are open to this browser."""
    return bool(browser.get("/doi-mat-khau/").status_code == 200)
