"""Password rules (R-139, R-143): length and classes, one-time passwords, history and expiry for
administrators.
"""

import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from onestop.accounts.models import Officer, PasswordRecord

ADMINISTRATOR_EXPIRY = timedelta(days=60)
REMEMBERED = 10

# A sentence of one's own is long and easy to keep; a short password has to be mixed.
LONG, SHORT = 14, 10
_CLASSES: tuple[tuple[Callable[[str], bool], str], ...] = (
    (str.islower, "chữ thường"),
    (str.isupper, "chữ hoa"),
    (str.isdecimal, "chữ số"),
    (lambda sign: not sign.isalnum(), "ký tự đặc biệt (như ! @ # %)"),
)
HELP = f"Từ {LONG} ký tự, hoặc từ {SHORT} ký tự có đủ chữ thường, chữ hoa, chữ số và ký tự đặc biệt. Dùng được tiếng Việt có dấu và dấu cách."
# Without letters and digits that look alike on paper (l I 1 O 0).
_LOWER, _UPPER, _DIGITS, _SIGNS = (
    "abcdefghijkmnpqrstuvwxyz",
    "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "23456789",
    "@#%+=?",
)


class StrengthValidator:
    """Fourteen signs of any kind, or ten with a lower-case and an upper-case letter, a digit and
    another sign.

    Letters with marks and blanks count as any other; a mark typed as a sign of its own counts with
    its letter.
    """

    def validate(self, password: str, user: object = None) -> None:
        text = unicodedata.normalize("NFC", password)
        if len(text) >= LONG:
            return
        missing = [name for is_one, name in _CLASSES if not any(is_one(sign) for sign in text)]
        if len(text) < SHORT:
            raise ValidationError(f"Mật khẩu ngắn quá. {HELP}", code="password_short")
        if missing:
            raise ValidationError(
                f"Mật khẩu dưới {LONG} ký tự phải có đủ bốn loại ký tự: còn thiếu {', '.join(missing)}.",
                code="password_classes",
            )

    def get_help_text(self) -> str:
        return HELP


def one_time_password() -> str:
    """A random password of twelve signs in four classes, readable on paper; it must be changed at
    first sign-in.
    """
    chosen = [secrets.choice(group) for group in (_LOWER, _UPPER, _DIGITS, _SIGNS)]
    chosen += [secrets.choice(_LOWER + _UPPER + _DIGITS) for _ in range(8)]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


def was_used(officer: Officer, password: str) -> bool:
    """Whether this password is the present one or one of the last ten."""
    past = (
        PasswordRecord.objects.filter(officer=officer)
        .order_by("-id")
        .values_list("encoded", flat=True)[:REMEMBERED]
    )
    return any(check_password(password, encoded) for encoded in {officer.password, *past})


def is_expired(officer: Officer, at: datetime) -> bool:
    """Whether an administrator's password is older than two months (R-143)."""
    return (
        officer.password_changed_at is None
        or at - officer.password_changed_at > ADMINISTRATOR_EXPIRY
    )
