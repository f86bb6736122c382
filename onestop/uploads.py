"""How much of a body is taken, and from whom: asked before anything of it is read.

A stranger brings a name and a password, never a file. What an officer sends, or a citizen whom a
view knows (`takes_files_of`), is bounded for the request and for each file; a file's sentence ("lớn
hơn … MB") is said by onestop/files, so one byte more than the limit is kept and the rest let go.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(
    setting: str, *, times: int, header: str, is_shaped: Callable[[str], bool]
) -> Callable[[View], View]:
    """A view that programs send to without being signed in, and how much each may send: the name of a
    setting. `times`: so much more reaches the view, which refuses it by itself, knowing from whom.
    `header`, `is_shaped`: what comes before the body, and whether it may be one by which its sender is
    known; without it nobody brings more than any stranger.
    """

    def marked(view: View) -> View:
        view.most_setting, view.most_times = setting, times  # type: ignore[attr-defined]
        view.most_header, view.is_shaped = header, is_shaped  # type: ignore[attr-defined]
        return view

    return marked


def most_of_program(path: str, headers: Mapping[str, str]) -> int:
    """How much a request of nobody who is signed in may bring, by its head alone: asked by the web server
    (onestop/web_worker.py) before it takes the body. `headers`: named as WSGI does, without HTTP_.
    """
    try:
        view = resolve(path).func
    except Resolver404:
        return settings.ANONYMOUS_MAX_BYTES
    named: str = getattr(view, "most_setting", "")
    given = headers.get(getattr(view, "most_header", "").upper().replace("-", "_"), "")
    if not named or not view.is_shaped(given):  # type: ignore[attr-defined]
        return settings.ANONYMOUS_MAX_BYTES
    return _most_of(view)


def _most_of(view: object) -> int:
    most: int = getattr(settings, getattr(view, "most_setting"))  # noqa: B009
    return most * int(getattr(view, "most_times", 1))


def takes_files_of(knows: Callable[[HttpRequest], bool], *, page: str) -> Callable[[View], View]:
    """A view that people who are no officers send files to: whether whoever asks is one of them, by what
    comes before the body; the template that says that it was too much (`known`: whether it was one).
    """

    def marked(view: View) -> View:
        view.files_of, view.page_413 = knows, page  # type: ignore[attr-defined]
        return view

    return marked


def _may_send_files(request: HttpRequest, view: object) -> bool:
    """Asked once a request, however many files it brings."""
    knows = getattr(view, "files_of", None)
    if knows is None:
        return request.user.is_authenticated
    # An officer who is signed in in the same browser is not asked for: what counts there is the citizen.
    known: bool | None = getattr(request, "may_send_files", None)
    if known is None:
        known = bool(knows(request))
        request.may_send_files = known  # type: ignore[attr-defined]
    return known


def too_large(request: HttpRequest, view: object = None) -> HttpResponse | None:
    """The page of code 413 when the body says of itself that it is more than this person may send;
    None to go on.

    A body that does not say how long it is (chunked) is empty to Django, or was measured by the
    server in front.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length <= settings.ANONYMOUS_MAX_BYTES:  # most requests: nobody is asked who they are
        return None
    if hasattr(view, "most_setting"):
        most = _most_of(view)
    else:
        most = (
            settings.REQUEST_MAX_BYTES
            if _may_send_files(request, view)
            else settings.ANONYMOUS_MAX_BYTES
        )
    if length <= most:
        return None
    page, known = getattr(view, "page_413", "413.html"), _may_send_files(request, view)
    response = render(request, page, {"known": known}, status=413)
    response["Connection"] = "close"
    return response


def let_go(request: HttpRequest) -> list[str]:
    """The names of the files that came while nobody was signed in, once the body was read: they
    have to be chosen again.
    """
    names: list[str] = getattr(request, "files_let_go", [])
    return names


def _let_go(request: HttpRequest | None, name: str) -> None:
    if request is not None and name:
        request.files_let_go = [*getattr(request, "files_let_go", []), name]  # type: ignore[attr-defined]


def _view_of(request: HttpRequest) -> object:
    return request.resolver_match.func if request.resolver_match is not None else None


class KnownFiles(FileUploadHandler):
    """The first upload handler: a file of nobody who is signed in, here or where the view takes files of
    others, goes nowhere; no file takes more room than its limit.
    """

    taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0
        if self.request is None or not _may_send_files(self.request, _view_of(self.request)):
            _let_go(self.request, self.file_name or "")
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = settings.UPLOAD_MAX_BYTES + 1 - self.taken
        if room <= 0:
            return None
        self.taken += min(len(raw_data), room)
        return raw_data[:room]

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
