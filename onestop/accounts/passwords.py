"""Password rules (R-139, R-143): four classes of characters, one-time passwords, history and expiry for administrators."""

import re
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from onestop.accounts.models import Officer, PasswordRecord

ADMINISTRATOR_EXPIRY = timedelta(days=60)
REMEMBERED = 10

_CLASSES = (
    (re.compile(r"[a-zà-ỹđ]"), "chữ thường"),
    (re.compile(r"[A-ZÀ-ỸĐ]"), "chữ hoa"),
    (re.compile(r"[0-9]"), "chữ số"),
    (re.compile(r"[^\w\s]|_"), "ký tự đặc biệt (như ! @ # %)"),
)
# Without letters and digits that look alike on paper (l I 1 O 0).
_LOWER, _UPPER, _DIGITS, _SIGNS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "@#%+=?"


class LongEnoughValidator(MinimumLengthValidator):
    """Django's rule with a sentence in Vietnamese."""

    def get_error_message(self) -> str:
        return f"Mật khẩu ngắn quá: cần ít nhất {self.min_length} ký tự."

    def get_help_text(self) -> str:
        return f"Mật khẩu có ít nhất {self.min_length} ký tự."


class FourClassesValidator:
    """At least one lower-case letter, one upper-case letter, one digit and one other sign."""

    def validate(self, password: str, user: object = None) -> None:
        missing = [name for pattern, name in _CLASSES if not pattern.search(password)]
        if missing:
            raise ValidationError(f"Mật khẩu còn thiếu {', '.join(missing)}.", code="password_classes")

    def get_help_text(self) -> str:
        return "Mật khẩu có đủ chữ thường, chữ hoa, chữ số và ký tự đặc biệt."


def one_time_password() -> str:
    """A random password of twelve signs in four classes, readable on paper; it must be changed at first sign-in."""
    chosen = [secrets.choice(group) for group in (_LOWER, _UPPER, _DIGITS, _SIGNS)]
    chosen += [secrets.choice(_LOWER + _UPPER + _DIGITS) for _ in range(8)]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


def was_used(officer: Officer, password: str) -> bool:
    """Whether this password is the present one or one of the last ten."""
    past = PasswordRecord.objects.filter(officer=officer).order_by("-id").values_list("encoded", flat=True)[:REMEMBERED]
    return any(check_password(password, encoded) for encoded in {officer.password, *past})


def is_expired(officer: Officer, at: datetime) -> bool:
    """Whether an administrator's password is older than two months (R-143)."""
    return officer.password_changed_at is None or at - officer.password_changed_at > ADMINISTRATOR_EXPIRY
