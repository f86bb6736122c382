"""One browser: cookies, a page at a time, and how long each answer took.

The standard library's client: the server closes each connection with its answer, so there is no
pool for a bigger one to keep, and a thread an officer is enough for tens of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode, urlsplit

from loading.page import Page, Pairs

PATIENCE = 60
SIGN_IN = "/dang-nhap/"


class Refused(Exception):
    """An answer that is none: its status, or why there was no answer at all."""


@dataclass(frozen=True)
class Taken:
    """One request: what for, whether it wrote, milliseconds, what was wrong with its answer."""

    what: str
    writes: bool
    ms: float
    wrong: str = ""


@dataclass
class Browser:
    """`taken` gets every request while `counts`."""

    address: str
    taken: list[Taken]
    cookies: dict[str, str] = field(default_factory=dict)
    counts: bool = True

    def get(self, what: str, path: str, **headers: str) -> Page:
        return Page(self._ask(what, path, None, headers))

    def post(self, what: str, path: str, sent: Pairs) -> None:
        """A form; it is done when the server leads to the next page, which is not asked for."""
        self._ask(what, path, urlencode(sent), {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip

    def _ask(self, what: str, path: str, body: str | None, headers: dict[str, str]) -> str:
        began = time.monotonic()
        try:
            status, text, led_to = self._answer(path, body, headers)
            wrong = _wrong(status, led_to, is_post=body is not None)
        except (OSError, HTTPException) as error:
            text, wrong = "", type(error).__name__
        if self.counts:
            ms = (time.monotonic() - began) * 1000
            self.taken.append(Taken(what, body is not None, ms, wrong))
        if wrong:
            raise Refused(f"{what} {path}: {wrong}")
        return text

    def _answer(self, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str, str]:
        to = urlsplit(self.address)
        kind = HTTPSConnection if to.scheme == "https" else HTTPConnection
        connection = kind(to.hostname or "", to.port, timeout=PATIENCE)
        told = {"Accept-Encoding": "identity", **headers}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            told["Referer"] = self.address + path
            told["Origin"] = f"{to.scheme}://{to.netloc}"
        try:
            connection.request("GET" if body is None else "POST", path, body, told)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return answer.status, text, answer.headers.get("Location", "")

    def sign_in(self, account: str, password: str) -> None:
        """Errors: Refused when the account is not let in."""
        form = self.get("đăng nhập", SIGN_IN).form(SIGN_IN)
        if form is None:
            raise Refused(f"{self.address}{SIGN_IN}: không phải trang đăng nhập")
        self.post("đăng nhập", SIGN_IN, form.sent(username=account, password=password))


def from_elsewhere(dice: Random) -> dict[str, str]:
    """The head by which a look-up comes from another address each time (TRUSTED_PROXIES)."""
    return {"X-Forwarded-For": ".".join(["10", *(str(dice.randrange(1, 255)) for _ in "abc")])}


def _wrong(status: int, led_to: str, *, is_post: bool) -> str:
    """A page is 200 (302: a search that found the one dossier meant), a done act 302. What leads to
    the sign-in page is an error.
    """
    if led_to.startswith((SIGN_IN, "/doi-mat-khau/")):
        return f"{status} {urlsplit(led_to).path}"
    is_done = status in (302, 303) or (status == 200 and not is_post)
    return "" if is_done else str(status)
