"""What was typed when the session had ended: kept in the browser's own session until the same
officer has signed in again.

A form whose view can show itself as typed without acting carries the field `mo` with its officer's
number; sent back with
`lai` in front it asks for just that (`is_reopened`). Files are never kept: they have to be chosen
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from onestop.uploads import let_go

MARK, REOPEN = "mo", "lai"
# A form of the counter has a few kilobytes; whoever sends much more is no form of ours.
MOST = 128 * 1024
KEPT_SECONDS = 30 * 60
_KEY = "typed"
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", MARK})


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: its address, its fields in order, the names of the files that could
    not be kept.
    """

    address: str
    fields: list[list[str]]
    files: list[str]


def keep(request: HttpRequest) -> bool:
    """Keep the form that was sent, if it is one that can be shown again; whether it was kept."""
    mark = request.POST.get(MARK, "")
    if request.method != "POST" or not mark.isascii() or not mark.isdecimal():
        return False
    fields = [
        [name, value]
        for name in request.POST
        if name not in _NOT_KEPT
        for value in request.POST.getlist(name)
    ]
    if sum(len(name) + len(value) for name, value in fields) > MOST:
        return False
    taken = [
        upload.name
        for name in request.FILES
        for upload in request.FILES.getlist(name)
        if upload.name
    ]
    files = [name[:200] for name in (*taken, *let_go(request))]
    signed_out = not request.user.is_authenticated
    request.session[_KEY] = {
        "officer": mark,
        "address": request.get_full_path(),
        "fields": fields,
        "files": files[:20],
    }
    if signed_out:
        request.session.set_expiry(KEPT_SECONDS)
    return True


def is_kept(request: HttpRequest) -> bool:
    return _KEY in request.session


def take(request: HttpRequest) -> Kept | None:
    """What was kept for the officer who has signed in; what another one typed is thrown away."""
    kept: dict[str, Any] | None = request.session.pop(_KEY, None)
    if kept is None:
        return None
    if kept["officer"] != str(request.user.pk):
        messages.warning(
            request,
            "Nội dung đang nhập dở trước khi hết phiên là của người khác nên không được mở lại.",
        )
        return None
    return Kept(kept["address"], kept["fields"], kept["files"])


def is_reopened(request: HttpRequest) -> bool:
    """Whether this form only asks to be shown as it was typed."""
    return request.method == "POST" and request.POST.get(MARK, "").startswith(REOPEN)


def say_reopened(request: HttpRequest) -> None:
    lost = ", ".join(request.POST.getlist("tep-mat"))
    again = f" Tệp phải chọn lại: {lost}." if lost else ""
    messages.warning(
        request,
        f"Đây là những gì đã nhập trước khi hết phiên. Chưa có gì được gửi: hãy kiểm tra rồi bấm lại.{again}",
    )
