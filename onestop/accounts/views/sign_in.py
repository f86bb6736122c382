"""Sign-in, sign-out, own password, and the address `/` (each role's own start)."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def sign_in(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def sign_out(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def change_password(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
