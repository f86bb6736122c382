"""Errors of the domain carry a code and data; `say` makes the Vietnamese sentence at the edge.

Each app registers its sentences once: `SENTENCES.update({"code": "câu {with} data"})` in its
messages.py, imported from the app's `ready()`.
"""

from typing import Any

from django.dispatch import Signal

from onestop.results import Answer, Denied

SENTENCES: dict[str, str] = {
    "database_busy": "Cơ sở dữ liệu đang bận hoặc tạm thời không trả lời. Hãy thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống.",
    "database_newer": "Cơ sở dữ liệu đã được nâng lên phiên bản Một cửa mới hơn; phiên bản đang chạy không dùng được nữa. Hãy thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống.",
    "disk_full": "Máy chủ hết chỗ lưu hoặc không ghi được vào ổ đĩa. Hãy báo quản trị hệ thống ngay, rồi thử lại.",
    "store_away": "Kho tệp tạm thời không trả lời. Hãy thử lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống.",
    "not_allowed": "Bạn không có quyền làm việc này.",
}


class DomainError(Exception):
    """A refused action: `code` names the reason, `data` fills its sentence, `field` the form field
    if any.
    """

    def __init__(self, code: str, *, field: str = "", **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.data = data


class Conflict(DomainError):
    """Somebody else acted on the same row first."""

    def __init__(self, **data: Any) -> None:
        super().__init__("conflict", **data)


def say(code: str, data: dict[str, Any] | None = None) -> str:
    """The Vietnamese sentence of an error or denial code; unknown codes raise KeyError so that
    tests find them.
    """
    return SENTENCES[code].format(**(data or {}))


def sentence(error: DomainError) -> str:
    return say(error.code, error.data)


# Told of every rule that was raised (accounts/refusals.py writes it into the access log).
denials = Signal()


def require(answer: Answer, *, field: str = "") -> None:
    """Raise what a rule denied as a DomainError; nothing when it allowed."""
    if isinstance(answer, Denied):
        denials.send(sender=None, code=answer.code)
        raise DomainError(answer.code, field=field, **answer.data)
